#include "runtime/base/exploration.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "runtime/base/depth_first.h"
#include "runtime/base/mutants.h"
#include "runtime/base/schedule_token.h"
#include "runtime/base/schedule_trace.h"

namespace runtime {

namespace {

using machine::Ending;
using machine::ExecutionOptions;
using machine::ExecutionResult;
using machine::Replay;
using machine::Switch;

constexpr std::uint64_t kRandomSchedules = 2000;
constexpr std::uint64_t kShrinkSearch = 2000;  // schedules per bound that may be cheaper

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

unsigned preemptions_of(const std::vector<Switch>& switches) {
  return static_cast<unsigned>(std::count_if(switches.begin(), switches.end(),
                                             [](const Switch& one) { return one.preempts; }));
}

ExecutionResult follow(const Scenario& scenario, const std::vector<Switch>& switches,
                       unsigned step_limit, bool record) {
  Replay strategy(switches);
  ExecutionOptions options;
  options.step_limit = step_limit;
  options.record = record;
  return machine::run_execution(scenario.body, strategy, options);
}

bool simpler(const std::vector<Switch>& left, const std::vector<Switch>& right) {
  unsigned left_preemptions = preemptions_of(left), right_preemptions = preemptions_of(right);
  return left_preemptions != right_preemptions ? left_preemptions < right_preemptions
                                               : left.size() < right.size();
}

// Leaves out one switch after the other while the same sentence is broken.
std::vector<Switch> without_needless_switches(const Scenario& scenario,
                                              std::vector<Switch> switches,
                                              const std::string& sentence, unsigned step_limit) {
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < switches.size(); ++i) {
      std::vector<Switch> fewer = switches;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
      ExecutionResult result = follow(scenario, fewer, step_limit, false);
      if (result.ending != Ending::kFailed || result.sentence != sentence ||
          !simpler(result.switches, switches))
        continue;
      switches = result.switches;
      again = true;
      break;
    }
  }
  return switches;
}

std::vector<Switch> shrink(const Scenario& scenario, std::vector<Switch> switches,
                           const std::string& sentence, unsigned step_limit) {
  switches = without_needless_switches(scenario, std::move(switches), sentence, step_limit);
  // A schedule of quite another shape may need fewer preemptions.
  for (unsigned bound = 0; bound < preemptions_of(switches); ++bound) {
    machine::DepthFirst search(bound);
    ExecutionOptions options;
    options.step_limit = step_limit;
    for (std::uint64_t tried = 0; tried < kShrinkSearch; ++tried) {
      ExecutionResult result = machine::run_execution(scenario.body, search, options);
      if (result.ending == Ending::kFailed && result.sentence == sentence) {
        return without_needless_switches(scenario, result.switches, sentence, step_limit);
      }
      if (search.advance()) continue;
      if (!search.learned()) break;
      search.restart(bound);
    }
  }
  return switches;
}

ScheduleFailure describe(const Scenario& scenario, const ExecutionResult& result) {
  ScheduleFailure failure;
  failure.sentence = result.sentence;
  failure.place = result.place;
  failure.details = result.details;
  failure.object = result.object;
  failure.preemptions = preemptions_of(result.switches);
  failure.token =
      write_token({scenario.name, build_identity(), active_mutant_name(), result.switches});
  failure.trace = trace_text(result);
  return failure;
}

ScheduleFailure shrunk(const Scenario& scenario, const ExecutionResult& first,
                       unsigned step_limit) {
  std::vector<Switch> switches = shrink(scenario, first.switches, first.sentence, step_limit);
  ExecutionResult recorded = follow(scenario, switches, step_limit, true);
  RT_CHECK(recorded.ending == Ending::kFailed && recorded.sentence == first.sentence,
           "the same schedule fails the same way twice");
  return describe(scenario, recorded);
}

class Explorer {
 public:
  Explorer(const Scenario& scenario, const ExplorationOptions& options)
      : scenario_(scenario), options_(options), begin_(Clock::now()) {
    exploration_.scenario = scenario.name;
    execution_options_.step_limit = options.step_limit;
  }

  Exploration run() {
    switch (options_.strategy) {
      case StrategyKind::kDepthFirst:
        depth_first();
        break;
      case StrategyKind::kPct:
      case StrategyKind::kRandom:
        random();
        break;
    }
    exploration_.seconds = seconds_since(begin_);
    return std::move(exploration_);
  }

 private:
  // False when it failed.
  bool one(machine::Strategy& strategy) {
    ExecutionResult result = machine::run_execution(scenario_.body, strategy, execution_options_);
    exploration_.points += result.steps;
    exploration_.most_threads = std::max(exploration_.most_threads, result.tasks);
    if (result.ending == Ending::kAbandoned) {
      ++exploration_.redundant;
      return true;
    }
    ++exploration_.schedules;
    if (result.ending == Ending::kFinished) {
      unsigned& fewest = exploration_.fewest_points;
      fewest = fewest == 0 ? result.steps : std::min(fewest, result.steps);
      exploration_.most_points = std::max(exploration_.most_points, result.steps);
      return true;
    }
    std::uint64_t found_after = exploration_.schedules;
    exploration_.failure = shrunk(scenario_, result, options_.step_limit);
    exploration_.failure->found_after = found_after;
    return false;
  }

  [[nodiscard]] bool out_of_budget() const {
    if (options_.schedules != 0 &&
        exploration_.schedules + exploration_.redundant >= options_.schedules)
      return true;
    return options_.seconds > 0 && seconds_since(begin_) >= options_.seconds;
  }

