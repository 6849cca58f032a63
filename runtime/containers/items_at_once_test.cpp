#include "runtime/containers/items_at_once.h"

#include <gtest/gtest.h>

#include "runtime/containers/dict_test_support.h"
#include "runtime/containers/list_test_support.h"
#include "runtime/containers/set_test_support.h"
#include "runtime/memory/raw_heap.h"

namespace runtime {
namespace {

class ItemsAtOnce : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  std::string shown(Borrowed<Object> object) { return repr(here(), object); }
  Ref<Object> view(Borrowed<Dict> dict, DictPart part) {
    return must(new_dict_view(here(), dict, part));
  }
  // `list(source)`, as the other ways to make a list of it agree.
  std::string list_of(Borrowed<Object> source) {
    Ref<List> made = must(new_list_from(here(), source));
    Ref<List> extended = must(new_list(here()));
    must(list_extend(here(), extended, source));
    Ref<List> added = must(new_list(here()));
    must(inplace(here(), added, source, BinaryOp::kAdd));
    Ref<List> assigned = numbers(here(), {7, 8});
    must(list_set_slice(here(), assigned, slice(here(), kNo, kNo), source.get()));
    EXPECT_EQ(shown(extended), shown(made));
    EXPECT_EQ(shown(added), shown(made));
    EXPECT_EQ(shown(assigned), shown(made));
    return shown(made);
  }

  ValueKernel kernel_;
};

TEST_F(ItemsAtOnce, AListTakesTheItemsInTheOrderOfIteration) {
  EXPECT_EQ(list_of(set_of(here(), {3, 1, 2})), "[1, 2, 3]");
  EXPECT_EQ(list_of(frozenset_of(here(), {3, 1, 2})), "[1, 2, 3]");
  Ref<Dict> dict = dict_with(here(), {{"b", 1}, {"a", 2}, {"c", 3}});
  must(dict_delete(here(), dict, name_of(here(), "a")));
  EXPECT_EQ(list_of(dict), "['b', 'c']");
  EXPECT_EQ(list_of(view(dict, DictPart::kKeys)), "['b', 'c']");
  EXPECT_EQ(list_of(view(dict, DictPart::kValues)), "[1, 3]");
  EXPECT_EQ(list_of(view(dict, DictPart::kItems)), "[('b', 1), ('c', 3)]");
}

TEST_F(ItemsAtOnce, WhatIsEmptyGivesNothing) {
  EXPECT_EQ(list_of(set_of(here(), {})), "[]");
  EXPECT_EQ(list_of(frozenset_of(here(), {})), "[]");
  Ref<Dict> dict = must(new_dict(here()));
  EXPECT_EQ(list_of(dict), "[]");
  EXPECT_EQ(list_of(view(dict, DictPart::kItems)), "[]");
}

TEST_F(ItemsAtOnce, AnythingElseIsIterated) {
  EXPECT_FALSE(must(items_at_once(here(), text(here(), "ab"))));
  EXPECT_FALSE(must(items_at_once(here(), shared_int(1))));
  EXPECT_FALSE(must(items_at_once(here(), numbers(here(), {1}))));
}

TEST_F(ItemsAtOnce, ASliceWithGapsCountsThem) {
  Ref<List> list = numbers(here(), {1, 2, 3, 4});
  Ref<Slice> every_second = slice(here(), kNo, kNo, 2);
  must(list_set_slice(here(), list, every_second, set_of(here(), {8, 9}).get()));
  EXPECT_EQ(shown(list), "[8, 2, 9, 4]");
  EXPECT_EQ(raised_by(here(), list_set_slice(here(), list, every_second,
                                             frozenset_of(here(), {1, 2, 3}).get())),
            "ValueError: attempt to assign sequence of size 3 to extended slice of size 2");
}

TEST_F(ItemsAtOnce, ForeignItemsAreNeitherHashedNorCompared) {
  bool may_ask = true;
  const auto watch = [&](ThreadState&) { EXPECT_TRUE(may_ask); };
  Ref<Foreign> one = colliding(here(), 1, watch);
  Ref<Foreign> other = colliding(here(), 2, watch);
  Ref<Set> set = must(new_set(here()));
  Ref<Dict> dict = must(new_dict(here()));
  for (const Ref<Foreign>* key : {&one, &other}) {
    must(set_add(here(), set, *key));
    must(dict_set(here(), dict, *key, *key));
  }
  may_ask = false;
  Ref<List> list = must(new_list_from(here(), set));
  must(list_extend(here(), list, dict));
  must(list_extend(here(), list, view(dict, DictPart::kValues)));
  may_ask = true;
  EXPECT_EQ(list_size(*list), 6);
}

// The end of what is replaced is the one foreign code: it runs when the list is complete.
TEST_F(ItemsAtOnce, WhatIsReplacedMayEmptyTheSourceAndTheList) {
  struct Both {
    Ref<List> list;
    Ref<Set> set;
  } both{must(new_list(here())), set_of(here(), {1, 2})};
  Ref<Probe> probe = new_probe(here(), nullptr, finalized_probe_type);
  give_finalizer(
      *probe,
      [](ThreadState& thread, Probe& self) {
        auto& seen = *static_cast<Both*>(self.context);
        EXPECT_EQ(values_of(thread, seen.list), (std::vector<std::int64_t>{1, 2}));
        set_clear(thread, seen.set);
        list_clear(thread, seen.list);
      },
      &both);
  must(list_append(here(), both.list, std::move(probe)));
  must(list_set_slice(here(), both.list, slice(here(), kNo, kNo), both.set.get()));
  EXPECT_EQ(list_size(*both.list), 0);
  EXPECT_EQ(set_size(*both.set), 0);
}

TEST_F(ItemsAtOnce, WithoutMemoryTheListStaysAsItWas) {
  Ref<Dict> dict = must(new_dict(here()));
  Ref<Set> members = must(new_set(here()));
  for (std::int64_t i = 0; i < 20; ++i) {
    set(here(), dict, shared_int(i), i);
    must(set_add(here(), members, shared_int(i)));
  }
  const Ref<Object> sources[] = {
      Ref<Object>(members.duplicate(here())), must(new_frozenset_of(here(), members)),
      Ref<Object>(dict.duplicate(here())),    view(dict, DictPart::kKeys),
      view(dict, DictPart::kValues),          view(dict, DictPart::kItems)};
  Ref<Slice> inside = slice(here(), 1, 2);
  for (const Ref<Object>& source : sources) {
    Ref<List> list = numbers(here(), {1, 2, 3, 4});
    const auto tried = [&](std::uint64_t allocations, auto operation) {
      here().slot(kRawBuffersSlot)->allocations_left = allocations;
      Result<Done> result = operation();
      here().slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited;
      if (!result.is_raised()) return true;
      EXPECT_EQ(raised_by(here(), std::move(result)), "MemoryError");
      EXPECT_EQ(shown(list), "[1, 2, 3, 4]");
      return false;
    };
    std::uint64_t needed = 0;
    while (!tried(needed, [&] { return list_extend(here(), list, source); })) ++needed;
    EXPECT_GT(needed, 0u);
    EXPECT_EQ(list_size(*list), 24);
    list = numbers(here(), {1, 2, 3, 4});
    needed = 0;
    while (!tried(needed, [&] { return list_set_slice(here(), list, inside, source.get()); })) {
      ++needed;
    }
    EXPECT_GT(needed, 0u);
    EXPECT_EQ(list_size(*list), 23);
  }
}

}  // namespace
}  // namespace runtime
