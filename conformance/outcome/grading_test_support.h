// Scenarios, facts and observations in one line each, for tests of grading.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/outcome/grading.h"

namespace conformance {

inline Condition condition(const std::string& text) {
  Condition::Error error;
  const std::optional<Condition> parsed = Condition::parse(text, error);
  if (!parsed) throw std::logic_error(text + ": " + error.message);
  return *parsed;
}

inline Rule rule(Matcher matcher, const std::string& pattern, Grade grade,
                 const std::string& because, const std::string& where = "") {
  Rule made;
  made.matcher = matcher;
  made.pattern = pattern;
  made.grade = grade;
  made.because = because;
  if (!where.empty()) made.where = condition(where);
  return made;
}

// A family of one litmus scenario that observes `left` and `right`; its rules stand on lines 11,
// 12, 13...
struct OneScenario {
  Family family;

  explicit OneScenario(std::vector<Rule> rules) {
    family.id = "list/one_list";
    family.file = "specs/list/one_list.yaml";
    family.processes.emplace_back();
    Scenario scenario;
    scenario.name = "append";
    scenario.claim = "Nothing is lost.";
    scenario.line = 4;
    scenario.strengths.emplace_back();
    scenario.observe = {{"left", {"left", 8}}, {"right", {"right", 9}}};
    scenario.outcomes = std::move(rules);
    for (std::size_t at = 0; at < scenario.outcomes.size(); ++at) {
      scenario.outcomes[at].line = 11 + static_cast<int>(at);
    }
    family.scenarios.push_back(std::move(scenario));
  }

  Scenario& scenario() { return family.scenarios.front(); }
  Case one_case() const {
    const Scenario& scenario = family.scenarios.front();
    return {&family, &scenario, scenario.variants.empty() ? nullptr : &scenario.variants.front(),
            &family.processes.front()};
  }
};

inline Observation finished(std::vector<OutcomeCount> outcomes) {
  Observation observation;
  observation.ending = Observation::Ending::Finished;
  for (const OutcomeCount& outcome : outcomes) observation.samples += outcome.count;
  observation.outcomes = std::move(outcomes);
  return observation;
}

inline Observation ended(Observation::Ending ending, const std::string& detail) {
  Observation observation;
  observation.ending = ending;
  observation.ending_detail = detail;
  return observation;
}

// A process in which threads collide, and one that makes no such claim.
inline GradingContext colliding() {
  return {{{"parallel", true}}, {true, true, 1000, 220, 0.5}, true};
}
inline GradingContext serial() { return {{{"parallel", false}}, {}, false}; }

}  // namespace conformance
