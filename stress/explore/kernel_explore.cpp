// kernel_explore: runs scenarios under many schedules and says what it covered; repeats a schedule
// from its token.
//
//   kernel_explore --list
//
//   kernel_explore --all --preemptions 2      every scenario, completely up to two
//
//   kernel_explore threads/mutex --strategy pct --schedules 10000 --seed 7
//
//   kernel_explore --replay 'threads/mutex@5f3a90c1:1.12>2'
//
// Exit status: 0 all hold; 1 a scenario failed; 4 usage, or a token that was refused.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <vector>

#include "runtime/base/exploration.h"
#include "runtime/base/mutants.h"

namespace {

using runtime::Exploration;
using runtime::ExplorationOptions;
using runtime::Scenario;
using runtime::StrategyKind;

struct Arguments {
  std::vector<std::string> names;
  std::string strategy = "dfs";
  std::string token;
  bool list = false;
  bool all = false;
  bool brief = false;
  bool keep_going = false;
  ExplorationOptions options;
};

// A name selects a scenario, or all below it ("threads", "threads/mutex").
bool selects(const std::string& name, const Scenario& scenario) {
  std::string whole = scenario.name;
  return whole == name || whole.rfind(name + "/", 0) == 0;
}

bool selected(const Arguments& arguments, const Scenario& scenario) {
  return arguments.all ||
         std::any_of(arguments.names.begin(), arguments.names.end(),
                     [&](const std::string& name) { return selects(name, scenario); });
}

// A name that selects nothing is a mistake, even beside one that does. Null: there is none.
const std::string* name_of_nothing(const Arguments& arguments) {
  const std::vector<Scenario>& all = runtime::all_scenarios();
  for (const std::string& name : arguments.names) {
    if (std::none_of(all.begin(), all.end(),
                     [&](const Scenario& scenario) { return selects(name, scenario); }))
      return &name;
  }
  return nullptr;
}

int list_scenarios() {
  for (const Scenario& scenario : runtime::all_scenarios())
    fmt::print("{:<44} {}\n", scenario.name, scenario.claim);
  return 0;
}

int replay_token(const std::string& token) {
  runtime::Replayed replayed = runtime::replay(token);
  if (!replayed.problem.empty()) {
    fmt::print(stderr, "kernel_explore: {}\n", replayed.problem);
    return 4;
  }
  if (!replayed.failure) {
    fmt::print("the schedule ends well\n");
    return 0;
  }
  fmt::print("{}", runtime::failure_text(*replayed.failure));
  return 1;
}

int explore_selected(const Arguments& arguments) {
  if (const std::string* name = name_of_nothing(arguments)) {
    fmt::print(stderr, "kernel_explore: no scenario is called {}; --list shows all\n", *name);
    return 4;
  }
  unsigned explored = 0, failed = 0;
  std::uint64_t points = 0, schedules = 0;
  double seconds = 0;
  for (const Scenario& scenario : runtime::all_scenarios()) {
    if (!selected(arguments, scenario)) continue;
    Exploration one = runtime::explore(scenario, arguments.options);
    ++explored;
    points += one.points;
    schedules += one.schedules + one.redundant;
    seconds += one.seconds;
    if (one.failure) {
      ++failed;
      fmt::print("FAILED {}: {} ({}:{})\n{}", scenario.name, scenario.claim, scenario.file,
                 scenario.line, runtime::failure_text(*one.failure));
      std::fflush(stdout);
      if (!arguments.keep_going && runtime::active_mutant != runtime::Mutant::none) break;
    } else if (!arguments.brief) {
      fmt::print("{:<44} {}\n", scenario.name, runtime::coverage_text(one, arguments.options));
      std::fflush(stdout);
    }
  }
  if (explored == 0) {
    fmt::print(stderr,
               "kernel_explore: no scenario is selected; --list shows all, --all takes them\n");
    return 4;
  }
  fmt::print(
      "{} scenarios, {} failed; {} schedules, {} scheduling points, {:.1f} s, {:.0f} points/s\n",
      explored, failed, schedules, points, seconds,
      seconds > 0 ? static_cast<double>(points) / seconds : 0.0);
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  bool plain = false;
  CLI::App app("Runs the kernel's scenarios under every schedule.", "kernel_explore");
  app.add_option("SCENARIO", arguments.names, "names, or what stands before a / in them");
  app.add_flag("--list", arguments.list, "what there is, and what it claims");
  app.add_flag("--all", arguments.all, "every scenario");
  app.add_flag("--brief", arguments.brief, "failures and the sum only");
  app.add_flag("--keep-going", arguments.keep_going,
               "with a mutant: do not stop at the first failure");
  app.add_option("--strategy", arguments.strategy, "dfs (all schedules), pct, random")
      ->check(CLI::IsMember({"dfs", "pct", "random"}));
  app.add_option("--preemptions", arguments.options.preemptions, "dfs: the highest bound (2)")
      ->check(CLI::Range(0u, 20u));
  app.add_option("--schedules", arguments.options.schedules, "stop each scenario after so many");
  app.add_option("--seconds", arguments.options.seconds, "stop each scenario after so long");
  app.add_option("--depth", arguments.options.depth, "pct: depth of the bug (3)")
      ->check(CLI::Range(1u, 10u));
  app.add_option("--seed", arguments.options.seed, "pct, random: of the first schedule (1)");
  app.add_flag("--no-reductions", plain, "dfs: also what cannot show anything new");
  app.add_option("--replay", arguments.token, "repeat one schedule");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 4;
  }
  arguments.options.reductions = !plain;
  arguments.options.strategy = arguments.strategy == "pct"      ? StrategyKind::kPct
                               : arguments.strategy == "random" ? StrategyKind::kRandom
                                                                : StrategyKind::kDepthFirst;
  if (arguments.list) return list_scenarios();
  if (!arguments.token.empty()) return replay_token(arguments.token);
  return explore_selected(arguments);
}
