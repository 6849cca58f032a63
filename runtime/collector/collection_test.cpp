// The order of things: weak references, callbacks, finalizers, resurrection, and what programs see of
// them, in both ways in which an object can die.
#include "runtime/collector/collection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "runtime/collector/collector_test_support.h"

namespace runtime {
namespace {

// What happened, and a weak reference to ask meanwhile.
struct Story {
  std::string text;
  Ref<WeakReference> weak;
  Ref<Object> kept;

  void tell(ThreadState& thread, const char* what) {
    text += what;
    text += weak && dereference(thread, weak) ? "(found) " : "(empty) ";
  }
};

void tell_finalizer(ThreadState& thread, Node& node) {
  static_cast<Story*>(node.context)->tell(thread, "finalizer");
}
void tell_callback(ThreadState& thread, Borrowed<WeakReference>, Borrowed<Object> argument) {
  static_cast<Story*>(static_cast<Node*>(argument.get())->context)->tell(thread, "callback");
}
void keep_it(ThreadState& thread, Node& node) {
  auto& story = *static_cast<Story*>(node.context);
  story.tell(thread, "finalizer");
  story.kept = Ref<Object>::share(thread, Borrowed<Object>(&node));
}

class CollectionTest : public ::testing::Test {
 protected:
  ThreadState& thread() { return runtime_.here(); }
  CollectionResult collect() { return runtime_.collector.collect(thread()); }
  Ref<Node> node() { return new_node(thread(), &ends_); }
  Ref<Node> finalized(void (*finalizer)(ThreadState&, Node&)) {
    return new_finalized_node(thread(), &ends_, finalizer, &story_);
  }
  Ref<WeakReference> with_callback(Borrowed<Object> referent) {
    Ref<Node> argument = node();
    argument->context = &story_;
    return make_weak_reference(thread(), referent, &tell_callback, std::move(argument));
  }

