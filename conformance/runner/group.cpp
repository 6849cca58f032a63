#include "conformance/runner/group.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "conformance/outcome/grading.h"
#include "conformance/outcome/value.h"
#include "conformance/ports/sanitizer_log.h"
#include "conformance/runner/history_judge.h"

namespace conformance {
namespace {

constexpr double kDefaultPatience = 20;

std::vector<std::string> fact_names(const Catalogue& catalogue) {
  std::vector<std::string> names = known_fact_names();
  for (const Feature& feature : catalogue.features) names.push_back(feature.name);
  return names;
}

double patience_of(const Case& one) { return one.scenario->timeout.value_or(kDefaultPatience); }

Observation unrun(Observation::Ending ending, std::string detail) {
  Observation observation;
  observation.ending = ending;
  observation.ending_detail = std::move(detail);
  return observation;
}

// What the process itself says of its static facts must be what the probe found: otherwise every
// condition was decided wrongly.
std::string lie(const ProbeResult& probe, const HelloEvent& hello) {
  for (const char* name : {"version", "implementation", "free_threaded", "gil_enabled"}) {
    const auto probed = probe.facts.find(name);
    const auto said = hello.facts.find(name);
    if (said == hello.facts.end() || probed == probe.facts.end()) continue;
    if (to_string(probed->second) != to_string(said->second)) {
      return fmt::format(
          "{} was {} when the port was probed and is {} now: two starts of it differ", name,
          to_string(probed->second), to_string(said->second));
    }
  }
  return {};
}

class GroupRun {
 public:
  GroupRun(const Group& group, const GroupSettings& settings, const std::atomic<bool>& stop,
           const ResultSink& sink)
      : group_(group), settings_(settings), stop_(stop), sink_(sink) {}

  void shared() {
    std::vector<Case> rest = group_.cases;
    while (!rest.empty() && !stop_.load()) rest = one_process(rest);
  }

  void unsafe_case() {
    const Case& one = group_.cases.front();
    Observation total;
    Canary canary;
    for (int start = 0; start < settings_.effort.unsafe_processes && !stop_.load(); ++start) {
      DriverRun run = run_driver(run_settings(one), plan({one}), stop_);
      if (run.interrupted) return;
      judge(run, {one});
      add(total, observation_of_single(run, one, true));
      canary = run.canary;
      if (total.ending == Observation::Ending::SpecProblem ||
          total.ending == Observation::Ending::HarnessError)
        break;
    }
    if (!stop_.load()) sink_(one, std::move(total), canary, settings_.probe->facts);
  }

  void process_case() {
    const Case& one = group_.cases.front();
    Observation total;
    for (int sample = 0; sample < settings_.effort.process_samples && !stop_.load(); ++sample) {
      const DriverRun run = run_driver(run_settings(one), plan({one}), stop_);
      if (run.interrupted) return;
      add(total, observation_of_single(run, one, is_unsafe(one)));
      if (total.ending != Observation::Ending::Finished) break;
    }
    if (!stop_.load()) sink_(one, std::move(total), {}, settings_.probe->facts);
  }

  void command_case() {
    const Case& one = group_.cases.front();
    Observation total;
    for (int sample = 0; sample < settings_.effort.command_samples && !stop_.load(); ++sample) {
      add(total, command_sample(one));
      if (total.ending != Observation::Ending::Finished) break;
    }
    if (!stop_.load()) sink_(one, std::move(total), {}, settings_.probe->facts);
  }

 private:
  DriverRunSettings run_settings(const Case& one) const {
    DriverRunSettings settings;
    settings.port = settings_.port;
    settings.options = one.process->options;
    settings.environment = one.process->environment;
    settings.patience = patience_of(one);
    settings.start_patience = 5 + 20 * settings_.probe->seconds;
    settings.canary_patience = settings.start_patience + 2 * settings_.effort.canary_seconds;
    if (one.scenario->kind == Kind::Process) {
      settings.options.insert(settings.options.end(), one.scenario->options.begin(),
                              one.scenario->options.end());
      for (const auto& [name, value] : one.scenario->environment)
        settings.environment[name] = value;
    }
    return settings;
  }

  DriverPlan plan(const std::vector<Case>& cases) const {
    DriverPlan made;
    made.seed = settings_.seed;
    made.canary_seconds = settings_.effort.canary_seconds;
    made.facts = settings_.probe->facts;
    made.fact_names = fact_names(*settings_.catalogue);
    for (const Case& one : cases) {
      made.cases.push_back({one, settings_.effort.litmus_seconds, settings_.effort.script_samples});
    }
    return made;
  }

