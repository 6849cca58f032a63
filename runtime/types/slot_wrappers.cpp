#include "runtime/types/slot_wrappers.h"

#include <utility>

#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"
#include "runtime/types/class_type.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

Result<Done> check_count(ThreadState& thread, const SlotRow& row, const CallArguments& arguments,
                         std::size_t wanted) {
  if (!arguments.named.empty()) {
    return raise(thread, type_error_type, "wrapper {}() takes no keyword arguments", row.name);
  }
  const std::size_t given = arguments.positional.size();
  if (given == wanted) return Done{};
  return raise(thread, type_error_type, "expected {} argument{}, got {}", wanted,
               wanted == 1 ? "" : "s", given);
}

// The slot as what it is.
template <auto member>
auto as_slot(AnySlot slot) {
  using Slot = std::remove_reference_t<decltype(std::declval<Protocol&>().*member)>;
  return reinterpret_cast<Slot>(slot);
}

}  // namespace

#define RT_WRAPPER(name)                                                                       \
  Result<Ref<Object>> name([[maybe_unused]] ThreadState& thread,                               \
                           [[maybe_unused]] const SlotRow& row, [[maybe_unused]] AnySlot slot, \
                           [[maybe_unused]] Borrowed<Object> self,                             \
                           [[maybe_unused]] const CallArguments& arguments)

RT_WRAPPER(wrap_binary) {
  TRY(check_count(thread, row, arguments, 1));
  return reinterpret_cast<BinarySlot>(slot)(thread, self, arguments.positional[0]);
}

RT_WRAPPER(wrap_reflected) {
  TRY(check_count(thread, row, arguments, 1));
  return reinterpret_cast<BinarySlot>(slot)(thread, arguments.positional[0], self);
}

RT_WRAPPER(wrap_unary) {
  TRY(check_count(thread, row, arguments, 0));
  return reinterpret_cast<UnarySlot>(slot)(thread, self);
}

// A slot that is null: object's own rule, or that of a type that knows equality only.
RT_WRAPPER(wrap_compare) {
  TRY(check_count(thread, row, arguments, 1));
  Borrowed<Object> other = arguments.positional[0];
  const auto op = static_cast<CompareOp>(row.operation);
  if (slot != nullptr) return as_slot<&Protocol::compare>(slot)(thread, self, other, op);
  if (op == CompareOp::kNotEqual) {
    const auto compare = protocol_of(self).compare;
    if (compare != nullptr) {
      TRY_ASSIGN(Ref<Object> equal, compare(thread, self, other, CompareOp::kEqual));
      if (is_not_implemented(equal.get())) return equal;
      TRY_ASSIGN(bool is_equal, is_true(thread, equal));
      return boolean(!is_equal);
    }
  }
  if (op != CompareOp::kEqual && op != CompareOp::kNotEqual) return not_implemented();
  const auto equals = protocol_of(self).equals;
  if (equals != nullptr && self->type == other->type) {
    TRY_ASSIGN(bool is_equal, equals(thread, self, other));
    return boolean(is_equal == (op == CompareOp::kEqual));
  }
  if (self.get() != other.get()) return not_implemented();
  return boolean(op == CompareOp::kEqual);
}

RT_WRAPPER(wrap_repr) {
  TRY(check_count(thread, row, arguments, 0));
  return as_slot<&Protocol::repr>(slot)(thread, self);
}

RT_WRAPPER(wrap_str) {
  TRY(check_count(thread, row, arguments, 0));
  if (slot == nullptr) return repr_of(thread, self);
  return as_slot<&Protocol::str>(slot)(thread, self);
}

RT_WRAPPER(wrap_hash) {
  TRY(check_count(thread, row, arguments, 0));
  TRY_ASSIGN(std::int64_t hash, as_slot<&Protocol::hash>(slot)(thread, self));
  return new_int(thread, hash);
}

RT_WRAPPER(wrap_truth) {
  TRY(check_count(thread, row, arguments, 0));
  TRY_ASSIGN(bool truth, as_slot<&Protocol::truth>(slot)(thread, self));
  return boolean(truth);
}

RT_WRAPPER(wrap_length) {
  TRY(check_count(thread, row, arguments, 0));
  TRY_ASSIGN(std::int64_t length, as_slot<&Protocol::length>(slot)(thread, self));
  return new_int(thread, length);
}

