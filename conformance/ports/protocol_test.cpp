#include "conformance/ports/protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "conformance/ports/test_support.h"

namespace conformance {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string error_of(const std::string& line) {
  const Event event = parse_event(line, 7);
  const auto* error = std::get_if<ProtocolError>(&event);
  if (error == nullptr) return "no error";
  EXPECT_EQ(error->line, 7);
  return error->message;
}

template <typename Kind>
Kind parsed(const std::string& line) {
  const Event event = parse_event(line, 1);
  if (const auto* error = std::get_if<ProtocolError>(&event)) ADD_FAILURE() << error->message;
  return std::holds_alternative<Kind>(event) ? std::get<Kind>(event) : Kind();
}

const std::string kHello =
    R"({"event": "hello", "protocol": 1, "implementation": "fake", "version": "3.14.0 x", "facts": {"version": "3.14.0"}})";
const std::string kBegin = R"({"event": "begin", "scenario": "a"})";
const std::string kBye = R"({"event": "bye"})";

std::string counts(const std::string& event, int samples, const std::string& rows,
                   const std::string& scenario = "a") {
  return R"({"event": ")" + event + R"(", "scenario": ")" + scenario + R"(", "samples": )" +
         std::to_string(samples) + R"(, "overlapped": null, "seconds": 0.5, "counts": )" + rows +
         "}";
}

// --- single lines

TEST(ProtocolLine, HelloBringsFactsOfTheirTypes) {
  const auto hello = parsed<HelloEvent>(
      R"({"event": "hello", "protocol": 1, "implementation": "cpython", "version": "3.14.0 main",
          "facts": {"version": "3.14.0", "parallel": true, "cpus": 2, "implementation": "cpython", "flags.optimize": 0, "gil_enabled": null}})");
  EXPECT_EQ(hello.protocol, 1);
  EXPECT_EQ(hello.implementation, "cpython");
  EXPECT_EQ(hello.version, "3.14.0 main");
  EXPECT_EQ(std::get<Version>(hello.facts.at("version")), *parse_version("3.14"));
  EXPECT_EQ(std::get<bool>(hello.facts.at("parallel")), true);
  EXPECT_EQ(std::get<std::int64_t>(hello.facts.at("cpus")), 2);
  EXPECT_EQ(std::get<std::string>(hello.facts.at("implementation")), "cpython");
  EXPECT_FALSE(hello.facts.contains("gil_enabled")) << "null is absent";
}

TEST(ProtocolLine, AnotherVersionOfTheProtocolIsToldAndNotRead) {
  EXPECT_EQ(parsed<HelloEvent>(R"({"event": "hello", "protocol": 2, "facts": "somewhere else"})")
                .protocol,
            2);
}

TEST(ProtocolLine, AFactOfNoKnownTypeIsRefused) {
  EXPECT_THAT(
      error_of(
          R"({"event":"hello","protocol":1,"implementation":"x","version":"y","facts":{"cpus":2.5}})"),
      HasSubstr("'cpus' should be"));
  EXPECT_THAT(
      error_of(
          R"({"event":"hello","protocol":1,"implementation":"x","version":"y","facts":{"cpus":[2]}})"),
      HasSubstr("'cpus' should be"));
  EXPECT_THAT(
      error_of(
          R"({"event":"hello","protocol":1,"implementation":"x","version":"y","facts":{"cpus":18446744073709551615}})"),
      HasSubstr("out of range"));
  EXPECT_THAT(
      error_of(
          R"({"event":"hello","protocol":1,"implementation":"x","version":"y","facts":{"version":"three"}})"),
      HasSubstr("no version"));
  EXPECT_THAT(
      error_of(
          R"({"event":"hello","protocol":1,"implementation":"x","version":"y","facts":{"version":3}})"),
      HasSubstr("'version' should be"));
}

