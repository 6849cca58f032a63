// super: attributes as they would be found behind a certain class.
//
// super(C, object).name looks along the order of resolution of type(object), beginning behind C, and
// binds what it finds to the object. If the object is itself a class that is derived from C, it looks
// along that one's order and binds to the class.
//
// Ancestry: https://docs.python.org/3/library/functions.html#super; CPython's super_getattro.
#pragma once

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"
#include "runtime/object/type.h"

namespace runtime {

// The fields are guarded by the object's lock: __init__ may be called again.
struct Super : Object {
  Object* type;      // where to begin, a Type
  Object* instance;  // null: bound to nothing
  Object* owner;     // whose order is followed, a Type; null with it
};
extern Type super_type;

// What stands behind `start` in the order of `owner`, bound to `instance` (null or equal to `owner`:
// to the class). A null reference: nothing.
Result<Ref<Object>> find_after(ThreadState& thread, Borrowed<Type> start, Borrowed<Type> owner,
                               Object* instance, Borrowed<Type> bound_type, Borrowed<Str> name);

// The type whose order super(type, instance) follows; TypeError if they do not belong together.
Result<Ref<Type>> super_owner(ThreadState& thread, Borrowed<Type> type, Borrowed<Object> instance);

// super(type, instance).name, for the interpreter's zero-argument form, without making the object.
Result<Ref<Object>> super_attribute(ThreadState& thread, Borrowed<Type> type,
                                    Borrowed<Object> instance, Borrowed<Str> name);

Result<Done> open_super_type(ThreadState& thread);

}  // namespace runtime
