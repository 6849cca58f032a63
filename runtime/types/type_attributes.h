// The attributes of types, and the two descriptors that classes have for their instances.
//
// An attribute of a type is looked for in its metaclass, then along its own order of resolution, where
// what is found is bound to nothing but the type; then in the metaclass again, as for any object.
//
// Ancestry: CPython's type_getattro and type_setattro (Objects/typeobject.c).
#pragma once

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/types/type_body.h"

namespace runtime {

Result<Ref<Object>> get_attribute_of_type(ThreadState& thread, Borrowed<Object> object,
                                          Borrowed<Str> name);
Result<Done> set_attribute_of_type(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                                   Object* value);

// `__dict__` and `__weakref__` of instances.
Result<Ref<Object>> dict_of_instance(ThreadState& thread, Borrowed<Object> self);
Result<Done> set_dict_of_instance(ThreadState& thread, Borrowed<Object> self, Object* value);
Result<Ref<Object>> weak_reference_of_instance(ThreadState& thread, Borrowed<Object> self);

}  // namespace runtime
