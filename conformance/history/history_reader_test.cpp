// Good files, and every way in which a file can be bad: each complaint has its place and what would
// be right.
#include "conformance/history/history_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <limits>
#include <sstream>

#include "conformance/history/history_writer.h"

namespace conformance {
namespace {

using testing::HasSubstr;

constexpr const char* kHeader = R"({"heddle_history": 1, "unit": "ns", "resolution": 1})";

struct Read {
  History history;
  Diagnostics diagnostics;
  std::string all() const {
    std::string text;
    for (const Diagnostic& one : diagnostics) text += to_string(one) + "\n";
    return text;
  }
};

Read read(const std::string& text, const HistoryLimits& limits = {}) {
  std::istringstream stream(text);
  Read found;
  found.history = read_history(stream, "h.jsonl", limits, found.diagnostics);
  return found;
}

Read lines(const std::vector<std::string>& all) {
  std::string text = std::string(kHeader) + "\n";
  for (const std::string& line : all) text += line + "\n";
  return read(text);
}

const char* const kCall =
    R"({"event":"call","thread":0,"time":5,"method":"append","arguments":["1"]})";
const char* const kReturn = R"({"event":"return","thread":0,"time":7,"result":"None"})";

TEST(HistoryReader, EventsBecomeOperations) {
  const Read found = lines({kCall, kReturn});
  EXPECT_EQ(found.all(), "");
  ASSERT_EQ(found.history.operations.size(), 1u);
  const Operation& operation = found.history.operations[0];
  EXPECT_EQ(describe(operation), "append(1) -> None");
  EXPECT_EQ(operation.called_at, 5);
  EXPECT_EQ(operation.returned_at, 7);
  EXPECT_TRUE(operation.returned);
}

TEST(HistoryReader, ACallThatIsOpenAtTheEndNeverReturned) {
  const Read found = lines({kCall});
  EXPECT_EQ(found.all(), "");
  ASSERT_EQ(found.history.operations.size(), 1u);
  EXPECT_FALSE(found.history.operations[0].returned);
}

TEST(HistoryReader, AWholeOperationIsOneLine) {
  const Read found = lines(
      {R"line({"thread":1,"call":5,"return":7,"method":"pop","arguments":[],"result":"raised(IndexError)"})line",
       R"({"thread":1,"call":8,"method":"pop","arguments":[]})"});
  EXPECT_EQ(found.all(), "");
  ASSERT_EQ(found.history.operations.size(), 2u);
  EXPECT_EQ(describe(found.history.operations[0]), "pop() -> raised(IndexError)");
  EXPECT_FALSE(found.history.operations[1].returned);
}

TEST(HistoryReader, WhatIsWrittenIsReadBackTheSame) {
  History history;
  history.metadata = {"deque", "a test", "us", 3, Value{Value::Type::List, "", {}}, 4};
  for (int index = 0; index < 5; ++index) {
    Operation operation;
    operation.thread = index % 2;
    operation.method = "append";
    operation.arguments = {Value{Value::Type::Text, "a\"\n\xc3\xa4", {}}};
    operation.called_at = index * 10;
    operation.returned_at = index * 10 + 10;  // the next call of another thread at the same moment
    operation.returned = index != 4;
    history.operations.push_back(operation);
  }
  for (const HistoryForm form : {HistoryForm::Operations, HistoryForm::Events}) {
    std::ostringstream stream;
    write_history(history, form, stream);
    const Read found = read(stream.str());
    EXPECT_EQ(found.all(), "") << stream.str();
    EXPECT_EQ(found.history.metadata.bound, 4);
    ASSERT_EQ(found.history.operations.size(), 5u);
    std::ostringstream again;
    write_history(found.history, form, again);
    EXPECT_EQ(again.str(), stream.str());
  }
}

TEST(HistoryReader, AReturnWithoutACallHasItsPlace) {
  EXPECT_THAT(lines({kReturn}).all(),
              HasSubstr("h.jsonl:2:2: error: 'event' is a return of thread 0 without a call"));
  EXPECT_THAT(lines({kCall, kReturn, kReturn}).all(), HasSubstr("h.jsonl:4:2: error"));
}

TEST(HistoryReader, TwoOpenCallsInOneThreadNameTheFirst) {
  EXPECT_THAT(lines({kCall, kCall}).all(),
              HasSubstr("h.jsonl:3:17: error: 'thread' 0 has a call open since line 2"));
}

TEST(HistoryReader, TimeThatRunsBackwardsInAThreadIsNamed) {
  const std::string early = R"({"event":"return","thread":0,"time":4,"result":"None"})";
  EXPECT_THAT(
      lines({kCall, early}).all(),
      HasSubstr("h.jsonl:3:30: error: 'time' is 4, before 5 at line 2: time runs backwards in "
                "thread 0"));
  EXPECT_THAT(
      lines({R"({"thread":0,"call":9,"return":8,"method":"pop","arguments":[],"result":"1"})"})
          .all(),
      HasSubstr("'return' is 8, before 9"));
}

TEST(HistoryReader, TimeOfOtherThreadsMayStandInAnyOrder) {
  EXPECT_EQ(
      lines({R"({"thread":0,"call":90,"return":95,"method":"pop","arguments":[],"result":"1"})",
             R"({"thread":1,"call":1,"return":2,"method":"pop","arguments":[],"result":"1"})"})
          .all(),
      "");
}

TEST(HistoryReader, AnUnknownFieldIsRefusedWithWhatIsKnown) {
  EXPECT_THAT(
      lines({R"({"thread":0,"call":1,"retrun":2,"method":"pop","arguments":[],"result":"1"})"})
          .all(),
      HasSubstr("unknown field 'retrun' of an operation; did you mean 'return'?"));
  EXPECT_THAT(
      read("{\"heddle_history\": 1, \"unit\": \"ns\", \"resolution\": 1, \"clock\": 3}\n").all(),
      HasSubstr("h.jsonl:1:54: error: unknown field 'clock' of the header"));
}

TEST(HistoryReader, ACutLastLineIsACrashedRecorderAndTheRestCounts) {
  const Read found = read(std::string(kHeader) + "\n" + kCall + "\n{\"event\":\"ret");
  EXPECT_FALSE(has_errors(found.diagnostics));
  EXPECT_THAT(found.all(), HasSubstr("h.jsonl:3:"));
  EXPECT_THAT(found.all(), HasSubstr("warning: the last line is cut off: the recorder died"));
  EXPECT_EQ(found.history.operations.size(), 1u);
}

TEST(HistoryReader, AWholeLastLineWithoutNewlineCounts) {
  const Read found = read(std::string(kHeader) + "\n" + kCall);
  EXPECT_EQ(found.all(), "");
  EXPECT_EQ(found.history.operations.size(), 1u);
}

TEST(HistoryReader, ACutLineInTheMiddleIsAnError) {
  const Read found = lines({"{\"event\":\"ret", kCall});
  EXPECT_TRUE(has_errors(found.diagnostics));
  EXPECT_EQ(found.history.operations.size(), 1u) << "reading goes on behind it";
}

TEST(HistoryReader, WhatIsNoHistoryIsSaidOnce) {
  for (const char* text : {"", "\n\n", "[]\n", "1\n", "{}\n", "no JSON\nno JSON\n", "\xff\xfe\n"}) {
    const Read found = read(text);
    EXPECT_TRUE(has_errors(found.diagnostics)) << text;
    EXPECT_EQ(found.diagnostics.size(), 1u) << found.all();
  }
}

TEST(HistoryReader, HeadersOfOtherVersionsUnitsAndResolutionsAreRefused) {
  EXPECT_THAT(read(R"({"heddle_history": 2, "unit": "ns", "resolution": 1})").all(),
              HasSubstr("is format 2; this program reads 1"));
  EXPECT_THAT(read(R"({"heddle_history": 1, "unit": "fortnights", "resolution": 1})").all(),
              HasSubstr("known are: ns, us, ms, s, ticks"));
  EXPECT_THAT(read(R"({"heddle_history": 1, "unit": "ns", "resolution": 0})").all(),
              HasSubstr("'resolution' is not a whole number in range"));
}

TEST(HistoryReader, FieldsOfTheWrongTypeAreNamed) {
  for (
      const char* line :
      {R"({"thread":"a","call":1,"return":2,"method":"pop","arguments":[],"result":"1"})",
       R"({"thread":0,"call":1.5,"return":2,"method":"pop","arguments":[],"result":"1"})",
       R"({"thread":0,"call":99999999999999999999,"return":2,"method":"pop","arguments":[],"result":"1"})",
       R"({"thread":0,"call":1,"return":2,"method":5,"arguments":[],"result":"1"})",
       R"({"thread":0,"call":1,"return":2,"method":"pop","arguments":"","result":"1"})",
       R"({"thread":0,"call":1,"return":2,"method":"pop","arguments":[1],"result":"1"})",
       R"({"thread":0,"call":1,"return":2,"method":"pop","arguments":[],"result":"nonsense"})",
       R"({"thread":0,"call":1,"method":"pop","arguments":[],"result":"1"})",
       R"({"thread":0,"return":2,"method":"pop","arguments":[],"result":"1"})"}) {
    const Read found = lines({line});
    EXPECT_TRUE(has_errors(found.diagnostics)) << line;
    EXPECT_TRUE(found.history.operations.empty()) << line;
  }
}

TEST(HistoryReader, LimitsAreSaidBeforeMemoryRunsOut) {
  std::string text = std::string(kHeader) + "\n";
  for (int index = 0; index < 100; ++index) {
    text += "{\"thread\":" + std::to_string(index) +
            ",\"call\":1,\"return\":2,\"method\":\"pop\",\"arguments\":[],\"result\":\"1\"}\n";
  }
  EXPECT_THAT(read(text, {10, 1 << 30, 1 << 20}).all(),
              HasSubstr("h.jsonl:12:1: error: the history is larger than 10 operations"));
  EXPECT_THAT(read(text, {1000, 4096, 1 << 20}).all(),
              HasSubstr("larger than 4096 bytes in memory"));
  EXPECT_THAT(read(text, {1000, 1 << 30, 60}).all(), HasSubstr("longer than 60 bytes"));
}

TEST(HistoryReader, ComplaintsEnd) {
  const Read found = lines(std::vector<std::string>(100, "{}"));
  EXPECT_EQ(found.diagnostics.size(), static_cast<std::size_t>(kMaximumComplaints) + 1);
}

TEST(HistoryReader, AFileThatIsMissingIsSaid) {
  Diagnostics diagnostics;
  read_history_file("/nonexistent/h.jsonl", {}, diagnostics);
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_THAT(to_string(diagnostics[0]),
              HasSubstr("/nonexistent/h.jsonl: error: cannot be read: No such"));
}

}  // namespace
}  // namespace conformance
