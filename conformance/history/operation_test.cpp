// Precedence, ticks of the clock, and wording.
#include "conformance/history/operation.h"

#include <gtest/gtest.h>
#include <limits>

namespace conformance {
namespace {

Operation from_to(int thread, std::int64_t called, std::int64_t returned) {
  Operation operation;
  operation.thread = thread;
  operation.method = "append";
  operation.called_at = called;
  operation.returned_at = returned;
  return operation;
}

TEST(Operation, EqualStampsAreAnOverlap) {
  EXPECT_FALSE(precedes(from_to(0, 1, 5), from_to(1, 5, 9), 1));
  EXPECT_TRUE(precedes(from_to(0, 1, 4), from_to(1, 5, 9), 1));
}

TEST(Operation, ACoarseClockWidensTheSpans) {
  EXPECT_FALSE(precedes(from_to(0, 0, 100), from_to(1, 199, 300), 100));
  EXPECT_TRUE(precedes(from_to(0, 0, 100), from_to(1, 200, 300), 100));
}

TEST(Operation, OneThreadKeepsItsOrderWhateverTheClock) {
  EXPECT_TRUE(precedes(from_to(3, 0, 5), from_to(3, 5, 9), 1000));
}

TEST(Operation, WhatNeverReturnedPrecedesNothing) {
  Operation open = from_to(0, 0, 0);
  open.returned = false;
  EXPECT_FALSE(precedes(open, from_to(1, 100, 200), 1));
}

TEST(Operation, TheLargestStampsDoNotOverflow) {
  const std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  EXPECT_FALSE(precedes(from_to(0, 0, largest), from_to(1, largest, largest), 1000));
}

TEST(Operation, AResolutionCoarserThanAMicrosecondIsSaid) {
  HistoryMetadata metadata;
  metadata.resolution = 1000;
  EXPECT_EQ(coarse_clock_note(metadata), "");
  metadata.resolution = 1001;
  EXPECT_NE(coarse_clock_note(metadata), "");
  metadata.unit = "us";
  metadata.resolution = 1;
  EXPECT_EQ(coarse_clock_note(metadata), "");
  metadata.unit = "ms";
  EXPECT_NE(coarse_clock_note(metadata), "");
  metadata.unit = "ticks";
  EXPECT_EQ(coarse_clock_note(metadata), "");
}

TEST(Operation, IsShownAsACall) {
  Operation operation = from_to(0, 0, 1);
  operation.arguments = {Value{Value::Type::Int, "1", {}}, Value{Value::Type::Text, "a", {}}};
  operation.result = raised("KeyError");
  EXPECT_EQ(describe(operation), "append(1, 'a') -> raised(KeyError)");
  operation.returned = false;
  EXPECT_EQ(describe(operation), "append(1, 'a') (never returned)");
}

}  // namespace
}  // namespace conformance
