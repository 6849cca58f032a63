// What the cache of attribute lookups and the slots of classes do under every schedule.
#include "runtime/base/scenario.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/types/type_body.h"
#include "runtime/types/type_lookup.h"
#include "runtime/types/types_test_support.h"

namespace runtime {
namespace {

std::int64_t value_of(ThreadState& thread, Borrowed<Type> type, Borrowed<Str> name) {
  Ref<Object> found = find_in_type(thread, type, name);
  return found ? *int64_of(*as_int(found)) : -1;
}

constinit Type base_type(TypeSlots{.name = "Base"});
constinit Type derived_type(TypeSlots{.name = "Derived"});

// A runtime with two types, one derived from the other, that have no more than their dicts: to open a
// real one takes more steps than an execution may have. Base.x is 1000.
struct Family {
  Family() : values(kernel), types(kernel, Types::WithNames::kNo), name(must(intern(here(), "x"))) {
    give_body(base_type, nullptr);
    give_body(derived_type, &base_type);
    must(dict_set(here(), type_dict(base_type), name, number(here(), 1000)));
  }
  [[nodiscard]] ThreadState& here() { return kernel.first_thread(); }
  void give_body(Type& type, Type* base) {
    auto* body = static_cast<TypeBody*>(raw_allocate_zeroed(here(), sizeof(TypeBody)));
    RT_CHECK(body != nullptr, "there is memory for a body");
    type.body = body;
    body->dict = must(new_dict(here())).release();
    set_gc_bit(body->dict, kGcShared);
    Borrowed<Object> itself(&type);
    Result<Ref<Tuple>> order = base == nullptr
                                   ? new_tuple(here(), {itself})
                                   : new_tuple(here(), {itself, Borrowed<Object>(base)});
    type.resolution_order = must(std::move(order)).release();
    if (base != nullptr) add_derived_locked(here(), *base, type);
    types.remember(type);
  }
  void run(AttachedBody one, AttachedBody other) {
    run_attached(kernel, {std::move(one), std::move(other)}, ThreadEnd::kDetaches);
  }
  void set(ThreadState& thread, Object* value) {
    must(type_set(thread, Borrowed<Type>(&base_type), name, value));
  }
  std::int64_t value(ThreadState& thread, Type& type) {
    return value_of(thread, Borrowed<Type>(&type), name);
  }

  Kernel kernel;
  Values values;
  Types types;
  Ref<Str> name;
};

RT_SCENARIO(type_attribute_monotonic, "types/attribute_never_goes_back",
            "Who has seen a new class attribute does not see the old one again.") {
  Family family;
  RT_CHECK(family.value(family.here(), derived_type) == 1000, "the first value");
  family.run([&](ThreadState& thread) { family.set(thread, number(thread, 2000).get()); },
             [&](ThreadState& thread) {
               const std::int64_t first = family.value(thread, derived_type);
               const std::int64_t second = family.value(thread, derived_type);
               RT_CHECK(first == 1000 || first == 2000, "a value that the class had");
               RT_CHECK(second >= first, "who has seen the new value sees it again");
             });
  RT_CHECK(family.value(family.here(), derived_type) == 2000, "the change stays");
}

// The value belongs to the writer: when he has dropped it, its block is the next that he gets, for
// an int that anybody can count.
RT_SCENARIO(type_cache_value_alive, "types/cache_value_alive",
            "What a reader takes from the cache the class had at that moment.") {
  Family family;
  family.run(
      [&](ThreadState& thread) {
        family.set(thread, number(thread, 2000).get());
        RT_CHECK(family.value(thread, base_type) == 2000, "who sets it sees it");
        family.set(thread, nullptr);
        Ref<Int> other = number(thread, 5000);
        set_maybe_weak(other.get());
        point("block.used_again");
      },
      [&](ThreadState& thread) {
        const std::int64_t seen = family.value(thread, base_type);
        RT_CHECK(seen == 1000 || seen == 2000 || seen == -1, "a value of the class, or none");
      });
}

RT_SCENARIO(type_cache_overtaken, "types/cache_overtaken",
            "What was found before a change is not remembered after it.") {
  Family family;
  family.run(
      [&](ThreadState& thread) {
        family.set(thread, number(thread, 2000).get());
        RT_CHECK(family.value(thread, derived_type) == 2000, "who has changed it sees the change");
      },
      [&](ThreadState& thread) { (void)family.value(thread, derived_type); });
}

}  // namespace
}  // namespace runtime
