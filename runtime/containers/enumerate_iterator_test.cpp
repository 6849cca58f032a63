#include "runtime/containers/enumerate_iterator.h"

#include <gtest/gtest.h>

#include "runtime/containers/iterators_test_support.h"

namespace runtime {
namespace {

class Enumerate : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  std::string pairs(Borrowed<Object> start) {
    return items_of(here(), must(new_enumerate(here(), number_tuple(here(), {7, 8}), start)));
  }

  ValueKernel kernel_;
};

TEST_F(Enumerate, CountsFromWhereItIsTold) {
  EXPECT_EQ(items_of(here(), must(new_enumerate(here(), number_tuple(here(), {7, 8})))),
            "(0, 7) (1, 8)");
  EXPECT_EQ(pairs(number(here(), -1)), "(-1, 7) (0, 8)");
  EXPECT_EQ(raised_by(here(), new_enumerate(here(), shared_int(3))),
            "TypeError: 'int' object is not iterable");
  EXPECT_EQ(raised_by(here(), new_enumerate(here(), empty_tuple(), text(here(), "a"))),
            "TypeError: 'str' object cannot be interpreted as an integer");
}

TEST_F(Enumerate, CountsBeyond64Bits) {
  Ref<Int> last = number(here(), INT64_MAX);
  EXPECT_EQ(pairs(number(here(), INT64_MAX - 1)),
            "(9223372036854775806, 7) (9223372036854775807, 8)");
  EXPECT_EQ(pairs(last), "(9223372036854775807, 7) (9223372036854775808, 8)");
  EXPECT_EQ(pairs(must(binary(here(), last, last, BinaryOp::kAdd))),
            "(18446744073709551614, 7) (18446744073709551615, 8)");
}

TEST_F(Enumerate, UsesItsTupleAgainOnlyIfNobodyHasIt) {
  Ref<Object> iterator = must(new_enumerate(here(), number_tuple(here(), {7, 8, 9})));
  Ref<Object> first = must(next_of(here(), iterator));
  Object* tuple = first.get();
  Ref<Object> second = must(next_of(here(), iterator));
  EXPECT_NE(second.get(), tuple);
  first.drop(here());
  Ref<Object> third = must(next_of(here(), iterator));
  EXPECT_EQ(third.get(), tuple);
  EXPECT_EQ(repr(here(), second), "(1, 8)");
  EXPECT_EQ(repr(here(), third), "(2, 9)");
  EXPECT_FALSE(must(next_of(here(), iterator)));
}

}  // namespace
}  // namespace runtime