  bool is_unsafe(const Case& one) const {
    return strength_for(*one.scenario, settings_.probe->facts) == Strength::Unsafe;
  }

  // One process over `cases`; hands over what is certain; returns what is left to run.
  std::vector<Case> one_process(const std::vector<Case>& cases) {
    DriverRunSettings settings = run_settings(cases.front());
    for (const Case& one : cases) settings.patience_of_case[one.driver_id()] = patience_of(one);
    DriverRun run = run_driver(settings, plan(cases), stop_);
    if (run.interrupted) {
      hand_over_ended(run, cases);
      return {};
    }
    if (const std::string trouble = process_trouble(run); !trouble.empty()) {
      hand_over_all(cases, unrun(Observation::Ending::HarnessError, trouble), run);
      return {};
    }
    judge(run, cases);
    const bool sound = run.bye && run.ending && run.ending->exited && run.ending->status == 0;
    if (sound) {
      hand_over_finished(run, cases);
      return {};
    }
    return after_a_bad_end(run, cases);
  }

  // Reasons for which nothing that this process said can be used.
  std::string process_trouble(const DriverRun& run) const {
    if (!run.start_error.empty()) return run.start_error;
    if (run.hello && run.hello->protocol != 1) {
      return fmt::format("it speaks version {} of the protocol, this judge speaks 1",
                         run.hello->protocol);
    }
    if (run.hello) return lie(*settings_.probe, *run.hello);
    return fmt::format("the port answered the probe, and now ended before it said anything ({})",
                       run.how_it_ended());
  }

  Facts facts_of(const DriverRun& run) const {
    Facts facts = settings_.probe->facts;
    if (run.hello) {
      for (const auto& [name, fact] : run.hello->facts) facts[name] = fact;
      for (const MissingFeature& missing : settings_.port->lacks) facts[missing.feature] = false;
    }
    return facts;
  }

  // What was recorded is checked once the process is gone. A history that is none is the harness's
  // trouble, whatever else there is to say.
  void judge(DriverRun& run, const std::vector<Case>& cases) const {
    for (const Case& one : cases) {
      if (!one.scenario->history) continue;
      CaseRecord& record = run.cases[one.driver_id()];
      HistoryVerdict verdict = judge_histories(*one.scenario->history, record.clock,
                                               record.histories, JudgeLimits{}, stop_);
      record.histories.clear();
      record.observation.history = std::move(verdict.evidence);
      if (verdict.complaint.empty()) continue;
      run.protocol_errors.insert(
          run.protocol_errors.begin(),
          fmt::format("a history of {}: {}", one.driver_id(), verdict.complaint));
      ++run.protocol_error_count;
    }
  }

  void hand_over(const DriverRun& run, const Case& one, Observation observation) {
    sink_(one, std::move(observation), run.canary, facts_of(run));
  }

  void hand_over_all(const std::vector<Case>& cases, const Observation& observation,
                     const DriverRun& run) {
    for (const Case& one : cases) hand_over(run, one, observation);
  }

  void hand_over_ended(DriverRun& run, const std::vector<Case>& cases) {
    for (const Case& one : cases) {
      CaseRecord& record = run.cases[one.driver_id()];
      if (record.ended) hand_over(run, one, std::move(record.observation));
    }
  }

  void hand_over_finished(DriverRun& run, const std::vector<Case>& cases) {
    for (const Case& one : cases) {
      CaseRecord& record = run.cases[one.driver_id()];
      if (record.ended && run.protocol_error_count == 0) {
        hand_over(run, one, std::move(record.observation));
      } else if (record.ended) {
        record.observation.ending = Observation::Ending::HarnessError;
        record.observation.ending_detail =
            "the port wrote into the events what the driver did not: " +
            run.protocol_errors.front();
        hand_over(run, one, std::move(record.observation));
      } else {
        hand_over(run, one,
                  unrun(Observation::Ending::HarnessError,
                        "the process ended well but said nothing of this case"));
      }
    }
  }

