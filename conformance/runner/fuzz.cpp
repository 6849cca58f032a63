#include "conformance/runner/fuzz.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <set>
#include <utility>

#include "conformance/runner/driver_run.h"
#include "conformance/runner/machine_lock.h"

namespace conformance {
namespace {

using Clock = std::chrono::steady_clock;

constexpr double kRoundSeconds = 5, kFirstRoundSeconds = 2;
constexpr double kMeasureSeconds = 3;  // of the program that was found, and of the last one
constexpr double kLeastCandidate = 0.3, kMostCandidate = 2;
constexpr std::size_t kMostCandidates = 24;  // in one process

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// The family of scenarios that one start of the port plays.
struct Families {
  Family family;
  explicit Families(const std::string& model) {
    family.id = "fuzz/" + model;
    family.file = "fuzz";
    family.processes = {ProcessRow{}};
  }
  void add(const HistoryClaim& claim) {
    Scenario scenario;
    scenario.kind = Kind::History;
    scenario.name = fmt::format("program_{}", family.scenarios.size());
    scenario.strengths = {StrengthRow{}};
    scenario.history = claim;
    family.scenarios.push_back(std::move(scenario));
  }
};

bool is_parallel(const Facts& facts) {
  const auto found = facts.find("parallel");
  return found != facts.end() && found->second == Fact(true);
}

class Fuzzer {
 public:
  Fuzzer(const FuzzSettings& settings, const FuzzObserver& observer, const std::atomic<bool>& stop)
      : settings_(settings), observer_(observer), stop_(stop), began_(Clock::now()) {}

  FuzzReport run() {
    look();
    if (report_.found && report_.trouble.empty() && !stop_.load()) shrink();
    report_.interrupted = stop_.load();
    return std::move(report_);
  }

 private:
  // One start of the port. False when it could not be judged; report_.trouble says why.
  bool play(const Families& families, double seconds, std::uint64_t seed, DriverRun& run) {
    std::optional<MachineLock> machine;
    std::string trouble;
    if (is_parallel(settings_.probe->facts)) machine.emplace(machine_lock_path(), stop_, trouble);
    DriverRunSettings run_settings;
    run_settings.port = settings_.port;
    run_settings.start_patience = 5 + 20 * settings_.probe->seconds;
    run_settings.canary_patience = run_settings.start_patience;
    DriverPlan plan;
    plan.seed = seed;
    plan.facts = settings_.probe->facts;
    for (const Scenario& scenario : families.family.scenarios) {
      const Case one{&families.family, &scenario, nullptr, &families.family.processes[0]};
      plan.cases.push_back({one, seconds, 1});
    }
    run = run_driver(run_settings, plan, stop_);
    if (run.interrupted) return false;
    if (run.bye && run.protocol_error_count == 0) {
      for (const auto& [id, record] : run.cases) {
        for (const SpecProblem& problem : record.observation.problems)
          report_.trouble = fmt::format("{}: {}", problem.phase, problem.message);
      }
      return report_.trouble.empty();
    }
    report_.trouble = run.how_it_ended();
    report_.died = run.hello.has_value() && !run.bye && run.start_error.empty();
    return false;
  }

  HistoryVerdict judge(const Families& families, std::size_t index, DriverRun& run) const {
    const Scenario& scenario = families.family.scenarios[index];
    const Case one{&families.family, &scenario, nullptr, &families.family.processes[0]};
    const CaseRecord& record = run.cases[one.driver_id()];
    return judge_histories(*scenario.history, record.clock, record.histories, JudgeLimits{}, stop_);
  }

  CaseRecord& record_of(const Families& families, std::size_t index, DriverRun& run) const {
    return run.cases[Case{&families.family, &families.family.scenarios[index], nullptr,
                          &families.family.processes[0]}
                         .driver_id()];
  }

  void look() {
    for (std::uint64_t round = 0; !stop_.load() && !report_.found; ++round) {
      const double left = settings_.budget - seconds_since(began_);
      if (round > 0 && left < 0.2) return;
      const double wanted =
          round == 0 ? kFirstRoundSeconds : std::max(kRoundSeconds, 3 * settings_.probe->seconds);
      Families families(settings_.claim.model);
      families.add(settings_.claim);
      DriverRun run;
      const std::uint64_t seed = settings_.seed + round;
      const bool sound = play(families, std::clamp(left, 0.2, wanted), seed, run);
      count(families, run, seed);
      if (!sound) return;
      if (observer_.on_round) observer_.on_round(report_.counts);
    }
  }

