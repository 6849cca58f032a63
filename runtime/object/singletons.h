// None, NotImplemented, Ellipsis: objects of which there is one.
//
// They are static and immortal, so that a reference to one costs nothing to take or to drop, and
// identity is equality. True and False are ints and live in int_object.h.
//
// Ancestry: CPython's Objects/object.c (_Py_NoneStruct, _Py_NotImplementedStruct) and
// Objects/sliceobject.c (_Py_EllipsisObject).
#pragma once

#include "runtime/object/object.h"
#include "runtime/object/ref.h"
#include "runtime/object/type.h"

namespace runtime {

extern Type none_type;
extern Type not_implemented_type;
extern Type ellipsis_type;

extern Object none_object;
extern Object not_implemented_object;
extern Object ellipsis_object;

[[nodiscard]] inline Ref<Object> none() { return Ref<Object>::adopt(&none_object); }
[[nodiscard]] inline Ref<Object> not_implemented() {
  return Ref<Object>::adopt(&not_implemented_object);
}
[[nodiscard]] inline Ref<Object> ellipsis() { return Ref<Object>::adopt(&ellipsis_object); }

[[nodiscard]] inline bool is_none(const Object* object) { return object == &none_object; }
[[nodiscard]] inline bool is_not_implemented(const Object* object) {
  return object == &not_implemented_object;
}

}  // namespace runtime
