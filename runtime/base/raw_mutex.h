// The lock under all other locks: one word, no thread state, no hand-off.
//
// The parking lot needs a lock for each of its buckets, and every other lock needs the parking lot.
// So this one waits without it: a thread that finds the word locked links a node on its own stack
// into the word itself and sleeps on the node's semaphore. Unlocking takes the newest node off and
// wakes its thread, which then competes like everybody else. The low bit of the word says "locked",
// the rest is the head of the list of nodes.
//
// For short leaf sections only: a waiting thread stays attached to its runtime, the newest waiter
// is woken first, and a newcomer may overtake. Whoever may wait long takes a Mutex
// (runtime/threads/mutex.h).
//
// Ancestry: CPython's _PyRawMutex (Python/lock.c).
//
// Orderings in this file
//   [unlocked-before-locked]  unlock() replaces the word with release, lock() with acquire: what
//                             one section did is visible in the next.
//   [linked-before-woken]     lock() links its node with release; unlock() reads the node after an
//                             acquire of the word. Every change of the word is a
//                             read-modify-write, so a node further down is covered as well.
#pragma once

#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/mutants.h"

namespace runtime {

// Everything done under the lock is visible to whoever takes it next. Not recursive; the thread
// that locked unlocks. May be destroyed by whoever knows that no unlock() is still to begin; an
// unlock() that has freed the word does not touch it again.
class RawMutex {
 public:
  constexpr RawMutex() = default;
  RawMutex(const RawMutex&) = delete;
  RawMutex& operator=(const RawMutex&) = delete;

  void lock() {
    std::uintptr_t expected = kUnlocked;
    if (!word_.compare_exchange_acquire(expected, kLocked))
      lock_slow();  // [unlocked-before-locked]
    lock_taken(this);
  }
  [[nodiscard]] bool try_lock() {
    std::uintptr_t expected = kUnlocked;
    if (!word_.compare_exchange_acquire(expected, kLocked))
      return false;  // [unlocked-before-locked]
    lock_taken(this);
    return true;
  }
  void unlock() {
    lock_released(this);
    if (RT_MUTANT(raw_mutex_unlock_loses_late_waiter) && word_.load_relaxed() == kLocked) {
      return word_.store_release(kUnlocked);
    }
    std::uintptr_t expected = kLocked;
    if (RT_MUTANT(raw_mutex_unlocks_relaxed)
            ? !word_.compare_exchange_relaxed(expected, kUnlocked)
            : !word_.compare_exchange_release(expected, kUnlocked)) {  // [unlocked-before-locked]
      unlock_slow();
    }
  }
  // For assertions: somebody holds it.
  [[nodiscard]] bool is_locked() const { return (word_.peek() & kLocked) != 0; }

 private:
  static constexpr std::uintptr_t kUnlocked = 0;
  static constexpr std::uintptr_t kLocked = 1;

  void lock_slow();
  void unlock_slow();

  Atomic<std::uintptr_t> word_{kUnlocked};  // address of the newest waiter's node | kLocked
};

class RawMutexGuard {
 public:
  explicit RawMutexGuard(RawMutex& mutex) : mutex_(mutex) { mutex_.lock(); }
  ~RawMutexGuard() { mutex_.unlock(); }
  RawMutexGuard(const RawMutexGuard&) = delete;
  RawMutexGuard& operator=(const RawMutexGuard&) = delete;

 private:
  RawMutex& mutex_;
};

}  // namespace runtime