  unsigned ends_ = 0;
  CollectedKernel runtime_;
  Story story_;
  ~CollectionTest() override {
    story_.weak.drop(thread());
    story_.kept.drop(thread());
  }
};

TEST_F(CollectionTest, ByItsCountAnObjectIsFinalizedBeforeItsWeakReferencesAreEmptied) {
  Ref<Node> dies = finalized(&tell_finalizer);
  story_.weak = with_callback(dies);
  dies.drop(thread());
  EXPECT_EQ(story_.text, "finalizer(found) callback(empty) ");
}

TEST_F(CollectionTest, InACycleWeakReferencesAreEmptiedBeforeTheFinalizer) {
  Ref<Node> dies = finalized(&tell_finalizer);
  tie(thread(), *dies, *dies);
  story_.weak = with_callback(dies);
  dies.drop(thread());
  EXPECT_EQ(collect().collected, 1);
  EXPECT_EQ(story_.text, "callback(empty) finalizer(empty) ");
  EXPECT_EQ(ends_, 2u) << "with the argument of the callback";
}

TEST_F(CollectionTest, AllCallbacksComeBeforeAllFinalizers) {
  Ref<Node> one = finalized(&tell_finalizer);
  Ref<Node> other = finalized(&tell_finalizer);
  tie(thread(), *one, *other);
  story_.weak = with_callback(one);
  Ref<WeakReference> second = with_callback(other);
  one.drop(thread());
  other.drop(thread());
  EXPECT_EQ(collect().collected, 2);
  EXPECT_EQ(story_.text, "callback(empty) callback(empty) finalizer(empty) finalizer(empty) ");
}

TEST_F(CollectionTest, AWeakReferenceThatIsGarbageItselfIsNotCalled) {
  Ref<Node> dies = node();
  tie(thread(), *dies, *dies);
  Ref<WeakReference> weak = with_callback(dies);
  refer(thread(), *dies, 1, weak);
  weak.drop(thread());
  dies.drop(thread());
  EXPECT_EQ(collect().collected, 3) << "node, weak reference, argument";
  EXPECT_EQ(story_.text, "");
  EXPECT_EQ(ends_, 2u);
}

TEST_F(CollectionTest, AWeakReferenceWhoseArgumentKeepsItsReferentKeepsItAlive) {
  Ref<Node> lives = node();
  tie(thread(), *lives, *lives);
  Ref<Node> argument = node();
  argument->context = &story_;
  refer(thread(), *argument, 0, lives);
  story_.weak = make_weak_reference(thread(), lives, &tell_callback, std::move(argument));
  lives.drop(thread());
  EXPECT_EQ(collect().collected, 0);
  EXPECT_TRUE(dereference(thread(), story_.weak));
}

TEST_F(CollectionTest, WhatAFinalizerKeepsLivesWithAllThatItRefersTo) {
  Ref<Node> kept = finalized(&keep_it);
  Ref<Node> partner = node();
  Ref<Node> bystander = node();
  tie(thread(), *kept, *partner);
  refer(thread(), *bystander, 0, bystander);
  refer(thread(), *bystander, 1, kept);
  story_.weak = make_weak_reference(thread(), kept);
  Node* partner_itself = partner.get();
  kept.drop(thread());
  partner.drop(thread());
  bystander.drop(thread());
  EXPECT_EQ(collect().collected, 1);
  EXPECT_EQ(ends_, 1u) << "what only refers to it";
  EXPECT_EQ(runtime_.collector.last().resurrected, 2u);
  EXPECT_FALSE(static_cast<Node*>(story_.kept.get())->is_emptied);
  EXPECT_FALSE(partner_itself->is_emptied);
  EXPECT_EQ(reference_count(story_.kept.get()), 2);
  EXPECT_FALSE(dereference(thread(), story_.weak)) << "it was emptied before the finalizer ran";
  EXPECT_EQ(collect().collected, 0);
  story_.kept.drop(thread());
  EXPECT_EQ(collect().collected, 2);
  EXPECT_EQ(story_.text, "finalizer(empty) ") << "once";
  EXPECT_EQ(ends_, 3u);
}

// A new object, which is not in the set that the collector looks at, refers to garbage.
TEST_F(CollectionTest, GarbageToWhichAFinalizerMakesANewReferenceLives) {
  Ref<Node> dies = new_finalized_node(
      thread(), &ends_,
      [](ThreadState& state, Node& node) {
        auto& story = *static_cast<Story*>(node.context);
        Ref<Node> fresh = new_node(state);
        refer(state, *fresh, 0, Borrowed<Object>(node.fields[1]));
        story.kept = std::move(fresh);
      },
      &story_);
  Ref<Node> partner = node();
  refer(thread(), *dies, 0, dies);
  refer(thread(), *dies, 1, partner);
  partner.drop(thread());
  dies.drop(thread());
  EXPECT_EQ(collect().collected, 1);
  Node* lives = static_cast<Node*>(static_cast<Node*>(story_.kept.get())->fields[0]);
  EXPECT_FALSE(lives->is_emptied);
  EXPECT_EQ(reference_count(lives), 1);
}

TEST_F(CollectionTest, AFinalizerThatBreaksTheCycleEndsNothingTwice) {
  Ref<Node> one = new_finalized_node(
      thread(), &ends_,
      [](ThreadState& state, Node& node) {
        DroppedFields dropped(state);
        clear_node(node.fields[0], dropped);
      },
      &story_);
  Ref<Node> other = node();
  tie(thread(), *one, *other);
  one.drop(thread());
  other.drop(thread());
  EXPECT_EQ(collect().collected, 2);
  EXPECT_EQ(ends_, 2u);
}

// What is not tracked is not in the set; its finalizer runs while garbage is being emptied.
TEST_F(CollectionTest, NobodyFindsAnEmptiedObjectThroughAWeakReferenceMadeLate) {
  Ref<Node> maker = new_finalized_node(
      thread(), &ends_,
      [](ThreadState& state, Node& node) {
        auto& story = *static_cast<Story*>(node.context);
        story.weak = make_weak_reference(state, Borrowed<Object>(&node), &tell_callback, [&] {
          Ref<Node> argument = new_node(state);
          argument->context = &story;
          return argument;
        }());
      },
      &story_);
  tie(thread(), *maker, *maker);
  unsigned probe_ends = 0;
  Ref<Probe> witness = new_probe(thread(), &probe_ends, finalized_probe_type);
  give_finalizer(
      *witness,
      [](ThreadState& state, Probe& probe) {
        static_cast<Story*>(probe.context)->tell(state, "witness");
      },
      &story_);
  refer(thread(), *maker, 1, witness);
  witness.drop(thread());
  maker.drop(thread());
  EXPECT_EQ(collect().collected, 1);
  EXPECT_EQ(probe_ends, 1u);
  EXPECT_EQ(story_.text, "callback(empty) witness(empty) ");
}

TEST_F(CollectionTest, GarbageIsNotShownWhileItEnds) {
  Ref<Node> looks = new_finalized_node(
      thread(), &ends_,
      [](ThreadState& state, Node& node) {
        auto& runtime = *static_cast<CollectedKernel*>(node.context);
        EXPECT_TRUE(runtime.collector.objects(state).empty());
        Object* self = &node;
        EXPECT_TRUE(runtime.collector.referrers(state, {&self, 1}).empty());
        EXPECT_EQ(runtime.collector.collect(state).collected, 0) << "one collection at a time";
        EXPECT_EQ(runtime.collector.statistics()[2].collections, 0);
      },
      &runtime_);
  tie(thread(), *looks, *looks);
  looks.drop(thread());
  EXPECT_EQ(collect().collected, 1);
  EXPECT_EQ(runtime_.collector.statistics()[2].collections, 1);
}

// Without `clear` and in a cycle of its own nothing can be done; it is shown again, and asked again.
TEST_F(CollectionTest, WhatCannotBeEmptiedStaysAndIsShown) {
  constexpr TypeSlots kStubborn = [] {
    TypeSlots slots = kNodeSlots;
    slots.name = "Stubborn";
    slots.clear = nullptr;
    return slots;
  }();
  static constinit Type stubborn_type(kStubborn);
  Ref<Node> stays = new_node(thread(), &ends_, stubborn_type);
  tie(thread(), *stays, *stays);
  stays.drop(thread());
  EXPECT_EQ(collect().collected, 1);
  EXPECT_EQ(ends_, 0u);
  ASSERT_EQ(runtime_.collector.objects(thread()).size(), 1u);
  DroppedFields dropped(thread());
  clear_node(runtime_.collector.objects(thread())[0].get(), dropped);
}

// An object that ends comes to a safe point in the callback of its weak reference: its count is zero
// and it is in nobody's hands but its thread's.
TEST_F(CollectionTest, AnObjectThatEndsElsewhereIsLeftAlone) {
  Ref<Node> dies = node();
  refer(thread(), *dies, 0, node());
  Ref<Node> argument = node();
  argument->context = &runtime_;
  Ref<WeakReference> weak = make_weak_reference(
      thread(), dies,
      [](ThreadState& state, Borrowed<WeakReference>, Borrowed<Object> given) {
        auto& runtime = *static_cast<CollectedKernel*>(static_cast<Node*>(given.get())->context);
        EXPECT_EQ(runtime.collector.collect(state).collected, 0);
        EXPECT_EQ(runtime.collector.last().visited, 3u) << "its field, the argument, the reference";
      },
      std::move(argument));
  dies.drop(thread());
  EXPECT_EQ(ends_, 3u);
}

TEST_F(CollectionTest, StatisticsSayWhatWasDone) {
  Ref<Node> lives = node();
  Ref<Node> kept = finalized(&keep_it);
  tie(thread(), *kept, *kept);
  Ref<Node> dies = finalized(&tell_finalizer);
  tie(thread(), *dies, *dies);
  kept.drop(thread());
  dies.drop(thread());
  EXPECT_EQ(collect().collected, 1);
  const CollectionStatistics last = runtime_.collector.last();
  EXPECT_EQ(last.visited, 3u);
  EXPECT_EQ(last.garbage, 2u);
  EXPECT_EQ(last.finalized, 2u);
  EXPECT_EQ(last.resurrected, 1u);
  EXPECT_EQ(last.collected, 1u);
  EXPECT_GE(last.total, last.first_pause + last.second_pause);
  story_.kept.drop(thread());
  EXPECT_EQ(collect().collected, 1);
  EXPECT_EQ(collect().collected, 0);
  EXPECT_EQ(runtime_.collector.last().second_pause, 0) << "without garbage there is none";
}

}  // namespace
}  // namespace runtime