TEST(ProtocolLine, CountsBringOutcomesWithTheirRules) {
  const auto event = parsed<CountsEvent>(
      R"({"event": "end", "scenario": "a", "samples": 12, "overlapped": 5, "seconds": 0.25,
          "counts": [["left=1", 10, [2, 3], {"4": "TypeError: no"}], ["hung", 2]], "notes": [["left_changed", "filters"]]})");
  EXPECT_TRUE(event.final);
  EXPECT_EQ(event.samples, 12);
  EXPECT_EQ(event.overlapped, 5);
  EXPECT_EQ(event.seconds, 0.25);
  ASSERT_EQ(event.outcomes.size(), 2u);
  EXPECT_EQ(event.outcomes[0].text, "left=1");
  EXPECT_EQ(event.outcomes[0].count, 10);
  EXPECT_THAT(event.outcomes[0].when_true, ElementsAre(2, 3));
  EXPECT_EQ(event.outcomes[0].when_errors.at(4), "TypeError: no");
  EXPECT_EQ(event.outcomes[1].text, "hung");
  ASSERT_EQ(event.notes.size(), 1u);
  EXPECT_EQ(event.notes[0].kind, "left_changed");
}

TEST(ProtocolLine, AProblemAndACanaryAreRead) {
  const auto problem = parsed<ProblemEvent>(
      R"({"event":"problem","scenario":"a","phase":"compile","message":"SyntaxError: x","line":12})");
  EXPECT_EQ(problem.problem.phase, "compile");
  EXPECT_EQ(problem.problem.line, 12);
  const auto canary = parsed<CanaryEvent>(
      R"({"event":"canary","samples":100,"witnesses":22,"seconds":0.1,"provoked":true,"overlapped":7})");
  EXPECT_TRUE(canary.canary.ran);
  EXPECT_TRUE(canary.canary.provoked);
  EXPECT_EQ(canary.canary.witnesses, 22);
}

TEST(ProtocolLine, ACanaryThatContradictsItselfIsRefused) {
  EXPECT_THAT(
      error_of(R"({"event":"canary","samples":10,"witnesses":22,"seconds":0.1,"provoked":true})"),
      HasSubstr("more witnesses"));
  EXPECT_THAT(
      error_of(R"({"event":"canary","samples":10,"witnesses":0,"seconds":0.1,"provoked":true})"),
      HasSubstr("no witness"));
}

