// Where an instance keeps what its class adds: the dict of its attributes, the list of its weak
// references, the places of `__slots__`.
//
//   object, plain class     header | weak references | dict | values        (containers/instance_values.h)
//   fixed base (list, ...)  the base's structure | dict | weak references | slots
//   items (int, tuple, ...) the base's structure | items | dict
//
// What stands behind items is found by how many there are.
//
// Ancestry: CPython's tp_dictoffset, which may be negative for the same reason.
#pragma once

#include <cstddef>

#include "runtime/containers/dict_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/ref.h"
#include "runtime/object/type.h"
#include "runtime/types/type_body.h"

namespace runtime {

// The native type whose instances these are an extension of.
[[nodiscard]] const Type& native_base_of(const Type& type);
// Instances of this native type have items behind their structure.
[[nodiscard]] bool has_items(const Type& native);
// How many bytes an instance has, items included, without what a class adds; a multiple of 8.
[[nodiscard]] std::size_t bytes_with_items(const Object& object, const Type& native);

// The word that owns the dict of an object whose place is kDict or kBehindItems.
[[nodiscard]] Atomic<Object*>& dict_word_of(Object& object, const TypeBody& body);
// The dict that there is; null: nobody has needed one, or it can have none.
[[nodiscard]] Ref<Dict> existing_dict_of(ThreadState& thread, Borrowed<Object> object);

// The slots of a class: they do what the native base does and care for what the class adds.
void release_class_instance(Object* object, DroppedFields& dropped);
void clear_class_instance(Object* object, DroppedFields& dropped);
void traverse_class_instance(Object* object, Visit visit, void* context);

}  // namespace runtime
