#include "conformance/runner/plan.h"

#include <gtest/gtest.h>
#include <set>

namespace conformance {
namespace {

Scenario scenario(const char* name, Kind kind, Strength strength, int actors) {
  Scenario made;
  made.name = name;
  made.kind = kind;
  made.strengths = {{Condition(), strength}};
  for (int index = 0; index < actors; ++index) made.actors.push_back({"actor", 1, false, {}});
  return made;
}

class Plan : public testing::Test {
 protected:
  Plan() {
    family_.id = "list/two";
    family_.file = "specs/list/two.yaml";
    family_.processes = {ProcessRow{}};
    family_.scenarios = {scenario("a", Kind::Litmus, Strength::Must, 2),
                         scenario("b", Kind::Script, Strength::Must, 2),
                         scenario("c", Kind::Litmus, Strength::Unsafe, 3),
                         scenario("d", Kind::Process, Strength::Must, 0),
                         scenario("e", Kind::Command, Strength::Must, 0),
                         scenario("f", Kind::Litmus, Strength::Must, 9)};
  }
  Family family_;
};

TEST_F(Plan, OrdinaryCasesOfAFamilyShareAProcessAndTheOthersAreAlone) {
  const std::vector<Group> groups =
      make_groups(cases_of(family_), {{"parallel", Fact(false)}, {"cpus", Fact(std::int64_t{2})}});
  ASSERT_EQ(groups.size(), 4u);
  EXPECT_EQ(groups[0].kind, GroupKind::Shared);
  EXPECT_EQ(groups[0].cases.size(), 3u);
  EXPECT_EQ(groups[1].kind, GroupKind::Unsafe);
  EXPECT_EQ(groups[2].kind, GroupKind::Process);
  EXPECT_EQ(groups[3].kind, GroupKind::Command);
}

TEST_F(Plan, LitmusTakesItsActorsAsProcessorsWherePortsAreParallel) {
  const Facts facts = {{"parallel", Fact(true)}, {"cpus", Fact(std::int64_t{4})}};
  const std::vector<Group> groups = make_groups(cases_of(family_), facts);
  EXPECT_EQ(groups[0].processors, 4);  // nine actors on four processors
  EXPECT_TRUE(groups[0].exclusive);
  EXPECT_EQ(groups[1].processors, 3);
  EXPECT_FALSE(groups[2].exclusive);
}

TEST_F(Plan, UnderAGilLitmusKeepsOneProcessorBusy) {
  const std::vector<Group> groups =
      make_groups(cases_of(family_), {{"parallel", Fact(false)}, {"cpus", Fact(std::int64_t{4})}});
  EXPECT_EQ(groups[0].processors, 1);
  EXPECT_FALSE(groups[0].exclusive);
}

TEST(Shard, PartsAreDisjointAndTogetherEverything) {
  std::set<std::string> seen;
  for (int index = 1; index <= 8; ++index) {
    int mine = 0;
    for (int number = 0; number < 800; ++number) {
      const std::string id = "list/one/case" + std::to_string(number);
      if (!in_shard({index, 8}, "python3", id)) continue;
      ++mine;
      EXPECT_TRUE(seen.insert(id).second) << id << " is in two shards";
    }
    EXPECT_GT(mine, 50) << "shard " << index << " has hardly anything";
  }
  EXPECT_EQ(seen.size(), 800u);
}

TEST(Shard, OnlyIOfNIsRead) {
  ASSERT_TRUE(parse_shard("2/8"));
  EXPECT_EQ(parse_shard("2/8")->index, 2);
  for (const char* text : {"", "2", "0/8", "9/8", "2/", "/8", "-1/8", "2/8/1", "a/b", "2 / 8"}) {
    EXPECT_FALSE(parse_shard(text)) << text;
  }
}

TEST_F(Plan, AnIdSelectsItsCaseAndAPathTheFamiliesBelowIt) {
  const Case one = cases_of(family_).front();
  EXPECT_TRUE(selected({}, one));
  EXPECT_TRUE(selected({"list/two/a"}, one));
  EXPECT_TRUE(selected({"list/*"}, one));
  EXPECT_FALSE(selected({"list/two/b"}, one));
  EXPECT_FALSE(selected({"set/*"}, one));
}

}  // namespace
}  // namespace conformance
