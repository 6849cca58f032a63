#include "runtime/containers/filter_iterator.h"

#include <gtest/gtest.h>

#include "runtime/containers/iterators_test_support.h"

namespace runtime {
namespace {

class Filter : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }

  ValueKernel kernel_;
};

TEST_F(Filter, LetsPassWhatTheFunctionSays) {
  Ref<Object> is_even =
      scripted(here(), {.call = [](ThreadState&, Arguments arguments) {
                 return Result<Ref<Object>>(boolean(as_int(arguments[0])->small % 2 == 0));
               }});
  Ref<Tuple> items = number_tuple(here(), {0, 1, 2, 3, 4});
  EXPECT_EQ(items_of(here(), must(new_filter(here(), is_even, items))), "0 2 4");
}

TEST_F(Filter, WithoutFunctionAsksTheItems) {
  Ref<Tuple> items = number_tuple(here(), {0, 1, 0, 2});
  EXPECT_EQ(items_of(here(), must(new_filter(here(), none(), items))), "1 2");
  EXPECT_EQ(items_of(here(), must(new_filter(here(), Borrowed<Object>(&bool_type), items))), "1 2");
}

TEST_F(Filter, PassesOnWhatIsRaised) {
  EXPECT_EQ(raised_by(here(), new_filter(here(), none(), shared_int(3))),
            "TypeError: 'int' object is not iterable");
  Ref<Object> iterator = must(new_filter(here(), shared_int(1), number_tuple(here(), {1})));
  EXPECT_EQ(raised_by(here(), next_of(here(), iterator)),
            "TypeError: 'int' object is not callable");
  EXPECT_FALSE(must(next_of(here(), iterator)));
}

}  // namespace
}  // namespace runtime
