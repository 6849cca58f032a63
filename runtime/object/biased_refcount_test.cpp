#include <gtest/gtest.h>

#include "runtime/object/deferred.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/refcount.h"

namespace runtime {
namespace {

// One system thread that is now this, now that thread of the kernel: interleavings by hand.
class Refcount : public ::testing::Test {
 protected:
  Refcount() : other_(kernel_.world().create_thread()) {}
  ~Refcount() override {
    if (other_ != nullptr) kernel_.world().destroy_thread(other_);
  }
  // Runs `body` as the other thread, which then detaches.
  template <class Body>
  void elsewhere(Body&& body) {
    Detached detached(kernel_.first_thread());
    Attached attached(*other_);
    body(*other_);
  }
  ThreadState& here() { return kernel_.first_thread(); }

  Kernel kernel_;
  ThreadState* other_;
  unsigned ends_ = 0;
};

TEST_F(Refcount, ANewObjectIsOwnedByItsMakerWithOneReference) {
  Ref<Probe> probe = new_probe(here());
  EXPECT_EQ(probe->owner.peek(), here().serial());
  EXPECT_EQ(probe->local.peek(), 1u);
  EXPECT_EQ(probe->shared.peek(), kInitial);
  EXPECT_EQ(reference_count(probe.get()), 1);
}

TEST_F(Refcount, TheOwnerCountsInLocalAndTheOthersInShared) {
  Ref<Probe> probe = new_probe(here(), &ends_);
  Ref<Probe> mine = probe.duplicate(here());
  EXPECT_EQ(probe->local.peek(), 2u);
  elsewhere([&](ThreadState& thread) {
    Ref<Probe> theirs = probe.duplicate(thread);
    EXPECT_EQ(probe->local.peek(), 2u);
    EXPECT_EQ(shared_count(probe->shared.peek()), 1);
    EXPECT_EQ(reference_count(probe.get()), 3);
  });
  EXPECT_EQ(reference_count(probe.get()), 2);
  EXPECT_EQ(probe->shared.peek(), kInitial);
  EXPECT_EQ(ends_, 0u);
}

TEST_F(Refcount, TheLastReferenceOfTheOwnerEndsAnUnsharedObjectAtOnce) {
  new_probe(here(), &ends_).drop(here());
  EXPECT_EQ(ends_, 1u);
}

TEST_F(Refcount, AnObjectThatOthersStillHoldIsMergedWhenItsOwnerLetsGo) {
  Ref<Probe> probe = new_probe(here(), &ends_);
  Ref<Probe> theirs;
  elsewhere([&](ThreadState& thread) { theirs = probe.duplicate(thread); });
  probe.drop(here());
  EXPECT_EQ(ends_, 0u);
  EXPECT_EQ(theirs->owner.peek(), 0u);
  EXPECT_EQ(theirs->shared.peek(), shared_word(1, kMerged));
  elsewhere([&](ThreadState& thread) { theirs.drop(thread); });
  EXPECT_EQ(ends_, 1u);
}

TEST_F(Refcount, AReferenceTakenHereAndDroppedThereIsQueuedNotSubtracted) {
  Ref<Probe> probe = new_probe(here(), &ends_);
  Ref<Probe> given = probe.duplicate(here());
  elsewhere([&](ThreadState& thread) { given.drop(thread); });
  EXPECT_EQ(probe->shared.peek(), shared_word(0, kQueued));
  EXPECT_EQ(probe->local.peek(), 2u);
  safe_point(here());
  EXPECT_EQ(probe->shared.peek(), shared_word(1, kMerged));
  EXPECT_EQ(probe->local.peek(), 0u);
  EXPECT_EQ(ends_, 0u);
}

TEST_F(Refcount, TheSharedCountMayBeNegativeUntilTheMerge) {
  Ref<Probe> probe = new_probe(here(), &ends_);
  Ref<Probe> first = probe.duplicate(here());
  Ref<Probe> second = probe.duplicate(here());
  elsewhere([&](ThreadState& thread) {
    first.drop(thread);
    second.drop(thread);
  });
  EXPECT_EQ(probe->shared.peek(), shared_word(-1, kQueued));
  EXPECT_EQ(reference_count(probe.get()), 2);  // one reference here, one in the queue
  safe_point(here());
  EXPECT_EQ(probe->shared.peek(), shared_word(1, kMerged));
}

TEST_F(Refcount, ALocalCountThatOverflowsTurnsTheObjectImmortal) {
  Ref<Probe> probe = new_probe(here(), &ends_);
  probe->local.initialize(kImmortalLocal - 1);
  increment(here(), probe.get());
  EXPECT_TRUE(is_immortal(probe.get()));
  increment(here(), probe.get());
  EXPECT_TRUE(is_immortal(probe.get()));
  for (int i = 0; i < 3; ++i) decrement(here(), probe.get());
  EXPECT_TRUE(is_immortal(probe.get()));
  EXPECT_EQ(ends_, 0u);
}

TEST_F(Refcount, AnImmortalObjectIsNotWrittenToByAnybody) {
  EXPECT_EQ(reference_count(&probe_type), kImmortalCount);
  increment(here(), &probe_type);
  decrement(here(), &probe_type);
  EXPECT_TRUE(try_increment(here(), &probe_type));
  elsewhere([&](ThreadState& thread) {
    increment(thread, &probe_type);
    decrement(thread, &probe_type);
    decrement(thread, &probe_type);
    set_maybe_weak(&probe_type);
  });
  EXPECT_EQ(probe_type.shared.peek(), 0);
  EXPECT_EQ(probe_type.local.peek(), kImmortalLocal);
  EXPECT_EQ(probe_type.owner.peek(), 0u);
}

TEST_F(Refcount, OnlyTheOwnerMakesAnObjectImmortal) {
  Ref<Probe> probe = new_probe(here(), &ends_);
  elsewhere([&](ThreadState& thread) { EXPECT_FALSE(try_make_immortal(thread, probe.get())); });
  EXPECT_FALSE(is_immortal(probe.get()));
  EXPECT_TRUE(try_make_immortal(here(), probe.get()));
  EXPECT_TRUE(try_make_immortal(here(), probe.get()));
  probe.drop(here());
  EXPECT_EQ(ends_, 0u);  // and the end of the kernel frees it
}

TEST_F(Refcount, AMergedObjectCanBeMadeImmortalByAnybodyWhoHoldsIt) {
  Ref<Probe> probe = new_probe(here(), &ends_);
  Ref<Probe> theirs;
  elsewhere([&](ThreadState& thread) { theirs = probe.duplicate(thread); });
  probe.drop(here());
  elsewhere([&](ThreadState& thread) {
    EXPECT_TRUE(try_make_immortal(thread, theirs.get()));
    theirs.drop(thread);
  });
  EXPECT_EQ(ends_, 0u);
}

TEST_F(Refcount, AnObjectThatBecameImmortalInTheQueueStaysSo) {
  Ref<Probe> probe = new_probe(here(), &ends_);
  Ref<Probe> given = probe.duplicate(here());
  elsewhere([&](ThreadState& thread) { given.drop(thread); });
  ASSERT_EQ(shared_state(probe->shared.peek()), kQueued);
  ASSERT_TRUE(try_make_immortal(here(), probe.get()));
  safe_point(here());
  EXPECT_TRUE(is_immortal(probe.get()));
  EXPECT_NE(explicit_merge(probe.get(), -1), 0);
  EXPECT_TRUE(is_immortal(probe.get()));
}

TEST_F(Refcount, TryIncrementElsewhereNeedsSomebodyToHaveSaidThatItMayHappen) {
  Ref<Probe> probe = new_probe(here(), &ends_);
  EXPECT_TRUE(try_increment(here(), probe.get()));
  decrement(here(), probe.get());
  elsewhere([&](ThreadState& thread) { EXPECT_FALSE(try_increment(thread, probe.get())); });
  set_maybe_weak(probe.get());
  set_maybe_weak(probe.get());
  EXPECT_EQ(probe->shared.peek(), kMaybeWeak);
  elsewhere([&](ThreadState& thread) {
    ASSERT_TRUE(try_increment(thread, probe.get()));
    EXPECT_EQ(probe->shared.peek(), shared_word(1, kMaybeWeak));
    decrement(thread, probe.get());
  });
  EXPECT_EQ(probe->shared.peek(), kMaybeWeak);
}

TEST_F(Refcount, TryIncrementOfADeadObjectFails) {
  Ref<Probe> probe = new_probe(here(), &ends_);
  set_maybe_weak(probe.get());
  Object* stale = probe.get();
  probe.drop(here());
  ASSERT_EQ(ends_, 1u);
  elsewhere([&](ThreadState& thread) { EXPECT_FALSE(try_increment(thread, stale)); });
  EXPECT_FALSE(
      try_increment(here(), stale));  // its owner merged it, so it is not the owner any more
}

TEST_F(Refcount, ASlotThatHasChangedIsNotBelieved) {
  Atomic<Object*> slot;
  Ref<Probe> probe = new_probe(here(), &ends_);
  set_maybe_weak(probe.get());
  elsewhere([&](ThreadState& thread) {
    EXPECT_FALSE(try_increment_from(thread, slot, probe.get()));
    EXPECT_EQ(reference_count(probe.get()), 1);
  });
  slot.store(probe.get());
  elsewhere([&](ThreadState& thread) {
    ASSERT_TRUE(try_increment_from(thread, slot, probe.get()));
    decrement(thread, probe.get());
  });
}

TEST_F(Refcount, AnArrayThatWasReplacedIsNotBelieved) {
  Atomic<Object*> slot;
  int old_array = 0;
  int new_array = 0;
  Atomic<int*> current(&new_array);
  Ref<Probe> probe = new_probe(here(), &ends_);
  slot.store(probe.get());
  EXPECT_TRUE(try_increment_from(here(), slot, probe.get(), current, &new_array));
  decrement(here(), probe.get());
  EXPECT_FALSE(try_increment_from(here(), slot, probe.get(), current, &old_array));
  EXPECT_EQ(reference_count(probe.get()), 1);
}

TEST_F(Refcount, UniqueMeansThatNobodyElseCanFindIt) {
  Ref<Probe> probe = new_probe(here());
  EXPECT_TRUE(is_unique(here(), probe.get()));
  increment(here(), probe.get());
  EXPECT_FALSE(is_unique(here(), probe.get()));
  decrement(here(), probe.get());
  EXPECT_TRUE(is_unique(here(), probe.get()));
  elsewhere([&](ThreadState& thread) { EXPECT_FALSE(is_unique(thread, probe.get())); });
  set_maybe_weak(probe.get());  // a count of one, but weak references may resolve
  EXPECT_FALSE(is_unique(here(), probe.get()));
}

TEST_F(Refcount, ADeferredObjectIsNotEndedByCounting) {
  Ref<Probe> probe = new_probe(here(), &ends_);
  defer(here(), probe.get());
  EXPECT_EQ(reference_count(probe.get()), kDeferredBias + 1);
  Object* object = probe.get();
  probe.drop(here());
  EXPECT_EQ(ends_, 0u);
  EXPECT_EQ(reference_count(object), kDeferredBias);
  std::int64_t left;
  {
    StoppedWorld stopped(here());
    left = undefer_in_stopped_world(here(), object);
  }
  EXPECT_EQ(left, 0);
  deallocate(here(), object);
  EXPECT_EQ(ends_, 1u);
}

TEST_F(Refcount, TheNumberOfADeferredObjectIsTheOneThatCPythonShows) {
  // sys.getrefcount(module_function) in CPython 3.14: 2**63 // 8 - 1 + 2
  EXPECT_EQ(kDeferredBias + 2, 1152921504606846977);
}

// For ThreadSanitizer: whoever ends an object has acquired what all others did with it before they dropped it.
TEST_F(Refcount, WhatThreadsDidBeforeTheyDroppedIsSeenByTheEnd) {
  for (int round = 0; round < 100; ++round) {
    Ref<Probe> first;
    Ref<Probe> second;
    run_attached(kernel_, {[&](ThreadState& gone) {
                   first = new_probe(gone, &ends_);
                   second = first.duplicate(gone);
                   first->field = new_probe(gone).release();
                 }});
    run_attached(kernel_, {[&](ThreadState& thread) {
                             first->plain = 1;
                             first.drop(thread);
                           },
                           [&](ThreadState& thread) {
                             static_cast<Probe*>(second->field)->plain = 1;
                             second.drop(thread);
                           }});
  }
  EXPECT_EQ(ends_, 100u);
}

TEST_F(Refcount, TheOwnersPathWritesNothingButLocal) {
  Ref<Probe> probe = new_probe(here());
  const std::int64_t shared = probe->shared.peek();
  for (int i = 0; i < 100; ++i) increment(here(), probe.get());
  EXPECT_EQ(probe->local.peek(), 101u);
  EXPECT_EQ(probe->shared.peek(), shared);
  for (int i = 0; i < 100; ++i) decrement(here(), probe.get());
  EXPECT_TRUE(is_unique(here(), probe.get()));
}

}  // namespace
}  // namespace runtime
