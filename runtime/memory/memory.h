// Memory of one runtime: object heap, QSBR and deferred free, and what each thread has of them.
//
// A thread that is created gets its part of each, hung into its slots; one that attaches goes
// online, one that detaches stamps its batch and goes offline, one that exits leaves its pages and
// what it deferred to the others. All of that happens in the hooks of the world; this class owns
// what is shared.
//
// Constructed after the world and destroyed before it, when all threads of the world have been
// destroyed.
#pragma once

#include <cstddef>

#include "runtime/base/raw_mutex.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/memory/memory_statistics.h"
#include "runtime/memory/object_heap.h"
#include "runtime/memory/qsbr.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/threads/world.h"

namespace runtime {

struct MemoryOptions {
  // Pages of the object heap, in bytes; beyond that allocate_object() is out of memory.
  std::size_t page_bytes_limit = SIZE_MAX;
};

class Memory {
 public:
  explicit Memory(World& world, MemoryOptions options = {});
  // Gives everything back, objects that still live as well.
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  [[nodiscard]] static Memory& of(ThreadState& thread);

  // Any thread, at any time.
  [[nodiscard]] MemoryStatistics statistics();

  // fn(void* block) for each block of this kind that was allocated and not freed, in an order that
  // repeats. In a stopped world; fn neither allocates nor frees.
  template <class Function>
  void for_each_block(HeapKind kind, Function&& fn) {
    heap_.for_each_block(
        kind, [](void* context, void* block) { (*static_cast<Function*>(context))(block); }, &fn);
  }

  Qsbr& qsbr() { return qsbr_; }
  ObjectHeap& heap() { return heap_; }

 private:
  friend void process_deferred(ThreadState& thread);
  friend void drain_everything(ThreadState& thread);

  struct ThreadPart;

  void created(ThreadState& thread);
  void detaching(ThreadState& thread);
  void exiting(ThreadState& thread);
  void free_left_behind(ThreadState& thread);

  Qsbr qsbr_;
  ObjectHeap heap_;
  RawMutex lock_;
  ThreadPart* threads_ = nullptr;         // guarded by lock_
  DeferredQueue left_behind_;             // guarded by lock_: of threads that have exited
  std::int64_t raw_bytes_of_exited_ = 0;  // guarded by lock_
};

}  // namespace runtime
