// property, classmethod, staticmethod: descriptors that programs put around functions.
//
// A property calls its getter, setter or deleter when the attribute is read, written or deleted
// through an instance. A classmethod hands the class to its function, a staticmethod nothing.
//
// Ancestry: https://docs.python.org/3/howto/descriptor.html#pure-python-equivalents; CPython's
// Objects/descrobject.c and Objects/funcobject.c.
#pragma once

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

// The fields are guarded by the object's lock: __init__ may be called again.
struct Property : Object {
  Object* getter;
  Object* setter;
  Object* deleter;
  Object* documentation;
  Object* name;  // what it is called in its class; null: nobody has said
  Atomic<Object*> dict;
  bool documents_getter;  // documentation is that of the getter
};
extern Type property_type;

// Null: none.
Result<Ref<Object>> new_property(ThreadState& thread, Object* getter, Object* setter,
                                 Object* deleter, Object* documentation);

// classmethod and staticmethod. The function is guarded by the object's lock.
struct FunctionWrapper : Object {
  Object* function;
  Atomic<Object*> dict;
};
extern Type classmethod_type;
extern Type staticmethod_type;

Result<Ref<Object>> new_classmethod(ThreadState& thread, Borrowed<Object> function);
Result<Ref<Object>> new_staticmethod(ThreadState& thread, Borrowed<Object> function);

Result<Done> open_property_type(ThreadState& thread);
Result<Done> open_function_wrapper_types(ThreadState& thread);

}  // namespace runtime
