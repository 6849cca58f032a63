// Operations of lists and dicts that look first and then act: each is one step. What a place
// means that is counted from the end, whether a key is there, which item is the newest: all that is
// settled in the step that makes use of it.
#include <utility>
#include <vector>

#include "runtime/containers/dict_test_support.h"
#include "runtime/containers/list_test_support.h"

namespace runtime {
namespace {

using Values = std::vector<std::int64_t>;

struct SharedList {
  SharedList(std::initializer_list<std::int64_t> values) : list(numbers(kernel.here(), values)) {
    set_gc_bit(list.get(), kGcShared);
  }
  void beside_pop_of_the_first(AttachedBody body) {
    run_attached(kernel.kernel,
                 {std::move(body),
                  [&](ThreadState& thread) {
                    RT_CHECK(value_of(must(list_pop(thread, list, 0))) == 1, "the first item");
                  }},
                 ThreadEnd::kDetaches);
  }
  [[nodiscard]] bool is(const Values& values) { return values_of(kernel.here(), list) == values; }

  ValueKernel kernel;
  Ref<List> list;
};

RT_SCENARIO(list_insert_pop, "containers/list_insert_vs_pop",
            "Where an item is inserted is counted from the end that the list has then.") {
  SharedList shared({1, 2});
  shared.beside_pop_of_the_first(
      [&](ThreadState& thread) { must(list_insert(thread, shared.list, -1, shared_int(9))); });
  RT_CHECK(shared.is({9, 2}), "before the last item, in either order");
}

RT_SCENARIO(list_delete_pop, "containers/list_delete_vs_pop",
            "Which item is the last is settled when it is deleted.") {
  SharedList shared({1, 2, 3});
  shared.beside_pop_of_the_first([&](ThreadState& thread) {
    RT_CHECK(list_delete(thread, shared.list, -1), "there is a last item");
  });
  RT_CHECK(shared.is({2}), "the first and the last are gone");
}

RT_SCENARIO(list_delete_slice_pop, "containers/list_delete_slice_vs_pop",
            "What a slice from the end means is settled when it is deleted.") {
  SharedList shared({1, 2, 3});
  Ref<Slice> last = slice(shared.kernel.here(), -1, kNo);
  shared.beside_pop_of_the_first(
      [&](ThreadState& thread) { must(list_set_slice(thread, shared.list, last, nullptr)); });
  RT_CHECK(shared.is({2}), "the first and the last are gone");
}

struct SharedDicts {
  SharedDicts() : one(must(new_dict(kernel.here()))), other(must(new_dict(kernel.here()))) {
    set_gc_bit(one.get(), kGcShared);
    set_gc_bit(other.get(), kGcShared);
  }
  void put(const Ref<Dict>& dict, int key, int value) {
    must(dict_set(kernel.here(), dict, shared_int(key), shared_int(value)));
  }
  std::int64_t at_one(const Ref<Dict>& dict) {
    return value_of(must(dict_get(kernel.here(), dict, shared_int(1))));
  }
  void run(AttachedBody first, AttachedBody second) {
    run_attached(kernel.kernel, {std::move(first), std::move(second)}, ThreadEnd::kDetaches);
  }

  ValueKernel kernel;
  Ref<Dict> one;
  Ref<Dict> other;
};

RT_SCENARIO(dict_pop_default, "containers/dict_pop_with_default_vs_itself",
            "Of two threads that pop one key with a default one gets the value.") {
  SharedDicts shared;
  shared.put(shared.one, 1, 10);
  std::int64_t sum = 0;
  Ref<Int> otherwise = shared_int(100);
  const auto pop = [&](ThreadState& thread) {
    sum += value_of(must(dict_pop(thread, shared.one, shared_int(1), otherwise.get())));
  };
  shared.run(pop, pop);
  RT_CHECK(sum == 110, "the value once, and the default once");
}

RT_SCENARIO(dict_popitem_popitem, "containers/dict_popitem_vs_popitem",
            "Two threads that take the newest item take two.") {
  SharedDicts shared;
  shared.put(shared.one, 1, 10);
  shared.put(shared.one, 2, 20);
  std::int64_t sum = 0;
  const auto take = [&](ThreadState& thread) {
    Ref<Tuple> item = must(dict_pop_item(thread, shared.one));
    const std::int64_t key = as_int(item->at(0))->small;
    RT_CHECK(as_int(item->at(1))->small == 10 * key, "a key comes with its value");
    sum += key;
  };
  shared.run(take, take);
  RT_CHECK(sum == 3 && dict_size(*shared.one) == 0, "each item once");
}

RT_SCENARIO(dict_update_both_ways, "containers/dict_update_of_one_key_crosswise",
            "a.update(b) beside b.update(a): afterwards both say the same of a key they share.") {
  SharedDicts shared;
  shared.put(shared.one, 1, 10);
  shared.put(shared.other, 1, 20);
  shared.run([&](ThreadState& thread) { must(dict_update(thread, shared.one, shared.other)); },
             [&](ThreadState& thread) { must(dict_update(thread, shared.other, shared.one)); });
  RT_CHECK(shared.at_one(shared.one) == shared.at_one(shared.other), "one update comes first");
}

}  // namespace
}  // namespace runtime
