// Threads that come, go, block, ask each other, switch the GIL on and off, and stop the world.
//
// Checked: who has stopped the world is alone (it changes the plain data of all others); nobody is
// lost on the way (the driver ends); with the GIL enabled, one thread at a time runs; every thread
// that was started has ended.
#include <vector>

#include "runtime/base/check.h"
#include "runtime/threads/critical_section.h"
#include "runtime/threads/running_thread.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using runtime::BreakerBit;
using runtime::CriticalSection;
using runtime::Detached;
using runtime::Mutex;
using runtime::RunningThread;
using runtime::StoppedWorld;
using runtime::ThreadState;
using runtime::World;

// Short, so that the bit of the eval breaker is in use.
constexpr Nanoseconds kSwitchInterval = 50'000;
constexpr Nanoseconds kStormLasts = 100'000'000;

// Changed by its own thread while that is attached, and by who has stopped the world.
struct alignas(64) Steps {
  long taken = 0;
  long inside = 0;
};

struct Scene {
  explicit Scene(unsigned threads) : steps(threads) {}

  std::vector<Steps> steps;
  Mutex mutex;
  long under_mutex = 0;
  long under_gil = 0;  // changed only by who holds the GIL
  long alone = 0;      // changed only by who has stopped the world
};

void be_alone(Scene& scene) {
  ++scene.alone;
  for (Steps& steps : scene.steps) {
    RT_CHECK(steps.inside == 0, "a stopped thread stands at a safe point");
    ++steps.taken;
  }
}

void turn(Scene& scene, StressThread& thread) {
  ThreadState& state = thread.state();
  World& world = state.world();
  Steps& own = scene.steps[thread.index()];
  own.inside = 1;
  ++own.taken;
  own.inside = 0;
  switch (thread.random().below(64)) {
    case 0: {
      StoppedWorld stopped(state);
      be_alone(scene);
      break;
    }
    case 1: {
      // By a thread without state, which the attached one waits for detached.
      runtime::Thread stranger([&] {
        StoppedWorld stopped(world);
        be_alone(scene);
      });
      Detached detached(state);
      stranger.join();
      break;
    }
    case 2: {
      RunningThread brief(world, [&](ThreadState& born) {
        CriticalSection section(born, scene.mutex);
        ++scene.under_mutex;
        runtime::safe_point(born);
      });
      break;
    }
    case 3: {
      ThreadState* never_runs = world.create_thread();
      runtime::safe_point(state);
      world.destroy_thread(never_runs);
      break;
    }
    case 4: {
      runtime::enable_gil(state);
      ++scene.under_gil;
      runtime::safe_point(state);
      ++scene.under_gil;
      runtime::disable_gil(state);
      break;
    }
    case 5: {
      world.for_each_thread([](ThreadState& other) { request(other, BreakerBit::kMerge); });
      break;
    }
    case 6:
    case 7: {
      Detached detached(state);
      for (int pause = 0; pause < 100; ++pause) runtime::spin_pause();
      break;
    }
    case 8:
    case 9:
    case 10: {
      CriticalSection section(state, scene.mutex);
      ++scene.under_mutex;
      break;
    }
    default:
      break;
  }
  if (state.holds_gil()) ++scene.under_gil;
  runtime::safe_point(state);
}

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Is who has stopped the world alone, whatever the others do?");
  while (runtime::now() < storm.end()) {
    World world({runtime::GilMode::kOff, kSwitchInterval});
    world.set_breaker_handler(
        BreakerBit::kMerge,
        [](void*, ThreadState& state) {
          RT_CHECK(&runtime::this_thread() == &state, "a thread answers for itself");
        },
        nullptr);
    Scene scene(storm.threads());
    storm.storm(
        world,
        [&](StressThread& thread) {
          while (thread.goes_on()) turn(scene, thread);
        },
        kStormLasts);
    RT_CHECK(world.thread_count() == 0, "every thread has ended");
    RT_CHECK(!world.gil().is_enabled(), "who enabled the GIL disabled it");
    RT_CHECK(!scene.mutex.is_locked(), "nobody holds the mutex at the end");
  }
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
