#include "runtime/containers/dict_view.h"

#include <gtest/gtest.h>
#include <set>

#include "runtime/containers/dict_test_support.h"
#include "runtime/containers/set_object.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

class DictViewTest : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Object> view(Borrowed<Dict> dict, DictPart part) {
    return must(new_dict_view(here(), dict, part));
  }
  Ref<Object> iterator(Borrowed<Dict> dict, DictPart part,
                       Direction direction = Direction::kForward) {
    return must(new_dict_iterator(here(), dict, part, direction));
  }
  // What is left of an iterator, in words.
  std::string rest(Borrowed<Object> iterator) {
    std::string words;
    for (;;) {
      Ref<Object> item = must(next_of(here(), iterator));
      if (!item) return words;
      words += repr(here(), item) + " ";
    }
  }
  std::string next_told(Borrowed<Object> iterator) {
    Result<Ref<Object>> item = next_of(here(), iterator);
    if (item.is_raised()) return raised_by(here(), std::move(item));
    return item.value() ? repr(here(), item.value()) : "";
  }

  ValueKernel kernel_;
};

TEST_F(DictViewTest, ShowsWhatTheDictHas) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}, {"b", 2}});
  Ref<Object> keys = view(dict, DictPart::kKeys);
  EXPECT_EQ(repr(here(), keys), "dict_keys(['a', 'b'])");
  EXPECT_EQ(repr(here(), view(dict, DictPart::kValues)), "dict_values([1, 2])");
  EXPECT_EQ(repr(here(), view(dict, DictPart::kItems)), "dict_items([('a', 1), ('b', 2)])");
  set(here(), dict, text(here(), "c"), 3);
  EXPECT_EQ(must(length_of(here(), keys)), 3);
  EXPECT_TRUE(must(contains(here(), keys, text(here(), "c"))));
  EXPECT_FALSE(must(contains(here(), keys, text(here(), "d"))));
  EXPECT_TRUE(must(contains(here(), view(dict, DictPart::kValues), shared_int(3))));
  EXPECT_EQ(raised_by(here(), hash_of(here(), keys)), "TypeError: unhashable type: 'dict_keys'");
}

TEST_F(DictViewTest, ItemsContainPairs) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}});
  Ref<Object> items = view(dict, DictPart::kItems);
  const auto has = [&](Borrowed<Object> pair) { return must(contains(here(), items, pair)); };
  EXPECT_TRUE(has(must(new_tuple(here(), {text(here(), "a"), shared_int(1)}))));
  EXPECT_FALSE(has(must(new_tuple(here(), {text(here(), "a"), shared_int(2)}))));
  EXPECT_FALSE(has(must(new_tuple(here(), {text(here(), "b"), shared_int(1)}))));
  EXPECT_FALSE(has(must(new_tuple(here(), {text(here(), "a")}))));
  EXPECT_FALSE(has(text(here(), "a1")));
}

TEST_F(DictViewTest, KeysAreLikeASet) {
  Ref<Dict> one = dict_with(here(), {{"a", 1}, {"b", 2}});
  Ref<Dict> other = dict_with(here(), {{"b", 3}, {"c", 4}, {"a", 0}});
  Ref<Object> keys = view(one, DictPart::kKeys);
  Ref<Object> more = view(other, DictPart::kKeys);
  EXPECT_TRUE(must(compare_is_true(here(), keys, more, CompareOp::kLess)));
  EXPECT_TRUE(must(compare_is_true(here(), more, keys, CompareOp::kGreaterEqual)));
  EXPECT_FALSE(must(compare_is_true(here(), keys, more, CompareOp::kEqual)));
  EXPECT_TRUE(
      must(compare_is_true(here(), keys, must(new_set_of(here(), one)), CompareOp::kEqual)));
  EXPECT_EQ(raised_by(here(), compare(here(), keys, text(here(), "a"), CompareOp::kLess)),
            "TypeError: '<' not supported between instances of 'dict_keys' and 'str'");
  const auto size = [&](BinaryOp op) {
    return must(length_of(here(), must(binary(here(), keys, more, op))));
  };
  EXPECT_EQ(size(BinaryOp::kAnd), 2);
  EXPECT_EQ(size(BinaryOp::kOr), 3);
  EXPECT_EQ(size(BinaryOp::kXor), 1);
  EXPECT_EQ(size(BinaryOp::kSubtract), 0);
  EXPECT_EQ(told(here(), binary(here(), more, keys, BinaryOp::kSubtract)), "{'c'}");
  EXPECT_EQ(raised_by(here(), binary(here(), keys, shared_int(5), BinaryOp::kAnd)),
            "TypeError: 'int' object is not iterable");
}

