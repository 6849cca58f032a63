// Bound methods: a function together with what it is called on.
//
// Made when a method is read and not called at once; `object.name(...)` makes none (get_method).
//
// Ancestry: CPython's PyMethodObject (Objects/classobject.c).
#pragma once

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

// Both constant until it ends.
struct BoundMethod : WeaklyReferable {
  Object* function;
  Object* self;
};

extern Type bound_method_type;  // "method"

Result<Ref<Object>> new_bound_method(ThreadState& thread, Borrowed<Object> function,
                                     Borrowed<Object> self);

Result<Done> open_bound_method_type(ThreadState& thread);

}  // namespace runtime
