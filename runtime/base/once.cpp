#include "runtime/base/once.h"

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"

namespace runtime {

bool Once::begin_slow(const ParkHooks* hooks) {
  std::uint8_t seen = state_.load_acquire();  // [initialized-before-done]
  for (;;) {
    if (seen == kDone) return false;
    if (seen == kNotBegun) {
      std::uint8_t begun = RT_MUTANT(once_done_before_initialized) ? kDone : kRunning;
      if (state_.compare_exchange_acq_rel(seen, begun)) return true;
      continue;
    }
    RT_INVARIANT((seen & kRunning) != 0, "waiters wait for somebody who runs the initializer");
    if ((seen & kWaitersBit) == 0) {
      if (!state_.compare_exchange_acq_rel(seen, seen | kWaitersBit)) continue;
    }
    park(state_, kRunning | kWaitersBit, kForever, nullptr, hooks);
    seen = state_.load_acquire();  // [initialized-before-done]
  }
}

void Once::finish(bool worked) {
  std::uint8_t after = worked || RT_MUTANT(once_done_after_failure) ? kDone : kNotBegun;
  std::uint8_t before = state_.exchange_release(after);  // [initialized-before-done]
  if (RT_MUTANT(once_failure_wakes_nobody) && !worked) return;
  if ((before & kWaitersBit) != 0) unpark_all(&state_);
}

}  // namespace runtime
