#include "conformance/spec/condition.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance {
namespace {

using testing::ElementsAre;

const Facts kFacts = {
    {"version", *parse_version("3.14.7")},
    {"release", std::string("final")},
    {"implementation", std::string("cpython")},
    {"free_threaded", true},
    {"gil_enabled", false},
    {"cpus", std::int64_t{2}},
    {"flags.dev_mode", false},
    {"flags.optimize", std::int64_t{1}},
    {"platform", std::string("linux")},
};

Condition read(std::string_view text) {
  Condition::Error error;
  const std::optional<Condition> condition = Condition::parse(text, error);
  EXPECT_TRUE(condition) << text << ": " << error.message;
  return condition.value_or(Condition());
}

bool holds(std::string_view text) { return read(text).holds(kFacts); }

std::string refusal(std::string_view text) {
  Condition::Error error;
  if (Condition::parse(text, error)) return "accepted";
  return std::to_string(error.offset) + ": " + error.message +
         (error.advice.empty() ? "" : "; " + error.advice);
}

TEST(Condition, WithoutTextAlwaysHolds) {
  EXPECT_TRUE(Condition().always());
  EXPECT_TRUE(Condition().holds({}));
  EXPECT_EQ(Condition().why_not({}), "");
  EXPECT_FALSE(read("parallel").always());
}

TEST(Condition, ComparesVersionsByComponents) {
  EXPECT_TRUE(holds("version >= 3.9"));
  EXPECT_TRUE(holds("version >= 3.14 and version < 3.15"));
  EXPECT_TRUE(holds("version == 3.14.7"));
  EXPECT_FALSE(holds("version == 3.14"));
  EXPECT_FALSE(holds("version <= 3.14"));
  EXPECT_TRUE(holds("version > 3.14.6"));
  EXPECT_TRUE(holds("version >= 3"));
  EXPECT_FALSE(holds("version >= 4"));
  EXPECT_TRUE(holds("version != 3.13"));
}

TEST(Condition, ComparesStringsIntegersAndBooleans) {
  EXPECT_TRUE(holds("implementation == 'cpython'"));
  EXPECT_TRUE(holds("implementation == \"cpython\""));
  EXPECT_TRUE(holds("implementation != 'pypy'"));
  EXPECT_TRUE(holds("cpus >= 2"));
  EXPECT_FALSE(holds("cpus > 2"));
  EXPECT_TRUE(holds("cpus > -1"));
  EXPECT_TRUE(holds("free_threaded == True"));
  EXPECT_TRUE(holds("gil_enabled == False"));
  EXPECT_TRUE(holds("flags.dev_mode == 0"));
  EXPECT_TRUE(holds("flags.optimize == True"));
}

TEST(Condition, AndBindsTighterThanOrAndNotTighterThanAnd) {
  EXPECT_TRUE(holds("free_threaded or gil_enabled and gil_enabled"));
  EXPECT_FALSE(holds("(free_threaded or gil_enabled) and gil_enabled"));
  EXPECT_FALSE(holds("not free_threaded and gil_enabled"));
  EXPECT_TRUE(holds("not (free_threaded and gil_enabled)"));
  EXPECT_TRUE(holds("not cpus == 3"));
  EXPECT_TRUE(holds("not not free_threaded"));
}

TEST(Condition, AnAbsentFactIsFalse) {
  EXPECT_FALSE(holds("parallel"));
  EXPECT_TRUE(holds("not parallel"));
  EXPECT_FALSE(holds("flags.nothing"));
}

TEST(Condition, AnAbsentFactEqualsNothing) {
  EXPECT_FALSE(holds("parallel == True"));
  EXPECT_FALSE(holds("parallel == False"));
  EXPECT_FALSE(holds("bits >= 0"));
  EXPECT_FALSE(holds("bits < 0"));
  EXPECT_FALSE(holds("parallel == parallel"));
  EXPECT_TRUE(holds("bits != 64"));
  EXPECT_TRUE(holds("parallel != parallel"));
}

TEST(Condition, AFactOfAnotherKindEqualsNothing) {
  const Facts odd = {{"version", std::string("3.14")}, {"cpus", std::string("2")}};
  EXPECT_FALSE(read("version >= 3.14").holds(odd));
  EXPECT_FALSE(read("version < 3.14").holds(odd));
  EXPECT_TRUE(read("version != 3.14").holds(odd));
  EXPECT_FALSE(read("cpus == 2").holds(odd));
}

TEST(Condition, MayStandOnSeveralLines) {
  EXPECT_TRUE(holds("version >= 3.14\n  and\n  free_threaded\n"));
}

TEST(Condition, TellsTheNamesItMentionsOnceAndInOrder) {
  EXPECT_THAT(read("b and a or flags.x == 'quoted' and b and True").names(),
              ElementsAre("b", "a", "flags.x"));
  EXPECT_EQ(read("  a and b \n").text(), "a and b");
}

TEST(Condition, SaysWhichPartDoesNotHoldAndWhatWasFound) {
  const Facts old = {{"version", *parse_version("3.11.7")}, {"free_threaded", false}};
  EXPECT_EQ(read("version >= 3.14").why_not(old), "version >= 3.14 (version is 3.11.7)");
  EXPECT_EQ(read("version >= 3 and free_threaded and parallel").why_not(old),
            "free_threaded (free_threaded is False)");
  EXPECT_EQ(read("version >= 3 and (version < 4 and parallel)").why_not(old),
            "parallel (parallel is absent)");
  EXPECT_EQ(read("platform == 'linux' or cpus > 2").why_not(old),
            "platform == 'linux' or cpus > 2 (platform is absent, cpus is absent)");
  EXPECT_EQ(read("not version >= 3").why_not(old), "not version >= 3 (version is 3.11.7)");
  EXPECT_EQ(read("False").why_not(old), "False");
  EXPECT_EQ(read("version >= 3").why_not(old), "");
}

TEST(Condition, IsRefusedWithThePlaceAndAdvice) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "0: the condition is empty; leave `where` out where it always holds"},
      {" \n ", "3: the condition is empty; leave `where` out where it always holds"},
      {"version = 3.14", "8: '=' has no meaning in a condition; did you mean '=='?"},
      {"a && b", "2: '&' has no meaning in a condition; did you mean 'and'?"},
      {"a || b", "2: '|' has no meaning in a condition; did you mean 'or'?"},
      {"!a", "0: '!' has no meaning in a condition; did you mean 'not'?"},
      {"a \xc3\xa4", "2: a character that has no meaning in a condition"},
      {"a + b", "2: '+' has no meaning in a condition"},
      {"a b", "2: expected 'and', 'or' or the end, found 'b'"},
      {"platform in ('linux')",
       "9: there is no 'in' in conditions; compare with == and join with 'or'"},
      {"platform is 'linux'",
       "9: there is no 'is' in conditions; compare with == and join with 'or'"},
      {"a and", "5: the condition ends where a fact, a number or a string should stand"},
      {"a and or b", "6: expected a fact, a number or a string, found 'or'"},
      {"and a", "0: expected a fact, a number or a string, found 'and'"},
      {"== 3", "0: expected a fact, a number or a string, found '=='"},
      {"a == not b", "5: expected a fact, a number or a string, found 'not'"},
      {"(a", "0: '(' is never closed"},
      {"(a b", "3: expected ')', found 'b'"},
      {"a)", "1: ')' without '('"},
      {"platform == 'linux", "12: the string is never closed"},
      {"true", "0: 'true' is not a fact; write True"},
      {"a == false", "5: 'false' is not a fact; write False"},
      {"a == None", "5: there is no None in conditions; an absent fact is false: write 'not name'"},
      {"flags.", "6: expected a name after '.'"},
      {"flags.3", "6: expected a name after '.'"},
      {"len(a)", "3: a condition calls nothing; facts are plain names"},
      {"1 < cpus < 4", "9: comparisons do not chain; write 'a < b and b < c'"},
      {"version >= 3.14b1", "11: '3.14b1' is not a version; write 3.14 or 3.14.7"},
      {"version >= 3.", "11: '3.' is not a version; write 3.14 or 3.14.7"},
      {"cpus == 2x", "8: '2x' is not an integer that fits 64 bits"},
      {"cpus == 99999999999999999999",
       "8: '99999999999999999999' is not an integer that fits 64 bits"},
      {"version >= '3.14'",
       "11: a version is compared with a string; that never holds; a version is written without "
       "quotes: 3.14"},
      {"cpus == '2'", "8: an integer is compared with a string; that never holds"},
      {"1 == 'a'", "5: an integer is compared with a string; that never holds"},
      {"'a' < 3.14",
       "6: a string is compared with a version; that never holds; a version is written without "
       "quotes: 3.14"},
      {"version == platform",
       "8: a version is compared with a string; that never holds; a version is written without "
       "quotes: 3.14"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(refusal(text), expected) << text;
}

TEST(Condition, DeepNestingIsRefusedAndDoesNotCrash) {
  EXPECT_EQ(refusal(std::string(100'000, '(')), "50: the condition is nested too deeply");
  std::string negations;
  for (int i = 0; i < 100'000; ++i) negations += "not ";
  EXPECT_EQ(refusal(negations + "a"), "200: the condition is nested too deeply");
  std::string wide = "a";
  for (int i = 0; i < 10'000; ++i) wide += " and a";
  EXPECT_FALSE(holds(wide));
}

}  // namespace
}  // namespace conformance
