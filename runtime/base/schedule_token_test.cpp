#include "runtime/base/schedule_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace runtime {
namespace {

using testing::HasSubstr;

TEST(ScheduleToken, WhatIsWrittenIsReadBack) {
  ScheduleToken token{"threads/mutex",
                      "0123abcd",
                      "hand_off_lost",
                      {{1, 12, 2, false, true}, {2, 7, 1, true, false}}};
  std::string text = write_token(token);
  EXPECT_EQ(text, "threads/mutex@0123abcd+hand_off_lost:1.12>2,2.7>1t");
  std::string problem;
  auto read = read_token(text, problem);
  ASSERT_TRUE(read.has_value()) << problem;
  EXPECT_EQ(write_token(*read), text);
  EXPECT_EQ(read->mutant, "hand_off_lost");
}

TEST(ScheduleToken, AScheduleWithoutSwitchesIsAToken) {
  std::string problem;
  auto read = read_token("a/b@00000000:", problem);
  ASSERT_TRUE(read.has_value()) << problem;
  EXPECT_TRUE(read->switches.empty());
}

TEST(ScheduleToken, DamageIsNamedWithItsPlace) {
  for (const char* damaged : {"a@0:1.2>", "a@0:1.2>3;", "a@0:1.2>3,", "a@0:x", "a@0:1-2>3",
                              "a@0:99999999999999999999.1>1x"}) {
    std::string problem;
    EXPECT_FALSE(read_token(damaged, problem).has_value()) << damaged;
    EXPECT_THAT(problem, HasSubstr("character")) << damaged;
  }
  std::string problem;
  EXPECT_FALSE(read_token("no token at all", problem).has_value());
  EXPECT_THAT(problem, HasSubstr("is no token"));
}

TEST(ScheduleToken, TheIdentityOfABuildIsStable) {
  EXPECT_EQ(build_identity().size(), 8u);
  EXPECT_EQ(build_identity(), build_identity());
}

}  // namespace
}  // namespace runtime
