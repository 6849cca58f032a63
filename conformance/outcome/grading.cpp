#include "conformance/outcome/grading.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <set>
#include <tuple>

#include "conformance/outcome/value.h"

namespace conformance {
namespace {

constexpr const char* kUndescribed = "no rule describes this outcome";

std::string spaced(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (int at = static_cast<int>(digits.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3) digits.insert(static_cast<std::size_t>(at), " ");
  return digits;
}

RE2::Options full_match_options() {
  RE2::Options options;
  options.set_dot_nl(true);
  options.set_log_errors(false);
  return options;
}

bool same_values(const Assignments& rule, const Assignments& seen) {
  if (rule.size() != seen.size()) return false;
  return std::all_of(rule.begin(), rule.end(), [&](const auto& wanted) {
    return std::any_of(seen.begin(), seen.end(), [&](const auto& found) { return found.first == wanted.first && found.second == wanted.second; });
  });
}

// The rules of one scenario that apply to these facts, made ready once.
class Rules {
 public:
  Rules(const Scenario& scenario, const Facts& facts) : scenario_(scenario) {
    for (std::size_t index = 0; index < scenario.outcomes.size(); ++index) {
      const Rule& rule = scenario.outcomes[index];
      if (!rule.where.holds(facts)) continue;
      Ready ready{index, {}, nullptr};
      ValueError unused;
      if (rule.matcher == Matcher::Is) ready.values = parse_assignments(rule.pattern, unused);
      if (rule.matcher == Matcher::Like) ready.expression = std::make_unique<RE2>(rule.pattern, full_match_options());
      ready_.push_back(std::move(ready));
    }
  }

  // The first rule that matches; null when none does.
  const Rule* match(const OutcomeCount& outcome) const {
    ValueError unused;
    const std::optional<Assignments> values = parse_assignments(outcome.text, unused);
    for (const Ready& ready : ready_) {
      const Rule& rule = scenario_.outcomes[ready.index];
      if (matches(ready, rule, outcome, values)) return &rule;
    }
    return nullptr;
  }

  std::vector<const Rule*> required() const {
    std::vector<const Rule*> found;
    for (const Ready& ready : ready_) {
      if (scenario_.outcomes[ready.index].grade == Grade::Required) found.push_back(&scenario_.outcomes[ready.index]);
    }
    return found;
  }

 private:
  struct Ready {
    std::size_t index;
    std::optional<Assignments> values;
    std::unique_ptr<RE2> expression;
  };

  static bool matches(const Ready& ready, const Rule& rule, const OutcomeCount& outcome, const std::optional<Assignments>& values) {
    switch (rule.matcher) {
      case Matcher::Is: return ready.values && values && same_values(*ready.values, *values);
      case Matcher::Like: return ready.expression->ok() && RE2::FullMatch(outcome.text, *ready.expression);
      case Matcher::When:
        return std::find(outcome.when_true.begin(), outcome.when_true.end(), static_cast<int>(ready.index)) != outcome.when_true.end();
      case Matcher::Else: return true;
    }
    return false;
  }

  const Scenario& scenario_;
  std::vector<Ready> ready_;
};

void identify(const Case& one, Result& result) {
  result.id = one.id();
  result.claim = one.scenario->claim;
  result.file = one.family->file;
  result.line = one.scenario->line;
  result.kind = one.scenario->kind;
  result.covers = one.scenario->covers;
}

int severity(const GradedOutcome& outcome) {
  switch (outcome.grade) {
    case Grade::Forbidden: return 0;
    case Grade::Interesting: return 1;
    case Grade::Unspecified: return 2;
    case Grade::Required: return 3;
    case Grade::Acceptable: return 4;
  }
  return 5;
}

void grade_outcomes(const Scenario& scenario, const Facts& facts, const Observation& observation, Result& result) {
  const Rules rules(scenario, facts);
  std::set<const Rule*> seen;
  for (const OutcomeCount& outcome : observation.outcomes) {
    GradedOutcome graded;
    graded.text = outcome.text;
    graded.count = outcome.count;
    if (const Rule* rule = rules.match(outcome)) {
      seen.insert(rule);
      graded.grade = rule->grade;
      graded.described = true;
      graded.because = rule->because;
      graded.rule_line = rule->line;
      graded.graded_by_port = rule->matcher == Matcher::When;
    } else {
      graded.because = kUndescribed;
      for (const auto& [index, error] : outcome.when_errors) {
        graded.because += fmt::format("; rule {} raised {}", index + 1, error);
      }
    }
    result.outcomes.push_back(std::move(graded));
  }
  std::sort(result.outcomes.begin(), result.outcomes.end(), [](const GradedOutcome& left, const GradedOutcome& right) {
    return std::make_tuple(severity(left), -left.count, std::cref(left.text)) < std::make_tuple(severity(right), -right.count, std::cref(right.text));
  });
  for (const Rule* rule : rules.required()) {
    if (!seen.contains(rule)) result.missing.push_back({rule->pattern, rule->because, rule->line});
  }
}

const GradedOutcome* worst(const Result& result) {
  if (result.outcomes.empty() || result.outcomes.front().grade != Grade::Forbidden) return nullptr;
  return &result.outcomes.front();
}

std::string spoken(const GradedOutcome& outcome, std::int64_t samples, const char* word) {
  return fmt::format("{}: {} ({} of {} samples): {}", word, outcome.text, spaced(outcome.count), spaced(samples), outcome.because);
}

std::string confirmation_text(const Observation& observation) {
  if (observation.confirmations == 0) return {};
  return fmt::format("; {} of {} re-runs of it alone ended so", observation.confirmed, observation.confirmations);
}

void set(Result& result, Verdict verdict, std::string reason) {
  result.verdict = verdict;
  result.reason = std::move(reason);
}

void judge_bad_end(Result& result, bool hung) {
  const Observation& observation = result.observation;
  const bool sometimes = observation.confirmations > 0 && observation.confirmed < observation.confirmations;
  const std::string how = (hung ? "hung: " : "crashed: ") + observation.ending_detail + confirmation_text(observation);
  set(result, sometimes ? Verdict::flaky : hung ? Verdict::hung : Verdict::crashed, how);
}

void judge_unsafe(Result& result) {
  const auto remarkable = std::find_if(result.outcomes.begin(), result.outcomes.end(), [](const GradedOutcome& outcome) {
    return outcome.grade == Grade::Forbidden || outcome.grade == Grade::Unspecified;
  });
  if (remarkable == result.outcomes.end()) {
    set(result, Verdict::passed, "");
    return;
  }
  set(result, Verdict::unspecified, spoken(*remarkable, result.observation.samples, "unsafe here, recorded only"));
}

void judge_outcomes(Result& result, const GradingContext& context) {
  const Observation& observation = result.observation;
  if (const GradedOutcome* outcome = worst(result)) {
    set(result, Verdict::failed, spoken(*outcome, observation.samples, outcome->described ? "forbidden" : "not described, so forbidden"));
  } else if (observation.samples == 0) {
    set(result, Verdict::undecided, "no sample finished in the time given");
  } else if (result.kind == Kind::Litmus && context.parallel && !context.canary.provoked) {
    set(result, Verdict::void_, fmt::format("the canary lost no update in {} samples: threads did not really meet in this process", spaced(context.canary.samples)));
  } else if (!result.missing.empty()) {
    set(result, Verdict::unwitnessed,
        fmt::format("not seen in {} samples: {}", spaced(observation.samples), result.missing.front().pattern.empty() ? result.missing.front().because : result.missing.front().pattern));
  } else if (std::all_of(result.outcomes.begin(), result.outcomes.end(), [](const GradedOutcome& outcome) { return outcome.grade == Grade::Unspecified; })) {
    set(result, Verdict::unspecified, result.outcomes.front().because);
  } else {
    set(result, Verdict::passed, "");
  }
}

void judge(Result& result, const GradingContext& context) {
  const Observation& observation = result.observation;
  const bool is_unsafe = result.strength == Strength::Unsafe;
  switch (observation.ending) {
    case Observation::Ending::SpecProblem: {
      const SpecProblem problem = observation.problems.empty() ? SpecProblem{"", observation.ending_detail, 0} : observation.problems.front();
      set(result, Verdict::spec_error,
          problem.line > 0 ? fmt::format("{}:{}: {}: {}", result.file, problem.line, problem.phase, problem.message) : fmt::format("{}: {}", problem.phase, problem.message));
      return;
    }
    case Observation::Ending::HarnessError: set(result, Verdict::harness_error, observation.ending_detail); return;
    case Observation::Ending::NotRun: set(result, Verdict::undecided, "it was not run"); return;
    case Observation::Ending::Crashed:
    case Observation::Ending::Hung:
      if (!is_unsafe) {
        judge_bad_end(result, observation.ending == Observation::Ending::Hung);
        return;
      }
      break;
    case Observation::Ending::Finished: break;
  }
  if (is_unsafe) {
    judge_unsafe(result);
  } else if (!observation.races.empty()) {
    set(result, Verdict::race, fmt::format("{}: {}{}", observation.races.front().kind, observation.races.front().signature,
                                           observation.races.size() > 1 ? fmt::format(" and {} more", observation.races.size() - 1) : ""));
  } else {
    judge_outcomes(result, context);
  }
}

std::string missing_feature(const std::vector<std::string>& requirements, const Facts& facts) {
  for (const std::string& feature : requirements) {
    const auto found = facts.find(feature);
    if (found == facts.end() || found->second != Fact(true)) return fmt::format("requires {}: the port lacks it", feature);
  }
  return {};
}

std::string unmet(const Condition& where, const Facts& facts) {
  return where.holds(facts) ? std::string() : "where " + where.why_not(facts);
}

std::set<std::string> observed_names(const Scenario& scenario) {
  std::set<std::string> names;
  for (const NamedSnippet& observed : scenario.observe) names.insert(observed.name);
  if (scenario.kind == Kind::Command) names = {"status", "stdout", "stderr"};
  return names;
}

}  // namespace

std::optional<Strength> strength_for(const Scenario& scenario, const Facts& facts) {
  for (const StrengthRow& row : scenario.strengths) {
    if (row.where.holds(facts)) return row.strength;
  }
  return std::nullopt;
}

std::string why_skipped(const Case& one, const Facts& facts) {
  const Scenario& scenario = *one.scenario;
  std::vector<std::string> reasons = {unmet(one.process->where, facts), missing_feature(one.process->requirements, facts),
                                      missing_feature(scenario.requirements, facts), unmet(scenario.where, facts)};
  if (one.variant != nullptr) {
    reasons.push_back(missing_feature(one.variant->requirements, facts));
    reasons.push_back(unmet(one.variant->where, facts));
  }
  if (!strength_for(scenario, facts)) reasons.push_back("no row of its strength applies: " + scenario.strengths.back().where.why_not(facts));
  for (const std::string& reason : reasons) {
    if (!reason.empty()) return reason;
  }
  return {};
}

Result grade(const Case& one, Observation observation, const GradingContext& context) {
  Result result;
  identify(one, result);
  result.canary = context.canary;
  result.strength = strength_for(*one.scenario, context.facts).value_or(Strength::Must);
  if (const std::string reason = why_skipped(one, context.facts); !reason.empty()) {
    set(result, Verdict::skipped, reason);
  } else {
    grade_outcomes(*one.scenario, context.facts, observation, result);
    observation.outcomes.clear();
    result.observation = std::move(observation);
    judge(result, context);
  }
  result.original_verdict = result.verdict;
  return result;
}

void check_rules(const Family& family, const Scenario& scenario, Diagnostics& diagnostics) {
  const std::set<std::string> names = observed_names(scenario);
  for (const Rule& rule : scenario.outcomes) {
    const auto complain = [&](std::string message, std::string advice) {
      diagnostics.push_back({family.file, rule.line, 1, scenario.name + ": " + std::move(message), std::move(advice), Severity::Error});
    };
    if (rule.matcher == Matcher::Like) {
      const RE2 expression(rule.pattern, full_match_options());
      if (!expression.ok()) complain("`like` is no regular expression: " + expression.error(), "RE2 syntax");
    }
    if (rule.matcher != Matcher::Is) continue;
    ValueError error;
    const std::optional<Assignments> values = parse_assignments(rule.pattern, error);
    if (!values) {
      complain(fmt::format("`is`, character {}: {}", error.offset + 1, error.message), "write name=value, name=value");
      continue;
    }
    if (values->size() == 1 && values->front().first.empty()) continue;
    std::set<std::string> given;
    for (const auto& [name, value] : *values) given.insert(name);
    if (given == names) continue;
    std::string all;
    for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
    complain("`is` must give exactly what is observed", "observed: " + all);
  }
}

}  // namespace conformance
