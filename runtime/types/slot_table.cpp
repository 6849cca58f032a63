#include "runtime/types/slot_table.h"

#include <cstring>
#include <iterator>
#include <utility>

#include "runtime/containers/dict_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native_function.h"
#include "runtime/types/slot_functions.h"
#include "runtime/types/slot_wrappers.h"
#include "runtime/types/type_lookup.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

template <class Function>
AnySlot any(Function function) {
  return reinterpret_cast<AnySlot>(function);
}

constexpr std::size_t offset_of(BinaryOp op) {
  return offsetof(Protocol, binary) + static_cast<std::size_t>(op) * sizeof(BinarySlot);
}
constexpr std::size_t inplace_offset_of(BinaryOp op) {
  return offsetof(Protocol, inplace) + static_cast<std::size_t>(op) * sizeof(BinarySlot);
}
constexpr std::size_t offset_of(UnaryOp op) {
  return offsetof(Protocol, unary) + static_cast<std::size_t>(op) * sizeof(UnarySlot);
}

template <BinaryOp op, NameOf name, NameOf reflected>
SlotRow binary_row(const char* text) {
  return {text, name, offset_of(op), any(&class_binary<op, name, reflected>), &wrap_binary};
}
template <BinaryOp op, NameOf name, NameOf reflected>
SlotRow reflected_row(const char* text) {
  return {text, reflected, offset_of(op), any(&class_binary<op, name, reflected>), &wrap_reflected};
}
template <BinaryOp op, NameOf name>
SlotRow inplace_row(const char* text) {
  return {text, name, inplace_offset_of(op), any(&class_inplace<name>), &wrap_binary};
}
template <UnaryOp op, NameOf name>
SlotRow unary_row(const char* text) {
  return {text, name, offset_of(op), any(&class_unary<name>), &wrap_unary};
}
SlotRow compare_row(const char* text, NameOf name, CompareOp op) {
  return {text,
          name,
          offsetof(Protocol, compare),
          any(&class_compare),
          &wrap_compare,
          static_cast<unsigned>(op),
          true};
}

