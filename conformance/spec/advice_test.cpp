#include "conformance/spec/advice.h"

#include <gtest/gtest.h>

namespace conformance {
namespace {

constexpr std::string_view kKnown[] = {"is", "outcomes", "observe", "options"};

TEST(Advice, NamesTheNearestWord) {
  EXPECT_EQ(did_you_mean("outcome", kKnown), "did you mean 'outcomes'?");
  EXPECT_EQ(did_you_mean("obsevre", kKnown), "did you mean 'observe'?");
  EXPECT_EQ(did_you_mean("optoins", kKnown), "did you mean 'options'?");
  EXPECT_EQ(did_you_mean("iss", kKnown), "did you mean 'is'?");
}

TEST(Advice, SaysNothingWhereNothingIsNear) {
  EXPECT_EQ(did_you_mean("teardown", kKnown), "");
  EXPECT_EQ(did_you_mean("xy", kKnown), "");
  EXPECT_EQ(did_you_mean("", kKnown), "");
  EXPECT_EQ(did_you_mean(std::string(100'000, 'o'), kKnown), "");
  EXPECT_EQ(did_you_mean("is", {}), "");
}

TEST(Advice, ListsWhatIsKnownInstead) {
  EXPECT_EQ(did_you_mean_or_list("teardown", kKnown), "known are: is, outcomes, observe, options");
  EXPECT_EQ(did_you_mean_or_list("outcome", kKnown), "did you mean 'outcomes'?");
}

}  // namespace
}  // namespace conformance
