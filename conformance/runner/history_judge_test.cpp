// Histories as a driver sends them, judged: what is wrong is found and shown, what is right passes,
// what is none is refused by name.
#include "conformance/runner/history_judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/runner/history_text.h"

namespace conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

HistoryClaim list_claim() {
  HistoryClaim claim;
  claim.model = "list";
  return claim;
}

// Two threads append at the same moment; in the end the list is `final`.
HistoryEvent two_appends(const std::string& final) {
  HistoryEvent event;
  event.scenario = "a/b/c";
  event.program = 7;
  event.final = "copy";
  event.threads = {{{"append", {"10"}}}, {{"append", {"11"}}}};
  event.seen = {{5, {"None", "None"}, {0, 0}, {0, 0}, {final}}};
  return event;
}

HistoryVerdict judged(const std::vector<HistoryEvent>& events, const HistoryClaim& claim,
                      const JudgeLimits& limits = {}) {
  const std::atomic<bool> never{false};
  return judge_histories(claim, {"a/b/c", "perf_counter_ns", 1}, events, limits, never);
}

TEST(HistoryJudge, PassesWhatAnOrderExplains) {
  const HistoryVerdict verdict =
      judged({two_appends("[10, 11]"), two_appends("[11, 10]")}, list_claim());
  EXPECT_EQ(verdict.complaint, "");
  EXPECT_EQ(verdict.evidence.distinct, 2);
  EXPECT_EQ(verdict.evidence.linearizable, 2);
  EXPECT_EQ(verdict.evidence.programs, 1);
  EXPECT_EQ(verdict.evidence.not_linearizable, 0);
  EXPECT_FALSE(verdict.failing.has_value());
}

TEST(HistoryJudge, FindsTheLostUpdateAndShowsIt) {
  const HistoryVerdict verdict =
      judged({two_appends("[10, 11]"), two_appends("[10]")}, list_claim());
  EXPECT_EQ(verdict.evidence.not_linearizable, 1);
  EXPECT_EQ(verdict.evidence.failing_samples, 5);
  ASSERT_TRUE(verdict.failing.has_value());
  EXPECT_EQ(verdict.failing->runs, 10);
  EXPECT_EQ(verdict.failing->failing_runs, 5);
  EXPECT_THAT(verdict.evidence.failure, HasSubstr("5 of its 10 runs have no explanation"));
  EXPECT_THAT(verdict.evidence.failure, HasSubstr("thread 0"));
  EXPECT_THAT(verdict.evidence.failure, HasSubstr("append(11) -> None"));
  EXPECT_THAT(verdict.evidence.failure, HasSubstr("in the end"));
  EXPECT_THAT(verdict.evidence.failure_reason, HasSubstr("copy() -> [10]"));
}

TEST(HistoryJudge, KeepsTheOrderInWhichOperationsFollowedEachOther) {
  HistoryEvent event = two_appends("[11, 10]");
  event.seen[0].calls = {0, 1};
  event.seen[0].returns = {0, 1};  // 10 was in before 11 came
  EXPECT_EQ(judged({event}, list_claim()).evidence.not_linearizable, 1);
}

TEST(HistoryJudge, StartsFromTheProgramsState) {
  HistoryEvent event = two_appends("[1, 10, 11]");
  EXPECT_EQ(judged({event}, list_claim()).evidence.not_linearizable, 1);
  event.initial = "[1]";
  EXPECT_EQ(judged({event}, list_claim()).evidence.linearizable, 1);
}

TEST(HistoryJudge, SaysUndecidedWhenTimeRunsOut) {
  JudgeLimits limits;
  limits.of_all = std::chrono::nanoseconds(-1);
  const HistoryVerdict verdict = judged({two_appends("[10]")}, list_claim(), limits);
  EXPECT_EQ(verdict.evidence.undecided, 1);
  EXPECT_EQ(verdict.evidence.not_linearizable, 0);
  EXPECT_EQ(verdict.evidence.why_undecided, "time ran out");
}

TEST(HistoryJudge, RefusesWhatIsNoHistory) {
  HistoryEvent unknown = two_appends("[10]");
  unknown.threads[0][0].method = "push";
  EXPECT_THAT(judged({unknown}, list_claim()).complaint, HasSubstr("push"));
  HistoryEvent garbage = two_appends("nothing of this kind (");
  EXPECT_THAT(judged({garbage}, list_claim()).complaint, HasSubstr("is no value"));
  HistoryEvent argument = two_appends("[10]");
  argument.threads[0][0].arguments = {};
  EXPECT_THAT(judged({argument}, list_claim()).complaint, Not(""));
}

}  // namespace
}  // namespace conformance
