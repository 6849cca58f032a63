// The object heap: blocks in which objects live, and which stay object headers for as long as
// somebody may look.
//
// A reader without a lock loads a pointer and then tries to count a reference to it. Between the
// two the object may die, its block may be used again. That is harmless as long as there is *some*
// object header where the pointer points (law: headers outlive readers). So blocks of one size
// share a page, a freed block keeps its first 24 bytes, and an empty page keeps its size until QSBR
// says that every thread has passed a quiescent point since it became empty.
//
// Each thread allocates from pages of its own, without atomics. Blocks freed elsewhere come back
// over the page (object_page.h). Pages of a thread that has exited are abandoned, and adopted by
// whoever needs one of their size.
//
//   A page in the hands of its owner is current (the one to allocate from), available (has free
//   blocks), empty (available,
//   no block in use: at the tail), or full. A full page that gets a block back from its owner is
//   available at once; blocks
//   that others freed are found when the owner, out of available pages, looks at a few full ones in
//   turn. That costs remote
//   frees nothing; the price is that they are noticed late.
//
// Not for buffers (raw_heap.h).
//
// Ancestry: mimalloc, as CPython changed it for PEP 703 (_PyMem_mi_page_maybe_free, page_use_qsbr
// in Objects/mimalloc); here the pages are our own, so that their life can be explored and deferred
// in the open.
//
// Lock order: the lock of the ObjectHeap is a leaf.
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

// Pages strung together; of the owner, or guarded by the lock of the ObjectHeap.
class PageList {
 public:
  [[nodiscard]] bool is_empty() const { return first_ == nullptr; }
  [[nodiscard]] ObjectPage* first() const { return first_; }
  [[nodiscard]] ObjectPage* last() const { return last_; }
  void push_front(ObjectPage* page);
  void push_back(ObjectPage* page);
  void remove(ObjectPage* page);

 private:
  ObjectPage* first_ = nullptr;
  ObjectPage* last_ = nullptr;
};

// The part of one thread. Only its own thread, or with the world stopped.
class ThreadHeap {
 public:
  ThreadHeap(ObjectHeap& shared, Qsbr& qsbr, QsbrSlot& slot, std::uint32_t serial);
  ThreadHeap(const ThreadHeap&) = delete;
  ThreadHeap& operator=(const ThreadHeap&) = delete;

  // Its next block, or null: allocate_slow().
  void* allocate_fast(HeapKind kind, unsigned size_class) {
    FreeBlock* block = current_[static_cast<unsigned>(kind)][size_class]->pop_free();
    return block;
  }
  void* allocate_slow(std::size_t bytes, HeapKind kind);
  // A free brought `used` of this page of ours down to its event.
  void page_event(ObjectPage* page);
  // A block of a page that belongs to somebody else, or to nobody.
  void free_elsewhere(ObjectPage* page, FreeBlock* block);

  // Gives empty pages and freed large blocks their goal, and those that have reached theirs away.
  // Waits for nobody.
  void release_due();
  // With the world stopped: takes what others freed, gives all that is empty away.
  void release_all();
  // The thread exits: all pages are abandoned.
  void abandon();

  [[nodiscard]] ObjectHeap& shared() const { return shared_; }
  [[nodiscard]] std::uint64_t remote_frees() const { return remote_frees_.value(); }

 private:
  struct ClassPages {
    PageList available;  // empty ones at the tail
    PageList full;       // longest full first
  };

  ClassPages& pages_of(HeapKind kind, unsigned size_class);
  ObjectPage* find_page(HeapKind kind, unsigned size_class);
  ObjectPage* take_from_full(ClassPages& pages);
  void* allocate_large(std::size_t bytes, HeapKind kind);
  void make_current(ObjectPage* page);
  void make_available(ObjectPage* page);
  void make_full(ObjectPage* page);
  void make_waiting(ObjectPage* page);
  void something_waits();

  ObjectPage* current_[kHeapKinds][kSizeClasses];  // no_page_ where there is none
  ClassPages pages_[kHeapKinds][kSizeClasses];
  ObjectPage no_page_{};           // has no blocks
  PageList large_waiting_;         // freed, not yet unmapped; goals rise
  unsigned waiting_pages_ = 0;     // empty, by this thread's lists
  std::size_t waiting_bytes_ = 0;  // in large_waiting_, since the last time somebody looked
  Tally<std::uint64_t> remote_frees_;
  ObjectHeap& shared_;
  Qsbr& qsbr_;
  QsbrSlot& slot_;
  const std::uint32_t serial_;
};

