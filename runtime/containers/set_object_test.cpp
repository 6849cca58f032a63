#include "runtime/containers/set_object.h"

#include <gtest/gtest.h>
#include <set>

#include "runtime/base/build.h"
#include "runtime/base/random.h"
#include "runtime/containers/set_test_support.h"
#include "runtime/containers/sharing.h"
#include "runtime/memory/raw_heap.h"

namespace runtime {
namespace {

class SetObject : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Int> num(std::int64_t value) { return number(here(), value); }
  bool has(Borrowed<Set> set, Borrowed<Object> key) { return must(set_contains(here(), set, key)); }
  void run_out_of_memory() { here().slot(kRawBuffersSlot)->allocations_left = 0; }
  void have_memory() { here().slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited; }

  ValueKernel kernel_;
};

TEST_F(SetObject, HasEachMemberOnce) {
  Ref<Set> set = must(new_set(here()));
  EXPECT_FALSE(has(set, num(3)));
  for (std::int64_t value : {3, 5, 3, 5}) must(set_add(here(), set, num(value)));
  EXPECT_EQ(set_size(*set), 2);
  EXPECT_TRUE(has(set, num(3)));
  EXPECT_TRUE(has(set, must(new_float(here(), 3.0))));
  EXPECT_FALSE(has(set, num(4)));
}

TEST_F(SetObject, GivesUpWhatIsRemoved) {
  Ref<Set> set = set_of(here(), {3, 5});
  EXPECT_TRUE(must(set_discard(here(), set, num(3))));
  EXPECT_FALSE(must(set_discard(here(), set, num(3))));
  EXPECT_EQ(raised_by(here(), set_remove(here(), set, num(3))), "KeyError: 3");
  must(set_remove(here(), set, num(5)));
  EXPECT_EQ(set_size(*set), 0);
}

TEST_F(SetObject, PopTakesEachMemberOnce) {
  Ref<Set> set = set_of(here(), {1, 2, 3, 8, 16, 1000});
  std::set<std::int64_t> popped;
  for (int i = 0; i < 6; ++i) {
    popped.insert(as_int(must(set_pop(here(), set)))->small);
  }
  EXPECT_EQ(popped, (std::set<std::int64_t>{1, 2, 3, 8, 16, 1000}));
  EXPECT_EQ(raised_by(here(), set_pop(here(), set)), "KeyError: 'pop from an empty set'");
}

TEST_F(SetObject, MembersEndWithTheirLastSet) {
  unsigned ends = 0;
  Ref<Set> set = must(new_set(here()));
  for (int i = 0; i < 20; ++i) must(set_add(here(), set, new_probe(here(), &ends)));
  Ref<Set> copy = must(set_copy(here(), set));
  set_clear(here(), set);
  EXPECT_EQ(set_size(*set), 0);
  EXPECT_EQ(ends, 0u);
  must(set_pop(here(), copy));
  EXPECT_EQ(ends, 1u);
  copy.drop(here());
  EXPECT_EQ(ends, 20u);
}

TEST_F(SetObject, WhatIsUnhashableIsNoMember) {
  Ref<Set> set = set_of(here(), {1});
  Ref<Set> other = set_of(here(), {1});
  EXPECT_EQ(raised_by(here(), set_add(here(), set, other)),
            "TypeError: cannot use 'set' as a set element (unhashable type: 'set')");
  Ref<Foreign> raises =
      new_foreign(here(), {.hash = [](ThreadState& thread) {
                    return Result<std::int64_t>(raise_text(thread, value_error_type, "no hash"));
                  }});
  EXPECT_EQ(raised_by(here(), set_contains(here(), set, raises)), "ValueError: no hash");
}

TEST_F(SetObject, ASetIsLookedUpAsTheFrozensetOfItsMembers) {
  Ref<Set> set = must(new_set(here()));
  must(set_add(here(), set, frozenset_of(here(), {1, 2})));
  Ref<Set> key = set_of(here(), {2, 1});
  EXPECT_TRUE(has(set, key));
  EXPECT_FALSE(has(set, set_of(here(), {1})));
  must(set_remove(here(), set, key));
  EXPECT_EQ(raised_by(here(), set_remove(here(), set, key)), "KeyError: {1, 2}");
}

// With one hash for all of them there is one path.
TEST_F(SetObject, RemovingOneMemberHidesNoOther) {
  Ref<Set> set = must(new_set(here()));
  std::vector<Ref<Foreign>> keys;
  for (int i = 0; i < 30; ++i) {
    keys.push_back(colliding(here(), i));
    must(set_add(here(), set, keys.back()));
  }
  EXPECT_EQ(set_size(*set), 30);
  for (std::size_t i = 0; i < 30; i += 2) must(set_remove(here(), set, keys[i]));
  for (std::size_t i = 0; i < 30; ++i) {
    EXPECT_EQ(has(set, colliding(here(), static_cast<std::int64_t>(i))), i % 2 == 1) << i;
  }
}

TEST_F(SetObject, DoesWhatASlowModelDoes) {
  const std::uint64_t seed = 20260101;
  SCOPED_TRACE("seed " + std::to_string(seed));
  Random random(seed);
  Ref<Set> set = must(new_set(here()));
  std::set<std::int64_t> model;
  for (int turn = 0; turn < 30'000; ++turn) {
    // Few bits differ, and those high ones: paths cross.
    const auto value = static_cast<std::int64_t>(random.below(200)) * 32 - 640;
    switch (random.below(8)) {
      case 0:
      case 1:
      case 2:
        must(set_add(here(), set, num(value)));
        model.insert(value);
        break;
      case 3:
      case 4:
        ASSERT_EQ(must(set_discard(here(), set, num(value))), model.erase(value) == 1);
        break;
      case 5:
        ASSERT_EQ(has(set, num(value)), model.count(value) == 1);
        break;
      case 6:
        if (!model.empty() && random.one_in(3)) {
          ASSERT_EQ(model.erase(as_int(must(set_pop(here(), set)))->small), 1u);
        }
        break;
      default:
        if (random.one_in(200)) {
          set_clear(here(), set);
          model.clear();
        }
    }
    ASSERT_EQ(set_size(*set), static_cast<std::int64_t>(model.size()));
  }
  for (std::int64_t value : model) EXPECT_TRUE(has(set, num(value)));
}

// The numbers are CPython's.
TEST_F(SetObject, TheHashOfAFrozensetIsThatOfItsMembers) {
  const auto hash = [&](Borrowed<Object> object) { return must(hash_of(here(), object)); };
  Ref<Set> none = frozenset_of(here(), {});
  Ref<Set> one = frozenset_of(here(), {1});
  EXPECT_EQ(hash(none), 133146708735736);
  EXPECT_EQ(hash(frozenset_of(here(), {1, 2, 3})), -272375401224217160);
  EXPECT_EQ(hash(frozenset_of(here(), {3, 2, 1})), -272375401224217160);
  EXPECT_EQ(hash(must(new_frozenset_of(here(), must(new_tuple(here(), {none, one}))))),
            -67101846648477850);
  EXPECT_EQ(hash(frozenset_of(here(), {8, 0})), hash(frozenset_of(here(), {0, 8})));
  EXPECT_EQ(raised_by(here(), hash_of(here(), set_of(here(), {}))),
            "TypeError: unhashable type: 'set'");
}

TEST_F(SetObject, IsWrittenAsInPrograms) {
  EXPECT_EQ(repr(here(), set_of(here(), {})), "set()");
  EXPECT_EQ(repr(here(), set_of(here(), {2, 1})), "{1, 2}");
  EXPECT_EQ(repr(here(), frozenset_of(here(), {})), "frozenset()");
  EXPECT_EQ(repr(here(), frozenset_of(here(), {1})), "frozenset({1})");
}

TEST_F(SetObject, AFrozensetIsItsOwnCopy) {
  Ref<Set> frozen = frozenset_of(here(), {1});
  EXPECT_EQ(must(set_copy(here(), frozen)).get(), frozen.get());
  EXPECT_EQ(must(new_frozenset_of(here(), frozen)).get(), frozen.get());
  Ref<Set> set = must(new_set_of(here(), frozen));
  EXPECT_NE(set.get(), frozen.get());
  EXPECT_EQ(repr(here(), set), "{1}");
  EXPECT_EQ(raised_by(here(), new_set_of(here(), num(3))),
            "TypeError: 'int' object is not iterable");
}

TEST_F(SetObject, CanBeWeaklyReferenced) {
  Ref<Set> set = set_of(here(), {1});
  Ref<WeakReference> weak = make_weak_reference(here(), set);
  EXPECT_EQ(dereference(here(), weak).get(), set.get());
  set.drop(here());
  EXPECT_FALSE(dereference(here(), weak));
}

TEST_F(SetObject, IsSharedOnceAnotherThreadHasCome) {
  Ref<Set> set = must(new_set(here()));
  Ref<Foreign> key = colliding(here(), 7);
  must(set_add(here(), set, key));
  EXPECT_FALSE(is_shared(set.get()));
  run_attached(kernel_.kernel, {[&](ThreadState& thread) {
                 EXPECT_TRUE(must(set_contains(thread, set, colliding(thread, 7))));
               }});
  EXPECT_EQ(is_shared(set.get()), kFreeThreaded);
}

TEST_F(SetObject, WithoutMemoryNothingIsAdded) {
  Ref<Set> set = must(new_set(here()));
  run_out_of_memory();
  EXPECT_EQ(raised_by(here(), set_add(here(), set, num(1))), "MemoryError");
  have_memory();
  EXPECT_EQ(repr(here(), set), "set()");
  for (std::int64_t value : {1, 2, 3, 4}) must(set_add(here(), set, num(value)));
  run_out_of_memory();
  EXPECT_EQ(raised_by(here(), set_add(here(), set, num(5))), "MemoryError");
  EXPECT_EQ(raised_by(here(), set_copy(here(), set)), "MemoryError");
  EXPECT_EQ(raised_by(here(), set_union(here(), set, set)), "MemoryError");
  have_memory();
  EXPECT_EQ(repr(here(), set), "{1, 2, 3, 4}");
  must(set_add(here(), set, num(5)));
  EXPECT_EQ(repr(here(), set), "{1, 2, 3, 4, 5}");
}

// -- __eq__ that changes the set, and __eq__ that raises --

// The member in the set is asked, with what is looked for as the other.
TEST_F(SetObject, LookingUpNoticesThatTheSetWasCleared) {
  Ref<Set> set = must(new_set(here()));
  Ref<Foreign> member = colliding(here(), 1, [&](ThreadState& thread) { set_clear(thread, set); });
  must(set_add(here(), set, member));
  EXPECT_FALSE(has(set, colliding(here(), 1)));
  EXPECT_FALSE(has(set, member));
}

TEST_F(SetObject, LookingUpNoticesThatTheSetHasGrown) {
  Ref<Set> set = must(new_set(here()));
  bool is_first = true;
  Object* stored = nullptr;
  Ref<Foreign> member = colliding(here(), 1, [&](ThreadState& thread) {
    if (!std::exchange(is_first, false)) return;
    for (std::int64_t i = 0; i < 100; ++i) must(set_add(thread, set, number(thread, i * 8 + 2)));
    must(set_remove(thread, set, Borrowed(stored)));
    must(set_add(thread, set, colliding(thread, 2)));
  });
  stored = member.get();
  must(set_add(here(), set, member));
  EXPECT_TRUE(has(set, colliding(here(), 2)));
}

TEST_F(SetObject, AddingNoticesThatTheSetWasReplaced) {
  Ref<Set> set = must(new_set(here()));
  must(set_add(here(), set, colliding(here(), 1, [&](ThreadState& thread) {
                 set_clear(thread, set);
                 must(set_add(thread, set, colliding(thread, 2)));
               })));
  must(set_add(here(), set, colliding(here(), 2)));
  EXPECT_EQ(set_size(*set), 1);
  EXPECT_TRUE(has(set, colliding(here(), 2)));
}

TEST_F(SetObject, AddingNoticesThatTheSetHasGrown) {
  Ref<Set> set = must(new_set(here()));
  bool is_first = true;
  must(set_add(here(), set, colliding(here(), 1, [&](ThreadState& thread) {
                 if (!std::exchange(is_first, false)) return;
                 for (std::int64_t i = 2; i < 50; ++i)
                   must(set_add(thread, set, colliding(thread, i)));
               })));
  must(set_add(here(), set, colliding(here(), 49)));
  must(set_add(here(), set, colliding(here(), 50)));
  EXPECT_EQ(set_size(*set), 50);
}

TEST_F(SetObject, DiscardingNoticesThatTheMemberIsGone) {
  unsigned ends = 0;
  Ref<Set> set = must(new_set(here()));
  Ref<Foreign> member = colliding(here(), 1, [&](ThreadState& thread) { set_clear(thread, set); });
  member->bodies->ends = &ends;
  must(set_add(here(), set, member));
  member.drop(here());
  EXPECT_FALSE(must(set_discard(here(), set, colliding(here(), 1))));
  EXPECT_EQ(ends, 1u);
  EXPECT_EQ(set_size(*set), 0);
}

TEST_F(SetObject, WhatAComparisonRaisesLeavesTheSetAsItWas) {
  Ref<Set> set = must(new_set(here()));
  Ref<Foreign> member = colliding(here(), 1);
  member->bodies->equals = [](ThreadState& thread, Borrowed<Object>) {
    return Result<bool>(raise_text(thread, value_error_type, "no"));
  };
  must(set_add(here(), set, member));
  Ref<Foreign> asked = colliding(here(), 1);
  EXPECT_EQ(raised_by(here(), set_contains(here(), set, asked)), "ValueError: no");
  EXPECT_EQ(raised_by(here(), set_add(here(), set, asked)), "ValueError: no");
  EXPECT_EQ(raised_by(here(), set_discard(here(), set, asked)), "ValueError: no");
  EXPECT_EQ(set_size(*set), 1);
  EXPECT_TRUE(has(set, member));
}

}  // namespace
}  // namespace runtime
