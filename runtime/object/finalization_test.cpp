#include "runtime/object/finalization.h"

#include <gtest/gtest.h>
#include <string>

#include "runtime/memory/raw_heap.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

struct Journal {
  std::string text;
  Ref<Object> kept;
  unsigned runs = 0;
};

void keep_alive(ThreadState& thread, Probe& probe) {
  auto& journal = *static_cast<Journal*>(probe.context);
  if (++journal.runs == 1) journal.kept = Ref<Object>::share(thread, Borrowed<Object>(&probe));
}
void count_run(ThreadState&, Probe& probe) { ++static_cast<Journal*>(probe.context)->runs; }

Ref<Probe> chain(ThreadState& thread, unsigned length, unsigned* ends, Type& type = probe_type) {
  Ref<Probe> head;
  for (unsigned i = 0; i < length; ++i) {
    Ref<Probe> probe = new_probe(thread, ends, type);
    probe->field = head.release();
    head = std::move(probe);
  }
  return head;
}

TEST(Finalization, AnEndGivesTheFieldsUp) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> outer = chain(thread, 2, &ends);
  outer.drop(thread);
  EXPECT_EQ(ends, 2u);
}

TEST(Finalization, TheFinalizerRunsOnceAndBeforeTheFieldsGo) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Journal journal;
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(thread, &ends, finalized_probe_type);
  probe->field = new_probe(thread, &ends).release();
  give_finalizer(
      *probe,
      [](ThreadState&, Probe& mine) {
        auto& log = *static_cast<Journal*>(mine.context);
        ++log.runs;
        EXPECT_NE(mine.field, nullptr);
        EXPECT_EQ(reference_count(&mine), 1);
      },
      &journal);
  probe.drop(thread);
  EXPECT_EQ(journal.runs, 1u);
  EXPECT_EQ(ends, 2u);
}

TEST(Finalization, AnObjectMayComeBackAndEndsLaterWithoutFinalizer) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Journal journal;
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(thread, &ends, finalized_probe_type);
  give_finalizer(*probe, &keep_alive, &journal);
  probe.drop(thread);
  EXPECT_EQ(journal.runs, 1u);
  EXPECT_EQ(ends, 0u);
  EXPECT_EQ(reference_count(journal.kept.get()), 1);
  journal.kept.drop(thread);
  EXPECT_EQ(journal.runs, 1u);
  EXPECT_EQ(ends, 1u);
}

TEST(Finalization, AnObjectThatComesBackIsFoundByItsWeakReferencesOnEveryThread) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Journal journal;
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(thread, &ends, finalized_probe_type);
  give_finalizer(*probe, &keep_alive, &journal);
  Ref<WeakReference> weak = make_weak_reference(thread, probe);
  probe.drop(thread);
  ASSERT_EQ(ends, 0u);
  EXPECT_EQ(dereference(thread, weak).get(), journal.kept.get());
  run_attached(kernel, {[&](ThreadState& other) {
                 EXPECT_EQ(dereference(other, weak).get(), journal.kept.get());
               }});
  safe_point(thread);
  journal.kept.drop(thread);
  EXPECT_EQ(ends, 1u);
  EXPECT_FALSE(dereference(thread, weak));
}

TEST(Finalization, WeakReferencesResolveInsideTheFinalizerAndAreEmptiedAfterIt) {
  // The order that CPython 3.12 to 3.14 show: __del__ first, then callbacks.
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Journal journal;
  Ref<Probe> probe = new_probe(thread, nullptr, finalized_probe_type);
  Ref<WeakReference> plain = make_weak_reference(thread, probe);
  Ref<Probe> argument = new_probe(thread);
  argument->context = &journal;
  Ref<WeakReference> called = make_weak_reference(
      thread, probe,
      [](ThreadState& running, Borrowed<WeakReference> reference, Borrowed<Object> its_argument) {
        EXPECT_FALSE(dereference(running, reference));
        static_cast<Journal*>(static_cast<Probe*>(its_argument.get())->context)->text +=
            "callback ";
      },
      std::move(argument));
  struct Context {
    Journal& journal;
    WeakReference& weak;
  } context{journal, *plain};
  give_finalizer(
      *probe,
      [](ThreadState& running, Probe& mine) {
        auto& its = *static_cast<Context*>(mine.context);
        EXPECT_EQ(dereference(running, Borrowed(&its.weak)).get(), &mine);
        its.journal.text += "finalizer ";
      },
      &context);
  probe.drop(thread);
  EXPECT_EQ(journal.text, "finalizer callback ");
  EXPECT_FALSE(dereference(thread, plain));
}

