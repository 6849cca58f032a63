// A page of the object heap: blocks of one size, a header, and three lists of free blocks that are
// one and the same.
//
// The owner, one thread, takes blocks from `free` and gives them back there with plain loads and
// stores. Any other thread pushes a block onto `remote`, one word that holds the newest block and
// the number of them; the owner takes the whole list at once when it has run out. Blocks that were
// never used lie behind `carved` and are strung together a few at a time.
//
//   blocks handed out and not given back = used - (count in remote)
//   blocks carved                        = used + (length of free)
//
// A freed block stays an object header: a reader without a lock may hold a pointer to it, read its
// first 24 bytes and even count a reference there (PEP 703, "Optimistically Avoiding Locking"). So
// the link lies behind them, where the type was, and a page changes the size of its blocks only
// when every reader has passed a quiescent point (object_heap.h).
//
// Ancestry: mimalloc's mi_page_t (Daan Leijen, Benjamin Zorn, Leonardo de Moura, "Mimalloc: free
// list sharding in action", 2019), which has a count in the word of remote frees too; the offset of
// the link is the lesson of CPython's gh-129748.
//
// Orderings in this file
//   [freed-before-collected]  push_remote() replaces the word with release, take_remote() with
//                             acquire: what the freeing thread did with the block, its link too,
//                             comes before the owner uses it again.
#pragma once

#include <cstddef>
#include <cstdint>

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

// Of a freed block: these bytes keep the header of the last object and may be read, the rest is the
// allocator's.
inline constexpr std::size_t kReadableHeaderBytes = 24;

// A free block. Never constructed: its bytes are those of a dead object.
struct FreeBlock;

enum class PageState : std::uint8_t {
  kPooled,     // free for any size and kind; only memory of the machine
  kOwned,      // `owner` allocates from it
  kWaiting,    // likewise, but no block is in use; on its way to the pool once its readers are gone
  kAbandoned,  // its thread has exited; guarded by the lock of the ObjectHeap
};

struct ObjectPage {
  // Guarded by the lock of the ObjectHeap; the links of all pages that are mapped.
  ObjectPage* registry_previous;
  ObjectPage* registry_next;
  std::size_t mapped_bytes;

  // Constant from format to pool.
  std::uint32_t block_bytes;
  std::uint32_t capacity;  // in blocks
  std::uint16_t size_class;
  HeapKind kind;
  bool is_large;  // one block, which the page holds alone; owned by nobody

  // Serial of the thread that owns it, 0 for nobody. A thread compares it with its own serial,
  // which only the thread itself writes and takes away; so no order is needed, and an old value
  // reads "not mine" too.
  Atomic<std::uint32_t> owner;

  Tally<PageState> state;
  Qsbr::Goal goal;  // of a waiting page; 0: no goal yet

  // What the owner writes all the time. On a line that others read only for statistics.
  alignas(64) FreeBlock* free;
  Tally<std::uint32_t> used;
  std::uint32_t event;   // the owner looks up when a free brings `used` down to this
  std::uint32_t carved;  // blocks from 0 on that were handed out once
  ObjectPage* previous;  // in a list of the owner, or of abandoned pages
  ObjectPage* next;

  // What others write. {newest block, in steps of 16 bytes from the page | number of blocks}
  alignas(64) Atomic<std::uint32_t> remote;

  static constexpr std::uint32_t kNoEvent = UINT32_MAX;

  [[nodiscard]] char* blocks();
  [[nodiscard]] FreeBlock* block_at(std::uint32_t index);
  // A page that no thread can free into any more, freshly mapped or from the pool, gets its size.
  void format(HeapKind kind, unsigned size_class, std::size_t block_bytes, std::size_t blocks);

  FreeBlock* pop_free();  // null: none
  void push_free(FreeBlock* block);

  void push_remote(FreeBlock* block);
  // Everything that others have freed so far becomes `free`, which is not changed if there is
  // nothing. False: nothing.
  bool take_remote();
  [[nodiscard]] std::uint32_t remote_count() const { return remote.peek() & kRemoteCountMask; }

  // Strings a few blocks more onto `free`, which is empty. False: all were carved.
  bool carve();

  [[nodiscard]] std::uint32_t blocks_in_use() const { return used.value() - remote_count(); }

  static constexpr std::uint32_t kRemoteCountMask = 0xffff;
};

inline constexpr std::size_t kPageHeaderBytes = sizeof(ObjectPage);

}  // namespace runtime
