#include "runtime/collector/collector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "runtime/collector/collector_test_support.h"
#include "runtime/object/deferred.h"

namespace runtime {
namespace {

using ::testing::ElementsAre;

TEST(Collector, ACycleThatNobodyRefersToEnds) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  {
    Ref<Node> one = new_node(thread, &ends);
    Ref<Node> other = new_node(thread, &ends);
    tie(thread, *one, *other);
    EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
  }
  EXPECT_EQ(ends, 0u);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 2);
  EXPECT_EQ(ends, 2u);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
}

TEST(Collector, WhatALivingObjectRefersToLives) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Node> head = new_node(thread, &ends);
  {
    Ref<Node> middle = new_node(thread, &ends);
    Ref<Node> last = new_node(thread, &ends);
    refer(thread, *head, 0, middle);
    tie(thread, *middle, *last);
    refer(thread, *last, 1, last);
  }
  EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
  EXPECT_EQ(ends, 0u);
  head.drop(thread);
  EXPECT_EQ(ends, 1u);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 2);
  EXPECT_EQ(ends, 3u);
}

TEST(Collector, ReferencesOfOtherThreadsCount) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Node> held;
  run_attached(runtime.kernel, {[&](ThreadState& maker) {
                 Ref<Node> node = new_node(maker, &ends);
                 tie(maker, *node, *node);
                 held = std::move(node);
               }});
  Ref<Node> mine = new_node(thread, &ends);
  refer(thread, *mine, 0, mine);
  Ref<Object> theirs;
  run_attached(runtime.kernel,
               {[&](ThreadState& other) { theirs = Ref<Object>::share(other, mine); }});
  mine.drop(thread);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
  held.drop(thread);
  theirs.drop(thread);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 2);
  EXPECT_EQ(ends, 2u);
}

TEST(Collector, AReferenceInTheQueueOfAThreadThatSleepsKeepsNothing) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  Semaphore made;
  Semaphore done;
  Ref<Node> node;
  run_attached(runtime.kernel, {[&](ThreadState& owner) {
                                  node = new_node(owner, &ends);
                                  tie(owner, *node, *node);
                                  made.post();
                                  wait_detached(owner, done);
                                },
                                [&](ThreadState& other) {
                                  wait_detached(other, made);
                                  node.drop(other);
                                  EXPECT_EQ(runtime.collector.collect(other).collected, 1);
                                  EXPECT_EQ(ends, 1u);
                                  done.post();
                                }});
  EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
}

TEST(Collector, WhatIsFoundDeadInAQueueEnds) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  Semaphore made;
  Semaphore done;
  Ref<Node> node;
  run_attached(runtime.kernel, {[&](ThreadState& owner) {
                                  node = new_node(owner, &ends);
                                  made.post();
                                  wait_detached(owner, done);
                                },
                                [&](ThreadState& other) {
                                  wait_detached(other, made);
                                  node.drop(other);
                                  EXPECT_EQ(runtime.collector.collect(other).collected, 0);
                                  EXPECT_EQ(ends, 1u);
                                  done.post();
                                }});
}

TEST(Collector, ATypeThatOnlyItsInstancesKeepEndsWithThem) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  {
    Ref<Type> type = new_type(thread, kNodeSlots);
    Ref<Node> instance = new_node(thread, &ends, *type);
    tie(thread, *instance, *instance);
    Ref<WeakReference> weak = make_weak_reference(thread, instance);
    type.drop(thread);
    EXPECT_EQ(runtime.collector.collect(thread).collected, 0) << "the instance keeps its type";
    EXPECT_EQ(reference_count(instance.get()), 2);
  }
  EXPECT_EQ(runtime.collector.collect(thread).collected, 2);
  EXPECT_EQ(ends, 1u);
}

TEST(Collector, AnInstanceOnAnotherThreadKeepsItsType) {
  if (!kFreeThreaded) GTEST_SKIP() << "a type ends with its last reference in the GIL build";
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Node> instance;
  Semaphore made;
  Semaphore done;
  Ref<Type> type = new_type(thread, kNodeSlots);
  run_attached(runtime.kernel, {[&](ThreadState& maker) {
                                  instance = new_node(maker, &ends, *type);
                                  made.post();
                                  wait_detached(maker, done);
                                },
                                [&](ThreadState& other) {
                                  wait_detached(other, made);
                                  type.drop(other);
                                  EXPECT_EQ(runtime.collector.collect(other).collected, 0);
                                  done.post();
                                }});
  EXPECT_EQ(instance->type->slots.traverse, &traverse_node);
  instance.drop(thread);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 1);
}

