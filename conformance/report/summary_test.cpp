// The end of a run, whole, and what is left out of it.
#include <gmock/gmock.h>

#include "conformance/report/report.h"
#include "conformance/report/report_test_support.h"

namespace conformance {

namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Summary, PutsWhatFailsFirstAndSaysWhatEachVerdictMeans) {
  std::vector<Result> results = {result_of("list/one_list/pop", Verdict::passed), failed_append()};
  results.front().outcomes = {{"left=1", 3, Grade::Interesting, true, "seldom seen", 3, false}};
  results.front().observation.samples = 9;
  results.push_back(
      result_of("x/y", Verdict::skipped, "where version >= 3.15 (version is 3.14.0)"));
  for (const char* id : {"context/a", "context/b"}) {
    results.push_back(result_of(id, Verdict::skipped, "requires contextvars: the port lacks it"));
  }
  results.push_back(result_of("list/one_list/clear", Verdict::unwitnessed,
                              "not seen in 90 samples: left=2: both met"));
  results.push_back(result_of("weak/one", Verdict::crashed, "SIGSEGV"));
  results.push_back(
      result_of("weak/two", Verdict::unspecified, "left=8 (1 of 9 samples): whatever"));
  EXPECT_EQ(to_summary(header_of_run(), "python3.14t", results, {}), R"(
python3.14t  cpython 3.14.0
free-threaded build, GIL off, threads run in parallel, 2 processors
seed 7, tier quick

      1  failed            a forbidden outcome, or one that no rule describes, was seen
      1  crashed           the process died
      1  passed            every outcome was described and allowed, and every required one was seen
      1  unwitnessed       nothing wrong was seen, but a required outcome was not seen either
      1  unspecified       what was seen is recorded; nothing is promised about it
      3  skipped           the claim does not apply here; the missing fact is named
      8  in all

failed
  list/one_list/append
      forbidden: left=1, right=1, items=['L'] (12 of 30 500 samples): an append was lost; length and
      slot are not one step

crashed
  weak/one
      SIGSEGV

not witnessed: nothing wrong was seen, nor that threads met as they must
  list/one_list/clear
      not seen in 90 samples: left=2: both met

interesting: allowed, and worth knowing
  list/one_list/pop
      left=1 (3 of 9 samples): seldom seen

unspecified: recorded, promised by nobody
  weak/two
      left=8 (1 of 9 samples): whatever

skipped, because
      2  requires contextvars: the port lacks it
      1  where version >= 3.15 (version is 3.14.0)
)");
}

TEST(Summary, OfNothingSaysSo) {
  EXPECT_THAT(to_summary(header_of_run(), "python3.14t", {}, {}), HasSubstr("      0  in all\n"));
}

TEST(Summary, LeavesOutFactsThatThePortDoesNotHave) {
  RunHeader header = header_of_run();
  header.ports[0].facts = {{"gil_enabled", true}, {"parallel", false}, {"cpus", std::int64_t{1}}};
  header.shard = "2/8";
  const std::string text = to_summary(header, "python3.14t", {}, {});
  EXPECT_THAT(text, HasSubstr("\nGIL on, threads take turns, 1 processor\n"));
  EXPECT_THAT(text, HasSubstr("seed 7, tier quick, shard 2/8\n"));
  EXPECT_THAT(text, HasSubstr("cpython 3.14.0 (main)\n"));
  EXPECT_THAT(to_summary(header, "another", {}, {}), testing::StartsWith("\nanother\nseed 7"));
}

TEST(Summary, ListsFewOfWhatDoesNotFailAndAllWhenVerbose) {
  std::vector<Result> results;
  for (int at = 0; at < 30; ++at) {
    results.push_back(result_of("a/case" + std::to_string(at), Verdict::unwitnessed, "no"));
    results.push_back(result_of("b/case" + std::to_string(at), Verdict::failed, "no"));
  }
  const std::string text = to_summary(header_of_run(), "python3.14t", results, {});
  EXPECT_THAT(text, HasSubstr("and 18 more"));
  EXPECT_THAT(text, Not(HasSubstr("a/case29")));
  EXPECT_THAT(text, HasSubstr("b/case29"));
  EXPECT_THAT(to_summary(header_of_run(), "python3.14t", results, {false, true, 100}),
              HasSubstr("a/case29"));
}

TEST(Summary, ListsEveryVerdictThatFailsARun) {
  for (const Verdict verdict : all_verdicts()) {
    const std::string text = to_summary(header_of_run(), "python3.14t",
                                        {result_of("a/b", verdict, "the reason why")}, {});
    if (is_failure(verdict)) {
      EXPECT_THAT(text, HasSubstr(std::string("\n\n") + std::string(to_string(verdict)) +
                                  "\n  a/b\n      the reason why\n"));
    }
    EXPECT_THAT(text, HasSubstr(std::string("      1  ") + std::string(to_string(verdict))));
  }
}

TEST(Summary, CountsAddUp) {
  VerdictCounts counts;
  EXPECT_EQ(counts.total(), 0);
  counts.add(Verdict::passed);
  counts.add(Verdict::passed);
  counts.add(Verdict::failed);
  EXPECT_EQ(counts.total(), 3);
  EXPECT_EQ(counts.counts[Verdict::passed], 2);
}

}  // namespace

}  // namespace conformance
