// The logs in testdata/ are recorded (testdata/record.sh); what follows from them is written down
// here by hand.
#include "conformance/ports/sanitizer_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/ports/test_support.h"

namespace conformance {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::string recorded(const std::string& name) {
  const std::string text =
      read_whole_file(HEDDLE_SOURCE_DIR "/conformance/ports/testdata/" + name + ".log");
  EXPECT_NE(text, "") << name;
  return text;
}

std::vector<std::string> reports(const std::string& text) {
  std::vector<std::string> all;
  for (const RaceReport& race : parse_sanitizer_log(text))
    all.push_back(race.kind + ": " + race.signature + " x" + std::to_string(race.count));
  return all;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) all.push_back(line + "\n");
  return all;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

TEST(ThreadSanitizerLog, EveryWordingOfAnAccessIsUnderstood) {
  EXPECT_THAT(reports(recorded("thread_read_after_write")),
              ElementsAre("data race: plain_reader | plain_writer x1"));
  EXPECT_THAT(reports(recorded("thread_write_after_read")),
              ElementsAre("data race: plain_reader | plain_writer x1"));
  EXPECT_THAT(reports(recorded("thread_write_after_write")),
              ElementsAre("data race: plain_writer | plain_writer x1"));
  EXPECT_THAT(reports(recorded("thread_atomic_write_after_read")),
              ElementsAre("data race: atomic_writer | plain_reader x1"));
  EXPECT_THAT(reports(recorded("thread_write_after_atomic_write")),
              ElementsAre("data race: atomic_writer | plain_writer x1"));
  EXPECT_THAT(reports(recorded("thread_write_after_atomic_read")),
              ElementsAre("data race: atomic_reader | plain_writer x1"));
}

TEST(ThreadSanitizerLog, AWordingNobodyKnowsGivesAnUnknownSideAndNotACopy) {
  const std::string text = replaced(recorded("thread_write_after_atomic_write"),
                                    "Previous atomic write", "Preceding quantum write");
  EXPECT_THAT(reports(text), ElementsAre("data race: plain_writer | (unknown) x1"));
}

TEST(ThreadSanitizerLog, InterceptorsAreNotTheInnermostFrame) {
  EXPECT_THAT(reports(recorded("thread_copy_and_clear")),
              ElementsAre("data race: block_clearer | block_copier x1"));
  EXPECT_THAT(reports(recorded("thread_race_with_free")),
              ElementsAre("data race: block_owner | late_writer x1"));
  EXPECT_THAT(reports(recorded("thread_use_after_free")),
              ElementsAre("heap-use-after-free: block_owner | late_writer x1"));
}

TEST(ThreadSanitizerLog, AnInversionOfLocksHasTwoSides) {
  EXPECT_THAT(
      reports(recorded("thread_lock_order")),
      ElementsAre("lock-order-inversion (potential deadlock): lock_backward | lock_forward x1"));
}

TEST(ThreadSanitizerLog, SeveralReportsOfOneProcessAreKeptApart) {
  EXPECT_THAT(reports(recorded("thread_two_races")),
              ElementsAre("data race: plain_reader | plain_writer x1",
                          "data race: block_clearer | block_copier x1"));
}

TEST(ThreadSanitizerLog, TheOrderOfTheTwoSidesDoesNotCount) {
  EXPECT_THAT(reports(recorded("thread_read_after_write") + recorded("thread_write_after_read")),
              ElementsAre("data race: plain_reader | plain_writer x2"));
}

TEST(ThreadSanitizerLog, AnotherKindOfTheSamePairIsAnotherReport) {
  EXPECT_THAT(reports(recorded("thread_race_with_free") + recorded("thread_use_after_free")),
              ElementsAre("data race: block_owner | late_writer x1",
                          "heap-use-after-free: block_owner | late_writer x1"));
}

TEST(ThreadSanitizerLog, AStackThatCouldNotBeRestoredIsUnknown) {
  const std::vector<std::string> lines = lines_of(recorded("thread_read_after_write"));
  std::string text;
  bool skip = false;
  for (const std::string& line : lines) {
    if (line.find("Previous write") != std::string::npos) {
      text += line + "    [failed to restore the stack]\n";
      skip = true;
    } else if (!skip || line.find("    #") != 0) {
      skip = false;
      text += line;
    }
  }
  EXPECT_THAT(reports(text), ElementsAre("data race: plain_reader | (unknown) x1"));
}

TEST(ThreadSanitizerLog, AReportCutShortAnywhereNeverInventsASide) {
  const std::string text = recorded("thread_write_after_atomic_write");
  std::set<std::string> seen;
  for (std::size_t length = 0; length <= text.size(); length += 7) {
    for (const std::string& report : reports(text.substr(0, length))) seen.insert(report);
  }
  // A name itself may be cut; then it is a beginning of the right one.
  for (const std::string& report : seen) {
    const bool unknown = report.find("(unknown)") != std::string::npos;
    EXPECT_TRUE(unknown || report.find("plain_writer") != std::string::npos) << report;
    EXPECT_EQ(report.find("plain_writer | plain_writer"), std::string::npos) << report;
    EXPECT_EQ(report.find("atomic_writer | atomic_writer"), std::string::npos) << report;
  }
  EXPECT_TRUE(seen.contains("data race: plain_writer | (unknown) x1"));
  EXPECT_TRUE(seen.contains("data race: atomic_writer | plain_writer x1"));
}

TEST(ThreadSanitizerLog, ATextThatBeginsInTheMiddleOfAReportSaysNothingOfIt) {
  const std::string text = recorded("thread_read_after_write");
  const std::string rest = text.substr(text.find("  Previous write"));
  EXPECT_THAT(reports(rest), IsEmpty());
  EXPECT_THAT(reports(rest + recorded("thread_lock_order")),
              ElementsAre(HasSubstr("lock_backward | lock_forward")));
}

TEST(ThreadSanitizerLog, AReportInTheMiddleOfAnotherProcessesReportIsToldApart) {
  const std::vector<std::string> outer = lines_of(recorded("thread_read_after_write"));
  const std::string inner = recorded("thread_copy_and_clear");
  int placed = 0;
  for (std::size_t cut = 2; cut < outer.size() - 3; ++cut) {
    if (outer[cut].find("    #") == 0) continue;  // between two stacks; within one see below
    std::string text;
    for (std::size_t line = 0; line < outer.size(); ++line)
      text += (line == cut ? inner : "") + outer[line];
    EXPECT_THAT(reports(text),
                testing::UnorderedElementsAre("data race: plain_reader | plain_writer x1",
                                              "data race: block_clearer | block_copier x1"))
        << "cut before line " << cut + 1;
    ++placed;
  }
  EXPECT_GT(placed, 5);
}

TEST(ThreadSanitizerLog, StacksOfTwoProcessesInTurnGoToTheirOwnReports) {
  // Sections of the two in turn: head A, head B, first A, first B, second A, second B.
  const auto sections = [](const std::string& text) {
    std::vector<std::string> all(1);
    for (const std::string& line : lines_of(text)) {
      if (line.find("of size 8 at") != std::string::npos &&
          line.find("Location") == std::string::npos)
        all.emplace_back();
      all.back() += line;
    }
    return all;
  };
  const auto left = sections(recorded("thread_read_after_write")),
             right = sections(recorded("thread_copy_and_clear"));
  ASSERT_EQ(left.size(), 3u);
  ASSERT_EQ(right.size(), 3u);
  const std::string first_stacks = left[0] + left[1] + right[0] + right[1];
  EXPECT_THAT(reports(first_stacks + left[2] + right[2]),
              testing::UnorderedElementsAre("data race: plain_reader | plain_writer x1",
                                            "data race: block_clearer | block_copier x1"));
  EXPECT_THAT(reports(first_stacks + right[2] + left[2]),
              testing::UnorderedElementsAre("data race: plain_reader | plain_writer x1",
                                            "data race: block_clearer | block_copier x1"));
}

TEST(ThreadSanitizerLog, LinesOfTwoStacksMixedUpAreUnknown) {
  const std::string text =
      "WARNING: ThreadSanitizer: data race (pid=1)\n"
      "  Write of size 8 at 0x10 by thread T1:\n"
      "    #0 mine /s/a.c:1\n"
      "    #0 yours /s/b.c:1\n"
      "    #1 caller /s/a.c:2\n\n"
      "  Previous write of size 8 at 0x10 by thread T2:\n"
      "    #0 clear /s/a.c:3\n\n";
  EXPECT_THAT(reports(text), ElementsAre("data race: clear | (unknown) x1"));
}

TEST(ThreadSanitizerLog, KindsWithoutHeadingsOverTheirStacksAreRead) {
  EXPECT_THAT(
      reports(
          "WARNING: ThreadSanitizer: signal-unsafe call inside of a signal (pid=9)\n    #0 malloc "
          "<null> (x+0x1)\n    #1 on_signal /s/a.c:1\n\n"
          "SUMMARY: ThreadSanitizer: signal-unsafe call inside of a signal /s/a.c:1 in malloc\n"),
      ElementsAre("signal-unsafe call inside of a signal: on_signal x1"));
  EXPECT_THAT(reports("WARNING: ThreadSanitizer: thread leak (pid=9)\n  Thread T1 (tid=3, "
                      "finished) created by main thread at:\n    #0 pthread_create <null> (x+0x1)\n"
                      "    #1 start_one /s/a.c:1\n\nSUMMARY: ThreadSanitizer: thread leak /s/a.c:1 "
                      "in start_one\n"),
              ElementsAre("thread leak: start_one x1"));
}

TEST(ThreadSanitizerLog, TheExcerptIsTheReport) {
  const std::vector<RaceReport> races =
      parse_sanitizer_log("noise\n" + recorded("thread_read_after_write"));
  ASSERT_EQ(races.size(), 1u);
  EXPECT_THAT(races[0].excerpt, StartsWith("WARNING: ThreadSanitizer: data race (pid="));
  EXPECT_LE(races[0].excerpt.size(), 4000u);
}

TEST(AddressSanitizerLog, AUseAfterFreeNamesUserAndOwner) {
  EXPECT_THAT(reports(recorded("address_use_after_free")),
              ElementsAre("heap-use-after-free: drop_block | read_block x1"));
  EXPECT_THAT(reports(recorded("address_double_free")),
              ElementsAre("double-free: drop_block | drop_block x1"));
}

TEST(AddressSanitizerLog, OthersHaveOneSide) {
  EXPECT_THAT(reports(recorded("address_overflow")),
              ElementsAre("heap-buffer-overflow: read_beyond x1"));
  EXPECT_THAT(reports(recorded("address_null_pointer")), ElementsAre("SEGV: follow x1"));
}

TEST(AddressSanitizerLog, EachLeakIsAReport) {
  EXPECT_THAT(reports(recorded("address_leak")),
              ElementsAre("memory leak: forget_block x1", "memory leak: forget_other x1"));
}

TEST(AddressSanitizerLog, WhatALeakedBlockHoldsIsNoLeakOfItsOwn) {
  const std::string text =
      replaced(recorded("address_leak"), "Direct leak of 30", "Indirect leak of 30");
  EXPECT_THAT(reports(text), ElementsAre("memory leak: forget_block x1"));
  EXPECT_THAT(reports(replaced(text, "Direct leak", "Indirect leak")),
              ElementsAre("memory leak: forget_block x1", "memory leak: forget_other x1"));
}

TEST(UndefinedBehaviourLog, APlaceStandsForTheStackWhereThereIsNone) {
  EXPECT_THAT(
      reports(recorded("undefined")),
      ElementsAre("undefined behaviour: signed integer overflow: memory_mistakes.cpp:22:50 x1",
                  "undefined behaviour: shift exponent N is too large for 32-bit type: "
                  "memory_mistakes.cpp:23:43 x1",
                  "undefined behaviour: load of misaligned address N for type: "
                  "memory_mistakes.cpp:24:45 x1"));
}

TEST(UndefinedBehaviourLog, WithStacksTheFunctionIsNamed) {
  EXPECT_THAT(
      reports(recorded("undefined_with_stacks")),
      ElementsAre("undefined behaviour: signed integer overflow: add_one x1",
                  "undefined behaviour: shift exponent N is too large for 32-bit type: shift x1",
                  "undefined behaviour: load of misaligned address N for type: misaligned x1"));
}

TEST(UndefinedBehaviourLog, OtherProgramsMaySayRuntimeError) {
  EXPECT_THAT(reports("go: runtime error: index out of range\nMyTool 12: runtime error: x\n: "
                      "runtime error: y\n"),
              IsEmpty());
}

TEST(SanitizerLog, TextOfOtherProgramsHoldsNoReport) {
  EXPECT_THAT(reports(""), IsEmpty());
  EXPECT_THAT(
      reports("Traceback (most recent call last):\n  File \"x\", line 1\n#0 f /a.c:1\nWARNING: "
              "something\nERROR: other\n==12==WARNING: AddressSanitizer failed\n"),
      IsEmpty());
}

TEST(SanitizerLog, AMillionDifferentReportsAreBounded) {
  std::string text;
  for (int number = 0; number < 20'000; ++number) {
    text += "/s/a.c:" + std::to_string(number) + ":1: runtime error: signed integer overflow: 1\n";
  }
  EXPECT_EQ(parse_sanitizer_log(text).size(), 1000u);
}

TEST(SanitizerLog, MergingAddsCountsOfTheSameAndKeepsTheFirstExcerpt) {
  std::vector<RaceReport> into = {{"a | b", "data race", "first", 2}};
  merge_races(into, {{"a | b", "data race", "second", 3}, {"a | c", "data race", "third", 1}});
  ASSERT_EQ(into.size(), 2u);
  EXPECT_EQ(into[0].count, 5);
  EXPECT_EQ(into[0].excerpt, "first");
  EXPECT_EQ(into[1].signature, "a | c");
}

}  // namespace

}  // namespace conformance
