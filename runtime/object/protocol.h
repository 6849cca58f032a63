// Protocols: what a value can do, and Python's rules for asking it.
//
// `a + b`, `hash(a)`, `a[b]`, `for x in a` mean something different for each type. So a type has a
// constant table of functions, one per operation, null where the type does not have it. Nobody
// calls such a slot directly: the functions at the end of this file do, and they know Python's
// rules: which operand is asked first, what NotImplemented means, when identity decides, what the
// exception says when nobody answers.
//
// Every slot and every function below may run foreign code (a program's __eq__), block, and so
// suspend the critical sections of its caller: whatever the caller uses afterwards he owns, and
// whatever he learnt from an unlocked or suspended container he looks at again. Exceptions among
// the slots are those of the exact built-in types int, str, bytes, float and bool, which run nothing
// foreign.
//
// Ancestry: CPython's PyTypeObject (tp_as_number, tp_as_sequence, tp_as_mapping and the slots beside
// them) and Objects/abstract.c; https://docs.python.org/3/reference/datamodel.html. Departures: one
// flat table; a slot says "there is none" and "it raised" by types, not by null and a global; `next`
// says that it is exhausted by a null reference, StopIteration exists for programs only.
#pragma once

#include <cstdint>
#include <span>

#include "runtime/object/object.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Str;
struct Tuple;

enum class CompareOp : std::uint8_t {
  kLess,
  kLessEqual,
  kEqual,
  kNotEqual,
  kGreater,
  kGreaterEqual
};
// a < b asks b > a next.
[[nodiscard]] CompareOp swapped(CompareOp op);
// What `op` says of two values of which the first is less (-1), equal (0) or greater (1).
[[nodiscard]] bool holds(CompareOp op, int order);

enum class BinaryOp : std::uint8_t {
  kAdd,
  kSubtract,
  kMultiply,
  kTrueDivide,
  kFloorDivide,
  kModulo,
  kDivideModulo,  // divmod()
  kPower,
  kLeftShift,
  kRightShift,
  kAnd,
  kXor,
  kOr
};
inline constexpr unsigned kBinaryOps = 13;

enum class UnaryOp : std::uint8_t { kNegative, kPositive, kInvert, kAbsolute };
inline constexpr unsigned kUnaryOps = 4;

// The same for both operands of either type: the slot looks at both, and answers with the
// NotImplemented singleton when it does not know one of them. The first is the left operand.
using BinarySlot = Result<Ref<Object>> (*)(ThreadState& thread, Borrowed<Object> left,
                                           Borrowed<Object> right);
using UnarySlot = Result<Ref<Object>> (*)(ThreadState& thread, Borrowed<Object> operand);
using Arguments = std::span<const Borrowed<Object>>;

// What a caller passes. The caller keeps all of it alive during the call.
struct CallArguments {
  Arguments positional;
  // The values that were passed with names, and their names: exact strs, interned, as many.
  Arguments named = {};
  Tuple* names = nullptr;  // null: none
};

// A table is constant and outlives its type. Null: the type does not have the operation.
struct Protocol {
  // The type it is derived from; null: nothing but `object`. Slots are not inherited by looking
  // there: a derived type's table begins as a copy.
  Type* base = nullptr;

  // Never -1. Null: "unhashable type". Equal values have equal hashes.
  Result<std::int64_t> (*hash)(ThreadState& thread, Borrowed<Object> object) = nullptr;
  // Both operands are of this very type; the fast way of ==. Null: `compare` is asked.
  Result<bool> (*equals)(ThreadState& thread, Borrowed<Object> left,
                         Borrowed<Object> right) = nullptr;
  // `left` is of this type, `right` is anything. May answer NotImplemented. Null: only == and !=,
  // by `equals` if both are of this type, else by identity.
  Result<Ref<Object>> (*compare)(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                                 CompareOp op) = nullptr;

  Result<Ref<Str>> (*repr)(ThreadState& thread, Borrowed<Object> object) = nullptr;
  Result<Ref<Str>> (*str)(ThreadState& thread, Borrowed<Object> object) = nullptr;  // null: repr

