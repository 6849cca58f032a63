// The outcome table of one scenario in one process: the rules that apply there, made ready once,
// and the question which of them describes an outcome.
//
// `is` and `like` are decided here; `when` was decided by the port's Python, which sent along what
// held. The first rule that matches describes the outcome, also where a later one would be kinder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conformance/outcome/observation.h"
#include "conformance/outcome/value.h"
#include "conformance/spec/facts.h"
#include "conformance/spec/spec.h"

namespace re2 {
class RE2;
}

namespace conformance {

class OutcomeRules {
 public:
  // Keeps a reference to the scenario. Rules whose `where` does not hold for these facts are left
  // out.
  OutcomeRules(const Scenario& scenario, const Facts& facts);
  ~OutcomeRules();
  OutcomeRules(const OutcomeRules&) = delete;
  OutcomeRules& operator=(const OutcomeRules&) = delete;

  const Rule* first_match(const OutcomeCount& outcome) const;  // null: no rule describes it

  // "`when` of line 12 raised TypeError: ...", for each of these rules that did; empty for none.
  std::string raised_by(const OutcomeCount& outcome) const;

  std::vector<const Rule*> required() const;

 private:
  struct Ready {
    int index = 0;  // in Scenario::outcomes
    const Rule* rule = nullptr;
    std::optional<Assignments> values;
    std::unique_ptr<re2::RE2> expression;
  };
  static bool matches(const Ready& ready, const OutcomeCount& outcome,
                      const std::optional<Assignments>& values);

  std::vector<Ready> ready_;
};

// A regular expression as `like` means it; check ok() before use.
std::unique_ptr<re2::RE2> like_expression(const std::string& pattern);

}  // namespace conformance