  // The process died or hung. Everything that had ended stands; the case that was running is the
  // culprit.
  std::vector<Case> after_a_bad_end(DriverRun& run, const std::vector<Case>& cases) {
    const bool last_ended = !run.current.empty() && run.cases[run.current].ended;
    const bool nothing_left = std::all_of(cases.begin(), cases.end(), [&](const Case& one) {
      return run.cases[one.driver_id()].ended;
    });
    if (last_ended && (run.bye || nothing_left))
      run.cases[run.current].ended = false;  // it died on its way out: the last case's doing
    std::vector<Case> rest;
    bool found = false;
    for (const Case& one : cases) {
      CaseRecord& record = run.cases[one.driver_id()];
      if (one.driver_id() == run.current && !record.ended) {
        found = true;
        record.observation = ended_badly(run, std::move(record.observation));
        if (cases.size() > 1 || settings_.effort.confirmations > 0)
          confirm(one, record.observation);
        hand_over(run, one, std::move(record.observation));
      } else if (record.ended) {
        hand_over(run, one, std::move(record.observation));
      } else {
        rest.push_back(one);
      }
    }
    if (found) return rest;
    // It died between cases, or in the canary: nobody in particular did it. Go on, but never twice
    // in the same place.
    if (rest.size() == cases.size() && ++fruitless_ >= 2) {
      hand_over_all(rest, ended_badly(run, {}), run);
      return {};
    }
    return rest;
  }

  Observation ended_badly(const DriverRun& run, Observation observation) const {
    if (run.hung) {
      observation.ending = Observation::Ending::Hung;
      observation.ending_detail = run.bye ? "the process did not end after its last case"
                                          : "no sign of life within the time limit";
    } else {
      observation.ending = Observation::Ending::Crashed;
      observation.ending_detail = run.ending ? run.ending->to_string() : "it ended";
      if (run.bye) observation.ending_detail += " when the process ended";
    }
    if (run.protocol_error_count > 0)
      observation.ending_detail += "; last event: " + run.protocol_errors.back();
    observation.stacks = run.stacks;
    observation.error_output = run.error_output;
    return observation;
  }

  void confirm(const Case& one, Observation& observation) {
    for (int attempt = 0; attempt < settings_.effort.confirmations && !stop_.load(); ++attempt) {
      const DriverRun run = run_driver(run_settings(one), plan({one}), stop_);
      if (run.interrupted) return;
      ++observation.confirmations;
      const bool sound = run.bye && run.ending && run.ending->exited && run.ending->status == 0;
      if (!sound) ++observation.confirmed;
    }
  }

  // A process that ran just this case, as an observation. With `unsafe`, dying and hanging are
  // outcomes.
  Observation observation_of_single(const DriverRun& run, const Case& one, bool unsafe) const {
    if (const std::string trouble = process_trouble(run);
        !trouble.empty() && !(unsafe && run.hello)) {
      // A process whose options make the interpreter refuse to start says nothing: with a command
      // case one looks at that.
      return unrun(Observation::Ending::HarnessError, trouble);
    }
    const auto found = run.cases.find(one.driver_id());
    Observation observation = found != run.cases.end() ? found->second.observation : Observation{};
    if (!observation.problems.empty()) {
      observation.ending = Observation::Ending::SpecProblem;
      return observation;
    }
    const bool sound = run.bye && run.ending && run.ending->exited && run.ending->status == 0;
    if (sound) {
      if (observation.ending != Observation::Ending::Finished || run.protocol_error_count > 0) {
        return unrun(Observation::Ending::HarnessError,
                     run.protocol_error_count > 0
                         ? "bad events: " + run.protocol_errors.front()
                         : "the process ended well but said nothing of this case");
      }
      return observation;
    }
    observation = ended_badly(run, std::move(observation));
    if (!unsafe) return observation;
    OutcomeCount ending;
    ending.text =
        run.hung ? "hung" : fmt::format("crashed({})", run.ending ? run.ending->name() : "unknown");
    ending.count = 1;
    observation.outcomes.push_back(ending);
    observation.samples += 1;
    observation.ending = Observation::Ending::Finished;
    return observation;
  }

  static void add(std::optional<HistoryEvidence>& total, HistoryEvidence more) {
    if (!total) {
      total = std::move(more);
      return;
    }
    total->programs += more.programs;
    total->distinct += more.distinct;
    total->linearizable += more.linearizable;
    total->not_linearizable += more.not_linearizable;
    total->undecided += more.undecided;
    total->failing_samples += more.failing_samples;
    if (total->why_undecided.empty()) total->why_undecided = std::move(more.why_undecided);
    if (!total->failure.empty()) return;
    total->failure = std::move(more.failure);
    total->failure_reason = std::move(more.failure_reason);
  }

