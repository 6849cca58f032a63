// What the iterators of itertools have in common.
//
// Several threads may call next() of one iterator. Its fields are read and changed in its section, and
// whatever is used after a call into foreign code was given a reference before: so a field may be
// replaced meanwhile, and what another thread did is neither undone nor done twice. Which thread gets
// which item is open, as in CPython, where the iterators "may return duplicates or skip items"; with a
// GIL each item goes to one thread.
#pragma once

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/object_section.h"
#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native.h"
#include "runtime/types/type_body.h"

namespace runtime {

// For the slots of types that own several objects: release_members<&Chain::source, &Chain::active>.
template <auto... members>
void release_members(Object* object, DroppedFields& dropped) {
  (dropped.take(OwnedField<members>::of(object)), ...);
}
template <auto... members>
void traverse_members(Object* object, Visit visit, void* context) {
  for (Object* referred : {OwnedField<members>::of(object)...}) {
    if (referred != nullptr) visit(context, referred);
  }
}

template <class T, auto... members>
[[nodiscard]] constexpr TypeSlots iterator_slots(const char* name, const Protocol* protocol) {
  return TypeSlots{
      .name = name,
      .size = sizeof(T),
      .heap = HeapKind::kCollected,
      .release_fields = &release_members<members...>,
      .traverse = &traverse_members<members...>,
      .clear = &release_members<members...>,
      .protocol = protocol,
  };
}

[[nodiscard]] constexpr Protocol iterator_protocol(Result<Ref<Object>> (*next)(ThreadState&,
                                                                               Borrowed<Object>)) {
  return Protocol{.hash = &hash_by_identity, .iterate = &iterate_itself, .next = next};
}

// An instance of `type`, which is T's or derived from it, with null fields.
template <class T>
Result<Ref<T>> new_instance_of(ThreadState& thread, Borrowed<Object> type) {
  TRY_ASSIGN(Ref<Object> made, new_empty_instance(thread, as_type(type)));
  return Ref<T>::adopt(static_cast<T*>(made.release()));
}

// Null stays null.
[[nodiscard]] inline Ref<Object> share_field(ThreadState& thread, Object* field) {
  return field == nullptr ? nullptr : Ref<Object>::share(thread, Borrowed(field));
}
// In the section of the owner; what was in the field is dropped outside.
[[nodiscard]] inline Ref<Object> exchange_field(Object*& field, Ref<Object> value) {
  return Ref<Object>::adopt(std::exchange(field, value.release()));
}

// The field of the iterator, read in its section; null stays null.
template <class T>
[[nodiscard]] Ref<Object> read_field(ThreadState& thread, T& owner, Object* T::*field) {
  ObjectSection section(thread, Borrowed<Object>(&owner));
  return share_field(thread, owner.*field);
}
// Empties the field if it still holds `expected`: an input that has ended.
template <class T>
void forget_field(ThreadState& thread, T& owner, Object* T::*field, const Ref<Object>& expected) {
  Ref<Object> before;
  {
    ObjectSection section(thread, Borrowed<Object>(&owner));
    if (owner.*field == expected.get() || RT_MUTANT(exhausted_input_forgets_newer))
      before = exchange_field(owner.*field, nullptr);
  }
  before.drop(thread);
}

}  // namespace runtime
