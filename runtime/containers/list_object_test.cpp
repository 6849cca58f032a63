#include "runtime/containers/list_object.h"

#include <gtest/gtest.h>

#include "runtime/base/random.h"
#include "runtime/containers/list_storage.h"
#include "runtime/containers/list_test_support.h"

namespace runtime {
namespace {

class ListTest : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  std::uint64_t& allocations_left() { return here().slot(kRawBuffersSlot)->allocations_left; }
  void run_elsewhere(AttachedBody body) { run_attached(kernel_.kernel, {std::move(body)}); }

  ValueKernel kernel_;
};

TEST_F(ListTest, AListIsReadByIndex) {
  Ref<List> list = numbers(here(), {10, 11, 12});
  EXPECT_EQ(list_size(*list), 3);
  EXPECT_EQ(value_of(list_get(here(), list, 0)), 10);
  EXPECT_EQ(value_of(list_get(here(), list, 2)), 12);
  EXPECT_FALSE(list_get(here(), list, 3));
  EXPECT_FALSE(list_get(here(), list, -1));
  EXPECT_EQ(told(here(), get_item(here(), list, number(here(), -3))), "10");
  EXPECT_EQ(told(here(), get_item(here(), list, number(here(), -4))),
            "IndexError: list index out of range");
  EXPECT_EQ(told(here(), get_item(here(), list, text(here(), "a"))),
            "TypeError: list indices must be integers or slices, not str");
}

TEST_F(ListTest, CapacityGrowsAsInCPythonAndThenFaster) {
  Ref<List> list = must(new_list(here()));
  std::vector<std::int64_t> capacities;
  for (int i = 0; i < 70; ++i) {
    must(list_append(here(), list, none()));
    const std::int64_t capacity = capacity_of(list->items.load_relaxed());
    if (capacities.empty() || capacities.back() != capacity) capacities.push_back(capacity);
  }
  EXPECT_EQ(capacities, (std::vector<std::int64_t>{4, 8, 16, 24, 32, 52, 84}));
}

TEST_F(ListTest, AnItemIsReplacedAndTheOldOneEnds) {
  unsigned ends = 0;
  Ref<List> list = must(new_list(here()));
  must(list_append(here(), list, new_probe(here(), &ends)));
  EXPECT_TRUE(list_set(here(), list, 0, shared_int(7)));
  EXPECT_EQ(ends, 1u);
  EXPECT_FALSE(list_set(here(), list, 1, new_probe(here(), &ends)));
  EXPECT_EQ(ends, 2u);
  EXPECT_EQ(raised_by(here(), set_item(here(), list, number(here(), 1), none())),
            "IndexError: list assignment index out of range");
  EXPECT_EQ(raised_by(here(), delete_item(here(), list, number(here(), -2))),
            "IndexError: list assignment index out of range");
}

TEST_F(ListTest, WhatIsReplacedIsGoneBeforeItEnds) {
  Ref<List> list = must(new_list(here()));
  Ref<Probe> probe = new_probe(here(), nullptr, finalized_probe_type);
  give_finalizer(
      *probe,
      [](ThreadState& thread, Probe& self) {
        Borrowed<List> its_list(static_cast<List*>(self.context));
        RT_CHECK(value_of(list_get(thread, its_list, 0)) == 7, "the list has the new item");
      },
      list.get());
  must(list_append(here(), list, std::move(probe)));
  EXPECT_TRUE(list_set(here(), list, 0, shared_int(7)));
}

TEST_F(ListTest, TheItemsEndWithTheList) {
  unsigned ends = 0;
  {
    Ref<List> list = must(new_list(here()));
    for (int i = 0; i < 100; ++i) must(list_append(here(), list, new_probe(here(), &ends)));
    EXPECT_EQ(ends, 0u);
  }
  EXPECT_EQ(ends, 100u);
}

TEST_F(ListTest, ALongChainOfListsEndsWithoutRecursion) {
  Ref<List> chain = must(new_list(here()));
  for (int i = 0; i < 200'000; ++i) {
    Ref<List> outer = must(new_list(here()));
    must(list_append(here(), outer, std::move(chain)));
    chain = std::move(outer);
  }
}

TEST_F(ListTest, AListOfItsOwnerAloneIsNotShared) {
  Ref<List> list = range_list(here(), 100);
  list_clear(here(), list);
  EXPECT_FALSE(is_shared(list.get()));
  EXPECT_EQ(kernel_.kernel.first_thread().slot(kDeferredFreeSlot)->queue.buffers(), 0u);
}

#if !HEDDLE_GIL  // in the GIL build nothing is ever shared
TEST_F(ListTest, TheFirstReaderFromElsewhereMakesItShared) {
  Ref<List> list = must(new_list(here()));
  must(list_append(here(), list, new_probe(here())));
  run_elsewhere([&](ThreadState& thread) {
    EXPECT_TRUE(list_get(thread, list, 0));
    EXPECT_TRUE(is_shared(list.get()));
    EXPECT_EQ(shared_state(list->items.load_relaxed()->slots()[0].load_relaxed()->shared.load()),
              kMaybeWeak);
  });
  const std::size_t before = here().slot(kDeferredFreeSlot)->queue.buffers();
  for (int i = 0; i < 4; ++i) must(list_append(here(), list, none()));
  EXPECT_EQ(here().slot(kDeferredFreeSlot)->queue.buffers(), before + 1);
}
#endif

TEST_F(ListTest, AnItemOfAnotherThreadIsReadUnderTheLockOnceOnly) {
  Ref<List> list = must(new_list(here()));
  run_elsewhere([&](ThreadState& thread) {
    must(list_append(thread, list, new_probe(thread)));
    Ref<Object> item = list_get(thread, list, 0);
    EXPECT_TRUE(item);
  });
  Ref<Object> item = list_get(here(), list, 0);
  EXPECT_TRUE(try_increment(here(), item.get()));
  decrement(here(), item.get());
}

TEST_F(ListTest, WithoutMemoryNothingChanges) {
  Ref<List> list = numbers(here(), {1, 2, 3, 4});
  Ref<List> other = numbers(here(), {5});
  Ref<Tuple> pair = must(new_tuple(here(), {shared_int(5), shared_int(6)}));
  const auto expect_failure = [&](auto operation) {
    allocations_left() = 0;
    const std::string raised = operation();
    allocations_left() = RawBuffers::kUnlimited;
    EXPECT_EQ(raised, "MemoryError");
    EXPECT_EQ(values_of(here(), list), (std::vector<std::int64_t>{1, 2, 3, 4}));
  };
  expect_failure([&] { return raised_by(here(), list_append(here(), list, none())); });
  expect_failure([&] { return raised_by(here(), list_insert(here(), list, 1, none())); });
  expect_failure([&] { return raised_by(here(), list_extend(here(), list, other)); });
  expect_failure([&] { return raised_by(here(), list_extend(here(), list, pair)); });
  expect_failure([&] { return raised_by(here(), list_repeat_in_place(here(), list, 2)); });
  expect_failure([&] { return raised_by(here(), list_repeat(here(), list, 2)); });
  expect_failure([&] { return raised_by(here(), list_copy(here(), list)); });
  expect_failure([&] { return raised_by(here(), list_concatenate(here(), list, other)); });
  expect_failure([&] { return raised_by(here(), list_sort(here(), list, nullptr, false)); });
  Ref<Slice> inside = slice(here(), 1, 2);
  expect_failure(
      [&] { return raised_by(here(), list_set_slice(here(), list, inside, pair.get())); });
  expect_failure([&] { return raised_by(here(), list_get_slice(here(), list, inside)); });
  EXPECT_EQ(raised_by(here(), list_repeat(here(), list, INT64_MAX / 2)), "MemoryError");
  EXPECT_EQ(raised_by(here(), list_repeat_in_place(here(), list, INT64_MAX / 8)), "MemoryError");
}

TEST_F(ListTest, RemovingNeedsNoMemory) {
  Ref<List> list = range_list(here(), 100);
  allocations_left() = 0;
  for (int i = 0; i < 60; ++i) must(list_pop(here(), list));
  list_clear(here(), list);
  allocations_left() = RawBuffers::kUnlimited;
  EXPECT_EQ(list_size(*list), 0);
}

// Beside the list stands a vector.
TEST_F(ListTest, RandomOperationsDoWhatAVectorDoes) {
  constexpr std::uint64_t kSeed = 20'241'121;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  Random random(kSeed);
  Ref<List> list = must(new_list(here()));
  std::vector<std::int64_t> model;
  const auto place = [&] { return static_cast<std::int64_t>(random.below(model.size() + 1)); };
  for (int turn = 0; turn < 20'000; ++turn) {
    const std::int64_t at = place();
    const std::int64_t value = turn % 1000;
    switch (random.below(model.size() > 60 ? 9 : 7)) {
      case 0:
      case 1:
        must(list_append(here(), list, number(here(), value)));
        model.push_back(value);
        break;
      case 2:
        must(list_insert(here(), list, at, number(here(), value)));
        model.insert(model.begin() + at, value);
        break;
      case 3:
        EXPECT_EQ(list_set(here(), list, at, number(here(), value)),
                  at < static_cast<std::int64_t>(model.size()));
        if (at < static_cast<std::int64_t>(model.size()))
          model[static_cast<std::size_t>(at)] = value;
        break;
      case 4:
        if (at == static_cast<std::int64_t>(model.size())) break;
        EXPECT_EQ(value_of(must(list_pop(here(), list, at))), model[static_cast<std::size_t>(at)]);
        model.erase(model.begin() + at);
        break;
      case 5: {
        const std::int64_t other = place();
        const std::int64_t begin = std::min(at, other);
        const std::int64_t end = std::max(at, other);
        std::vector<std::int64_t> values(random.below(5), value);
        Ref<List> items = must(new_list(here()));
        for (const std::int64_t v : values) must(list_append(here(), items, number(here(), v)));
        Ref<Slice> range = slice(here(), begin, end);
        must(list_set_slice(here(), list, range, items.get()));
        model.erase(model.begin() + begin, model.begin() + end);
        model.insert(model.begin() + begin, values.begin(), values.end());
        break;
      }
      case 6:
        list_reverse(here(), list);
        std::reverse(model.begin(), model.end());
        break;
      case 7:
        must(list_sort(here(), list, nullptr, false));
        std::sort(model.begin(), model.end());
        break;
      default:
        if (!random.one_in(4)) break;
        list_clear(here(), list);
        model.clear();
    }
    ASSERT_EQ(values_of(here(), list), model) << "turn " << turn;
  }
}

}  // namespace
}  // namespace runtime
