#include "runtime/base/event.h"

#include "runtime/base/mutants.h"

namespace runtime {

void Event::set() {
  if (RT_MUTANT(event_set_overwrites_waiters_flag) && state_.load() == kNotSet) {
    return state_.store(kSet);
  }
  std::uint8_t before = state_.exchange_release(kSet);  // [done-before-set]
  point("event.set");
  if (before != kNotSetWithWaiters) return;
  // From here on only the address is used: a waiter may have seen the byte and destroyed the event.
  if (RT_MUTANT(event_set_wakes_one)) return unpark_one(&state_, [](void*, bool) {});
  unpark_all(&state_);
}

bool Event::wait_until(Nanoseconds deadline, const ParkHooks* hooks) {
  for (;;) {
    if (is_set()) return true;
    std::uint8_t expected = kNotSet;
    if (!state_.compare_exchange_relaxed(expected, kNotSetWithWaiters) && expected == kSet) {
      continue;  // set meanwhile; is_set() acquires
    }
    if (park(state_, kNotSetWithWaiters, deadline, nullptr, hooks) == ParkResult::kTimedOut) {
      return is_set();
    }
  }
}

}  // namespace runtime
