// The vocabulary of our YAML files in one table: which mapping knows which keys, which of them it
// needs, and which words a field may hold.
//
// The loader refuses by this table, its advice is made from it, and a test holds
// specs/heddle.schema.json equal to it, so that an editor and the loader cannot disagree. Adding a
// key is a row here, a property in the schema and the code that reads it. What a table cannot say
// (exactly one matcher, no setup for a process) stands in the loader.
#pragma once

#include <span>
#include <string_view>

namespace conformance {

inline constexpr int kContractVersion = 1;

struct Key {
  std::string_view name;
  bool required = false;
};

struct Mapping {
  std::string_view name;        // as messages call it: "a rule"
  std::string_view definition;  // where the schema's $defs describe it: "rule"
  std::span<const Key> keys;
};

extern const Mapping kFamilyMapping;
extern const Mapping kProcessMapping;
extern const Mapping kScenarioMapping;
extern const Mapping kStrengthRowMapping;
extern const Mapping kVariantMapping;
extern const Mapping kActorMapping;
extern const Mapping kMethodMapping;
extern const Mapping kRuleMapping;
extern const Mapping kFeaturesFileMapping;
extern const Mapping kFeatureMapping;
extern const Mapping kBehavioursFileMapping;
extern const Mapping kBehaviourMapping;
extern const Mapping kSourcesFileMapping;
extern const Mapping kDocumentMapping;
extern const Mapping kSourceMapping;

std::span<const Mapping* const> all_mappings();

struct Words {
  std::string_view name;  // in the schema's $defs
  std::span<const std::string_view> words;
};

// The words of an enumeration stand in the order of its enumerators in spec.h.
extern const Words kKindWords;
extern const Words kStrengthWords;
extern const Words kGradeWords;
extern const Words kThreadsWords;
extern const Words kModelWords;  // of kind history; what they mean stands in linearizability/
// Verdicts belong to the floor above, which has their table; here are only the words a case of
// harness/ may expect.
extern const Words kVerdictWords;

std::span<const Words* const> all_words();

}  // namespace conformance
