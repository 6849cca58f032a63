#include "runtime/containers/instance_values.h"

#include <gtest/gtest.h>

#include "runtime/containers/dict_test_support.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

class InstanceTest : public ::testing::Test {
 protected:
  ThreadState& here() { return kernel_.here(); }
  Ref<Str> name(std::string_view utf8) { return name_of(here(), utf8); }
  std::string shown(Borrowed<Object> object) { return repr(here(), object); }
  Ref<Dict> dict_of(Borrowed<Instance> instance) { return must(instance_dict(here(), instance)); }

  ValueKernel kernel_;
  Ref<InstanceType> type_ = attributes_type(kernel_.here(), 3);
};

TEST_F(InstanceTest, AttributesNeedNoDict) {
  Ref<Instance> instance = instance_of(here(), type_);
  EXPECT_EQ(get(here(), instance, name("x")), kAbsent);
  set(here(), instance, name("x"), 1);
  set(here(), instance, name("y"), 2);
  set(here(), instance, name("x"), 3);
  EXPECT_EQ(get(here(), instance, name("x")), 3);
  EXPECT_EQ(get(here(), instance, name("y")), 2);
  EXPECT_TRUE(must(instance_delete(here(), instance, name("x"))));
  EXPECT_FALSE(must(instance_delete(here(), instance, name("x"))));
  EXPECT_FALSE(must(instance_delete(here(), instance, name("z"))));
  EXPECT_EQ(get(here(), instance, name("x")), kAbsent);
  EXPECT_EQ(instance->dict.peek(), nullptr);
}

TEST_F(InstanceTest, InstancesOfATypeShareTheirNames) {
  Ref<Instance> one = instance_of(here(), type_);
  Ref<Instance> other = instance_of(here(), type_);
  set(here(), one, name("x"), 1);
  set(here(), other, name("y"), 2);
  set(here(), other, name("x"), 3);
  EXPECT_EQ(type_->keys->keys.entry_count.peek(), 2);
  EXPECT_EQ(shown(dict_of(one)), "{'x': 1}");
  EXPECT_EQ(shown(dict_of(other)), "{'y': 2, 'x': 3}");  // the order of the instance
}

TEST_F(InstanceTest, ADictShowsTheSameAttributes) {
  Ref<Instance> instance = instance_of(here(), type_);
  set(here(), instance, name("x"), 1);
  Ref<Dict> dict = dict_of(instance);
  EXPECT_EQ(dict.get(), dict_of(instance).get());
  set(here(), instance, name("y"), 2);
  EXPECT_EQ(shown(dict), "{'x': 1, 'y': 2}");
  set(here(), dict, text(here(), "x"), 5);  // equal to the name, not the same
  EXPECT_EQ(get(here(), instance, name("x")), 5);
  must(dict_delete(here(), dict, name("x")));
  EXPECT_EQ(get(here(), instance, name("x")), kAbsent);
  EXPECT_EQ(get(here(), dict, name("x")), kAbsent);
  set(here(), dict, name("x"), 6);
  EXPECT_EQ(shown(dict), "{'y': 2, 'x': 6}");
  EXPECT_EQ(get(here(), instance, name("x")), 6);
  EXPECT_TRUE(instance->values.are_valid.peek());
  EXPECT_EQ(told(here(), dict_pop_item(here(), dict)), "('x', 6)");
  EXPECT_EQ(get(here(), instance, name("x")), kAbsent);
  EXPECT_TRUE(must(instance_delete(here(), instance, name("y"))));
  EXPECT_EQ(dict_size(*dict), 0);
}

TEST_F(InstanceTest, ADictOutgrowsTheInstance) {
  Ref<Instance> instance = instance_of(here(), type_);
  for (const char* attribute : {"a", "b", "c", "d"}) set(here(), instance, name(attribute), 1);
  EXPECT_FALSE(instance->values.are_valid.peek());
  set(here(), instance, name("b"), 2);
  EXPECT_EQ(get(here(), instance, name("b")), 2);
  EXPECT_EQ(get(here(), instance, name("d")), 1);
  EXPECT_EQ(shown(dict_of(instance)), "{'a': 1, 'b': 2, 'c': 1, 'd': 1}");
}

TEST_F(InstanceTest, AKeyThatIsNoNameMovesTheValues) {
  Ref<Instance> instance = instance_of(here(), type_);
  set(here(), instance, name("x"), 1);
  Ref<Dict> dict = dict_of(instance);
  set(here(), dict, shared_int(5), 2);
  EXPECT_FALSE(instance->values.are_valid.peek());
  EXPECT_EQ(get(here(), instance, name("x")), 1);
  set(here(), instance, name("x"), 3);
  EXPECT_EQ(shown(dict), "{'x': 3, 5: 2}");
}

TEST_F(InstanceTest, ADictOutlivesItsInstance) {
  unsigned ends = 0;
  Ref<Instance> instance = instance_of(here(), type_);
  must(instance_set(here(), instance, name("x"), new_probe(here(), &ends)));
  set(here(), instance, name("y"), 7);
  Ref<Dict> dict = dict_of(instance);
  instance.drop(here());
  EXPECT_EQ(ends, 0u);
  EXPECT_EQ(dict->holder.peek(), nullptr);
  EXPECT_EQ(get(here(), dict, name("y")), 7);
  set(here(), dict, name("z"), 8);
  must(dict_delete(here(), dict, name("x")));
  EXPECT_EQ(ends, 1u);
  EXPECT_EQ(shown(dict), "{'y': 7, 'z': 8}");
  set(here(), dict, name("one more"), 9);
  EXPECT_EQ(shown(dict), "{'y': 7, 'z': 8, 'one more': 9}");
}

