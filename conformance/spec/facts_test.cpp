#include "conformance/spec/facts.h"

#include <gtest/gtest.h>

namespace conformance {
namespace {

Version version(const char* text) { return parse_version(text).value(); }

TEST(Version, IsComparedByComponentsAndNotAsText) {
  EXPECT_LT(version("3.9"), version("3.14"));
  EXPECT_LT(version("3.14"), version("3.14.1"));
  EXPECT_GT(version("4"), version("3.99.99"));
}

TEST(Version, AMissingComponentIsZero) {
  EXPECT_EQ(version("3.14"), version("3.14.0"));
  EXPECT_EQ(version("3"), version("3.0.0.0"));
  EXPECT_NE(version("3.14"), version("3.14.0.1"));
}

TEST(Version, IsDigitsAndSingleDotsAndNothingElse) {
  for (const char* text : {"", ".", "3.", ".3", "3..1", "3.1a", "-3", "+3", "3.-1", " 3", "3 ",
                           "v3", "99999999999999999999"}) {
    EXPECT_FALSE(parse_version(text)) << text;
  }
}

TEST(Version, IsSpelledAsItWasRead) {
  EXPECT_EQ(to_string(version("3.14.0")), "3.14.0");
  EXPECT_EQ(to_string(version("7")), "7");
}

TEST(Fact, IsSpelledAsAConditionWouldSpellIt) {
  EXPECT_EQ(to_string(Fact(true)), "True");
  EXPECT_EQ(to_string(Fact(false)), "False");
  EXPECT_EQ(to_string(Fact(std::int64_t{-3})), "-3");
  EXPECT_EQ(to_string(Fact(std::string("linux"))), "'linux'");
  EXPECT_EQ(to_string(Fact(std::string("it's"))), "\"it's\"");
  EXPECT_EQ(to_string(Fact(version("3.14.7"))), "3.14.7");
}

}  // namespace
}  // namespace conformance
