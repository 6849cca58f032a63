// Something that happens once, and threads that wait for it.
//
// One byte: not set, not set with waiters, set. Who waits parks at the byte (parking_lot.h); who
// sets it exchanges the byte and wakes everybody if there was a waiter. It is never unset.
//
// Not for conditions that come and go; those are a Mutex and a loop.
//
// Ancestry: CPython's PyEvent (Python/lock.c). Unlike there, waiting goes on after a wake without
// reason.
//
// Orderings in this file
//   [done-before-set]  set() exchanges with release, a waiter loads with acquire.
#pragma once

#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/mutants.h"
#include "runtime/base/parking_lot.h"

namespace runtime {

// Everything done before set() is visible after a wait that it ended, and after is_set() was true.
// A waiter may destroy the event as soon as its wait has returned true, provided that nobody else
// waits or will call set().
class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  // Any number of times, by anybody.
  void set();
  [[nodiscard]] bool is_set() const {
    if (RT_MUTANT(event_checks_relaxed)) return state_.load_relaxed() == kSet;
    return state_.load_acquire() == kSet;  // [done-before-set]
  }
  // False when `deadline` (a time of now(); kForever never comes) came first.
  [[nodiscard]] bool wait_until(Nanoseconds deadline, const ParkHooks* hooks = nullptr);
  void wait(const ParkHooks* hooks = nullptr) { static_cast<void>(wait_until(kForever, hooks)); }

 private:
  static constexpr std::uint8_t kNotSet = 0;
  static constexpr std::uint8_t kNotSetWithWaiters = 1;
  static constexpr std::uint8_t kSet = 2;

  Atomic<std::uint8_t> state_{kNotSet};
};

}  // namespace runtime
