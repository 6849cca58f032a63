// Who may be reading a container at this moment without its lock.
//
// Most containers are used by the thread that made them and nobody else. For them a reader without a
// lock does not exist: arrays that were replaced can be freed at once, elements need no state that
// lets others count them. So a container remembers whether anybody but its owner has ever come
// (kGcShared). The first thread that comes and is not the owner takes the lock, sets the bit, and
// does its work under the lock; from then on it and everybody else may read without one.
//
//   reader                                          writer, in a section of the container
//   reads_without_lock()? read, check, check again  replaces the array
//   else: section, mark_shared, read                retire_array(): frees at once, or defers
//
// Why it is safe that both look at the bit relaxed: it is set inside a section of the container, and
// a writer looks at it inside one, so either the writer sees it, or the one who sets it comes later
// and finds what the writer left. A reader who sees the bit too late goes the locked way; a reader
// who sees it without the lock may only conclude that it is set, and it is never taken back. The
// owner reads without the lock whether or not the bit is set: it cannot be inside a read while it
// writes, and if another thread is the writer, then that one has set the bit before.
//
// Not for objects that never change (tuple, frozenset once complete): they need no lock at all.
//
// Ancestry: CPython's _PyGC_BITS_SHARED and ensure_shared_on_read (Objects/dictobject.c,
// Objects/listobject.c), there for dict and list.
#pragma once

#include <cstddef>

#include "runtime/object/object.h"
#include "runtime/object/object_section.h"
#include "runtime/object/refcount.h"

namespace runtime {

// Anybody but its owner has been here. Inside a section of the container: exact. Without: true is
// certain, false a hint.
[[nodiscard]] inline bool is_shared(const Object* container) {
  return has_gc_bit(container, kGcShared);
}

// The calling thread may read without the lock.
[[nodiscard]] inline bool reads_without_lock(const ThreadState& thread, const Object* container) {
  return is_owned_by(thread, container) || is_shared(container);
}

// In a section of the container, by everybody who reads or changes it: from the first one on who is
// not the owner it is shared.
inline void note_access_locked(const ThreadState& thread, Object* container) {
  RT_INVARIANT(holds_section(thread, container), "who comes to a container has its section");
  if (!is_owned_by(thread, container) && !is_shared(container)) set_gc_bit(container, kGcShared);
}

// What a container refers to may be found by readers without a lock: before it is stored into a
// shared one, and by whoever reads it first under the lock.
inline void make_findable(const Object* container, Object* element) {
  if (is_shared(container)) set_maybe_weak(element);
}

// Frees an array (from raw_allocate(), `bytes` long) that the container no longer refers to: at once
// or when no reader can be inside any more. In a section of the container. Does not suspend it.
void retire_array(ThreadState& thread, const Object* container, void* array, std::size_t bytes);

}  // namespace runtime
