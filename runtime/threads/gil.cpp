#include "runtime/threads/gil.h"

#include <algorithm>

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/base/parking_lot.h"
#include "runtime/threads/attach.h"
#include "runtime/threads/stop_the_world.h"
#include "runtime/threads/world.h"

namespace runtime {

void Gil::acquire(ThreadState& thread) {
  if (thread.holds_gil_ || !is_enabled()) return;
  if (!mutex_.try_lock()) wait(thread.world());
  if (!is_enabled()) {
    // Disabled while we waited. Everybody who waited comes by here, one after the other.
    mutex_.unlock();
    return;
  }
  thread.holds_gil_ = true;
  last_holder_.store(thread.serial_);
  // Sequentially consistent, as the store: either we see who yields, or who yields sees us.
  if (yielding_.load() != 0) unpark_all(&last_holder_);
}

void Gil::wait(World& world) {
  Nanoseconds fair_from = now() + switch_interval();
  waiting_.fetch_add(1);
  for (;;) {
    std::uint32_t holder = last_holder_.load();
    // Not through the hooks that detach: the thread is not attached yet.
    if (mutex_.wait(now() + switch_interval(), fair_from, nullptr) == LockResult::kAcquired) break;
    // Nobody else had it meanwhile, so its holder has had a whole interval.
    if (last_holder_.load() == holder) ask_to_let_go(world, holder);
  }
  waiting_.fetch_sub(1);
}

// Without this the one who lets go, which is running already, could take the GIL again and again
// before the one who waits has woken up.
void Gil::yield(const ThreadState& thread) {
  yielding_.fetch_add(1);
  point("gil.yielding");
  if (waiting_.load() != 0) {
    while (last_holder_.load() == thread.serial_) park(last_holder_, thread.serial_);
  }
  yielding_.fetch_sub(1);
}

void Gil::ask_to_let_go(World& world, std::uint32_t holder) {
  world.for_each_thread([holder](ThreadState& thread) {
    if (thread.serial() == holder) request(thread, BreakerBit::kGilDrop);
  });
}

void Gil::release(ThreadState& thread) {
  if (!thread.holds_gil_) return;
  thread.holds_gil_ = false;
  if (!RT_MUTANT(gil_never_released)) mutex_.unlock();
}

void Gil::raise(ThreadState& thread, bool for_good) {
  auto raised = [for_good](int count) {
    return for_good || count == kPermanent ? kPermanent : count + 1;
  };
  if (thread.holds_gil_) {
    enabled_.store(raised(enabled_.load()));  // it is enabled, and only the holder changes that
    return;
  }
  // Detached, so that the end of the stop finds this thread like all others: before the GIL.
  Detached detached(thread);
  if (RT_MUTANT(gil_enabled_without_stop)) {
    enabled_.store(raised(enabled_.load()));
    return;
  }
  StoppedWorld stopped(thread.world());
  enabled_.store(raised(enabled_.load()));
}

void enable_gil(ThreadState& thread) { thread.world().gil().raise(thread, false); }

void enable_gil_for_good(ThreadState& thread) { thread.world().gil().raise(thread, true); }

void disable_gil(ThreadState& thread) {
  RT_CHECK(thread.holds_gil(), "the GIL is disabled by who holds it");
  Gil& gil = thread.world().gil();
  int enabled = gil.enabled_.load();
  if (enabled == Gil::kPermanent) return;
  gil.enabled_.store(enabled - 1);
  point("gil.disabled");
  // Those who wait for it find it free, and disabled.
  if (enabled == 1) gil.release(thread);
}

}  // namespace runtime
