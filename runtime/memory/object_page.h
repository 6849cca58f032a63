// A page of the object heap: blocks of one size, and a header that knows which of them are free.
//
// The owner, one thread, takes blocks from the list `free` and gives them back there with plain
// loads and stores. Any other thread pushes a block onto `remote`, one word that holds the newest
// block and the number of them; the owner takes the whole list at once when it has run out. Blocks
// that were never used lie behind `carved` and are strung together a few at a time.
//
//   blocks handed out and not given back = used - (number in remote)
//   carved                               = used + (length of free)
//
// A freed block stays an object header: a reader without a lock may hold a pointer to it and look
// at its first 24 bytes (PEP 703, "Optimistically Avoiding Locking"). So the link lies behind them,
// where the type was, and a page changes the size of its blocks only when every reader has passed a
// quiescent point (object_heap.h).
//
// Ancestry: mimalloc's mi_page_t (Daan Leijen, Benjamin Zorn, Leonardo de Moura, "Mimalloc: free
// list sharding in action", 2019). The offset of the link is the lesson of CPython's gh-129748.
//
// Orderings in this file
//   [freed-before-collected]  push_remote() replaces the word with release, take_remote() and
//                             is_unused() acquire it: what the freeing thread did with the block,
//                             its link too, comes before the block or the page is used again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "runtime/base/atomic.h"
#include "runtime/base/check.h"
#include "runtime/base/machine_memory.h"
#include "runtime/base/mutants.h"
#include "runtime/memory/memory_statistics.h"
#include "runtime/memory/qsbr.h"
#include "runtime/memory/size_class.h"

namespace runtime {

// Objects that the cycle collector visits live apart from those that cannot be part of a cycle.
enum class HeapKind : std::uint8_t { kPlain, kCollected };
inline constexpr unsigned kHeapKinds = 2;

// Of a freed block: these bytes keep the header of the last object and may be read. The rest is the
// allocator's.
inline constexpr std::size_t kReadableHeaderBytes = 24;

// In whose hands a page is, and what it is good for (object_heap.h).
enum class PageState : std::uint8_t {
  kPooled,      // of the ObjectHeap: free for any size and kind
  kCurrent,     // of its owner: the one to allocate from
  kAvailable,   // likewise: some blocks are in use, some free
  kFull,        // likewise: no free block when it was last looked at
  kEmpty,       // likewise: no block in use
  kAbandoned,   // of the ObjectHeap: its thread has exited
  kLarge,       // holds one large block; of nobody
  kLargeFreed,  // of the thread that freed the block
};

inline constexpr std::size_t kCacheLine = 64;
// Were all headers at the beginning of their pages, they would compete for the same few places in
// the caches. So they begin at one of so many lines, as the address of the page says.
inline constexpr std::size_t kPageColours = HEDDLE_SCHEDULED ? 1 : 16;

struct ObjectPage {
  static constexpr std::uint32_t kNobody = 0;
  static constexpr std::uint32_t kNoEvent = UINT32_MAX;

  // Written under the lock of the ObjectHeap.
  ObjectPage* registry_previous = nullptr;  // all pages that are mapped
  ObjectPage* registry_next = nullptr;
  std::size_t mapped_bytes = 0;
  std::size_t block_bytes = 0;
  std::uint32_t capacity = 0;  // in blocks
  unsigned size_class = 0;     // of no meaning in a large page
  HeapKind kind = HeapKind::kPlain;

  Tally<PageState> state{PageState::kPooled};  // by who has it in hands

  // Serial of the owner. Relaxed everywhere: a thread compares it with its own serial, which nobody
  // but the thread itself writes here and takes away; any other value means "not mine".
  Atomic<std::uint32_t> owner{kNobody};

  // What the owner writes all the time, on a line that nobody else reads but for statistics.
  alignas(64) void* free = nullptr;
  Tally<std::uint32_t> used;
  std::uint32_t event = kNoEvent;  // the owner looks up when a free brings `used` down to this
  std::uint32_t carved = 0;        // blocks from the first one on that were strung together
  ObjectPage* previous = nullptr;  // in the list that belongs to its state
  ObjectPage* next = nullptr;
  Qsbr::Goal goal = 0;  // when it is empty: 0, or when nobody looks at it any more

  // What other threads write: {newest block, in steps of 16 bytes from the page | how many}.
  alignas(64) Atomic<std::uint32_t> remote{0};

  // Nobody knows a block of this page. Afterwards none is carved.
  void format(HeapKind new_kind, unsigned new_size_class, std::size_t new_block_bytes);

