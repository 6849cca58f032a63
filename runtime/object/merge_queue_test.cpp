#include "runtime/object/merge_queue.h"

#include <gtest/gtest.h>

#include "runtime/memory/raw_heap.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

TEST(MergeQueue, AnObjectDroppedElsewhereIsMergedByItsOwner) {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(owner, &ends);
  run_attached(kernel, {[&](ThreadState& thread) { probe.drop(thread); }});
  EXPECT_EQ(ends, 0u);  // its owner was blocked all the time
  safe_point(owner);
  EXPECT_EQ(ends, 1u);
}

TEST(MergeQueue, AnOwnerThatRunsMergesAtItsNextSafePoint) {
  Kernel kernel;
  unsigned ends = 0;
  Semaphore made;
  Atomic<bool> ended(false);
  Ref<Probe> probe;
  run_attached(kernel, {[&](ThreadState& thread) {
                          probe = new_probe(thread, &ends);
                          made.post();
                          while (ends == 0) safe_point(thread);
                          ended.store(true);
                        },
                        [&](ThreadState& thread) {
                          wait_detached(thread, made);
                          probe.drop(thread);
                        }});
  EXPECT_TRUE(ended.load());
  EXPECT_EQ(ends, 1u);
}

TEST(MergeQueue, AnOwnerThatExitsMergesWhatIsQueued) {
  Kernel kernel;
  unsigned ends = 0;
  Semaphore made;
  Semaphore dropped;
  Ref<Probe> probe;
  run_attached(kernel, {[&](ThreadState& thread) {
                          probe = new_probe(thread, &ends);
                          Detached detached(thread);
                          made.post();
                          dropped.wait();
                        },
                        [&](ThreadState& thread) {
                          wait_detached(thread, made);
                          probe.drop(thread);
                          EXPECT_EQ(ends, 0u);
                          dropped.post();
                        }});
  EXPECT_EQ(ends, 1u);
}

TEST(MergeQueue, AnObjectWhoseOwnerHasGoneIsMergedByWhoDropsIt) {
  Kernel kernel;
  ThreadState& here = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> probe;
  run_attached(kernel, {[&](ThreadState& thread) { probe = new_probe(thread, &ends); }});
  EXPECT_NE(probe->owner.peek(), 0u);  // gone, but not merged
  Ref<Probe> second = probe.duplicate(here);
  probe.drop(here);
  EXPECT_EQ(ends, 0u);
  second.drop(here);
  EXPECT_EQ(ends, 1u);
}

TEST(MergeQueue, WithoutMemoryForTheQueueTheWorldStopsAndTheDropperMerges) {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(owner, &ends);
  Ref<Probe> kept = new_probe(owner, &ends);
  Ref<Probe> kept_too = kept.duplicate(owner);
  run_attached(kernel, {[&](ThreadState& thread) {
                 thread.slot(kRawBuffersSlot)->allocations_left = 0;
                 probe.drop(thread);
                 EXPECT_EQ(ends, 1u);
                 kept.drop(thread);
                 EXPECT_EQ(ends, 1u);
                 thread.slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited;
               }});
  EXPECT_EQ(kept_too->owner.peek(), 0u);
  EXPECT_EQ(kept_too->shared.peek(), shared_word(1, kMerged));
  kept_too.drop(owner);
  EXPECT_EQ(ends, 2u);
}

TEST(MergeQueue, ManyObjectsAreMergedInOnePass) {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  unsigned ends = 0;
  constexpr unsigned kObjects = 3 * ObjectStack::kChunkCapacity + 1;
  std::vector<Ref<Probe>> probes;
  for (unsigned i = 0; i < kObjects; ++i) probes.push_back(new_probe(owner, &ends));
  run_attached(kernel, {[&](ThreadState& thread) {
                 for (Ref<Probe>& probe : probes) probe.drop(thread);
               }});
  EXPECT_EQ(ends, 0u);
  safe_point(owner);
  EXPECT_EQ(ends, kObjects);
}

