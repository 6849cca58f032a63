#include "runtime/memory/memory.h"

#include <gtest/gtest.h>

#include "runtime/base/build.h"
#include "runtime/memory/memory_test_support.h"

namespace runtime {
namespace {

TEST(Memory, StatisticsCountObjectsAndBuffers) {
  MemoryWorld world;
  void* object = allocate_object(world, 100, HeapKind::kPlain);
  void* large = allocate_object(world, 50'000, HeapKind::kPlain);
  void* buffer = raw_allocate(world, 1000);
  MemoryStatistics statistics = world.memory.statistics();
  EXPECT_EQ(statistics.objects, 2U);
  EXPECT_EQ(statistics.object_bytes, usable_size(object) + usable_size(large));
  EXPECT_EQ(statistics.pages_owned, 2U);
  EXPECT_GT(statistics.page_bytes, kObjectPageBytes + 50'000);
  EXPECT_EQ(statistics.raw_bytes, 1000U);
  buffer = raw_reallocate(world, buffer, 1000, 300);
  EXPECT_EQ(world.memory.statistics().raw_bytes, 300U);
  free_deferred(world, buffer, 300);
  const std::size_t waiting = kFreeThreaded ? 300 : 0;
  EXPECT_EQ(world.memory.statistics().raw_bytes, waiting);
  EXPECT_EQ(world.memory.statistics().deferred_bytes, waiting);
  free_object(world, object);
  free_object(world, large);
  drain_everything(world);
  statistics = world.memory.statistics();
  EXPECT_EQ(statistics.objects, 0U);
  EXPECT_EQ(statistics.object_bytes, 0U);
  EXPECT_EQ(statistics.raw_bytes, 0U);
  EXPECT_EQ(statistics.deferred_bytes, 0U);
  EXPECT_EQ(statistics.page_bytes, statistics.pages_pooled * kObjectPageBytes);
}

TEST(Memory, ABufferMayBeFreedByAnotherThreadThanItsOwn) {
  MemoryWorld world;
  Puppet other(world.world);
  void* buffer = other.run([](ThreadState& thread) { return raw_allocate_zeroed(thread, 100); });
  for (int index = 0; index < 100; ++index) EXPECT_EQ(static_cast<char*>(buffer)[index], 0);
  raw_free(world, buffer, 100);
  EXPECT_EQ(world.memory.statistics().raw_bytes, 0U);
  other.exit();
  EXPECT_EQ(world.memory.statistics().raw_bytes, 0U);
}

TEST(Memory, FailedAllocationsChangeNothing) {
  MemoryWorld world;
  ThreadState& thread = world;
  auto* buffer = static_cast<char*>(raw_allocate(thread, 10));
  buffer[9] = 'x';
  thread.slot(kRawBuffersSlot)->allocations_left = 1;
  void* last = raw_allocate(thread, 10);
  EXPECT_NE(last, nullptr);
  EXPECT_EQ(raw_allocate(thread, 10), nullptr);
  EXPECT_EQ(raw_reallocate(thread, buffer, 10, 20), nullptr);
  EXPECT_EQ(buffer[9], 'x');
  EXPECT_EQ(world.memory.statistics().raw_bytes, 20U);
  raw_free(thread, buffer, 10);
  raw_free(thread, last, 10);
  raw_free(thread, nullptr, 10);
}

TEST(Memory, RuntimesKnowNothingOfEachOther) {
  World world;
  Memory memory(world);
  Puppet here(world);
  MemoryWorld elsewhere;
  void* object =
      here.run([](ThreadState& thread) { return allocate_object(thread, 64, HeapKind::kPlain); });
  EXPECT_EQ(memory.statistics().objects, 1U);
  EXPECT_EQ(elsewhere.memory.statistics().objects, 0U);
  drain_everything(elsewhere);
  EXPECT_EQ(memory.statistics().objects, 1U);
  here.run([&](ThreadState& thread) { free_object(thread, object); });
}

TEST(Memory, ThreadsMayExistBeforeIt) {
  World world;
  ThreadState* thread = world.create_thread();
  attach(*thread);
  {
    Memory memory(world);
    EXPECT_EQ(&Memory::of(*thread), &memory);
    EXPECT_FALSE(memory.qsbr().reached(memory.qsbr().advance())) << "it is attached, so online";
    free_object(*thread, allocate_object(*thread, 64, HeapKind::kPlain));
    world.destroy_thread(thread);
  }
}

TEST(Memory, StatisticsMayBeReadWhileThreadsRun) {
  MemoryWorld world;
  Atomic<bool> is_over{false};
  Atomic<int> running{0};
  {
    auto churn = [&](ThreadState& thread) {
      running.fetch_add(1);
      while (!is_over.load_relaxed()) {
        void* objects[50];
        for (void*& object : objects) object = allocate_object(thread, 48, HeapKind::kPlain);
        free_deferred(thread, raw_allocate(thread, 100), 100);
        for (void* object : objects) free_object(thread, object);
        quiescent_point(thread);
      }
    };
    RunningThread first(world.world, churn);
    RunningThread second(world.world, churn);
    while (running.load() != 2) quiescent_point(world);
    for (int round = 0; round < 300; ++round) {
      MemoryStatistics statistics = world.memory.statistics();
      EXPECT_LE(statistics.objects, 100U);
      quiescent_point(world);
      if (round % 100 == 0) drain_everything(world);
    }
    is_over.store(true);
  }
  EXPECT_EQ(world.memory.statistics().objects, 0U);
}

}  // namespace
}  // namespace runtime
