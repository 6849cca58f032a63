#include "conformance/spec/spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance {
namespace {

using testing::ElementsAre;

TEST(Cases, AreProcessesThenScenariosThenVariants) {
  Family family;
  family.id = "list/two";
  family.processes.resize(2);
  family.processes[1].name = "inherit";
  family.scenarios.resize(2);
  family.scenarios[0].name = "plain";
  family.scenarios[1].name = "varied";
  family.scenarios[1].variants.resize(2);
  family.scenarios[1].variants[0].id = "a";
  family.scenarios[1].variants[1].id = "b";

  std::vector<std::string> ids, driver_ids;
  for (const Case& one : cases_of(family)) {
    ids.push_back(one.id());
    driver_ids.push_back(one.driver_id());
  }
  EXPECT_THAT(ids, ElementsAre("list/two/plain", "list/two/varied[a]", "list/two/varied[b]",
                               "list/two/plain@inherit", "list/two/varied[a]@inherit",
                               "list/two/varied[b]@inherit"));
  EXPECT_THAT(driver_ids,
              ElementsAre("list/two/plain", "list/two/varied[a]", "list/two/varied[b]",
                          "list/two/plain", "list/two/varied[a]", "list/two/varied[b]"));
}

TEST(Scenario, ItsThreadsAreTheSumOfTheCounts) {
  Scenario scenario;
  EXPECT_EQ(scenario.actor_threads(), 0);
  scenario.actors.resize(2);
  scenario.actors[1].count = 3;
  EXPECT_EQ(scenario.actor_threads(), 4);
}

TEST(IdGlob, AStarIsAnyTextAndAQuestionMarkOneCharacter) {
  EXPECT_TRUE(id_matches("list/*", "list/two/plain"));
  EXPECT_TRUE(id_matches("*plain", "list/two/plain"));
  EXPECT_TRUE(id_matches("*o*l?in", "list/two/plain"));
  EXPECT_TRUE(id_matches("li?t/two/plain", "list/two/plain"));
  EXPECT_FALSE(id_matches("li?/two/plain", "list/two/plain"));
  EXPECT_FALSE(id_matches("list/?", "list/two/plain"));
}

TEST(IdGlob, MatchesAPrefixThatEndsAtASlashAndNoOther) {
  EXPECT_TRUE(id_matches("list", "list/two/plain"));
  EXPECT_TRUE(id_matches("list/", "list/two/plain"));
  EXPECT_TRUE(id_matches("list/two", "list/two/plain"));
  EXPECT_FALSE(id_matches("list/tw", "list/two/plain"));
  EXPECT_FALSE(id_matches("list/two/pla", "list/two/plain"));
  EXPECT_FALSE(id_matches("two/plain", "list/two/plain"));
  EXPECT_FALSE(id_matches("", "list/two/plain"));
}

TEST(IdGlob, BracketsAreLiteral) {
  EXPECT_TRUE(id_matches("a/b/c[x]", "a/b/c[x]"));
  EXPECT_FALSE(id_matches("a/b/c[xy]", "a/b/c[x]"));
  EXPECT_TRUE(id_matches("a/b/c[*]@p", "a/b/c[x]@p"));
  EXPECT_FALSE(id_matches("a/b/c", "a/b/c[x]"));
  EXPECT_FALSE(id_matches("a/b/c", "a/b/c@p"));
}

TEST(IdGlob, ManyStarsDoNotTakeForEver) {
  EXPECT_FALSE(id_matches(std::string(60, '*') + "a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace conformance
