#include <gtest/gtest.h>

#include "runtime/containers/list_test_support.h"
#include "runtime/object/range_object.h"

namespace runtime {
namespace {

class ListMethods : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  std::string shown(const Ref<List>& list) { return repr(here(), list); }

  ValueKernel kernel_;
};

TEST_F(ListMethods, InsertClampsItsIndex) {
  Ref<List> list = numbers(here(), {1, 2});
  must(list_insert(here(), list, 99, shared_int(3)));
  must(list_insert(here(), list, -99, shared_int(0)));
  must(list_insert(here(), list, -1, shared_int(9)));
  must(list_insert(here(), list, 1, shared_int(8)));
  EXPECT_EQ(shown(list), "[0, 8, 1, 2, 9, 3]");
}

TEST_F(ListMethods, PopTakesTheLastOrThatAtAnIndex) {
  Ref<List> list = numbers(here(), {1, 2, 3, 4});
  EXPECT_EQ(value_of(must(list_pop(here(), list))), 4);
  EXPECT_EQ(value_of(must(list_pop(here(), list, 0))), 1);
  EXPECT_EQ(value_of(must(list_pop(here(), list, -2))), 2);
  EXPECT_EQ(told(here(), list_pop(here(), list, 1)), "IndexError: pop index out of range");
  EXPECT_EQ(told(here(), list_pop(here(), list, -2)), "IndexError: pop index out of range");
  must(list_pop(here(), list));
  EXPECT_EQ(told(here(), list_pop(here(), list)), "IndexError: pop from empty list");
}

TEST_F(ListMethods, WhatIsSearchedIsFoundByEquality) {
  Ref<List> list = numbers(here(), {1, 2, 1, 3});
  EXPECT_EQ(must(list_index(here(), list, shared_int(1))), 0);
  EXPECT_EQ(must(list_index(here(), list, shared_int(1), 1)), 2);
  EXPECT_EQ(must(list_index(here(), list, shared_int(1), -2)), 2);
  EXPECT_EQ(raised_by(here(), list_index(here(), list, shared_int(1), 1, 2)),
            "ValueError: list.index(x): x not in list");
  EXPECT_EQ(raised_by(here(), list_index(here(), list, shared_int(3), 0, -1)),
            "ValueError: list.index(x): x not in list");
  EXPECT_EQ(must(list_count(here(), list, shared_int(1))), 2);
  EXPECT_TRUE(must(contains(here(), list, shared_int(3))));
  EXPECT_FALSE(must(contains(here(), list, shared_int(4))));
}

TEST_F(ListMethods, RemoveRemovesTheFirstOne) {
  unsigned ends = 0;
  Ref<List> list = numbers(here(), {1, 2, 1});
  must(list_insert(here(), list, 0, new_probe(here(), &ends)));
  must(list_remove(here(), list, shared_int(1)));
  EXPECT_EQ(list_size(*list), 3);
  Ref<Object> probe = list_get(here(), list, 0);
  must(list_remove(here(), list, probe));
  EXPECT_EQ(shown(list), "[2, 1]");
  EXPECT_EQ(raised_by(here(), list_remove(here(), list, shared_int(3))),
            "ValueError: list.remove(x): x not in list");
}

TEST_F(ListMethods, RemoveLooksAgainWhenTheComparisonHasChangedTheList) {
  Ref<List> list = numbers(here(), {1, 2});
  bool first = true;
  Ref<Foreign> wanted = new_foreign(here(), {.equals = [&](ThreadState& thread, Borrowed<Object>) {
                                      if (std::exchange(first, false)) {
                                        must(list_insert(thread, list, 0, shared_int(7)));
                                        return Result<bool>(true);
                                      }
                                      return Result<bool>(false);
                                    }});
  EXPECT_EQ(raised_by(here(), list_remove(here(), list, wanted)),
            "ValueError: list.remove(x): x not in list");
  EXPECT_EQ(shown(list), "[7, 1, 2]");
}

TEST_F(ListMethods, ComparisonsMayEmptyTheList) {
  for (int operation = 0; operation < 4; ++operation) {
    unsigned ends = 0;
    Ref<List> list = must(new_list(here()));
    for (int i = 0; i < 20; ++i) must(list_append(here(), list, new_probe(here(), &ends)));
    Ref<Foreign> wanted =
        new_foreign(here(), {.equals = [&](ThreadState& thread, Borrowed<Object>) {
                      list_clear(thread, list);
                      return Result<bool>(operation == 0);
                    }});
    switch (operation) {
      case 0:
        EXPECT_EQ(raised_by(here(), list_remove(here(), list, wanted)),
                  "ValueError: list.remove(x): x not in list");
        break;
      case 1:
        EXPECT_EQ(raised_by(here(), list_index(here(), list, wanted)),
                  "ValueError: list.index(x): x not in list");
        break;
      case 2:
        EXPECT_EQ(must(list_count(here(), list, wanted)), 0);
        break;
      default:
        EXPECT_FALSE(must(list_contains(here(), list, wanted)));
    }
    EXPECT_EQ(ends, 20u);
    EXPECT_EQ(list_size(*list), 0);
  }
}

TEST_F(ListMethods, WhatAComparisonRaisesIsPassedOn) {
  Ref<List> list = numbers(here(), {1, 2});
  Ref<Foreign> wanted = new_foreign(here(), {.equals = [&](ThreadState& thread, Borrowed<Object>) {
                                      return Result<bool>(raise_text(thread, key_error_type, "x"));
                                    }});
  EXPECT_EQ(raised_by(here(), list_remove(here(), list, wanted)), "KeyError: 'x'");
  EXPECT_EQ(raised_by(here(), list_index(here(), list, wanted)), "KeyError: 'x'");
  EXPECT_EQ(raised_by(here(), list_count(here(), list, wanted)), "KeyError: 'x'");
  EXPECT_EQ(raised_by(here(), contains(here(), list, wanted)), "KeyError: 'x'");
  EXPECT_EQ(shown(list), "[1, 2]");
}

TEST_F(ListMethods, ExtendTakesListsTuplesAndWhateverIsIterated) {
  Ref<List> list = numbers(here(), {1});
  Ref<List> more = numbers(here(), {2, 3});
  must(list_extend(here(), list, more));
  must(list_extend(here(), list, must(new_tuple(here(), {shared_int(4)}))));
  must(list_extend(here(), list, text(here(), "ab")));
  must(list_extend(here(), list, list));
  EXPECT_EQ(shown(list), "[1, 2, 3, 4, 'a', 'b', 1, 2, 3, 4, 'a', 'b']");
  EXPECT_EQ(raised_by(here(), list_extend(here(), list, shared_int(5))),
            "TypeError: 'int' object is not iterable");
  EXPECT_EQ(shown(must(new_list_from(here(), text(here(), "xy")))), "['x', 'y']");
  EXPECT_EQ(shown(must(new_list_from(here(), more))), "[2, 3]");
}

TEST_F(ListMethods, OperatorsMakeNewListsOrChangeTheirOperand) {
  Ref<List> one = numbers(here(), {1});
  Ref<List> two = numbers(here(), {2});
  EXPECT_EQ(told(here(), binary(here(), one, two, BinaryOp::kAdd)), "[1, 2]");
  EXPECT_EQ(told(here(), binary(here(), one, one, BinaryOp::kAdd)), "[1, 1]");
  EXPECT_EQ(told(here(), binary(here(), one, shared_int(3), BinaryOp::kMultiply)), "[1, 1, 1]");
  EXPECT_EQ(told(here(), binary(here(), shared_int(0), one, BinaryOp::kMultiply)), "[]");
  EXPECT_EQ(told(here(), binary(here(), one, empty_tuple(), BinaryOp::kAdd)),
            "TypeError: can only concatenate list (not \"tuple\") to list");
  EXPECT_EQ(told(here(), binary(here(), one, text(here(), "a"), BinaryOp::kMultiply)),
            "TypeError: can't multiply sequence by non-int of type 'str'");
  Ref<Object> same = must(inplace(here(), one, text(here(), "ab"), BinaryOp::kAdd));
  EXPECT_EQ(same.get(), one.get());
  same = must(inplace(here(), one, shared_int(2), BinaryOp::kMultiply));
  EXPECT_EQ(same.get(), one.get());
  EXPECT_EQ(shown(one), "[1, 'a', 'b', 1, 'a', 'b']");
  must(inplace(here(), one, shared_int(-1), BinaryOp::kMultiply));
  EXPECT_EQ(shown(one), "[]");
}

TEST_F(ListMethods, ListsAreComparedItemByItem) {
  const auto is = [&](std::initializer_list<std::int64_t> left,
                      std::initializer_list<std::int64_t> right, CompareOp op) {
    return must(compare_is_true(here(), numbers(here(), left), numbers(here(), right), op));
  };
  EXPECT_TRUE(is({1, 2}, {1, 2}, CompareOp::kEqual));
  EXPECT_FALSE(is({1, 2}, {1, 3}, CompareOp::kEqual));
  EXPECT_TRUE(is({1}, {1, 3}, CompareOp::kNotEqual));
  EXPECT_TRUE(is({1, 2}, {1, 3}, CompareOp::kLess));
  EXPECT_TRUE(is({1}, {1, 3}, CompareOp::kLess));
  EXPECT_FALSE(is({1, 3}, {1, 3}, CompareOp::kLess));
  EXPECT_TRUE(is({1, 3}, {1, 3}, CompareOp::kLessEqual));
  EXPECT_TRUE(is({2}, {1, 3}, CompareOp::kGreater));
  EXPECT_TRUE(is({}, {}, CompareOp::kGreaterEqual));
  EXPECT_EQ(
      raised_by(here(), compare(here(), numbers(here(), {1}), shared_int(1), CompareOp::kLess)),
      "TypeError: '<' not supported between instances of 'list' and 'int'");
  EXPECT_EQ(raised_by(here(), hash_of(here(), numbers(here(), {}))),
            "TypeError: unhashable type: 'list'");
}

TEST_F(ListMethods, AComparisonMayChangeBothLists) {
  Ref<List> left = must(new_list(here()));
  Ref<List> right = numbers(here(), {1, 2, 3});
  Ref<Foreign> item = new_foreign(here(), {.equals = [&](ThreadState& thread, Borrowed<Object>) {
                                    list_clear(thread, left);
                                    list_clear(thread, right);
                                    return Result<bool>(true);
                                  }});
  for (int i = 0; i < 3; ++i) must(list_append(here(), left, item.duplicate(here())));
  EXPECT_TRUE(must(compare_is_true(here(), left, right, CompareOp::kEqual)));
}

TEST_F(ListMethods, AListThatContainsItselfIsPrintedAndNotCompared) {
  Ref<List> list = numbers(here(), {1});
  must(list_append(here(), list, list.duplicate(here())));
  EXPECT_EQ(shown(list), "[1, [...]]");
  Ref<List> other = numbers(here(), {1});
  must(list_append(here(), other, other.duplicate(here())));
  EXPECT_EQ(raised_by(here(), compare(here(), list, other, CompareOp::kEqual)),
            "RecursionError: maximum recursion depth exceeded in comparison");
  list_clear(here(), list);
  list_clear(here(), other);
}

TEST_F(ListMethods, ATupleOfAListHasItsItems) {
  EXPECT_EQ(repr(here(), must(list_to_tuple(here(), numbers(here(), {1, 2})))), "(1, 2)");
  EXPECT_EQ(repr(here(), must(list_to_tuple(here(), numbers(here(), {})))), "()");
}

TEST_F(ListMethods, WhatIsClearedEndsAfterTheListIsEmpty) {
  Ref<List> list = must(new_list(here()));
  for (int i = 0; i < 3; ++i) {
    Ref<Probe> probe = new_probe(here(), nullptr, finalized_probe_type);
    give_finalizer(
        *probe,
        [](ThreadState& thread, Probe& self) {
          auto* seen = static_cast<List*>(self.context);
          RT_CHECK(list_size(*seen) == 0, "the list is empty before its items end");
          must(list_extend(thread, Borrowed<List>(seen), empty_tuple()));
        },
        list.get());
    must(list_append(here(), list, std::move(probe)));
  }
  list_clear(here(), list);
  EXPECT_EQ(list_size(*list), 0);
}

}  // namespace
}  // namespace runtime