TEST_F(InstanceTest, WithoutMemoryTheDictOfADeadInstanceIsEmpty) {
  unsigned ends = 0;
  Ref<Instance> instance = instance_of(here(), type_);
  must(instance_set(here(), instance, name("x"), new_probe(here(), &ends)));
  Ref<Dict> dict = dict_of(instance);
  here().slot(kRawBuffersSlot)->allocations_left = 0;
  instance.drop(here());
  here().slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited;
  EXPECT_EQ(ends, 1u);
  EXPECT_EQ(shown(dict), "{}");
  set(here(), dict, name("x"), 1);
  EXPECT_EQ(shown(dict), "{'x': 1}");
}

TEST_F(InstanceTest, ClearingTheDictClearsTheInstance) {
  unsigned ends = 0;
  Ref<Instance> instance = instance_of(here(), type_);
  must(instance_set(here(), instance, name("x"), new_probe(here(), &ends)));
  Ref<Dict> dict = dict_of(instance);
  dict_clear(here(), dict);
  EXPECT_EQ(ends, 1u);
  EXPECT_EQ(get(here(), instance, name("x")), kAbsent);
  set(here(), instance, name("x"), 2);
  EXPECT_EQ(shown(dict), "{'x': 2}");
}

TEST_F(InstanceTest, TheDictMayBeReplaced) {
  Ref<Instance> instance = instance_of(here(), type_);
  set(here(), instance, name("x"), 1);
  Ref<Dict> old = dict_of(instance);
  must(set_instance_dict(here(), instance, dict_with(here(), {{"y", 2}})));
  EXPECT_EQ(get(here(), instance, name("x")), kAbsent);
  EXPECT_EQ(get(here(), instance, name("y")), 2);
  EXPECT_EQ(shown(old), "{'x': 1}");
  set(here(), instance, name("z"), 3);
  EXPECT_EQ(shown(dict_of(instance)), "{'y': 2, 'z': 3}");
}

TEST_F(InstanceTest, EverythingIsDroppedOnce) {
  unsigned ends = 0;
  {
    Ref<Instance> instance = instance_of(here(), type_);
    must(instance_set(here(), instance, name("x"), new_probe(here(), &ends)));
    must(instance_set(here(), instance, name("x"), new_probe(here(), &ends)));
    EXPECT_EQ(ends, 1u);
    must(instance_set(here(), instance, name("y"), new_probe(here(), &ends)));
    EXPECT_TRUE(must(instance_delete(here(), instance, name("y"))));
    EXPECT_EQ(ends, 2u);
    must(instance_set(here(), instance, name("y"), new_probe(here(), &ends)));
  }
  EXPECT_EQ(ends, 4u);
}

TEST_F(InstanceTest, ACopyOfItsDictIsADictOfItsOwn) {
  Ref<Instance> instance = instance_of(here(), type_);
  set(here(), instance, name("y"), 1);
  set(here(), instance, name("x"), 2);
  Ref<Dict> copied = must(copy_dict(here(), dict_of(instance)));
  set(here(), instance, name("x"), 3);
  EXPECT_EQ(shown(copied), "{'y': 1, 'x': 2}");
  Ref<Object> iterator =
      must(new_dict_iterator(here(), dict_of(instance), DictPart::kItems, Direction::kReversed));
  EXPECT_EQ(told(here(), next_of(here(), iterator)), "('x', 3)");
  EXPECT_EQ(told(here(), next_of(here(), iterator)), "('y', 1)");
  EXPECT_FALSE(must(next_of(here(), iterator)));
}

TEST_F(InstanceTest, ADictIsNotMadeWithoutMemoryForMore) {
  Ref<Instance> instance = instance_of(here(), type_);
  for (const char* attribute : {"a", "b", "c"}) set(here(), instance, name(attribute), 1);
  Ref<Str> fourth = name("d");
  here().slot(kRawBuffersSlot)->allocations_left = 0;
  EXPECT_EQ(raised_by(here(), instance_set(here(), instance, fourth, shared_int(1))),
            "MemoryError");
  here().slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited;
  EXPECT_EQ(shown(dict_of(instance)), "{'a': 1, 'b': 1, 'c': 1}");
  EXPECT_EQ(get(here(), instance, name("b")), 1);
}

TEST_F(InstanceTest, ManyThreadsSetAttributesOfOne) {
  Ref<InstanceType> wide = attributes_type(here(), 8);
  for (int turn = 0; turn < 50; ++turn) {
    Ref<Instance> instance = instance_of(here(), wide);
    std::vector<AttachedBody> bodies;
    for (int t = 0; t < 4; ++t) {
      bodies.push_back([&, t](ThreadState& thread) {
        for (int i = 0; i < 4; ++i) {
          Ref<Str> mine = name_of(thread, "n" + std::to_string(t * 4 + i));
          set(thread, instance, mine, t);
          EXPECT_EQ(get(thread, instance, mine), t);
          if (t == 2) (void)must(instance_dict(thread, instance));
        }
      });
    }
    run_attached(kernel_.kernel, std::move(bodies));
    EXPECT_EQ(dict_size(*dict_of(instance)), 16);
  }
}

}  // namespace
}  // namespace runtime
