#include "runtime/object/weak_reference.h"

#include <gtest/gtest.h>
#include <vector>

#include "runtime/memory/memory.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

struct Calls {
  std::vector<WeakReference*> references;
  unsigned live = 0;  // callbacks that found their referent
};

void record(ThreadState& thread, Borrowed<WeakReference> reference, Borrowed<Object> argument) {
  auto& calls = *static_cast<Calls*>(static_cast<Probe*>(argument.get())->context);
  calls.references.push_back(reference.get());
  if (dereference(thread, reference)) ++calls.live;
}

Ref<Object> argument_for(ThreadState& thread, Calls& calls, unsigned* ends = nullptr) {
  Ref<Probe> argument = new_probe(thread, ends);
  argument->context = &calls;
  return argument;
}

TEST(WeakReference, FindsALivingObjectAndNotADeadOne) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(thread, &ends);
  Ref<WeakReference> weak = make_weak_reference(thread, probe);
  EXPECT_EQ(dereference(thread, weak).get(), probe.get());
  EXPECT_EQ(reference_count(probe.get()), 1);
  probe.drop(thread);
  EXPECT_EQ(ends, 1u);
  EXPECT_FALSE(dereference(thread, weak));
}

TEST(WeakReference, FindsAnObjectOfAnotherThread) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Ref<Probe> probe = new_probe(thread);
  Ref<WeakReference> weak = make_weak_reference(thread, probe);
  run_attached(kernel, {[&](ThreadState& other) {
                 EXPECT_EQ(dereference(other, weak).get(), probe.get());
               }});
}

TEST(WeakReference, WithoutCallbackThereIsOnePerObject) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Ref<Probe> probe = new_probe(thread);
  Ref<WeakReference> first = make_weak_reference(thread, probe);
  Ref<WeakReference> second = make_weak_reference(thread, probe);
  EXPECT_EQ(first.get(), second.get());
  EXPECT_EQ(weak_reference_count(probe), 1u);
  run_attached(kernel, {[&](ThreadState& other) {
                 EXPECT_EQ(make_weak_reference(other, probe).get(), first.get());
               }});
  first.drop(thread);
  second.drop(thread);
  safe_point(thread);
  EXPECT_EQ(weak_reference_count(probe), 0u);
}

TEST(WeakReference, IsSharedPerTypeAndAnAttachedOneNever) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  TypeSlots slots = weak_reference_type.slots;
  slots.name = "proxy";
  static Type proxy(slots);
  Ref<Probe> probe = new_probe(thread);
  Ref<WeakReference> attached = new_object<WeakReference>(thread, weak_reference_type);
  attach_weak_reference(thread, attached, probe, nullptr, nullptr);
  Ref<WeakReference> first_proxy = make_shared_weak_reference(thread, proxy, probe);
  Ref<WeakReference> plain = make_weak_reference(thread, probe);
  EXPECT_NE(plain.get(), attached.get());
  EXPECT_NE(plain.get(), first_proxy.get());
  EXPECT_EQ(make_weak_reference(thread, probe).get(), plain.get());
  EXPECT_EQ(make_shared_weak_reference(thread, proxy, probe).get(), first_proxy.get());
  std::vector<Ref<WeakReference>> all = weak_references_of(thread, probe);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].get(), plain.get());
  EXPECT_EQ(all[1].get(), first_proxy.get());
  EXPECT_EQ(all[2].get(), attached.get());
  probe.drop(thread);
  EXPECT_FALSE(dereference(thread, attached));
  EXPECT_FALSE(dereference(thread, first_proxy));
}

TEST(WeakReference, CallbacksRunOnceEachNewestFirst) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Calls calls;
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(thread);
  std::vector<Ref<WeakReference>> weak;
  for (int i = 0; i < 3; ++i) {
    weak.push_back(make_weak_reference(thread, probe, &record, argument_for(thread, calls, &ends)));
    if (i == 1) weak.push_back(make_weak_reference(thread, probe));
  }
  EXPECT_EQ(weak_reference_count(probe), 4u);
  probe.drop(thread);
  ASSERT_EQ(calls.references.size(), 3u);
  EXPECT_EQ(calls.references[0], weak[3].get());
  EXPECT_EQ(calls.references[1], weak[1].get());
  EXPECT_EQ(calls.references[2], weak[0].get());
  EXPECT_EQ(calls.live, 0u);
  EXPECT_EQ(ends, 3u);  // the callbacks' own objects went with them
  for (Ref<WeakReference>& reference : weak) EXPECT_FALSE(dereference(thread, reference));
}

TEST(WeakReference, AReferenceThatDiedBeforeIsNotCalled) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Calls calls;
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(thread);
  make_weak_reference(thread, probe, &record, argument_for(thread, calls, &ends)).drop(thread);
  EXPECT_EQ(ends, 1u);
  EXPECT_EQ(weak_reference_count(probe), 0u);
  probe.drop(thread);
  EXPECT_TRUE(calls.references.empty());
}

TEST(WeakReference, ACallbackMayMakeAndDropWeakReferences) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  struct Context {
    Ref<Probe> other;
    Ref<WeakReference> made;
    Ref<WeakReference> own;
  } context;
  context.other = new_probe(thread);
  Ref<Probe> probe = new_probe(thread);
  Ref<Probe> argument = new_probe(thread);
  argument->context = &context;
  context.own = make_weak_reference(
      thread, probe,
      [](ThreadState& running, Borrowed<WeakReference>, Borrowed<Object> its_argument) {
        auto& its = *static_cast<Context*>(static_cast<Probe*>(its_argument.get())->context);
        its.made = make_weak_reference(running, its.other);
        its.own.drop(running);  // the one whose callback this is
      },
      std::move(argument));
  probe.drop(thread);
  EXPECT_EQ(dereference(thread, context.made).get(), context.other.get());
  context.made.drop(thread);
  context.other.drop(thread);
}

TEST(WeakReference, WithoutMemoryThereIsNone) {
  KernelOptions options;
  options.memory.page_bytes_limit = kObjectPageBytes;
  Kernel kernel(options);
  ThreadState& thread = kernel.first_thread();
  std::vector<Ref<Probe>> probes;
  while (Ref<Probe> probe = new_object<Probe>(thread, probe_type))
    probes.push_back(std::move(probe));
  ASSERT_FALSE(probes.empty());
  Calls calls;
  EXPECT_FALSE(make_weak_reference(thread, probes.front()));
  EXPECT_EQ(weak_reference_count(probes.front()), 0u);
}

TEST(WeakReference, AnImmortalObjectIsFoundForEver) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Ref<Probe> probe = new_probe(thread);
  Ref<WeakReference> weak = make_weak_reference(thread, probe);
  Probe* object = probe.get();
  ASSERT_TRUE(try_make_immortal(thread, object));
  probe.drop(thread);
  EXPECT_EQ(dereference(thread, weak).get(), object);
}

}  // namespace
}  // namespace runtime
