// Slots and special methods: one table, read in both directions.
//
// What a native type can do stands in its Protocol; a program finds it as `__add__`, `__len__` and so
// on, a wrapper around the slot. What a class can do stands in its dict as `__add__`; its Protocol gets
// a function that looks the name up and calls it. A row says of one special method which slot it
// belongs to, how the slot is called as a method, and which function a class puts there.
//
// Rows of the same slot stand together (`__add__` and `__radd__`). Two slots may belong to one name
// (`__add__` of a number and of a sequence).
//
// When a class changes, its slots are computed anew: if all that its special methods of one slot are
// wrappers of one and the same native function, the class gets that function, else the one that looks
// them up.
//
// Ancestry: CPython's slotdefs and update_one_slot (Objects/typeobject.c).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/types/names.h"

namespace runtime {

struct ClassType;
struct SlotRow;

// A slot of any type of function; cast back before it is called.
using AnySlot = void (*)();

struct SlotRow {
  const char* name;
  Borrowed<Str> (Names::*interned)() const;
  std::size_t offset;  // of the slot in Protocol
  AnySlot of_class;    // null: a class has none, another row with this name serves
  // Calls `slot`, which may be null for rows of object.
  Result<Ref<Object>> (*wrap)(ThreadState& thread, const SlotRow& row, AnySlot slot,
                              Borrowed<Object> self, const CallArguments& arguments);
  unsigned operation = 0;     // a CompareOp
  bool is_of_object = false;  // object has it although its slot is null
};

[[nodiscard]] std::span<const SlotRow> slot_rows();
[[nodiscard]] AnySlot slot_in(const Protocol& protocol, std::size_t offset);
void set_slot(Protocol& protocol, std::size_t offset, AnySlot slot);

// The name is one of a row, or `__del__`: who changes it changes slots.
[[nodiscard]] bool is_slot_name(ThreadState& thread, const Str& name);

// What the slots of a class shall be, with those that it has as a start. Runs foreign code only if
// the dict of a type has keys that are no str.
struct ClassSlots {
  Protocol protocol;
  void (*finalize)(ThreadState& thread, Borrowed<Object> object);
};
[[nodiscard]] ClassSlots computed_slots(ThreadState& thread, ClassType& type);

// For `TypeSlots::finalize` of a class that has `__del__`.
void finalize_instance(ThreadState& thread, Borrowed<Object> object);

// Puts a wrapper for each slot that `type`, which is native, does not share with its base into its dict.
Result<Done> add_wrappers(ThreadState& thread, Type& type, const Type* base);

}  // namespace runtime
