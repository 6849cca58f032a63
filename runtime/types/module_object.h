// Modules as objects: a dict that is read as attributes.
//
// A module owns one dict from its beginning to its end; functions that were defined in it hold the
// dict, not the module. What is not found there is asked of the module's own `__getattr__`.
// Deferred: only the collector ends a module.
//
// Not here: importing, sys.modules.
//
// Ancestry: CPython's Objects/moduleobject.c; PEP 562 (module __getattr__).
#pragma once

#include <string_view>

#include "runtime/containers/dict_object.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

struct Module : WeaklyReferable {
  Atomic<Object*> dict;  // a Dict, owned; null only in one that `__new__` made alone
};

extern Type module_type;

[[nodiscard]] inline bool is_module(const Object& object) {
  return object.type == &module_type || is_subtype(*object.type, module_type);
}
[[nodiscard]] inline Borrowed<Module> as_module(Borrowed<Object> object) {
  RT_INVARIANT(is_module(*object), "what is taken for a module is one");
  return Borrowed<Module>(static_cast<Module*>(object.get()));
}

// With `__name__`, and `__doc__`, `__package__`, `__loader__`, `__spec__` that are None.
Result<Ref<Module>> new_module(ThreadState& thread, Borrowed<Str> name);
Result<Ref<Module>> new_module(ThreadState& thread, std::string_view name);
Result<Done> open_module_type(ThreadState& thread);

// Constant: as good as the caller's reference to the module.
[[nodiscard]] Borrowed<Dict> module_dict(Borrowed<Module> module);
// module.__name__; null unless it is a str.
[[nodiscard]] Ref<Str> module_name(ThreadState& thread, Borrowed<Module> module);

}  // namespace runtime
