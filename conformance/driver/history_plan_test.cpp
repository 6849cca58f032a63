// What a scenario says of its histories, as the driver plays it; and what it is told when the model
// has no such thing.
#include "conformance/driver/history_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "conformance/driver/history_methods.h"
#include "conformance/spec/keys.h"

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Planned {
  HistoryPlan plan;
  std::vector<std::string> complaints;
};

Planned planned(const HistoryClaim& claim, const char* setup = "") {
  Family family;
  family.file = "a.yaml";
  Scenario scenario;
  scenario.kind = Kind::History;
  scenario.line = 4;
  scenario.history = claim;
  if (*setup != 0) scenario.setup = {setup, 9};
  Diagnostics diagnostics;
  Planned found{plan_history(family, scenario, diagnostics), {}};
  for (const Diagnostic& one : diagnostics) found.complaints.push_back(to_string(one));
  return found;
}

HistoryClaim claim_of(const char* model) {
  HistoryClaim claim;
  claim.model = model;
  claim.model_line = 7;
  return claim;
}

TEST(HistoryPlan, KnowsTheModelsThatSpecsMayName) {
  std::set<std::string, std::less<>> ours, theirs;
  for (const Model& model : all_models()) ours.emplace(model.name);
  for (const std::string_view word : kModelWords.words) theirs.emplace(word);
  EXPECT_EQ(ours, theirs);
}

TEST(HistoryPlan, TakesEveryMethodThatIsPromisedWhereNoTableSaysOtherwise) {
  const Planned found = planned(claim_of("list"));
  EXPECT_THAT(found.complaints, IsEmpty());
  std::set<std::string> names;
  for (const HistoryRow& row : found.plan.rows) names.insert(row.name);
  EXPECT_TRUE(names.contains("append"));
  EXPECT_TRUE(names.contains("getitem"));
  EXPECT_FALSE(names.contains("index"));  // walks over the list without a lock
}

TEST(HistoryPlan, HasTwoRowsForAnOptionalArgumentWhichShareTheWeight) {
  HistoryClaim claim = claim_of("list");
  claim.table = {{"append", 3, {}, 11}, {"pop", 2, {}, 12}};
  const HistoryPlan plan = planned(claim).plan;
  ASSERT_EQ(plan.rows.size(), 3U);
  EXPECT_EQ(plan.rows[0].weight, 6);
  EXPECT_THAT(plan.rows[0].draws, ElementsAre("fresh"));
  EXPECT_EQ(plan.rows[1].weight, 2);
  EXPECT_EQ(plan.rows[1].code.text, "return subject.pop()");
  EXPECT_EQ(plan.rows[2].code.text, "return subject.pop(argument0)");
  EXPECT_THAT(plan.rows[2].draws, ElementsAre("index"));
}

TEST(HistoryPlan, TellsApartWhatTakesNoLockAndWhatTakesSeveralSteps) {
  const HistoryPlan plan = planned(claim_of("list")).plan;
  std::map<std::string, std::set<int>> footings;
  for (const HistoryRow& row : plan.rows) footings[row.name].insert(row.footing);
  EXPECT_THAT(footings.at("append"), ElementsAre(0));
  EXPECT_THAT(footings.at("getitem"), ElementsAre(1));
  EXPECT_THAT(footings.at("insert"), ElementsAre(2));
  EXPECT_THAT(footings.at("pop"), ElementsAre(0, 2));  // from the end, and from within
  HistoryClaim claim = claim_of("list");
  claim.table = {{"getitem", 1, {}, 11}, {"insert", 1, {}, 12}};
  for (const HistoryRow& row : planned(claim).plan.rows) EXPECT_EQ(row.footing, 0) << row.name;
}

TEST(HistoryPlan, TakesTheTextOfTheTable) {
  HistoryClaim claim = claim_of("register");
  claim.table = {{"cas", 1, {"return subject.swap(argument0, argument1)", 13}, 12}};
  const Planned found = planned(claim, "subject = Cell()");
  EXPECT_THAT(found.complaints, IsEmpty());
  ASSERT_EQ(found.plan.rows.size(), 1U);
  EXPECT_THAT(found.plan.rows[0].draws, ElementsAre("known", "fresh"));
  EXPECT_EQ(found.plan.rows[0].code.line, 13);
}

TEST(HistoryPlan, ReadsProgramsAndWritesThemAgain) {
  for (const char* text : {"append(10); pop()\ngetitem(0)", "setitem(0, 'a;)'); len()\n\nclear()",
                           "update({1: 2, 3: 4})", "f((1,), [2, 3])"}) {
    std::string error;
    const std::optional<Program> program = parse_program(text, error);
    ASSERT_TRUE(program) << text << ": " << error;
    EXPECT_EQ(to_string(*program), text);
  }
}

TEST(HistoryPlan, RefusesProgramsThatAreNone) {
  std::string error;
  EXPECT_FALSE(parse_program("append(1)\npop", error));
  EXPECT_EQ(error, "line 2 of the program: 'pop' is no call; write it as append(1)");
  EXPECT_FALSE(parse_program("append(x)", error));
  EXPECT_THAT(error, HasSubstr("line 1 of the program: the arguments of 'append(x)'"));
  EXPECT_FALSE(parse_program("append(1); ; pop()", error));
  EXPECT_FALSE(parse_program("append('a); pop()", error));
}

TEST(HistoryPlan, ComplainsOfWhatTheModelDoesNotKnow) {
  HistoryClaim claim = claim_of("set");
  claim.table = {{"append", 1, {}, 11}};
  EXPECT_THAT(planned(claim).complaints,
              ElementsAre(HasSubstr("a.yaml:11: error: the model 'set' has no method 'append'; "
                                    "known are: add, ")));
  claim = claim_of("set");
  claim.program = {"add(1)\nadd(1, 2)", 20};
  EXPECT_THAT(planned(claim).complaints, ElementsAre(HasSubstr("a.yaml:21: error: ")));
  claim = claim_of("list");
  claim.initial = "{1: 2}";
  EXPECT_THAT(planned(claim).complaints, ElementsAre(HasSubstr("a.yaml:7: error: ")));
  claim.initial = "nothing at all";
  EXPECT_THAT(planned(claim).complaints, ElementsAre(HasSubstr("'initial' is no value")));
  EXPECT_THAT(planned(claim_of("counter")).complaints,
              ElementsAre(HasSubstr("a history of the model 'counter' needs 'setup'")));
}

TEST(HistoryPlan, EveryMethodOfEveryModelCanBePlayedAndDrawn) {
  for (const Model& model : all_models()) {
    for (const Method& method : model.methods) {
      const int most = static_cast<int>(method.arguments.size());
      for (int arity = method.required; arity <= most; ++arity) {
        EXPECT_EQ(draws(method, arity).size(), static_cast<std::size_t>(arity));
        const PlayedMethod text = played(model, method, arity);
        EXPECT_THAT(text.code, HasSubstr("subject")) << model.name << "." << method.name;
        EXPECT_EQ(text.code.find("argument" + std::to_string(arity)), std::string::npos)
            << text.code;
      }
    }
  }
}

}  // namespace
}  // namespace conformance
