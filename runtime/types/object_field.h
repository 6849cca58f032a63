// An owned reference in an object that is read without a lock and replaced in a section: a place of
// `__slots__`, the dict of an instance.
//
// A reader counts what the field holds and looks whether it holds it still; if not, he reads it in a
// section of the object.
//
// Ancestry: PEP 703, "Optimistically Avoiding Locking"; CPython's PyMember_GetOne for T_OBJECT_EX.
//
// Orderings in this file
//   [field-before-found]  what was done with an object before it was stored to a field (release)
//                         happens before what a reader does who finds it there (acquire).
//   [increment-before-recheck]: object/refcount.h.
#pragma once

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/sharing.h"
#include "runtime/object/object_section.h"
#include "runtime/object/ref.h"

namespace runtime {

// What it held at some moment during the call; null: nothing.
[[nodiscard]] inline Ref<Object> read_object_field(ThreadState& thread, Borrowed<Object> owner,
                                                   Atomic<Object*>& field) {
  if (reads_without_lock(thread, owner.get())) {
    Object* object = field.load_acquire();  // [field-before-found]
    if (object == nullptr) return nullptr;
    point("object_field.read");
    if (try_increment_from(thread, field, object)) return Ref<Object>::adopt(object);
  }
  ObjectSection section(thread, owner);
  note_access_locked(thread, owner.get());
  Object* object = field.load_relaxed();  // guarded by the owner's lock
  if (object == nullptr) return nullptr;
  set_maybe_weak(object);  // the next reader need not lock
  return Ref<Object>::share(thread, Borrowed<Object>(object));
}

// What was there, for the caller to drop when he holds no section.
[[nodiscard]] inline Ref<Object> exchange_object_field(ThreadState& thread, Borrowed<Object> owner,
                                                       Atomic<Object*>& field, Ref<Object> value) {
  ObjectSection section(thread, owner);
  note_access_locked(thread, owner.get());
  if (value) make_findable(owner.get(), value.get());
  Object* previous = field.load_relaxed();  // guarded by the owner's lock
  field.store_release(value.release());     // [field-before-found], [increment-before-recheck]
  return Ref<Object>::adopt(previous);
}

// In a section of the owner or in a stopped world; null: nothing. For fields that are not read without
// a lock.
[[nodiscard]] inline Ref<Object> read_guarded_field(ThreadState& thread, Borrowed<Object> owner,
                                                    Object*& field) {
  ObjectSection section(thread, owner);
  if (field == nullptr) return nullptr;
  return Ref<Object>::share(thread, Borrowed<Object>(field));
}
[[nodiscard]] inline Ref<Object> exchange_guarded_field(ThreadState& thread, Borrowed<Object> owner,
                                                        Object*& field, Ref<Object> value) {
  ObjectSection section(thread, owner);
  return Ref<Object>::adopt(std::exchange(field, value.release()));
}

}  // namespace runtime
