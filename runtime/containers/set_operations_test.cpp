#include "runtime/containers/set_operations.h"

#include <gtest/gtest.h>
#include <set>

#include "runtime/base/random.h"
#include "runtime/containers/set_test_support.h"
#include "runtime/memory/raw_heap.h"

namespace runtime {
namespace {

class SetOperations : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  std::string members(Borrowed<Object> set) { return members_of(here(), set); }
  std::string op(Borrowed<Object> left, Borrowed<Object> right, BinaryOp op) {
    return told(here(), binary(here(), left, right, op));
  }
  bool is(Borrowed<Object> left, CompareOp op, Borrowed<Object> right) {
    return must(compare_is_true(here(), left, right, op));
  }

  ValueKernel kernel_;
};

TEST_F(SetOperations, OperatorsKnowSetsOnly) {
  Ref<Set> left = set_of(here(), {1, 2});
  Ref<Set> right = frozenset_of(here(), {2, 3});
  EXPECT_EQ(op(left, right, BinaryOp::kOr), "{1, 2, 3}");
  EXPECT_EQ(op(right, left, BinaryOp::kOr), "frozenset({1, 2, 3})");
  EXPECT_EQ(op(left, right, BinaryOp::kAnd), "{2}");
  EXPECT_EQ(op(left, right, BinaryOp::kSubtract), "{1}");
  EXPECT_EQ(op(left, right, BinaryOp::kXor), "{1, 3}");
  EXPECT_EQ(op(right, left, BinaryOp::kXor), "frozenset({1, 3})");
  EXPECT_EQ(op(left, number_tuple(here(), {2}), BinaryOp::kOr),
            "TypeError: unsupported operand type(s) for |: 'set' and 'tuple'");
  EXPECT_EQ(told(here(), inplace(here(), left, number_tuple(here(), {2}), BinaryOp::kAnd)),
            "TypeError: unsupported operand type(s) for &=: 'set' and 'tuple'");
}

TEST_F(SetOperations, AnInplaceOperatorChangesASetAndReplacesAFrozenset) {
  Ref<Set> right = set_of(here(), {2, 3});
  const auto changed = [&](BinaryOp op) {
    Ref<Set> left = set_of(here(), {1, 2});
    Ref<Object> result = must(inplace(here(), left, right, op));
    EXPECT_EQ(result.get(), left.get());
    return members(left);
  };
  EXPECT_EQ(changed(BinaryOp::kOr), "1 2 3");
  EXPECT_EQ(changed(BinaryOp::kAnd), "2");
  EXPECT_EQ(changed(BinaryOp::kSubtract), "1");
  EXPECT_EQ(changed(BinaryOp::kXor), "1 3");
  Ref<Set> frozen = frozenset_of(here(), {1, 2});
  EXPECT_EQ(told(here(), inplace(here(), frozen, right, BinaryOp::kAnd)), "frozenset({2})");
  EXPECT_EQ(members(frozen), "1 2");
}

TEST_F(SetOperations, FunctionsTakeWhateverCanBeIterated) {
  Ref<Set> set = set_of(here(), {1, 2});
  Ref<Tuple> other = number_tuple(here(), {2, 3, 3});
  EXPECT_EQ(members(must(set_union(here(), set, other))), "1 2 3");
  EXPECT_EQ(members(must(set_intersection(here(), set, other))), "2");
  EXPECT_EQ(members(must(set_difference(here(), set, other))), "1");
  EXPECT_EQ(members(must(set_symmetric_difference(here(), set, other))), "1 3");
  EXPECT_FALSE(must(set_is_disjoint(here(), set, other)));
  EXPECT_TRUE(must(set_is_disjoint(here(), set, number_tuple(here(), {3, 4}))));
  EXPECT_TRUE(must(set_is_subset(here(), set, number_tuple(here(), {2, 1, 0}))));
  EXPECT_FALSE(must(set_is_subset(here(), set, other)));
  EXPECT_TRUE(must(set_is_superset(here(), set, number_tuple(here(), {2, 2}))));
  EXPECT_FALSE(must(set_is_superset(here(), set, other)));
  EXPECT_EQ(raised_by(here(), set_is_subset(here(), set, number(here(), 3))),
            "TypeError: 'int' object is not iterable");

  must(set_update(here(), set, other));
  EXPECT_EQ(members(set), "1 2 3");
  must(set_difference_update(here(), set, number_tuple(here(), {1, 9})));
  EXPECT_EQ(members(set), "2 3");
  must(set_symmetric_difference_update(here(), set, number_tuple(here(), {3, 4})));
  EXPECT_EQ(members(set), "2 4");
  must(set_intersection_update(here(), set, number_tuple(here(), {4, 5})));
  EXPECT_EQ(members(set), "4");
}

TEST_F(SetOperations, AnUnhashableItemOfAnIntersectionIsNamedAsInPython) {
  Ref<Set> set = set_of(here(), {1});
  Ref<Tuple> other = must(new_tuple(here(), {set}));
  EXPECT_EQ(raised_by(here(), set_intersection(here(), set, other)),
            "TypeError: unhashable type: 'set'");
  EXPECT_EQ(raised_by(here(), set_union(here(), set, other)),
            "TypeError: cannot use 'set' as a set element (unhashable type: 'set')");
}

TEST_F(SetOperations, ASetWithItself) {
  const auto fresh = [&] { return set_of(here(), {1, 2}); };
  Ref<Set> set = fresh();
  EXPECT_EQ(members(must(set_union(here(), set, set))), "1 2");
  EXPECT_EQ(members(must(set_intersection(here(), set, set))), "1 2");
  EXPECT_EQ(members(must(set_difference(here(), set, set))), "");
  EXPECT_EQ(members(must(set_symmetric_difference(here(), set, set))), "");
  EXPECT_TRUE(must(set_is_subset(here(), set, set)));
  EXPECT_FALSE(must(set_is_disjoint(here(), set, set)));
  must(set_update(here(), set, set));
  must(set_intersection_update(here(), set, set));
  EXPECT_EQ(members(set), "1 2");
  must(set_difference_update(here(), set, set));
  EXPECT_EQ(members(set), "");
  set = fresh();
  must(set_symmetric_difference_update(here(), set, set));
  EXPECT_EQ(members(set), "");
}

TEST_F(SetOperations, AreComparedByInclusion) {
  Ref<Set> small = set_of(here(), {1, 2});
  Ref<Set> large = frozenset_of(here(), {1, 2, 3});
  Ref<Set> other = set_of(here(), {1, 4});
  EXPECT_TRUE(is(small, CompareOp::kLess, large));
  EXPECT_TRUE(is(small, CompareOp::kLessEqual, small));
  EXPECT_FALSE(is(small, CompareOp::kLess, small));
  EXPECT_TRUE(is(large, CompareOp::kGreater, small));
  EXPECT_TRUE(is(large, CompareOp::kGreaterEqual, small));
  EXPECT_FALSE(is(other, CompareOp::kLess, large));
  EXPECT_FALSE(is(other, CompareOp::kGreaterEqual, large));
  EXPECT_TRUE(is(small, CompareOp::kEqual, frozenset_of(here(), {2, 1})));
  EXPECT_TRUE(is(small, CompareOp::kNotEqual, other));
  EXPECT_FALSE(is(small, CompareOp::kEqual, number(here(), 1)));
  EXPECT_EQ(raised_by(here(), compare(here(), small, number(here(), 3), CompareOp::kLess)),
            "TypeError: '<' not supported between instances of 'set' and 'int'");
}

TEST_F(SetOperations, WhichOfTwoEqualMembersStays) {
  Ref<Set> one = set_of(here(), {1});
  Ref<Object> truth = boolean(true);
  Ref<Set> other = must(new_set_of(here(), must(new_tuple(here(), {truth}))));
  EXPECT_EQ(op(one, other, BinaryOp::kAnd), "{True}");
  EXPECT_EQ(op(one, other, BinaryOp::kOr), "{1}");
}

TEST_F(SetOperations, DoWhatASlowModelDoes) {
  const std::uint64_t seed = 4711;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  using Model = std::set<std::int64_t>;
  for (int turn = 0; turn < 400; ++turn) {
    Model models[2];
    Ref<Set> sets[2];
    for (int i = 0; i < 2; ++i) {
      sets[i] = must(new_set(here()));
      for (std::uint64_t n = random.below(random.one_in(4) ? 60 : 8); n > 0; --n) {
        const auto value = static_cast<std::int64_t>(random.below(40)) * 8;
        models[i].insert(value);
        must(set_add(here(), sets[i], number(here(), value)));
      }
    }
    const auto model_of = [&](Borrowed<Object> set) {
      Model model;
      Ref<Object> iterator = must(get_iterator(here(), set));
      while (Ref<Object> item = must(next_of(here(), iterator))) {
        EXPECT_TRUE(model.insert(as_int(item)->small).second);
      }
      return model;
    };
    Model all = models[0];
    all.insert(models[1].begin(), models[1].end());
    Model common;
    Model rest;
    Model either;
    for (std::int64_t value : all) {
      const bool in_both = models[0].count(value) + models[1].count(value) == 2;
      if (in_both) common.insert(value);
      if (!in_both) either.insert(value);
      if (models[1].count(value) == 0) rest.insert(value);
    }
    EXPECT_EQ(model_of(must(set_union(here(), sets[0], sets[1]))), all);
    EXPECT_EQ(model_of(must(set_intersection(here(), sets[0], sets[1]))), common);
    EXPECT_EQ(model_of(must(set_difference(here(), sets[0], sets[1]))), rest);
    EXPECT_EQ(model_of(must(set_symmetric_difference(here(), sets[0], sets[1]))), either);
    EXPECT_EQ(must(set_is_disjoint(here(), sets[0], sets[1])), common.empty());
    EXPECT_EQ(must(set_is_subset(here(), sets[0], sets[1])), rest.empty());
    EXPECT_EQ(must(set_equals(here(), sets[0], sets[1])), models[0] == models[1]);
    Ref<Set> changed = must(set_copy(here(), sets[0]));
    must(set_update(here(), changed, sets[1]));
    EXPECT_EQ(model_of(changed), all);
    must(set_intersection_update(here(), changed, sets[0]));
    EXPECT_EQ(model_of(changed), models[0]);
    must(set_symmetric_difference_update(here(), changed, sets[1]));
    EXPECT_EQ(model_of(changed), either);
    must(set_difference_update(here(), changed, sets[0]));
    Model left;
    for (std::int64_t value : models[1]) {
      if (models[0].count(value) == 0) left.insert(value);
    }
    EXPECT_EQ(model_of(changed), left);
  }
}

// -- __eq__ that changes either of the two --

TEST_F(SetOperations, WhatIsBeingAddedMayBeClearedMeanwhile) {
  Ref<Set> set = must(new_set(here()));
  Ref<Set> other = must(new_set(here()));
  unsigned ends = 0;
  must(set_add(here(), set,
               colliding(here(), 1, [&](ThreadState& thread) { set_clear(thread, other); })));
  for (std::int64_t tag : {2, 3, 4}) {
    Ref<Foreign> added = colliding(here(), tag);
    added->bodies->ends = &ends;
    must(set_add(here(), other, added));
  }
  must(set_update(here(), set, other));
  EXPECT_EQ(set_size(*set), 4);
  EXPECT_EQ(set_size(*other), 0);
  EXPECT_EQ(ends, 0u);
  set_clear(here(), set);
  EXPECT_EQ(ends, 3u);
}

TEST_F(SetOperations, TheSetThatIsChangedMayBeClearedMeanwhile) {
  for (int operation = 0; operation < 4; ++operation) {
    SCOPED_TRACE(operation);
    unsigned ends = 0;
    Ref<Set> set = must(new_set(here()));
    Ref<Set> other = must(new_set(here()));
    bool is_armed = false;
    const auto clears = [&](ThreadState& thread) {
      if (std::exchange(is_armed, false)) set_clear(thread, set);
    };
    for (std::int64_t tag : {1, 2, 3}) {
      Ref<Foreign> member = colliding(here(), tag, clears);
      member->bodies->ends = &ends;
      must(set_add(here(), set, member));
    }
    for (std::int64_t tag : {3, 4, 5}) {
      must(set_add(here(), other, colliding(here(), tag, clears)));
    }
    is_armed = true;
    switch (operation) {
      case 0:
        must(set_update(here(), set, other));
        EXPECT_EQ(set_size(*set), 3);
        break;
      case 1:
        must(set_intersection_update(here(), set, other));
        EXPECT_LE(set_size(*set), 1);
        break;
      case 2:
        must(set_difference_update(here(), set, other));
        EXPECT_EQ(set_size(*set), 0);
        break;
      default:
        must(set_symmetric_difference_update(here(), set, other));
        EXPECT_EQ(set_size(*set), 3);
    }
    EXPECT_EQ(ends, 3u);
  }
}

TEST_F(SetOperations, WhatAComparisonRaisesIsRaised) {
  const auto raises = [&] {
    Ref<Foreign> member = colliding(here(), 1);
    member->bodies->equals = [](ThreadState& thread, Borrowed<Object>) {
      return Result<bool>(raise_text(thread, value_error_type, "no"));
    };
    return member;
  };
  Ref<Set> set = must(new_set(here()));
  must(set_add(here(), set, raises()));
  Ref<Set> other = must(new_set(here()));
  must(set_add(here(), other, raises()));
  const auto all = [&](auto operation) { return raised_by(here(), operation(here(), set, other)); };
  EXPECT_EQ(all(set_update), "ValueError: no");
  EXPECT_EQ(all(set_intersection_update), "ValueError: no");
  EXPECT_EQ(all(set_difference_update), "ValueError: no");
  EXPECT_EQ(all(set_symmetric_difference_update), "ValueError: no");
  EXPECT_EQ(all(set_union), "ValueError: no");
  EXPECT_EQ(all(set_is_subset), "ValueError: no");
  EXPECT_EQ(all(set_is_disjoint), "ValueError: no");
  EXPECT_EQ(set_size(*set), 1);
  EXPECT_EQ(set_size(*other), 1);
}

TEST_F(SetOperations, WithoutMemoryBothStayAsTheyWere) {
  Ref<Set> set = set_of(here(), {1, 2, 3, 4});
  Ref<Set> other = set_of(here(), {4, 5, 6});
  for (std::uint64_t left : {0, 1}) {
    here().slot(kRawBuffersSlot)->allocations_left = left;
    EXPECT_EQ(raised_by(here(), set_update(here(), set, other)), "MemoryError");
    here().slot(kRawBuffersSlot)->allocations_left = left;
    EXPECT_EQ(raised_by(here(), set_intersection_update(here(), set, other)), "MemoryError");
    here().slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited;
    EXPECT_EQ(members(set), "1 2 3 4");
    EXPECT_EQ(members(other), "4 5 6");
  }
}

}  // namespace
}  // namespace runtime
