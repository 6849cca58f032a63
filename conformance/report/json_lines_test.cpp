// What is written reads back equal; what is not ours is refused with its line; a cut file is sound
// up to the cut.
#include <cstdio>
#include <fstream>
#include <gmock/gmock.h>
#include <limits>

#include "conformance/report/report.h"
#include "conformance/report/report_test_support.h"

namespace conformance {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class JsonLines : public testing::Test {
 protected:
  ~JsonLines() override { std::remove(path_.c_str()); }

  ResultsFile read(const std::string& content) {
    std::ofstream(path_, std::ios::binary) << content;
    diagnostics_.clear();
    return read_results(path_, diagnostics_);
  }
  std::string complaint(const std::string& content) {
    read(content);
    return diagnostics_.empty() ? "" : to_string(diagnostics_.front());
  }
  Result there_and_back(const Result& result) {
    const ResultsFile file = read(to_json_line(result) + "\n");
    EXPECT_THAT(diagnostics_, IsEmpty());
    return file.results.size() == 1 ? file.results.front() : Result{};
  }

  const std::string path_ = testing::TempDir() + "json_lines_test.jsonl";
  Diagnostics diagnostics_;
};

// No two fields of one type are alike, so that none can stand in for another.
Result filled() {
  Result result = failed_append();
  result.kind = Kind::Script;
  result.strength = Strength::Implementation;
  result.verdict = Verdict::expected_failure;
  result.original_verdict = Verdict::void_;
  result.expected_reason = "known";
  result.expected_link = "https://example.org";
  result.covers = {"a/b", "c/d"};
  Observation& observation = result.observation;
  observation.ending = Observation::Ending::Hung;
  observation.ending_detail = "no sign of life";
  observation.outcomes = {{"left=1", 4, {2, 5}, {{3, "TypeError: no"}}}};
  observation.stacks = "Thread 1";
  observation.error_output = "Fatal: \xc3\xa4\n";
  observation.races = {{"a | b", "data race", "WARNING", 3}};
  observation.problems = {{"setup", "NameError", 17}};
  observation.notes = {{"left_changed", "gc"}};
  observation.confirmed = 2;
  observation.confirmations = 3;
  return result;
}

TEST_F(JsonLines, AResultReadsBackEqualInEveryField) {
  const Result result = filled();
  const Result back = there_and_back(result);
  EXPECT_EQ(back.port, result.port);
  EXPECT_EQ(back.id, result.id);
  EXPECT_EQ(back.claim, result.claim);
  EXPECT_EQ(back.file, result.file);
  EXPECT_EQ(back.line, result.line);
  EXPECT_EQ(back.kind, result.kind);
  EXPECT_EQ(back.strength, result.strength);
  EXPECT_EQ(back.covers, result.covers);
  EXPECT_EQ(back.verdict, result.verdict);
  EXPECT_EQ(back.original_verdict, result.original_verdict);
  EXPECT_EQ(back.reason, result.reason);
  EXPECT_EQ(back.repeat, result.repeat);
  EXPECT_EQ(back.expected_reason, result.expected_reason);
  EXPECT_EQ(back.expected_link, result.expected_link);
  ASSERT_EQ(back.outcomes.size(), 2u);
  EXPECT_EQ(back.outcomes[0].text, result.outcomes[0].text);
  EXPECT_EQ(back.outcomes[0].count, 12);
  EXPECT_EQ(back.outcomes[0].grade, Grade::Forbidden);
  EXPECT_TRUE(back.outcomes[0].described);
  EXPECT_EQ(back.outcomes[0].because, result.outcomes[0].because);
  EXPECT_EQ(back.outcomes[0].rule_line, 41);
  EXPECT_TRUE(back.outcomes[0].graded_by_port);
  EXPECT_FALSE(back.outcomes[1].graded_by_port);
  ASSERT_EQ(back.missing.size(), 1u);
  EXPECT_EQ(back.missing[0].pattern, result.missing[0].pattern);
  EXPECT_EQ(back.missing[0].because, result.missing[0].because);
  EXPECT_EQ(back.missing[0].rule_line, 33);
  EXPECT_TRUE(back.canary.ran);
  EXPECT_TRUE(back.canary.provoked);
  EXPECT_EQ(back.canary.samples, 1000);
  EXPECT_EQ(back.canary.witnesses, 220);
  EXPECT_EQ(back.canary.seconds, 0.5);
}

TEST_F(JsonLines, AnObservationReadsBackEqualInEveryField) {
  const Observation before = filled().observation, after = there_and_back(filled()).observation;
  EXPECT_EQ(after.ending, before.ending);
  EXPECT_EQ(after.ending_detail, before.ending_detail);
  ASSERT_EQ(after.outcomes.size(), 1u);
  EXPECT_EQ(after.outcomes[0].text, "left=1");
  EXPECT_EQ(after.outcomes[0].count, 4);
  EXPECT_EQ(after.outcomes[0].when_true, before.outcomes[0].when_true);
  EXPECT_EQ(after.outcomes[0].when_errors, before.outcomes[0].when_errors);
  EXPECT_EQ(after.samples, before.samples);
  EXPECT_EQ(after.overlapped, before.overlapped);
  EXPECT_EQ(after.seconds, before.seconds);
  EXPECT_EQ(after.stacks, before.stacks);
  EXPECT_EQ(after.error_output, before.error_output);
  ASSERT_EQ(after.races.size(), 1u);
  EXPECT_EQ(after.races[0].signature, "a | b");
  EXPECT_EQ(after.races[0].kind, "data race");
  EXPECT_EQ(after.races[0].excerpt, "WARNING");
  EXPECT_EQ(after.races[0].count, 3);
  ASSERT_EQ(after.problems.size(), 1u);
  EXPECT_EQ(after.problems[0].phase, "setup");
  EXPECT_EQ(after.problems[0].message, "NameError");
  EXPECT_EQ(after.problems[0].line, 17);
  ASSERT_EQ(after.notes.size(), 1u);
  EXPECT_EQ(after.notes[0].kind, "left_changed");
  EXPECT_EQ(after.notes[0].text, "gc");
  EXPECT_EQ(after.confirmed, 2);
  EXPECT_EQ(after.confirmations, 3);
}

TEST_F(JsonLines, WhatBecameOfHistoriesReadsBack) {
  Result result = filled();
  EXPECT_FALSE(there_and_back(result).observation.history.has_value());
  result.kind = Kind::History;
  result.observation.history = {"list", 1, 9, 4, 3, 2, 5, "time", "clock", 7, "failure", "reason"};
  const Result after = there_and_back(result);
  EXPECT_EQ(after.kind, Kind::History);
  ASSERT_TRUE(after.observation.history.has_value());
  const HistoryEvidence& history = *after.observation.history;
  EXPECT_EQ(history.model, "list");
  EXPECT_EQ(history.programs, 1);
  EXPECT_EQ(history.distinct, 9);
  EXPECT_EQ(history.linearizable, 4);
  EXPECT_EQ(history.not_linearizable, 3);
  EXPECT_EQ(history.undecided, 2);
  EXPECT_EQ(history.failing_samples, 5);
  EXPECT_EQ(history.why_undecided, "time");
  EXPECT_EQ(history.clock, "clock");
  EXPECT_EQ(history.resolution, 7);
  EXPECT_EQ(history.failure, "failure");
  EXPECT_EQ(history.failure_reason, "reason");
}

TEST_F(JsonLines, EveryWordReadsBack) {
  Result result = filled();
  result.observation.overlapped.reset();
  EXPECT_EQ(there_and_back(result).observation.overlapped, std::nullopt);
  for (const Verdict verdict : all_verdicts()) {
    result.verdict = verdict;
    EXPECT_EQ(there_and_back(result).verdict, verdict);
  }
  using Ending = Observation::Ending;
  for (const Ending ending : {Ending::Finished, Ending::Crashed, Ending::Hung, Ending::SpecProblem,
                              Ending::HarnessError, Ending::NotRun}) {
    result.observation.ending = ending;
    EXPECT_EQ(there_and_back(result).observation.ending, ending);
  }
  for (const Kind kind : {Kind::Litmus, Kind::Script, Kind::Process, Kind::Command}) {
    result.kind = kind;
    EXPECT_EQ(there_and_back(result).kind, kind);
  }
  for (const Strength strength :
       {Strength::Must, Strength::Implementation, Strength::May, Strength::Unsafe}) {
    result.strength = strength;
    EXPECT_EQ(there_and_back(result).strength, strength);
  }
  for (const Grade grade : {Grade::Required, Grade::Acceptable, Grade::Interesting,
                            Grade::Unspecified, Grade::Forbidden}) {
    result.outcomes[0].grade = grade;
    EXPECT_EQ(there_and_back(result).outcomes[0].grade, grade);
  }
}

TEST_F(JsonLines, LargeAndOddNumbersReadBack) {
  Result result = filled();
  result.outcomes[0].count = std::numeric_limits<std::int64_t>::max();
  result.observation.seconds = 0.1;
  EXPECT_EQ(there_and_back(result).outcomes[0].count, std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(there_and_back(result).observation.seconds, 0.1);
  result.observation.seconds = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(there_and_back(result).observation.seconds, 0);
}

TEST_F(JsonLines, ALineIsOneLineOfAscii) {
  Result result = filled();
  result.reason = "a\nb\xc3\xa4";
  result.observation.error_output = "\xff\xfe broken \xc3";
  const std::string line = to_json_line(result);
  for (const char c : line) EXPECT_TRUE(c >= 0x20 && c < 0x7f) << static_cast<int>(c);
  EXPECT_EQ(there_and_back(result).reason, result.reason);
  EXPECT_EQ(there_and_back(result).observation.error_output,
            "\xef\xbf\xbd\xef\xbf\xbd broken \xef\xbf\xbd");
}

TEST_F(JsonLines, TheHeaderReadsBackWithItsFacts) {
  RunHeader header = header_of_run();
  header.seed = std::numeric_limits<std::uint64_t>::max();
  header.shard = "2/8";
  const ResultsFile file = read(to_json_line(header) + "\n");
  ASSERT_EQ(file.headers.size(), 1u);
  const RunHeader& back = file.headers[0];
  EXPECT_EQ(back.heddle_version, "1.0.0");
  EXPECT_EQ(back.seed, header.seed);
  EXPECT_EQ(back.tier, "quick");
  EXPECT_EQ(back.shard, "2/8");
  ASSERT_EQ(back.ports.size(), 1u);
  EXPECT_EQ(back.ports[0].name, "python3.14t");
  EXPECT_EQ(back.ports[0].command, "/usr/bin/python3.14t");
  EXPECT_EQ(back.ports[0].implementation, "cpython");
  EXPECT_EQ(back.ports[0].version, "3.14.0 (main)");
  EXPECT_EQ(back.ports[0].facts, header.ports[0].facts);
}

TEST_F(JsonLines, ALineWithoutItsEndIsDroppedAndTheRestIsSound) {
  const std::string whole = to_json_line(header_of_run()) + "\n" + to_json_line(filled()) + "\n";
  const std::string cut = whole + to_json_line(filled());
  for (std::size_t length = whole.size(); length <= cut.size(); length += 97) {
    const ResultsFile file = read(cut.substr(0, length));
    EXPECT_THAT(diagnostics_, IsEmpty());
    EXPECT_EQ(file.headers.size(), 1u);
    EXPECT_EQ(file.results.size(), 1u);
    EXPECT_EQ(file.good_bytes, whole.size());
  }
  EXPECT_EQ(read(cut).results.size(), 1u);
  EXPECT_EQ(read("").good_bytes, 0u);
  EXPECT_THAT(diagnostics_, IsEmpty());
}

std::string replaced(std::string text, const std::string& old, const std::string& fresh) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  return text.replace(at, old.size(), fresh);
}

TEST_F(JsonLines, ABadLineIsToldWithItsNumberAndTheOthersAreRead) {
  const std::string good = to_json_line(filled()) + "\n";
  const ResultsFile file = read(good + "garbage\n" + good);
  EXPECT_EQ(file.results.size(), 2u);
  ASSERT_EQ(diagnostics_.size(), 1u);
  EXPECT_THAT(to_string(diagnostics_[0]), HasSubstr(":2: error: this is not JSON"));
  EXPECT_EQ(file.good_bytes, 2 * good.size() + 8);
}

TEST_F(JsonLines, WhatIsNotOursIsRefusedInAFewWords) {
  const std::string result = to_json_line(filled()), run = to_json_line(header_of_run());
  const auto of = [&](const std::string& line) { return complaint(line + "\n"); };
  EXPECT_THAT(of(""), HasSubstr("this is not JSON"));
  EXPECT_THAT(of("[]"), HasSubstr("an object with 'record' is missing"));
  EXPECT_THAT(of("{}"), HasSubstr("'record' is missing"));
  EXPECT_THAT(of("{\"record\": 1}"), HasSubstr("'record' is not text"));
  EXPECT_THAT(of("{\"record\": \"x\"}"), HasSubstr("'record' cannot be 'x'"));
  EXPECT_THAT(of("{\"record\": \"result\"}"), HasSubstr("'port' is missing"));
  EXPECT_THAT(of(replaced(run, "\"format\":1", "\"format\":2")), HasSubstr("has format 2"));
  EXPECT_THAT(of(replaced(run, "\"seed\":7", "\"seed\":-7")), HasSubstr("'seed' is not a number"));
  EXPECT_THAT(of(replaced(run, "\"version\":\"3.14.0\"", "\"version\":\"3.x\"")),
              HasSubstr("is no version"));
  EXPECT_THAT(of(replaced(result, "\"void\"", "\"viod\"")), HasSubstr("cannot be 'viod'"));
  EXPECT_THAT(of(replaced(result, "\"script\"", "\"scrip\"")), HasSubstr("'kind' cannot be"));
  EXPECT_THAT(of(replaced(result, "\"hung\"", "\"hang\"")), HasSubstr("'ending' cannot be"));
  EXPECT_THAT(of(replaced(result, "\"count\":12", "\"count\":1.5")),
              HasSubstr("'count' is not an integer"));
  EXPECT_THAT(of(replaced(result, "\"count\":12", "\"count\":18446744073709551615")),
              HasSubstr("'count' is not an integer"));
  EXPECT_THAT(of(replaced(result, "\"rule_line\":41", "\"rule_line\":99999999999")),
              HasSubstr("'rule_line' is not a small integer"));
  EXPECT_THAT(of(replaced(result, "\"ran\":true", "\"ran\":1")), HasSubstr("'ran' is not true"));
  EXPECT_THAT(of(replaced(result, "\"covers\":[\"a/b\"", "\"covers\":[1")),
              HasSubstr("'covers' is not a list of texts"));
  EXPECT_THAT(of(replaced(result, "\"3\":\"TypeError", "\"x\":\"TypeError")),
              HasSubstr("no index"));
  EXPECT_THAT(of(replaced(result, "[2,5]", "[2,{}]")), HasSubstr("'when_true' is not a list"));
  EXPECT_THAT(of(std::string(100'000, '[')), HasSubstr("this is not JSON"));
}

TEST_F(JsonLines, AMissingFileOrAFolderCannotBeRead) {
  for (const std::string& path : {std::string("/nowhere/at/all"), testing::TempDir()}) {
    Diagnostics diagnostics;
    EXPECT_THAT(read_results(path, diagnostics).results, IsEmpty());
    ASSERT_EQ(diagnostics.size(), 1u) << path;
    EXPECT_THAT(diagnostics[0].message, HasSubstr("cannot be read"));
  }
}

}  // namespace

}  // namespace conformance