TEST(Collector, RootsKeepWhatTheyVisit) {
  for (bool alive_first : {false, true}) {
    CollectorOptions options = CollectedKernel::quiet();
    options.marks_alive_first = alive_first;
    unsigned ends = 0;  // outlives the objects
    CollectedKernel runtime(options);
    ThreadState& thread = runtime.here();
    Object* root = nullptr;
    runtime.collector.add_roots(&root, [](void* place, Visit visit, void* context) {
      if (Object* object = *static_cast<Object**>(place)) visit(context, object);
    });
    {
      Ref<Node> one = new_node(thread, &ends);
      Ref<Node> other = new_node(thread, &ends);
      tie(thread, *one, *other);
      root = one.get();  // not counted
    }
    EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
    root = nullptr;
    EXPECT_EQ(runtime.collector.collect(thread).collected, 2);
    EXPECT_EQ(ends, 2u);
  }
}

TEST(Collector, AStackKeepsADeferredObjectThatItDoesNotCount) {
  if (!kFreeThreaded) GTEST_SKIP() << "nothing is deferred in the GIL build";
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  std::vector<Object*> stack;
  runtime.collector.add_stack_references(&stack, [](void* of, Visit visit, void* context) {
    for (Object* object : *static_cast<std::vector<Object*>*>(of)) visit(context, object);
  });
  {
    Ref<Node> function = new_node(thread, &ends);
    defer(thread, function.get());
    Ref<Node> closure = new_node(thread, &ends);
    refer(thread, *function, 0, closure);
    stack = {function.get(), function.get()};
  }
  EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
  stack.clear();
  EXPECT_EQ(ends, 0u) << "a deferred object ends in a collection";
  EXPECT_EQ(runtime.collector.collect(thread).collected, 2);
  EXPECT_EQ(ends, 2u);
}

TEST(Collector, WhatIsNotTrackedIsNeitherVisitedNorCollected) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Node> half_made = new_object<Node>(thread, node_type);
  half_made->ends = &ends;
  half_made->fields[1] = reinterpret_cast<Object*>(8);  // not yet what it will be
  EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
  EXPECT_THAT(runtime.collector.objects(thread), ElementsAre());
  half_made->fields[1] = nullptr;
  track(half_made.get());
  EXPECT_EQ(runtime.collector.objects(thread).size(), 1u);
}

TEST(Collector, WhatImmortalObjectsReferToLives) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Node> immortal = new_node(thread, &ends);
  {
    Ref<Node> kept = new_node(thread, &ends);
    tie(thread, *kept, *kept);
    refer(thread, *immortal, 1, kept);
  }
  ASSERT_TRUE(try_make_immortal(thread, immortal.get()));
  EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
  EXPECT_EQ(ends, 0u);
  refer(thread, *immortal, 1, immortal);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 1);
}

TEST(Collector, FrozenObjectsAreLeftAlone) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  {
    Ref<Node> frozen = new_node(thread, &ends);
    tie(thread, *frozen, *frozen);
    Ref<Node> kept = new_node(thread, &ends);
    runtime.collector.freeze(thread);
    EXPECT_EQ(runtime.collector.freeze_count(thread), 2u);
    Ref<Node> later = new_node(thread, &ends);
    tie(thread, *later, *later);
    refer(thread, *frozen, 1, kept);
    EXPECT_EQ(runtime.collector.objects(thread).size(), 3u) << "they are shown";
  }
  EXPECT_EQ(runtime.collector.collect(thread).collected, 1);
  EXPECT_EQ(ends, 1u);
  runtime.collector.unfreeze(thread);
  EXPECT_EQ(runtime.collector.freeze_count(thread), 0u);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 2) << "with what it keeps";
  EXPECT_EQ(ends, 3u);
}

TEST(Collector, AChainOfAMillionObjectsNeedsNoStack) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  constexpr unsigned kLength = 1'000'000;
  Ref<Node> first = new_node(thread, &ends);
  Ref<Node> last = first.duplicate(thread);
  for (unsigned i = 1; i < kLength; ++i) {
    Ref<Node> next = new_node(thread, &ends);
    refer(thread, *last, 0, next);
    last = std::move(next);
  }
  EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
  refer(thread, *last, 0, first);
  first.drop(thread);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 0) << "its last one is held";
  last.drop(thread);
  EXPECT_EQ(runtime.collector.collect(thread).collected, kLength);
  EXPECT_EQ(ends, kLength);
}

// A million that hang from one, so that all are reached at once.
TEST(Collector, AFanOfAMillionObjectsIsCollected) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  constexpr unsigned kLeaves = 1'000'000;
  Ref<Node> hub = new_node(thread, &ends);
  std::vector<Ref<Node>> leaves;
  for (unsigned i = 0; i < kLeaves; ++i) {
    leaves.push_back(new_node(thread, &ends));
    refer(thread, *leaves.back(), 0, hub);
    refer(thread, *leaves.back(), 1, leaves.back());
  }
  hub.drop(thread);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
  leaves.clear();
  EXPECT_EQ(runtime.collector.collect(thread).collected, kLeaves + 1);
  EXPECT_EQ(ends, kLeaves + 1);
}

