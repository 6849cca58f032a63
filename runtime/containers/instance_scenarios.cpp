// Instances: attributes read without a lock while they are set, while a dict is made of them, and
// while they leave the instance.
#include "runtime/base/scenario.h"
#include "runtime/containers/dict_test_support.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

// An instance with the attribute x == 1, used by two threads.
struct SharedInstance {
  explicit SharedInstance(unsigned attributes = 2) {
    ThreadState& here = kernel.here();
    type = attributes_type(here, attributes);
    x = name_of(here, "xx");
    y = name_of(here, "yy");
    z = name_of(here, "zz");
    instance = instance_of(here, type);
    set(here, instance, x, 1);
    set_gc_bit(instance.get(), kGcShared);
    (void)explicit_merge(instance.get(), 0);  // nobody's: it ends where it is dropped last
  }
  void run(AttachedBody one, AttachedBody other) {
    run_attached(kernel.kernel, {std::move(one), std::move(other)}, ThreadEnd::kDetaches);
  }
  [[nodiscard]] Ref<Dict> dict() {
    Ref<Dict> made = must(instance_dict(kernel.here(), instance));
    set_gc_bit(made.get(), kGcShared);
    return made;
  }

  ValueKernel kernel;
  Ref<InstanceType> type;
  Ref<Str> x;
  Ref<Str> y;
  Ref<Str> z;
  Ref<Instance> instance;
};

RT_SCENARIO(instance_two_attributes, "containers/instance_set_vs_set",
            "Two threads give one instance two attributes: it has both.") {
  SharedInstance shared;
  shared.run([&](ThreadState& thread) { set(thread, shared.instance, shared.y, 2); },
             [&](ThreadState& thread) { set(thread, shared.instance, shared.x, 3); });
  ThreadState& here = shared.kernel.here();
  RT_CHECK(get(here, shared.instance, shared.x) == 3, "one attribute is there");
  RT_CHECK(get(here, shared.instance, shared.y) == 2, "and so is the other");
}

RT_SCENARIO(instance_new_name, "containers/instance_new_name_vs_new_name",
            "Two threads give two instances the same new attribute: it has one place.") {
  SharedInstance shared(3);
  Ref<Instance> other = instance_of(shared.kernel.here(), shared.type);
  shared.run([&](ThreadState& thread) { set(thread, shared.instance, shared.y, 2); },
             [&](ThreadState& thread) { set(thread, other, shared.y, 3); });
  ThreadState& here = shared.kernel.here();
  RT_CHECK(get(here, shared.instance, shared.y) == 2, "each has its own value");
  RT_CHECK(get(here, other, shared.y) == 3, "each has its own value");
  RT_CHECK(shared.type->keys->keys.entry_count.peek() == 2, "and the name has one place");
}

RT_SCENARIO(instance_get_set, "containers/instance_get_vs_set",
            "An attribute has its old value or its new one.") {
  SharedInstance shared;
  unsigned ends = 0;
  Ref<Probe> old_value = new_probe(shared.kernel.here(), &ends);
  must(instance_set(shared.kernel.here(), shared.instance, shared.y, old_value));
  (void)explicit_merge(old_value.get(), 0);
  old_value.drop(shared.kernel.here());
  shared.run(
      [&](ThreadState& thread) {
        set(thread, shared.instance, shared.y, 2);
        (void)must(instance_delete(thread, shared.instance, shared.x));
      },
      [&](ThreadState& thread) {
        Ref<Object> value = must(instance_get(thread, shared.instance, shared.y));
        RT_CHECK(value && (value->type == &probe_type || value->type == &int_type),
                 "a value that was set");
        const std::int64_t x = get(thread, shared.instance, shared.x);
        RT_CHECK(x == 1 || x == kAbsent, "there, or deleted");
      });
  RT_CHECK(ends == 1, "the old value has ended");
}

RT_SCENARIO(instance_get_materialise, "containers/instance_get_vs_dict_is_made",
            "An attribute is found while the instance gets a dict, and set through it.") {
  SharedInstance shared;
  shared.run(
      [&](ThreadState& thread) {
        Ref<Dict> dict = must(instance_dict(thread, shared.instance));
        set(thread, dict, shared.x, 2);
      },
      [&](ThreadState& thread) {
        const std::int64_t value = get(thread, shared.instance, shared.x);
        RT_CHECK(value == 1 || value == 2, "an attribute that nobody deletes is there");
      });
}

RT_SCENARIO(instance_materialise_twice, "containers/instance_dict_vs_dict",
            "Two threads ask for the dict of one instance: there is one.") {
  SharedInstance shared;
  Dict* got[2] = {};
  Ref<Dict> kept[2];
  const auto body = [&](std::size_t who) {
    return [&, who](ThreadState& thread) {
      kept[who] = must(instance_dict(thread, shared.instance));
      got[who] = kept[who].get();
    };
  };
  shared.run(body(0), body(1));
  RT_CHECK(got[0] == got[1], "there is one dict");
}

