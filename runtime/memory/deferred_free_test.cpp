#include "runtime/memory/deferred_free.h"

#include <deque>
#include <gtest/gtest.h>
#include <memory>

#include "runtime/base/random.h"
#include "runtime/memory/memory_test_support.h"

namespace runtime {
namespace {

void defer_one(ThreadState& thread, std::size_t bytes = 64) {
  free_deferred(thread, raw_allocate(thread, bytes), bytes);
}

void defer_a_batch(ThreadState& thread) {
  for (std::size_t count = 0; count < DeferredQueue::kBatchBuffers; ++count) defer_one(thread);
}

TEST(DeferredFree, ABufferOutlivesItsReaders) {
  MemoryWorld world;
  auto reader = std::make_unique<Reader>(world.memory);
  defer_one(world);
  process_deferred(world);
  report_quiescent(world);
  process_deferred(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, 1U) << "the reader may be inside";
  reader->report();
  process_deferred(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, 0U);
  EXPECT_EQ(world.memory.statistics().raw_bytes, 0U);
}

TEST(DeferredFree, TheOwnPointersCountAsWell) {
  MemoryWorld world;
  defer_one(world);
  process_deferred(world);
  process_deferred(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, 1U) << "this thread may be inside";
  quiescent_point(world);
  process_deferred(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, 0U);
}

TEST(DeferredFree, FullBatchesAreFreedAtQuiescentPoints) {
  MemoryWorld world;
  defer_a_batch(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, DeferredQueue::kBatchBuffers);
  quiescent_point(world);  // gives the batch its goal
  defer_a_batch(world);
  quiescent_point(world);  // finds that the first batch is due
  EXPECT_EQ(world.memory.statistics().deferred_buffers, DeferredQueue::kBatchBuffers);
}

TEST(DeferredFree, ALargeBufferFillsABatch) {
  MemoryWorld world;
  defer_one(world, DeferredQueue::kBatchBytes);
  quiescent_point(world);
  defer_one(world, DeferredQueue::kBatchBytes);
  quiescent_point(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, 1U);
  EXPECT_EQ(world.memory.statistics().deferred_bytes, DeferredQueue::kBatchBytes);
}

TEST(DeferredFree, ABlockedThreadDelaysNobody) {
  MemoryWorld world;
  Puppet blocked(world.world);
  blocked.run([](ThreadState&) {});  // it was attached once
  defer_one(world);
  process_deferred(world);
  quiescent_point(world);
  process_deferred(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, 0U);
}

TEST(DeferredFree, WhatWasDeferredBeforeBlockingIsFreedAfter) {
  MemoryWorld world;
  defer_one(world);
  { Detached detached(world); }  // stamped, and offline meanwhile
  quiescent_point(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, 0U);
}

TEST(DeferredFree, WhatAnExitedThreadLeftIsFreedByAnother) {
  MemoryWorld world;
  Reader reader(world.memory);
  {
    Puppet short_lived(world.world);
    short_lived.run([](ThreadState& thread) { defer_a_batch(thread); });
  }
  EXPECT_EQ(world.memory.statistics().deferred_buffers, DeferredQueue::kBatchBuffers);
  process_deferred(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, DeferredQueue::kBatchBuffers)
      << "the reader may be inside";
  reader.report();
  quiescent_point(world);
  process_deferred(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, 0U);
}

TEST(DeferredFree, WhatNobodyFreedIsFreedWithTheRuntime) {
  MemoryWorld world;
  Puppet short_lived(world.world);
  short_lived.run([](ThreadState& thread) { defer_a_batch(thread); });
  defer_a_batch(world);
  // The leak check of the build looks at the rest.
}

TEST(DeferredFree, DrainingFreesEverythingOfAllThreads) {
  MemoryWorld world;
  Puppet other(world.world);
  other.run([](ThreadState& thread) { defer_one(thread); });
  Puppet short_lived(world.world);
  short_lived.run([](ThreadState& thread) { defer_one(thread); });
  short_lived.exit();
  defer_one(world);
  ASSERT_EQ(world.memory.statistics().deferred_buffers, 3U);
  drain_everything(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, 0U);
  EXPECT_EQ(world.memory.statistics().raw_bytes, 0U);
  defer_a_batch(world);  // the queue is as good as new
  quiescent_point(world);
  quiescent_point(world);
  process_deferred(world);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, 0U);
}

TEST(DeferredFree, WithoutMemoryToRememberABufferTheWorldStops) {
  MemoryWorld world;
  Atomic<bool> is_inside{false};
  RunningThread other(world.world, [&](ThreadState& thread) {
    is_inside.store(true);
    while (is_inside.load()) safe_point(thread);
  });
  while (!is_inside.load()) spin_pause();
  ThreadState& thread = world;
  void* buffer = raw_allocate(thread, 64);
  thread.slot(kRawBuffersSlot)->allocations_left = 0;
  ASSERT_EQ(raw_allocate(thread, 1), nullptr);
  free_deferred(thread, buffer, 64);
  EXPECT_EQ(world.memory.statistics().deferred_buffers, 0U);
  EXPECT_EQ(world.memory.statistics().raw_bytes, 0U);
  thread.slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited;
  is_inside.store(false);
}

// Beside a deque of what was deferred, with the goal of each.
TEST(DeferredQueue, AgreesWithADeque) {
  struct Waiting {
    std::size_t bytes;
    std::size_t goal;  // index into the goals; none while in the batch
  };
  constexpr std::size_t kNone = SIZE_MAX;
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    MemoryWorld world;
    Qsbr& qsbr = world.memory.qsbr();
    report_quiescent(world);
    DeferredQueue queue;
    std::deque<Waiting> model;
    std::size_t goals = 0;
    std::size_t goals_reached = 0;
    for (int step = 0; step < 2000; ++step) {
      switch (random.below(random.one_in(20) ? 4 : 2)) {
        case 0: {
          std::size_t bytes = 1 + random.below(100);
          ASSERT_TRUE(queue.push(world, raw_allocate(world, bytes), bytes));
          model.push_back({bytes, kNone});
          break;
        }
        case 1: {
          queue.free_due(world, qsbr);
          while (!model.empty() && model.front().goal < goals_reached) model.pop_front();
          break;
        }
        case 2:
          queue.stamp(qsbr);
          if (!model.empty() && model.back().goal == kNone) {
            for (Waiting& waiting : model) {
              if (waiting.goal == kNone) waiting.goal = goals;
            }
            ++goals;
          }
          break;
        default:
          report_quiescent(world);
          goals_reached = goals;
      }
      std::size_t bytes = 0;
      for (const Waiting& waiting : model) bytes += waiting.bytes;
      ASSERT_EQ(queue.buffers(), model.size());
      ASSERT_EQ(queue.bytes(), bytes);
    }
    queue.free_all(world);
    EXPECT_TRUE(queue.is_empty());
    EXPECT_EQ(world.memory.statistics().raw_bytes, 0U);
  }
}

