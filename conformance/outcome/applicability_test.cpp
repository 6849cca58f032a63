// Where a case does not apply, the reason names the fact that is missing.
#include <gtest/gtest.h>

#include "conformance/outcome/grading.h"
#include "conformance/outcome/grading_test_support.h"

namespace conformance {

namespace {

const Facts kOld = {{"version", Version{{3, 11, 7}}}, {"threads", true}, {"contextvars", false}};

OneScenario plain() { return OneScenario({}); }

TEST(Applicability, WithoutConditionsACaseAlwaysApplies) {
  EXPECT_EQ(why_skipped(plain().one_case(), {}), "");
}

TEST(Applicability, AFeatureMustBeThereAndTrue) {
  OneScenario one = plain();
  one.scenario().requirements = {"threads", "contextvars"};
  EXPECT_EQ(why_skipped(one.one_case(), kOld), "requires contextvars: the port lacks it");
  one.scenario().requirements = {"gc_freeze"};
  EXPECT_EQ(why_skipped(one.one_case(), kOld), "requires gc_freeze: the port lacks it");
  one.scenario().requirements = {"threads"};
  EXPECT_EQ(why_skipped(one.one_case(), kOld), "");
}

TEST(Applicability, AConditionTellsWhatItFound) {
  OneScenario one = plain();
  one.scenario().where = condition("threads and version >= 3.14");
  EXPECT_EQ(why_skipped(one.one_case(), kOld), "where version >= 3.14 (version is 3.11.7)");
}

TEST(Applicability, AVariantHasItsOwn) {
  OneScenario one = plain();
  one.scenario().variants = {{"big", {}, condition("version >= 3.13"), {}, 6}};
  EXPECT_EQ(why_skipped(one.one_case(), kOld), "where version >= 3.13 (version is 3.11.7)");
  one.scenario().variants = {{"big", {}, {}, {"contextvars"}, 6}};
  EXPECT_EQ(why_skipped(one.one_case(), kOld), "requires contextvars: the port lacks it");
}

TEST(Applicability, ARowOfProcessesHasItsOwnAndComesFirst) {
  OneScenario one = plain();
  one.scenario().where = condition("version >= 3.13");
  one.family.processes.front().where = condition("version >= 3.14");
  EXPECT_EQ(why_skipped(one.one_case(), kOld), "where version >= 3.14 (version is 3.11.7)");
  one.family.processes.front().where = {};
  one.family.processes.front().requirements = {"contextvars"};
  EXPECT_EQ(why_skipped(one.one_case(), kOld), "requires contextvars: the port lacks it");
}

TEST(Applicability, TheFirstStrengthWhoseConditionHoldsCounts) {
  OneScenario one = plain();
  one.scenario().strengths = {{condition("version >= 3.14"), Strength::Must},
                              {condition("threads"), Strength::Unsafe},
                              {{}, Strength::May}};
  EXPECT_EQ(strength_for(one.scenario(), kOld), Strength::Unsafe);
  EXPECT_EQ(strength_for(one.scenario(), {}), Strength::May);
}

TEST(Applicability, WithoutAStrengthACaseDoesNotApply) {
  OneScenario one = plain();
  one.scenario().strengths = {{condition("version >= 3.14"), Strength::Must},
                              {condition("contextvars"), Strength::May}};
  EXPECT_EQ(strength_for(one.scenario(), kOld), std::nullopt);
  EXPECT_EQ(why_skipped(one.one_case(), kOld),
            "has a strength only where version >= 3.14 (version is 3.11.7); or where contextvars "
            "(contextvars is False)");
}

}  // namespace

}  // namespace conformance
