#include "runtime/heddle_python/scheduled_run.h"

#include <cstdio>
#include <limits>
#include <memory>

#include "runtime/base/scheduler.h"
#include "runtime/base/strategies.h"

namespace runtime {

namespace {

constexpr int kScheduleFailed = 3;
constexpr unsigned kPctDepth = 3;
constexpr unsigned kPctExpectedSteps = 2'000'000;

// What the body of the execution, which has no parameters, runs and leaves. Outside of it, and
// written by it alone.
struct Program {
  const CommandLine* command;
  int (*run)(const CommandLine& command);
  int status;
};
Program program;

std::unique_ptr<machine::Strategy> strategy_of(const CommandLine& command) {
  if (command.schedules_by_priority) {
    return std::make_unique<machine::Pct>(command.schedule_seed, kPctDepth, kPctExpectedSteps);
  }
  return std::make_unique<machine::UniformRandom>(command.schedule_seed);
}

}  // namespace

int run_scheduled(const CommandLine& command, int (*run)(const CommandLine& command)) {
  program = {.command = &command, .run = run, .status = 0};
  machine::ExecutionOptions options;
  options.step_limit = std::numeric_limits<unsigned>::max();
  options.check_leaks = false;  // what the C++ library keeps for itself is no concern of a program
  const std::unique_ptr<machine::Strategy> strategy = strategy_of(command);
  const machine::ExecutionResult result = machine::run_execution(
      [] { program.status = program.run(*program.command); }, *strategy, options);
  if (result.ending == machine::Ending::kFinished) return program.status;
  std::fflush(stdout);
  std::fprintf(stderr, "heddle-python: under this schedule something is wrong: %s (%s)\n%s",
               result.sentence.c_str(), result.place.c_str(), result.details.c_str());
  std::fprintf(stderr, "repeat: the same command with --seed %llu\n",
               static_cast<unsigned long long>(command.schedule_seed));
  return kScheduleFailed;
}

}  // namespace runtime