TEST_F(DictViewTest, IteratesInBothDirections) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}, {"b", 2}, {"c", 3}, {"d", 4}});
  must(dict_delete(here(), dict, text(here(), "b")));
  EXPECT_EQ(rest(iterator(dict, DictPart::kKeys)), "'a' 'c' 'd' ");
  EXPECT_EQ(rest(iterator(dict, DictPart::kValues)), "1 3 4 ");
  EXPECT_EQ(rest(iterator(dict, DictPart::kItems)), "('a', 1) ('c', 3) ('d', 4) ");
  EXPECT_EQ(rest(iterator(dict, DictPart::kKeys, Direction::kReversed)), "'d' 'c' 'a' ");
  EXPECT_EQ(rest(iterator(dict, DictPart::kItems, Direction::kReversed)),
            "('d', 4) ('c', 3) ('a', 1) ");
  Ref<Dict> empty = must(new_dict(here()));
  EXPECT_EQ(rest(iterator(empty, DictPart::kKeys)), "");
  EXPECT_EQ(rest(iterator(empty, DictPart::kValues, Direction::kReversed)), "");
}

TEST_F(DictViewTest, AChangeOfSizeIsNoticedForEver) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}, {"b", 2}});
  Ref<Object> keys = iterator(dict, DictPart::kKeys);
  EXPECT_EQ(next_told(keys), "'a'");
  set(here(), dict, text(here(), "c"), 3);
  EXPECT_EQ(next_told(keys), "RuntimeError: dictionary changed size during iteration");
  must(dict_delete(here(), dict, text(here(), "c")));
  EXPECT_EQ(next_told(keys), "RuntimeError: dictionary changed size during iteration");
}

TEST_F(DictViewTest, AnExchangeOfKeysIsNoticed) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}});
  Ref<Object> keys = iterator(dict, DictPart::kKeys);
  EXPECT_EQ(next_told(keys), "'a'");
  must(dict_delete(here(), dict, text(here(), "a")));
  set(here(), dict, text(here(), "b"), 2);
  EXPECT_EQ(next_told(keys), "RuntimeError: dictionary keys changed during iteration");
  EXPECT_EQ(next_told(keys), "");
}

TEST_F(DictViewTest, ANewValueIsNoChange) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}, {"b", 2}});
  Ref<Object> items = iterator(dict, DictPart::kItems);
  EXPECT_EQ(next_told(items), "('a', 1)");
  set(here(), dict, text(here(), "b"), 5);
  EXPECT_EQ(next_told(items), "('b', 5)");
  EXPECT_EQ(next_told(items), "");
}

TEST_F(DictViewTest, AnExhaustedIteratorStaysSo) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}});
  Ref<Object> keys = iterator(dict, DictPart::kKeys);
  EXPECT_EQ(length_hint(static_cast<DictIterator&>(*keys)), 1);
  EXPECT_EQ(rest(keys), "'a' ");
  EXPECT_EQ(length_hint(static_cast<DictIterator&>(*keys)), 0);
  set(here(), dict, text(here(), "b"), 2);
  EXPECT_EQ(next_told(keys), "");
}

TEST_F(DictViewTest, APairIsUsedAgainIfNobodyHasIt) {
  Ref<Dict> dict = dict_with(here(), {{"a", 1}, {"b", 2}, {"c", 3}});
  Ref<Object> items = iterator(dict, DictPart::kItems);
  Object* first;
  {
    Ref<Object> pair = must(next_of(here(), items));
    first = pair.get();
  }
  Ref<Object> second = must(next_of(here(), items));
  EXPECT_EQ(second.get(), first);
  Ref<Object> third = must(next_of(here(), items));
  EXPECT_NE(third.get(), first);
  EXPECT_EQ(repr(here(), second), "('b', 2)");
}

TEST_F(DictViewTest, ASharedIteratorGivesOutWhatIsThere) {
  Ref<Dict> dict = must(new_dict(here()));
  for (int i = 0; i < 2000; ++i) set(here(), dict, number(here(), i), i);
  for (const DictPart part : {DictPart::kKeys, DictPart::kItems}) {
    Ref<Object> shared = iterator(dict, part);
    std::vector<std::set<std::int64_t>> seen(3);
    std::vector<AttachedBody> bodies;
    for (auto& mine : seen) {
      bodies.push_back([&](ThreadState& thread) {
        for (;;) {
          Ref<Object> item = must(next_of(thread, shared));
          if (!item) break;
          if (part == DictPart::kItems) {
            EXPECT_EQ(as_tuple(item)->at(0)->type, &int_type);
            item = Ref<Object>::share(thread, as_tuple(item)->at(1));
          }
          mine.insert(*int64_of(*as_int(item)));
        }
        EXPECT_FALSE(must(next_of(thread, shared)));
      });
    }
    run_attached(kernel_.kernel, std::move(bodies));
    std::set<std::int64_t> all;
    for (const auto& mine : seen) all.insert(mine.begin(), mine.end());
    EXPECT_EQ(all.size(), 2000u);
  }
}

}  // namespace
}  // namespace runtime
