#include "runtime/threads/stop_the_world.h"

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/base/raw_mutex.h"
#include "runtime/threads/world.h"

// The bracketed names of orderings are explained in attach.cpp.

namespace runtime {

void StopTheWorld::stop(ThreadState* requester) {
  if (requester != nullptr) {
    RT_LAW(Law::kAttachedOnly, this_thread_or_null() == requester, requester);
    RT_CHECK(!requester->has_stopped_world_, "who stopped the world does not stop it again");
    if (!RT_MUTANT(stoppers_overlap)) stoppers_.lock(*requester);
  } else {
    RT_CHECK(this_thread_or_null() == nullptr, "an attached thread stops the world as itself");
    stoppers_.lock_leaf();
  }
  bool is_done = false;
  {
    RawMutexGuard guard(world_.registry_lock_);
    RT_INVARIANT(!is_requested_.peek(), "one thread at a time stops the world");
    is_requested_.store_relaxed(true);  // read under the registry lock
    requester_ = requester;
    countdown_ = 0;
    for (ThreadState* thread = world_.first_; thread != nullptr; thread = thread->later_) {
      if (thread != requester) ++countdown_;
    }
    is_done = countdown_ == 0 || suspend_detached_locked();
  }
  while (!is_done) {
    point("stop.waiting");
    Nanoseconds until = RT_MUTANT(stopper_looks_once) ? kForever : now() + kLookAgain;
    if (last_suspended_.wait_until(until)) break;
    RawMutexGuard guard(world_.registry_lock_);
    is_done = suspend_detached_locked();
  }
  if (requester != nullptr) requester->has_stopped_world_ = true;
  is_stopped_.store(true);
  check_alone();
}

void StopTheWorld::start(ThreadState* requester) {
  RT_CHECK(is_stopped_.peek() && (requester == nullptr || requester->has_stopped_world_),
           "who stopped the world starts it");
  check_alone();
  {
    RawMutexGuard guard(world_.registry_lock_);
    is_stopped_.store(false);
    is_requested_.store_relaxed(false);  // read under the registry lock
    requester_ = nullptr;
    if (requester != nullptr) requester->has_stopped_world_ = false;
    for (ThreadState* thread = world_.first_; thread != nullptr; thread = thread->later_) {
      if (thread == requester) continue;
      if (RT_MUTANT(start_relaxed)) {
        thread->status_.store_relaxed(ThreadState::kDetached);
      } else {
        thread->status_.store_release(ThreadState::kDetached);  // [started-before-attached]
      }
      // Under the registry lock, without which the thread cannot end and its state not go away.
      if (!RT_MUTANT(start_wakes_nobody)) unpark_all(&thread->status_);
      point("stop.started_one");
    }
  }
  stoppers_.unlock();
}

bool StopTheWorld::suspend_detached_locked() {
  bool was_last = false;
  for (ThreadState* thread = world_.first_; thread != nullptr; thread = thread->later_) {
    if (thread == requester_) continue;
    std::uint8_t seen = ThreadState::kDetached;
    if (thread->status_.compare_exchange_acquire(seen, ThreadState::kSuspended)) {
      was_last = count_down_locked();  // [detached-before-stopped]
    } else if (seen == ThreadState::kAttached) {
      request(*thread, BreakerBit::kStop);
    } else if (RT_MUTANT(suspended_thread_counted_twice)) {
      was_last = count_down_locked();
    }
  }
  return was_last;
}

void StopTheWorld::suspend_or_detach_locked(ThreadState& thread) {
  RT_INVARIANT(&thread != requester_, "nobody stops itself");
  if (!is_requested_.peek()) {
    thread.status_.store_release(ThreadState::kDetached);  // [detached-before-stopped]
    return;
  }
  // Relaxed: who looks for it holds the registry lock; who waits for the countdown is woken.
  thread.status_.store_relaxed(ThreadState::kSuspended);
  if (count_down_locked()) last_suspended_.post();
}

void StopTheWorld::admit_locked(ThreadState& thread) {
  if (is_requested_.peek() && !RT_MUTANT(newborn_not_suspended)) {
    thread.status_.initialize(ThreadState::kSuspended);
  }
}

void StopTheWorld::dismiss_locked(ThreadState& thread) {
  if (!is_requested_.peek() || thread.status_.load_relaxed() == ThreadState::kSuspended) return;
  if (count_down_locked()) last_suspended_.post();
}

bool StopTheWorld::count_down_locked() {
  RT_CHECK(countdown_ != 0, "each thread is counted down once");
  return --countdown_ == 0;
}

void StopTheWorld::check_alone() {
  if constexpr (kChecksEnabled) {
    world_.for_each_thread([this](ThreadState& thread) {
      RT_LAW(Law::kAttachedOnly,
             &thread == requester_ || thread.status_.peek() == ThreadState::kSuspended, &thread);
    });
  }
}

void stop_the_world(ThreadState& requester) { requester.world().stop_.stop(&requester); }
void start_the_world(ThreadState& requester) { requester.world().stop_.start(&requester); }

StoppedWorld::StoppedWorld(ThreadState& requester)
    : world_(requester.world()), requester_(&requester) {
  world_.stop_.stop(requester_);
}
StoppedWorld::StoppedWorld(World& world) : world_(world), requester_(nullptr) {
  world_.stop_.stop(nullptr);
}
StoppedWorld::~StoppedWorld() { world_.stop_.start(requester_); }

}  // namespace runtime