TEST(ProtocolLine, GarbageIsShownInPrintableForm) {
  EXPECT_EQ(error_of("\x01 what \xff"), "not JSON: '? what ?'");
  EXPECT_THAT(error_of(std::string(1000, '[')), HasSubstr("not JSON: '[[["));
  EXPECT_LT(error_of(std::string(1000, '[')).size(), 100u);
  EXPECT_THAT(error_of("[1]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(error_of("{}"), HasSubstr("'event' is missing"));
  EXPECT_THAT(error_of(R"({"event": 3})"), HasSubstr("'event' should be text"));
}

TEST(ProtocolLine, DeepNestingIsRefusedAndDoesNotCrash) {
  const std::string deep = R"({"event": "begin", "scenario": )" + std::string(100'000, '[') +
                           std::string(100'000, ']') + "}";
  EXPECT_THAT(error_of(deep), HasSubstr("'scenario' should be text"));
}

TEST(ProtocolLine, InvalidUtf8IsRefused) {
  EXPECT_THAT(error_of("{\"event\": \"begin\", \"scenario\": \"a\xc3(\"}"), HasSubstr("not JSON"));
}

TEST(ProtocolLine, HalfASurrogatePairBecomesAReplacementCharacter) {
  const std::string before =
      R"({"event":"problem","scenario":"a","phase":"setup","line":0,"message":")";
  EXPECT_EQ(parsed<ProblemEvent>(before + R"(x\ud800y"})").problem.message, "x\xef\xbf\xbdy");
  EXPECT_EQ(parsed<ProblemEvent>(before + R"(\udc00"})").problem.message, "\xef\xbf\xbd");
  EXPECT_EQ(parsed<ProblemEvent>(before + R"(\ud800\ud83d\ude00"})").problem.message,
            "\xef\xbf\xbd\xf0\x9f\x98\x80");
  EXPECT_EQ(parsed<ProblemEvent>(before + R"(\\ud800\udc00"})").problem.message,
            "\\ud800\xef\xbf\xbd");
}

TEST(ProtocolLine, NumbersOutOfRangeAreRefused) {
  EXPECT_THAT(error_of(counts("end", -1, "[]")), HasSubstr("'samples' is out of range"));
  EXPECT_THAT(error_of(counts("end", 1, R"([["a=1", -2]])")), HasSubstr("'count' is out of range"));
  EXPECT_THAT(error_of(counts("end", 1, R"([["a=1", 1e300]])")),
              HasSubstr("'count' should be an integer"));
  EXPECT_THAT(error_of(counts("end", 1, R"([["a=1", 99999999999999999999999]])")),
              HasSubstr("'count'"));
  EXPECT_THAT(error_of(counts("end", 1, R"([["a=1", 9223372036854775808]])")),
              HasSubstr("'count' is out of range"));
  EXPECT_THAT(error_of(counts("end", 1, R"([["a=1", true]])")),
              HasSubstr("'count' should be an integer"));
  EXPECT_THAT(error_of(counts("end", 1, R"([["a=1", 1, [-1]]])")),
              HasSubstr("'rule' is out of range"));
}

TEST(ProtocolLine, TimesThatAreNoNumbersAreRefused) {
  const auto with_seconds = [](const std::string& seconds) {
    return R"({"event":"end","scenario":"a","samples":1,"overlapped":null,"counts":[],"seconds":)" +
           seconds + "}";
  };
  EXPECT_EQ(error_of(with_seconds("1.5")), "no error");
  EXPECT_THAT(error_of(with_seconds("NaN")), HasSubstr("not JSON"));
  EXPECT_THAT(error_of(with_seconds("Infinity")), HasSubstr("not JSON"));
  EXPECT_THAT(error_of(with_seconds("1e999")), HasSubstr("not JSON"));
  EXPECT_THAT(error_of(with_seconds("-1")), HasSubstr("out of range"));
  EXPECT_THAT(error_of(with_seconds("\"1\"")), HasSubstr("should be a number"));
}

TEST(ProtocolLine, WrongTypesInsideCountsAreRefused) {
  EXPECT_THAT(error_of(counts("end", 1, "7")), HasSubstr("'counts' should be a list"));
  EXPECT_THAT(error_of(counts("end", 1, "[7]")), HasSubstr("'counts' should be a list"));
  EXPECT_THAT(error_of(counts("end", 1, "[[]]")), HasSubstr("an outcome is"));
  EXPECT_THAT(error_of(counts("end", 1, "[[1, 1]]")), HasSubstr("'outcome' should be text"));
  EXPECT_THAT(error_of(counts("end", 1, R"([["a", 1, 2]])")),
              HasSubstr("'rules' should be a list"));
  EXPECT_THAT(error_of(counts("end", 1, R"([["a", 1, [], []]])")),
              HasSubstr("'errors' should be a mapping"));
  EXPECT_THAT(error_of(counts("end", 1, R"([["a", 1, [], {"x": "e"}]])")),
              HasSubstr("no number of a rule"));
  EXPECT_THAT(error_of(counts("end", 1, R"([["a", 1], ["a", 2]])")), HasSubstr("an outcome twice"));
}

TEST(ProtocolLine, AMissingFieldIsNamed) {
  EXPECT_THAT(error_of(R"({"event": "begin"})"), HasSubstr("'scenario' is missing"));
  EXPECT_THAT(
      error_of(R"({"event": "end", "scenario": "a", "samples": 1, "seconds": 1, "counts": []})"),
      HasSubstr("'overlapped' is missing"));
}

std::string history(const std::string& seen) {
  return R"({"event": "history", "scenario": "a", "program": 3, "initial": "[1]", "final": "copy",)"
         R"( "threads": [[["append", ["2"]], ["len", []]], [["pop", []]]], "seen": [)" +
         seen + "]}";
}

TEST(ProtocolLine, AHistoryIsReadWithItsRuns) {
  const HistoryEvent event =
      parsed<HistoryEvent>(history(R"([4, ["None", "1", "2"], [0, 1, 0], [0, 1, 1], ["[1]"]])"));
  EXPECT_EQ(event.program, 3);
  EXPECT_EQ(event.initial, "[1]");
  EXPECT_EQ(event.final, "copy");
  ASSERT_EQ(event.threads.size(), 2u);
  EXPECT_EQ(event.threads[0][0].method, "append");
  EXPECT_THAT(event.threads[0][0].arguments, ElementsAre("2"));
  ASSERT_EQ(event.seen.size(), 1u);
  EXPECT_EQ(event.seen[0].count, 4);
  EXPECT_THAT(event.seen[0].returns, ElementsAre(0, 1, 1));
  EXPECT_THAT(event.seen[0].final, ElementsAre("[1]"));
  EXPECT_EQ(
      parsed<ClockEvent>(R"({"event": "clock", "scenario": "a", "name": "c", "resolution": 5})")
          .resolution,
      5);
}

TEST(ProtocolLine, AHistoryThatIsNoneIsRefusedWithThePlace) {
  EXPECT_EQ(error_of(history(R"([4, ["None", "1", "2"], [0, 1], [0, 1, 1], []])")),
            "2 calls of 3 operations");
  EXPECT_EQ(error_of(history(R"([4, ["None", "1", "2"], [0, 1, 0], [0, 1, 1, 1], []])")),
            "4 returns of 3 operations");
  EXPECT_EQ(error_of(history(R"([4, ["None"], [0, 1, 0], [0, 1, 1], []])")),
            "1 results of 3 operations");
  EXPECT_EQ(error_of(history(R"([4, ["None", "1", "2"], [0, 2, 0], [0, 1, 1], []])")),
            "time runs backwards: the return before its call, thread 0, operation 1 (len)");
  EXPECT_EQ(error_of(history(R"([4, ["None", "1", "2"], [2, 1, 0], [2, 1, 1], []])")),
            "time runs backwards: a call before the one before it, thread 0, operation 1 (len)");
  EXPECT_THAT(error_of(history(R"([0, ["None", "1", "2"], [0, 1, 0], [0, 1, 1], []])")),
              HasSubstr("count"));
  EXPECT_THAT(error_of(history("[4]")), HasSubstr("a history is [count"));
  EXPECT_THAT(error_of(R"({"event": "history", "scenario": "a", "program": 1, "initial": null,)"
                       R"( "final": null, "threads": [], "seen": []})"),
              HasSubstr("from 1 to 64 threads"));
  EXPECT_THAT(error_of(R"({"event": "clock", "scenario": "a", "name": "c", "resolution": 0})"),
              HasSubstr("resolution"));
}

TEST(ProtocolLine, AnUnknownEventIsIgnoredWithANote) {
  const Event event = parse_event(R"({"event": "weather", "operations": []})", 3);
  ASSERT_TRUE(std::holds_alternative<ProtocolError>(event));
  EXPECT_TRUE(std::get<ProtocolError>(event).unknown_event);
  EXPECT_THAT(std::get<ProtocolError>(event).message, HasSubstr("'weather'"));
  EXPECT_FALSE(std::get<ProtocolError>(parse_event("x", 3)).unknown_event);
}

// --- files

class ProtocolFile : public testing::Test {
 protected:
  void append(const std::string& text) {
    std::ofstream(path_, std::ios::binary | std::ios::app) << text;
  }
  void lines(const std::vector<std::string>& all) {
    for (const std::string& line : all) append(line + "\n");
  }
  // What kind of events, in order: "hello", "error: ...".
  std::vector<std::string> poll(bool at_end = false) {
    std::vector<std::string> kinds;
    for (const Event& event : reader_.poll(at_end)) {
      if (const auto* error = std::get_if<ProtocolError>(&event)) {
        kinds.push_back(std::to_string(error->line) + ": " + error->message);
      } else if (const auto* count = std::get_if<CountsEvent>(&event)) {
        kinds.push_back((count->final ? "end " : "counts ") + std::to_string(count->samples));
      } else {
        kinds.push_back(
            std::array{"hello", "begin", "", "problem", "canary", "bye"}.at(event.index()));
      }
    }
    return kinds;
  }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "events.jsonl";
  ProtocolReader reader_{path_};
};

TEST_F(ProtocolFile, EventsComeAsTheyAreWritten) {
  EXPECT_THAT(poll(), IsEmpty()) << "not there yet";
  lines({kHello});
  EXPECT_THAT(poll(), ElementsAre("hello"));
  EXPECT_THAT(poll(), IsEmpty());
  lines(
      {kBegin, counts("counts", 5, R"([["a=1", 5]])"), counts("end", 9, R"([["a=1", 9]])"), kBye});
  EXPECT_THAT(poll(), ElementsAre("begin", "end 9", "bye"));
  EXPECT_THAT(poll(true), IsEmpty());
  EXPECT_EQ(reader_.bytes_read(), read_whole_file(path_).size());
}

TEST_F(ProtocolFile, CarriageReturnsAndEmptyLinesDoNotMatter) {
  append(kHello + "\r\n\r\n\n" + kBegin + "\r\n");
  EXPECT_THAT(poll(), ElementsAre("hello", "begin"));
}

TEST_F(ProtocolFile, HalfALineWaitsForItsOtherHalf) {
  append(kHello.substr(0, 20));
  EXPECT_THAT(poll(), IsEmpty());
  append(kHello.substr(20) + "\n");
  EXPECT_THAT(poll(true), ElementsAre("hello"));
}

TEST_F(ProtocolFile, HalfALineAtTheEndIsAnError) {
  append(kHello + "\n" + kBegin.substr(0, 12));
  EXPECT_THAT(poll(true), ElementsAre("hello", "2: the last line is cut short: '{\"event\": \"b'"));
}

TEST_F(ProtocolFile, AWholeLastLineWithoutItsNewlineIsNotBelieved) {
  append(kHello);
  EXPECT_THAT(poll(true), ElementsAre(HasSubstr("cut short")));
}

TEST_F(ProtocolFile, GarbageBetweenEventsIsSkipped) {
  lines({"garbage", kHello, std::string("\0\0\xff", 3), kBegin});
  EXPECT_THAT(poll(),
              ElementsAre(HasSubstr("1: not JSON"), "hello", HasSubstr("3: not JSON"), "begin"));
}

TEST_F(ProtocolFile, AHugeLineIsSkippedAndTheNextIsRead) {
  append(kHello + "\n" + std::string(4 * kProtocolLineLimit, 'x') + "\n" + kBegin + "\n");
  EXPECT_THAT(poll(), ElementsAre("hello", "2: a line of more than 4 MB, skipped", "begin"));
}

TEST_F(ProtocolFile, ALineWithoutAnEndIsToldOnce) {
  static_assert(kProtocolFileLimit < (100u << 20));
  append(kHello + "\n");
  const std::string piece(1u << 20, 'x');
  std::vector<std::string> all;
  for (int megabyte = 0; megabyte < 100; ++megabyte) {
    append(piece);
    for (const std::string& event : poll()) all.push_back(event);
  }
  for (const std::string& event : poll(true)) all.push_back(event);
  EXPECT_THAT(all, ElementsAre("hello", HasSubstr("MB of events; the rest is not read"),
                               HasSubstr("a line of more than 4 MB")));
  EXPECT_EQ(reader_.bytes_read(), std::filesystem::file_size(path_));
}

TEST_F(ProtocolFile, ALineOfExactlyTheLimitIsRead) {
  const std::string start =
      R"({"event": "problem", "scenario": "a", "phase": "setup", "line": 0, "message": ")";
  lines({kHello, kBegin, start + std::string(kProtocolLineLimit - start.size() - 2, 'x') + "\"}"});
  EXPECT_THAT(poll(), ElementsAre("hello", "begin", "problem"));
  append(start + std::string(kProtocolLineLimit - start.size() - 1, 'x') + "\"}\n");
  EXPECT_THAT(poll(), ElementsAre(HasSubstr("more than 4 MB")));
}

