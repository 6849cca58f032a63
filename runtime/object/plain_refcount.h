// Plain reference counting, for the GIL build: one count, changed by whoever holds the GIL.
//
// The functions and their promises are those of biased_refcount.h. Between two safe points nobody
// else runs, so what the other build has to check again cannot have changed: who reads a slot and
// counts what he found has counted what the slot holds. An object whose count comes to zero ends at
// once, on the thread that dropped the last reference.
//
// Ancestry: CPython's Py_INCREF and Py_DECREF without Py_GIL_DISABLED; PEP 683 for the count of all
// ones that stands for ever.
#pragma once

#include <cstdint>

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/object/immortal.h"
#include "runtime/object/object.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

// Runs foreign code.
void deallocate(ThreadState& thread, Object* object);

[[nodiscard]] inline bool is_owned_by(const ThreadState&, const Object*) { return true; }

inline void increment(ThreadState&, Object* object) {
  const std::uint32_t raised = object->count + 1;
  if (raised == 0) return;  // immortal
  object->count = raised;
}

inline void decrement(ThreadState& thread, Object* object) {
  const std::uint32_t count = object->count;
  if (count == kImmortalLocal) return;
  RT_LAW(Law::kCountsMatchReferences, count != 0, object);
  object->count = count - 1;
  if (count == 1) deallocate(thread, object);
}

// False: the object is dead, and its end is not over yet.
[[nodiscard]] inline bool try_increment(ThreadState& thread, Object* object) {
  if (object->count == 0) return false;
  increment(thread, object);
  return true;
}

[[nodiscard]] inline bool try_increment_from(ThreadState& thread, const Atomic<Object*>&,
                                             Object* object) {
  return try_increment(thread, object);
}
template <class Array>
[[nodiscard]] inline bool try_increment_from(ThreadState& thread, const Atomic<Object*>&,
                                             Object* object, const Atomic<Array*>&, Array*) {
  return try_increment(thread, object);
}

inline void set_maybe_weak(Object*) {}

[[nodiscard]] inline bool is_unique(const ThreadState&, const Object* object) {
  return object->count == 1;
}

[[nodiscard]] inline std::int64_t reference_count(const Object* object) {
  return is_immortal(object) ? kImmortalCount : std::int64_t{object->count};
}

[[nodiscard]] inline std::uint32_t owner_count(const Object* object) { return object->count; }

// There is one count already: adds `extra`.
inline std::int64_t explicit_merge(Object* object, std::int64_t extra) {
  if (is_immortal(object)) return kImmortalCount;
  object->count = static_cast<std::uint32_t>(std::int64_t{object->count} + extra);
  return object->count;
}

inline void initialize_counts(const ThreadState&, Object* object) { object->count = 1; }

inline void begin_revival(const ThreadState&, Object* object) { object->count = 1; }
inline void end_revival(Object* object) { object->count = 0; }

[[nodiscard]] inline std::int64_t counted_references(ThreadState&, const Object* object) {
  return reference_count(object);
}

}  // namespace runtime