  static void add(Observation& total, Observation more) {
    for (OutcomeCount& outcome : more.outcomes) {
      auto found = std::find_if(total.outcomes.begin(), total.outcomes.end(),
                                [&](const OutcomeCount& one) { return one.text == outcome.text; });
      if (found == total.outcomes.end()) {
        total.outcomes.push_back(std::move(outcome));
      } else {
        found->count += outcome.count;
      }
    }
    total.samples += more.samples;
    total.seconds += more.seconds;
    if (more.overlapped) total.overlapped = total.overlapped.value_or(0) + *more.overlapped;
    if (more.history) add(total.history, std::move(*more.history));
    merge_races(total.races, more.races);
    total.problems.insert(total.problems.end(), more.problems.begin(), more.problems.end());
    for (Note& note : more.notes) {
      const bool known = std::any_of(total.notes.begin(), total.notes.end(), [&](const Note& one) {
        return one.kind == note.kind && one.text == note.text;
      });
      if (!known) total.notes.push_back(std::move(note));
    }
    total.ending = more.ending;
    if (!more.ending_detail.empty()) total.ending_detail = more.ending_detail;
    if (!more.stacks.empty()) total.stacks = more.stacks;
    if (!more.error_output.empty()) total.error_output = more.error_output;
  }

  Observation command_sample(const Case& one) {
    ChildCommand command;
    command.arguments = settings_.port->command;
    command.arguments.insert(command.arguments.end(), one.process->options.begin(),
                             one.process->options.end());
    command.arguments.insert(command.arguments.end(), one.scenario->options.begin(),
                             one.scenario->options.end());
    command.environment = settings_.port->environment;
    for (const auto* more : {&one.process->environment, &one.scenario->environment}) {
      for (const auto& [name, value] : *more) command.environment[name] = value;
    }
    std::string error;
    std::unique_ptr<ChildProcess> child = ChildProcess::start(command, error);
    if (child == nullptr) return unrun(Observation::Ending::HarnessError, error);
    const double scale = settings_.port->sanitizer.empty() ? 1 : 20;
    const bool ended = wait_for(*child, patience_of(one) * scale);
    child->kill_group();
    Observation observation;
    observation.samples = 1;
    if (!ended) {
      observation.ending = Observation::Ending::Hung;
      observation.ending_detail = "no end within the time limit";
      return as_unsafe(one, std::move(observation), "hung");
    }
    const ChildEnding& ending = *child->ending();
    observation.ending = Observation::Ending::Finished;
    const std::string standard_error = without_last_newline(child->error_output());
    const std::string text = command_text(ending.exited ? ending.status : -ending.status,
                                          without_last_newline(child->output()), standard_error);
    observation.outcomes.push_back({text, 1, {}, {}});
    if (ending.crashed()) {
      observation.error_output = standard_error;
      if (!is_unsafe(one)) {
        observation.ending = Observation::Ending::Crashed;
        observation.ending_detail = ending.to_string();
      }
    }
    return observation;
  }

  Observation as_unsafe(const Case& one, Observation observation, const char* outcome) const {
    if (!is_unsafe(one)) return observation;
    observation.ending = Observation::Ending::Finished;
    observation.outcomes.push_back({outcome, 1, {}, {}});
    return observation;
  }

  bool wait_for(ChildProcess& child, double seconds) const {
    for (double waited = 0; waited < seconds && !stop_.load(); waited += 0.05) {
      if (child.wait(std::chrono::milliseconds(50))) return true;
    }
    return child.ending().has_value();
  }

  static std::string without_last_newline(std::string text) {
    if (!text.empty() && text.back() == '\n') text.pop_back();
    if (!text.empty() && text.back() == '\r') text.pop_back();
    return text;
  }

  static std::string command_text(int status, const std::string& standard_output,
                                  const std::string& standard_error) {
    const Value output{Value::Type::Text, standard_output, {}};
    const Value errors{Value::Type::Text, standard_error, {}};
    return fmt::format("status={}, stdout={}, stderr={}", status, to_string(output),
                       to_string(errors));
  }

  const Group& group_;
  const GroupSettings& settings_;
  const std::atomic<bool>& stop_;
  const ResultSink& sink_;
  int fruitless_ = 0;
};

}  // namespace

void run_group(const Group& group, const GroupSettings& settings, const std::atomic<bool>& stop,
               const ResultSink& sink) {
  GroupRun run(group, settings, stop, sink);
  switch (group.kind) {
    case GroupKind::Shared:
      run.shared();
      break;
    case GroupKind::Unsafe:
      run.unsafe_case();
      break;
    case GroupKind::Process:
      run.process_case();
      break;
    case GroupKind::Command:
      run.command_case();
      break;
  }
}

}  // namespace conformance
