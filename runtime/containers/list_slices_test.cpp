#include <gtest/gtest.h>

#include "runtime/containers/list_test_support.h"

namespace runtime {
namespace {

class ListSlices : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Result<Done> assign(const Ref<List>& list, std::int64_t start, std::int64_t stop,
                      std::int64_t step, Borrowed<Object> value) {
    Ref<Slice> range = slice(here(), start, stop, step);
    return set_item(here(), list, range, value);
  }

  ValueKernel kernel_;
};

// The places that a slice names, by counting.
std::vector<std::int64_t> places(SliceIndices indices, std::int64_t size) {
  std::vector<std::int64_t> result;
  indices.adjust(size);
  for (std::int64_t i = indices.start; indices.step > 0 ? i < indices.stop : i > indices.stop;
       i += indices.step) {
    result.push_back(i);
  }
  return result;
}

TEST_F(ListSlices, EverySliceIsReadDeletedAndAssignedAsCountingSays) {
  const std::int64_t ends[] = {kNo, -7, -3, -1, 0, 1, 2, 4, 5, 9};
  const std::int64_t steps[] = {kNo, -3, -2, -1, 1, 2, 3, 7};
  for (const std::int64_t size : {0, 1, 5}) {
    for (const std::int64_t start : ends) {
      for (const std::int64_t stop : ends) {
        for (const std::int64_t step : steps) {
          SCOPED_TRACE(std::to_string(size) + "[" + std::to_string(start) + ":" +
                       std::to_string(stop) + ":" + std::to_string(step) + "]");
          Ref<Slice> range = slice(here(), start, stop, step);
          const std::vector<std::int64_t> named = places(must(unpack(here(), range)), size);
          Ref<List> list = range_list(here(), size);
          Ref<List> part = must(list_get_slice(here(), list, range));
          EXPECT_EQ(values_of(here(), part), named);

          std::vector<std::int64_t> left;
          std::vector<std::int64_t> changed;
          for (std::int64_t i = 0; i < size; ++i) {
            const bool is_named = std::find(named.begin(), named.end(), i) != named.end();
            if (!is_named) left.push_back(i);
            changed.push_back(is_named ? 100 + i : i);
          }
          Ref<List> values = must(new_list(here()));
          for (const std::int64_t i : named) {
            must(list_append(here(), values, number(here(), 100 + i)));
          }
          Ref<List> copy = must(list_copy(here(), list));
          must(set_item(here(), copy, range, values));
          EXPECT_EQ(values_of(here(), copy), changed);
          must(delete_item(here(), list, range));
          EXPECT_EQ(values_of(here(), list), left);
        }
      }
    }
  }
}

TEST_F(ListSlices, ASliceGrowsAndShrinksTheList) {
  Ref<List> list = range_list(here(), 4);
  must(assign(list, 1, 3, kNo, text(here(), "abc")));
  EXPECT_EQ(repr(here(), list), "[0, 'a', 'b', 'c', 3]");
  must(assign(list, 0, 4, kNo, empty_tuple()));
  EXPECT_EQ(repr(here(), list), "[3]");
  must(assign(list, 5, 2, kNo, numbers(here(), {7, 8})));
  EXPECT_EQ(repr(here(), list), "[3, 7, 8]");
  must(assign(list, kNo, kNo, kNo, empty_tuple()));
  EXPECT_EQ(repr(here(), list), "[]");
  must(assign(list, 3, -1, kNo, numbers(here(), {1})));
  EXPECT_EQ(repr(here(), list), "[1]");
}

TEST_F(ListSlices, AListMayBeAssignedToASliceOfItself) {
  Ref<List> list = range_list(here(), 3);
  must(assign(list, 1, 2, kNo, list));
  EXPECT_EQ(repr(here(), list), "[0, 0, 1, 2, 2]");
  must(assign(list, kNo, kNo, -1, list));
  EXPECT_EQ(repr(here(), list), "[2, 2, 1, 0, 0]");
  must(assign(list, kNo, kNo, kNo, list));
  EXPECT_EQ(repr(here(), list), "[2, 2, 1, 0, 0]");
}

TEST_F(ListSlices, MistakesAreToldAsInCPython) {
  Ref<List> list = range_list(here(), 3);
  EXPECT_EQ(raised_by(here(), assign(list, 0, 1, kNo, shared_int(5))),
            "TypeError: must assign iterable to extended slice");
  EXPECT_EQ(raised_by(here(), assign(list, kNo, kNo, 2, numbers(here(), {1}))),
            "ValueError: attempt to assign sequence of size 1 to extended slice of size 2");
  EXPECT_EQ(raised_by(here(), assign(list, kNo, kNo, 0, numbers(here(), {1}))),
            "ValueError: slice step cannot be zero");
  EXPECT_EQ(repr(here(), list), "[0, 1, 2]");
}

TEST_F(ListSlices, WhatIsReplacedEndsOnce) {
  unsigned ends = 0;
  Ref<List> list = must(new_list(here()));
  for (int i = 0; i < 30; ++i) must(list_append(here(), list, new_probe(here(), &ends)));
  must(assign(list, 10, 25, kNo, numbers(here(), {1, 2})));  // to a smaller array or within it
  EXPECT_EQ(ends, 15u);
  must(assign(list, 0, 2, kNo, range_list(here(), 50)));  // to a larger one
  EXPECT_EQ(ends, 17u);
  Ref<Slice> every_second = slice(here(), 50, kNo, 2);
  must(delete_item(here(), list, every_second));
  EXPECT_EQ(ends, 24u);
  list_clear(here(), list);
  EXPECT_EQ(ends, 30u);
}

TEST_F(ListSlices, AFinalizerOfWhatIsReplacedMayEmptyTheList) {
  for (const std::int64_t step : {std::int64_t{1}, std::int64_t{2}}) {
    Ref<List> list = range_list(here(), 20);
    for (std::int64_t i = 0; i < 20; ++i) {
      Ref<Probe> probe = new_probe(here(), nullptr, finalized_probe_type);
      give_finalizer(
          *probe,
          [](ThreadState& thread, Probe& self) {
            list_clear(thread, Borrowed<List>(static_cast<List*>(self.context)));
          },
          list.get());
      EXPECT_TRUE(list_set(here(), list, i, std::move(probe)));
    }
    Ref<Slice> range = slice(here(), 2, 12, step);
    must(delete_item(here(), list, range));
    EXPECT_EQ(list_size(*list), 0);
  }
}

}  // namespace
}  // namespace runtime
