// module.__spec__: where a module came from.
//
// An object with nothing but attributes: name, loader (None), origin, parent,
// submodule_search_locations, has_location, cached (None).
//
// Ancestry: PEP 451; CPython's importlib.machinery.ModuleSpec.
#pragma once

#include "runtime/object/result.h"
#include "runtime/object/str_object.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

struct ModuleSpec : WeaklyReferable {
  Atomic<Object*> attributes;  // a Dict, or null
};

extern Type module_spec_type;

// Null `origin`: built in. Null `search_locations`: no package.
Result<Ref<Object>> new_module_spec(ThreadState& thread, Borrowed<Str> name, Object* origin,
                                    Object* search_locations, bool has_location);

Result<Done> open_module_spec_type(ThreadState& thread);

}  // namespace runtime
