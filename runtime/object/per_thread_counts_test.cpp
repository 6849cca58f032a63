#include "runtime/object/per_thread_counts.h"

#include <gtest/gtest.h>
#include <vector>

#include "runtime/memory/raw_heap.h"
#include "runtime/object/deferred.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

// What is left of a type's count, with everybody's counts merged, besides its bias.
std::int64_t merged_count(Kernel& kernel, Type& type) {
  StoppedWorld stopped(kernel.first_thread());
  kernel.count_ids().merge_in_stopped_world();
  return reference_count(&type) - kDeferredBias;
}

TEST(PerThreadCounts, InstancesCountTheirTypeInTheirThreadsArray) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Ref<Type> type = new_type(thread, kProbeSlots);
  const std::int64_t before = reference_count(type.get());
  Ref<Probe> probe = new_object<Probe>(thread, *type);
  EXPECT_EQ(reference_count(type.get()), before);
  EXPECT_EQ(merged_count(kernel, *type), 2);
  probe.drop(thread);
  EXPECT_EQ(merged_count(kernel, *type), 1);
}

TEST(PerThreadCounts, AReferenceTakenHereMayBeGivenBackThere) {
  Kernel kernel;
  ThreadState& here = kernel.first_thread();
  Ref<Type> type = new_type(here, kProbeSlots);
  std::vector<Ref<Probe>> probes;
  for (int i = 0; i < 10; ++i) probes.push_back(new_object<Probe>(here, *type));
  run_attached(kernel, {[&](ThreadState& there) {
                 // Merged, so that they end here and now.
                 StoppedWorld stopped(there);
                 for (Ref<Probe>& probe : probes) EXPECT_EQ(explicit_merge(probe.get(), 0), 1);
               }});
  run_attached(kernel, {[&](ThreadState& there) {
                 for (Ref<Probe>& probe : probes) probe.drop(there);
                 EXPECT_EQ(there.slot(kPerThreadCountsSlot)->counts[type->count_id.peek()], -10);
               }});
  EXPECT_EQ(merged_count(kernel, *type), 1);
}

TEST(PerThreadCounts, AThreadThatExitsLeavesItsCountsBehind) {
  Kernel kernel;
  ThreadState& here = kernel.first_thread();
  Ref<Type> type = new_type(here, kProbeSlots);
  Ref<Probe> probe;
  run_attached(kernel, {[&](ThreadState& there) { probe = new_object<Probe>(there, *type); }});
  EXPECT_EQ(merged_count(kernel, *type), 2);
  probe.drop(here);
  EXPECT_EQ(merged_count(kernel, *type), 1);
}

TEST(PerThreadCounts, AnIdIsUsedAgainAfterItsObjectHasGone) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  std::uint32_t first_id;
  {
    Ref<Type> type = new_type(thread, kProbeSlots);
    first_id = type->count_id.peek();
    new_object<Probe>(thread, *type).drop(thread);
    Ref<Probe> survivor = new_object<Probe>(thread, *type);
    Type* object = type.release();
    std::int64_t left;
    {
      StoppedWorld stopped(thread);
      left = undefer_in_stopped_world(thread, object);
    }
    EXPECT_EQ(left, 2);
    EXPECT_EQ(object->count_id.peek(), kNoCountId);
    decrement(thread, object);
    survivor.drop(thread);  // and with it the type
  }
  Ref<Type> next = new_type(thread, kProbeSlots);
  EXPECT_EQ(next->count_id.peek(), first_id);
  EXPECT_EQ(kernel.count_ids().highest(), 1u);
  EXPECT_EQ(merged_count(kernel, *next), 1);
}

TEST(PerThreadCounts, ManyIdsAndThreads) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  constexpr unsigned kTypes = 100;
  std::vector<Ref<Type>> types;
  for (unsigned i = 0; i < kTypes; ++i) {
    types.push_back(new_type(thread, kProbeSlots));
    EXPECT_EQ(types.back()->count_id.peek(), i);
  }
  std::vector<Ref<Probe>> probes[2];
  AttachedBody body[2];
  for (int side = 0; side < 2; ++side) {
    body[side] = [&, side](ThreadState& there) {
      for (unsigned round = 0; round < 3; ++round) {
        for (Ref<Type>& type : types) probes[side].push_back(new_object<Probe>(there, *type));
      }
    };
  }
  run_attached(kernel, {body[0], body[1]});
  for (Ref<Type>& type : types) EXPECT_EQ(merged_count(kernel, *type), 7);
}

TEST(PerThreadCounts, WithoutMemoryForTheArrayReferencesAreCountedInTheOrdinaryWay) {
  Kernel kernel;
  ThreadState& here = kernel.first_thread();
  Ref<Type> type = new_type(here, kProbeSlots);
  here.slot(kRawBuffersSlot)->allocations_left = 0;
  Ref<Probe> probe = new_object<Probe>(here, *type);
  here.slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited;
  ASSERT_TRUE(probe);
  EXPECT_EQ(merged_count(kernel, *type), 2);
  probe.drop(here);
  EXPECT_EQ(merged_count(kernel, *type), 1);
}

}  // namespace
}  // namespace runtime
