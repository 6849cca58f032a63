#include "fuzz/programs/scheduled_run.h"

#include <cstdlib>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "fuzz/programs/byte_schedule.h"
#include "fuzz/programs/iterators_container.h"
#include "fuzz/programs/judge.h"
#include "runtime/base/scenario.h"
#include "runtime/base/schedule_trace.h"
#include "runtime/object/values_test_support.h"
#include "runtime/threads/attach.h"

namespace fuzzing {

using namespace runtime;

namespace {

constexpr std::uint8_t kMadeElsewhere = 0x40;
constexpr unsigned kStepLimit = 100'000;  // the longest programs need a fifth of it

// What a run needs outside the memory of the execution.
struct Run {
  const ContainerKind* kind = nullptr;
  Program program;
  Recorder recorder;
  Recorder::OfThread initial;  // only its numbers
  std::int64_t clock = 0;      // counts calls and returns: the scheduler runs one thread at a time
  ByteSchedule* schedule = nullptr;

  [[nodiscard]] std::span<const std::int64_t> initial_numbers() const {
    return std::span(initial.numbers).first(initial.used);
  }
};
Run run;
unsigned points = 0;

void do_steps(ThreadState& thread, unsigned number, Subject& subject) {
  for (const Step& step : run.program.steps[number]) {
    const Action* action = action_of(*run.kind, run.program.loose(), step);
    if (action == nullptr) continue;
    perform(*action, thread, number, subject, run.recorder.threads[number], step.argument,
            [] { return ++run.clock; });
  }
}

void build(ThreadState& thread, Subject& subject) {
  NumberWriter initial(run.initial);
  build_subject(*run.kind, thread, run.program, subject, initial);
}

void start_threads(const std::vector<ThreadState*>& states, Subject& subject) {
  std::vector<Thread> threads;
  threads.reserve(states.size());
  for (unsigned i = 0; i < states.size(); ++i) {
    threads.emplace_back([&subject, i, state = states[i]] {
      Attached attached(*state);
      do_steps(*state, i, subject);
    });
  }
  run.schedule->begin();
  for (Thread& thread : threads) thread.join();
}

// The body of the execution.
void execute() {
  ValueKernel kernel;
  ThreadState& here = kernel.here();
  Subject subject;
  std::vector<ThreadState*> states;
  for (unsigned i = 0; i < run.program.threads; ++i)
    states.push_back(kernel.kernel.world().create_thread());
  const bool made_here = (run.program.kind & kMadeElsewhere) != 0;
  if (made_here) build(here, subject);
  {
    Detached detached(here);
    if (!made_here) {
      Attached attached(*states[0]);
      build(*states[0], subject);
    }
    start_threads(states, subject);
  }
  perform(run.kind->observe, here, kThreads, subject, run.recorder.threads[kThreads], 0,
          [] { return ++run.clock; });
  subject = Subject{};
  for (ThreadState* state : states) kernel.kernel.world().destroy_thread(state);
}

Judge& judge_of(const ContainerKind& kind) {
  static std::map<const ContainerKind*, std::unique_ptr<Judge>> judges;
  std::unique_ptr<Judge>& judge = judges[&kind];
  if (!judge) judge = std::make_unique<Judge>(kind);
  return *judge;
}

std::string complaint() {
  if (run.kind == &iterators_kind)
    return iterator_complaint(run.program, run.recorder, run.initial_numbers());
  return judge_of(*run.kind).complaint(run.program, run.recorder, run.initial_numbers(), 1);
}

}  // namespace

unsigned points_of_last_run() { return points; }

std::string running_program_text() {
  if (run.kind == nullptr) return "";
  return program_text(*run.kind, run.program, run.recorder, run.initial_numbers());
}

std::string run_scheduled(const ContainerKind& kind, std::span<const std::uint8_t> bytes,
                          const RunOptions& options) {
  run.kind = &kind;
  run.program = read_program(bytes);
  run.recorder.clear();
  run.initial.used = 0;
  run.clock = 0;
  ByteSchedule schedule(run.program.schedule);
  run.schedule = &schedule;
  machine::ExecutionOptions execution_options;
  execution_options.step_limit = kStepLimit;
  execution_options.quick_when_alone = true;
  execution_options.record = options.record;
  const machine::ExecutionResult result =
      machine::run_execution(&execute, schedule, execution_options);
  points = result.steps;
  std::string sentence;
  if (result.ending == machine::Ending::kFailed) {
    sentence = result.sentence + " (" + result.place + ")\n" + result.details;
  } else {
    sentence = complaint();
    if (!sentence.empty()) sentence += "\n";
  }
  if (sentence.empty()) return "";
  std::string text = "this should have been true: " + sentence + running_program_text();
  return options.record ? text + trace_text(result) : text;
}

}  // namespace fuzzing
