// What can be wrong with `is` and `like` before anything has run. A rule that cannot match is
// refused: it would make an allowed outcome a failure, or hide that a forbidden one was meant.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>
#include <string_view>

#include "conformance/outcome/grading.h"
#include "conformance/outcome/outcome_rules.h"
#include "conformance/outcome/value.h"
#include "conformance/spec/advice.h"

namespace conformance {

namespace {

std::vector<std::string_view> observed_names(const Scenario& scenario) {
  if (scenario.kind == Kind::Command) return {"status", "stdout", "stderr"};
  std::vector<std::string_view> names;
  for (const NamedSnippet& observed : scenario.observe) names.push_back(observed.name);
  return names;
}

class Check {
 public:
  Check(const Family& family, const Scenario& scenario, Diagnostics& diagnostics)
      : family_(family),
        scenario_(scenario),
        diagnostics_(diagnostics),
        observed_(observed_names(scenario)) {}

  void run() {
    for (const Rule& rule : scenario_.outcomes) {
      if (rule.matcher == Matcher::Like) look_at_like(rule);
      if (rule.matcher == Matcher::Is) look_at_is(rule);
    }
  }

 private:
  void complain(const Rule& rule, std::string message, std::string advice,
                Severity severity = Severity::Error) {
    diagnostics_.push_back(
        {family_.file, rule.line, 0, std::move(message), std::move(advice), severity});
  }

  void look_at_like(const Rule& rule) {
    const std::unique_ptr<re2::RE2> expression = like_expression(rule.pattern);
    if (expression->ok()) return;
    complain(rule, fmt::format("'like' is no regular expression: {}", expression->error()),
             "the syntax is RE2's; it has no look-around and no back references");
  }

  void look_at_is(const Rule& rule) {
    ValueError error;
    const std::optional<Assignments> values = parse_assignments(rule.pattern, error);
    if (!values) {
      complain(rule, fmt::format("'is', character {}: {}", error.offset + 1, error.message),
               "written as name=value, name=value; values as specs/README.md has them");
    } else if (values->front().first.empty()) {
      look_at_word(rule, values->front().second.text);
    } else {
      look_at_names(rule, *values);
    }
  }

  // Outside `unsafe` a crash or a hang ends the case; no rule is asked.
  void look_at_word(const Rule& rule, const std::string& word) {
    const auto is_unsafe = [](const StrengthRow& row) { return row.strength == Strength::Unsafe; };
    if (word == "too_many" ||
        std::any_of(scenario_.strengths.begin(), scenario_.strengths.end(), is_unsafe)) {
      return;
    }
    complain(rule, fmt::format("'{}' is an outcome only where the strength is unsafe", word),
             "elsewhere it is always a failure", Severity::Warning);
  }

  void look_at_names(const Rule& rule, const Assignments& values) {
    std::vector<std::string_view> missing = observed_;
    for (const auto& [name, value] : values) {
      if (std::erase(missing, name) > 0) continue;
      complain(rule, fmt::format("'is' gives '{}', which is not observed", name),
               did_you_mean_or_list(name, observed_));
      return;
    }
    if (missing.empty()) return;
    complain(rule, fmt::format("'is' leaves out {}", fmt::join(missing, ", ")),
             "it gives every observed name; to judge by some of them, use 'when'");
  }

  const Family& family_;
  const Scenario& scenario_;
  Diagnostics& diagnostics_;
  const std::vector<std::string_view> observed_;
};

}  // namespace

void check_rules(const Family& family, const Scenario& scenario, Diagnostics& diagnostics) {
  Check(family, scenario, diagnostics).run();
}

}  // namespace conformance
