// The table as functions: names there and back, and which exit status wins.
#include "conformance/outcome/verdict.h"

#include <gtest/gtest.h>
#include <set>
#include <string>

namespace conformance {

namespace {

TEST(Verdict, EveryNameReadsBackAndIsItsOwn) {
  std::set<std::string_view> names;
  for (const Verdict verdict : all_verdicts()) {
    EXPECT_EQ(parse_verdict(to_string(verdict)), verdict) << to_string(verdict);
    EXPECT_TRUE(names.insert(to_string(verdict)).second) << to_string(verdict);
    EXPECT_FALSE(sentence(verdict).empty());
  }
  EXPECT_EQ(names.size(), 16u);
}

TEST(Verdict, VoidIsSpelledWithoutItsUnderscore) {
  EXPECT_EQ(to_string(Verdict::void_), "void");
  EXPECT_EQ(parse_verdict("void"), Verdict::void_);
  EXPECT_EQ(parse_verdict("void_"), std::nullopt);
}

TEST(Verdict, OtherWordsAreNone) {
  for (const char* text : {"", "Passed", "pass", "failed ", "unknown"}) {
    EXPECT_EQ(parse_verdict(text), std::nullopt) << text;
  }
}

TEST(Verdict, WhatWasNotWitnessedFailsOnlyWhenAskedFor) {
  EXPECT_EQ(exit_status(Verdict::unwitnessed, false), 0);
  EXPECT_EQ(exit_status(Verdict::unwitnessed, true), 3);
  EXPECT_EQ(exit_status(Verdict::failed, false), 1);
  EXPECT_EQ(exit_status(Verdict::passed, true), 0);
}

TEST(Verdict, TheStrongerExitStatusWinsFromEitherSide) {
  const int order[] = {130, 4, 2, 1, 6, 5, 3, 0};
  for (std::size_t strong = 0; strong < std::size(order); ++strong) {
    for (std::size_t weak = strong; weak < std::size(order); ++weak) {
      EXPECT_EQ(stronger_exit(order[strong], order[weak]), order[strong]);
      EXPECT_EQ(stronger_exit(order[weak], order[strong]), order[strong]);
    }
  }
}

TEST(Verdict, AFailureHasAnExitStatusAndTheRestHasNone) {
  for (const Verdict verdict : all_verdicts()) {
    EXPECT_EQ(is_failure(verdict), exit_status(verdict, false) != 0) << to_string(verdict);
  }
}

}  // namespace

}  // namespace conformance
