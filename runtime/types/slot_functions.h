// What stands in the Protocol of a class whose special methods are written in Python: functions that
// look the special method up along the order of resolution, call it, and look at what it answers.
//
// Ancestry: CPython's slot_nb_add, slot_tp_richcompare and their like (Objects/typeobject.c);
// https://docs.python.org/3/reference/datamodel.html#special-method-names.
#pragma once

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/types/attributes.h"
#include "runtime/types/names.h"

namespace runtime {

using NameOf = Borrowed<Str> (Names::*)() const;

// object.name(*arguments) by its type; a null reference: its type has no such method.
Result<Ref<Object>> call_special(ThreadState& thread, Borrowed<Object> object, NameOf name,
                                 Arguments arguments);
// The same; AttributeError if there is none.
Result<Ref<Object>> call_required(ThreadState& thread, Borrowed<Object> object, NameOf name,
                                  Arguments arguments);

// left.name(right), or right.reflected(left).
Result<Ref<Object>> binary_of_class(ThreadState& thread, Borrowed<Object> left,
                                    Borrowed<Object> right, BinarySlot slot, BinaryOp op,
                                    NameOf name, NameOf reflected);
template <BinaryOp op, NameOf name, NameOf reflected>
Result<Ref<Object>> class_binary(ThreadState& thread, Borrowed<Object> left,
                                 Borrowed<Object> right) {
  return binary_of_class(thread, left, right, &class_binary<op, name, reflected>, op, name,
                         reflected);
}
template <NameOf name>
Result<Ref<Object>> class_inplace(ThreadState& thread, Borrowed<Object> left,
                                  Borrowed<Object> right) {
  return call_required(thread, left, name, {&right, 1});
}
template <NameOf name>
Result<Ref<Object>> class_unary(ThreadState& thread, Borrowed<Object> operand) {
  return call_required(thread, operand, name, {});
}

Result<std::int64_t> class_hash(ThreadState& thread, Borrowed<Object> object);
Result<Ref<Object>> class_compare(ThreadState& thread, Borrowed<Object> left,
                                  Borrowed<Object> right, CompareOp op);
Result<Ref<Str>> class_repr(ThreadState& thread, Borrowed<Object> object);
Result<Ref<Str>> class_str(ThreadState& thread, Borrowed<Object> object);
Result<bool> class_truth(ThreadState& thread, Borrowed<Object> object);
Result<std::int64_t> class_length(ThreadState& thread, Borrowed<Object> object);
Result<Ref<Object>> class_iterate(ThreadState& thread, Borrowed<Object> object);
Result<Ref<Object>> class_next(ThreadState& thread, Borrowed<Object> iterator);
Result<Ref<Object>> class_get_item(ThreadState& thread, Borrowed<Object> container,
                                   Borrowed<Object> key);
Result<Done> class_set_item(ThreadState& thread, Borrowed<Object> container, Borrowed<Object> key,
                            Object* value);
Result<bool> class_contains(ThreadState& thread, Borrowed<Object> container,
                            Borrowed<Object> member);
Result<Ref<Object>> class_call(ThreadState& thread, Borrowed<Object> callee,
                               const CallArguments& arguments);
Result<Ref<Object>> class_get_attribute(ThreadState& thread, Borrowed<Object> object,
                                        Borrowed<Str> name);
Result<Done> class_set_attribute(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                                 Object* value);
Result<Ref<Object>> class_descriptor_get(ThreadState& thread, Borrowed<Object> descriptor,
                                         Object* instance, Borrowed<Type> owner);
Result<Done> class_descriptor_set(ThreadState& thread, Borrowed<Object> descriptor,
                                  Borrowed<Object> instance, Object* value);
Result<Ref<Object>> class_make(ThreadState& thread, Borrowed<Type> type,
                               const CallArguments& arguments);
Result<Done> class_initialize(ThreadState& thread, Borrowed<Object> object,
                              const CallArguments& arguments);

}  // namespace runtime
