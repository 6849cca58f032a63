// Each verdict that grading can give is given here at least once; then what beats what.
#include "conformance/outcome/grading.h"

#include <gmock/gmock.h>

#include "conformance/outcome/grading_test_support.h"

namespace conformance {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using Ending = Observation::Ending;

// left=1, right=2 is fine, left=2, right=2 must be met where it is parallel, 9 is worth a line, 8
// is recorded, 0 loses.
OneScenario scenario() {
  return OneScenario(
      {rule(Matcher::Is, "left=1, right=2", Grade::Acceptable, "left was first"),
       rule(Matcher::Is, "left=2, right=2", Grade::Required, "both met", "parallel"),
       rule(Matcher::Is, "left=9, right=9", Grade::Interesting, "a rare one"),
       rule(Matcher::Is, "left=8, right=8", Grade::Unspecified, "nobody promises"),
       rule(Matcher::Is, "left=0, right=0", Grade::Forbidden, "an append was lost")});
}

const OutcomeCount kFine{"left=1, right=2", 90, {}, {}};
const OutcomeCount kMet{"left=2, right=2", 10, {}, {}};
const OutcomeCount kLost{"left=0, right=0", 12, {}, {}};
const OutcomeCount kUnforeseen{"left=7, right=7", 3, {}, {}};
const OutcomeCount kRecorded{"left=8, right=8", 5, {}, {}};

Result graded(Observation observation, const GradingContext& context = colliding()) {
  const OneScenario one = scenario();
  return grade(one.one_case(), std::move(observation), context);
}

Result graded_unsafe(Observation observation, const GradingContext& context = colliding()) {
  OneScenario one = scenario();
  one.scenario().strengths.front().strength = Strength::Unsafe;
  return grade(one.one_case(), std::move(observation), context);
}

RaceReport a_race() { return {"list_append | list_clear", "data race", "", 3}; }

// --- every verdict

TEST(Grading, PassesWhenAllIsAllowedAndTheRequiredWasSeen) {
  const Result result = graded(finished({kFine, kMet}));
  EXPECT_EQ(result.verdict, Verdict::passed);
  EXPECT_EQ(result.reason, "");
  EXPECT_THAT(result.missing, IsEmpty());
}

TEST(Grading, FailsOnAForbiddenOutcomeAndSaysWhichHowOftenAndWhy) {
  const Result result = graded(finished({{"left=1, right=2", 30'478, {}, {}}, kMet, kLost}));
  EXPECT_EQ(result.verdict, Verdict::failed);
  EXPECT_EQ(result.reason, "forbidden: left=0, right=0 (12 of 30 500 samples): an append was lost");
}

TEST(Grading, FailsOnAnOutcomeThatNoRuleDescribes) {
  const Result result = graded(finished({kFine, kMet, kUnforeseen}));
  EXPECT_EQ(result.verdict, Verdict::failed);
  EXPECT_EQ(result.reason,
            "undescribed: left=7, right=7 (3 of 103 samples): no rule describes this outcome");
  EXPECT_FALSE(result.outcomes.front().described);
  EXPECT_EQ(result.outcomes.front().grade, Grade::Forbidden);
}

TEST(Grading, CountsFurtherForbiddenOutcomesInTheReason) {
  const Result result = graded(finished({kMet, kUnforeseen, kLost}));
  EXPECT_THAT(result.reason, HasSubstr("an append was lost; and 1 more"));
}

TEST(Grading, CallsADeadProcessCrashed) {
  const Result result = graded(ended(Ending::Crashed, "SIGSEGV"));
  EXPECT_EQ(result.verdict, Verdict::crashed);
  EXPECT_EQ(result.reason, "SIGSEGV");
}

TEST(Grading, CallsASilentProcessHung) {
  const Result result = graded(ended(Ending::Hung, "no sign of life for 20 s"));
  EXPECT_EQ(result.verdict, Verdict::hung);
  EXPECT_EQ(result.reason, "no sign of life for 20 s");
}

TEST(Grading, KeepsACrashThatEveryReRunConfirmed) {
  Observation observation = ended(Ending::Crashed, "SIGSEGV");
  observation.confirmed = observation.confirmations = 3;
  const Result result = graded(observation);
  EXPECT_EQ(result.verdict, Verdict::crashed);
  EXPECT_EQ(result.reason, "SIGSEGV; so did 3 of 3 re-runs of it alone");
}

TEST(Grading, CallsACrashFlakyThatNotEveryReRunConfirmed) {
  for (const int confirmed : {0, 2}) {
    Observation observation = ended(Ending::Crashed, "SIGABRT");
    observation.confirmed = confirmed;
    observation.confirmations = 3;
    const Result result = graded(observation);
    EXPECT_EQ(result.verdict, Verdict::flaky);
    EXPECT_EQ(result.reason, "crashed once (SIGABRT), and so did " + std::to_string(confirmed) +
                                 " of 3 re-runs of it alone");
  }
}

TEST(Grading, CallsAHangFlakyThatNotEveryReRunConfirmed) {
  Observation observation = ended(Ending::Hung, "silence");
  observation.confirmations = 2;
  EXPECT_EQ(graded(observation).verdict, Verdict::flaky);
}

TEST(Grading, NamesTheRaceThatASanitizerReported) {
  Observation observation = finished({kFine, kMet});
  observation.races = {a_race(), a_race()};
  const Result result = graded(observation);
  EXPECT_EQ(result.verdict, Verdict::race);
  EXPECT_EQ(result.reason, "data race: list_append | list_clear (3 reports); and 1 more");
}

TEST(Grading, IsUnwitnessedWhenARequiredOutcomeWasNotSeen) {
  const Result result = graded(finished({kFine}));
  EXPECT_EQ(result.verdict, Verdict::unwitnessed);
  EXPECT_EQ(result.reason, "not seen in 90 samples: left=2, right=2: both met");
  ASSERT_EQ(result.missing.size(), 1u);
  EXPECT_EQ(result.missing[0].rule_line, 12);
}

TEST(Grading, IsUndecidedWithoutASample) {
  const Result result = graded(finished({}), serial());
  EXPECT_EQ(result.verdict, Verdict::undecided);
  EXPECT_EQ(result.reason, "no sample finished in the time given");
}

TEST(Grading, IsUndecidedWhenItWasNotRun) {
  EXPECT_EQ(graded(ended(Ending::NotRun, "")).verdict, Verdict::undecided);
}

TEST(Grading, IsUnspecifiedWhenWhatNobodyPromisesWasSeen) {
  const Result result = graded(finished({kFine, kMet, kRecorded}));
  EXPECT_EQ(result.verdict, Verdict::unspecified);
  EXPECT_EQ(result.reason, "left=8, right=8 (5 of 105 samples): nobody promises");
}

TEST(Grading, SkipsWhatWasNotRunBecauseItDoesNotApply) {
  OneScenario one = scenario();
  one.scenario().where = condition("version >= 3.14");
  GradingContext context = colliding();
  context.facts["version"] = Version{{3, 11, 7}};
  const Result result = grade(one.one_case(), ended(Ending::NotRun, ""), context);
  EXPECT_EQ(result.verdict, Verdict::skipped);
  EXPECT_EQ(result.reason, "where version >= 3.14 (version is 3.11.7)");
}

TEST(Grading, IsVoidWhenTheCanaryOfAParallelProcessLived) {
  GradingContext context = colliding();
  context.canary = {true, false, 50'000, 0, 1};
  const Result result = graded(finished({kFine, kMet}), context);
  EXPECT_EQ(result.verdict, Verdict::void_);
  EXPECT_THAT(result.reason, HasSubstr("lost no update in 50 000 samples"));
}

TEST(Grading, IsASpecErrorWithItsPlaceWhenThePortFoundOne) {
  Observation observation = ended(Ending::SpecProblem, "");
  observation.problems = {{"setup", "NameError: name 'x' is not defined", 7}};
  const Result result = graded(observation);
  EXPECT_EQ(result.verdict, Verdict::spec_error);
  EXPECT_EQ(result.reason, "specs/list/one_list.yaml:7: setup: NameError: name 'x' is not defined");
}

TEST(Grading, IsASpecErrorWithoutAPlaceToo) {
  Observation observation = ended(Ending::SpecProblem, "it said nothing more");
  EXPECT_EQ(graded(observation).reason, "it said nothing more");
  observation.problems = {{"cleanup", "ValueError", 0}};
  EXPECT_EQ(graded(observation).reason, "cleanup: ValueError");
}

TEST(Grading, IsAHarnessErrorWhenTheHarnessSaysSo) {
  const Result result = graded(ended(Ending::HarnessError, "the events\nare\tno JSON"));
  EXPECT_EQ(result.verdict, Verdict::harness_error);
  EXPECT_EQ(result.reason, "the events are no JSON");
}

// --- what beats what

TEST(Grading, PutsTheReasonsInTheOrderOfTheHeader) {
  GradingContext context = colliding();
  context.canary.provoked = false;
  Observation observation = finished({kRecorded});
  EXPECT_EQ(graded(observation, context).verdict, Verdict::void_);
  observation = finished({kLost});
  EXPECT_EQ(graded(observation, context).verdict, Verdict::failed);
  observation.races = {a_race()};
  EXPECT_EQ(graded(observation, context).verdict, Verdict::race);
  observation.ending = Ending::Crashed;
  EXPECT_EQ(graded(observation, context).verdict, Verdict::crashed);
  observation.ending = Ending::HarnessError;
  EXPECT_EQ(graded(observation, context).verdict, Verdict::harness_error);
  observation.problems = {{"when", "SyntaxError", 3}};
  EXPECT_EQ(graded(observation, context).verdict, Verdict::spec_error);
}

TEST(Grading, PutsUnwitnessedBeforeUnspecified) {
  EXPECT_EQ(graded(finished({kRecorded})).verdict, Verdict::unwitnessed);
}

TEST(Grading, LetsAProblemFoundInAFinishedRunCount) {
  Observation observation = finished({kFine, kMet});
  observation.problems = {{"cleanup", "ValueError: no", 20}};
  EXPECT_EQ(graded(observation).verdict, Verdict::spec_error);
}

TEST(Grading, HoldsTheCanaryAgainstLitmusOnly) {
  GradingContext context = colliding();
  context.canary.provoked = false;
  for (const Kind kind : {Kind::Script, Kind::Process, Kind::Command}) {
    OneScenario one = scenario();
    one.scenario().kind = kind;
    EXPECT_EQ(grade(one.one_case(), finished({kFine, kMet}), context).verdict, Verdict::passed);
  }
}

TEST(Grading, AsksForNoCanaryWhereNothingIsParallel) {
  EXPECT_EQ(graded(finished({kFine}), serial()).verdict, Verdict::passed);
}

TEST(Grading, IsVoidInAParallelProcessWithoutACanary) {
  GradingContext context = colliding();
  context.canary = {};
  EXPECT_EQ(graded(finished({kFine, kMet}), context).reason, "no canary ran in this process");
}

TEST(Grading, DoesNotHideACrashBehindAConditionThatHoldsNoMore) {
  OneScenario one = scenario();
  one.scenario().where = condition("not gil_enabled");
  GradingContext context = colliding();
  context.facts["gil_enabled"] = true;
  EXPECT_EQ(grade(one.one_case(), finished({kLost}), context).verdict, Verdict::skipped);
  EXPECT_THAT(grade(one.one_case(), finished({kLost}), context).outcomes, IsEmpty());
  EXPECT_EQ(grade(one.one_case(), ended(Ending::Crashed, "SIGSEGV"), context).verdict,
            Verdict::crashed);
  EXPECT_EQ(grade(one.one_case(), ended(Ending::HarnessError, "x"), context).verdict,
            Verdict::harness_error);
}

// --- rules

TEST(Rules, TheFirstThatMatchesDescribesTheOutcome) {
  const OneScenario one({rule(Matcher::Like, "left=1, .*", Grade::Forbidden, "first"),
                         rule(Matcher::Is, "left=1, right=2", Grade::Acceptable, "second"),
                         rule(Matcher::Else, "", Grade::Acceptable, "last")});
  const Result result = grade(one.one_case(), finished({kFine, kMet}), serial());
  EXPECT_EQ(result.verdict, Verdict::failed);
  EXPECT_EQ(result.outcomes[0].because, "first");
  EXPECT_EQ(result.outcomes[0].rule_line, 11);
  EXPECT_EQ(result.outcomes[1].because, "last");
}

TEST(Rules, ARequiredRuleBehindOneThatTookTheOutcomeIsMissing) {
  const OneScenario one({rule(Matcher::Else, "", Grade::Acceptable, "takes all"),
                         rule(Matcher::Is, "left=1, right=2", Grade::Required, "never reached")});
  EXPECT_EQ(grade(one.one_case(), finished({kFine}), serial()).verdict, Verdict::unwitnessed);
}

TEST(Rules, ThoseWhoseConditionDoesNotHoldArePassedOver) {
  Result result = graded(finished({kFine, kMet}), serial());
  EXPECT_EQ(result.verdict, Verdict::failed);  // without `parallel` nothing describes the meeting
  EXPECT_EQ(result.outcomes.front().text, kMet.text);
  EXPECT_THAT(result.missing, IsEmpty());
}

TEST(Rules, LikeMatchesTheWholeTextAndDotsMatchNewlines) {
  const OneScenario one({rule(Matcher::Like, "left=1", Grade::Acceptable, "a part only"),
                         rule(Matcher::Like, "a.b", Grade::Acceptable, "dot")});
  const Result result = grade(one.one_case(), finished({kFine, {"a\nb", 1, {}, {}}}), serial());
  EXPECT_FALSE(result.outcomes[0].described);
  EXPECT_EQ(result.outcomes[1].because, "dot");
}

TEST(Rules, WhenIsWhatThePortSaidOfTheRuleOfThatIndex) {
  const OneScenario one({rule(Matcher::Is, "left=5, right=5", Grade::Acceptable, "not it"),
                         rule(Matcher::When, "left == 1", Grade::Acceptable, "by the port")});
  const Result held = grade(one.one_case(), finished({{"left=1, right=2", 1, {1}, {}}}), serial());
  EXPECT_TRUE(held.outcomes[0].graded_by_port);
  EXPECT_EQ(held.verdict, Verdict::passed);
  const Result other = grade(one.one_case(), finished({{"left=1, right=2", 1, {0}, {}}}), serial());
  EXPECT_EQ(other.verdict, Verdict::failed);
}

TEST(Rules, AWhenWhoseConditionDoesNotHoldIsPassedOverToo) {
  const OneScenario one({rule(Matcher::When, "True", Grade::Acceptable, "no", "parallel")});
  const Result result = grade(
      one.one_case(), finished({{"left=1, right=2", 1, {0}, {{0, "TypeError: no"}}}}), serial());
  EXPECT_EQ(result.verdict, Verdict::failed);
  EXPECT_THAT(result.reason, testing::Not(HasSubstr("TypeError")));
}

TEST(Rules, AWhenThatRaisedIsToldWhereTheOutcomeEndsUndescribed) {
  const OneScenario one({rule(Matcher::When, "left < None", Grade::Acceptable, "broken")});
  const Result result =
      grade(one.one_case(), finished({{"left=1, right=2", 1, {}, {{0, "TypeError: no order"}}}}),
            serial());
  EXPECT_THAT(result.reason, HasSubstr("`when` of line 11 raised TypeError: no order"));
}

TEST(Rules, IsComparesValuesAndNotSpellings) {
  const OneScenario one(
      {rule(Matcher::Is, "right={2, 1}, left=[\"a\"]", Grade::Acceptable, "the same")});
  const Result result =
      grade(one.one_case(), finished({{"left=['a'], right={1, 2}", 1, {}, {}}}), serial());
  EXPECT_EQ(result.verdict, Verdict::passed);
}

TEST(Rules, IsTellsTypesApart) {
  const OneScenario one({rule(Matcher::Is, "left=1, right=1", Grade::Acceptable, "ints")});
  for (const char* text : {"left=True, right=1", "left=1.0, right=1", "left='1', right=1"}) {
    EXPECT_EQ(grade(one.one_case(), finished({{text, 1, {}, {}}}), serial()).verdict,
              Verdict::failed)
        << text;
  }
}

TEST(Rules, IsMatchesNothingThatHasMoreNames) {
  const OneScenario one({rule(Matcher::Is, "left=1", Grade::Acceptable, "a part only")});
  EXPECT_EQ(grade(one.one_case(), finished({kFine}), serial()).verdict, Verdict::failed);
}

TEST(Rules, TooManyIsAnOutcomeLikeAnother) {
  const OneScenario one({rule(Matcher::Is, "too_many", Grade::Acceptable, "so be it")});
  EXPECT_EQ(grade(one.one_case(), finished({{"too_many", 9, {}, {}}}), serial()).verdict,
            Verdict::passed);
  EXPECT_EQ(graded(finished({kFine, kMet, {"too_many", 9, {}, {}}})).verdict, Verdict::failed);
}

TEST(Rules, AnOutcomeThatIsNoListOfValuesMatchesElseOnly) {
  const OneScenario one({rule(Matcher::Is, "left=1, right=2", Grade::Forbidden, "no"),
                         rule(Matcher::Else, "", Grade::Acceptable, "yes")});
  EXPECT_EQ(grade(one.one_case(), finished({{"left=1, right=", 1, {}, {}}}), serial()).verdict,
            Verdict::passed);
}

TEST(Rules, OutcomesStandWorstFirstThenByCount) {
  const Result result = graded(
      finished({kMet, kFine, kRecorded, kUnforeseen, kLost, {"left=9, right=9", 1, {}, {}}}));
  std::vector<std::string> texts;
  for (const GradedOutcome& outcome : result.outcomes) texts.push_back(outcome.text.substr(0, 6));
  EXPECT_THAT(texts,
              testing::ElementsAre("left=0", "left=7", "left=8", "left=9", "left=2", "left=1"));
}

TEST(Rules, ALongOutcomeIsCutInTheReasonAndWholeInTheTable) {
  const std::string text = "left='" + std::string(1500, 'x') + "', right=1";
  const Result result = graded(finished({{text, 1, {}, {}}}));
  EXPECT_LT(result.reason.size(), 300u);
  EXPECT_EQ(result.outcomes[0].text, text);
}

// --- unsafe

TEST(Unsafe, ACrashIsAnOutcomeThatNobodyForesaw) {
  const Result result = graded_unsafe(ended(Ending::Crashed, "SIGSEGV"));
  EXPECT_EQ(result.verdict, Verdict::unspecified);
  ASSERT_EQ(result.outcomes.size(), 1u);
  EXPECT_EQ(result.outcomes[0].text, "crashed(SIGSEGV)");
  EXPECT_EQ(result.outcomes[0].grade, Grade::Unspecified);
  EXPECT_THAT(result.reason,
              HasSubstr("unsafe, so only recorded: crashed(SIGSEGV) (1 of 1 sample)"));
}

TEST(Unsafe, ACrashIsCountedOnceWhenTheRunnerCountedItAlready) {
  const Result result = graded_unsafe(finished({kMet, {"crashed(SIGSEGV)", 2, {}, {}}}));
  EXPECT_EQ(result.outcomes.size(), 2u);
  EXPECT_EQ(result.observation.samples, 12);
}

TEST(Unsafe, AForeseenCrashIsGradedByTheTable) {
  OneScenario one({rule(Matcher::Is, "crashed(SIGSEGV)", Grade::Interesting, "as warned"),
                   rule(Matcher::Is, "hung", Grade::Acceptable, "as warned, too"),
                   rule(Matcher::Is, "crashed(exit status 3)", Grade::Forbidden, "not that")});
  one.scenario().strengths.front().strength = Strength::Unsafe;
  const Case& unsafe = one.one_case();
  EXPECT_EQ(grade(unsafe, ended(Ending::Crashed, "SIGSEGV"), serial()).verdict, Verdict::passed);
  EXPECT_EQ(grade(unsafe, ended(Ending::Hung, "silence"), serial()).verdict, Verdict::passed);
  EXPECT_EQ(grade(unsafe, ended(Ending::Crashed, "exit status 3"), serial()).verdict,
            Verdict::unspecified);
}

TEST(Unsafe, NothingItDoesIsAFailure) {
  Observation observation = finished({kLost, kUnforeseen});
  observation.races = {a_race()};
  GradingContext context = colliding();
  context.canary.provoked = false;
  const Result result = graded_unsafe(observation, context);
  EXPECT_EQ(result.verdict, Verdict::unspecified);
  EXPECT_FALSE(is_failure(result.verdict));
}

TEST(Unsafe, WhatWasSeenIsStrongerThanWhatWasNot) {
  EXPECT_EQ(graded_unsafe(finished({kUnforeseen})).verdict, Verdict::unspecified);
  EXPECT_EQ(graded_unsafe(finished({kFine})).verdict, Verdict::unwitnessed);
  EXPECT_EQ(graded_unsafe(finished({kFine, kMet})).verdict, Verdict::passed);
}

TEST(Unsafe, IsVoidWhenNothingHappenedAndNothingCouldHave) {
  GradingContext context = colliding();
  context.canary.provoked = false;
  EXPECT_EQ(graded_unsafe(finished({kFine, kMet}), context).verdict, Verdict::void_);
}

TEST(Unsafe, IsNotVoidWhenItDiedAsForeseen) {
  OneScenario one({rule(Matcher::Is, "crashed(SIGSEGV)", Grade::Acceptable, "as warned")});
  one.scenario().strengths.front().strength = Strength::Unsafe;
  GradingContext context = colliding();
  context.canary.provoked = false;
  const Result result = grade(one.one_case(), ended(Ending::Crashed, "SIGSEGV"), context);
  EXPECT_EQ(result.verdict, Verdict::passed);
}

TEST(Unsafe, AWrongSpecStaysOne) {
  Observation observation = ended(Ending::SpecProblem, "");
  observation.problems = {{"compile", "SyntaxError", 7}};
  EXPECT_EQ(graded_unsafe(observation).verdict, Verdict::spec_error);
  EXPECT_EQ(graded_unsafe(ended(Ending::HarnessError, "x")).verdict, Verdict::harness_error);
}

// --- the rest of the result

// --- histories

Result graded_history(const HistoryEvidence& evidence, std::int64_t overlapped,
                      Strength strength = Strength::Must,
                      const GradingContext& context = colliding()) {
  OneScenario one = scenario();
  one.scenario().kind = Kind::History;
  one.scenario().outcomes.clear();
  one.scenario().strengths = {{{}, strength}};
  Observation observation;
  observation.ending = Observation::Ending::Finished;
  observation.samples = 100;
  observation.overlapped = overlapped;
  observation.history = evidence;
  return grade(one.one_case(), std::move(observation), context);
}

HistoryEvidence evidence_of(int linearizable, int not_linearizable, int undecided) {
  HistoryEvidence evidence;
  evidence.distinct = linearizable + not_linearizable + undecided;
  evidence.linearizable = linearizable;
  evidence.not_linearizable = not_linearizable;
  evidence.failing_samples = 3 * not_linearizable;
  evidence.undecided = undecided;
  evidence.why_undecided = "time ran out";
  evidence.failure_reason = "no order explains it";
  return evidence;
}

TEST(Histories, PassWhereAllAreExplained) {
  EXPECT_EQ(graded_history(evidence_of(9, 0, 0), 50).verdict, Verdict::passed);
}

TEST(Histories, OneWithoutAnExplanationIsStrongerThanThoseUndecided) {
  const Result result = graded_history(evidence_of(9, 1, 1), 50);
  EXPECT_EQ(result.verdict, Verdict::not_linearizable);
  EXPECT_EQ(result.reason, "no order explains it (3 of 100 samples)");
  EXPECT_EQ(graded_history(evidence_of(9, 1, 0), 0).verdict, Verdict::not_linearizable);
}

TEST(Histories, UndecidedIsNotPassed) {
  const Result result = graded_history(evidence_of(9, 0, 2), 50);
  EXPECT_EQ(result.verdict, Verdict::undecided);
  EXPECT_EQ(result.reason, "2 of 11 histories undecided: time ran out");
}

TEST(Histories, AreVoidWhereThreadsRunInParallelAndNothingOverlapped) {
  EXPECT_EQ(graded_history(evidence_of(9, 0, 0), 0).verdict, Verdict::void_);
  EXPECT_EQ(graded_history(evidence_of(9, 0, 0), 0, Strength::Must, serial()).verdict,
            Verdict::passed);
  GradingContext context = colliding();
  context.canary.provoked = false;
  EXPECT_EQ(graded_history(evidence_of(9, 0, 0), 50, Strength::Must, context).verdict,
            Verdict::void_);
}

TEST(Histories, AreOnlyRecordedWhereNothingIsPromised) {
  EXPECT_EQ(graded_history(evidence_of(9, 1, 0), 50, Strength::Unsafe).verdict,
            Verdict::unspecified);
}

TEST(Grading, FillsInWhoWasJudged) {
  OneScenario one = scenario();
  one.scenario().covers = {"list/append"};
  one.scenario().variants = {{"big", {}, {}, {}, 6}};
  one.family.processes.front().name = "inherit";
  const Result result = grade(one.one_case(), finished({kFine, kMet}), colliding());
  EXPECT_EQ(result.id, "list/one_list/append[big]@inherit");
  EXPECT_EQ(result.claim, "Nothing is lost.");
  EXPECT_EQ(result.file, "specs/list/one_list.yaml");
  EXPECT_EQ(result.line, 4);
  EXPECT_EQ(result.covers, std::vector<std::string>{"list/append"});
  EXPECT_EQ(result.canary.witnesses, 220);
  EXPECT_EQ(result.original_verdict, result.verdict);
}

TEST(Grading, GivesTheSameAnswerTwice) {
  const Observation observation = finished({kFine, kLost, kUnforeseen, kMet});
  const Result first = graded(observation), second = graded(observation);
  EXPECT_EQ(first.verdict, second.verdict);
  EXPECT_EQ(first.reason, second.reason);
}

}  // namespace

}  // namespace conformance
