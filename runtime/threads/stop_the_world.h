// Stopping the world: one thread runs, and all others of its runtime wait at a safe point.
//
// Some work needs that nobody touches objects: collecting garbage, growing a table that everybody
// reads without a lock. The requester counts the other threads, suspends those that are detached by
// changing their status under their feet, and asks the attached ones through their eval breakers.
// Each of those suspends itself at its next safe point and counts down; the last one wakes the
// requester. A thread that detached after being asked is found when the requester looks again,
// after at most a millisecond. To start, the requester moves everybody from suspended to detached
// and wakes who waits to attach.
//
// The requester holds no lock that a stopped thread may hold, and does not block until the world
// runs again: it would wait for somebody who waits for it. Not for work that a critical section or
// QSBR can do.
//
// Ancestry: PEP 703, "Stop-the-World"; CPython's stop_the_world, park_detached_threads and
// start_the_world (Python/pystate.c).
#pragma once

#include "runtime/base/atomic.h"
#include "runtime/threads/mutex.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

// The requester is attached and the only one until the matching start. Waits, detached, for others
// that stop the world. May not be nested.
void stop_the_world(ThreadState& requester);
void start_the_world(ThreadState& requester);

// The world stands while one of these lives.
class StoppedWorld {
 public:
  explicit StoppedWorld(ThreadState& requester);
  // By a thread that is not attached, or has no state at all: everybody is stopped.
  explicit StoppedWorld(World& world);
  ~StoppedWorld();
  StoppedWorld(const StoppedWorld&) = delete;
  StoppedWorld& operator=(const StoppedWorld&) = delete;

 private:
  World& world_;
  ThreadState* const requester_;
};

// The bookkeeping of one world. Everything but `stoppers_`, `last_suspended_` and `is_stopped_` is
// guarded by the registry lock of the world.
class StopTheWorld {
 public:
  explicit StopTheWorld(World& world) : world_(world) {}

  // Null: a thread that is not attached.
  void stop(ThreadState* requester);
  void start(ThreadState* requester);
  // For assertions.
  [[nodiscard]] bool is_stopped() const { return is_stopped_.peek(); }
  [[nodiscard]] bool is_requested() const { return is_requested_.peek(); }

  // Under the registry lock.
  //
  // All threads are suspended, and none of them has stopped the world.
  [[nodiscard]] bool stands_locked() const {
    return requester_ == nullptr && is_stopped_.load_acquire();
  }
  // The thread, which is attached, leaves that status: suspended if it is part of a stop, else
  // detached.
  void suspend_or_detach_locked(ThreadState& thread);
  // A new thread is born suspended into a world that stops or stands.
  void admit_locked(ThreadState& thread);
  // A thread is about to be unlinked: nobody waits for it any more.
  void dismiss_locked(ThreadState& thread);

 private:
  // How long the requester waits before it looks again for threads that detached.
  static constexpr Nanoseconds kLookAgain = 1'000'000;

  // True if this look found the last one.
  bool suspend_detached_locked();
  // One thread less to wait for; true if it was the last.
  bool count_down_locked();
  // Law 5, where invariants are on.
  void check_alone();

  World& world_;
  Mutex stoppers_;  // held from stop to start
  Atomic<bool> is_requested_;
  ThreadState* requester_ = nullptr;
  // While requested: linked threads, without the requester, that are not suspended.
  unsigned countdown_ = 0;
  Semaphore last_suspended_;  // posted once by the thread that brings the countdown to 0
  Atomic<bool> is_stopped_;
};

}  // namespace runtime
