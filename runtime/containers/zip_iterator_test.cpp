#include "runtime/containers/zip_iterator.h"

#include <gtest/gtest.h>

#include "runtime/containers/iterators_test_support.h"
#include "runtime/containers/map_iterator.h"
#include "runtime/object/tuple_object.h"

namespace runtime {
namespace {

class Zip : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Object> zip(std::vector<Borrowed<Object>> iterables, bool is_strict = false) {
    return must(new_zip(here(), iterables, is_strict));
  }
  // The items, then "end" or what was raised.
  std::string outcome(Borrowed<Object> iterator) {
    std::string all;
    for (;;) {
      Result<Ref<Object>> item = next_of(here(), iterator);
      if (!item.is_raised() && !item.value()) return all + "end";
      const bool is_raised = item.is_raised();
      all += told(here(), std::move(item)) + (is_raised ? "" : " ");
      if (is_raised) return all;
    }
  }
  Ref<Object> sum() {
    return scripted(here(), {.call = [](ThreadState& thread, Arguments arguments) {
                      Ref<Object> total = Ref<Object>::share(thread, arguments[0]);
                      for (Borrowed<Object> argument : arguments.subspan(1)) {
                        total = must(binary(thread, total, argument, BinaryOp::kAdd));
                      }
                      return Result<Ref<Object>>(std::move(total));
                    }});
  }

  ValueKernel kernel_;
};

TEST_F(Zip, EndsWithTheShortest) {
  Ref<Tuple> two = number_tuple(here(), {1, 2});
  Ref<Tuple> three = number_tuple(here(), {3, 4, 5});
  EXPECT_EQ(outcome(zip({two, three})), "(1, 3) (2, 4) end");
  EXPECT_EQ(outcome(zip({three})), "(3,) (4,) (5,) end");
  EXPECT_EQ(outcome(zip({})), "end");
  EXPECT_EQ(raised_by(here(), new_zip(here(), std::vector<Borrowed<Object>>{two, shared_int(3)})),
            "TypeError: 'int' object is not iterable");
}

TEST_F(Zip, StrictWantsAllToEndTogether) {
  Ref<Tuple> one = number_tuple(here(), {1});
  Ref<Tuple> two = number_tuple(here(), {1, 2});
  EXPECT_EQ(outcome(zip({two, two}, true)), "(1, 1) (2, 2) end");
  EXPECT_EQ(outcome(zip({one, two}, true)),
            "(1, 1) ValueError: zip() argument 2 is longer than argument 1");
  EXPECT_EQ(outcome(zip({two, one}, true)),
            "(1, 1) ValueError: zip() argument 2 is shorter than argument 1");
  EXPECT_EQ(outcome(zip({two, two, one}, true)),
            "(1, 1, 1) ValueError: zip() argument 3 is shorter than arguments 1-2");
  EXPECT_EQ(outcome(zip({one, one, two}, true)),
            "(1, 1, 1) ValueError: zip() argument 3 is longer than arguments 1-2");
}

TEST_F(Zip, UsesItsTupleAgainOnlyIfNobodyHasIt) {
  Ref<Tuple> items = number_tuple(here(), {1, 2, 3, 4});
  Ref<Object> iterator = zip({items});
  Ref<Object> first = must(next_of(here(), iterator));
  Object* tuple = first.get();
  Ref<Object> second = must(next_of(here(), iterator));
  EXPECT_NE(second.get(), tuple);
  first.drop(here());
  Ref<Object> third = must(next_of(here(), iterator));
  EXPECT_EQ(third.get(), tuple);
  EXPECT_EQ(repr(here(), second), "(2,)");
  EXPECT_EQ(repr(here(), third), "(3,)");
}

TEST_F(Zip, AStepInsideAStepGetsATupleOfItsOwn) {
  Object* self = nullptr;
  int calls = 0;
  Ref<Object> inner;
  Ref<Object> asks = scripted(here(), {.next = [&](ThreadState& thread) {
                                if (++calls == 3) inner = must(next_of(thread, Borrowed(self)));
                                return Result<Ref<Object>>(number(thread, calls));
                              }});
  Ref<Object> iterator = zip({number_tuple(here(), {10, 20, 30, 40, 50}), asks});
  self = iterator.get();
  must(next_of(here(), iterator));
  must(next_of(here(), iterator));
  Ref<Object> outer = must(next_of(here(), iterator));  // asks for the one after it
  EXPECT_NE(outer.get(), inner.get());
  EXPECT_EQ(repr(here(), inner), "(40, 4)");
  EXPECT_EQ(repr(here(), outer), "(30, 4)");
}

TEST_F(Zip, PassesOnWhatItsIteratorsRaise) {
  Ref<Object> raises =
      scripted(here(), {.next = [](ThreadState& thread) {
                 return Result<Ref<Object>>(raise_text(thread, value_error_type, "no"));
               }});
  Ref<Object> iterator = zip({number_tuple(here(), {1, 2}), raises});
  EXPECT_EQ(outcome(iterator), "ValueError: no");
  EXPECT_EQ(outcome(iterator), "ValueError: no");
  EXPECT_EQ(outcome(iterator), "end");
}

TEST_F(Zip, ItemsEndWithTheirLastTuple) {
  unsigned ends = 0;
  {
    Ref<Probe> one = new_probe(here(), &ends);
    Ref<Probe> two = new_probe(here(), &ends);
    Ref<Tuple> items = must(new_tuple(here(), {one, two}));
    Ref<Object> iterator = zip({items});
    while (Ref<Object> pair = must(next_of(here(), iterator))) pair.drop(here());
  }
  EXPECT_EQ(ends, 2u);
}

TEST_F(Zip, MapCallsWithOneItemOfEach) {
  Ref<Tuple> two = number_tuple(here(), {1, 2});
  Ref<Tuple> three = number_tuple(here(), {10, 20, 30});
  const auto map = [&](std::vector<Borrowed<Object>> iterables, bool is_strict = false) {
    return must(new_map(here(), sum(), iterables, is_strict));
  };
  EXPECT_EQ(outcome(map({two, three})), "11 22 end");
  EXPECT_EQ(outcome(map({three})), "10 20 30 end");
  EXPECT_EQ(outcome(map({two, three}, true)),
            "11 22 ValueError: map() argument 2 is longer than argument 1");
  EXPECT_EQ(outcome(map({three, two}, true)),
            "11 22 ValueError: map() argument 2 is shorter than argument 1");
  EXPECT_EQ(raised_by(here(), new_map(here(), sum(), {})),
            "TypeError: map() must have at least two arguments.");
  EXPECT_EQ(outcome(must(new_map(here(), shared_int(1), std::vector<Borrowed<Object>>{two}))),
            "TypeError: 'int' object is not callable");
}

}  // namespace
}  // namespace runtime
