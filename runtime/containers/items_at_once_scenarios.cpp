// A list takes what is in a set or a dict while another thread changes that.
#include "runtime/base/scenario.h"
#include "runtime/containers/dict_test_support.h"
#include "runtime/containers/list_test_support.h"
#include "runtime/containers/set_test_support.h"

namespace runtime {
namespace {

using Values = std::vector<std::int64_t>;

void run_both(ValueKernel& kernel, AttachedBody one, AttachedBody other) {
  run_attached(kernel.kernel, {std::move(one), std::move(other)}, ThreadEnd::kDetaches);
}

RT_SCENARIO(extend_vs_add, "containers/list_extend_from_set_vs_add",
            "A list is extended by a set as it is before or after another thread adds to it.") {
  ValueKernel kernel;
  Ref<Set> set = set_of(kernel.here(), {1, 2});
  Ref<List> list = numbers(kernel.here(), {0});
  set_gc_bit(set.get(), kGcShared);
  set_gc_bit(list.get(), kGcShared);
  run_both(
      kernel, [&](ThreadState& thread) { must(list_extend(thread, list, set)); },
      [&](ThreadState& thread) { must(set_add(thread, set, shared_int(3))); });
  const Values values = values_of(kernel.here(), list);
  RT_CHECK((values == Values{0, 1, 2} || values == Values{0, 1, 2, 3}), "before or after");
}

RT_SCENARIO(
    extend_vs_clear, "containers/list_extend_from_dict_vs_clear",
    "A list is extended by all keys of a dict or, if another thread has cleared it, by none.") {
  ValueKernel kernel;
  Ref<Dict> dict = must(new_dict(kernel.here()));
  set(kernel.here(), dict, shared_int(1), 10);
  set(kernel.here(), dict, shared_int(2), 20);
  Ref<List> list = numbers(kernel.here(), {0});
  set_gc_bit(dict.get(), kGcShared);
  set_gc_bit(list.get(), kGcShared);
  run_both(
      kernel, [&](ThreadState& thread) { must(list_extend(thread, list, dict)); },
      [&](ThreadState& thread) { dict_clear(thread, dict); });
  const Values values = values_of(kernel.here(), list);
  RT_CHECK((values == Values{0} || values == Values{0, 1, 2}), "all or nothing");
}

RT_SCENARIO(copy_vs_extend, "containers/list_copy_vs_extend_from_dict",
            "Whoever copies a list that is extended by a dict finds all of the run or nothing.") {
  ValueKernel kernel;
  Ref<Dict> dict = must(new_dict(kernel.here()));
  set(kernel.here(), dict, shared_int(1), 10);
  set(kernel.here(), dict, shared_int(2), 20);
  Ref<List> list = numbers(kernel.here(), {0});
  set_gc_bit(dict.get(), kGcShared);
  set_gc_bit(list.get(), kGcShared);
  Ref<List> copy;
  run_both(
      kernel, [&](ThreadState& thread) { must(list_extend(thread, list, dict)); },
      [&](ThreadState& thread) { copy = must(list_copy(thread, list)); });
  const Values values = values_of(kernel.here(), copy);
  RT_CHECK((values == Values{0} || values == Values{0, 1, 2}), "all or nothing");
  copy.drop(kernel.here());
}

}  // namespace
}  // namespace runtime
