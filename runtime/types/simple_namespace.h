// types.SimpleNamespace: an object that is its attributes.
//
// Ancestry: https://docs.python.org/3/library/types.html#types.SimpleNamespace; CPython's
// Objects/namespaceobject.c.
#pragma once

#include "runtime/containers/dict_object.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct SimpleNamespace : Object {
  Atomic<Object*> dict;  // null: no attributes yet
};
extern Type simple_namespace_type;

// With these attributes; the dict is copied.
Result<Ref<Object>> new_simple_namespace(ThreadState& thread, Borrowed<Dict> attributes);

Result<Done> open_simple_namespace_type(ThreadState& thread);

}  // namespace runtime