TEST(DeferredQueue, WhatIsMovedToAnotherKeepsItsGoal) {
  MemoryWorld world;
  Qsbr& qsbr = world.memory.qsbr();
  DeferredQueue all;
  for (int round = 0; round < 5; ++round) {
    DeferredQueue one;
    for (int count = 0; count < 100; ++count) {
      ASSERT_TRUE(one.push(world, raw_allocate(world, 8), 8));
    }
    one.stamp(qsbr);
    all.append(one);
    EXPECT_TRUE(one.is_empty());
    if (round == 2) report_quiescent(world);
  }
  all.free_due(world, qsbr);
  EXPECT_EQ(all.buffers(), 200U);
  report_quiescent(world);
  all.free_due(world, qsbr);
  EXPECT_TRUE(all.is_empty());
}

// Readers follow a pointer that a writer replaces all the time; each buffer says who it is.
TEST(DeferredFree, ReadersNeverSeeAFreedBuffer) {
  constexpr std::uint64_t kCanary = 0x5ca1ab1e0ddba11;
  constexpr int kRounds = 20'000;
  MemoryWorld world;
  auto fresh = [&](ThreadState& thread) {
    auto* buffer = static_cast<std::uint64_t*>(raw_allocate(thread, 64));
    buffer[0] = buffer[7] = kCanary;
    return buffer;
  };
  Atomic<std::uint64_t*> shared{fresh(world)};
  Atomic<bool> is_over{false};
  {
    auto read = [&](ThreadState& thread) {
      while (!is_over.load_relaxed()) {
        std::uint64_t* buffer = shared.load_acquire();
        RT_CHECK(buffer[0] == kCanary && buffer[7] == kCanary, "a buffer lives while it is read");
        quiescent_point(thread);
      }
    };
    RunningThread first(world.world, read);
    RunningThread second(world.world, read);
    for (int round = 0; round < kRounds; ++round) {
      std::uint64_t* old = shared.exchange_acq_rel(fresh(world));
      free_deferred(world, old, 64);
      quiescent_point(world);
    }
    is_over.store(true);
  }
  raw_free(world, shared.load(), 64);
  drain_everything(world);
  EXPECT_EQ(world.memory.statistics().raw_bytes, 0U);
}

}  // namespace
}  // namespace runtime
