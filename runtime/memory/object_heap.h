// The object heap: blocks in which objects live, and which stay object headers for as long as
// somebody may look.
//
// A reader without a lock loads a pointer and then tries to count a reference to it. Between the
// two the object may die and its block be used again. That is harmless as long as there is *some*
// object header where the pointer points (law: headers outlive readers). So blocks of one size
// share a page, a freed block keeps its first 24 bytes, and an empty page keeps its size until
// every thread has passed a quiescent point since it became empty (qsbr.h). Only then the page may
// be cut into other sizes or go back to the machine.
//
// Each thread allocates from pages of its own, without atomics. Its pages of one size are: the
// current one, those with free blocks, those without, and the empty ones. A page without free
// blocks comes back as soon as its owner frees one; what others freed (object_page.h) is noticed
// when the owner has run out and looks at a few of its full pages in turn. So frees by others need
// not tell anybody, and the price is that they are noticed late. Pages of a thread that has exited
// are abandoned, and adopted by whoever needs one of their size.
//
// Not for buffers (raw_heap.h).
//
// Ancestry: mimalloc, and what CPython changed in it for PEP 703 (_PyMem_mi_page_maybe_free and
// page_use_qsbr in Objects/obmalloc.c). Here the pages are our own, so that their life is in the
// open, and every step of it goes through the one header of atomics.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/base/raw_mutex.h"
#include "runtime/memory/memory_statistics.h"
#include "runtime/memory/object_page.h"
#include "runtime/memory/qsbr.h"
#include "runtime/memory/size_class.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

class ObjectHeap;

// Pages strung together by their own links. Belongs to one thread, or to the lock of the
// ObjectHeap.
class PageList {
 public:
  [[nodiscard]] bool is_empty() const { return first_ == nullptr; }
  [[nodiscard]] ObjectPage* first() const { return first_; }
  void push_back(ObjectPage* page);
  void remove(ObjectPage* page);
  ObjectPage* pop_front();  // null: empty

 private:
  ObjectPage* first_ = nullptr;
  ObjectPage* last_ = nullptr;
};

// The part of one thread. Only for its own thread, or with the world stopped.
class ThreadHeap {
 public:
  ThreadHeap(ObjectHeap& shared, QsbrSlot& slot, std::uint32_t serial);
  ThreadHeap(const ThreadHeap&) = delete;
  ThreadHeap& operator=(const ThreadHeap&) = delete;

  // Null: ask allocate_slow().
  void* allocate_fast(HeapKind kind, unsigned size_class) {
    return current_[static_cast<unsigned>(kind)][size_class]->pop_free();
  }
  void* allocate_slow(std::size_t bytes, HeapKind kind);
  // A free of the owner brought `used` down to the event of this page.
  void page_event(ObjectPage* page);
  // Frees a block of a page that belongs to somebody else, or to nobody.
  void free_elsewhere(ObjectPage* page, void* block);

  // Gives empty pages and freed large blocks their goal, and those that have reached theirs away.
  void release_due();
  // With the world stopped: takes back what others freed, and gives away everything that is empty.
  void release_all();
  // The thread exits: all its pages are abandoned.
  void abandon();

  [[nodiscard]] std::uint64_t remote_frees() const { return remote_frees_.value(); }

 private:
  // So many empty pages are kept without a thought.
  static constexpr unsigned kEmptyPages = HEDDLE_SCHEDULED ? 1 : 4;
  // So many full pages are asked whether others have freed something, each time there is no better.
  static constexpr unsigned kLooks = 8;

  struct ClassPages {
    PageList available;
    PageList full;  // in the order in which they were looked at
    PageList empty;
  };

  template <class Function>
  void for_each_class(Function&& fn);
  ClassPages& pages_of(const ObjectPage& page) {
    return pages_[static_cast<unsigned>(page.kind)][page.size_class];
  }
  void* allocate_large(std::size_t bytes, HeapKind kind);
  ObjectPage* find_page(HeapKind kind, unsigned size_class);
  ObjectPage* find_among_full(ClassPages& pages);
  // The page is in no list.
  void make_available(ObjectPage* page);  // or empty
  void make_empty(ObjectPage* page);
  // Current pages in which no block is in use.
  void give_up_idle();
  void release_due_of(PageList& pages);

  ObjectHeap& shared_;
  QsbrSlot& slot_;
  const std::uint32_t serial_;
  unsigned empty_pages_ = 0;
  ObjectPage* current_[kHeapKinds][kSizeClasses];  // &no_page_ where there is none
  ClassPages pages_[kHeapKinds][kSizeClasses];
  PageList large_freed_;
  ObjectPage no_page_;  // has no blocks
  Tally<std::uint64_t> remote_frees_;
};

