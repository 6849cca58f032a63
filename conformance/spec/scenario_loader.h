// One entry of `scenarios:` -> Scenario, and what its kind demands or forbids. Used by the family
// loader alone.
#pragma once

#include <string>
#include <vector>

#include "conformance/spec/fields.h"
#include "conformance/spec/spec.h"

namespace conformance {

// What a scenario takes over from its family.
struct FamilyShare {
  bool of_harness = false;  // id begins with harness/
  Condition where;
  std::vector<std::string> requirements;
  Snippet module;
};

Scenario read_scenario(Reading& reading, const YamlNode& node, const FamilyShare& share);

// Parts that have files of their own.
std::vector<Rule> read_rules(Reading& reading, const YamlNode& node, Kind kind);
std::vector<StrengthRow> read_strengths(Reading& reading, const YamlNode& node);
std::vector<Variant> read_variants(Reading& reading, const YamlNode& node);
std::map<std::string, std::string> read_environment(Reading& reading, const YamlNode& node);

// Both hold; either may be the one that always does.
Condition both(const Condition& left, const Condition& right);

}  // namespace conformance
