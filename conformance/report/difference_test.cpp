// What two runs differ in, and what does not count as a difference.
#include <gmock/gmock.h>

#include "conformance/report/report.h"
#include "conformance/report/report_test_support.h"

namespace conformance {

namespace {

using testing::HasSubstr;
using testing::Not;

struct Compared {
  std::string text;
  bool different = false;
};

Compared compare(std::vector<Result> left, std::vector<Result> right, const TextStyle& style = {}) {
  Compared compared;
  compared.text =
      difference({{}, std::move(left), 0}, {{}, std::move(right), 0}, style, compared.different);
  return compared;
}

Result seen(const std::string& id, Verdict verdict, const std::vector<std::string>& outcomes) {
  Result result = result_of(id, verdict);
  for (const std::string& text : outcomes) {
    result.outcomes.push_back({text, 1, Grade::Acceptable, true, "", 0, false});
  }
  return result;
}

TEST(Difference, OfTheSameIsNone) {
  Result again = failed_append();
  again.outcomes[0].count = 99;
  again.observation.samples = 5;
  const Compared compared = compare({failed_append()}, {again});
  EXPECT_FALSE(compared.different);
  EXPECT_EQ(compared.text, "1 case is the same\n");
}

TEST(Difference, IsToldByKindWhatFailsNowFirst) {
  Result broken = seen("a/b/broken", Verdict::failed, {"x=1"});
  broken.reason = "undescribed: x=2";
  const Compared compared = compare(
      {seen("a/b/broken", Verdict::passed, {"x=1"}), seen("a/b/gone", Verdict::passed, {}),
       seen("a/b/mended", Verdict::crashed, {}), seen("a/b/other", Verdict::passed, {"x=1", "x=2"}),
       seen("a/b/same", Verdict::passed, {"x=1"})},
      {broken, seen("a/b/mended", Verdict::passed, {}), seen("a/b/new", Verdict::unwitnessed, {}),
       seen("a/b/other", Verdict::passed, {"x=2", "x=3"}),
       seen("a/b/same", Verdict::passed, {"x=1"})});
  EXPECT_TRUE(compared.different);
  EXPECT_EQ(compared.text, R"(now failing
  python3.14t  a/b/broken: passed -> failed
      undescribed: x=2
verdict changed
  python3.14t  a/b/mended: crashed -> passed
outcomes changed
  python3.14t  a/b/other
      now also   x=3
      no longer  x=1
added
  python3.14t  a/b/new: unwitnessed
deleted
  python3.14t  a/b/gone: was passed

5 differ, 1 case is the same
)");
}

TEST(Difference, AnotherWayToFailIsNoNewFailure) {
  const Compared compared =
      compare({seen("a/b/c", Verdict::failed, {})}, {seen("a/b/c", Verdict::crashed, {})});
  EXPECT_THAT(compared.text, testing::StartsWith("verdict changed\n"));
}

TEST(Difference, OneKindIsEnoughToDiffer) {
  const Result plain = seen("a/b/c", Verdict::passed, {"x=1"});
  EXPECT_TRUE(compare({plain}, {}).different);
  EXPECT_TRUE(compare({}, {plain}).different);
  EXPECT_TRUE(compare({plain}, {seen("a/b/c", Verdict::passed, {"x=2"})}).different);
  EXPECT_TRUE(compare({plain}, {seen("a/b/c", Verdict::unwitnessed, {"x=1"})}).different);
  EXPECT_FALSE(compare({}, {}).different);
}

TEST(Difference, OfASkippedCaseIsItsVerdictOnly) {
  const Compared compared =
      compare({seen("a/b/c", Verdict::passed, {"x=1"})}, {seen("a/b/c", Verdict::skipped, {})});
  EXPECT_TRUE(compared.different);
  EXPECT_THAT(compared.text, Not(HasSubstr("no longer")));
}

TEST(Difference, TellsPortsApart) {
  Result other = seen("a/b/c", Verdict::failed, {});
  other.port = "pypy3";
  const Result own = seen("a/b/c", Verdict::passed, {});
  const Compared compared = compare({own, other}, {own, other});
  EXPECT_FALSE(compared.different);
  EXPECT_THAT(compared.text, HasSubstr("2 cases are the same"));
}

TEST(Difference, OfOnePortEachComparesThePorts) {
  Result other = seen("a/b/c", Verdict::failed, {});
  other.port = "pypy3";
  const Compared compared = compare({seen("a/b/c", Verdict::passed, {})}, {other});
  EXPECT_EQ(compared.text,
            "python3.14t -> pypy3\n\nnow failing\n  a/b/c: passed -> failed\n\n"
            "1 differ, 0 cases are the same\n");
}

TEST(Difference, TheLastWordOnACaseCounts) {
  const Result first = seen("a/b/c", Verdict::failed, {}),
               last = seen("a/b/c", Verdict::passed, {});
  EXPECT_FALSE(compare({first, last}, {last}).different);
}

TEST(Difference, IsColouredOnlyWhenWanted) {
  const Result before = seen("a/b/c", Verdict::passed, {}),
               after = seen("a/b/c", Verdict::failed, {});
  EXPECT_THAT(compare({before}, {after}).text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(compare({before}, {after}, {true, false, 100}).text,
              HasSubstr("\x1b[32mpassed\x1b[0m -> \x1b[31mfailed\x1b[0m"));
}

}  // namespace

}  // namespace conformance
