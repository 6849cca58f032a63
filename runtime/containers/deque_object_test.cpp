#include "runtime/containers/deque_object.h"

#include <deque>
#include <gtest/gtest.h>

#include "runtime/base/random.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

Ref<Deque> deque_of(ThreadState& thread, int count, std::int64_t greatest = Deque::kUnlimited) {
  Ref<Deque> deque = must(new_deque(thread, greatest));
  for (int i = 0; i < count; ++i) {
    must(deque_add(thread, deque, End::kRight, number(thread, i)));
  }
  return deque;
}

TEST(Deque, DoesWhatTheModelDoes) {
  ValueKernel kernel;
  ThreadState& thread = kernel.here();
  Random random(7);
  Ref<Deque> deque = must(new_deque(thread));
  std::deque<std::int64_t> model;
  for (int step = 0; step < 5000; ++step) {
    const auto size = static_cast<std::int64_t>(model.size());
    const auto value = static_cast<std::int64_t>(step);
    switch (random.next() % 8) {
      case 0:
      case 1:
        must(deque_add(thread, deque, End::kRight, number(thread, value)));
        model.push_back(value);
        break;
      case 2:
        must(deque_add(thread, deque, End::kLeft, number(thread, value)));
        model.push_front(value);
        break;
      case 3:
        if (size == 0) break;
        EXPECT_EQ(repr(thread, must(deque_pop(thread, deque, End::kLeft))),
                  std::to_string(model.front()));
        model.pop_front();
        break;
      case 4:
        if (size == 0) break;
        EXPECT_EQ(repr(thread, must(deque_pop(thread, deque, End::kRight))),
                  std::to_string(model.back()));
        model.pop_back();
        break;
      case 5: {
        if (size == 0) break;
        const auto steps = static_cast<std::int64_t>(random.next() % 20) - 10;
        deque_rotate(thread, deque, steps);
        const std::int64_t left = ((-steps % size) + size) % size;
        std::rotate(model.begin(), model.begin() + left, model.end());
        break;
      }
      case 6: {
        const auto place = static_cast<std::int64_t>(random.next() % (model.size() + 1));
        must(deque_insert(thread, deque, place, number(thread, value)));
        model.insert(model.begin() + place, value);
        break;
      }
      default: {
        if (size == 0) break;
        const auto place = static_cast<std::int64_t>(random.next() % model.size());
        must(deque_set(thread, deque, place, nullptr));
        model.erase(model.begin() + place);
      }
    }
    if (step % 16 == 0) {
      std::vector<Ref<Object>> items = deque_items(thread, deque);
      ASSERT_EQ(items.size(), model.size());
      for (std::size_t i = 0; i < items.size(); ++i) {
        ASSERT_EQ(static_cast<Int*>(items[i].get())->small, model[i]);
      }
    }
  }
}

TEST(Deque, KeepsItsGreatestLengthAtEitherEnd) {
  ValueKernel kernel;
  ThreadState& thread = kernel.here();
  Ref<Deque> deque = deque_of(thread, 5, 3);
  EXPECT_EQ(repr(thread, deque), "deque([2, 3, 4], maxlen=3)");
  must(deque_add(thread, deque, End::kLeft, number(thread, 9)));
  EXPECT_EQ(repr(thread, deque), "deque([9, 2, 3], maxlen=3)");
  EXPECT_EQ(raised_by(thread, deque_insert(thread, deque, 1, number(thread, 1))),
            "IndexError: deque already at its maximum size");
  Ref<Deque> none_fits = deque_of(thread, 2, 0);
  EXPECT_EQ(repr(thread, none_fits), "deque([], maxlen=0)");
}

TEST(Deque, TellsWhoWalksThroughItThatItWasChanged) {
  ValueKernel kernel;
  ThreadState& thread = kernel.here();
  Ref<Deque> deque = deque_of(thread, 3);
  Ref<Object> iterator = must(deque_iterator(thread, deque, End::kLeft));
  EXPECT_EQ(told(thread, next_of(thread, iterator)), "0");
  must(deque_add(thread, deque, End::kRight, number(thread, 3)));
  EXPECT_EQ(told(thread, next_of(thread, iterator)),
            "RuntimeError: deque mutated during iteration");
  EXPECT_FALSE(
      must(next_of(thread, must(deque_iterator(thread, deque_of(thread, 0), End::kLeft)))));
  Ref<Object> backwards = must(deque_iterator(thread, deque, End::kRight));
  EXPECT_EQ(told(thread, next_of(thread, backwards)), "3");
  EXPECT_EQ(deque_iterator_left(thread, backwards), 3);
}

TEST(Deque, IsExtendedByItselfOnce) {
  ValueKernel kernel;
  ThreadState& thread = kernel.here();
  Ref<Deque> deque = must(new_deque(thread));
  for (int i = 1; i <= 2; ++i) must(deque_add(thread, deque, End::kRight, shared_int(i)));
  must(deque_extend(thread, deque, End::kRight, deque));
  EXPECT_EQ(repr(thread, deque), "deque([1, 2, 1, 2])");
}

TEST(Deque, SaysWhatIsNotThere) {
  ValueKernel kernel;
  ThreadState& thread = kernel.here();
  Ref<Deque> deque = deque_of(thread, 2);
  EXPECT_EQ(raised_by(thread, deque_remove(thread, deque, number(thread, 5))),
            "ValueError: deque.remove(x): x not in deque");
  EXPECT_EQ(raised_by(thread, deque_get(thread, deque, 2)), "IndexError: deque index out of range");
  deque_clear(thread, deque);
  EXPECT_EQ(raised_by(thread, deque_pop(thread, deque, End::kLeft)),
            "IndexError: pop from an empty deque");
}

TEST(Deque, ContainsItselfInItsRepr) {
  ValueKernel kernel;
  ThreadState& thread = kernel.here();
  Ref<Deque> deque = deque_of(thread, 1);
  must(deque_add(thread, deque, End::kRight, deque.duplicate(thread)));
  EXPECT_EQ(repr(thread, deque), "deque([0, [...]])");
  deque_clear(thread, deque);
}

}  // namespace
}  // namespace runtime