  void depth_first() {
    auto reductions = options_.reductions ? machine::DepthFirst::Reductions::kOn
                                          : machine::DepthFirst::Reductions::kOff;
    machine::DepthFirst search(0, reductions);
    for (unsigned bound = 0; bound <= options_.preemptions; ++bound) {
      // A pass that learned of a shared word is repeated: it may have left out a stop before that
      // word.
      do {
        search.restart(bound);
        do {
          if (!one(search)) return;
          RT_CHECK(!search.diverged(), "a scenario does the same when the same choices are made");
          if (out_of_budget()) return;
        } while (search.advance());
      } while (search.learned());
      exploration_.complete_up_to = static_cast<int>(bound);
    }
  }

  void random() {
    std::uint64_t limit = options_.schedules != 0 ? options_.schedules : kRandomSchedules;
    for (std::uint64_t i = 0; i < limit; ++i) {
      std::uint64_t seed = options_.seed + i;
      bool good;
      if (options_.strategy == StrategyKind::kPct) {
        machine::Pct strategy(seed, options_.depth, exploration_.most_points);
        good = one(strategy);
      } else {
        machine::UniformRandom strategy(seed);
        good = one(strategy);
      }
      if (!good) {
        exploration_.failure->seed = seed;
        return;
      }
      if (options_.seconds > 0 && out_of_budget()) return;
    }
  }

  const Scenario& scenario_;
  const ExplorationOptions& options_;
  Clock::time_point begin_;
  ExecutionOptions execution_options_;
  Exploration exploration_;
};

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), value < 10 ? "%.2f" : "%.0f", value);
  return text;
}

}  // namespace

Exploration explore(const Scenario& scenario, const ExplorationOptions& options) {
  return Explorer(scenario, options).run();
}

std::string coverage_text(const Exploration& exploration, const ExplorationOptions& options) {
  std::string text;
  switch (options.strategy) {
    case StrategyKind::kDepthFirst:
      if (exploration.complete_up_to < 0) {
        text = "not complete";
      } else {
        text = "complete up to " + std::to_string(exploration.complete_up_to) +
               (exploration.complete_up_to == 1 ? " preemption" : " preemptions");
      }
      break;
    case StrategyKind::kPct: {
      // 1 / (n * k^(d-1)) per execution, at least
      double chance = 1.0 / std::max(1u, exploration.most_threads);
      for (unsigned i = 1; i < options.depth; ++i) chance /= std::max(1u, exploration.most_points);
      char bound[48];
      std::snprintf(bound, sizeof(bound), "%.2g", chance);
      text = "PCT depth " + std::to_string(options.depth) +
             ", each schedule finds such a bug with probability " + bound + " or more";
      break;
    }
    case StrategyKind::kRandom:
      text = "uniformly random";
      break;
  }
  text += ": " + std::to_string(exploration.schedules) + " schedules";
  if (exploration.redundant != 0)
    text += " (+" + std::to_string(exploration.redundant) + " cut short)";
  text += " of " + std::to_string(exploration.fewest_points) + " to " +
          std::to_string(exploration.most_points) + " points, " + rounded(exploration.seconds) +
          " s";
  return text;
}

std::string failure_text(const ScheduleFailure& failure) {
  std::string text =
      "  this should have been true: " + failure.sentence + " (" + failure.place + ")\n";
  if (failure.object != nullptr) {
    char object[32];
    std::snprintf(object, sizeof(object), "%p", failure.object);
    text += "  object " + std::string(object) + "\n";
  }
  text += failure.details + failure.trace;
  text += "  found after " + std::to_string(failure.found_after) + " schedules; " +
          std::to_string(failure.preemptions) +
          (failure.preemptions == 1 ? " preemption" : " preemptions");
  if (failure.seed != 0) text += "; seed " + std::to_string(failure.seed);
  text += "\n  again: ";
  if (active_mutant != Mutant::none)
    text += "HEDDLE_MUTANT=" + std::string(active_mutant_name()) + " ";
  return text + "kernel_explore --replay '" + failure.token + "'\n";
}

Replayed replay(const std::string& text) {
  Replayed replayed;
  std::optional<ScheduleToken> token = read_token(text, replayed.problem);
  if (!token) return replayed;
  if (token->build != build_identity()) {
    replayed.problem = "the token is of build " + token->build + ", this is " + build_identity() +
                       ": the same schedule would be another one";
    return replayed;
  }
  if (token->mutant != active_mutant_name()) {
    replayed.problem =
        token->mutant.empty()
            ? "the token is of a run without mutant; unset HEDDLE_MUTANT"
            : "the token is of mutant " + token->mutant + "; set HEDDLE_MUTANT=" + token->mutant;
    return replayed;
  }
  for (const Scenario& scenario : all_scenarios()) {
    if (token->scenario != scenario.name) continue;
    Replay strategy(token->switches);
    ExecutionOptions options;
    options.record = true;
    ExecutionResult result = machine::run_execution(scenario.body, strategy, options);
    if (strategy.missed() != 0) {
      replayed.problem = "the schedule does not fit: " + std::to_string(strategy.missed()) +
                         " of its switches were not met";
    } else if (result.ending == Ending::kFailed) {
      replayed.failure = describe(scenario, result);
    }
    return replayed;
  }
  replayed.problem = "there is no scenario " + token->scenario + " here (--list shows all)";
  return replayed;
}

DirectedRun run_directed(const Scenario& scenario, std::vector<machine::Direction> directions) {
  machine::Directed strategy(std::move(directions));
  ExecutionOptions options;
  options.record = true;
  ExecutionResult result = machine::run_execution(scenario.body, strategy, options);
  DirectedRun run;
  run.problem = strategy.problem();
  run.trace = trace_text(result);
  if (result.ending == Ending::kFailed) run.failure = describe(scenario, result);
  return run;
}

}  // namespace runtime
