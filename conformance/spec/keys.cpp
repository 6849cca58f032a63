// The table itself. Keys stand in the order in which a person would write them.
#include "conformance/spec/keys.h"

namespace conformance {

namespace {

constexpr bool kRequired = true;

constexpr Key kFamilyKeys[] = {{"heddle", kRequired},
                               {"title", kRequired},
                               {"ports"},
                               {"processes"},
                               {"requires"},
                               {"where"},
                               {"module"},
                               {"scenarios", kRequired}};
constexpr Key kProcessKeys[] = {{"name"}, {"options"}, {"environment"}, {"where"}, {"requires"}};
constexpr Key kScenarioKeys[] = {{"name", kRequired}, {"claim", kRequired},
                                 {"covers"},          {"kind"},
                                 {"strength"},        {"where"},
                                 {"requires"},        {"variants"},
                                 {"threads"},         {"module"},
                                 {"setup"},           {"actors"},
                                 {"observe"},         {"cleanup"},
                                 {"outcomes"},        {"model"},
                                 {"operations"},      {"table"},
                                 {"program"},         {"initial"},
                                 {"bound"},           {"final"},
                                 {"options"},         {"environment"},
                                 {"timeout"},         {"kills"},
                                 {"expect_verdict"}};
constexpr Key kStrengthRowKeys[] = {{"where"}, {"is", kRequired}};
constexpr Key kVariantKeys[] = {{"id", kRequired}, {"let"}, {"where"}, {"requires"}};
constexpr Key kActorKeys[] = {{"count"}, {"do", kRequired}};
constexpr Key kMethodKeys[] = {{"weight"}, {"do"}};
constexpr Key kRuleKeys[] = {
    {"is"}, {"like"}, {"when"}, {"else"}, {"grade", kRequired}, {"because", kRequired}, {"where"}};
constexpr Key kFeaturesFileKeys[] = {{"heddle", kRequired}, {"features", kRequired}};
constexpr Key kFeatureKeys[] = {{"name", kRequired}, {"meaning", kRequired}, {"probe", kRequired}};
constexpr Key kBehavioursFileKeys[] = {{"heddle", kRequired}, {"behaviours", kRequired}};
constexpr Key kBehaviourKeys[] = {{"id", kRequired},       {"statement", kRequired},
                                  {"profiles", kRequired}, {"strength", kRequired},
                                  {"informative"},         {"because"},
                                  {"sources", kRequired}};
constexpr Key kSourcesFileKeys[] = {
    {"heddle", kRequired}, {"documents", kRequired}, {"sources", kRequired}};
constexpr Key kDocumentKeys[] = {{"id", kRequired}, {"title", kRequired}, {"address", kRequired}};
constexpr Key kSourceKeys[] = {{"id", kRequired},      {"document", kRequired},
                               {"section", kRequired}, {"statement", kRequired},
                               {"informative"},        {"because"}};

constexpr std::string_view kKinds[] = {"litmus", "script", "process", "command", "history"};
constexpr std::string_view kStrengths[] = {"must", "implementation", "may", "unsafe"};
constexpr std::string_view kGrades[] = {"required", "acceptable", "interesting", "unspecified",
                                        "forbidden"};
constexpr std::string_view kThreads[] = {"persistent", "fresh"};
constexpr std::string_view kModels[] = {"list",  "dict",    "set",      "deque",
                                        "queue", "counter", "register", "kv"};
constexpr std::string_view kVerdicts[] = {
    "passed",           "failed",           "crashed",         "hung",    "race", "unwitnessed",
    "not_linearizable", "undecided",        "unspecified",     "skipped", "void", "spec_error",
    "harness_error",    "expected_failure", "unexpected_pass", "flaky"};

}  // namespace

const Mapping kFamilyMapping = {"a family", "family", kFamilyKeys};
const Mapping kProcessMapping = {"a process", "process", kProcessKeys};
const Mapping kScenarioMapping = {"a scenario", "scenario", kScenarioKeys};
const Mapping kStrengthRowMapping = {"a row of strengths", "strength_row", kStrengthRowKeys};
const Mapping kVariantMapping = {"a variant", "variant", kVariantKeys};
const Mapping kActorMapping = {"an actor", "actor", kActorKeys};
const Mapping kMethodMapping = {"a method of the table", "method", kMethodKeys};
const Mapping kRuleMapping = {"a rule", "rule", kRuleKeys};
const Mapping kFeaturesFileMapping = {"features.yaml", "features_file", kFeaturesFileKeys};
const Mapping kFeatureMapping = {"a feature", "feature", kFeatureKeys};
const Mapping kBehavioursFileMapping = {"behaviours.yaml", "behaviours_file", kBehavioursFileKeys};
const Mapping kBehaviourMapping = {"a behaviour", "behaviour", kBehaviourKeys};
const Mapping kSourcesFileMapping = {"sources.yaml", "sources_file", kSourcesFileKeys};
const Mapping kDocumentMapping = {"a document", "document", kDocumentKeys};
const Mapping kSourceMapping = {"a source", "source", kSourceKeys};

std::span<const Mapping* const> all_mappings() {
  static constexpr const Mapping* mappings[] = {
      &kFamilyMapping,       &kProcessMapping,  &kScenarioMapping,       &kStrengthRowMapping,
      &kVariantMapping,      &kActorMapping,    &kMethodMapping,         &kRuleMapping,
      &kFeaturesFileMapping, &kFeatureMapping,  &kBehavioursFileMapping, &kBehaviourMapping,
      &kSourcesFileMapping,  &kDocumentMapping, &kSourceMapping};
  return mappings;
}

const Words kKindWords = {"kind", kKinds};
const Words kStrengthWords = {"strength", kStrengths};
const Words kGradeWords = {"grade", kGrades};
const Words kThreadsWords = {"threads", kThreads};
const Words kModelWords = {"model", kModels};
const Words kVerdictWords = {"verdict", kVerdicts};

std::span<const Words* const> all_words() {
  static constexpr const Words* words[] = {&kKindWords,    &kStrengthWords, &kGradeWords,
                                           &kThreadsWords, &kModelWords,    &kVerdictWords};
  return words;
}

}  // namespace conformance
