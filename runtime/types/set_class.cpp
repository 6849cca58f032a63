#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/instance_values.h"
#include "runtime/object/exception_object.h"
#include "runtime/threads/stop_the_world.h"
#include "runtime/types/class_layout.h"
#include "runtime/types/class_type.h"
#include "runtime/types/instance_layout.h"
#include "runtime/types/module_object.h"

namespace runtime {

namespace {

// What a program cannot see of two types but their instances are laid out by.
bool have_same_layout(const Type& one, const Type& other) {
  const TypeBody& left = *one.body;
  const TypeBody& right = *other.body;
  return one.slots.size == other.slots.size && one.slots.heap == other.slots.heap &&
         one.slots.weak_references_offset == other.slots.weak_references_offset &&
         left.place == right.place && left.dict_offset == right.dict_offset &&
         &native_base_of(one) == &native_base_of(other);
}

bool have_same_names(const ClassType& one, const ClassType& other) {
  for (std::uint32_t i = 0; i < one.member_count; ++i) {
    // Interned.
    if (one.member_names->at(i).get() != other.member_names->at(i).get()) return false;
  }
  return true;
}

// The same names in the same places, class by class.
bool have_same_members(const Type& one, const Type& other) {
  const Type* left = &one;
  const Type* right = &other;
  for (;;) {
    while (is_class(*left) && as_class(*left).member_count == 0) left = left->body->base;
    while (is_class(*right) && as_class(*right).member_count == 0) right = right->body->base;
    if (left == right) return true;
    if (!is_class(*left) || !is_class(*right)) return !is_class(*left) && !is_class(*right);
    const ClassType& first = as_class(*left);
    const ClassType& second = as_class(*right);
    if (first.member_count != second.member_count || first.member_offset != second.member_offset ||
        !have_same_names(first, second)) {
      return false;
    }
    left = left->body->base;
    right = right->body->base;
  }
}

}  // namespace

Result<Done> set_class_of(ThreadState& thread, Borrowed<Object> object, Borrowed<Type> type) {
  const auto is_changeable = [](const Type& one) {
    return is_class(one) || is_subtype(one, module_type);
  };
  Ref<Type> before = Ref<Type>::share(thread, Borrowed<Type>(object->type));
  if (!is_changeable(*type) || !is_changeable(*before)) {
    return raise(thread, type_error_type,
                 "__class__ assignment only supported for mutable types or ModuleType subclasses");
  }
  if (before.get() == type.get()) return Done{};
  if (!have_same_layout(*before, *type) || !have_same_members(*before, *type)) {
    return raise(thread, type_error_type,
                 "__class__ assignment: '{}' object layout differs from '{}'", type->slots.name,
                 before->slots.name);
  }
  // Values inside belong to the names of the former class.
  if (type->body->place == AttributesPlace::kInside) {
    TRY(move_values_to_dict(thread, Borrowed<Instance>(static_cast<Instance*>(object.get()))));
  }
  // The object's reference to its type is one that threads count for themselves.
  increment_per_thread(thread, type.get());
  Type* former;
  if (RT_MUTANT(class_changed_while_threads_run)) {
    former = std::exchange(object->type, type.get());
  } else {
    StoppedWorld stopped(thread);
    former = std::exchange(object->type, type.get());
  }
  decrement_per_thread(thread, former);
  return Done{};
}

}  // namespace runtime
