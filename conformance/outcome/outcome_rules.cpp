// Matching. Everything that costs (parsing `is`, compiling `like`) happens once per case, not once
// per outcome.
#include "conformance/outcome/outcome_rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <re2/re2.h>

namespace conformance {

namespace {

// The order of the names does not count: `is` gives them all, and none twice.
bool same_values(const Assignments& wanted, const Assignments& found) {
  const auto in_found = [&](const auto& one) {
    return std::find(found.begin(), found.end(), one) != found.end();
  };
  return wanted.size() == found.size() && std::all_of(wanted.begin(), wanted.end(), in_found);
}

// How a process ended is no value of anything observed: who allows it must say so.
bool is_ending(const std::string& text) { return text == "hung" || text.starts_with("crashed("); }

}  // namespace

std::unique_ptr<re2::RE2> like_expression(const std::string& pattern) {
  re2::RE2::Options options;
  options.set_dot_nl(true);
  options.set_log_errors(false);
  return std::make_unique<re2::RE2>(pattern, options);
}

OutcomeRules::OutcomeRules(const Scenario& scenario, const Facts& facts) {
  for (int index = 0; index < static_cast<int>(scenario.outcomes.size()); ++index) {
    const Rule& rule = scenario.outcomes[static_cast<std::size_t>(index)];
    if (!rule.where.holds(facts)) continue;
    Ready ready;
    ready.index = index;
    ready.rule = &rule;
    ValueError refused;  // check_rules() has told of it
    if (rule.matcher == Matcher::Is) ready.values = parse_assignments(rule.pattern, refused);
    if (rule.matcher == Matcher::Like) ready.expression = like_expression(rule.pattern);
    ready_.push_back(std::move(ready));
  }
}

OutcomeRules::~OutcomeRules() = default;

const Rule* OutcomeRules::first_match(const OutcomeCount& outcome) const {
  ValueError refused;  // a port may say what is no value; then only `like`, `when` and `else` match
  const std::optional<Assignments> values = parse_assignments(outcome.text, refused);
  const auto found = std::find_if(ready_.begin(), ready_.end(), [&](const Ready& ready) {
    return matches(ready, outcome, values);
  });
  return found == ready_.end() ? nullptr : found->rule;
}

bool OutcomeRules::matches(const Ready& ready, const OutcomeCount& outcome,
                           const std::optional<Assignments>& values) {
  switch (ready.rule->matcher) {
    case Matcher::Is:
      return ready.values && values && same_values(*ready.values, *values);
    case Matcher::Like:
      return ready.expression->ok() && re2::RE2::FullMatch(outcome.text, *ready.expression);
    case Matcher::When:
      return std::find(outcome.when_true.begin(), outcome.when_true.end(), ready.index) !=
             outcome.when_true.end();
    case Matcher::Else:
      return !is_ending(outcome.text);
  }
  return false;
}

std::string OutcomeRules::raised_by(const OutcomeCount& outcome) const {
  std::string text;
  for (const Ready& ready : ready_) {
    const auto error = outcome.when_errors.find(ready.index);
    if (error == outcome.when_errors.end()) continue;
    text += fmt::format("{}`when` of line {} raised {}", text.empty() ? "" : ", ", ready.rule->line,
                        error->second);
  }
  return text;
}

std::vector<const Rule*> OutcomeRules::required() const {
  std::vector<const Rule*> rules;
  for (const Ready& ready : ready_) {
    if (ready.rule->grade == Grade::Required) rules.push_back(ready.rule);
  }
  return rules;
}

}  // namespace conformance
