// What is wrong with a rule is told with its line, before anything runs.
#include <gmock/gmock.h>

#include "conformance/outcome/grading.h"
#include "conformance/outcome/grading_test_support.h"

namespace conformance {

namespace {

using testing::IsEmpty;

std::vector<std::string> complaints(OneScenario one) {
  Diagnostics diagnostics;
  check_rules(one.family, one.scenario(), diagnostics);
  std::vector<std::string> texts;
  for (const Diagnostic& diagnostic : diagnostics) texts.push_back(to_string(diagnostic));
  return texts;
}

std::vector<std::string> complaints_about(Matcher matcher, const std::string& pattern) {
  return complaints(OneScenario({rule(matcher, pattern, Grade::Acceptable, "x")}));
}

TEST(CheckRules, SoundRulesAreLeftAlone) {
  EXPECT_THAT(complaints_about(Matcher::Is, "left=1, right='a'"), IsEmpty());
  EXPECT_THAT(complaints_about(Matcher::Is, "right='a', left=1"), IsEmpty());
  EXPECT_THAT(complaints_about(Matcher::Is, "too_many"), IsEmpty());
  EXPECT_THAT(complaints_about(Matcher::Like, R"(left=\d, .*)"), IsEmpty());
  EXPECT_THAT(complaints_about(Matcher::When, "left ==== 1"), IsEmpty());  // for Python to judge
  EXPECT_THAT(complaints_about(Matcher::Else, ""), IsEmpty());
}

TEST(CheckRules, AnUnknownNameGetsAdvice) {
  EXPECT_THAT(complaints_about(Matcher::Is, "lefft=1, right=2"),
              testing::ElementsAre("specs/list/one_list.yaml:11: error: 'is' gives 'lefft', which "
                                   "is not observed; did you mean 'left'?"));
}

TEST(CheckRules, AllObservedNamesMustBeGiven) {
  EXPECT_THAT(complaints_about(Matcher::Is, "left=1"),
              testing::ElementsAre("specs/list/one_list.yaml:11: error: 'is' leaves out right; it "
                                   "gives every observed name; to judge by some of them, use "
                                   "'when'"));
}

TEST(CheckRules, ACommandObservesStatusAndOutput) {
  OneScenario one({rule(Matcher::Is, "status=0, stdout='', stderr=''", Grade::Acceptable, "x"),
                   rule(Matcher::Is, "status=0, stdout=''", Grade::Acceptable, "x")});
  one.scenario().kind = Kind::Command;
  one.scenario().observe.clear();
  EXPECT_THAT(complaints(std::move(one)),
              testing::ElementsAre(testing::HasSubstr(":12: error: 'is' leaves out stderr")));
}

TEST(CheckRules, AValueThatCannotBeReadIsToldWithItsCharacter) {
  EXPECT_THAT(complaints_about(Matcher::Is, "left=one, right=2"),
              testing::ElementsAre(testing::HasSubstr(
                  "'is', character 6: 'one' is no value; text stands in quotes")));
}

TEST(CheckRules, ABrokenExpressionIsToldInItsOwnWords) {
  EXPECT_THAT(complaints_about(Matcher::Like, "left=(1"),
              testing::ElementsAre(testing::HasSubstr("missing ): left=(1")));
  EXPECT_THAT(complaints_about(Matcher::Like, "(?=left)"),
              testing::ElementsAre(testing::HasSubstr("no look-around")));
}

TEST(CheckRules, ACrashAsAnOutcomeBelongsToUnsafeScenarios) {
  for (const char* word : {"hung", "crashed(SIGSEGV)"}) {
    OneScenario one({rule(Matcher::Is, word, Grade::Acceptable, "x")});
    EXPECT_THAT(complaints(one), testing::ElementsAre(testing::HasSubstr("warning")));
    one.scenario().strengths = {{condition("free_threaded"), Strength::Must},
                                {{}, Strength::Unsafe}};
    EXPECT_THAT(complaints(one), IsEmpty());
  }
}

}  // namespace

}  // namespace conformance