  // Null: true, unless `length` says 0.
  Result<bool> (*truth)(ThreadState& thread, Borrowed<Object> object) = nullptr;
  Result<std::int64_t> (*length)(ThreadState& thread, Borrowed<Object> object) = nullptr;

  // An iterator answers itself. Null: items 0, 1, 2, ... until IndexError, if there is get_item.
  Result<Ref<Object>> (*iterate)(ThreadState& thread, Borrowed<Object> object) = nullptr;
  // A null reference: exhausted.
  Result<Ref<Object>> (*next)(ThreadState& thread, Borrowed<Object> iterator) = nullptr;

  Result<Ref<Object>> (*get_item)(ThreadState& thread, Borrowed<Object> container,
                                  Borrowed<Object> key) = nullptr;
  // What a type answers to C[key] where get_item is null: `__class_getitem__`.
  Result<Ref<Object>> (*get_class_item)(ThreadState& thread, Borrowed<Object> type,
                                        Borrowed<Object> key) = nullptr;
  // A null `value` deletes.
  Result<Done> (*set_item)(ThreadState& thread, Borrowed<Object> container, Borrowed<Object> key,
                           Object* value) = nullptr;
  // Null: the members are iterated and compared.
  Result<bool> (*contains)(ThreadState& thread, Borrowed<Object> container,
                           Borrowed<Object> member) = nullptr;

  BinarySlot binary[kBinaryOps] = {};
  BinarySlot inplace[kBinaryOps] = {};  // null: the binary slot. The first operand is changed.
  UnarySlot unary[kUnaryOps] = {};

  // What + and * mean for sequences: asked after the binary slots of both operands. `left` and
  // `sequence` are of this type.
  BinarySlot concatenate = nullptr;
  BinarySlot inplace_concatenate = nullptr;  // null: concatenate
  Result<Ref<Object>> (*repeat)(ThreadState& thread, Borrowed<Object> sequence,
                                std::int64_t times) = nullptr;
  Result<Ref<Object>> (*inplace_repeat)(ThreadState& thread, Borrowed<Object> sequence,
                                        std::int64_t times) = nullptr;  // null: repeat

  UnarySlot index = nullptr;     // operator.index(): an exact int
  UnarySlot as_int = nullptr;    // int()
  UnarySlot as_float = nullptr;  // float()

  Result<Ref<Object>> (*call)(ThreadState& thread, Borrowed<Object> callee,
                              const CallArguments& arguments) = nullptr;

  // -- attributes: asked by the functions of types/attributes.h --
  // Both null: by descriptors of the type and the attributes of the instance.
  Result<Ref<Object>> (*get_attribute)(ThreadState& thread, Borrowed<Object> object,
                                       Borrowed<Str> name) = nullptr;
  // A null `value` deletes.
  Result<Done> (*set_attribute)(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> name,
                                Object* value) = nullptr;
  // What an attribute of a type is when it is read through an instance (null: through the type
  // itself). Null: the attribute itself.
  Result<Ref<Object>> (*descriptor_get)(ThreadState& thread, Borrowed<Object> descriptor,
                                        Object* instance, Borrowed<Type> owner) = nullptr;
  // A function of a kind: calling what descriptor_get makes of it is calling it with the instance
  // before the other arguments. So nobody need make a bound method only to call it.
  bool binds_by_first_argument = false;
  // Not null: it is asked before the attributes of the instance are. A null `value` deletes.
  Result<Done> (*descriptor_set)(ThreadState& thread, Borrowed<Object> descriptor,
                                 Borrowed<Object> instance, Object* value) = nullptr;

  // -- making instances: type(...) --
  // __new__. Null: no program can make one.
  Result<Ref<Object>> (*make)(ThreadState& thread, Borrowed<Type> type,
                              const CallArguments& arguments) = nullptr;
  // __init__. Null: does nothing.
  Result<Done> (*initialize)(ThreadState& thread, Borrowed<Object> object,
                             const CallArguments& arguments) = nullptr;
};

