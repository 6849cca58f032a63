// A scenario: what a few threads do to something shared, and what must hold however they are
// interleaved.
//
// The body is an ordinary function. It builds its state, starts threads, waits for them and checks.
// Under the scheduler (exploration.h) it is run once per schedule, from the beginning, in a world
// that begins anew each time; `kernel_explore` runs all scenarios of all floors. The body must not
// depend on anything but the schedule: no real time, no input, no global that is not a Global<T>.
//
//   RT_SCENARIO(mutex_excludes, "threads/mutex_excludes", "A mutex lets one thread in at a time.")
//   {
//     Mutex mutex;
//     int inside = 0;
//     in_parallel({[&] { ... }, [&] { ... }});
//     RT_CHECK(inside == 0, "nobody is left inside");
//   }
//
// Failing means: an RT_CHECK, RT_INVARIANT or RT_LAW that is false, a deadlock, a livelock, an
// atomic access to freed memory, a thread that was never joined, or memory of the execution that is
// still allocated when the body has returned.
#pragma once

#include <functional>
#include <vector>

#include "runtime/base/atomic.h"
#include "runtime/base/check.h"

namespace runtime {

struct Scenario {
  const char* name;   // floor/what_happens
  const char* claim;  // a sentence that can be true or false
  void (*body)();
  const char* file;
  int line;
};

// In order of registration, sorted by name. Filled before main.
const std::vector<Scenario>& all_scenarios();

struct RegisterScenario {
  explicit RegisterScenario(const Scenario& scenario);
};

// One thread per function, numbered from 2 on (the body itself is thread 1); returns when all have
// ended.
void in_parallel(std::vector<std::function<void()>> bodies);

// Virtual time goes on by itself only when nobody can run; this pushes it. Nothing without the
// scheduler.
void advance_time(Nanoseconds by);

// What the trace calls this address ("mutex", "list.size"). Nothing without the scheduler.
void name_address(const void* address, const char* name);

}  // namespace runtime

#define RT_SCENARIO(identifier, name, claim)                                         \
  static void scenario_##identifier();                                               \
  static const ::runtime::RegisterScenario register_##identifier(                    \
      ::runtime::Scenario{name, claim, &scenario_##identifier, __FILE__, __LINE__}); \
  static void scenario_##identifier()