inline constexpr ThreadSlot<ThreadHeap> kObjectHeapSlot{ThreadSlots::kObjectHeap};

// What all threads share: the pages that nobody owns, and the register of all. Thread safe.
class ObjectHeap {
 public:
  ObjectHeap(Qsbr& qsbr, std::size_t page_bytes_limit);
  ~ObjectHeap();  // unmaps everything
  ObjectHeap(const ObjectHeap&) = delete;
  ObjectHeap& operator=(const ObjectHeap&) = delete;

  Qsbr& qsbr() { return qsbr_; }

  // An unused page, cut into blocks of this size; null when there is no memory.
  ObjectPage* take_page(HeapKind kind, unsigned size_class);
  ObjectPage* take_large_page(HeapKind kind, std::size_t bytes);
  // Nobody looks at it any more.
  void return_page(ObjectPage* page);

  // All pages of a thread that exits.
  void abandon(PageList& pages, PageList& large_freed, std::uint64_t remote_frees);
  // A page with free blocks, now owned by `serial`; null when there is none.
  ObjectPage* adopt(HeapKind kind, unsigned size_class, std::uint32_t serial);
  // Looks whether some of the abandoned pages are empty and due.
  void release_abandoned_due();
  // With the world stopped: all that are empty.
  void release_abandoned_all();

  // In a stopped world; in an order that repeats.
  void for_each_block(HeapKind kind, void (*fn)(void* context, void* block), void* context);
  void add_to(MemoryStatistics& statistics);

 private:
  // So many unused pages are kept for later; others go back to the machine.
  static constexpr unsigned kPooledPages = HEDDLE_SCHEDULED ? 1 : 64;
  // So many abandoned pages are looked at each time.
  static constexpr unsigned kLooks = 8;

  ObjectPage* map_page(std::size_t bytes);
  [[nodiscard]] bool is_due_locked(ObjectPage* page);
  void unregister_locked(ObjectPage* page);
  // What return_page() does under the lock: true if the page is to be unmapped.
  [[nodiscard]] bool retire_locked(ObjectPage* page);

  Qsbr& qsbr_;
  const std::size_t page_bytes_limit_;
  RawMutex lock_;  // a leaf
  // Guarded by lock_, as are the pages that these lists hold.
  ObjectPage* first_page_ = nullptr;
  ObjectPage* last_page_ = nullptr;
  std::size_t page_bytes_ = 0;
  PageList pool_;
  unsigned pooled_pages_ = 0;
  PageList abandoned_[kHeapKinds * kSizeClasses];
  PageList large_freed_;  // by threads that have exited
  unsigned next_look_ = 0;
  std::uint64_t remote_frees_of_exited_ = 0;
  std::uint64_t pages_adopted_ = 0;
  std::uint64_t pages_recycled_ = 0;
  // Length of abandoned_ and large_freed_. Read without the lock, relaxed: what is missed is found
  // next time.
  Atomic<unsigned> abandoned_pages_{0};
};

void* allocate_object_slow(ThreadState& thread, std::size_t bytes, HeapKind kind);

// A block of at least `bytes`, and at least 32, aligned to 16; null when there is no memory. The
// first 24 bytes are those of a dead object at which others may look, or zero: whoever writes them
// stores atomically. The rest is whatever it is. By an attached thread; neither blocks nor reaches
// a safe point.
[[nodiscard]] inline void* allocate_object(ThreadState& thread, std::size_t bytes, HeapKind kind) {
  if (bytes <= kLargestFineBlock) [[likely]] {
    void* block = thread.slot(kObjectHeapSlot)->allocate_fast(kind, fine_size_class(bytes));
    if (block != nullptr) [[likely]] {
      return block;
    }
  }
  return allocate_object_slow(thread, bytes, kind);
}

// By any attached thread of the runtime in which it was allocated. The first 24 bytes keep their
// values for whoever looks at them. Neither blocks nor reaches a safe point.
inline void free_object(ThreadState& thread, void* object) {
  ObjectPage* page = page_of(object);
  RT_INVARIANT(page->is_block(object), "what is freed is a block of the object heap");
  if (page->owner.load_relaxed() == thread.serial()) [[likely]] {
    page->push_free(object);
    if (page->used.value() == page->event) [[unlikely]] {
      thread.slot(kObjectHeapSlot)->page_event(page);
    }
    return;
  }
  thread.slot(kObjectHeapSlot)->free_elsewhere(page, object);
}

// At least what was asked for. By whoever knows that the object lives.
[[nodiscard]] inline std::size_t usable_size(const void* object) {
  return page_of(object)->block_bytes;
}

}  // namespace runtime