TEST(MergeQueue, AFinalizerThatComesToASafePointMayMergeTheRest) {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  unsigned ends = 0;
  std::vector<Ref<Probe>> probes;
  for (int i = 0; i < 10; ++i) {
    probes.push_back(new_probe(owner, &ends, finalized_probe_type));
    give_finalizer(
        *probes.back(),
        [](ThreadState& thread, Probe&) {
          request(thread, BreakerBit::kMerge);
          safe_point(thread);
        },
        nullptr);
  }
  run_attached(kernel, {[&](ThreadState& thread) {
                 for (Ref<Probe>& probe : probes) probe.drop(thread);
               }});
  safe_point(owner);
  EXPECT_EQ(ends, 10u);
}

TEST(MergeQueue, TheFinalizerOfAnObjectDroppedElsewhereRunsOnTheOwnersThread) {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  std::uint32_t finalized_by = 0;
  Ref<Probe> probe = new_probe(owner, nullptr, finalized_probe_type);
  give_finalizer(
      *probe,
      [](ThreadState& thread, Probe& mine) {
        *static_cast<std::uint32_t*>(mine.context) = thread.serial();
      },
      &finalized_by);
  run_attached(kernel, {[&](ThreadState& thread) { probe.drop(thread); }});
  safe_point(owner);
  EXPECT_EQ(finalized_by, owner.serial());
}

TEST(MergeQueue, AStoppedWorldCanMergeForABlockedOwner) {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(owner, &ends);
  run_attached(kernel, {[&](ThreadState& thread) {
                 probe.drop(thread);
                 ObjectStack dead;
                 {
                   StoppedWorld stopped(thread);
                   ASSERT_TRUE(owner.slot(kMergeQueueSlot)->merge_in_stopped_world(thread, dead));
                 }
                 EXPECT_EQ(ends, 0u);
                 while (Object* object = dead.pop(thread)) deallocate(thread, object);
                 EXPECT_EQ(ends, 1u);
               }});
}

TEST(MergeQueue, AStoppedWorldWithoutMemoryLeavesTheRestQueued) {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(owner, &ends);
  run_attached(kernel, {[&](ThreadState& thread) {
                 probe.drop(thread);
                 ObjectStack dead;
                 StoppedWorld stopped(thread);
                 thread.slot(kRawBuffersSlot)->allocations_left = 0;
                 EXPECT_FALSE(owner.slot(kMergeQueueSlot)->merge_in_stopped_world(thread, dead));
                 thread.slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited;
                 EXPECT_TRUE(dead.is_empty());
               }});
  EXPECT_EQ(ends, 0u);
  owner.slot(kMergeQueueSlot)->merge_all(owner);
  EXPECT_EQ(ends, 1u);
}

// The table has leaves of 2048 serials; threads that come and go must not leave it growing, and a
// reader that asks for a serial whose leaf serves younger threads by now must not be given a
// stranger's queue.
TEST(MergeQueue, SerialsOfThreadsThatHaveGoneAreFoundByNobody) {
  Kernel kernel;
  ThreadState& here = kernel.first_thread();
  MergeQueues& queues = kernel.merge_queues();
  EXPECT_EQ(queues.find(here.serial()), here.slot(kMergeQueueSlot));
  constexpr unsigned kThreads = 3 * 2048;
  for (unsigned i = 0; i < kThreads; ++i) {
    ThreadState* thread = kernel.world().create_thread();
    ASSERT_EQ(queues.find(thread->serial()), thread->slot(kMergeQueueSlot));
    const std::uint32_t serial = thread->serial();
    kernel.world().destroy_thread(thread);
    ASSERT_EQ(queues.find(serial), nullptr);
  }
  for (std::uint32_t serial = 2; serial < kThreads + 2; ++serial) {
    ASSERT_EQ(queues.find(serial), nullptr) << serial;
  }
  EXPECT_EQ(queues.find(here.serial()), here.slot(kMergeQueueSlot));
  EXPECT_EQ(queues.find(0xFFFFFFFFu), nullptr);
}

TEST(MergeQueue, AChainThatWasMadeHereAndDroppedThereEndsHere) {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  unsigned ends = 0;
  Ref<Object> head;
  for (int i = 0; i < 1000; ++i) {
    Ref<Probe> probe = new_probe(owner, &ends);
    probe->field = head.release();
    head = std::move(probe);
  }
  run_attached(kernel, {[&](ThreadState& thread) { head.drop(thread); }});
  EXPECT_EQ(ends, 0u);
  safe_point(owner);
  EXPECT_EQ(ends, 1000u);
}

}  // namespace
}  // namespace runtime
