// Which rows are read, what a row does to a verdict, and that an updated file leaves no news.
#include "conformance/report/expectations.h"

#include <cstdio>
#include <fstream>
#include <gmock/gmock.h>
#include <random>

#include "conformance/report/report_test_support.h"

namespace conformance {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kToday = "2026-11-21";

class ExpectationFile : public testing::Test {
 protected:
  ~ExpectationFile() override { std::remove(path_.c_str()); }

  Expectations load(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    diagnostics_.clear();
    return load_expectations(path_, diagnostics_);
  }
  std::string complaint(const std::string& rows) {
    const Expectations found = load("heddle: 1\nexpectations:\n" + rows);
    if (diagnostics_.empty()) return "";
    EXPECT_THAT(found.rows, IsEmpty());
    return to_string(diagnostics_.front()).substr(path_.size());
  }

  const std::string path_ = testing::TempDir() + "expectations_test.yaml";
  Diagnostics diagnostics_;
};

Expectation row(const std::string& glob, std::vector<Verdict> verdicts,
                const std::string& expires = "") {
  return {glob, std::move(verdicts), "because of " + glob, "", expires, 7, false};
}

Result applied(std::vector<Expectation> rows, Result result) {
  Expectations expectations{"expectations.yaml", std::move(rows)};
  apply(expectations, result, kToday);
  return result;
}

// --- reading

TEST_F(ExpectationFile, RowsAreReadWithAllTheirFields) {
  const Expectations found = load(R"(heddle: 1
expectations:
  - id: iterators/shared/*
    verdict: failed
    because: gh-129068, fixed in 3.15
    link: https://github.com/python/cpython/issues/129068
    expires: 2027-06-30
  - {id: "a/b[c]@d", verdict: [crashed, passed, void], because: now and then}
)");
  EXPECT_THAT(diagnostics_, IsEmpty());
  EXPECT_EQ(found.file, path_);
  ASSERT_EQ(found.rows.size(), 2u);
  EXPECT_EQ(found.rows[0].glob, "iterators/shared/*");
  EXPECT_THAT(found.rows[0].verdicts, ElementsAre(Verdict::failed));
  EXPECT_EQ(found.rows[0].because, "gh-129068, fixed in 3.15");
  EXPECT_EQ(found.rows[0].link, "https://github.com/python/cpython/issues/129068");
  EXPECT_EQ(found.rows[0].expires, "2027-06-30");
  EXPECT_EQ(found.rows[0].line, 3);
  EXPECT_FALSE(found.rows[0].used);
  EXPECT_EQ(found.rows[1].glob, "a/b[c]@d");
  EXPECT_THAT(found.rows[1].verdicts,
              ElementsAre(Verdict::crashed, Verdict::passed, Verdict::void_));
}

TEST_F(ExpectationFile, NoRowsAreFine) {
  EXPECT_THAT(load("heddle: 1\nexpectations: []\n").rows, IsEmpty());
  EXPECT_THAT(diagnostics_, IsEmpty());
}

TEST_F(ExpectationFile, MistakesAreToldWithTheirPlaceAndNoRowIsUsed) {
  EXPECT_THAT(complaint("  - {id: a, verdict: failed}"),
              HasSubstr(":3:5: error: missing key 'because' of an expectation"));
  EXPECT_THAT(complaint("  - {id: a, verdict: faild, because: x}"),
              HasSubstr("unknown verdict 'faild'; did you mean 'failed'?"));
  EXPECT_THAT(complaint("  - {id: a, verdict: failed, becuase: x}"),
              HasSubstr("did you mean 'because'?"));
  EXPECT_THAT(complaint("  - {id: a, verdict: spec_error, because: x}"),
              HasSubstr("'spec_error' is never expected"));
  EXPECT_THAT(complaint("  - {id: a, verdict: skipped, because: x}"),
              HasSubstr("'skipped' is never expected"));
  EXPECT_THAT(complaint("  - {id: a, verdict: expected_failure, because: x}"),
              HasSubstr("is never expected"));
  EXPECT_THAT(complaint("  - {id: a, verdict: passed, because: x}"),
              HasSubstr("expects only a pass"));
  EXPECT_THAT(complaint("  - {id: a, verdict: [], because: x}"), HasSubstr("'verdict'"));
  EXPECT_THAT(complaint("  - {id: '', verdict: failed, because: x}"), HasSubstr("'id' is empty"));
  EXPECT_THAT(complaint("  - {id: a, verdict: failed, because: x, expires: tomorrow}"),
              HasSubstr("'expires' is no date: 'tomorrow'; write YYYY-MM-DD"));
  EXPECT_THAT(complaint("  - a"), HasSubstr("error"));
  EXPECT_THAT(complaint("  a: b"), HasSubstr("error"));
}

TEST_F(ExpectationFile, DatesMustBeDaysThatExist) {
  const auto with = [&](const std::string& date) {
    return complaint("  - {id: a, verdict: failed, because: x, expires: " + date + "}");
  };
  for (const char* good : {"2028-02-29", "2000-02-29", "2027-12-31", "2027-01-01"}) {
    EXPECT_EQ(with(good), "") << good;
  }
  for (const char* bad : {"2027-02-29", "2100-02-29", "2027-13-01", "2027-00-10", "2027-04-31",
                          "2027-01-00", "2027-1-1", "27-01-01", "2027/01/01", "2027-01-0x"}) {
    EXPECT_THAT(with(bad), HasSubstr("is no date")) << bad;
  }
}

TEST_F(ExpectationFile, TheFrameIsCheckedToo) {
  load("expectations: []\n");
  EXPECT_TRUE(has_errors(diagnostics_));
  load("heddle: 2\nexpectations: []\n");
  EXPECT_TRUE(has_errors(diagnostics_));
  load("heddle: 1\nexpectation: []\n");
  EXPECT_TRUE(has_errors(diagnostics_));
  load("heddle: 1\nexpectations: [\n");
  EXPECT_TRUE(has_errors(diagnostics_));
  Diagnostics diagnostics;
  EXPECT_THAT(load_expectations("/nowhere/at/all", diagnostics).rows, IsEmpty());
  EXPECT_TRUE(has_errors(diagnostics));
}

// --- applying

TEST(Apply, AListedVerdictIsAnExpectedFailure) {
  const Result result = applied({row("list/*", {Verdict::failed})}, failed_append());
  EXPECT_EQ(result.verdict, Verdict::expected_failure);
  EXPECT_EQ(result.original_verdict, Verdict::failed);
  EXPECT_EQ(result.expected_reason, "because of list/*");
  EXPECT_EQ(result.reason, failed_append().reason);
}

TEST(Apply, APassWhereNoneIsListedIsUnexpected) {
  const Result result =
      applied({row("list/*", {Verdict::failed})}, result_of("list/a/b", Verdict::passed));
  EXPECT_EQ(result.verdict, Verdict::unexpected_pass);
  EXPECT_EQ(result.original_verdict, Verdict::passed);
  EXPECT_EQ(result.reason,
            "it passed, and the row of line 7 expects that it does not: because of list/*");
}

TEST(Apply, AListedPassStaysAPass) {
  const Result result = applied({row("list/*", {Verdict::failed, Verdict::passed})},
                                result_of("list/a/b", Verdict::passed));
  EXPECT_EQ(result.verdict, Verdict::passed);
}

TEST(Apply, AnotherVerdictStaysAsItIs) {
  for (const Verdict verdict : {Verdict::crashed, Verdict::unwitnessed, Verdict::undecided,
                                Verdict::unspecified, Verdict::void_, Verdict::race}) {
    const Result result =
        applied({row("list/*", {Verdict::failed})}, result_of("list/a/b", verdict));
    EXPECT_EQ(result.verdict, verdict);
    EXPECT_EQ(result.original_verdict, verdict);
  }
}

TEST(Apply, SkippedSpecErrorAndHarnessErrorAreNeverChanged) {
  for (const Verdict verdict : {Verdict::skipped, Verdict::spec_error, Verdict::harness_error}) {
    const Result result = applied({row("list/*", {verdict})}, result_of("list/a/b", verdict));
    EXPECT_EQ(result.verdict, verdict);
    EXPECT_EQ(result.expected_reason, "");
  }
}

TEST(Apply, TheFirstMatchingRowWins) {
  EXPECT_EQ(
      applied({row("list/one_list/append", {Verdict::crashed}), row("list/*", {Verdict::failed})},
              failed_append())
          .verdict,
      Verdict::failed);
}

TEST(Apply, OnlyTheRowThatWasAppliedIsUsed) {
  Expectations expectations{"",
                            {row("dict/*", {Verdict::failed}), row("list/*", {Verdict::failed}),
                             row("*", {Verdict::failed})}};
  Result result = failed_append();
  apply(expectations, result, kToday);
  EXPECT_FALSE(expectations.rows[0].used);
  EXPECT_TRUE(expectations.rows[1].used);
  EXPECT_FALSE(expectations.rows[2].used);
}

TEST(Apply, FromItsDayOnAnExpiredRowIsNotAppliedAndTheReasonSaysSo) {
  const Result last_day =
      applied({row("list/*", {Verdict::failed}, "2026-11-22")}, failed_append());
  EXPECT_EQ(last_day.verdict, Verdict::expected_failure);
  const Result result = applied({row("list/*", {Verdict::failed}, "2026-11-21")}, failed_append());
  EXPECT_EQ(result.verdict, Verdict::failed);
  EXPECT_THAT(result.reason,
              testing::EndsWith("; the row of line 7 expired on 2026-11-21: because of list/*"));
  const Result passed = applied({row("list/*", {Verdict::failed}, "2026-11-21")},
                                result_of("list/a/b", Verdict::passed));
  EXPECT_EQ(passed.verdict, Verdict::passed);
  EXPECT_EQ(passed.reason, "");
}

TEST(Apply, BehindAnExpiredRowTheNextOneCounts) {
  const Result result = applied(
      {row("list/*", {Verdict::failed}, "2020-01-01"), row("list/one_list/*", {Verdict::failed})},
      failed_append());
  EXPECT_EQ(result.verdict, Verdict::expected_failure);
  EXPECT_EQ(result.expected_reason, "because of list/one_list/*");
  EXPECT_EQ(result.reason, failed_append().reason);
}

TEST(Apply, ExpiredRowsAreWarnedOf) {
  const Expectations expectations{
      "e.yaml",
      {row("a", {Verdict::failed}, "2026-11-21"), row("b", {Verdict::failed}, "2026-11-22"),
       row("c", {Verdict::failed})}};
  Diagnostics diagnostics;
  warn_of_expired(expectations, kToday, diagnostics);
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(to_string(diagnostics[0]),
            "e.yaml:7: warning: the expectation for 'a' expired on 2026-11-21 and is not applied; "
            "explain it anew or remove it");
  EXPECT_FALSE(has_errors(diagnostics));
}

// --- updating

std::string updated_after(std::vector<Expectation> rows, std::vector<Result> results) {
  Expectations expectations{"", std::move(rows)};
  for (Result& result : results) apply(expectations, result, kToday);
  return updated(expectations, results);
}

TEST(Updated, NewFailuresAreAddedToBeExplained) {
  EXPECT_EQ(updated_after({}, {failed_append(), result_of("list/a/b", Verdict::passed)}),
            R"(heddle: 1
expectations:
  # forbidden: left=1, right=1, items=['L'] (12 of 30 500 samples): an append was lost; length and slot are not one step
  - id: list/one_list/append
    verdict: failed
    because: to be explained
)");
}

TEST(Updated, WithoutFailuresIsAnEmptyList) {
  EXPECT_EQ(updated_after({}, {result_of("list/a/b", Verdict::passed)}),
            "heddle: 1\nexpectations: []\n");
}

TEST(Updated, ARowThatStillMatchesIsKeptWhole) {
  Expectation kept = row("list/*", {Verdict::failed, Verdict::passed}, "2030-01-01");
  kept.link = "https://example.org/1";
  kept.because = "\"quoted\": \\ and \xc3\xa4";
  EXPECT_EQ(updated_after({kept}, {failed_append()}), R"(heddle: 1
expectations:
  - id: list/*
    verdict: [failed, passed]
    because: "\"quoted\": \\ and ä"
    link: "https://example.org/1"
    expires: 2030-01-01
)");
}

TEST(Updated, ARowThatNoLongerAppliesIsDropped) {
  EXPECT_EQ(
      updated_after({row("list/*", {Verdict::failed})}, {result_of("list/a/b", Verdict::passed)}),
      "heddle: 1\nexpectations: []\n");
}

TEST(Updated, ARowForWhatDidNotRunIsKept) {
  const std::string text =
      updated_after({row("dict/*", {Verdict::failed}), row("list/*", {Verdict::failed})},
                    {result_of("list/a/b", Verdict::skipped)});
  EXPECT_THAT(text, HasSubstr("dict/*"));
  EXPECT_THAT(text, HasSubstr("list/*"));
}

TEST(Updated, AGlobUnderWhichSomethingPassesIsSplit) {
  const std::string text = updated_after({row("list/*", {Verdict::failed})},
                                         {failed_append(), result_of("list/a/b", Verdict::passed),
                                          result_of("list/a/c", Verdict::failed)});
  EXPECT_THAT(text, Not(HasSubstr("id: list/*")));
  EXPECT_THAT(
      text,
      HasSubstr("- id: list/one_list/append\n    verdict: failed\n    because: because of list/*"));
  EXPECT_THAT(text, HasSubstr("- id: list/a/c"));
  EXPECT_THAT(text, Not(HasSubstr("list/a/b")));
}

TEST(Updated, AnExceptionStandsBeforeItsGlob) {
  const std::string text =
      updated_after({row("list/*", {Verdict::failed})},
                    {failed_append(), result_of("list/a/b", Verdict::crashed)});
  EXPECT_LT(text.find("list/a/b"), text.find("list/*"));
}

TEST(Updated, AnExpiredRowIsReplaced) {
  const std::string text =
      updated_after({row("list/*", {Verdict::failed}, "2020-01-01")}, {failed_append()});
  EXPECT_THAT(text, Not(HasSubstr("id: list/*")));
  EXPECT_THAT(
      text,
      HasSubstr("- id: list/one_list/append\n    verdict: failed\n    because: to be explained"));
  EXPECT_THAT(text, HasSubstr("# forbidden"));
}

TEST(Updated, WhatSaysNothingOfThePortIsNotAdded) {
  for (const Verdict verdict : {Verdict::void_, Verdict::spec_error, Verdict::harness_error,
                                Verdict::skipped, Verdict::unwitnessed, Verdict::undecided}) {
    EXPECT_EQ(updated_after({}, {result_of("list/a/b", verdict)}), "heddle: 1\nexpectations: []\n");
  }
}

TEST_F(ExpectationFile, TheSameResultsHoldNoNewsAfterAnUpdate) {
  const char* globs[] = {"*",      "list/*", "list/a/*", "list/a/b",
                         "dict/*", "*/b",    "li?t/*",   "list/a/b[v]"};
  const char* ids[] = {"list/a/b", "list/a/b[v]", "list/a/b[v]@r",
                       "list/c/b", "dict/a/b",    "dict/a/c"};
  const Verdict seen[] = {Verdict::passed,  Verdict::failed,      Verdict::crashed, Verdict::flaky,
                          Verdict::skipped, Verdict::unwitnessed, Verdict::hung};
  const char* reasons[] = {"plain words here",
                           "a: b # c",
                           "- x",
                           "\"q\" 'r' \\",
                           "\xc3\xa4\n\xf0\x9f\x98\x80\x01",
                           "true",
                           "null",
                           "\xed\xa0\x80",
                           "\xff",
                           "2026-01-01",
                           "[x]",
                           "{y",
                           "*z",
                           "&w",
                           "!t",
                           "%d",
                           "@a",
                           "`b",
                           " lead",
                           "trail "};
  const Verdict listed[] = {Verdict::failed, Verdict::crashed, Verdict::hung};
  const char* days[] = {"", "", "2020-01-01", "2030-01-01"};
  for (unsigned seed = 1; seed <= 400; ++seed) {
    std::mt19937 random(seed);
    const auto any = [&](const auto& from) { return from[random() % std::size(from)]; };
    Expectations before;
    for (unsigned more = random() % 4; more > 0; --more) {
      Expectation one = row(any(globs), {any(listed)}, any(days));
      if (random() % 3 == 0) one.verdicts.push_back(Verdict::passed);
      one.because = any(reasons);
      before.rows.push_back(one);
    }
    std::vector<Result> results;
    for (const char* id : ids) {
      if (random() % 5 != 0) results.push_back(result_of(id, any(seen), any(reasons)));
    }
    for (Result& result : results) apply(before, result, kToday);
    const std::string text = updated(before, results);
    Expectations after = load(text);
    ASSERT_THAT(diagnostics_, IsEmpty()) << "seed " << seed << "\n"
                                         << text << to_string(diagnostics_[0]);
    for (Result result : results) {
      result.verdict = result.original_verdict;
      apply(after, result, kToday);
      const bool quiet = !is_failure(result.verdict);
      ASSERT_TRUE(quiet) << "seed " << seed << ": " << result.id << " is "
                         << to_string(result.verdict) << "\n"
                         << text;
    }
  }
}

}  // namespace

}  // namespace conformance