TEST(Finalization, AReferenceThatTheFinalizerHandsToAnotherThreadKeepsTheObject) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Journal journal;
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(thread, &ends, finalized_probe_type);
  give_finalizer(*probe, &keep_alive, &journal);
  probe.drop(thread);
  ASSERT_EQ(ends, 0u);
  run_attached(kernel, {[&](ThreadState& other) { journal.kept.drop(other); }});
  if (kFreeThreaded) EXPECT_EQ(ends, 0u) << "its owner has not merged it yet";
  safe_point(thread);
  EXPECT_EQ(ends, 1u);
  EXPECT_EQ(journal.runs, 1u);
}

TEST(Finalization, AnObjectThatDiesElsewhereBelongsToThatThreadWhenItComesBack) {
  Kernel kernel;
  ThreadState& here = kernel.first_thread();
  Journal journal;
  unsigned ends = 0;
  Ref<Probe> probe;
  run_attached(kernel, {[&](ThreadState& maker) {
                 probe = new_probe(maker, &ends, finalized_probe_type);
                 give_finalizer(*probe, &keep_alive, &journal);
               }});
  probe.drop(here);
  ASSERT_EQ(ends, 0u);
  EXPECT_TRUE(is_owned_by(here, journal.kept.get()));
  journal.kept.drop(here);
  EXPECT_EQ(ends, 1u);
}

TEST(Finalization, ALongChainEndsWithoutAStack) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  unsigned ends = 0;
  constexpr unsigned kLength = 1'000'000;
  chain(thread, kLength, &ends).drop(thread);
  EXPECT_EQ(ends, kLength);
}

TEST(Finalization, ALongChainOfFinalizersEndsInOrder) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Journal journal;
  unsigned ends = 0;
  constexpr unsigned kLength = 10'000;
  Ref<Probe> head = chain(thread, kLength, &ends, finalized_probe_type);
  for (Object* object = head.get(); object != nullptr;
       object = static_cast<Probe*>(object)->field) {
    give_finalizer(*static_cast<Probe*>(object), &count_run, &journal);
  }
  head.drop(thread);
  EXPECT_EQ(ends, kLength);
  EXPECT_EQ(journal.runs, kLength);
}

TEST(Finalization, AChainMayEndOnAnotherThreadThanItsMaker) {
  Kernel kernel;
  unsigned ends = 0;
  constexpr unsigned kLength = 100'000;
  Ref<Probe> head;
  run_attached(kernel, {[&](ThreadState& maker) { head = chain(maker, kLength, &ends); }});
  head.drop(kernel.first_thread());
  EXPECT_EQ(ends, kLength);
}

TEST(Finalization, WithoutMemoryForTheListAShortChainStillEnds) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  unsigned ends = 0;
  constexpr unsigned kLength = 3 * kDeepestEnds;
  Ref<Probe> head = chain(thread, kLength, &ends);
  thread.slot(kRawBuffersSlot)->allocations_left = 0;
  head.drop(thread);
  thread.slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited;
  EXPECT_EQ(ends, kLength);
}

TEST(Finalization, AFieldIsEmptyWhenItsObjectIsFinalized) {
  // Law 3: a slot is overwritten before the reference that it owned is dropped.
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Atomic<Object*> slot;
  Ref<Probe> probe = new_probe(thread, nullptr, finalized_probe_type);
  give_finalizer(
      *probe,
      [](ThreadState&, Probe& mine) {
        EXPECT_EQ(static_cast<Atomic<Object*>*>(mine.context)->load(), nullptr);
      },
      &slot);
  slot.store(probe.release());
  {
    DroppedFields dropped(thread);
    dropped.take(slot);
    EXPECT_EQ(slot.load(), nullptr);
  }
}

TEST(Finalization, MoreFieldsThanFitAreDroppedInOrder) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  constexpr unsigned kFields = 3 * DroppedFields::kCapacity + 1;
  struct Order {
    std::vector<std::uint64_t> ended;
  } order;
  Object* fields[kFields];
  for (unsigned i = 0; i < kFields; ++i) {
    Ref<Probe> probe = new_probe(thread, nullptr, finalized_probe_type);
    probe->plain = i;
    give_finalizer(
        *probe,
        [](ThreadState&, Probe& mine) {
          static_cast<Order*>(mine.context)->ended.push_back(mine.plain);
        },
        &order);
    fields[i] = probe.release();
  }
  {
    DroppedFields dropped(thread);
    for (Object*& field : fields) dropped.take(field);
    EXPECT_TRUE(!order.ended.empty());
  }
  ASSERT_EQ(order.ended.size(), kFields);
  for (unsigned i = 0; i < kFields; ++i) EXPECT_EQ(order.ended[i], i);
}

TEST(Finalization, InstancesOfATypeOnTheHeapKeepIt) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Ref<Type> type = new_type(thread, kProbeSlots);
  Ref<Probe> probe = new_object<Probe>(thread, *type);
  Census census(thread);
  census.add_root(type.get());
  census.add_root(probe.get());
  census.check();
  type.drop(thread);
  probe.drop(thread);
}

}  // namespace
}  // namespace runtime
