// What LOAD_ATTRIBUTE and STORE_ATTRIBUTE remember: where in an instance the attribute lies.
//
// Most attributes that a place in a program reads are those of instances of one class, and lie at the
// same place inside each. So the instruction's cache, one word that all threads share, keeps the
// version of the type and the number of the value. While the type has that version nothing in it has
// changed: no descriptor stands before the instance, and the number is right. Whoever finds another
// version, or no value there, asks in the ordinary way and writes the word anew; who loses a race for
// it loses nothing but that.
//
// The word is 0, or `version << 32 | number`. Loaded and stored relaxed: it is whole, and says all by
// itself; that the type still has this version is read after it (acquire).
//
// Ancestry: CPython's LOAD_ATTR_INSTANCE_VALUE and STORE_ATTR_INSTANCE_VALUE (Python/bytecodes.c).
// Departure: one code for all threads, instead of a copy per thread.
#pragma once

#include <cstdint>

#include "runtime/base/mutants.h"
#include "runtime/containers/instance_values.h"
#include "runtime/containers/sharing.h"
#include "runtime/object/ref.h"
#include "runtime/object/stack_ref.h"
#include "runtime/types/type_body.h"

namespace runtime {

// The word fits instances of the object's type.
[[nodiscard]] inline bool is_remembered(std::uint64_t word, const Object& object) {
  return word != 0 && current_type_version(*object.type) == static_cast<std::uint32_t>(word >> 32);
}
[[nodiscard]] inline Atomic<Object*>& remembered_slot(std::uint64_t word, Object* object) {
  return static_cast<Instance*>(object)->values.slot(static_cast<std::uint32_t>(word));
}

// The rest of remembered_load(), out of the way of a thread that is alone.
[[nodiscard]] StackRef remembered_load_beside_threads(ThreadState& thread, Atomic<Object*>& slot,
                                                      Object* value, const Instance* instance);

// The attribute of `object`, which may be null; empty: ask in the ordinary way. May run foreign code:
// a wrongly counted object is given back.
[[nodiscard]] inline StackRef remembered_load(ThreadState& thread,
                                              const Atomic<std::uint64_t>& cache, Object* object) {
  const std::uint64_t word = cache.load_relaxed();
  if (object == nullptr || !is_remembered(word, *object)) return StackRef();
  if (!reads_without_lock(thread, object)) return StackRef();
  Atomic<Object*>& slot = remembered_slot(word, object);
  Object* value = slot.load_acquire();
  if (value == nullptr) return StackRef();
  if (thread.is_alone()) [[likely]] {
    return StackRef::load(thread, Borrowed<Object>(value));
  }
  return remembered_load_beside_threads(thread, slot, value, static_cast<Instance*>(object));
}

// Puts `value` in the place of the attribute that is there, if no lock is needed for that. False:
// nothing was done. Drops what was there, which may run foreign code.
[[nodiscard]] inline bool remembered_store(ThreadState& thread, const Atomic<std::uint64_t>& cache,
                                           Object* object, Object* value) {
  const std::uint64_t word = cache.load_relaxed();
  if (!thread.is_alone() && !RT_MUTANT(attribute_store_beside_threads)) return false;
  if (object == nullptr || value == nullptr) return false;
  if (!is_remembered(word, *object)) return false;
  // With a dict the values are the dict's to change.
  if (static_cast<Instance*>(object)->dict.load_relaxed() != nullptr) return false;
  Atomic<Object*>& slot = remembered_slot(word, object);
  Object* previous = slot.load_relaxed();
  if (previous == nullptr) return false;
  increment(thread, value);
  slot.store_release(value);
  decrement(thread, previous);
  return true;
}

// What the word for this object and name is; 0: none.
[[nodiscard]] std::uint64_t word_to_remember(ThreadState& thread, Borrowed<Object> object,
                                             Borrowed<Str> name);

}  // namespace runtime
