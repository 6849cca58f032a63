// Runs a scenario under many schedules, and makes what it finds readable.
//
// Depth-first exploration goes through all schedules with 0 preemptions, then 1, then 2
// (depth_first.h), so the first failure has the fewest. A failure of any strategy is shrunk:
// switches are left out one by one while the same sentence is still broken, then a short search
// looks for fewer preemptions. What remains is printed as a trace with one column per thread and as
// a token, one word that repeats the schedule exactly in another process of the same build:
//
//   threads/mutex_excludes@5f3a90c1+mutex_hand_over_lost:1.12>2,2.7>1
//
// which is the scenario, the build, the mutant if there is one, and the switches: thread 1, about to
// do its operation 12, is stopped for thread 2; thread 2, about to do its operation 7, for thread 1.
//
// An exploration says what it covered: schedules, points per schedule, "complete up to 2
// preemptions" or the bound of PCT. Not thread safe: the scheduler has one execution at a time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/base/scenario.h"
#include "runtime/base/scheduler.h"
#include "runtime/base/strategies.h"

namespace runtime {

enum class StrategyKind { kDepthFirst, kPct, kRandom };

struct ExplorationOptions {
  StrategyKind strategy = StrategyKind::kDepthFirst;
  unsigned preemptions = 2;      // depth first: the highest bound
  std::uint64_t schedules = 0;   // stop after so many; 0: depth first has no limit, the others 2000
  double seconds = 0;            // stop after so long; 0: no limit
  unsigned depth = 3;            // PCT: depth of the bug, 1..
  std::uint64_t seed = 1;        // PCT, random
  unsigned step_limit = 20'000;  // scheduling points of one execution; more is a livelock
  bool reductions = true;        // depth first: leave out what cannot show anything new
};

struct ScheduleFailure {
  std::string sentence;  // what should have been true
  std::string place;     // file:line
  std::string details;   // wait-for graph, what leaked
  const void* object = nullptr;
  unsigned preemptions = 0;
  std::uint64_t found_after = 0;  // schedules
  std::uint64_t seed = 0;         // of the schedule that failed first; PCT and random only
  std::string token;
  std::string trace;  // of the shrunk schedule
};

struct Exploration {
  std::string scenario;
  std::uint64_t schedules = 0;  // run to their end
  std::uint64_t redundant = 0;  // given up: they could show nothing new
  std::uint64_t points = 0;     // scheduling points of all
  unsigned fewest_points = 0;   // of a finished schedule
  unsigned most_points = 0;
  unsigned most_threads = 0;
  int complete_up_to = -1;  // preemptions; depth first only
  double seconds = 0;
  std::optional<ScheduleFailure> failure;
};

Exploration explore(const Scenario& scenario, const ExplorationOptions& options);
// "complete up to 2 preemptions: 1 234 schedules of 40 to 61 points, 0.3 s"
std::string coverage_text(const Exploration& exploration, const ExplorationOptions& options);
// The failure as a person reads it: sentence, place, graph, trace, token and the command that
// repeats it.
std::string failure_text(const ScheduleFailure& failure);

struct Replayed {
  std::string problem;                     // why the token was refused; empty otherwise
  std::optional<ScheduleFailure> failure;  // none: the execution ended well
};
// `token` must be of this build, mutant and of a scenario that is here.
Replayed replay(const std::string& token);

// One execution under test control (strategies.h, Direction). The trace is recorded whether it
// fails or not.
struct DirectedRun {
  std::string problem;  // a direction that could not be followed
  std::optional<ScheduleFailure> failure;
  std::string trace;
};
DirectedRun run_directed(const Scenario& scenario, std::vector<machine::Direction> directions);

}  // namespace runtime