// The table of types that have none: hashed and compared by identity, <name object at 0x...>.
extern const Protocol object_protocol;

[[nodiscard]] inline const Protocol& protocol_of(const Type& type) {
  return type.slots.protocol == nullptr ? object_protocol : *type.slots.protocol;
}
[[nodiscard]] inline const Protocol& protocol_of(Borrowed<Object> object) {
  return protocol_of(*object->type);
}

// True also when both are the same.
[[nodiscard]] bool is_subtype(const Type& type, const Type& ancestor);
[[nodiscard]] inline bool is_instance(const Object& object, const Type& type) {
  return object.type == &type || is_subtype(*object.type, type);
}
[[nodiscard]] inline const char* type_name(Borrowed<Object> object) {
  return object->type->slots.name;
}

// For the `hash` slot of types whose instances are only equal to themselves.
Result<std::int64_t> hash_by_identity(ThreadState& thread, Borrowed<Object> object);
// For the `iterate` slot of iterators.
Result<Ref<Object>> iterate_itself(ThreadState& thread, Borrowed<Object> iterator);

// -- Python's rules --
// https://docs.python.org/3/reference/datamodel.html#special-method-names

// TypeError when it is unhashable.
Result<std::int64_t> hash_of(ThreadState& thread, Borrowed<Object> object);
// As containers compare: what is identical is equal, else as ==.
Result<bool> are_equal(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right);
// `left op right`: asks the right operand first if its type is derived from that of the left; asks
// the other when one answers NotImplemented; == and != then go by identity, the others raise.
Result<Ref<Object>> compare(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                            CompareOp op);
// The truth of that; no shortcut by identity.
Result<bool> compare_is_true(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                             CompareOp op);
Result<bool> is_true(ThreadState& thread, Borrowed<Object> object);

Result<Ref<Str>> repr_of(ThreadState& thread, Borrowed<Object> object);
Result<Ref<Str>> str_of(ThreadState& thread, Borrowed<Object> object);

// len(): TypeError when it has none.
Result<std::int64_t> length_of(ThreadState& thread, Borrowed<Object> object);
Result<Ref<Object>> get_iterator(ThreadState& thread, Borrowed<Object> object);
// A null reference: exhausted. TypeError when it is no iterator.
Result<Ref<Object>> next_of(ThreadState& thread, Borrowed<Object> iterator);
Result<Ref<Object>> get_item(ThreadState& thread, Borrowed<Object> container, Borrowed<Object> key);
Result<Done> set_item(ThreadState& thread, Borrowed<Object> container, Borrowed<Object> key,
                      Borrowed<Object> value);
Result<Done> delete_item(ThreadState& thread, Borrowed<Object> container, Borrowed<Object> key);
Result<bool> contains(ThreadState& thread, Borrowed<Object> container, Borrowed<Object> member);
Result<Ref<Object>> call(ThreadState& thread, Borrowed<Object> callee,
                         const CallArguments& arguments);
Result<Ref<Object>> call(ThreadState& thread, Borrowed<Object> callee, Arguments arguments);

Result<Ref<Object>> binary(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                           BinaryOp op);
// `left op= right`: the result is to be stored where `left` was.
Result<Ref<Object>> inplace(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                            BinaryOp op);
Result<Ref<Object>> unary(ThreadState& thread, Borrowed<Object> operand, UnaryOp op);

// operator.index(): an exact int; TypeError "'float' object cannot be interpreted as an integer".
Result<Ref<Object>> index_of(ThreadState& thread, Borrowed<Object> object);
// The same as a number. What does not fit is clipped (for slices), or raises `overflow` with
// "cannot fit 'int' into an index-sized integer" (for indexes).
Result<std::int64_t> clipped_index_of(ThreadState& thread, Borrowed<Object> object);
Result<std::int64_t> checked_index_of(ThreadState& thread, Borrowed<Object> object, Type& overflow);
[[nodiscard]] bool has_index(Borrowed<Object> object);

}  // namespace runtime