RT_SCENARIO(instance_set_materialise, "containers/instance_set_vs_dict_is_made",
            "A thread sets an attribute while another sets one through the new dict.") {
  SharedInstance shared;
  shared.run([&](ThreadState& thread) { set(thread, shared.instance, shared.y, 2); },
             [&](ThreadState& thread) {
               Ref<Dict> dict = must(instance_dict(thread, shared.instance));
               set(thread, dict, shared.x, 3);
             });
  ThreadState& here = shared.kernel.here();
  RT_CHECK(get(here, shared.instance, shared.x) == 3, "one attribute is there");
  RT_CHECK(get(here, shared.instance, shared.y) == 2, "and so is the other");
  RT_CHECK(dict_size(*must(instance_dict(here, shared.instance))) == 2, "the dict counts both");
}

RT_SCENARIO(instance_set_by_both_ways, "containers/instance_set_vs_set_in_dict",
            "Attributes are set by way of the instance and of its dict at once: both are there.") {
  SharedInstance shared;
  Ref<Dict> dict = shared.dict();
  shared.run([&](ThreadState& thread) { set(thread, shared.instance, shared.y, 2); },
             [&](ThreadState& thread) { set(thread, dict, shared.y, 3); });
  ThreadState& here = shared.kernel.here();
  const std::int64_t y = get(here, shared.instance, shared.y);
  RT_CHECK(y == 2 || y == 3, "one of the values is there");
  RT_CHECK(dict_size(*dict) == 2, "the attribute was added once");
  RT_CHECK(shared.instance->values.size == 2, "and has one place in the order");
}

RT_SCENARIO(instance_get_outgrow, "containers/instance_get_vs_dict_outgrows",
            "An attribute is found while the values move from the instance into its dict.") {
  SharedInstance shared(1);
  Ref<Dict> dict = shared.dict();
  shared.run(
      [&](ThreadState& thread) {
        set(thread, dict, shared.y, 2);
        set(thread, dict, shared.x, 3);
      },
      [&](ThreadState& thread) {
        const std::int64_t value = get(thread, shared.instance, shared.x);
        RT_CHECK(value == 1 || value == 3, "an attribute that nobody deletes is there");
      });
  RT_CHECK(get(shared.kernel.here(), shared.instance, shared.x) == 3, "and the last one stays");
}

RT_SCENARIO(dict_get_split_to_combined, "containers/dict_get_vs_split_to_combined",
            "A key of a split dict is found while the dict gets a table of its own.") {
  SharedInstance shared(1);
  Ref<Dict> dict = shared.dict();
  shared.run(
      [&](ThreadState& thread) {
        set(thread, dict, shared.y, 2);
        process_deferred(thread);
      },
      [&](ThreadState& thread) {
        RT_CHECK(get(thread, dict, shared.x) == 1, "what nobody deletes is there");
      });
  RT_CHECK(dict_size(*dict) == 2, "one key was added");
}

RT_SCENARIO(dict_get_clear_split, "containers/dict_get_vs_clear_of_split",
            "A split dict is cleared, and with it the instance.") {
  SharedInstance shared;
  Ref<Dict> dict = shared.dict();
  shared.run([&](ThreadState& thread) { dict_clear(thread, dict); },
             [&](ThreadState& thread) {
               const std::int64_t value = get(thread, dict, shared.x);
               RT_CHECK(value == 1 || value == kAbsent, "a key has its value");
               const std::int64_t attribute = get(thread, shared.instance, shared.x);
               RT_CHECK(attribute == 1 || attribute == kAbsent, "an attribute has its value");
               RT_CHECK(value == 1 || attribute == kAbsent,
                        "what has gone from the dict has gone from the instance");
             });
}

RT_SCENARIO(dict_of_dying_instance, "containers/dict_of_dying_instance",
            "An instance ends while its dict is read: the dict keeps what it shows.") {
  SharedInstance shared;
  Ref<Dict> dict = shared.dict();
  shared.run(
      [&](ThreadState& thread) {
        shared.instance.drop(thread);
        // Takes the block of the instance, if it was freed.
        Ref<Instance> another = instance_of(thread, shared.type);
        set(thread, another, shared.x, 7);
      },
      [&](ThreadState& thread) {
        RT_CHECK(get(thread, dict, shared.x) == 1, "what nobody deletes is there");
      });
  RT_CHECK(get(shared.kernel.here(), dict, shared.x) == 1, "and stays");
  RT_CHECK(dict->holder.peek() == nullptr, "in values of the dict's own");
}

RT_SCENARIO(dict_of_dying_instance_set, "containers/dict_set_vs_dying_instance",
            "An instance ends while its dict is changed: nothing is lost.") {
  SharedInstance shared;
  Ref<Dict> dict = shared.dict();
  shared.run([&](ThreadState& thread) { shared.instance.drop(thread); },
             [&](ThreadState& thread) {
               set(thread, dict, shared.x, 3);
               set(thread, dict, shared.y, 4);
             });
  ThreadState& here = shared.kernel.here();
  RT_CHECK(get(here, dict, shared.x) == 3 && get(here, dict, shared.y) == 4, "both are there");
}

}  // namespace
}  // namespace runtime
