// One owned reference in an object that several threads use: a cell's value, a function's defaults.
//
// A field of an object that never changes is simply read. One that a program can replace at any
// moment must be counted before it is used, and may be dropped by its writer meanwhile. So a reader
// loads it, tries to count what he found, and looks again; if that fails he does the same in a
// section of the object, where nobody writes. A writer exchanges the field in a section and drops
// what was there afterwards.
//
// Not for items of arrays that are replaced (containers/list_object.h).
//
// Ancestry: PEP 703, "Optimistically Avoiding Locking"; CPython's PyCell_GetRef and
// Objects/funcobject.c.
//
// Orderings in this file
//   [field-before-found]  what a thread did with an object before it stored it, release, happens
//                         before what a reader does who loads it from there, acquire.
//   [increment-before-recheck]  object/biased_refcount.h.
#pragma once

#include <utility>

#include "runtime/base/atomic.h"
#include "runtime/containers/sharing.h"
#include "runtime/object/finalization.h"
#include "runtime/object/object_section.h"
#include "runtime/object/ref.h"
#include "runtime/object/type.h"

namespace runtime {

[[nodiscard]] Ref<Object> read_field_slow(ThreadState& thread, Borrowed<Object> owner,
                                          Atomic<Object*>& field);

// What the field held at some moment during the call; null: nothing. The caller keeps `owner`.
[[nodiscard]] inline Ref<Object> read_field(ThreadState& thread, Borrowed<Object> owner,
                                            Atomic<Object*>& field) {
  if (thread.is_alone()) {
    Object* object = field.load_relaxed();  // nobody can change it meanwhile
    if (object == nullptr) return nullptr;
    return Ref<Object>::share(thread, Borrowed<Object>(object));
  }
  if (reads_without_lock(thread, owner.get())) {
    Object* object = field.load_acquire();  // [field-before-found]
    if (object == nullptr) return nullptr;
    point("field.read");
    if (RT_MUTANT(cell_read_without_recheck))
      return Ref<Object>::share(thread, Borrowed<Object>(object));
    if (try_increment_from(thread, field, object)) return Ref<Object>::adopt(object);
  }
  return read_field_slow(thread, owner, field);
}

// What was there.
[[nodiscard]] Ref<Object> exchange_field(ThreadState& thread, Borrowed<Object> owner,
                                         Atomic<Object*>& field, Ref<Object> value);
// Drops what was there, which may run foreign code.
inline void write_field(ThreadState& thread, Borrowed<Object> owner, Atomic<Object*>& field,
                        Ref<Object> value) {
  exchange_field(thread, owner, field, std::move(value)).drop(thread);
}

// For traverse slots: in a stopped world.
inline void visit_field(const Atomic<Object*>& field, Visit visit, void* context) {
  if (Object* referred = field.load_relaxed()) visit(context, referred);
}
inline void visit_field(Object* referred, Visit visit, void* context) {
  if (referred != nullptr) visit(context, referred);
}

}  // namespace runtime
