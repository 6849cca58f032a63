#include "runtime/object/tuple_object.h"

#include <gtest/gtest.h>

#include "runtime/object/foreign_object_test_support.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/sequence_iterator.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

class TupleObject : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Object> n(std::int64_t value) { return number(here(), value); }
  Ref<Object> s(std::string_view utf8) { return text(here(), utf8); }
  Ref<Tuple> tuple(std::initializer_list<Borrowed<Object>> items) {
    return must(new_tuple(here(), items));
  }
  bool holds_for(Borrowed<Object> left, CompareOp op, Borrowed<Object> right) {
    return must(compare_is_true(here(), left, right, op));
  }

  ValueKernel kernel_;
};

TEST_F(TupleObject, OwnsItsItems) {
  unsigned ends = 0;
  Ref<Foreign> item = new_foreign(here(), {.ends = &ends});
  Ref<Tuple> pair = tuple({item, item});
  EXPECT_EQ(reference_count(item.get()), 3);
  item.drop(here());
  EXPECT_EQ(ends, 0u);
  pair.drop(here());
  EXPECT_EQ(ends, 1u);
}

TEST_F(TupleObject, OneThatWasNeverFilledEndsAsWell) {
  Ref<Tuple> half = must(allocate_tuple(here(), 3));
  half->items()[1] = n(1'000).release();
}

TEST_F(TupleObject, IsShownWithACommaWhereItNeedsOne) {
  EXPECT_EQ(repr(here(), empty_tuple()), "()");
  EXPECT_EQ(repr(here(), tuple({n(1)})), "(1,)");
  EXPECT_EQ(repr(here(), tuple({n(1), s("a")})), "(1, 'a')");
}

TEST_F(TupleObject, TheEmptyOneExistsOnce) {
  EXPECT_EQ(tuple({}).get(), empty_tuple().get());
  EXPECT_EQ(must(binary(here(), tuple({n(1)}), n(0), BinaryOp::kMultiply)).get(),
            empty_tuple().get());
}

TEST_F(TupleObject, HashesAreThoseOfCPython) {
  EXPECT_EQ(must(hash_of(here(), empty_tuple())), 5740354900026072187);
  EXPECT_EQ(must(hash_of(here(), tuple({n(1), n(2), n(3)}))), 529344067295497451);
  EXPECT_EQ(must(hash_of(here(), tuple({s("a")}))), 7319529274390396360);
  EXPECT_EQ(must(hash_of(here(), tuple({must(new_float(here(), 1.5)), none()}))),
            -7900369062496603414);
}

TEST_F(TupleObject, ItsHashIsAskedForOnce) {
  unsigned asked = 0;
  Ref<Foreign> item = new_foreign(here(), {.hash = [&](ThreadState&) {
                                    ++asked;
                                    return Result<std::int64_t>(5);
                                  }});
  Ref<Tuple> one = tuple({item});
  EXPECT_EQ(must(hash_of(here(), one)), must(hash_of(here(), one)));
  EXPECT_EQ(asked, 1u);
}

TEST_F(TupleObject, ComparesItemByItem) {
  EXPECT_TRUE(holds_for(empty_tuple(), CompareOp::kLess, tuple({n(1)})));
  EXPECT_TRUE(holds_for(tuple({n(1), n(2)}), CompareOp::kLess, tuple({n(1), n(3)})));
  EXPECT_TRUE(holds_for(tuple({n(2)}), CompareOp::kGreater, tuple({n(1), n(3)})));
  EXPECT_TRUE(
      holds_for(tuple({n(1), n(2)}), CompareOp::kEqual, tuple({n(1), must(new_float(here(), 2))})));
  EXPECT_TRUE(holds_for(tuple({n(1)}), CompareOp::kNotEqual, tuple({n(1), n(2)})));
  EXPECT_FALSE(holds_for(tuple({n(1)}), CompareOp::kEqual, n(1)));
  EXPECT_EQ(
      told(here(), compare(here(), tuple({n(1), s("a")}), tuple({n(1), n(2)}), CompareOp::kLess)),
      "TypeError: '<' not supported between instances of 'str' and 'int'");
  Ref<Object> nan = must(new_float(here(), __builtin_nan("")));
  EXPECT_TRUE(holds_for(tuple({nan}), CompareOp::kEqual, tuple({nan})));
}

TEST_F(TupleObject, IsTakenApartAndPutTogether) {
  Ref<Tuple> three = tuple({n(1), n(2), n(3)});
  const auto item = [&](Borrowed<Object> key) {
    return told(here(), get_item(here(), three, key));
  };
  EXPECT_EQ(item(n(-1)), "3");
  EXPECT_EQ(item(n(3)), "IndexError: tuple index out of range");
  EXPECT_EQ(item(s("a")), "TypeError: tuple indices must be integers or slices, not str");
  EXPECT_EQ(item(must(new_slice(here(), n(1), none(), none()))), "(2, 3)");
  EXPECT_EQ(item(must(new_slice(here(), none(), none(), n(-2)))), "(3, 1)");
  EXPECT_EQ(must(get_item(here(), three, must(new_slice(here(), none(), none(), none())))).get(),
            three.get());
  EXPECT_EQ(told(here(), binary(here(), three, tuple({n(4)}), BinaryOp::kAdd)), "(1, 2, 3, 4)");
  EXPECT_EQ(told(here(), binary(here(), three, n(1), BinaryOp::kAdd)),
            "TypeError: can only concatenate tuple (not \"int\") to tuple");
  EXPECT_EQ(told(here(), binary(here(), n(1), three, BinaryOp::kAdd)),
            "TypeError: unsupported operand type(s) for +: 'int' and 'tuple'");
  EXPECT_EQ(told(here(), binary(here(), n(2), tuple({n(1), n(2)}), BinaryOp::kMultiply)),
            "(1, 2, 1, 2)");
  EXPECT_EQ(told(here(), binary(here(), three, n(std::int64_t{1} << 62), BinaryOp::kMultiply)),
            "MemoryError");
  EXPECT_TRUE(must(contains(here(), three, n(2))));
  EXPECT_FALSE(must(contains(here(), three, n(4))));
}

TEST_F(TupleObject, MayBeReusedWhenNobodyElseHasIt) {
  Ref<Tuple> result = tuple({n(1'000), n(2)});
  const std::int64_t hash = must(hash_of(here(), result));
  ASSERT_TRUE(try_reuse(here(), *result));
  exchange_item(*result, 0, n(3)).drop(here());
  EXPECT_EQ(repr(here(), result), "(3, 2)");
  EXPECT_NE(must(hash_of(here(), result)), hash);
}

TEST_F(TupleObject, IsNotReusedWhenSomebodyHasOrMayFindIt) {
  Ref<Tuple> result = tuple({n(1)});
  {
    Ref<Tuple> mine = result.duplicate(here());
    EXPECT_FALSE(try_reuse(here(), *result));
  }
  EXPECT_TRUE(try_reuse(here(), *result));
  run_attached(kernel_.kernel, {[&](ThreadState& thread) {
                 if (kFreeThreaded) {
                   EXPECT_FALSE(try_reuse(thread, *result)) << "it is not this thread's";
                 }
                 // The count of its owner stays one.
                 Ref<Tuple> theirs = result.duplicate(thread);
                 if (kFreeThreaded) EXPECT_EQ(owner_count(result.get()), 1u);
                 (void)theirs.release();
               }});
  EXPECT_FALSE(try_reuse(here(), *result));
  Ref<Tuple> left_behind = Ref<Tuple>::adopt(result.get());
  left_behind.drop(here());
}

TEST_F(TupleObject, ItsIteratorKeepsItWhenExhaustedButInTheGilBuild) {
  Ref<Tuple> pair = tuple({n(1), n(2)});
  Ref<Object> iterator = must(get_iterator(here(), pair));
  EXPECT_EQ(length_hint(*static_cast<SequenceIterator*>(iterator.get())), 2);
  EXPECT_EQ(told(here(), next_of(here(), iterator)), "1");
  EXPECT_EQ(told(here(), next_of(here(), iterator)), "2");
  EXPECT_FALSE(static_cast<bool>(must(next_of(here(), iterator))));
  EXPECT_FALSE(static_cast<bool>(must(next_of(here(), iterator))));
  EXPECT_EQ(length_hint(*static_cast<SequenceIterator*>(iterator.get())), 0);
  EXPECT_EQ(reference_count(pair.get()), kFreeThreaded ? 2 : 1);
  iterator.drop(here());
  EXPECT_EQ(reference_count(pair.get()), 1);
}

}  // namespace
}  // namespace runtime
