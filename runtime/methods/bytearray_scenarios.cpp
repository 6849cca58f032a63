// Two threads with one bytearray.
#include <string>

#include "runtime/collector/collector.h"
#include "runtime/methods/bytearray_object.h"
#include "runtime/methods/open_parts.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/values_test_support.h"
#include "runtime/types/attributes.h"
#include "runtime/types/types.h"

namespace runtime {
namespace {

// A runtime in which bytearray has its methods, and one that two threads share. The other built-in types
// have none here: they would take most of the time.
class SharedOctets {
 public:
  explicit SharedOctets(std::string_view octets)
      : values_(kernel_),
        types_(kernel_),
        opened_(here()),
        collector_(kernel_, CollectorOptions{.is_enabled = false}),
        array_(must(new_bytearray(here(), octets))) {}
  ~SharedOctets() {
    array_.drop(here());
    collector_.collect(here());
  }
  [[nodiscard]] ThreadState& here() { return kernel_.first_thread(); }
  Borrowed<ByteArray> operator*() { return array_; }
  [[nodiscard]] std::string octets(ThreadState& thread) { return octets_of(thread, array_); }

  // array.name(*arguments)
  Result<Ref<Object>> call(ThreadState& thread, const char* name,
                           std::initializer_list<Borrowed<Object>> arguments) {
    TRY_ASSIGN(Ref<Object> method, get_attribute(thread, array_, name));
    return runtime::call(thread, method, Arguments(arguments.begin(), arguments.size()));
  }
  Ref<Slice> slice(std::int64_t start) {
    Ref<Int> first = number(here(), start);
    Ref<Object> last = none();
    return must(new_slice(here(), first, last, last));
  }
  void run(AttachedBody one, AttachedBody other) {
    run_attached(kernel_, {std::move(one), std::move(other)}, ThreadEnd::kDetaches);
  }

 private:
  struct Opened {
    explicit Opened(ThreadState& thread) {
      must(open_basic_types(thread));
      must(open_bytearray(thread));
    }
  };

