// What the cache of attribute lookups and the slots of classes do under every schedule.
#include "runtime/base/scenario.h"
#include "runtime/types/type_lookup.h"
#include "runtime/types/types_test_support.h"

namespace runtime {
namespace {

std::int64_t value_of(ThreadState& thread, Borrowed<Type> type, Borrowed<Str> name) {
  Ref<Object> found = find_in_type(thread, type, name);
  return found ? *int64_of(*as_int(found)) : -1;
}

// A class and one that is derived from it, with one attribute.
struct Family {
  explicit Family(ThreadState& thread)
      : base(plain_class(thread, "A", {{"x", number(thread, 1000)}})),
        derived(class_of(thread, "B", {base})),
        name(must(intern(thread, "x"))) {}
  Ref<Type> base;
  Ref<Type> derived;
  Ref<Str> name;
};

RT_SCENARIO(type_attribute_monotonic, "types/attribute_never_goes_back",
            "Who has seen a new class attribute does not see the old one again.") {
  TypesKernel runtime(Opened::kObjectAndType);
  Family family(runtime.here());
  RT_CHECK(value_of(runtime.here(), family.derived, family.name) == 1000, "the first value");
  run_attached(runtime.kernel,
               {[&](ThreadState& thread) {
                  must(type_set(thread, family.base, family.name, number(thread, 2000).get()));
                },
                [&](ThreadState& thread) {
                  const std::int64_t first = value_of(thread, family.derived, family.name);
                  const std::int64_t second = value_of(thread, family.derived, family.name);
                  RT_CHECK(first == 1000 || first == 2000, "a value that the class had");
                  RT_CHECK(second >= first,
                           "who has seen the new value does not see the old one again");
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(value_of(runtime.here(), family.derived, family.name) == 2000, "the change stays");
}

// The value belongs to the writer: when he has dropped it, its block is the next that he gets, for
// an int that anybody can count.
RT_SCENARIO(type_cache_value_alive, "types/cache_value_alive",
            "What a reader takes from the cache the class had at that moment.") {
  TypesKernel runtime(Opened::kObjectAndType);
  Family family(runtime.here());
  run_attached(
      runtime.kernel,
      {[&](ThreadState& thread) {
         must(type_set(thread, family.base, family.name, number(thread, 2000).get()));
         RT_CHECK(value_of(thread, family.base, family.name) == 2000, "who sets it sees it");
         must(type_set(thread, family.base, family.name, nullptr));
         Ref<Int> other = number(thread, 5000);
         set_maybe_weak(other.get());
         point("block.used_again");
       },
       [&](ThreadState& thread) {
         const std::int64_t seen = value_of(thread, family.base, family.name);
         RT_CHECK(seen == 1000 || seen == 2000 || seen == -1, "a value of the class, or none");
       }},
      ThreadEnd::kDetaches);
}

RT_SCENARIO(type_cache_overtaken, "types/cache_overtaken",
            "What was found before a change is not remembered after it.") {
  TypesKernel runtime(Opened::kObjectAndType);
  Family family(runtime.here());
  run_attached(runtime.kernel,
               {[&](ThreadState& thread) {
                  must(type_set(thread, family.base, family.name, number(thread, 2000).get()));
                  RT_CHECK(value_of(thread, family.derived, family.name) == 2000,
                           "who has changed it sees the change");
                },
                [&](ThreadState& thread) { (void)value_of(thread, family.derived, family.name); }},
               ThreadEnd::kDetaches);
}

}  // namespace
}  // namespace runtime
