// `itertools`: https://docs.python.org/3/library/itertools.html
#include <string_view>

#include "runtime/modules/itertools_types.h"
#include "runtime/modules/native_module.h"

namespace runtime {

namespace {

constexpr auto kFamilies = {&number_iterators,   &selecting_iterators, &joining_iterators,
                            &grouping_iterators, &combining_iterators, &tee_iterators};

constexpr NativeMethod kFunctions[] = {
    {"tee(iterable, n?, /)", &make_tee, "n iterators over the items of one iterable."},
};

}  // namespace

Result<Done> open_itertools_types(ThreadState& thread) {
  for (auto family : kFamilies) {
    for (const IteratorRow& row : family()) {
      TRY(open_type(thread,
                    NativeType{.type = *row.type,
                               .module = "itertools",
                               .documentation = row.documentation,
                               .methods = row.methods,
                               .derivable = row.is_public ? Derivable::kYes : Derivable::kNo,
                               .constructor = row.constructor,
                               .make = row.make}));
    }
  }
  return Done();
}

Result<Done> fill_itertools(ThreadState& thread, Borrowed<Module> module) {
  TRY(add_functions(thread, module, kFunctions));
  for (auto family : kFamilies) {
    for (const IteratorRow& row : family()) {
      if (!row.is_public) continue;
      const std::string_view name = row.type->slots.name;
      TRY(set_in_module(thread, module, name.substr(name.find('.') + 1), *row.type));
    }
  }
  return Done();
}

}  // namespace runtime
