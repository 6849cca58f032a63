// What a person is shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/linearizability/answer_page.h"
#include "conformance/linearizability/answer_text.h"

namespace conformance {
namespace {

using testing::HasSubstr;
using testing::Not;

Operation make(int thread, const std::string& method, std::vector<Value> arguments, Value result,
               std::int64_t called, std::int64_t returned) {
  Operation operation;
  operation.thread = thread;
  operation.method = method;
  operation.arguments = std::move(arguments);
  operation.result = std::move(result);
  operation.called_at = called;
  operation.returned_at = returned;
  return operation;
}

Value number(int value) { return {Value::Type::Int, std::to_string(value), {}}; }

History lost_update() {
  History history;
  history.operations = {make(0, "increment", {}, {}, 10, 40), make(1, "increment", {}, {}, 20, 50),
                        make(0, "read", {}, number(1), 60, 70)};
  return history;
}

std::string text_of(const History& history, const char* model) {
  return answer_text(history, *find_model(model), check(history, *find_model(model)));
}

TEST(AnswerText, ShowsBarsTheOrderFoundAndWhatTheModelWouldHaveSaid) {
  const std::string text = text_of(lost_update(), "counter");
  EXPECT_THAT(text, HasSubstr("not_linearizable: 3 operations of counter\n"));
  EXPECT_THAT(text, HasSubstr("  thread 0   [=======]             increment() -> None\n"
                              "  thread 1       [=======]         increment() -> None\n"
                              "  thread 0                   [===] read() -> 1\n"));
  EXPECT_THAT(text, HasSubstr("There the object is 2"));
  EXPECT_THAT(text, HasSubstr("would be 2 here"));
}

TEST(AnswerText, CountsTheOperationsThatDoNotMatter) {
  History history = lost_update();
  history.operations.push_back(make(1, "read", {}, number(1), 80, 90));
  EXPECT_THAT(text_of(history, "counter"), HasSubstr("these operations, whatever the other 1 did"));
}

TEST(AnswerText, SaysThatTheClockIsCoarse) {
  History history = lost_update();
  history.metadata.resolution = 2000;
  EXPECT_THAT(text_of(history, "counter"), HasSubstr("note: the clock's resolution is 2000 ns"));
}

TEST(AnswerText, ABarOfWhatNeverReturnedHasNoEnd) {
  History history = lost_update();
  history.operations[1].returned = false;
  EXPECT_THAT(timeline_text(history, {1}), HasSubstr("[===>"));
  EXPECT_THAT(timeline_text(history, {1}), HasSubstr("=> increment() (never returned)"));
}

TEST(AnswerPage, NeedsNothingFromOutsideAndEscapesWhatItShows) {
  History history;
  history.metadata.source = "<script>alert(1)</script>";
  const Value evil{Value::Type::Text, "</title><img src=x>", {}};
  history.operations = {make(0, "append", {evil}, {}, 1, 2), make(0, "len", {}, number(5), 3, 4)};
  const std::string page =
      answer_page(history, *find_model("list"), check(history, *find_model("list")));
  EXPECT_THAT(page, Not(HasSubstr("<img")));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("src=\"")));
  EXPECT_THAT(page, Not(HasSubstr("href")));
  EXPECT_THAT(page, HasSubstr("class=\"core\""));
}

TEST(AnswerPage, HoldsTenThousandOperations) {
  History history;
  for (int index = 0; index < 10'000; ++index) {
    history.operations.push_back(
        make(index % 8, "append", {number(index)}, {}, 2 * index, 2 * index + 5));
  }
  const std::string page = answer_page(history, *find_model("list"), {});
  EXPECT_LT(page.size(), 6'000'000u);
  std::size_t bars = 0;
  for (std::size_t at = page.find("<rect"); at != std::string::npos;
       at = page.find("<rect", at + 1))
    ++bars;
  EXPECT_EQ(bars, 10'000u);
}

}  // namespace
}  // namespace conformance
