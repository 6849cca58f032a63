// Memory of one runtime: the object heap, QSBR and deferred free, and the part that each thread has
// in them.
//
// A thread that is created gets its part hung into its slots; one that attaches goes online; one
// that detaches stamps its batch and goes offline; one that exits leaves its pages, and what it
// deferred, to the others. All of that happens in hooks of the world.
//
// Lock order: the lock of the Memory, then that of the object heap or of the Qsbr.
//
// Ancestry: the memory half of CPython's _PyThreadStateImpl and its turns in Python/pystate.c.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/base/raw_mutex.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/memory/memory_statistics.h"
#include "runtime/memory/object_heap.h"
#include "runtime/memory/qsbr.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/threads/world.h"

namespace runtime {

struct MemoryOptions {
  // Bytes of all pages of the object heap; beyond that there is no memory for objects.
  std::size_t page_bytes_limit = SIZE_MAX;
};

// Constructed before the second thread of the world; destroyed when all its threads are.
class Memory {
 public:
  explicit Memory(World& world, MemoryOptions options = {});
  // Gives everything back, objects that still live as well.
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  [[nodiscard]] static Memory& of(ThreadState& thread) {
    return thread.slot(kDeferredFreeSlot)->memory;
  }

  // Any thread, at any time; exact in a stopped world.
  [[nodiscard]] MemoryStatistics statistics();

  // fn(void* block) for each block of this kind that is in use, in an order that repeats. In a
  // stopped world; fn neither allocates nor frees objects.
  template <class Function>
  void for_each_block(HeapKind kind, Function&& fn) {
    heap_.for_each_block(
        kind,
        [](void* context, void* block) {
          (*static_cast<std::remove_reference_t<Function>*>(context))(block);
        },
        &fn);
  }

  Qsbr& qsbr() { return qsbr_; }

 private:
  friend void process_deferred(ThreadState& thread);
  friend void drain_in_stopped_world(ThreadState& requester);

  struct ThreadPart;

  // Hooks.
  void created(ThreadState& thread);
  void attached(ThreadState& thread);
  void detaching(ThreadState& thread);
  void exiting(ThreadState& thread);

  // Frees what is due of what exited threads have left.
  void look_after_exited(ThreadState& thread);
  void drain_stopped(ThreadState& thread);

  Qsbr qsbr_;
  ObjectHeap heap_;
  RawMutex lock_;
  // Guarded by lock_. A part is used by its thread without the lock, and by others with the world
  // stopped.
  ThreadPart* first_part_ = nullptr;
  DeferredQueue left_behind_;  // of threads that have exited
  std::int64_t raw_bytes_of_exited_ = 0;
};

}  // namespace runtime
