#include "runtime/containers/set_iterator.h"

#include <gtest/gtest.h>

#include "runtime/containers/set_test_support.h"

namespace runtime {
namespace {

class SetIterators : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Object> iterate(Borrowed<Object> set) { return must(get_iterator(here(), set)); }
  std::string next(Borrowed<Object> iterator) {
    Result<Ref<Object>> item = next_of(here(), iterator);
    if (!item.is_raised() && !item.value()) return "end";
    return told(here(), std::move(item));
  }
  std::int64_t hint(Borrowed<Object> iterator) {
    return length_hint(*static_cast<SetIterator*>(iterator.get()));
  }

  ValueKernel kernel_;
};

TEST_F(SetIterators, GiveEachMemberOnceAndThenEnd) {
  Ref<Object> iterator = iterate(set_of(here(), {3, 1, 2}));
  EXPECT_EQ(hint(iterator), 3);
  EXPECT_EQ(next(iterator), "1");
  EXPECT_EQ(hint(iterator), 2);
  EXPECT_EQ(next(iterator), "2");
  EXPECT_EQ(next(iterator), "3");
  EXPECT_EQ(hint(iterator), 0);
  EXPECT_EQ(next(iterator), "end");
  EXPECT_EQ(next(iterator), "end");
  EXPECT_EQ(items_of(here(), frozenset_of(here(), {7, 8})), "8 7");
  EXPECT_EQ(next(iterate(set_of(here(), {}))), "end");
}

TEST_F(SetIterators, RaiseForEverWhenTheSetHasChanged) {
  const std::string changed = "RuntimeError: Set changed size during iteration";
  Ref<Set> set = set_of(here(), {1, 2});
  Ref<Object> iterator = iterate(set);
  EXPECT_EQ(next(iterator), "1");
  must(set_add(here(), set, number(here(), 3)));
  EXPECT_EQ(next(iterator), changed);
  EXPECT_EQ(next(iterator), changed);
  must(set_remove(here(), set, number(here(), 3)));
  EXPECT_EQ(next(iterator), changed);
  EXPECT_EQ(hint(iterator), 0);
}

TEST_F(SetIterators, AreNotBroughtBackByNewMembers) {
  Ref<Set> set = set_of(here(), {1});
  Ref<Object> iterator = iterate(set);
  EXPECT_EQ(next(iterator), "1");
  EXPECT_EQ(next(iterator), "end");
  must(set_add(here(), set, number(here(), 7)));
  EXPECT_EQ(next(iterator), "end");
}

TEST_F(SetIterators, GoOnAfterAChangeThatKeepsTheSize) {
  Ref<Set> set = set_of(here(), {1, 2});
  Ref<Object> iterator = iterate(set);
  EXPECT_EQ(next(iterator), "1");
  set_clear(here(), set);
  must(set_add(here(), set, number(here(), 5)));
  must(set_add(here(), set, number(here(), 6)));
  EXPECT_EQ(next(iterator), "5");
}

TEST_F(SetIterators, KeepTheirSet) {
  unsigned ends = 0;
  Ref<Set> set = must(new_set(here()));
  must(set_add(here(), set, new_probe(here(), &ends)));
  Ref<Object> iterator = iterate(set);
  set.drop(here());
  EXPECT_EQ(ends, 0u);
  iterator.drop(here());
  EXPECT_EQ(ends, 1u);
}

TEST_F(SetIterators, AreReadByAThreadThatDoesNotOwnTheMembers) {
  Ref<Set> set = must(new_set(here()));
  for (std::int64_t tag : {1, 2, 3}) must(set_add(here(), set, colliding(here(), tag)));
  run_attached(kernel_.kernel, {[&](ThreadState& thread) {
                 for (int time = 0; time < 2; ++time) {
                   EXPECT_EQ(all_items(thread, set).size(), 3u);
                 }
               }});
}

}  // namespace
}  // namespace runtime
