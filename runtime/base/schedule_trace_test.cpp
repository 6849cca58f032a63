#include "runtime/base/schedule_trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace runtime {
namespace {

using machine::AccessKind;
using machine::Event;
using machine::ExecutionResult;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr std::uintptr_t kWord = 0x20000000b000;

Event event_of(unsigned task, AccessKind kind = AccessKind::kLoad) {
  Event event;
  event.task = task;
  event.operation.kind = kind;
  event.operation.size = 4;
  event.operation.address = kWord;
  event.operation.where = machine::Where("a/file.cpp", 12, "function");
  return event;
}

ExecutionResult recorded(std::vector<Event> events) {
  ExecutionResult result;
  unsigned before = 1;
  for (Event& event : events) {
    event.switched = event.task != before;
    before = event.task;
  }
  result.events = std::move(events);
  return result;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(ScheduleTrace, NothingRecordedIsNothingPrinted) { EXPECT_EQ(trace_text({}), ""); }

TEST(ScheduleTrace, WhatHappensBeforeASecondThreadRunsIsOneLine) {
  std::string text = trace_text(recorded({event_of(1), event_of(1), event_of(1), event_of(2)}));
  EXPECT_THAT(text, HasSubstr("(3 operations of thread 1)"));
  EXPECT_THAT(text, HasSubstr("     4  load 0  file.cpp:12 function"));
  EXPECT_EQ(lines_of(text).size(), 3u) << text;
}

TEST(ScheduleTrace, AnExecutionOfOneThreadIsShownWhole) {
  EXPECT_EQ(lines_of(trace_text(recorded({event_of(1), event_of(1)}))).size(), 3u);
}

TEST(ScheduleTrace, WhereAThreadIsStoppedSaysWhenItGoesOn) {
  ExecutionResult result =
      recorded({event_of(1), event_of(2), event_of(3), event_of(3), event_of(2), event_of(3)});
  result.events[2].preempted = true;
  EXPECT_THAT(trace_text(result), HasSubstr("======== thread 2 is stopped here, before step 5\n"));
  result.events[5].preempted = true;
  EXPECT_THAT(trace_text(result),
              HasSubstr("======== thread 2 is stopped here and does not run again\n"));
}

TEST(ScheduleTrace, TheLastLinesAreTheFailureAndItsPlace) {
  ExecutionResult result = recorded({event_of(1), event_of(2)});
  result.ending = machine::Ending::kFailed;
  result.sentence = "water is wet";
  result.place = "a/file.cpp:13";
  std::vector<std::string> lines = lines_of(trace_text(result));
  EXPECT_EQ(lines[lines.size() - 2], "        ======== failed: water is wet");
  EXPECT_THAT(lines.back(), MatchesRegex(" +a/file.cpp:13"));
}

TEST(ScheduleTrace, WordsAndValuesThatHaveANameAreCalledByIt) {
  ExecutionResult result = recorded({event_of(1), event_of(2, AccessKind::kStore)});
  result.events[1].after = kWord;
  EXPECT_THAT(trace_text(result), HasSubstr("store 0 -> 0x20000000b000"));
  result.names.emplace_back(kWord, "list.size");
  EXPECT_THAT(trace_text(result), HasSubstr("list.size store 0 -> &list.size"));
}

TEST(ScheduleTrace, ALongTraceShowsTheSwitchesAndTheEnd) {
  std::vector<Event> events{event_of(1), event_of(2)};
  events.insert(events.end(), 500, event_of(3));
  events.insert(events.end(), 500, event_of(2));
  std::string text = trace_text(recorded(events));
  EXPECT_THAT(text, HasSubstr("operations of thread 3)"));
  EXPECT_THAT(text, HasSubstr("operations of thread 2)"));
  EXPECT_THAT(text, HasSubstr("   502  "));  // the last before a switch
  EXPECT_THAT(text, HasSubstr("   503  "));  // and the first after it
  EXPECT_THAT(text, HasSubstr("  1002  "));  // the last of all
  EXPECT_THAT(text, Not(HasSubstr("   300  ")));
  EXPECT_LT(lines_of(text).size(), 110u);
}

TEST(ScheduleTrace, LinesFitOnAScreenWithUpToFourThreads) {
  std::vector<Event> events{event_of(1)};
  for (unsigned task : {2u, 3u, 4u, 1u}) {
    events.push_back(event_of(task));
    events.back().operation.where =
        machine::Where("folder/a_file_with_a_rather_long_name.cpp", 1234,
                       "a_function_that_has_a_name_longer_than_any_column_could_be_wide");
  }
  for (const std::string& line : lines_of(trace_text(recorded(events))))
    EXPECT_LE(line.size(), 170u) << line;
}

TEST(ScheduleTrace, AThreadThatOnlyStartsAndJoinsGetsANarrowColumn) {
  std::string text =
      trace_text(recorded({event_of(1), event_of(2), event_of(1, AccessKind::kJoin)}));
  EXPECT_THAT(lines_of(text)[0], MatchesRegex("  step  thread 1  \\| thread 2"));
}

}  // namespace
}  // namespace runtime
