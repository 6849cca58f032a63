// Does a case apply to a process with these facts, and how strong is it there? The part of grading
// that needs no run.
#include <fmt/format.h>

#include "conformance/outcome/grading.h"

namespace conformance {

namespace {

std::string unmet(const Condition& where, const Facts& facts) {
  return where.holds(facts) ? std::string() : "where " + where.why_not(facts);
}

std::string lacking(const std::vector<std::string>& requirements, const Facts& facts) {
  for (const std::string& feature : requirements) {
    const auto found = facts.find(feature);
    if (found == facts.end() || found->second != Fact(true)) {
      return fmt::format("requires {}: the port lacks it", feature);
    }
  }
  return {};
}

std::string without_strength(const Scenario& scenario, const Facts& facts) {
  if (strength_for(scenario, facts)) return {};
  std::string reasons;
  for (const StrengthRow& row : scenario.strengths) {
    reasons += (reasons.empty() ? "" : "; or where ") + row.where.why_not(facts);
  }
  return reasons.empty() ? "it has no strength" : "has a strength only where " + reasons;
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
  std::string reason;
  const auto says = [&](std::string text) {
    reason = std::move(text);
    return !reason.empty();
  };
  const bool skipped =
      (one.process != nullptr && (says(unmet(one.process->where, facts)) ||
                                  says(lacking(one.process->requirements, facts)))) ||
      says(lacking(scenario.requirements, facts)) || says(unmet(scenario.where, facts)) ||
      (one.variant != nullptr && (says(lacking(one.variant->requirements, facts)) ||
                                  says(unmet(one.variant->where, facts)))) ||
      says(without_strength(scenario, facts));
  return skipped ? reason : std::string();
}

}  // namespace conformance