RT_WRAPPER(wrap_next) {
  TRY(check_count(thread, row, arguments, 0));
  TRY_ASSIGN(Ref<Object> item, as_slot<&Protocol::next>(slot)(thread, self));
  if (!item) return raise_empty(thread, stop_iteration_type);
  return item;
}

RT_WRAPPER(wrap_set_item) {
  TRY(check_count(thread, row, arguments, 2));
  TRY(as_slot<&Protocol::set_item>(slot)(thread, self, arguments.positional[0],
                                         arguments.positional[1].get()));
  return none();
}

RT_WRAPPER(wrap_delete_item) {
  TRY(check_count(thread, row, arguments, 1));
  TRY(as_slot<&Protocol::set_item>(slot)(thread, self, arguments.positional[0], nullptr));
  return none();
}

RT_WRAPPER(wrap_contains) {
  TRY(check_count(thread, row, arguments, 1));
  TRY_ASSIGN(bool is_member,
             as_slot<&Protocol::contains>(slot)(thread, self, arguments.positional[0]));
  return boolean(is_member);
}

RT_WRAPPER(wrap_repeat) {
  TRY(check_count(thread, row, arguments, 1));
  TRY_ASSIGN(std::int64_t times,
             checked_index_of(thread, arguments.positional[0], overflow_error_type));
  return as_slot<&Protocol::repeat>(slot)(thread, self, times);
}

RT_WRAPPER(wrap_call) { return as_slot<&Protocol::call>(slot)(thread, self, arguments); }

RT_WRAPPER(wrap_get_attribute) {
  TRY(check_count(thread, row, arguments, 1));
  TRY_ASSIGN(Ref<Str> name, name_of(thread, arguments.positional[0]));
  if (slot == nullptr) return generic_get_attribute(thread, self, name);
  return as_slot<&Protocol::get_attribute>(slot)(thread, self, name);
}

RT_WRAPPER(wrap_set_attribute) {
  TRY(check_count(thread, row, arguments, 2));
  TRY_ASSIGN(Ref<Str> name, name_of(thread, arguments.positional[0]));
  Object* value = arguments.positional[1].get();
  if (slot == nullptr) {
    TRY(generic_set_attribute(thread, self, name, value));
  } else {
    TRY(as_slot<&Protocol::set_attribute>(slot)(thread, self, name, value));
  }
  return none();
}

RT_WRAPPER(wrap_delete_attribute) {
  TRY(check_count(thread, row, arguments, 1));
  TRY_ASSIGN(Ref<Str> name, name_of(thread, arguments.positional[0]));
  if (slot == nullptr) {
    TRY(generic_set_attribute(thread, self, name, nullptr));
  } else {
    TRY(as_slot<&Protocol::set_attribute>(slot)(thread, self, name, nullptr));
  }
  return none();
}

RT_WRAPPER(wrap_descriptor_get) {
  const std::size_t given = arguments.positional.size();
  if (given != 1) TRY(check_count(thread, row, arguments, 2));
  Object* instance = arguments.positional[0].get();
  if (is_none(instance)) instance = nullptr;
  Object* owner = given == 2 ? arguments.positional[1].get() : nullptr;
  if (owner != nullptr && is_none(owner)) owner = nullptr;
  if (instance == nullptr && owner == nullptr) {
    return raise(thread, type_error_type, "__get__(None, None) is invalid");
  }
  if (owner == nullptr || !is_type(*owner)) {
    owner = instance == nullptr ? static_cast<Object*>(self->type)
                                : static_cast<Object*>(instance->type);
  }
  return as_slot<&Protocol::descriptor_get>(slot)(thread, self, instance,
                                                  as_type(Borrowed<Object>(owner)));
}

RT_WRAPPER(wrap_descriptor_set) {
  TRY(check_count(thread, row, arguments, 2));
  TRY(as_slot<&Protocol::descriptor_set>(slot)(thread, self, arguments.positional[0],
                                               arguments.positional[1].get()));
  return none();
}

RT_WRAPPER(wrap_descriptor_delete) {
  TRY(check_count(thread, row, arguments, 1));
  TRY(as_slot<&Protocol::descriptor_set>(slot)(thread, self, arguments.positional[0], nullptr));
  return none();
}

RT_WRAPPER(wrap_initialize) {
  TRY(as_slot<&Protocol::initialize>(slot)(thread, self, arguments));
  return none();
}
#undef RT_WRAPPER

}  // namespace runtime
