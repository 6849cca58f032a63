// From an observation to a verdict. The reasons for a verdict stand in one list, strongest first,
// each a function that knows its own sentence; the first that applies decides. So the order in
// grading.h can be read off, and no reason knows of another.
#include "conformance/outcome/grading.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

#include "conformance/outcome/outcome_rules.h"
#include "conformance/outcome/wording.h"

namespace conformance {

namespace {

using Ending = Observation::Ending;

constexpr std::size_t kOutcomeWidth = 200;  // of an outcome within a reason

// What the reasons look at.
struct Grading {
  Result result;
  const GradingContext& context;
  std::string skipped;  // why the case does not apply to this process; empty: it does

  bool is_unsafe() const { return result.strength == Strength::Unsafe; }
  Ending ending() const { return result.observation.ending; }
};

struct Judgement {
  Verdict verdict;
  std::string reason;
};
using Reason = std::optional<Judgement>;

// --- the outcome table

int severity(Grade grade) {
  switch (grade) {
    case Grade::Forbidden:
      return 0;
    case Grade::Unspecified:
      return 1;
    case Grade::Interesting:
      return 2;
    case Grade::Required:
      return 3;
    case Grade::Acceptable:
      return 4;
  }
  return 0;
}

// An unsafe case that ended badly has seen one outcome more, unless the runner has counted it
// already.
void count_bad_end(Observation& observation) {
  if (observation.ending != Ending::Crashed && observation.ending != Ending::Hung) return;
  const bool hung = observation.ending == Ending::Hung;
  const std::string text =
      hung ? "hung" : fmt::format("crashed({})", one_line(observation.ending_detail));
  observation.outcomes.push_back({text, 1, {}, {}});
  ++observation.samples;
  observation.ending = Ending::Finished;
}

GradedOutcome graded(const OutcomeCount& outcome, const Rule* rule, const OutcomeRules& rules,
                     bool is_unsafe) {
  GradedOutcome graded;
  graded.text = outcome.text;
  graded.count = outcome.count;
  if (rule != nullptr) {
    graded.grade = rule->grade;
    graded.described = true;
    graded.because = rule->because;
    graded.rule_line = rule->line;
    graded.graded_by_port = rule->matcher == Matcher::When;
    return graded;
  }
  graded.grade = is_unsafe ? Grade::Unspecified : Grade::Forbidden;
  graded.because = "no rule describes this outcome";
  const std::string raised = rules.raised_by(outcome);
  if (!raised.empty()) graded.because += "; " + raised;
  return graded;
}

void fill_outcomes(const Scenario& scenario, Grading& grading) {
  Result& result = grading.result;
  const OutcomeRules rules(scenario, grading.context.facts);
  std::set<const Rule*> seen;
  for (const OutcomeCount& outcome : result.observation.outcomes) {
    const Rule* rule = rules.first_match(outcome);
    seen.insert(rule);
    result.outcomes.push_back(graded(outcome, rule, rules, grading.is_unsafe()));
  }
  result.observation.outcomes.clear();
  std::sort(result.outcomes.begin(), result.outcomes.end(),
            [](const GradedOutcome& left, const GradedOutcome& right) {
              const int l = severity(left.grade), r = severity(right.grade);
              if (l != r) return l < r;
              return left.count != right.count ? left.count > right.count : left.text < right.text;
            });
  for (const Rule* rule : rules.required()) {
    if (!seen.contains(rule)) result.missing.push_back({rule->pattern, rule->because, rule->line});
  }
}

// --- sentences

// "left=1, right=1 (12 of 30 500 samples)"
std::string seen(const GradedOutcome& outcome, const Observation& observation) {
  return fmt::format("{} ({} of {})", shortened(outcome.text, kOutcomeWidth), spaced(outcome.count),
                     counted(observation.samples, "sample"));
}

std::string and_more(std::size_t all) {
  return all > 1 ? fmt::format("; and {} more", all - 1) : std::string();
}

std::string or_else(const std::string& text, const char* otherwise) {
  return text.empty() ? otherwise : text;
}

// --- reasons, strongest first

Reason spec_problem(const Grading& grading) {
  const std::vector<SpecProblem>& problems = grading.result.observation.problems;
  if (grading.ending() != Ending::SpecProblem && problems.empty()) return {};
  if (problems.empty()) {
    return Judgement{Verdict::spec_error, or_else(grading.result.observation.ending_detail,
                                                  "the port found the spec to be wrong")};
  }
  const SpecProblem& first = problems.front();
  const std::string place =
      first.line > 0 ? fmt::format("{}:{}: ", grading.result.file, first.line) : std::string();
  return Judgement{Verdict::spec_error, fmt::format("{}{}: {}{}", place, first.phase, first.message,
                                                    and_more(problems.size()))};
}

Reason harness_error(const Grading& grading) {
  if (grading.ending() != Ending::HarnessError) return {};
  return Judgement{Verdict::harness_error,
                   or_else(grading.result.observation.ending_detail, "no word of what went wrong")};
}

Reason not_run(const Grading& grading) {
  if (grading.ending() != Ending::NotRun) return {};
  if (!grading.skipped.empty()) return Judgement{Verdict::skipped, grading.skipped};
  return Judgement{Verdict::undecided, "it was not run"};
}

Reason bad_end(const Grading& grading) {
  const Observation& observation = grading.result.observation;
  const bool hung = grading.ending() == Ending::Hung;
  if (!hung && grading.ending() != Ending::Crashed) return {};
  const std::string how =
      or_else(observation.ending_detail, hung ? "no sign of life" : "it ended without a word");
  if (observation.confirmations == 0) {
    return Judgement{hung ? Verdict::hung : Verdict::crashed, how};
  }
  const std::string of =
      fmt::format("{} of {} re-runs of it alone", observation.confirmed, observation.confirmations);
  if (observation.confirmed < observation.confirmations) {
    return Judgement{Verdict::flaky, fmt::format("{} once ({}), and so did {}",
                                                 hung ? "hung" : "crashed", how, of)};
  }
  return Judgement{hung ? Verdict::hung : Verdict::crashed, fmt::format("{}; so did {}", how, of)};
}

Reason race(const Grading& grading) {
  const std::vector<RaceReport>& races = grading.result.observation.races;
  if (races.empty() || grading.is_unsafe()) return {};
  const RaceReport& first = races.front();
  const std::string times =
      first.count > 1 ? fmt::format(" ({})", counted(first.count, "report")) : std::string();
  return Judgement{Verdict::race, fmt::format("{}: {}{}{}", or_else(first.kind, "report"),
                                              first.signature, times, and_more(races.size()))};
}

// It ran, in a process that differs from the one that was probed: there the claim says nothing.
Reason does_not_apply(const Grading& grading) {
  if (grading.skipped.empty()) return {};
  return Judgement{Verdict::skipped, grading.skipped};
}

Reason forbidden_outcome(const Grading& grading) {
  const Result& result = grading.result;
  const auto is_forbidden = [](const GradedOutcome& one) { return one.grade == Grade::Forbidden; };
  const auto number = static_cast<std::size_t>(
      std::count_if(result.outcomes.begin(), result.outcomes.end(), is_forbidden));
  if (number == 0) return {};
  const GradedOutcome& worst = result.outcomes.front();
  const std::string text = seen(worst, result.observation);
  if (grading.is_unsafe()) {
    return Judgement{Verdict::unspecified,
                     fmt::format("unsafe, so only recorded: {}: {}", text, worst.because)};
  }
  return Judgement{Verdict::failed,
                   fmt::format("{}: {}: {}{}", worst.described ? "forbidden" : "undescribed", text,
                               worst.because, and_more(number))};
}

Reason no_explanation(const Grading& grading) {
  const std::optional<HistoryEvidence>& history = grading.result.observation.history;
  if (!history || history->not_linearizable == 0) return {};
  const std::string sentence =
      fmt::format("{} ({} of {})", history->failure_reason, spaced(history->failing_samples),
                  counted(grading.result.observation.samples, "sample"));
  if (grading.is_unsafe()) {
    return Judgement{Verdict::unspecified, "unsafe, so only recorded: " + sentence};
  }
  return Judgement{Verdict::not_linearizable, sentence};
}

// What an unsafe case did that no rule foresaw: recorded, and stronger than that something else was
// not seen.
Reason undescribed_unsafe_outcome(const Grading& grading) {
  const std::vector<GradedOutcome>& outcomes = grading.result.outcomes;
  const auto found = std::find_if(outcomes.begin(), outcomes.end(),
                                  [](const GradedOutcome& one) { return !one.described; });
  if (!grading.is_unsafe() || found == outcomes.end()) return {};
  return Judgement{Verdict::unspecified,
                   fmt::format("unsafe, so only recorded: {}: {}",
                               seen(*found, grading.result.observation), found->because)};
}

bool is_bad_end(const GradedOutcome& outcome) {
  return outcome.text == "hung" || outcome.text.starts_with("crashed(");
}

// An unsafe case that died has shown something, whether its threads met or not.
Reason canary_lived(const Grading& grading) {
  const Canary& canary = grading.context.canary;
  const std::vector<GradedOutcome>& outcomes = grading.result.outcomes;
  if (std::any_of(outcomes.begin(), outcomes.end(), is_bad_end)) return {};
  const bool collides = grading.result.kind == Kind::Litmus || grading.result.kind == Kind::History;
  if (!collides || !grading.context.parallel || canary.provoked) {
    return {};
  }
  if (!canary.ran) return Judgement{Verdict::void_, "no canary ran in this process"};
  return Judgement{Verdict::void_,
                   fmt::format("the canary of this process lost no update in {}: its threads did "
                               "not collide",
                               counted(canary.samples, "sample"))};
}

Reason nothing_sampled(const Grading& grading) {
  if (grading.result.observation.samples > 0) return {};
  return Judgement{Verdict::undecided, "no sample finished in the time given"};
}

Reason nothing_overlapped(const Grading& grading) {
  const Observation& observation = grading.result.observation;
  if (!observation.history || !grading.context.parallel || observation.overlapped != 0) return {};
  return Judgement{Verdict::void_, fmt::format("no two operations overlapped in {}",
                                               counted(observation.samples, "sample"))};
}

Reason no_answer(const Grading& grading) {
  const std::optional<HistoryEvidence>& history = grading.result.observation.history;
  if (!history || history->undecided == 0) return {};
  return Judgement{
      Verdict::undecided,
      fmt::format("{} of {} histories undecided: {}", spaced(history->undecided),
                  spaced(history->distinct), or_else(history->why_undecided, "no word of why"))};
}

Reason missing_outcome(const Grading& grading) {
  const std::vector<MissingOutcome>& missing = grading.result.missing;
  if (missing.empty()) return {};
  const MissingOutcome& first = missing.front();
  return Judgement{
      Verdict::unwitnessed,
      fmt::format("not seen in {}: {}{}{}{}", counted(grading.result.observation.samples, "sample"),
                  shortened(first.pattern, kOutcomeWidth), first.pattern.empty() ? "" : ": ",
                  first.because, and_more(missing.size()))};
}

Reason unspecified_outcome(const Grading& grading) {
  const std::vector<GradedOutcome>& outcomes = grading.result.outcomes;
  const auto found = std::find_if(outcomes.begin(), outcomes.end(), [](const GradedOutcome& one) {
    return one.grade == Grade::Unspecified;
  });
  if (found == outcomes.end()) return {};
  return Judgement{Verdict::unspecified,
                   fmt::format("{}: {}", seen(*found, grading.result.observation), found->because)};
}

Judgement judged(const Grading& grading) {
  constexpr Reason (*kReasons[])(const Grading&) = {spec_problem,
                                                    harness_error,
                                                    not_run,
                                                    bad_end,
                                                    race,
                                                    does_not_apply,
                                                    forbidden_outcome,
                                                    no_explanation,
                                                    undescribed_unsafe_outcome,
                                                    canary_lived,
                                                    nothing_sampled,
                                                    nothing_overlapped,
                                                    no_answer,
                                                    missing_outcome,
                                                    unspecified_outcome};
  for (const auto reason : kReasons) {
    if (Reason found = reason(grading)) return *std::move(found);
  }
  return {Verdict::passed, ""};
}

}  // namespace

Result grade(const Case& one, Observation observation, const GradingContext& context) {
  Grading grading{{}, context, why_skipped(one, context.facts)};
  Result& result = grading.result;
  result.id = one.id();
  result.claim = one.scenario->claim;
  result.file = one.family->file;
  result.line = one.scenario->line;
  result.kind = one.scenario->kind;
  result.covers = one.scenario->covers;
  result.strength = strength_for(*one.scenario, context.facts).value_or(Strength::Must);
  result.canary = context.canary;
  result.observation = std::move(observation);
  if (grading.is_unsafe()) count_bad_end(result.observation);
  if (result.observation.ending != Ending::NotRun) fill_outcomes(*one.scenario, grading);
  Judgement judgement = judged(grading);
  result.verdict = result.original_verdict = judgement.verdict;
  result.reason = one_line(judgement.reason);
  if (result.verdict == Verdict::skipped) {
    result.outcomes.clear();
    result.missing.clear();
  }
  return std::move(result);
}

}  // namespace conformance
