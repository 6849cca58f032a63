// The one-byte mutex, the lock inside every object.
//
// A lock per object must cost no memory and, while nobody contends, one instruction each way. So
// the mutex is a byte with two bits, "locked" and "somebody may be parked"; the queue of waiters
// stands in the parking lot. A waiter spins a little, then detaches from its runtime and parks.
// Newcomers may overtake for one millisecond; after that unlocking hands the mutex over to the one
// that waited longest, without ever freeing it.
//
// Not recursive. Not for conditions. Where a thread must not detach, because it holds something
// that others need to get on, the leaf variant waits attached: only for sections that do not block.
//
// Ancestry: WebKit's WTF::Lock; CPython's PyMutex (Python/lock.c, PEP 703, "Container Thread-Safety").
//
// Orderings in this file
//   [unlocked-before-locked]  every way out of the locked state releases, every way into it
//                             acquires: what one section did is visible in the next. A mutex that
//                             is handed over needs nothing, the wake of the parking lot orders it.
//
// The byte:  0 free | 1 locked | 3 locked, perhaps with waiters | 2 free, perhaps with waiters.
// Invariant: whoever sleeps in the parking lot at this byte went there when it was 3; only an
// unlock that looks into the parking lot takes the bit away.
#pragma once

#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/mutants.h"
#include "runtime/base/parking_lot.h"

namespace runtime {

class ThreadState;

enum class LockResult { kAcquired, kTimedOut };

// One millisecond, as in CPython (TIME_TO_BE_FAIR_NS) and WebKit.
inline constexpr Nanoseconds kTimeToBeFair = 1'000'000;

// All zero bytes is an unlocked mutex. Everything done under it is visible to whoever locks it
// next. Another thread than the one that locked may unlock. May be destroyed when nobody waits and
// every unlock has returned.
class Mutex {
 public:
  constexpr Mutex() = default;
  Mutex(const Mutex&) = delete;
  Mutex& operator=(const Mutex&) = delete;

  // By an attached thread; detaches while it waits.
  void lock(ThreadState& thread) {
    if (!try_lock()) [[unlikely]]
      lock_slow(thread);
  }
  // Waits attached, or by a thread that has no state at all. For sections that neither block nor
  // reach a safe point; so while the world stands, only for a mutex that everybody locks like this.
  void lock_leaf() {
    if (!try_lock()) [[unlikely]]
      lock_leaf_slow();
  }
  [[nodiscard]] bool try_lock() {
    std::uint8_t expected = kFree;
    if (!byte_.compare_exchange_acquire(expected, kLocked))
      return false;  // [unlocked-before-locked]
    lock_taken(this);
    return true;
  }
  // `deadline` is a time of now(); kForever never comes, one that has passed tries once. A waiter
  // whose time runs out while it is handed the mutex has acquired it.
  [[nodiscard]] LockResult lock_until(ThreadState& thread, Nanoseconds deadline);

  void unlock() {
    lock_released(this);
    std::uint8_t expected = kLocked;
    if (RT_MUTANT(mutex_unlocks_relaxed) ? !byte_.compare_exchange_relaxed(expected, kFree)
                                         : !byte_.compare_exchange_release(expected, kFree))
        [[unlikely]] {
      unlock_slow();
    }
  }

  // The same for locks of programs, which may release what nobody holds: false then, and nothing has
  // changed. Of two threads that do so at once with a mutex that was locked once, one gets true. Who
  // releases a mutex like this does so everywhere.
  [[nodiscard]] bool try_unlock();

  // For assertions and displays: somebody holds it.
  // Before anybody else can know it: in memory that held something else.
  void initialize() { byte_.initialize(kFree); }
  [[nodiscard]] bool is_locked() const { return (byte_.peek() & kLocked) != 0; }

 private:
  friend class Gil;

  static constexpr std::uint8_t kFree = 0;
  static constexpr std::uint8_t kLocked = 1;
  static constexpr std::uint8_t kParked = 2;

  struct Waiter;

  void lock_slow(ThreadState& thread);
  void lock_leaf_slow();
  // True if the holder left while we looked.
  [[nodiscard]] bool spin();
  // Parks until it owns the mutex. Unlocking hands over to this waiter once `fair_from` has passed.
  LockResult wait(Nanoseconds deadline, Nanoseconds fair_from, const ParkHooks* hooks);
  void unlock_slow();

  Atomic<std::uint8_t> byte_;
};
static_assert(sizeof(Mutex) == 1);

class MutexGuard {
 public:
  MutexGuard(ThreadState& thread, Mutex& mutex) : mutex_(mutex) { mutex_.lock(thread); }
  ~MutexGuard() { mutex_.unlock(); }
  MutexGuard(const MutexGuard&) = delete;
  MutexGuard& operator=(const MutexGuard&) = delete;

 private:
  Mutex& mutex_;
};

class LeafGuard {
 public:
  explicit LeafGuard(Mutex& mutex) : mutex_(mutex) { mutex_.lock_leaf(); }
  ~LeafGuard() { mutex_.unlock(); }
  LeafGuard(const LeafGuard&) = delete;
  LeafGuard& operator=(const LeafGuard&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace runtime
