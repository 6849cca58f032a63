// Orderings in this file and stop_the_world.cpp
//   [detached-before-stopped]  a thread that detaches stores its status with release; the stopper,
//                              which alone moves it on to suspended, exchanges with acquire. It
//                              sees what the thread did while attached. A thread that suspends
//                              itself needs nothing more: the registry lock orders that.
//   [started-before-attached]  the stopper stores "detached" with release; attaching exchanges with
//                              acquire. The thread sees what was done while the world stood, and so
//                              whether the GIL was enabled then.
#include "runtime/threads/attach.h"

#include <cerrno>

#include "runtime/threads/critical_section.h"
#include "runtime/threads/world.h"

namespace runtime {

// The steps behind the functions of attach.h, with the right to touch the status.
struct Attachment {
  static void attach(ThreadState& thread) {
    World& world = thread.world_;
    for (;;) {
      world.gil_.acquire(thread);
      point("attach.before");
      std::uint8_t seen = ThreadState::kDetached;
      if (thread.status_.compare_exchange_acquire(seen, ThreadState::kAttached)) {
        // [started-before-attached]
        // The GIL may have been enabled between the two steps; after the second one that takes a
        // stop, which waits for us.
        if (thread.holds_gil_ || !world.gil_.is_enabled() || RT_MUTANT(attach_overlooks_new_gil)) {
          if (world.survivor_ == nullptr || world.survivor_ == &thread) break;
          hang(thread);
        }
        thread.status_.store_release(ThreadState::kDetached);  // [detached-before-stopped]
        continue;
      }
      RT_CHECK(seen == ThreadState::kSuspended, "a state is attached by one thread at a time");
      if (RT_MUTANT(parked_thread_attaches_itself) && !world.stop_.is_requested()) {
        thread.status_.store(ThreadState::kDetached);
        continue;
      }
      // Only the stopper ends this. A thread that went on by itself because the stop seems to be
      // over would undo the next one.
      park(thread.status_, ThreadState::kSuspended);
    }
    CurrentThread::set(&thread);
    world.run_hooks(&ThreadHooks::attached, thread);
    SectionFrame::resume_newest(thread);
  }

  static void detach(ThreadState& thread) {
    leave(thread);
    if (RT_MUTANT(detach_relaxed)) {
      thread.status_.store_relaxed(ThreadState::kDetached);
    } else {
      thread.status_.store_release(ThreadState::kDetached);  // [detached-before-stopped]
    }
    if (!RT_MUTANT(detach_keeps_gil)) thread.world_.gil_.release(thread);
  }

  // The answer to BreakerBit::kStop. The stop may be over by now; then this is a detach.
  static void suspend(ThreadState& thread) {
    leave(thread);
    World& world = thread.world_;
    point("attach.suspending");
    {
      RawMutexGuard guard(world.registry_lock_);
      world.stop_.suspend_or_detach_locked(thread);
    }
    world.gil_.release(thread);
  }

  static void answer(ThreadState& thread) {
    World& world = thread.world_;
    for (unsigned index = 0; index < kBreakerBits; ++index) {
      std::uint32_t bit = std::uint32_t{1} << index;
      // Relaxed: clearing it below orders.
      if ((thread.eval_breaker_.load_relaxed() & bit) == 0) continue;
      // Cleared before it is answered: what is asked for during the answer is asked for again.
      if (!RT_MUTANT(breaker_cleared_after_answer)) {
        thread.eval_breaker_.fetch_and_acq_rel(~bit);  // [requested-before-handled]
      }
      point("breaker.cleared");
      answer_one(world, thread, index);
      if (RT_MUTANT(breaker_cleared_after_answer)) thread.eval_breaker_.fetch_and_acq_rel(~bit);
    }
  }

 private:
  // The world has only one thread left that runs. Written while the world stood: so whoever attached
  // after that sees it by [started-before-attached].
  [[noreturn]] static void hang(ThreadState& thread) {
    thread.status_.store_release(ThreadState::kDetached);  // [detached-before-stopped]
    thread.world_.gil_.release(thread);
    Semaphore never;
    for (;;) never.wait();
  }

  // What a thread gives up before its status changes. The GIL it gives up after that: whoever is
  // attached holds it.
  static void leave(ThreadState& thread) {
    RT_CHECK(this_thread_or_null() == &thread, "a thread is detached by who attached it");
    RT_CHECK(!thread.has_stopped_world_, "who stopped the world does not wait before it starts");
    SectionFrame::suspend_all(thread);
    thread.world_.run_hooks_in_reverse(&ThreadHooks::detaching, thread);
    CurrentThread::set(nullptr);
  }

  static void answer_one(World& world, ThreadState& thread, unsigned index) {
    switch (static_cast<BreakerBit>(std::uint32_t{1} << index)) {
      case BreakerBit::kStop:
        suspend(thread);
        attach(thread);
        return;
      case BreakerBit::kGilDrop:
        if (!thread.holds_gil_) return;  // disabled meanwhile
        detach(thread);
        if (!RT_MUTANT(gil_taken_back_at_once)) world.gil_.yield(thread);
        attach(thread);
        return;
      default:
        if (const World::Handler& handler = world.handlers_[index]; handler.function != nullptr) {
          handler.function(handler.context, thread);
        }
    }
  }
};

// Waiting for the GIL, and waking others, must not change what the caller reads after a system
// call.
void attach(ThreadState& thread) {
  RT_CHECK(this_thread_or_null() == nullptr, "a thread that attaches is attached nowhere");
  const int kept_errno = errno;
  Attachment::attach(thread);
  errno = kept_errno;
}

void detach(ThreadState& thread) {
  const int kept_errno = errno;
  Attachment::detach(thread);
  errno = kept_errno;
}

ParkHooks detach_while_waiting(ThreadState& thread) {
  return {&thread, [](void* context) { detach(*static_cast<ThreadState*>(context)); },
          [](void* context) { attach(*static_cast<ThreadState*>(context)); }};
}

void safe_point_slow(ThreadState& thread) {
  RT_LAW(Law::kAttachedOnly, this_thread_or_null() == &thread, &thread);
  const int kept_errno = errno;
  Attachment::answer(thread);
  errno = kept_errno;
}

}  // namespace runtime
