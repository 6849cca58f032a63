#include "runtime/object/range_object.h"

#include <gtest/gtest.h>
#include <vector>

#include "runtime/object/range_iterator.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

class RangeObject : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Object> n(std::int64_t value) { return number(here(), value); }
  Ref<Object> huge() { return must(binary(here(), n(10), n(30), BinaryOp::kPower)); }
  Ref<Range> range(Borrowed<Object> start, Borrowed<Object> stop, Borrowed<Object> step) {
    return must(new_range(here(), start, stop, step));
  }
  Ref<Range> range(std::int64_t start, std::int64_t stop, std::int64_t step = 1) {
    return range(n(start), n(stop), n(step));
  }
  std::string all(Borrowed<Object> iterable) {
    Ref<Object> iterator = must(get_iterator(here(), iterable));
    std::string listed;
    for (;;) {
      Ref<Object> item = must(next_of(here(), iterator));
      if (!item) return listed;
      listed += repr(here(), item) + " ";
    }
  }
  std::string item(Borrowed<Range> of, Borrowed<Object> key) {
    return told(here(), get_item(here(), of, key));
  }

  ValueKernel kernel_;
};

TEST_F(RangeObject, NamesTheNumbersFromStartToBeforeStop) {
  EXPECT_EQ(all(range(0, 3)), "0 1 2 ");
  EXPECT_EQ(all(range(1, 10, 3)), "1 4 7 ");
  EXPECT_EQ(all(range(10, 0, -5)), "10 5 ");
  EXPECT_EQ(all(range(3, 3)), "");
  EXPECT_EQ(all(range(INT64_MAX - 1, INT64_MAX)), "9223372036854775806 ");
  EXPECT_EQ(all(range(INT64_MIN, INT64_MAX, INT64_MAX)),
            "-9223372036854775808 -1 9223372036854775806 ");
  EXPECT_EQ(all(range(huge(), must(binary(here(), huge(), n(2), BinaryOp::kAdd)), n(1))),
            "1000000000000000000000000000000 1000000000000000000000000000001 ");
  EXPECT_EQ(all(must(reversed_range(here(), range(1, 10, 3)))), "7 4 1 ");
  EXPECT_EQ(all(must(reversed_range(here(), range(0, 0)))), "");
}

TEST_F(RangeObject, IsShownWithItsStepIfThatIsNotOne) {
  EXPECT_EQ(repr(here(), range(0, 3)), "range(0, 3)");
  EXPECT_EQ(repr(here(), range(1, 10, 3)), "range(1, 10, 3)");
}

TEST_F(RangeObject, IsEqualToWhatNamesTheSameNumbers) {
  EXPECT_TRUE(must(are_equal(here(), range(0, 10, 2), range(0, 9, 2))));
  EXPECT_TRUE(must(are_equal(here(), range(0, 0), range(2, 1))));
  EXPECT_TRUE(must(are_equal(here(), range(0, 1, 2), range(0, 2, 3))));
  EXPECT_FALSE(must(are_equal(here(), range(0, 3, 2), range(0, 4, 3))));
  EXPECT_EQ(must(hash_of(here(), range(0, 0))), must(hash_of(here(), range(2, 1))));
  EXPECT_EQ(must(hash_of(here(), range(0, 1, 2))), must(hash_of(here(), range(0, 2, 3))));
  EXPECT_EQ(told(here(), compare(here(), range(0, 1), range(0, 2), CompareOp::kLess)),
            "TypeError: '<' not supported between instances of 'range' and 'range'");
}

TEST_F(RangeObject, FindsNumbersWithoutWalking) {
  EXPECT_TRUE(must(contains(here(), range(10, 0, -5), n(5))));
  EXPECT_FALSE(must(contains(here(), range(10, 0, -5), n(0))));
  EXPECT_FALSE(must(contains(here(), range(0, 10, 3), n(4))));
  EXPECT_TRUE(must(contains(here(), range(n(0), huge(), n(1)), n(7))));
  EXPECT_TRUE(must(contains(here(), range(0, 5), boolean(true))));
  EXPECT_TRUE(must(contains(here(), range(0, 5), must(new_float(here(), 3.0)))));
  EXPECT_FALSE(must(contains(here(), range(0, 5), text(here(), "a"))));
}

TEST_F(RangeObject, IndexesAndSlices) {
  EXPECT_EQ(item(range(0, 10, 3), n(-1)), "9");
  EXPECT_EQ(item(range(0, 3), n(3)), "IndexError: range object index out of range");
  EXPECT_EQ(item(range(0, 3), n(-4)), "IndexError: range object index out of range");
  EXPECT_EQ(item(range(n(0), huge(), n(1)), huge()), "IndexError: range object index out of range");
  EXPECT_EQ(item(range(n(0), huge(), n(1)), n(-1)), "999999999999999999999999999999");
  EXPECT_EQ(item(range(0, 3), text(here(), "a")),
            "TypeError: range indices must be integers or slices, not str");
  const auto sliced = [&](Ref<Object> start, Ref<Object> stop, Ref<Object> step) {
    return item(range(0, 10), must(new_slice(here(), start, stop, step)));
  };
  EXPECT_EQ(sliced(n(2), n(8), n(3)), "range(2, 8, 3)");
  EXPECT_EQ(sliced(none(), none(), n(-1)), "range(9, -1, -1)");
  EXPECT_EQ(sliced(n(5), n(1), none()), "range(5, 1)");
}

TEST_F(RangeObject, KnowsItsLength) {
  EXPECT_EQ(must(length_of(here(), range(0, 10, 3))), 4);
  EXPECT_EQ(must(length_of(here(), range(5, 0))), 0);
  EXPECT_EQ(raised_by(here(), length_of(here(), range(n(0), huge(), n(1)))),
            "OverflowError: Python int too large to convert to C ssize_t");
  EXPECT_TRUE(must(is_true(here(), range(n(0), huge(), n(1)))));
  EXPECT_FALSE(must(is_true(here(), range(5, 0))));
}

TEST_F(RangeObject, RefusesWhatIsNoRange) {
  EXPECT_EQ(told(here(), new_range(here(), n(1), n(2), n(0))),
            "ValueError: range() arg 3 must not be zero");
  EXPECT_EQ(told(here(), new_range(here(), n(0), must(new_float(here(), 1.5)), n(1))),
            "TypeError: 'float' object cannot be interpreted as an integer");
}

TEST_F(RangeObject, ItsIteratorSaysHowMuchIsLeft) {
  Ref<Object> iterator = must(get_iterator(here(), range(0, 3)));
  EXPECT_EQ(told(here(), range_length_hint(here(), iterator)), "3");
  must(next_of(here(), iterator));
  EXPECT_EQ(told(here(), range_length_hint(here(), iterator)), "2");
  Ref<Object> long_one = must(get_iterator(here(), range(n(0), huge(), n(1))));
  must(next_of(here(), long_one));
  EXPECT_EQ(told(here(), range_length_hint(here(), long_one)), "999999999999999999999999999999");
}

}  // namespace
}  // namespace runtime
