#include "runtime/base/random.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>
#include <vector>

namespace runtime {
namespace {

// The first values that splitmix64.c gives for this seed.
TEST(Random, GivesThePublishedNumbers) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317u);
  EXPECT_EQ(random.next(), 3203168211198807973u);
  EXPECT_EQ(random.next(), 9817491932198370423u);
  EXPECT_EQ(random.next(), 4593380528125082431u);
  EXPECT_EQ(random.next(), 16408922859458223821u);
}

TEST(Random, TheSameSeedGivesTheSameNumbers) {
  Random one(5);
  Random other(5);
  Random different(6);
  EXPECT_EQ(one.next(), other.next());
  EXPECT_NE(one.next(), different.next());
}

TEST(Random, StaysBelowItsBoundAndReachesEveryNumber) {
  Random random(0);
  std::vector<int> seen(7);
  for (int i = 0; i < 7'000; ++i) ++seen.at(random.below(7));
  for (int count : seen) EXPECT_GT(count, 800);
  EXPECT_EQ(random.below(1), 0u);
}

TEST(Random, OneInTenIsAboutATenth) {
  Random random(3);
  int hits = 0;
  for (int i = 0; i < 10'000; ++i) hits += random.one_in(10);
  EXPECT_GT(hits, 850);
  EXPECT_LT(hits, 1'150);
}

TEST(Random, ShufflesWithTheStandardLibrary) {
  std::vector<int> numbers(50);
  std::iota(numbers.begin(), numbers.end(), 0);
  std::vector<int> shuffled = numbers;
  std::shuffle(shuffled.begin(), shuffled.end(), Random(9));
  EXPECT_NE(shuffled, numbers);
  std::sort(shuffled.begin(), shuffled.end());
  EXPECT_EQ(shuffled, numbers);
}

}  // namespace
}  // namespace runtime
