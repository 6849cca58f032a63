// What heddle fuzz does without a port: outcome sets, smaller programs, specs that the loader reads.
#include "conformance/runner/fuzz.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "conformance/driver/history_plan.h"
#include "conformance/outcome/grading.h"
#include "conformance/runner/history_spec.h"
#include "conformance/runner/outcome_sets.h"
#include "conformance/spec/spec_loader.h"

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Value value_of(const char* text) {
  ValueError error;
  return parse_value(text, error).value_or(Value{});
}

HistoryMetadata start_of(const char* model, const char* initial) {
  HistoryMetadata start;
  start.model = model;
  start.initial = value_of(initial);
  return start;
}

Program program_of(const char* text) {
  std::string error;
  return parse_program(text, error).value_or(Program{});
}

std::vector<std::string> outcome_texts(const HistoryMetadata& start, const char* program) {
  std::vector<std::string> texts;
  const auto outcomes = outcomes_of(start, program_of(program));
  if (!outcomes) return {"none"};
  for (const ProgramOutcome& outcome : *outcomes) {
    std::string text;
    for (const std::vector<Value>& results : outcome.results) {
      for (const Value& value : results) text += to_string(value) + " ";
    }
    texts.push_back(text + to_string(outcome.final));
  }
  return texts;
}

TEST(OutcomeSets, HoldOneOutcomeForEachOrderThatShows) {
  EXPECT_THAT(outcome_texts(start_of("list", "[]"), "append(1)\nappend(2)"),
              UnorderedElementsAre("None None [1, 2]", "None None [2, 1]"));
  EXPECT_THAT(outcome_texts(start_of("list", "[]"), "append(1)\npop()"),
              UnorderedElementsAre("None 1 []", "None raised(IndexError) [1]"));
  EXPECT_THAT(outcome_texts(start_of("list", "[]"), "append(1); len()"), ElementsAre("None 1 [1]"));
}

TEST(OutcomeSets, HoldEveryChoiceThatTheModelLeavesOpen) {
  EXPECT_THAT(outcome_texts(start_of("set", "{1, 2}"), "pop()\ncontains(3)"),
              UnorderedElementsAre("1 False {2}", "2 False {1}"));
}

TEST(OutcomeSets, GiveUpWhereAnOperationWouldWaitOrThereAreTooMany) {
  EXPECT_THAT(outcome_texts(start_of("queue", "[]"), "get()"), ElementsAre("none"));
  EXPECT_FALSE(outcomes_of(start_of("list", "[]"), program_of("append(1)\nappend(2)"), 1));
}

TEST(SmallerPrograms, LackOneThreadOneOperationOrOneElement) {
  MeasuredProgram program;
  program.start = start_of("dict", "{1: 1, 2: 2}");
  program.program = program_of("pop(1); len()\nclear()\nget(2)");
  std::vector<std::string> texts;
  for (const MeasuredProgram& one : smaller_by_one(program))
    texts.push_back(to_string(*one.start.initial) + " " + to_string(one.program));
  EXPECT_THAT(texts,
              UnorderedElementsAre(
                  "{1: 1, 2: 2} clear()\nget(2)", "{1: 1, 2: 2} pop(1); len()\nget(2)",
                  "{1: 1, 2: 2} pop(1); len()\nclear()", "{1: 1, 2: 2} len()\nclear()\nget(2)",
                  "{1: 1, 2: 2} pop(1)\nclear()\nget(2)", "{1: 1, 2: 2} pop(1); len()\nget(2)",
                  "{1: 1, 2: 2} pop(1); len()\nclear()", "{2: 2} pop(1); len()\nclear()\nget(2)",
                  "{1: 1} pop(1); len()\nclear()\nget(2)"));
}

TEST(SmallerPrograms, BeginWithTheFailingPart) {
  MeasuredProgram program;
  program.start = start_of("list", "[]");
  program.program = program_of("append(1); len()\nlen(); append(2)");
  FailingHistory example;
  example.history.operations.resize(4);
  for (int index = 0; index < 4; ++index) {
    Operation& operation = example.history.operations[static_cast<std::size_t>(index)];
    operation.called_at = operation.returned_at = index % 2;
  }
  example.check.core = {1};
  program.example = example;
  std::vector<std::string> texts;
  for (const MeasuredProgram& one : cuts_of(program)) texts.push_back(to_string(one.program));
  EXPECT_THAT(texts, ElementsAre("len()", "len()\nappend(2)"));
}

// Reads a spec as heddle run would; complaints as text.
std::vector<std::string> complaints(const std::string& text, Family& family) {
  Diagnostics diagnostics;
  Catalogue catalogue;
  catalogue.features.resize(1);
  catalogue.features[0].name = "threads";
  load_family(text, "made.yaml", "fuzz/made", catalogue, family, diagnostics);
  for (const Scenario& scenario : family.scenarios) {
    check_rules(family, scenario, diagnostics);
    check_history(family, scenario, diagnostics);
  }
  std::vector<std::string> lines;
  for (const Diagnostic& one : diagnostics) lines.push_back(to_string(one));
  return lines;
}

TEST(MadeSpecs, OfAProgramAreReadByTheLoader) {
  for (const auto& [model, initial, program] :
       {std::tuple("list", "[1]", "append(2); pop()\ngetitem(0)"),
        std::tuple("dict", "{'a': 1}", "update({'b': \"it's\"}); popitem()\nsetitem('c', 'x: y')"),
        std::tuple("set", "{1}", "pop()\nadd(2)"),
        std::tuple("deque", "[]", "append(1)\npopleft()"),
        std::tuple("queue", "[1]", "get_nowait()\nput_nowait(2)")}) {
    Family family;
    const std::string text = program_spec(start_of(model, initial), program_of(program));
    EXPECT_THAT(complaints(text, family), IsEmpty()) << text;
    ASSERT_FALSE(family.scenarios.empty());
    EXPECT_EQ(family.scenarios[0].kind, Kind::History);
    EXPECT_EQ(family.scenarios[0].history->program.text, program);
    EXPECT_EQ(family.scenarios.size(), std::string(model) == "queue" ? 1U : 2U);
  }
}

TEST(MadeSpecs, OfPairsAndTriplesAreReadByTheLoader) {
  for (const char* model : {"list", "dict", "set", "deque"}) {
    for (const int threads : {2, 3}) {
      const std::vector<GeneratedFamily> families = combinations(*find_model(model), threads);
      ASSERT_GE(families.size(), 3U);
      std::size_t looked_at = 0;
      for (const GeneratedFamily& one : families) {
        if (threads == 3 && ++looked_at > 3) break;
        Family family;
        EXPECT_THAT(complaints(one.text, family), IsEmpty()) << one.name;
        EXPECT_EQ(family.scenarios.size(), one.scenarios);
        std::set<std::string> names;
        for (const Scenario& scenario : family.scenarios) {
          EXPECT_TRUE(names.insert(scenario.name).second) << scenario.name;
          EXPECT_EQ(scenario.actors.size(), static_cast<std::size_t>(threads));
          EXPECT_FALSE(scenario.outcomes.empty());
        }
      }
    }
  }
}

}  // namespace
}  // namespace conformance
