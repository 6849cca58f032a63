#include "runtime/object/slice_object.h"

#include <gtest/gtest.h>
#include <vector>

#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

class SliceObject : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Object> n(std::int64_t value) { return number(here(), value); }
  Ref<Slice> slice(Borrowed<Object> start, Borrowed<Object> stop, Borrowed<Object> step) {
    return must(new_slice(here(), start, stop, step));
  }
  std::string long_indices(Borrowed<Slice> of, Borrowed<Object> length) {
    Result<LongSliceIndices> found = indices(here(), of, as_int(length));
    if (found.is_raised()) return raised_by(here(), std::move(found));
    LongSliceIndices all = std::move(found).value();
    return repr(here(), must(new_tuple(here(), {all.start, all.stop, all.step})));
  }

  ValueKernel kernel_;
};

TEST_F(SliceObject, AreShownAndComparedLikeTheTupleOfTheirParts) {
  EXPECT_EQ(repr(here(), slice(n(1), none(), n(2))), "slice(1, None, 2)");
  EXPECT_TRUE(must(are_equal(here(), slice(none(), n(1), none()), slice(none(), n(1), none()))));
  EXPECT_TRUE(must(compare_is_true(here(), slice(none(), n(1), none()), slice(none(), n(2), none()),
                                   CompareOp::kLess)));
  EXPECT_EQ(must(hash_of(here(), slice(none(), n(1), none()))),
            must(hash_of(here(), slice(none(), n(1), none()))));
}

// The numbers that a slow walk finds: for each start, stop, step and length the items in order.
TEST_F(SliceObject, NamesTheItemsThatAWalkWouldFind) {
  constexpr std::int64_t kNone = 99;
  const std::int64_t ends[] = {kNone, -7, -5, -4, -1, 0, 1, 3, 4, 5, 7};
  for (std::int64_t length : {0, 1, 4}) {
    for (std::int64_t start : ends) {
      for (std::int64_t stop : ends) {
        for (std::int64_t step : {kNone, std::int64_t{1}, std::int64_t{2}, std::int64_t{-1},
                                  std::int64_t{-2}, std::int64_t{5}, std::int64_t{-5}}) {
          const auto part = [&](std::int64_t value) { return value == kNone ? none() : n(value); };
          Ref<Slice> made = slice(part(start), part(stop), part(step));
          SliceIndices found = must(unpack(here(), made));
          found.adjust(length);
          std::vector<std::int64_t> named;
          for (std::int64_t i = 0; i < found.count; ++i) {
            named.push_back(found.start + i * found.step);
          }
          // Counted from the end if negative; a missing end is beyond everything.
          const std::int64_t by = step == kNone ? 1 : step;
          const auto place = [&](std::int64_t value, std::int64_t if_none) {
            return value == kNone ? if_none : value < 0 ? value + length : value;
          };
          const std::int64_t from = place(start, by > 0 ? 0 : length - 1);
          const std::int64_t to = place(stop, by > 0 ? length : -1);
          std::vector<std::int64_t> walked;
          std::int64_t first = from;
          if (by > 0 && first < 0) first = 0;
          if (by < 0 && first > length - 1) first = length - 1;
          for (std::int64_t i = first; by > 0 ? i < to && i < length : i > to && i >= 0; i += by) {
            walked.push_back(i);
          }
          EXPECT_EQ(named, walked) << start << ":" << stop << ":" << step << " of " << length;
          const std::string expected = "(" + std::to_string(found.start) + ", " +
                                       std::to_string(found.stop) + ", " +
                                       std::to_string(found.step) + ")";
          EXPECT_EQ(long_indices(made, n(length)), expected);
        }
      }
    }
  }
}

TEST_F(SliceObject, HugeEndsAreClippedWhereTheyCanBe) {
  Ref<Object> huge = must(binary(here(), n(10), n(30), BinaryOp::kPower));
  Ref<Object> minus_huge = must(unary(here(), huge, UnaryOp::kNegative));
  SliceIndices found = must(unpack(here(), slice(minus_huge, huge, huge)));
  found.adjust(5);
  EXPECT_EQ(found.start, 0);
  EXPECT_EQ(found.count, 1);
  found = must(unpack(here(), slice(huge, minus_huge, minus_huge)));
  found.adjust(5);
  EXPECT_EQ(found.start, 4);
  EXPECT_EQ(found.count, 1);
  EXPECT_EQ(long_indices(slice(n(1), minus_huge, none()), huge), "(1, 0, 1)");
  EXPECT_EQ(long_indices(slice(none(), none(), n(-1)), huge),
            "(999999999999999999999999999999, -1, -1)");
}

TEST_F(SliceObject, WhatIsNoIndexIsRefused) {
  const std::string message =
      "TypeError: slice indices must be integers or None or have an __index__ method";
  EXPECT_EQ(raised_by(here(), unpack(here(), slice(text(here(), "a"), none(), none()))), message);
  EXPECT_EQ(raised_by(here(), unpack(here(), slice(none(), none(), n(0)))),
            "ValueError: slice step cannot be zero");
  EXPECT_EQ(long_indices(slice(none(), text(here(), "a"), none()), n(3)), message);
  EXPECT_EQ(long_indices(slice(none(), none(), n(0)), n(3)),
            "ValueError: slice step cannot be zero");
  EXPECT_EQ(long_indices(slice(none(), none(), none()), n(-1)),
            "ValueError: length should not be negative");
}

}  // namespace
}  // namespace runtime