TEST_F(ProtocolFile, AnEndlessLineIsAnErrorAtTheEnd) {
  append(std::string(5u << 20, 'x'));
  EXPECT_THAT(poll(), IsEmpty());
  EXPECT_THAT(poll(true), ElementsAre("1: a line of more than 4 MB, skipped"));
}

TEST_F(ProtocolFile, OfManyErrorsAHundredAreTold) {
  std::string garbage;
  for (int line = 0; line < 5000; ++line) garbage += "garbage\n";
  append(garbage + kHello + "\n");
  const std::vector<std::string> events = poll();
  ASSERT_EQ(events.size(), 102u);
  EXPECT_EQ(events[100], "101: more errors, not told");
  EXPECT_EQ(events[101], "hello");
}

TEST_F(ProtocolFile, AFloodOfCountsIsOneEvent) {
  lines({kHello, kBegin});
  std::string flood;
  for (int samples = 1; samples <= 20'000; ++samples)
    flood += counts("counts", samples, "[]") + "\n";
  append(flood);
  EXPECT_THAT(poll(), ElementsAre("hello", "begin", "counts 20000"));
}

TEST_F(ProtocolFile, CountsThatGoDownAreRefused) {
  lines({kHello, kBegin, counts("counts", 10, R"([["a=1", 6], ["a=2", 4]])"),
         counts("counts", 9, R"([["a=1", 6], ["a=2", 4]])"),
         counts("counts", 11, R"([["a=1", 7], ["a=2", 3]])"),
         counts("counts", 12, R"([["a=1", 7]])"),
         counts("end", 12, R"([["a=1", 7], ["a=2", 5]])")});
  EXPECT_THAT(poll(),
              ElementsAre("hello", "begin", "counts 10", "4: samples went down from 10 to 9",
                          "5: the count of 'a=2' went down from 4 to 3",
                          "6: the count of 'a=2' went down from 4 to 0", "end 12"));
}

TEST_F(ProtocolFile, TheNextScenarioCountsFromZero) {
  lines({kHello, kBegin, counts("end", 10, "[]"), R"({"event": "begin", "scenario": "b"})",
         counts("end", 1, "[]", "b")});
  EXPECT_THAT(poll(), ElementsAre("hello", "begin", "end 10", "begin", "end 1"));
}

TEST_F(ProtocolFile, EventsOutOfOrderAreRefused) {
  lines({kBegin, kHello, kHello, counts("counts", 1, "[]"), kBegin,
         R"({"event": "begin", "scenario": "b"})", counts("end", 1, "[]", "b"), kBye,
         counts("end", 1, "[]"), counts("end", 2, "[]"), kBye, kBegin, kHello, kBye});
  EXPECT_THAT(
      poll(),
      ElementsAre("1: begin before hello", "hello", "3: a second hello",
                  "4: counts of 'a', which is not running", "begin",
                  "6: begin of 'b' before the end of 'a'", "7: end of 'b', which is not running",
                  "8: bye before the end of 'a'", "end 1", "10: end of 'a', which is not running",
                  "bye", "12: begin after bye", "13: a second hello", "14: bye after bye"));
}

TEST_F(ProtocolFile, AFileThatIsMissingAtTheEndIsAnError) {
  EXPECT_THAT(poll(true), ElementsAre("0: the file of events cannot be read"));
  EXPECT_THAT(poll(true), IsEmpty()) << "once is enough";
}

TEST_F(ProtocolFile, AFileThatBecomesShorterIsAnError) {
  lines({kHello});
  EXPECT_THAT(poll(), ElementsAre("hello"));
  std::ofstream(path_, std::ios::trunc) << "\n";
  EXPECT_THAT(poll(), ElementsAre(HasSubstr("has become shorter")));
}

TEST_F(ProtocolFile, APipeInItsPlaceDoesNotBlockUs) {
  ASSERT_EQ(::mkfifo(path_.c_str(), 0600), 0);
  EXPECT_THAT(poll(), ElementsAre(HasSubstr("no longer a regular file")));
}

TEST_F(ProtocolFile, BeyondTheLimitOfAFileNothingIsRead) {
  lines({kHello});
  std::filesystem::resize_file(path_, kProtocolFileLimit + 1000);  // a hole costs no disk
  append("\n" + kBegin + "\n");
  EXPECT_THAT(poll(), Contains(HasSubstr("MB of events; the rest is not read")));
  append(kBegin + "\n");
  EXPECT_THAT(poll(), IsEmpty());
  EXPECT_EQ(reader_.bytes_read(), std::filesystem::file_size(path_)) << "a flood can be seen";
}

}  // namespace

}  // namespace conformance
