#include "conformance/ports/process_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace conformance {

namespace {

ProcessEntry process(pid_t pid, pid_t parent, pid_t group, pid_t session) {
  return {pid, parent, group, session, 'S', 1};
}

std::vector<pid_t> pids_of(const std::vector<ProcessEntry>& entries) {
  std::vector<pid_t> pids;
  for (const ProcessEntry& entry : entries) pids.push_back(entry.pid);
  return pids;
}

constexpr pid_t kJudge = 0x7ffffff0, kChild = 0x7ffffff1,
                kOther = 0x7ffffff2;  // beyond every real pid: no environment to read

TEST(ProcessTree, ACommandWithBlanksAndParenthesesIsRead) {
  ProcessEntry entry;
  ASSERT_TRUE(parse_process_stat(
      "42 (a) b (c)) S 7 8 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 12345 10 11\n", entry));
  EXPECT_EQ(entry.pid, 42);
  EXPECT_EQ(entry.state, 'S');
  EXPECT_EQ(entry.parent, 7);
  EXPECT_EQ(entry.group, 8);
  EXPECT_EQ(entry.session, 9);
  EXPECT_EQ(entry.start_time, 12345u);
}

TEST(ProcessTree, WhatIsNoStatLineIsRefused) {
  ProcessEntry entry;
  EXPECT_FALSE(parse_process_stat("", entry));
  EXPECT_FALSE(parse_process_stat("42 (a", entry));
  EXPECT_FALSE(parse_process_stat("42 (a) S 7 8", entry));
}

TEST(ProcessTree, ThisProcessIsListedWithItsParent) {
  for (const ProcessEntry& entry : list_processes()) {
    if (entry.pid == ::getpid()) {
      EXPECT_EQ(entry.parent, ::getppid());
      EXPECT_TRUE(entry.alive());
      return;
    }
  }
  FAIL() << "not listed";
}

TEST(ProcessTree, GroupSessionAndParentChainsAreFollowed) {
  const std::vector<ProcessEntry> all = {
      process(kChild, kJudge, kChild, kChild),
      process(10, kChild, kChild, kChild),  // group
      process(11, 10, 11, kChild),          // another group of the session
      process(12, 11, 12, 12),              // another session, by its parents
      process(13, kJudge, 13, kChild),      // an orphan of the session
      process(14, 13, 14, 14),
  };
  EXPECT_THAT(pids_of(descendants(all, kChild, "1.1", kJudge)),
              testing::UnorderedElementsAre(10, 11, 12, 13, 14));
}

TEST(ProcessTree, OthersAreLeftAlone) {
  const std::vector<ProcessEntry> all = {
      process(1, 0, 1, 1),
      process(kJudge, 1, kJudge, kJudge),
      process(kChild, kJudge, kChild, kChild),
      process(kOther, kJudge, kOther, kOther),  // another child of the judge, and its own
      process(20, kOther, kOther, kOther),
      process(21, kJudge, kJudge, kJudge),
  };
  EXPECT_THAT(descendants(all, kChild, "1.1", kJudge), testing::IsEmpty());
}

TEST(ProcessTree, AnotherLifeOfAPidIsNotKilled) {
  ProcessEntry self = process_entry(::getpid());
  ASSERT_EQ(self.pid, ::getpid());
  self.start_time += 1;
  EXPECT_FALSE(kill_same_process(self));
  EXPECT_TRUE(wait_for_end(self, 0)) << "that one has ended";
}

}  // namespace

}  // namespace conformance
