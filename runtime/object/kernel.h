// The kernel: one runtime without Python. Threads, memory and object state, put together in the
// right order.
//
// Everything that exists once per runtime belongs to a part (World, Memory, merge queues, count
// ids), and each part hooks itself into the life of threads. Their order matters: hooks run in the
// order in which parts are built as a thread begins and in reverse as it ends, so a thread that
// exits merges its queue while it can still count, and counts while it can still free. The kernel
// holds the parts in that order. Building it attaches the calling thread; ending it, by the same
// thread and when no other is left, ends all objects: deferred ones lose their bias, immortal ones
// are freed.
//
// Two kernels may exist at the same time; no object may be used in both.
//
// Ancestry: CPython's PyInterpreterState, Py_Initialize and Py_Finalize.
#pragma once

#include "runtime/base/build.h"
#include "runtime/memory/memory.h"
#include "runtime/object/finalization.h"
#include "runtime/object/object_stack.h"
#include "runtime/object/per_thread_counts.h"
#include "runtime/threads/world.h"
#if !HEDDLE_GIL
#include "runtime/object/merge_queue.h"
#endif

namespace runtime {

struct KernelOptions {
  WorldOptions world{.gil = kFreeThreaded ? GilMode::kOff : GilMode::kOn};
  MemoryOptions memory;
};

class Kernel {
 public:
  explicit Kernel(const KernelOptions& options = {});
  // By the thread that built it, attached; every other thread has been destroyed. Checked builds
  // fail if an object is left.
  ~Kernel();
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  [[nodiscard]] World& world() { return world_; }
  [[nodiscard]] Memory& memory() { return memory_; }
#if !HEDDLE_GIL
  [[nodiscard]] MergeQueues& merge_queues() { return merge_queues_; }
  [[nodiscard]] PerThreadCountIds& count_ids() { return count_ids_; }
#endif

  // World stopped, by the requester: afterwards the count of each object says how many references
  // there are (plus a deferral bias). What turns out to be dead goes to `dead`, which the caller
  // deallocates when the world runs again. False when memory for that ran out: then some counts are
  // still too high.
  [[nodiscard]] bool settle_counts_in_stopped_world(ThreadState& requester, ObjectStack& dead);
  // The one that built the kernel.
  [[nodiscard]] ThreadState& first_thread() { return *first_thread_; }

 private:
  void end_deferred_objects();
  void end_immortal_objects();
  void remember(ObjectStack& stack, Object* object);

  World world_;
  Memory memory_;
  DyingObjectsOfThreads dying_;
#if !HEDDLE_GIL
  PerThreadCountIds count_ids_;
  MergeQueues merge_queues_;
#endif
  ThreadState* first_thread_;
};

}  // namespace runtime