  void count(const Families& families, DriverRun& run, std::uint64_t seed) {
    HistoryVerdict verdict = judge(families, 0, run);
    const CaseRecord& record = record_of(families, 0, run);
    FuzzCounts& counts = report_.counts;
    counts.seconds = seconds_since(began_);
    counts.programs += verdict.evidence.programs;
    counts.runs += record.observation.samples;
    counts.overlapped += record.observation.overlapped.value_or(0);
    counts.histories += verdict.evidence.distinct;
    counts.undecided += verdict.evidence.undecided;
    counts.clock = verdict.evidence.clock;
    counts.resolution = verdict.evidence.resolution;
    if (!verdict.complaint.empty()) report_.trouble = verdict.complaint;
    if (!verdict.failing || !report_.trouble.empty()) return;
    report_.seed = seed;
    MeasuredProgram found;
    found.start = verdict.failing->history.metadata;
    for (const HistoryEvent& event : record.histories) {
      if (event.program == verdict.failing->program) found.program = program_of(event);
    }
    found.runs = verdict.failing->runs;
    found.failing = verdict.failing->failing_runs;
    found.example = std::move(verdict.failing);
    report_.found = std::move(found);
  }

  static Program program_of(const HistoryEvent& event) {
    Program program;
    for (const std::vector<HistoryEvent::Call>& thread : event.threads) {
      std::vector<ProgramCall>& calls = program.emplace_back();
      for (const HistoryEvent::Call& call : thread) {
        ProgramCall one{call.method, {}};
        ValueError error;
        for (const std::string& text : call.arguments)
          one.arguments.push_back(parse_value(text, error).value_or(Value{}));
        calls.push_back(std::move(one));
      }
    }
    return program;
  }

  // --- making it smaller

  HistoryClaim claim_of(const MeasuredProgram& one) const {
    HistoryClaim claim;
    claim.model = settings_.claim.model;
    claim.bound = one.start.bound;
    claim.program = {to_string(one.program), 1};
    claim.threads = static_cast<int>(one.program.size());
    if (one.start.initial) claim.initial = to_string(*one.start.initial);
    return claim;
  }

  bool measure(std::vector<MeasuredProgram>& programs, double seconds) {
    Families families(settings_.claim.model);
    for (const MeasuredProgram& one : programs) families.add(claim_of(one));
    DriverRun run;
    if (!play(families, seconds, ++measurements_ + settings_.seed * 1000, run)) return false;
    for (std::size_t index = 0; index < programs.size(); ++index) {
      HistoryVerdict verdict = judge(families, index, run);
      MeasuredProgram& one = programs[index];
      one.runs += record_of(families, index, run).observation.samples;
      one.failing += verdict.evidence.failing_samples;
      if (verdict.failing) one.example = std::move(verdict.failing);
    }
    return true;
  }

  bool time_left() const {
    return !stop_.load() && seconds_since(shrinking_since_) < settings_.shrink_budget;
  }

  // Seconds in which the program, at its rate, should fail some times.
  static double patience_for(const MeasuredProgram& one, double seconds_measured) {
    if (one.failing == 0) return kMostCandidate;
    return std::clamp(5 * seconds_measured / static_cast<double>(one.failing), kLeastCandidate,
                      kMostCandidate);
  }

  static std::vector<MeasuredProgram> smaller(const MeasuredProgram& program) {
    std::vector<MeasuredProgram> found = cuts_of(program);
    for (MeasuredProgram& one : without_halves(program)) found.push_back(std::move(one));
    for (MeasuredProgram& one : smaller_by_one(program)) found.push_back(std::move(one));
    return found;
  }

  // Plays the candidates, a process for some of them at a time, and takes the smallest that failed.
  bool step(MeasuredProgram& current, std::vector<MeasuredProgram> candidates, double seconds) {
    for (std::size_t first = 0; first < candidates.size() && time_left();
         first += kMostCandidates) {
      const std::size_t end = std::min(candidates.size(), first + kMostCandidates);
      std::vector<MeasuredProgram> some(candidates.begin() + static_cast<std::ptrdiff_t>(first),
                                        candidates.begin() + static_cast<std::ptrdiff_t>(end));
      if (!measure(some, seconds)) return false;
      const MeasuredProgram* best = nullptr;
      for (const MeasuredProgram& one : some) {
        if (one.failing == 0) continue;
        if (best == nullptr || std::pair(one.operations(), -one.failing) <
                                   std::pair(best->operations(), -best->failing)) {
          best = &one;
        }
      }
      if (best == nullptr) continue;
      current = *best;
      if (observer_.on_smaller) observer_.on_smaller(current);
      return true;
    }
    return false;
  }