  Kernel kernel_;
  Values values_;
  Types types_;
  Opened opened_;
  Collector collector_;
  Ref<ByteArray> array_;
};

AttachedBody appends(SharedOctets& array, char octet) {
  return [&array, octet](ThreadState& thread) {
    must(array.call(thread, "append", {shared_int(octet)}));
  };
}

RT_SCENARIO(bytearray_append_append, "methods/bytearray_append_vs_append",
            "What two threads append to a bytearray is in it, each octet once.") {
  SharedOctets array("ab");
  array.run(appends(array, 'x'), appends(array, 'y'));
  const std::string octets = array.octets(array.here());
  RT_CHECK(octets == "abxy" || octets == "abyx", "nothing is lost");
}

RT_SCENARIO(bytearray_pop_pop, "methods/bytearray_pop_vs_pop",
            "Two threads pop two octets, and none of them fails.") {
  SharedOctets array("abc");
  std::int64_t sum = 0;
  const auto pop = [&](ThreadState& thread) {
    sum += static_cast<Int*>(must(array.call(thread, "pop", {})).get())->small;
  };
  array.run(pop, pop);
  RT_CHECK(sum == 'b' + 'c' && array.octets(array.here()) == "a", "the last two");
}

// The array has room for eight octets and a bit: another eight move it.
RT_SCENARIO(bytearray_read_grow, "methods/bytearray_read_vs_growth",
            "Who reads a bytearray that grows and moves finds what it held at one moment.") {
  SharedOctets array("abcd");
  const std::string more(16, 'x');
  array.run([&](ThreadState& thread) { must(replace_octets(thread, *array, INT64_MAX, 0, more)); },
            [&](ThreadState& thread) {
              const std::string octets = array.octets(thread);
              RT_CHECK(octets == "abcd" || octets == "abcd" + more, "before or after");
              Ref<Object> last = must(get_item(thread, *array, shared_int(-1)));
              const std::int64_t seen = static_cast<Int*>(last.get())->small;
              RT_CHECK(seen == 'x' || (seen == 'd' && octets == "abcd"), "and not before again");
            });
}

RT_SCENARIO(bytearray_slice_clear, "methods/bytearray_slice_vs_clear",
            "A slice of a bytearray that is cleared is whole or empty.") {
  SharedOctets array("abcd");
  Ref<Slice> tail = array.slice(2);
  array.run([&](ThreadState& thread) { must(array.call(thread, "clear", {})); },
            [&](ThreadState& thread) {
              Ref<Object> part = must(get_item(thread, *array, tail));
              const std::string octets = octets_of(thread, as_bytearray(part));
              RT_CHECK(octets == "cd" || octets.empty(), "before or after");
            });
}

RT_SCENARIO(bytearray_delete_pop, "methods/bytearray_delete_slice_vs_pop",
            "What a slice from the end means is settled when it is deleted.") {
  SharedOctets array("abc");
  Ref<Slice> last = array.slice(-1);
  array.run([&](ThreadState& thread) { must(delete_item(thread, *array, last)); },
            [&](ThreadState& thread) {
              std::uint8_t taken = 0;
              RT_CHECK(take_octet(thread, *array, 0, &taken) && taken == 'a', "the first");
            });
  RT_CHECK(array.octets(array.here()) == "b", "the first and the last are gone");
}

RT_SCENARIO(bytearray_insert_pop, "methods/bytearray_insert_vs_pop",
            "Where an octet is inserted is counted from the end that there is then.") {
  SharedOctets array("ab");
  array.run(
      [&](ThreadState& thread) {
        must(array.call(thread, "insert", {shared_int(-1), shared_int('x')}));
      },
      [&](ThreadState& thread) {
        std::uint8_t taken = 0;
        RT_CHECK(take_octet(thread, *array, 0, &taken) && taken == 'a', "the first");
      });
  RT_CHECK(array.octets(array.here()) == "xb", "before the last, in either order");
}

RT_SCENARIO(bytearray_extend_itself, "methods/bytearray_extend_by_itself_vs_append",
            "A bytearray is extended by what it held at one moment, in one run.") {
  SharedOctets array("ab");
  array.run([&](ThreadState& thread) { must(array.call(thread, "extend", {*array})); },
            appends(array, 'x'));
  const std::string octets = array.octets(array.here());
  RT_CHECK(octets == "ababx" || octets == "abxab" || octets == "abxabx", "each run is whole");
}

RT_SCENARIO(bytearray_iterate_pop, "methods/bytearray_iterate_vs_pop",
            "Who walks through a bytearray that becomes shorter gets octets of it, and an end.") {
  SharedOctets array("ab");
  Ref<Object> iterator = must(get_iterator(array.here(), *array));
  array.run(
      [&](ThreadState& thread) {
        std::uint8_t taken = 0;
        RT_CHECK(take_octet(thread, *array, -1, &taken) && taken == 'b', "the last");
      },
      [&](ThreadState& thread) {
        std::string seen;
        while (Ref<Object> octet = must(next_of(thread, iterator))) {
          seen += static_cast<char>(static_cast<Int*>(octet.get())->small);
        }
        RT_CHECK(seen == "a" || seen == "ab", "octets of it, in order");
        RT_CHECK(!must(next_of(thread, iterator)), "what has ended stays so");
      });
}

RT_SCENARIO(bytearray_remove_remove, "methods/bytearray_remove_vs_remove",
            "Of two threads that remove the only octet of its value one gets ValueError.") {
  SharedOctets array("ab");
  unsigned raised = 0;
  const auto remove = [&](ThreadState& thread) {
    if (array.call(thread, "remove", {shared_int('a')}).is_raised()) ++raised;
  };
  array.run(remove, remove);
  RT_CHECK(raised == 1 && array.octets(array.here()) == "b", "it is removed once");
}

}  // namespace
}  // namespace runtime
