// Attributes: Python's rules for object.name.
//
// An attribute is looked for in the type (along its order of resolution) and in the instance. What is
// found in the type may be a descriptor, which decides what it is when read through an instance: a
// function becomes a bound method, a property calls its getter. A descriptor that can also be set
// comes before the instance, any other after it. If nothing is found, the type's `__getattr__` is
// asked.
//
// Names are interned strs throughout; `name_of` makes sure of it.
//
// For inline caches: what find_in_type() finds holds for as long as type_version() (type_body.h) is the
// same; the attributes of an instance stand where TypeBody::place says.
//
// Ancestry: https://docs.python.org/3/howto/descriptor.html; CPython's _PyObject_GenericGetAttrWithDict
// and type_getattro.
#pragma once

#include <string_view>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

// An exact, interned str with this text; TypeError "attribute name must be string, not 'int'".
Result<Ref<Str>> name_of(ThreadState& thread, Borrowed<Object> object);

// object.name: AttributeError "'int' object has no attribute 'x'" (with `name` and `obj`).
Result<Ref<Object>> get_attribute(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name);
Result<Ref<Object>> get_attribute(ThreadState& thread, Borrowed<Object> object,
                                  std::string_view name);
// The same; a null reference instead of AttributeError.
Result<Ref<Object>> find_attribute(ThreadState& thread, Borrowed<Object> object,
                                   Borrowed<Str> name);
Result<Ref<Object>> find_attribute(ThreadState& thread, Borrowed<Object> object,
                                   std::string_view name);
// object.name = value; a null `value` deletes.
Result<Done> set_attribute(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                           Object* value);
Result<Done> set_attribute(ThreadState& thread, Borrowed<Object> object, std::string_view name,
                           Object* value);

// What Protocol::get_attribute and set_attribute do when they are null.
Result<Ref<Object>> generic_get_attribute(ThreadState& thread, Borrowed<Object> object,
                                          Borrowed<Str> name);
Result<Done> generic_set_attribute(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                                   Object* value);

// A callee and what it is to be called on, found without making a bound method in between: what
// `object.name(...)` calls. `self` null: call `function` without it.
struct Method {
  Ref<Object> function;
  Ref<Object> self;
};
Result<Method> get_method(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name);

// Along the order of resolution, no descriptor asked, instances not looked at: how Python finds its
// special methods. Null: there is none. Cached by type and name; right while other threads change
// the type.
[[nodiscard]] Ref<Object> find_in_type(ThreadState& thread, Borrowed<Type> type,
                                       Borrowed<Str> name);
// The special method `name` of the object, ready to be called; a null function: its type has none.
Result<Method> find_special(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name);
Result<Method> find_special(ThreadState& thread, Borrowed<Object> object, std::string_view name);
Result<Ref<Object>> call_method(ThreadState& thread, const Method& method, Arguments arguments);
Result<Ref<Object>> call_method_with(ThreadState& thread, const Method& method,
                                     const CallArguments& arguments);
// object.name(*arguments).
Result<Ref<Object>> call_method(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                                Arguments arguments);
Result<Ref<Object>> call_method(ThreadState& thread, Borrowed<Object> object, std::string_view name,
                                Arguments arguments);

// What an attribute of a type becomes when it is read through `instance` (null: through the type).
Result<Ref<Object>> bind(ThreadState& thread, Ref<Object> attribute, Object* instance,
                         Borrowed<Type> owner);

}  // namespace runtime