inline constexpr ThreadSlot<ThreadHeap> kObjectHeapSlot{ThreadSlots::kObjectHeap};

// What all threads share: the pages. Thread safe.
class ObjectHeap {
 public:
  ObjectHeap(Qsbr& qsbr, std::size_t page_bytes_limit);
  ~ObjectHeap();  // unmaps everything
  ObjectHeap(const ObjectHeap&) = delete;
  ObjectHeap& operator=(const ObjectHeap&) = delete;

  // A page for any use; null when there is none.
  ObjectPage* take_page();
  // A page of its own for one large block; null likewise.
  ObjectPage* take_large_page(std::size_t bytes, HeapKind kind);
  // Nobody can read it any more. Large pages are unmapped, others go to the pool.
  void return_page(ObjectPage* page);

  // A page with free blocks from a thread that has exited, now owned by `serial`; null when there
  // is none.
  ObjectPage* adopt(HeapKind kind, unsigned size_class, std::uint32_t serial);
  void abandon(ObjectPage* page);
  // As ThreadHeap::release_due, for some of the abandoned pages.
  void release_abandoned_due();
  // With the world stopped.
  void release_abandoned_all();

  void for_each_block(HeapKind kind, void (*fn)(void* context, void* block), void* context);
  // Adds pages and blocks.
  void add_to(MemoryStatistics& statistics);
  void thread_exits(ThreadHeap& heap);

 private:
  // So many pages are kept for later; what is more goes back to the machine.
  static constexpr unsigned kPooledPages = HEDDLE_SCHEDULED ? 2 : 64;
  // So many abandoned pages are looked at each time.
  static constexpr unsigned kLooks = 16;

  ObjectPage* map_page(std::size_t bytes);

  Qsbr& qsbr_;
  const std::size_t page_bytes_limit_;
  RawMutex lock_;
  // Guarded by lock_, all of them.
  ObjectPage* registry_first_ = nullptr;
  ObjectPage* registry_last_ = nullptr;
  std::size_t page_bytes_ = 0;
  PageList pool_;
  unsigned pooled_pages_ = 0;
  PageList abandoned_[kHeapKinds][kSizeClasses];
  unsigned next_look_ = 0;  // in abandoned_, flat
  std::uint64_t remote_frees_of_exited_ = 0;
  std::uint64_t pages_adopted_ = 0;
  std::uint64_t pages_recycled_ = 0;
  // Pages in abandoned_. Read without the lock: a page that is missed is found next time.
  Atomic<unsigned> abandoned_pages_{0};
};

// The page in which a block lies.
inline ObjectPage* page_of(const void* block) {
  return reinterpret_cast<ObjectPage*>(reinterpret_cast<std::uintptr_t>(block) &
                                       ~(kObjectPageBytes - 1));
}

void* allocate_object_slow(ThreadState& thread, std::size_t bytes, HeapKind kind);

// A block of at least `bytes` (at least 32 are given), aligned to 16; null when there is no memory.
// Its bytes are whatever they are: the first 24 may be those of a dead object, which others may
// still read, so they are written with atomic stores. By an attached thread; neither blocks nor
// reaches a safe point.
[[nodiscard]] inline void* allocate_object(ThreadState& thread, std::size_t bytes, HeapKind kind) {
  if (bytes <= kLargestFineBlock) [[likely]] {
    void* block = thread.slot(kObjectHeapSlot)->allocate_fast(kind, fine_size_class(bytes));
    if (block != nullptr) [[likely]]
      return block;
  }
  return allocate_object_slow(thread, bytes, kind);
}

// By any attached thread of the runtime that allocated it. The first 24 bytes keep their values for
// whoever holds a stale pointer. Neither blocks nor reaches a safe point.
inline void free_object(ThreadState& thread, void* object) {
  ObjectPage* page = page_of(object);
  FreeBlock* block = static_cast<FreeBlock*>(object);
  if (page->owner.load_relaxed() == thread.serial()) [[likely]] {
    page->push_free(block);
    page->used.subtract(1);
    if (page->used.value() == page->event) [[unlikely]] {
      thread.slot(kObjectHeapSlot)->page_event(page);
    }
    return;
  }
  thread.slot(kObjectHeapSlot)->free_elsewhere(page, block);
}

// At least what was asked for.
[[nodiscard]] inline std::size_t usable_size(const void* object) {
  return page_of(object)->block_bytes;
}

}  // namespace runtime
