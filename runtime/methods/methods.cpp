#include "runtime/methods/methods.h"

#include "runtime/methods/open_parts.h"

namespace runtime {

Result<Done> open_methods(ThreadState& thread) {
  using Open = Result<Done> (*)(ThreadState&);
  constexpr Open kParts[] = {&open_str,        &open_int,
                             &open_float,      &open_list,
                             &open_tuple,      &open_dict,
                             &open_dict_views, &open_set,
                             &open_range,      &open_slice,
                             &open_bytes,      &open_bytearray,
                             &open_iterators,  &open_iterator_functions};
  for (Open open : kParts) TRY(open(thread));
  return Done{};
}

Result<Ref<Object>> make_empty(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_empty_instance(thread, Borrowed<Type>(&type_argument(self)));
}

}  // namespace runtime
