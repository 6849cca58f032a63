// object: the type from which every other is derived, and what each object can do.
//
// Ancestry: https://docs.python.org/3/library/functions.html#object; CPython's PyBaseObject_Type.
#pragma once

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

extern Type object_type;

// object.__new__ and object.__init__: they take no arguments, unless the type has one of its own.
Result<Ref<Object>> make_object(ThreadState& thread, Borrowed<Type> type,
                                const CallArguments& arguments);
Result<Done> initialize_object(ThreadState& thread, Borrowed<Object> object,
                               const CallArguments& arguments);

Result<Done> open_object_type(ThreadState& thread);
Result<Done> open_type_type(ThreadState& thread);

// dir(object) and dir(type) as dicts of names, before they are sorted.
Result<Ref<Object>> names_of_object(ThreadState& thread, Borrowed<Object> object);

}  // namespace runtime
