// What a program can tell the GIL build by, as far as objects go. What both builds share is tested
// by the same tests as in the other one.
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "runtime/memory/deferred_free.h"
#include "runtime/object/intern.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/object_block.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

TEST(GilBuild, AHeaderHasSixteenBytesAndOnlyCollectedObjectsHaveAWordBeforeIt) {
  ValueKernel kernel;
  Ref<Int> plain = number(kernel.here(), 1000);
  Ref<Probe> collected = new_probe(kernel.here());
  EXPECT_EQ(sizeof(Object), 16u);
  EXPECT_EQ(usable_size(plain.get()), 32u) << "a small int with its header";
  EXPECT_EQ(page_of(collected.get())->kind, HeapKind::kCollected);
  gc_working_count(collected.get()) = 0x01020304;
  EXPECT_EQ(reference_count(collected.get()), 1) << "the working count lies before the header";
  EXPECT_EQ(collected->type, &probe_type);
}

TEST(GilBuild, AnObjectEndsAtOnceWhoeverDropsTheLastReference) {
  Kernel kernel;
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(kernel.first_thread(), &ends);
  run_attached(kernel, {[&](ThreadState& other) {
                 probe.drop(other);
                 EXPECT_EQ(ends, 1u);
               }});
  EXPECT_EQ(ends, 1u);
}

TEST(GilBuild, OneThreadRunsAtATime) {
  Kernel kernel;
  EXPECT_TRUE(kernel.world().gil().is_enabled());
  std::uint64_t plain = 0;  // no thread loses an addition
  const AttachedBody count = [&](ThreadState& thread) {
    for (int i = 0; i < 100'000; ++i) {
      plain = plain + 1;
      if (i % 100 == 0) safe_point(thread);
    }
  };
  run_attached(kernel, {count, count, count});
  EXPECT_EQ(plain, 300'000u);
}

TEST(GilBuild, AMergedCountDoesNotExistSoATypeDiesWithItsLastInstance) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  Ref<Type> type = new_type(thread, kProbeSlots);
  EXPECT_EQ(reference_count(type.get()), 1);
  Ref<Probe> probe = new_object<Probe>(thread, *type);
  EXPECT_EQ(reference_count(type.get()), 2);
  const std::size_t objects = kernel.memory().statistics().objects;
  type.drop(thread);
  probe.drop(thread);
  EXPECT_EQ(kernel.memory().statistics().objects, objects - 2);
}

TEST(GilBuild, AnInternedStringLeavesTheTableWhenItEnds) {
  ValueKernel kernel;
  ThreadState& thread = kernel.here();
  InternTable& table = kernel.values.interned();
  const std::size_t before = table.size();
  std::vector<Ref<Str>> names;
  for (int i = 0; i < 5000; ++i) {
    names.push_back(must(intern(thread, text(thread, "name" + std::to_string(i)))));
    EXPECT_FALSE(is_immortal(names.back().get()));
  }
  EXPECT_EQ(table.size(), before + 5000);
  // Out of order, so that gaps are closed everywhere.
  for (std::size_t i = 0; i < names.size(); i += 3) names[i].drop(thread);
  for (std::size_t i = 0; i < names.size(); ++i) {
    Ref<Str> again = text(thread, "name" + std::to_string(i));
    EXPECT_EQ(table.try_find(thread, *again), names[i].get()) << i;
  }
  names.clear();
  EXPECT_EQ(table.size(), before);
}

TEST(GilBuild, ANameThatCppKnowsIsImmortal) {
  ValueKernel kernel;
  EXPECT_TRUE(is_immortal(must(intern(kernel.here(), "__init__")).get()));
}

TEST(GilBuild, ABufferThatWasUnlinkedIsFreedAtOnce) {
  Kernel kernel;
  ThreadState& thread = kernel.first_thread();
  const std::int64_t before = kernel.memory().statistics().raw_bytes;
  void* buffer = raw_allocate(thread, 300);
  free_deferred(thread, buffer, 300);
  EXPECT_EQ(kernel.memory().statistics().raw_bytes, before);
}

}  // namespace
}  // namespace runtime