TEST(Collector, WithoutMemoryNothingIsCollectedAndNothingLost) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Node> node = new_node(thread, &ends);
  tie(thread, *node, *node);
  node.drop(thread);
  RawBuffers& raw = *thread.slot(kRawBuffersSlot);
  for (std::uint64_t allocations = 0; ends == 0; ++allocations) {
    ASSERT_LT(allocations, 10u);
    raw.allocations_left = allocations;
    EXPECT_EQ(runtime.collector.collect(thread).collected, allocations < 2 ? 0 : 1);
    raw.allocations_left = RawBuffers::kUnlimited;
  }
  EXPECT_EQ(ends, 1u);
}

TEST(Collector, AtItsEndNoCycleIsLeft) {
  unsigned ends = 0;
  {
    CollectedKernel runtime;
    ThreadState& thread = runtime.here();
    Ref<Node> one = new_node(thread, &ends);
    tie(thread, *one, *one);
    runtime.collector.freeze(thread);
    // Its finalizer keeps it once; the next collection ends it.
    Ref<Node> stubborn = new_finalized_node(
        thread, &ends,
        [](ThreadState& state, Node& node) {
          Ref<Node> keeper = new_node(state, static_cast<unsigned*>(node.context));
          tie(state, *keeper, *keeper);
          refer(state, *keeper, 1, Borrowed<Object>(&node));
        },
        &ends);
    tie(thread, *stubborn, *stubborn);
  }
  EXPECT_EQ(ends, 3u);
}

TEST(Collector, ObjectsReferrersAndReferentsAreWhatTheFieldsSay) {
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Type> type = new_type(thread, kNodeSlots);
  Ref<Node> one = new_node(thread);
  Ref<Node> two = new_node(thread, nullptr, *type);
  Ref<Node> three = new_node(thread);
  refer(thread, *one, 0, two);
  refer(thread, *one, 1, two);
  refer(thread, *two, 0, three);
  EXPECT_EQ(runtime.collector.objects(thread).size(), 4u);
  Object* wanted[] = {two.get(), three.get()};
  std::vector<Ref<Object>> referrers = runtime.collector.referrers(thread, wanted);
  ASSERT_EQ(referrers.size(), 2u);
  EXPECT_EQ(referrers[0].get(), one.get());
  EXPECT_EQ(referrers[1].get(), two.get());
  std::vector<Ref<Object>> referents = runtime.collector.referents(thread, one);
  ASSERT_EQ(referents.size(), 2u);
  EXPECT_EQ(referents[0].get(), two.get());
  referents = runtime.collector.referents(thread, two);
  ASSERT_EQ(referents.size(), 2u) << "a type of the heap is one";
  EXPECT_EQ(referents[1].get(), type.get());
}

TEST(Collector, CallbacksHearOfEachCollection) {
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  std::string heard;
  runtime.collector.add_callback(
      &heard, [](void* text, ThreadState&, CollectionPhase phase, const CollectionInfo& info) {
        *static_cast<std::string*>(text) +=
            (phase == CollectionPhase::kStart ? "start " : "stop ") +
            std::to_string(info.generation) + " " + std::to_string(info.result.collected) + ";";
      });
  Ref<Node> node = new_node(thread);
  tie(thread, *node, *node);
  node.drop(thread);
  runtime.collector.collect(thread);
  runtime.collector.collect(thread, 1);
  EXPECT_EQ(heard, "start 2 0;stop 2 1;start 1 0;stop 1 0;");
  EXPECT_EQ(runtime.collector.statistics()[2].collections, 1);
  EXPECT_EQ(runtime.collector.statistics()[2].collected, 1);
  EXPECT_EQ(runtime.collector.statistics()[1].collections, 1);
}

TEST(Collector, SavedGarbageIsKept) {
  unsigned ends = 0;  // outlives the objects
  CollectedKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Node> node = new_node(thread, &ends);
  tie(thread, *node, *node);
  node.drop(thread);
  runtime.collector.set_saves_all(true);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 1);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 0);
  EXPECT_EQ(ends, 0u);
  ASSERT_EQ(runtime.collector.garbage(thread).size(), 1u);
  EXPECT_EQ(runtime.collector.objects(thread).size(), 1u);
  runtime.collector.set_saves_all(false);
  runtime.collector.clear_garbage(thread);
  EXPECT_EQ(runtime.collector.collect(thread).collected, 1);
  EXPECT_EQ(ends, 1u);
}

}  // namespace
}  // namespace runtime
