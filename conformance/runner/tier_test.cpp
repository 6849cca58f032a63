#include "conformance/runner/tier.h"

#include <gtest/gtest.h>

namespace conformance {
namespace {

TEST(Tier, EveryNameIsReadBack) {
  for (Tier tier : {Tier::Sanity, Tier::Quick, Tier::Default, Tier::Thorough})
    EXPECT_EQ(parse_tier(to_string(tier)), tier);
  EXPECT_EQ(parse_tier("tough"), std::nullopt);
}

TEST(Tier, AHigherTierNeverTriesLess) {
  const Tier tiers[] = {Tier::Sanity, Tier::Quick, Tier::Default, Tier::Thorough};
  for (int index = 0; index + 1 < 4; ++index) {
    const Effort less = effort_of(tiers[index]), more = effort_of(tiers[index + 1]);
    EXPECT_LT(less.litmus_seconds, more.litmus_seconds);
    EXPECT_LE(less.script_samples, more.script_samples);
    EXPECT_LE(less.process_samples, more.process_samples);
    EXPECT_LE(less.confirmations, more.confirmations);
  }
}

TEST(Duration, SecondsMinutesAndHours) {
  EXPECT_EQ(parse_duration("90"), 90);
  EXPECT_EQ(parse_duration("90s"), 90);
  EXPECT_EQ(parse_duration("1.5m"), 90);
  EXPECT_EQ(parse_duration("2h"), 7200);
}

TEST(Duration, WhatIsNoTimeIsRefused) {
  for (const char* text : {"", "s", "0", "-5s", "5 s", "5d", "1e99", "nan", "five"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace conformance