// Made before main, not when somebody asks first: see base/scheduled_statics.h.
const SlotRow kRows[] = {
    {"__repr__", &Names::dunder_repr, offsetof(Protocol, repr), any(&class_repr), &wrap_repr, 0,
     true},
    {"__hash__", &Names::dunder_hash, offsetof(Protocol, hash), any(&class_hash), &wrap_hash, 0,
     true},
    {"__str__", &Names::dunder_str, offsetof(Protocol, str), any(&class_str), &wrap_str, 0, true},
    {"__getattribute__", &Names::dunder_getattribute, offsetof(Protocol, get_attribute),
     any(&class_get_attribute), &wrap_get_attribute, 0, true},
    {"__getattr__", &Names::dunder_getattr, offsetof(Protocol, get_attribute),
     any(&class_get_attribute), nullptr},
    {"__setattr__", &Names::dunder_setattr, offsetof(Protocol, set_attribute),
     any(&class_set_attribute), &wrap_set_attribute, 0, true},
    {"__delattr__", &Names::dunder_delattr, offsetof(Protocol, set_attribute),
     any(&class_set_attribute), &wrap_delete_attribute, 0, true},
    compare_row("__lt__", &Names::dunder_lt, CompareOp::kLess),
    compare_row("__le__", &Names::dunder_le, CompareOp::kLessEqual),
    compare_row("__eq__", &Names::dunder_eq, CompareOp::kEqual),
    compare_row("__ne__", &Names::dunder_ne, CompareOp::kNotEqual),
    compare_row("__gt__", &Names::dunder_gt, CompareOp::kGreater),
    compare_row("__ge__", &Names::dunder_ge, CompareOp::kGreaterEqual),
    {"__init__", &Names::dunder_init, offsetof(Protocol, initialize), any(&class_initialize),
     &wrap_initialize, 0, true},
    {"__new__", &Names::dunder_new, offsetof(Protocol, make), any(&class_make), nullptr},
    {"__bool__", &Names::dunder_bool, offsetof(Protocol, truth), any(&class_truth), &wrap_truth},
    {"__len__", &Names::dunder_len, offsetof(Protocol, length), any(&class_length), &wrap_length},
    {"__iter__", &Names::dunder_iter, offsetof(Protocol, iterate), any(&class_iterate),
     &wrap_unary},
    {"__next__", &Names::dunder_next, offsetof(Protocol, next), any(&class_next), &wrap_next},
    {"__getitem__", &Names::dunder_getitem, offsetof(Protocol, get_item), any(&class_get_item),
     &wrap_binary},
    {"__setitem__", &Names::dunder_setitem, offsetof(Protocol, set_item), any(&class_set_item),
     &wrap_set_item},
    {"__delitem__", &Names::dunder_delitem, offsetof(Protocol, set_item), any(&class_set_item),
     &wrap_delete_item},
    {"__contains__", &Names::dunder_contains, offsetof(Protocol, contains), any(&class_contains),
     &wrap_contains},
    {"__call__", &Names::dunder_call, offsetof(Protocol, call), any(&class_call), &wrap_call},
    {"__get__", &Names::dunder_get, offsetof(Protocol, descriptor_get), any(&class_descriptor_get),
     &wrap_descriptor_get},
    {"__set__", &Names::dunder_set, offsetof(Protocol, descriptor_set), any(&class_descriptor_set),
     &wrap_descriptor_set},
    {"__delete__", &Names::dunder_delete, offsetof(Protocol, descriptor_set),
     any(&class_descriptor_set), &wrap_descriptor_delete},
    binary_row<BinaryOp::kAdd, &Names::dunder_add, &Names::dunder_radd>("__add__"),
    reflected_row<BinaryOp::kAdd, &Names::dunder_add, &Names::dunder_radd>("__radd__"),
    binary_row<BinaryOp::kSubtract, &Names::dunder_sub, &Names::dunder_rsub>("__sub__"),
    reflected_row<BinaryOp::kSubtract, &Names::dunder_sub, &Names::dunder_rsub>("__rsub__"),
    binary_row<BinaryOp::kMultiply, &Names::dunder_mul, &Names::dunder_rmul>("__mul__"),
    reflected_row<BinaryOp::kMultiply, &Names::dunder_mul, &Names::dunder_rmul>("__rmul__"),
    binary_row<BinaryOp::kTrueDivide, &Names::dunder_truediv, &Names::dunder_rtruediv>(
        "__truediv__"),
    reflected_row<BinaryOp::kTrueDivide, &Names::dunder_truediv, &Names::dunder_rtruediv>(
        "__rtruediv__"),
    binary_row<BinaryOp::kFloorDivide, &Names::dunder_floordiv, &Names::dunder_rfloordiv>(
        "__floordiv__"),
    reflected_row<BinaryOp::kFloorDivide, &Names::dunder_floordiv, &Names::dunder_rfloordiv>(
        "__rfloordiv__"),
    binary_row<BinaryOp::kModulo, &Names::dunder_mod, &Names::dunder_rmod>("__mod__"),
    reflected_row<BinaryOp::kModulo, &Names::dunder_mod, &Names::dunder_rmod>("__rmod__"),
    binary_row<BinaryOp::kDivideModulo, &Names::dunder_divmod, &Names::dunder_rdivmod>(
        "__divmod__"),
    reflected_row<BinaryOp::kDivideModulo, &Names::dunder_divmod, &Names::dunder_rdivmod>(
        "__rdivmod__"),
    binary_row<BinaryOp::kPower, &Names::dunder_pow, &Names::dunder_rpow>("__pow__"),
    reflected_row<BinaryOp::kPower, &Names::dunder_pow, &Names::dunder_rpow>("__rpow__"),
    binary_row<BinaryOp::kLeftShift, &Names::dunder_lshift, &Names::dunder_rlshift>("__lshift__"),
    reflected_row<BinaryOp::kLeftShift, &Names::dunder_lshift, &Names::dunder_rlshift>(
        "__rlshift__"),
    binary_row<BinaryOp::kRightShift, &Names::dunder_rshift, &Names::dunder_rrshift>("__rshift__"),
    reflected_row<BinaryOp::kRightShift, &Names::dunder_rshift, &Names::dunder_rrshift>(
        "__rrshift__"),
    binary_row<BinaryOp::kAnd, &Names::dunder_and, &Names::dunder_rand>("__and__"),
    reflected_row<BinaryOp::kAnd, &Names::dunder_and, &Names::dunder_rand>("__rand__"),
    binary_row<BinaryOp::kXor, &Names::dunder_xor, &Names::dunder_rxor>("__xor__"),
    reflected_row<BinaryOp::kXor, &Names::dunder_xor, &Names::dunder_rxor>("__rxor__"),
    binary_row<BinaryOp::kOr, &Names::dunder_or, &Names::dunder_ror>("__or__"),
    reflected_row<BinaryOp::kOr, &Names::dunder_or, &Names::dunder_ror>("__ror__"),
    inplace_row<BinaryOp::kAdd, &Names::dunder_iadd>("__iadd__"),
    inplace_row<BinaryOp::kSubtract, &Names::dunder_isub>("__isub__"),
    inplace_row<BinaryOp::kMultiply, &Names::dunder_imul>("__imul__"),
    inplace_row<BinaryOp::kTrueDivide, &Names::dunder_itruediv>("__itruediv__"),
    inplace_row<BinaryOp::kFloorDivide, &Names::dunder_ifloordiv>("__ifloordiv__"),
    inplace_row<BinaryOp::kModulo, &Names::dunder_imod>("__imod__"),
    inplace_row<BinaryOp::kPower, &Names::dunder_ipow>("__ipow__"),
    inplace_row<BinaryOp::kLeftShift, &Names::dunder_ilshift>("__ilshift__"),
    inplace_row<BinaryOp::kRightShift, &Names::dunder_irshift>("__irshift__"),
    inplace_row<BinaryOp::kAnd, &Names::dunder_iand>("__iand__"),
    inplace_row<BinaryOp::kXor, &Names::dunder_ixor>("__ixor__"),
    inplace_row<BinaryOp::kOr, &Names::dunder_ior>("__ior__"),
    unary_row<UnaryOp::kNegative, &Names::dunder_neg>("__neg__"),
    unary_row<UnaryOp::kPositive, &Names::dunder_pos>("__pos__"),
    unary_row<UnaryOp::kInvert, &Names::dunder_invert>("__invert__"),
    unary_row<UnaryOp::kAbsolute, &Names::dunder_abs>("__abs__"),
    {"__index__", &Names::dunder_index, offsetof(Protocol, index),
     any(&class_unary<&Names::dunder_index>), &wrap_unary},
    {"__int__", &Names::dunder_int, offsetof(Protocol, as_int),
     any(&class_unary<&Names::dunder_int>), &wrap_unary},
    {"__float__", &Names::dunder_float, offsetof(Protocol, as_float),
     any(&class_unary<&Names::dunder_float>), &wrap_unary},
    {"__add__", &Names::dunder_add, offsetof(Protocol, concatenate), nullptr, &wrap_binary},
    {"__iadd__", &Names::dunder_iadd, offsetof(Protocol, inplace_concatenate), nullptr,
     &wrap_binary},
    {"__mul__", &Names::dunder_mul, offsetof(Protocol, repeat), nullptr, &wrap_repeat},
    {"__rmul__", &Names::dunder_rmul, offsetof(Protocol, repeat), nullptr, &wrap_repeat},
    {"__imul__", &Names::dunder_imul, offsetof(Protocol, inplace_repeat), nullptr, &wrap_repeat},
};

