// When collections happen by themselves.
#include <gtest/gtest.h>

#include "runtime/collector/collector_test_support.h"
#include "runtime/memory/deferred_free.h"

namespace runtime {
namespace {

CollectorOptions with_thresholds(int young, int second) {
  CollectorOptions options;
  options.thresholds = {young, second, 0};
  return options;
}

void make_garbage(ThreadState& thread, unsigned* ends, unsigned objects) {
  for (unsigned i = 0; i < objects; ++i) {
    Ref<Node> node = new_node(thread, ends);
    tie(thread, *node, *node);
  }
}

std::int64_t young_collections(Collector& collector) {
  return collector.statistics()[0].collections;
}

TEST(CollectorTrigger, BeyondTheThresholdTheNextSafePointCollects) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime(with_thresholds(2000, 10));
  ThreadState& thread = runtime.here();
  make_garbage(thread, &ends, 1500);
  safe_point(thread);
  EXPECT_EQ(ends, 0u);
  EXPECT_EQ(runtime.collector.counts(thread)[0], 1500);
  make_garbage(thread, &ends, 2000);
  EXPECT_EQ(ends, 0u) << "never where an object is made";
  safe_point(thread);
  EXPECT_EQ(ends, 3500u);
  EXPECT_EQ(young_collections(runtime.collector), 1);
  safe_point(thread);
  EXPECT_EQ(young_collections(runtime.collector), 1);
}

TEST(CollectorTrigger, ObjectsThatEndByTheirCountDoNotHastenIt) {
  CollectedKernel runtime(with_thresholds(2000, 10));
  ThreadState& thread = runtime.here();
  for (unsigned i = 0; i < 10'000; ++i) {
    new_node(thread).drop(thread);
    safe_point(thread);
  }
  EXPECT_EQ(young_collections(runtime.collector), 0);
  std::vector<Ref<Node>> many;
  for (unsigned i = 0; i < 1800; ++i) many.push_back(new_node(thread));
  many.clear();
  EXPECT_LT(runtime.collector.counts(thread)[0], 600);
}

TEST(CollectorTrigger, DisabledOrWithThresholdZeroNothingHappens) {
  for (int threshold : {0, 2000}) {
    unsigned ends = 0;  // outlives the objects
    CollectedKernel runtime(with_thresholds(threshold, 10));
    ThreadState& thread = runtime.here();
    if (threshold != 0) runtime.collector.disable();
    make_garbage(thread, &ends, 5000);
    safe_point(thread);
    EXPECT_EQ(ends, 0u);
    runtime.collector.enable();
    runtime.collector.set_thresholds({1000, 10, 0});
    EXPECT_EQ(runtime.collector.thresholds()[0], 1000);
    make_garbage(thread, &ends, 600);
    safe_point(thread);
    EXPECT_EQ(ends, 5600u);
  }
}

TEST(CollectorTrigger, ALargeHeapIsLeftAloneUntilItHasGrownByAQuarter) {
  for (int second : {10, 0}) {
    unsigned ends = 0;  // outlives the objects
    CollectedKernel runtime(with_thresholds(1000, second));
    ThreadState& thread = runtime.here();
    std::vector<Ref<Node>> living;
    for (unsigned i = 0; i < 20'000; ++i) living.push_back(new_node(thread));
    runtime.collector.collect(thread);
    make_garbage(thread, &ends, 3000);
    safe_point(thread);
    EXPECT_EQ(ends, second == 0 ? 3000u : 0u);
    make_garbage(thread, &ends, 3000);
    safe_point(thread);
    EXPECT_EQ(ends, 6000u);
  }
}

TEST(CollectorTrigger, TheMemoryGateIsAskedLast) {
  static bool is_open;
  static unsigned asked;
  is_open = false;
  asked = 0;
  CollectorOptions options = with_thresholds(1000, 10);
  options.memory_gate = [](void*) {
    ++asked;
    return is_open;
  };
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime(options);
  ThreadState& thread = runtime.here();
  make_garbage(thread, &ends, 600);
  EXPECT_EQ(asked, 0u);
  make_garbage(thread, &ends, 1000);
  safe_point(thread);
  EXPECT_GT(asked, 0u);
  EXPECT_EQ(ends, 0u);
  is_open = true;
  make_garbage(thread, &ends, 600);
  safe_point(thread);
  EXPECT_EQ(ends, 2200u);
}

TEST(CollectorTrigger, OfSeveralThreadsTheOneThatGoesBeyondCollects) {
  unsigned ends[2] = {};  // outlives the objects
  CollectedKernel runtime(with_thresholds(2000, 10));
  run_attached(runtime.kernel, {[&](ThreadState& thread) {
                                  make_garbage(thread, &ends[0], 1500);
                                  safe_point(thread);
                                },
                                [&](ThreadState& thread) {
                                  make_garbage(thread, &ends[1], 1500);
                                  safe_point(thread);
                                }});
  make_garbage(runtime.here(), &ends[0], 600);
  safe_point(runtime.here());
  EXPECT_GE(young_collections(runtime.collector), 1);
}

TEST(CollectorTrigger, InTheModeForTestsEverySafePointCollects) {
  CollectorOptions options = CollectedKernel::quiet();
  options.at_every_safe_point = true;
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime(options);
  ThreadState& thread = runtime.here();
  for (unsigned i = 1; i <= 10; ++i) {
    make_garbage(thread, &ends, 1);
    quiescent_point(thread);
    EXPECT_EQ(ends, i);
  }
  run_attached(runtime.kernel, {[&](ThreadState& other) {
                 make_garbage(other, &ends, 1);
                 safe_point(other);
               }});
  EXPECT_EQ(ends, 11u);
}

}  // namespace
}  // namespace runtime
