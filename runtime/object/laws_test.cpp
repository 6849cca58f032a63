#include "runtime/object/laws.h"

#include <gtest/gtest.h>

#include "runtime/object/deferred.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

// A detector that never rings is not known to be connected: each law is broken here once.

TEST(Laws, ACensusFindsEveryReference) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Ref<Type> type = new_type(thread, kProbeSlots);
  Ref<Probe> outer = new_object<Probe>(thread, *type);
  Ref<Probe> inner = new_probe(thread);
  outer->field = inner.duplicate(thread).release();
  Ref<WeakReference> weak = make_weak_reference(thread, inner);
  run_attached(kernel, {[&](ThreadState& other) { (void)inner.duplicate(other).release(); }});
  Census census(thread);
  census.add_root(type.get());
  census.add_root(outer.get());
  census.add_root(inner.get());
  census.add_root(inner.get());
  census.add_root(weak.get());
  census.check();
  decrement(thread, inner.get());
}

class LawsDeathTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!kChecksEnabled) GTEST_SKIP() << "this build checks no laws";
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  }
};

TEST_F(LawsDeathTest, LawOneIsBrokenByAReferenceThatNobodyHolds) {
  EXPECT_DEATH(
      {
        Kernel kernel;
        ThreadState& thread = kernel.first_thread();
        Ref<Probe> probe = new_probe(thread);
        increment(thread, probe.get());
        Census census(thread);
        census.add_root(probe.get());
        census.check();
      },
      "law 1");
}

TEST_F(LawsDeathTest, LawOneIsBrokenByADropTooMany) {
  EXPECT_DEATH(
      {
        Kernel kernel;
        ThreadState& thread = kernel.first_thread();
        Object* object = new_probe(thread).release();
        decrement(thread, object);
        decrement(thread, object);
      },
      "law 1");
}

TEST_F(LawsDeathTest, LawTwoIsBrokenByADeadHeaderThatLooksAlive) {
  EXPECT_DEATH(
      {
        Kernel kernel;
        Ref<Probe> probe = new_probe(kernel.first_thread());
        check_dead_header(probe.get());
      },
      kFreeThreaded ? "law 2" : "law 1");
}

TEST_F(LawsDeathTest, LawFiveIsBrokenByAThreadThatIsNotAttached) {
  EXPECT_DEATH(
      {
        Kernel kernel;
        ThreadState& thread = kernel.first_thread();
        Object* object = new_probe(thread).release();
        detach(thread);
        decrement(thread, object);
      },
      "law 5");
}

TEST_F(LawsDeathTest, LawSixIsBrokenByAnEndUnderALeafLock) {
  EXPECT_DEATH(
      {
        Kernel kernel;
        Ref<Probe> probe = new_probe(kernel.first_thread());
        Mutex mutex;
        LeafSection section(mutex);
        probe.drop(kernel.first_thread());
      },
      "law 6");
}

TEST_F(LawsDeathTest, AKernelThatEndsWithAnObjectSaysSo) {
  EXPECT_DEATH(
      {
        Kernel kernel;
        (void)new_probe(kernel.first_thread()).release();
      },
      "has freed all its objects");
}

TEST(Kernel, TwoOfThemDoNotKnowEachOther) {
  Kernel outer;
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(outer.first_thread(), &ends);
  {
    Detached detached(outer.first_thread());
    Kernel inner;
    new_probe(inner.first_thread(), &ends).drop(inner.first_thread());
  }
  EXPECT_EQ(ends, 1u);
  probe.drop(outer.first_thread());
  EXPECT_EQ(ends, 2u);
}

TEST(Kernel, ItsEndFreesWhatIsDeferredAndWhatIsImmortal) {
  unsigned ends = 0;
  {
    Kernel kernel;
    ThreadState& thread = kernel.first_thread();
    // An immortal instance of a deferred type that refers to a mortal object, which refers to an immortal one.
    Ref<Type> type = new_type(thread, kProbeSlots);
    Ref<Probe> first = new_object<Probe>(thread, *type);
    first->ends = &ends;
    Ref<Probe> second = new_object<Probe>(thread, *type);
    second->ends = &ends;
    Ref<Probe> third = new_probe(thread, &ends);
    ASSERT_TRUE(try_make_immortal(thread, first.get()));
    ASSERT_TRUE(try_make_immortal(thread, third.get()));
    second->field = third.release();
    Ref<WeakReference> weak = make_weak_reference(thread, second);
    weak.drop(thread);
    first->field = second.release();
  }
  EXPECT_EQ(ends, 3u);
}

}  // namespace
}  // namespace runtime
