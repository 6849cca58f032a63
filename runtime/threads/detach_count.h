// For tests: counts, per thread, how often it has begun to detach. A thread that waits for a lock
// stands in the queue before it detaches, so the count says surely that it waits.
#pragma once

#include "runtime/base/atomic.h"
#include "runtime/threads/world.h"

namespace runtime {

class DetachCount {
 public:
  explicit DetachCount(World& world) {
    ThreadHooks hooks;
    hooks.context = this;
    hooks.detaching = [](void* context, ThreadState& thread) {
      static_cast<DetachCount*>(context)->counts_[thread.serial() % kThreads].fetch_add(1);
    };
    world.add_hooks(hooks);
  }

  // Spins until the thread with this serial has begun to detach `times` times.
  void wait_for(std::uint32_t serial, unsigned times) {
    while (counts_[serial % kThreads].load() < times) spin_pause();
  }

 private:
  static constexpr unsigned kThreads = 16;

  Atomic<unsigned> counts_[kThreads];
};

}  // namespace runtime