  void shrink() {
    shrinking_since_ = Clock::now();
    MeasuredProgram current = *report_.found;
    current.runs = current.failing = 0;
    std::vector<MeasuredProgram> alone = {current};
    while (alone[0].failing == 0 && seconds_since(shrinking_since_) < settings_.shrink_budget / 2 &&
           !stop_.load()) {
      if (!measure(alone, kMeasureSeconds)) return shrinking_failed();
    }
    if (alone[0].failing == 0) {
      alone[0].example = report_.found->example;
      report_.smallest = std::move(alone[0]);
      return;
    }
    current = alone[0];
    const double patience = patience_for(current, kMeasureSeconds);
    while (time_left() && step(current, smaller(current), patience)) {
    }
    if (!report_.trouble.empty()) return shrinking_failed();
    std::vector<MeasuredProgram> last = {current};
    last[0].runs = last[0].failing = 0;
    if (!stop_.load()) measure(last, kMeasureSeconds);
    report_.smallest = last[0].failing > 0 ? std::move(last[0]) : std::move(current);
  }

  // The port died while the program was being made smaller: what was found stands.
  void shrinking_failed() { report_.smallest = report_.found; }

  const FuzzSettings& settings_;
  const FuzzObserver& observer_;
  const std::atomic<bool>& stop_;
  const Clock::time_point began_;
  Clock::time_point shrinking_since_;
  std::uint64_t measurements_ = 0;
  FuzzReport report_;
};

void drop_empty_threads(Program& program) {
  std::erase_if(program, [](const std::vector<ProgramCall>& thread) { return thread.empty(); });
}

MeasuredProgram changed(const MeasuredProgram& from, Program program) {
  drop_empty_threads(program);
  return {from.start, std::move(program), 0, 0, std::nullopt};
}

}  // namespace

std::size_t MeasuredProgram::operations() const {
  std::size_t sum = 0;
  for (const std::vector<ProgramCall>& thread : program) sum += thread.size();
  return sum;
}

std::vector<MeasuredProgram> smaller_by_one(const MeasuredProgram& program) {
  std::vector<MeasuredProgram> found;
  for (std::size_t thread = 0; program.program.size() > 2 && thread < program.program.size();
       ++thread) {
    Program less = program.program;
    less.erase(less.begin() + static_cast<std::ptrdiff_t>(thread));
    found.push_back(changed(program, std::move(less)));
  }
  for (std::size_t thread = 0; thread < program.program.size(); ++thread) {
    for (std::size_t index = 0; index < program.program[thread].size(); ++index) {
      Program less = program.program;
      less[thread].erase(less[thread].begin() + static_cast<std::ptrdiff_t>(index));
      MeasuredProgram one = changed(program, std::move(less));
      if (!one.program.empty()) found.push_back(std::move(one));
    }
  }
  if (!program.start.initial) return found;
  const std::size_t width = program.start.initial->type == Value::Type::Dict ? 2 : 1;
  for (std::size_t at = 0; at + width <= program.start.initial->items.size(); at += width) {
    MeasuredProgram one = changed(program, program.program);
    std::vector<Value>& items = one.start.initial->items;
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(at),
                items.begin() + static_cast<std::ptrdiff_t>(at + width));
    found.push_back(std::move(one));
  }
  return found;
}

std::vector<MeasuredProgram> without_halves(const MeasuredProgram& program) {
  std::vector<MeasuredProgram> found;
  for (std::size_t thread = 0; thread < program.program.size(); ++thread) {
    const auto half = static_cast<std::ptrdiff_t>(program.program[thread].size() / 2);
    if (half < 2) continue;
    Program first = program.program, second = program.program;
    first[thread].erase(first[thread].begin() + half, first[thread].end());
    second[thread].erase(second[thread].begin(), second[thread].begin() + half);
    found.push_back(changed(program, std::move(first)));
    found.push_back(changed(program, std::move(second)));
  }
  return found;
}

std::vector<MeasuredProgram> cuts_of(const MeasuredProgram& program) {
  std::vector<MeasuredProgram> found;
  if (!program.example || program.example->check.core.empty()) return found;
  const std::vector<std::size_t>& core = program.example->check.core;
  const std::vector<Operation>& operations = program.example->history.operations;
  std::set<std::size_t> kept(core.begin(), core.end());
  const auto add = [&] {
    Program less;
    std::size_t at = 0;
    for (const std::vector<ProgramCall>& thread : program.program) {
      std::vector<ProgramCall>& calls = less.emplace_back();
      for (const ProgramCall& call : thread) {
        if (kept.contains(at++)) calls.push_back(call);
      }
    }
    MeasuredProgram one = changed(program, std::move(less));
    if (!one.program.empty() && one.operations() < program.operations())
      found.push_back(std::move(one));
  };
  add();
  for (const std::size_t index : core) {
    for (std::size_t other = 0; other < operations.size(); ++other) {
      if (!precedes(operations[index], operations[other], 1) &&
          !precedes(operations[other], operations[index], 1))
        kept.insert(other);
    }
  }
  add();
  return found;
}

FuzzReport fuzz(const FuzzSettings& settings, const FuzzObserver& observer,
                const std::atomic<bool>& stop) {
  return Fuzzer(settings, observer, stop).run();
}

}  // namespace conformance
