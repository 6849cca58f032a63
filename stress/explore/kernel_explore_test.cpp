// kernel_explore as its users meet it: exit status, output, tokens that go from process to process.
#include <cstdio>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex>
#include <string>
#include <sys/wait.h>

namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

struct Ran {
  int status = -1;
  std::string output;  // and errors
};

Ran run(const std::string& arguments) {
  Ran ran;
  std::FILE* pipe = popen(("exec " PLANTED " " + arguments + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return ran;
  char buffer[4096];
  while (std::size_t bytes = std::fread(buffer, 1, sizeof(buffer), pipe))
    ran.output.append(buffer, bytes);
  int status = pclose(pipe);
  if (WIFEXITED(status)) ran.status = WEXITSTATUS(status);
  return ran;
}

std::string without_times(const std::string& text) {
  return std::regex_replace(text, std::regex("[0-9.]+ (s|points/s)"), "-");
}

// Sentence, graph and trace: what stands between the name of the scenario and the count.
std::string failure_in(const std::string& output) {
  std::size_t begin = output.find("  this should have been true");
  std::size_t end = output.find("  found after");
  return begin == std::string::npos ? "" : output.substr(begin, end - begin);
}

std::string token_in(const std::string& output) {
  std::smatch found;
  return std::regex_search(output, found, std::regex("--replay ('[^']*')")) ? found[1].str() : "";
}

TEST(KernelExplore, ListShowsNamesAndClaims) {
  Ran ran = run("--list");
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.output, ContainsRegex("good/flag +Who sees the flag sees the message"));
  EXPECT_THAT(ran.output, HasSubstr("planted/two_orders"));
}

TEST(KernelExplore, WhatHoldsIsStatusZeroWithItsCoverage) {
  Ran ran = run("good");
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.output, ContainsRegex("good/flag +complete up to 2 preemptions: [0-9]+ sched"));
  EXPECT_THAT(ran.output, HasSubstr("2 scenarios, 0 failed"));
  ran = run("good --brief");
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.output, AllOf(Not(HasSubstr("good/")), HasSubstr("2 scenarios, 0 failed")));
}

TEST(KernelExplore, AFailureIsStatusOneAndTheOthersRunAllTheSame) {
  Ran ran = run("--all --brief");
  EXPECT_EQ(ran.status, 1);
  EXPECT_THAT(ran.output, HasSubstr("FAILED planted/lost_update: Wrong: a load and a store are"));
  EXPECT_THAT(ran.output, HasSubstr("this should have been true: two increments count two"));
  EXPECT_THAT(ran.output, ContainsRegex("counter load 0"));
  EXPECT_THAT(ran.output, HasSubstr("(deadlock)"));
  EXPECT_THAT(ran.output, HasSubstr("4 scenarios, 2 failed"));
}

TEST(KernelExplore, EveryStrategyIsOfferedAndDrawsFromItsSeed) {
  for (const char* strategy : {"pct", "random"}) {
    Ran ran = run("planted/lost_update --seed 5 --strategy " + std::string(strategy));
    EXPECT_EQ(ran.status, 1) << strategy;
    EXPECT_THAT(ran.output, ContainsRegex("; seed [0-9]+"));
    EXPECT_EQ(run("good --schedules 50 --strategy " + std::string(strategy)).status, 0);
  }
}

TEST(KernelExplore, AnotherProcessPrintsTheSame) {
  EXPECT_EQ(without_times(run("--all").output), without_times(run("--all").output));
}

TEST(KernelExplore, ATokenFailsTheSameWayInAnotherProcess) {
  for (const char* name : {"planted/lost_update", "planted/two_orders"}) {
    Ran found = run(name);
    std::string token = token_in(found.output);
    ASSERT_NE(token, "") << found.output;
    Ran again = run("--replay " + token);
    EXPECT_EQ(again.status, 1);
    EXPECT_NE(failure_in(found.output), "");
    EXPECT_EQ(failure_in(again.output), failure_in(found.output));
    EXPECT_EQ(token_in(again.output), token);
  }
}

TEST(KernelExplore, ATokenOfAnotherBuildOrMutantOrOfNothingIsRefused) {
  std::string token = token_in(run("planted/lost_update").output);
  ASSERT_NE(token, "");
  std::size_t at = token.find('@');
  std::string other = token;
  other.replace(at + 1, 8, "00000000");
  Ran ran = run("--replay " + other);
  EXPECT_EQ(ran.status, 4);
  EXPECT_THAT(ran.output, HasSubstr("the token is of build 00000000"));
  other = token;
  other.insert(at + 9, "+some_mutant");
  ran = run("--replay " + other);
  EXPECT_EQ(ran.status, 4);
  EXPECT_THAT(ran.output, HasSubstr("set HEDDLE_MUTANT=some_mutant"));
  ran = run("--replay nonsense");
  EXPECT_EQ(ran.status, 4);
  EXPECT_THAT(ran.output, HasSubstr("is no token"));
}

TEST(KernelExplore, AScheduleThatEndsWellIsStatusZero) {
  std::string token = token_in(run("planted/lost_update").output);
  std::string straight = token.substr(0, token.find(':') + 1) + "'";
  Ran ran = run("--replay " + straight);
  EXPECT_EQ(ran.status, 0);
  EXPECT_THAT(ran.output, HasSubstr("ends well"));
}

TEST(KernelExplore, MistakesOfTheUserAreStatusFour) {
  EXPECT_EQ(run("no/such/scenario").status, 4);
  EXPECT_THAT(run("no/such/scenario").output, HasSubstr("--list shows all"));
  EXPECT_EQ(run("").status, 4);
  EXPECT_EQ(run("--all --strategy guess").status, 4);
  EXPECT_EQ(run("--all --preemptions -1").status, 4);
  EXPECT_EQ(run("--no-such-option").status, 4);
  EXPECT_EQ(run("--help").status, 0);
}

TEST(KernelExplore, ANameThatSelectsNothingIsAMistakeEvenBesideOneThatDoes) {
  Ran ran = run("good/flag goood/two_increments");
  EXPECT_EQ(ran.status, 4);
  EXPECT_THAT(ran.output, HasSubstr("goood/two_increments"));
}

}  // namespace
