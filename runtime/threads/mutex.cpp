#include "runtime/threads/mutex.h"

#include "runtime/base/check.h"
#include "runtime/threads/attach.h"

namespace runtime {

namespace {

// Turns of waiting for a holder that is about to leave, before the waiter parks: together about the
// time that parking and waking would take. Each turn is twice as long as the one before: a waiter that
// looks all the time takes the line of the lock away from the holder, and what the lock guards along
// with it. The scheduler lets the others run at the first turn already.
constexpr unsigned kSpins = HEDDLE_SCHEDULED ? 1 : 6;

}  // namespace

// On the stack of a parked thread, shown to the unlock that chooses it.
struct Mutex::Waiter {
  Nanoseconds fair_from;
  bool owns_mutex = false;  // written under the lock of the parking lot before the wake
};

LockResult Mutex::lock_until(ThreadState& thread, Nanoseconds deadline) {
  if (try_lock()) return LockResult::kAcquired;
  RT_LAW(Law::kAttachedOnly, this_thread_or_null() == &thread, this);
  Nanoseconds begin = now();
  if (deadline <= begin) return LockResult::kTimedOut;
  if (spin()) return LockResult::kAcquired;
  ParkHooks hooks = detach_while_waiting(thread);
  return wait(deadline, begin + kTimeToBeFair, &hooks);
}

void Mutex::lock_slow(ThreadState& thread) {
  RT_LAW(Law::kAttachedOnly, this_thread_or_null() == &thread, this);
  if (spin()) return;
  ParkHooks hooks = detach_while_waiting(thread);
  static_cast<void>(wait(kForever, now() + kTimeToBeFair, &hooks));
}

void Mutex::lock_leaf_slow() {
  if (spin()) return;
  static_cast<void>(wait(kForever, now() + kTimeToBeFair, nullptr));
}

bool Mutex::spin() {
  for (unsigned turn = 0; turn < kSpins; ++turn) {
    std::uint8_t seen = byte_.load_relaxed();  // a guess, the exchange checks it
    if (seen == kFree && try_lock()) return true;
    if ((seen & kParked) != 0) return false;  // others wait already, and longer
    point("mutex.spin");
    for (unsigned pause = 0; pause < 1u << turn; ++pause) spin_pause();
  }
  return false;
}

LockResult Mutex::wait(Nanoseconds deadline, Nanoseconds fair_from, const ParkHooks* hooks) {
  Waiter waiter{fair_from};
  for (;;) {
    std::uint8_t seen = byte_.load_relaxed();  // a guess, the exchanges check it
    if ((seen & kLocked) == 0) {
      // Free, perhaps while others wait: whoever comes first takes it.
      if (!byte_.compare_exchange_acquire(seen, seen | kLocked))
        continue;  // [unlocked-before-locked]
      lock_taken(this);
      return LockResult::kAcquired;
    }
    if ((seen & kParked) == 0) {
      if (RT_MUTANT(mutex_flags_by_store)) {
        byte_.store(kLocked | kParked);
      } else if (!byte_.compare_exchange_relaxed(seen, kLocked | kParked)) {
        continue;  // relaxed: the parking lot looks at the byte again, under its own lock
      }
      point("mutex.flagged");
    }
    lock_wanted(this);
    ParkResult result = park(byte_, kLocked | kParked, deadline, &waiter, hooks);
    if (RT_MUTANT(mutex_timeout_drops_hand_over) && now() >= deadline) {
      return LockResult::kTimedOut;
    }
    if (result == ParkResult::kTimedOut) return LockResult::kTimedOut;
    if (result == ParkResult::kWoken && waiter.owns_mutex) {
      lock_taken(this);
      return LockResult::kAcquired;
    }
  }
}

bool Mutex::try_unlock() {
  std::uint8_t expected = kLocked;
  if (byte_.compare_exchange_release(expected, kFree)) {  // [unlocked-before-locked]
    lock_released(this);
    return true;
  }
  if ((expected & kLocked) == 0) return false;
  bool was_locked = false;
  // Somebody else may be on the same way: what is decided here is decided by exchanges. A waiter that is
  // woken although the mutex was free competes like everybody else.
  unpark_one(&byte_, [&](void* argument, bool more_waiters) {
    auto* waiter = static_cast<Waiter*>(argument);
    const bool is_handed_over = waiter != nullptr && now() >= waiter->fair_from;
    std::uint8_t seen = byte_.load_relaxed();  // a guess, the exchange checks it
    for (;;) {
      const std::uint8_t parked = more_waiters ? kParked : kFree;
      was_locked = (seen & kLocked) != 0;
      if (!was_locked && !RT_MUTANT(mutex_released_twice)) return;
      const std::uint8_t after = is_handed_over ? parked | kLocked : parked;
      if (byte_.compare_exchange_release(seen, after)) break;  // [unlocked-before-locked]
    }
    was_locked = true;
    if (waiter != nullptr) waiter->owns_mutex = is_handed_over;
  });
  if (was_locked) lock_released(this);
  return was_locked;
}

void Mutex::unlock_slow() {
  RT_CHECK((byte_.load_relaxed() & kLocked) != 0, "a mutex that is unlocked was locked");
  // Locked and flagged, so that nobody else changes the byte: a store is enough.
  unpark_one(&byte_, [this](void* argument, bool more_waiters) {
    auto* waiter = static_cast<Waiter*>(argument);
    std::uint8_t after = more_waiters ? kParked : kFree;
    if (RT_MUTANT(mutex_unlock_forgets_waiters)) after = kFree;
    if (waiter != nullptr && now() >= waiter->fair_from) {
      waiter->owns_mutex = !RT_MUTANT(mutex_hand_over_lost);
      if (!RT_MUTANT(mutex_hand_over_frees)) after |= kLocked;
    }
    byte_.store_release(after);  // [unlocked-before-locked]
  });
}

}  // namespace runtime
