#include "runtime/containers/list_iterator.h"

#include <gtest/gtest.h>

#include "runtime/containers/list_test_support.h"

namespace runtime {
namespace {

class ListIteratorTest : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  std::int64_t next(const Ref<Object>& iterator) {
    return value_of(must(next_of(here(), iterator)));
  }
  std::int64_t hint(const Ref<Object>& iterator) {
    return list_length_hint(*static_cast<ListIterator*>(iterator.get()));
  }

  ValueKernel kernel_;
};

TEST_F(ListIteratorTest, ItemsComeInOrder) {
  Ref<List> list = numbers(here(), {1, 2, 3});
  Ref<Object> iterator = must(get_iterator(here(), list));
  EXPECT_STREQ(type_name(iterator), "list_iterator");
  EXPECT_EQ(must(get_iterator(here(), iterator)).get(), iterator.get());
  EXPECT_EQ(hint(iterator), 3);
  EXPECT_EQ(next(iterator), 1);
  EXPECT_EQ(next(iterator), 2);
  EXPECT_EQ(hint(iterator), 1);
  EXPECT_EQ(next(iterator), 3);
  EXPECT_EQ(next(iterator), -1);
  EXPECT_EQ(hint(iterator), 0);
}

TEST_F(ListIteratorTest, BackwardsTheyComeInTheOtherOrder) {
  Ref<List> list = numbers(here(), {1, 2, 3});
  Ref<Object> iterator = must(new_list_reverse_iterator(here(), list));
  EXPECT_STREQ(type_name(iterator), "list_reverseiterator");
  EXPECT_EQ(hint(iterator), 3);
  EXPECT_EQ(next(iterator), 3);
  EXPECT_EQ(next(iterator), 2);
  EXPECT_EQ(hint(iterator), 1);
  EXPECT_EQ(next(iterator), 1);
  EXPECT_EQ(next(iterator), -1);
  must(list_extend(here(), list, list));
  EXPECT_EQ(next(iterator), -1);
  EXPECT_EQ(hint(iterator), 0);
}

TEST_F(ListIteratorTest, WhatIsAppendedMeanwhileIsGivenOut) {
  Ref<List> list = numbers(here(), {1});
  Ref<Object> iterator = must(get_iterator(here(), list));
  EXPECT_EQ(next(iterator), 1);
  must(list_append(here(), list, shared_int(2)));
  EXPECT_EQ(next(iterator), 2);
}

TEST_F(ListIteratorTest, ExhaustedItStaysExhausted) {
  Ref<List> list = numbers(here(), {1});
  Ref<Object> iterator = must(get_iterator(here(), list));
  EXPECT_EQ(next(iterator), 1);
  EXPECT_EQ(next(iterator), -1);
  must(list_append(here(), list, shared_int(2)));
  EXPECT_EQ(next(iterator), -1);
}

TEST_F(ListIteratorTest, AListThatBecomesShorterEndsIt) {
  Ref<List> list = numbers(here(), {1, 2, 3});
  Ref<Object> forwards = must(get_iterator(here(), list));
  Ref<Object> backwards = must(new_list_reverse_iterator(here(), list));
  EXPECT_EQ(next(forwards), 1);
  list_clear(here(), list);
  EXPECT_EQ(hint(forwards), 0);
  EXPECT_EQ(hint(backwards), 0);
  EXPECT_EQ(next(forwards), -1);
  EXPECT_EQ(next(backwards), -1);
}

TEST_F(ListIteratorTest, ItKeepsItsListUntilItEndsButInTheGilBuild) {
  unsigned ends = 0;
  Ref<Object> iterator;
  {
    Ref<List> list = must(new_list(here()));
    must(list_append(here(), list, new_probe(here(), &ends)));
    iterator = must(get_iterator(here(), list));
  }
  EXPECT_TRUE(must(next_of(here(), iterator)));
  EXPECT_FALSE(must(next_of(here(), iterator)));
  EXPECT_EQ(ends, kFreeThreaded ? 0u : 1u);
  EXPECT_FALSE(must(next_of(here(), iterator)));
  EXPECT_EQ(list_length_hint(*static_cast<ListIterator*>(iterator.get())), 0);
  iterator.drop(here());
  EXPECT_EQ(ends, 1u);
}

// Squares up to 9; then it says so in the way of `ends_with`.
struct Squares : Object {
  Type* ends_with;
};
constexpr Protocol kSquaresProtocol{.get_item = [](ThreadState& thread, Borrowed<Object> self,
                                                   Borrowed<Object> key) -> Result<Ref<Object>> {
  const std::int64_t index = must(checked_index_of(thread, key, index_error_type));
  if (index > 3) return raise_empty(thread, *static_cast<Squares*>(self.get())->ends_with);
  return number(thread, index * index);
}};
constinit Type squares_type(TypeSlots{
    .name = "Squares", .size = sizeof(Squares), .protocol = &kSquaresProtocol});

TEST_F(ListIteratorTest, WhatHasItemsAloneIsIteratedByIndex) {
  for (Type* ends_with : {&index_error_type, &stop_iteration_type}) {
    Ref<Squares> squares = new_object<Squares>(here(), squares_type);
    squares->ends_with = ends_with;
    EXPECT_EQ(repr(here(), must(new_list_from(here(), squares))), "[0, 1, 4, 9]");
    Ref<Object> iterator = must(get_iterator(here(), squares));
    EXPECT_STREQ(type_name(iterator), "iterator");
    while (must(next_of(here(), iterator))) continue;
    EXPECT_FALSE(must(next_of(here(), iterator)));
  }
  Ref<Squares> squares = new_object<Squares>(here(), squares_type);
  squares->ends_with = &key_error_type;
  EXPECT_EQ(raised_by(here(), new_list_from(here(), squares)), "KeyError");
}

}  // namespace
}  // namespace runtime
