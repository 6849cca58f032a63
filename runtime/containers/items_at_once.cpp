#include "runtime/containers/items_at_once.h"

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_view.h"
#include "runtime/containers/set_object.h"

namespace runtime {

Result<Ref<Tuple>> items_at_once(ThreadState& thread, Borrowed<Object> container) {
  if (RT_MUTANT(list_takes_sets_and_dicts_by_steps)) return Ref<Tuple>(nullptr);
  if (container->type == &set_type || container->type == &frozenset_type) {
    return set_to_tuple(thread, as_set(container));
  }
  if (container->type == &dict_type) {
    return dict_part_as_tuple(thread, as_dict(container), DictPart::kKeys);
  }
  if (is_dict_view(*container)) return dict_view_as_tuple(thread, container);
  return Ref<Tuple>(nullptr);
}

}  // namespace runtime
