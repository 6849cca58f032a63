#include "runtime/object/ref.h"

#include <cstring>
#include <gtest/gtest.h>
#include <optional>
#include <vector>

#include "runtime/object/kernel_test_support.h"
#include "runtime/object/result.h"
#include "runtime/object/stack_ref.h"

namespace runtime {
namespace {

#if !HEDDLE_GIL
constinit Type bare_type(TypeSlots{.name = "bare"});
#endif

TEST(Ref, OwnsOneReferenceAndGivesItUpAtItsEnd) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  unsigned ends = 0;
  {
    Ref<Probe> probe = new_probe(thread, &ends);
    Ref<Object> moved = std::move(probe);
    EXPECT_FALSE(probe);
    EXPECT_EQ(reference_count(moved.get()), 1);
    Ref<Object> second = moved.duplicate(thread);
    EXPECT_EQ(reference_count(moved.get()), 2);
    second = nullptr;
    EXPECT_EQ(reference_count(moved.get()), 1);
    EXPECT_EQ(ends, 0u);
  }
  EXPECT_EQ(ends, 1u);
}

#if !HEDDLE_GIL
// A frame of a program waited for ever for its own lock: its block lay in a page that had held blocks
// of another size, where a byte of a pointer stood in the place of the lock.
TEST(Ref, AnObjectIsBornUnlockedWhateverItsPageHeldBefore) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  for (std::size_t bytes : {48u, 80u, 112u, 144u, 208u, 64u}) {
    std::vector<Ref<Object>> objects;
    for (int i = 0; i < 3000; ++i) {
      Object* object = allocate_instance(thread, bare_type, bytes);
      ASSERT_FALSE(object->mutex.is_locked());
      ASSERT_TRUE(object->mutex.try_lock());
      object->mutex.unlock();
      std::memset(static_cast<void*>(object + 1), 0x8b, bytes - sizeof(Object));
      objects.push_back(Ref<Object>::adopt(object));
    }
    objects.clear();
    drain_everything(thread);
  }
}
#endif

TEST(Ref, AssignmentDropsThePreviousObjectLast) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  static Ref<Probe>* place;
  Ref<Probe> reference = new_probe(thread, nullptr, finalized_probe_type);
  place = &reference;
  unsigned runs = 0;
  give_finalizer(
      *reference,
      [](ThreadState&, Probe& mine) {
        ++*static_cast<unsigned*>(mine.context);
        EXPECT_NE(place->get(), &mine);  // the new one is in place already
      },
      &runs);
  reference = new_probe(thread);
  EXPECT_EQ(runs, 1u);
}

TEST(StackRef, CountsOnlyWhatCouldDie) {
  if (!kFreeThreaded) GTEST_SKIP() << "nothing is deferred in the GIL build";
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> ordinary = new_probe(thread, &ends);
  Ref<Probe> deferred = new_probe(thread);
  defer(thread, deferred.get());
  const std::int64_t deferred_count = reference_count(deferred.get());

  StackRef counted = StackRef::load(thread, ordinary);
  StackRef uncounted = StackRef::load(thread, deferred);
  StackRef immortal = StackRef::load(thread, Borrowed<Object>(&probe_type));
  StackRef empty;
  EXPECT_TRUE(counted.is_counted());
  EXPECT_FALSE(uncounted.is_counted());
  EXPECT_FALSE(immortal.is_counted());
  EXPECT_TRUE(empty.is_empty());
  EXPECT_EQ(counted.object(), ordinary.get());
  EXPECT_EQ(uncounted.object(), deferred.get());
  EXPECT_EQ(reference_count(ordinary.get()), 2);
  EXPECT_EQ(reference_count(deferred.get()), deferred_count);

  StackRef second = counted.duplicate(thread);
  EXPECT_EQ(reference_count(ordinary.get()), 3);
  StackRef borrowed = StackRef::uncounted(ordinary);  // lives off `counted`
  EXPECT_EQ(reference_count(ordinary.get()), 3);
  borrowed.close(thread);
  second.close(thread);
  EXPECT_TRUE(second.is_empty());
  EXPECT_EQ(reference_count(ordinary.get()), 2);

  // What leaves the stack is counted.
  Ref<Object> in_heap = uncounted.to_heap(thread);
  EXPECT_EQ(reference_count(deferred.get()), deferred_count + 1);
  in_heap.drop(thread);
  Ref<Object> moved = counted.to_heap(thread);
  EXPECT_EQ(reference_count(ordinary.get()), 2);
  moved.drop(thread);
  ordinary.drop(thread);
  EXPECT_EQ(ends, 1u);
  EXPECT_FALSE(empty.to_heap(thread));
  immortal.close(thread);
}

Result<int> half_of(ThreadState& thread, int number) {
  if (number % 2 != 0) return Raised(new_probe(thread));
  return number / 2;
}
Result<Done> check_even(ThreadState& thread, int number) {
  TRY(half_of(thread, number));
  return Done{};
}
Result<std::optional<int>> quarter_of(ThreadState& thread, int number) {
  TRY(check_even(thread, number));
  TRY_ASSIGN(int half, half_of(thread, number));
  TRY_ASSIGN(int quarter, half_of(thread, half));
  return quarter;
}

TEST(Result, HoldsAValueOrTheExceptionThatCameInstead) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Result<std::optional<int>> good = quarter_of(thread, 12);
  ASSERT_FALSE(good.is_raised());
  EXPECT_EQ(good.value(), 3);
  for (int number : {11, 10}) {
    Result<std::optional<int>> bad = quarter_of(thread, number);
    ASSERT_TRUE(bad.is_raised());
    Raised raised = std::move(bad).raised();
    EXPECT_EQ(raised.exception()->type, &probe_type);
    Ref<Object> exception = raised.take();
    EXPECT_EQ(reference_count(exception.get()), 1);
  }
}

TEST(Result, ValuesThatOwnAreMovedOut) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  unsigned ends = 0;
  auto make = [&]() -> Result<Ref<Object>> { return new_probe(thread, &ends); };
  {
    Result<Ref<Object>> result = make();
    Ref<Object> object = std::move(result).value();
    EXPECT_EQ(reference_count(object.get()), 1);
  }
  EXPECT_EQ(ends, 1u);
}

}  // namespace
}  // namespace runtime