// What a class finds under the name of a row, and what it means for the slot.
struct Findings {
  AnySlot native = nullptr;
  bool has_native = false;
  AnySlot of_class = nullptr;  // not null: something that is not the slot's own wrapper
  const Type* owner_of_equality = nullptr;
};

void look_at(const SlotRow& row, const Object& found, const ClassType& type, Findings& findings) {
  const auto take_native = [&](AnySlot slot) {
    if (findings.has_native && findings.native != slot) findings.of_class = row.of_class;
    findings.native = slot;
    findings.has_native = true;
  };
  if (found.type == &wrapper_descriptor_type) {
    const auto& wrapper = static_cast<const WrapperDescriptor&>(found);
    if (std::strcmp(wrapper.row->name, row.name) == 0 && is_subtype(type, *wrapper.owner)) {
      if (wrapper.row != &row) return;  // another slot's
      if (row.operation == static_cast<unsigned>(CompareOp::kEqual) &&
          row.offset == offsetof(Protocol, compare)) {
        findings.owner_of_equality = wrapper.owner;
      }
      return take_native(slot_in(protocol_of(*wrapper.owner), row.offset));
    }
  } else if (found.type == &native_function_type && row.offset == offsetof(Protocol, make)) {
    const auto& function = static_cast<const NativeFunctionObject&>(found);
    if (function.row == nullptr) {
      return take_native(slot_in(protocol_of(*static_cast<Type*>(function.self)), row.offset));
    }
  } else if (is_none(&found) && row.offset == offsetof(Protocol, hash)) {
    return take_native(nullptr);
  }
  findings.of_class = row.of_class;
}

}  // namespace

