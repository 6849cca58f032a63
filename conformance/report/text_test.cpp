// What a person reads of one result, whole: a change of the layout must be wanted.
#include <gmock/gmock.h>

#include "conformance/outcome/wording.h"
#include "conformance/report/outcome_table.h"
#include "conformance/report/report.h"
#include "conformance/report/report_test_support.h"

namespace conformance {

namespace {

using testing::HasSubstr;
using testing::Not;

const TextStyle kPlain;
const TextStyle kColored{true, false, 100};
const TextStyle kVerbose{false, true, 100};

TEST(Text, AFailureShowsWhatWhyTheTableAndHowToRepeatIt) {
  EXPECT_EQ(to_text(failed_append(), kPlain),
            R"(failed  list/one_list/append  on python3.14t
  claim:  Two threads that append to one list lose nothing.
  why:    forbidden: left=1, right=1, items=['L'] (12 of 30 500 samples): an append was lost; length
          and slot are not one step
  spec:   specs/list/one_list.yaml:14

    samples  outcome                            grade         because
         12  left=1, right=1, items=['L']       forbidden*    an append was lost; length and slot
                                                              are not one step
     30 488  left=1, right=2, items=['L', 'R']  acceptable    left was done before right began
          0  left == 2 and right == 2           required      not seen: both appended before either
                                                              asked
    * a `when` rule decided, evaluated by the port itself

  counts: 12 of 30 500 samples forbidden, 10 210 overlapped; the canary of this run: 22 %
  repeat: heddle run list/one_list/append --port python3.14t --tier quick --seed 7
)");
}

TEST(Text, ACrashShowsItsStacksAndTheEndOfItsErrors) {
  Result result = result_of("weak/one", Verdict::crashed, "SIGSEGV");
  result.observation.stacks = "Thread 1:\n\tfile.py, line 3\n";
  result.observation.error_output = "Fatal \x1b[31merror\r\n";
  result.observation.notes = {{"left_changed", "sys.setswitchinterval"}, {"tuning", "{}"}};
  result.observation.races = {{"list_append | list_clear", "data race", "WARNING: ...", 3}};
  EXPECT_EQ(to_text(result, kPlain), R"(crashed  weak/one  on python3.14t
  claim:  Two threads that append to one list lose nothing.
  why:    SIGSEGV
  spec:   specs/list/one_list.yaml:14
  race:   data race: list_append | list_clear (3 reports)
    | WARNING: ...
  note:   it left changed, and the driver put back: sys.setswitchinterval
  stacks:
    | Thread 1:
    |     file.py, line 3
  standard error:
    | Fatal ?[31merror
)");
}

TEST(Text, AKnownFailureSaysWhatIsKnown) {
  Result result = result_of("a/b", Verdict::expected_failure, "SIGSEGV");
  result.expected_reason = "gh-129068, mended in 3.15";
  result.expected_link = "https://github.com/python/cpython/issues/129068";
  EXPECT_THAT(to_text(result, kPlain),
              HasSubstr("\n  known:  gh-129068, mended in 3.15\n          "
                        "https://github.com/python/cpython/issues/129068\n"));
}

TEST(Text, WhatPassedShowsItsTableOnlyWhenAskedFor) {
  Result result = failed_append();
  result.verdict = Verdict::passed;
  result.reason.clear();
  EXPECT_THAT(to_text(result, kPlain), Not(HasSubstr("samples")));
  EXPECT_THAT(to_text(result, kVerbose), HasSubstr("30 488"));
}

TEST(Text, WhatWasSkippedIsToldInTwoLines) {
  EXPECT_EQ(
      to_text(result_of("a/b", Verdict::skipped, "requires pep667: the port lacks it"), kVerbose),
      "skipped  a/b  on python3.14t\n  why:    requires pep667: the port lacks it\n");
}

TEST(Text, ColourIsThereOnlyWhenWanted) {
  EXPECT_THAT(to_text(failed_append(), kPlain), Not(HasSubstr("\x1b")));
  EXPECT_THAT(to_text(failed_append(), kColored), HasSubstr("\x1b[31mfailed\x1b[0m"));
  EXPECT_THAT(to_line(failed_append(), kPlain), Not(HasSubstr("\x1b")));
  EXPECT_THAT(to_line(failed_append(), kColored), HasSubstr("\x1b[31mfailed"));
}

std::string without_colour(std::string text) {
  for (std::size_t at; (at = text.find('\x1b')) != std::string::npos;) {
    text.erase(at, text.find('m', at) - at + 1);
  }
  return text;
}

TEST(Text, ColourMovesNothing) {
  EXPECT_EQ(without_colour(to_text(failed_append(), kColored)), to_text(failed_append(), kPlain));
  EXPECT_EQ(without_colour(to_line(failed_append(), kColored)), to_line(failed_append(), kPlain));
}

TEST(Text, NothingAPortSaysReachesTheTerminalRaw) {
  Result result = failed_append();
  const std::string evil = "a\x1b]0;b\x07\r\x08z\x7f";
  result.outcomes[0].text = result.outcomes[0].because = result.missing[0].pattern = evil;
  result.reason = result.claim = result.observation.stacks = result.observation.error_output = evil;
  result.observation.races = {{evil, evil, evil, 1}};
  result.observation.notes = {{evil, evil}};
  for (const std::string& text : {to_text(result, kVerbose), to_line(result, kPlain)}) {
    for (const char c : text) {
      EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n') << static_cast<int>(c);
      EXPECT_NE(c, '\x7f');
    }
  }
}

TEST(Text, LinesKeepToTheWidth) {
  Result result = failed_append();
  result.outcomes[0].text = "left='" + std::string(900, 'x') + "', right=1";
  result.outcomes[0].because = std::string(300, 'y');
  result.claim = "one two three " + std::string(200, 'z');
  result.repeat.clear();  // a command stays on one line, to be copied
  for (const int width : {80, 100, 140}) {
    const std::string text = to_text(result, {false, true, width});
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t end = text.find('\n', from);
      EXPECT_LE(end - from, static_cast<std::size_t>(width)) << text.substr(from, end - from);
      from = end + 1;
    }
  }
  EXPECT_FALSE(to_text(result, {false, true, 0}).empty());
}

TEST(Text, ALongOutcomeIsCutUnlessVerbose) {
  Result result = failed_append();
  result.outcomes[0].text = "left='" + std::string(900, 'x') + "'";
  EXPECT_LT(to_text(result, kPlain).size(), 2500u);
  EXPECT_THAT(to_text(result, kPlain), HasSubstr("xxx..."));
  EXPECT_THAT(to_text(result, kVerbose), Not(HasSubstr("xxx...")));
}

TEST(Text, ManyOutcomesAreCutUnlessVerbose) {
  Result result = failed_append();
  for (int at = 0; at < 250; ++at) {
    result.outcomes.push_back(
        {"left=" + std::to_string(at), 4, Grade::Acceptable, true, "fine", 3, false});
  }
  EXPECT_THAT(to_text(result, kPlain), HasSubstr("and 240 more outcomes in 960 samples"));
  EXPECT_THAT(to_text(result, kPlain), Not(HasSubstr("left=249")));
  EXPECT_THAT(to_text(result, kVerbose), HasSubstr("left=249"));
}

TEST(Text, AnUndescribedOutcomeIsCalledThat) {
  Result result = failed_append();
  result.outcomes[0].described = false;
  result.outcomes[0].graded_by_port = false;
  EXPECT_THAT(to_text(result, kPlain), HasSubstr("  undescribed   an append"));
  EXPECT_THAT(to_text(result, kPlain), Not(HasSubstr("evaluated by the port")));
}

TEST(Counts, SayOverlapAndCanaryOnlyWhereTheyWereMeasured) {
  Result result = failed_append();
  result.outcomes.clear();
  result.observation.samples = 1'200'000;
  result.observation.overlapped = 410'000;
  EXPECT_EQ(counts_sentence(result),
            "0 of 1 200 000 samples forbidden, 410 000 overlapped; the "
            "canary of this run: 22 %");
  result.observation.overlapped.reset();
  result.canary = {};
  result.observation.samples = 1;
  EXPECT_EQ(counts_sentence(result), "0 of 1 sample forbidden");
}

TEST(Counts, TheCanaryIsAPercentageThatAPersonCanRead) {
  Result result = failed_append();
  const auto canary = [&](std::int64_t witnesses, std::int64_t samples) {
    result.canary = {true, true, samples, witnesses, 1};
    const std::string text = counts_sentence(result);
    return text.substr(text.rfind(": ") + 2);
  };
  EXPECT_EQ(canary(1000, 1000), "100 %");
  EXPECT_EQ(canary(999, 10'000), "10 %");
  EXPECT_EQ(canary(15, 1000), "1.5 %");
  EXPECT_EQ(canary(3, 10'000), "0.03 %");
  EXPECT_EQ(canary(1, 1'000'000), "less than 0.01 %");
  EXPECT_EQ(canary(0, 1000), "0 %");
}

TEST(Line, HoldsVerdictIdAndAsMuchOfTheReasonAsFits) {
  EXPECT_EQ(to_line(result_of("list/one_list/append", Verdict::passed), kPlain),
            "passed            list/one_list/append");
  const std::string line = to_line(failed_append(), kPlain);
  EXPECT_EQ(line.size(), 100u);
  EXPECT_THAT(line,
              testing::StartsWith("failed            list/one_list/append  forbidden: left=1"));
  EXPECT_THAT(line, testing::EndsWith("..."));
  const std::string id = "area/family/" + std::string(100, 'n');
  EXPECT_EQ(to_line(result_of(id, Verdict::failed, "a reason"), kPlain), "failed            " + id);
}

}  // namespace

}  // namespace conformance