  [[nodiscard]] char* block_at(std::uint32_t index) {
    return blocks() + std::size_t{index} * block_bytes;
  }
  [[nodiscard]] char* mapping() const {
    return reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(this) &
                                   ~std::uintptr_t{kObjectPageBytes - 1});
  }
  // Where the first block begins, and the bytes of all blocks together.
  [[nodiscard]] char* blocks() const;
  [[nodiscard]] std::size_t blocks_bytes() const;
  // A pointer to the beginning of one of its blocks.
  [[nodiscard]] bool is_block(const void* block) const;

  // By the owner. Null: the list is empty.
  void* pop_free();
  void push_free(void* block);
  // By anybody else.
  void push_remote(void* block);
  // By the owner, or under the lock of the ObjectHeap. Moves what others freed to `free`; false if
  // that is nothing.
  bool take_remote();
  // By the owner. Strings a few more blocks together when `free` is empty; false if all are carved.
  bool carve();

  [[nodiscard]] bool has_free_blocks() const {
    return free != nullptr || remote_count() != 0 || carved != capacity;
  }
  // No block is in use; others may have given back the last ones.
  [[nodiscard]] bool is_unused() const {
    return used.value() == (remote.load_acquire() & kRemoteCountMask);  // [freed-before-collected]
  }
  // At any time, about.
  [[nodiscard]] std::uint32_t blocks_in_use() const {
    std::uint32_t returned = remote_count();
    std::uint32_t handed_out = used.value();
    return handed_out > returned ? handed_out - returned : 0;
  }

  // fn(index of the block) for each free one that was carved; with the world stopped.
  template <class Function>
  void for_each_free_block(Function&& fn) const {
    for (void* list : {free, remote_block(remote.peek())}) {
      for (void* block = list; block != nullptr; block = link_of(block)) fn(index_of(block));
    }
  }

  // Of a free block.
  static void* link_of(const void* block);
  static void set_link(void* block, void* link);

 private:
  static constexpr std::uint32_t kRemoteCountMask = 0xffff;
  static constexpr unsigned kRemoteBlockShift = 16;

  [[nodiscard]] std::uint32_t remote_count() const { return remote.peek() & kRemoteCountMask; }
  [[nodiscard]] void* remote_block(std::uint32_t word) const;
  [[nodiscard]] std::uint32_t index_of(const void* block) const {
    return static_cast<std::uint32_t>((static_cast<const char*>(block) - blocks()) /
                                      static_cast<std::ptrdiff_t>(block_bytes));
  }
};

// What a mapping needs besides its blocks.
inline constexpr std::size_t kPageHeaderBytes =
    sizeof(ObjectPage) + (kPageColours - 1) * kCacheLine;

inline char* ObjectPage::blocks() const { return mapping() + kPageHeaderBytes; }
inline std::size_t ObjectPage::blocks_bytes() const { return mapped_bytes - kPageHeaderBytes; }

static_assert(kPageHeaderBytes % kBlockAlignment == 0);
static_assert(kObjectPageBytes / kBlockAlignment <= 0x10000, "a block fits into the remote word");
static_assert(kObjectPageBytes / kSmallestBlock <= 0xffff, "the number of blocks fits as well");

// The page in which a block begins, or that is to begin in this mapping.
inline ObjectPage* page_of(const void* block) {
  auto address = reinterpret_cast<std::uintptr_t>(block);
  std::uintptr_t mapping = address & ~std::uintptr_t{kObjectPageBytes - 1};
  std::uintptr_t colour = mapping / kObjectPageBytes % kPageColours;
  return reinterpret_cast<ObjectPage*>(mapping + colour * kCacheLine);
}

// Behind the bytes that may be read. Copied as bytes: the memory had another type just before. The
// watchers of memory take them for nobody's.
[[gnu::no_sanitize_address]] inline void* ObjectPage::link_of(const void* block) {
  void* link;
  std::size_t offset = RT_MUTANT(free_link_in_header) ? 0 : kReadableHeaderBytes;
  __builtin_memcpy(&link, static_cast<const char*>(block) + offset, sizeof(link));
  return link;
}
[[gnu::no_sanitize_address]] inline void ObjectPage::set_link(void* block, void* link) {
  std::size_t offset = RT_MUTANT(free_link_in_header) ? 0 : kReadableHeaderBytes;
  __builtin_memcpy(static_cast<char*>(block) + offset, &link, sizeof(link));
}

inline void* ObjectPage::pop_free() {
  void* block = free;
  if (block == nullptr) [[unlikely]] {
    return nullptr;
  }
  free = link_of(block);
  used.add(1);
  memory_live(block, block_bytes);
  return block;
}

inline void ObjectPage::push_free(void* block) {
  set_link(block, free);
  free = block;
  used.subtract(1);
  memory_header_only(block, kReadableHeaderBytes, block_bytes);
}

}  // namespace runtime