std::span<const SlotRow> slot_rows() { return kRows; }

AnySlot slot_in(const Protocol& protocol, std::size_t offset) {
  AnySlot slot;
  std::memcpy(&slot, reinterpret_cast<const char*>(&protocol) + offset, sizeof(slot));
  return slot;
}

void set_slot(Protocol& protocol, std::size_t offset, AnySlot slot) {
  std::memcpy(reinterpret_cast<char*>(&protocol) + offset, &slot, sizeof(slot));
}

bool is_slot_name(ThreadState& thread, const Str& name) {
  if (name.length < 5 || name.at(0) != '_' || name.at(1) != '_') return false;
  const Names& names = Names::of(thread);
  if (&name == names.dunder_del().get()) return true;
  for (const SlotRow& row : slot_rows()) {
    if ((names.*row.interned)().get() == &name) return true;
  }
  return false;
}

ClassSlots computed_slots(ThreadState& thread, ClassType& type) {
  ClassSlots slots{type.protocol, nullptr};
  const Names& names = Names::of(thread);
  const std::span<const SlotRow> rows = slot_rows();
  for (std::size_t i = 0; i < rows.size();) {
    const std::size_t offset = rows[i].offset;
    Findings findings;
    for (; i < rows.size() && rows[i].offset == offset; ++i) {
      Ref<Object> found = find_uncached(thread, Borrowed<Type>(&type), (names.*rows[i].interned)());
      if (found) look_at(rows[i], *found, type, findings);
    }
    const bool is_native = findings.has_native && findings.of_class == nullptr;
    set_slot(slots.protocol, offset, is_native ? findings.native : findings.of_class);
    if (offset == offsetof(Protocol, compare)) {
      slots.protocol.equals = is_native && findings.owner_of_equality != nullptr
                                  ? protocol_of(*findings.owner_of_equality).equals
                                  : nullptr;
    }
  }
  if (find_uncached(thread, Borrowed<Type>(&type), names.dunder_del())) {
    slots.finalize = &finalize_instance;
  } else {
    const Type* native = &type;
    while (is_class(*native)) native = native->body->base;
    slots.finalize = native->slots.finalize;
  }
  return slots;
}

Result<Done> add_wrappers(ThreadState& thread, Type& type, const Type* base) {
  const Protocol& protocol = protocol_of(type);
  const Names& names = Names::of(thread);
  for (const SlotRow& row : slot_rows()) {
    const bool is_object = base == nullptr;
    AnySlot slot = slot_in(protocol, row.offset);
    bool has_it = slot != nullptr && (is_object || slot != slot_in(protocol_of(*base), row.offset));
    if (row.offset == offsetof(Protocol, compare) && slot == nullptr &&
        protocol.equals != nullptr) {
      has_it = (row.operation == static_cast<unsigned>(CompareOp::kEqual) ||
                row.operation == static_cast<unsigned>(CompareOp::kNotEqual)) &&
               protocol.equals != protocol_of(*base).equals;
    }
    if (is_object && row.is_of_object) has_it = true;
    Borrowed<Str> name = (names.*row.interned)();
    TRY_ASSIGN(bool is_there, dict_contains(thread, type_dict(type), name));
    if (is_there) continue;
    if (row.offset == offsetof(Protocol, hash) && slot == nullptr) {
      TRY(dict_set(thread, type_dict(type), name, none()));
      continue;
    }
    if (!has_it) continue;
    Ref<Object> made;
    if (row.offset == offsetof(Protocol, make)) {
      RT_TRY_ASSIGN(maker, made, new_native_new(thread, Borrowed<Type>(&type)));
    } else if (row.wrap != nullptr) {
      RT_TRY_ASSIGN(wrapper, made, new_wrapper_descriptor(thread, Borrowed<Type>(&type), row));
    } else {
      continue;
    }
    TRY(dict_set(thread, type_dict(type), name, made));
  }
  return Done{};
}

}  // namespace runtime
