// Types: what the runtime must know of an object to make it, visit it and end it.
//
// This floor knows nothing of attributes or methods. It knows the size of an instance, the heap it
// lies in, whether it can be weakly referenced, and four functions: give the fields up, run the
// finalizer, visit what the fields refer to, break cycles. The floors above fill these slots; so
// dropping a last reference can run Python code without this floor knowing Python.
//
// A static type (C++ constant, immortal) and a type made by a program (on the heap, deferred, with
// a count id) are used in the same way. An instance holds a reference to its type.
//
// Ancestry: CPython's PyTypeObject, reduced to tp_name, tp_basicsize, tp_dealloc, tp_finalize,
// tp_traverse, tp_clear and tp_weaklistoffset.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/memory/object_heap.h"
#include "runtime/object/per_thread_counts.h"
#include "runtime/object/ref.h"

namespace runtime {

class DroppedFields;
struct Protocol;

// Calls itself with every object that a field refers to, once per reference.
using Visit = void (*)(void* context, Object* referred);

struct TypeSlots {
  const char* name = "";                // outlives the type
  std::uint32_t size = sizeof(Object);  // of an instance in bytes, header included
  HeapKind heap = HeapKind::kPlain;     // kCollected: can be part of a cycle
  // Where in an instance the list of weak references begins (Atomic<WeakReference*>); 0: cannot be
  // weakly referenced.
  std::uint32_t weak_references_offset = 0;

  // The instance is dead and nobody can find it. Moves every owned reference to `dropped` and frees
  // what is not an object. Runs no foreign code itself. Null: there is nothing to give up.
  void (*release_fields)(Object* object, DroppedFields& dropped) = nullptr;
  // __del__. The instance is alive for the time of the call and may be alive after it. At most once
  // per instance. Exceptions are reported by the slot. Null: none.
  void (*finalize)(ThreadState& thread, Borrowed<Object> object) = nullptr;
  // World stopped; must not lock, allocate or count. Null: refers to nothing.
  void (*traverse)(Object* object, Visit visit, void* context) = nullptr;
  // Breaks cycles through a living instance: empties slots, moving what was in them to `dropped`.
  // Null: needs none.
  void (*clear)(Object* object, DroppedFields& dropped) = nullptr;
  // What its instances can do (protocol.h). Null: what every object can.
  const Protocol* protocol = nullptr;
};

struct Tuple;
struct TypeBody;
struct WeakReference;

struct Type : ThreadCounted {
  // Constant once published; but the world is stopped when a program changes a class.
  TypeSlots slots;
  // Where attributes are looked for: this type, then its bases. Owned; set before the type is
  // published by whoever gives it a body. Null: by the bases of its protocols.
  Tuple* resolution_order = nullptr;
  // What a program sees of it (types/type_body.h). Owned; set before publication. Null: nothing.
  TypeBody* body = nullptr;
  Atomic<WeakReference*> weak_references;

  // A static type.
  constexpr explicit Type(const TypeSlots& its_slots);
};

// The type of types.
extern Type type_type;

constexpr Type::Type(const TypeSlots& its_slots) : ThreadCounted(&type_type), slots(its_slots) {}

// A type on the heap: collected, deferred, counted per thread. Null when out of memory.
[[nodiscard]] Ref<Type> new_type(ThreadState& thread, const TypeSlots& slots);

// The same for a type that the caller has allocated, a Type or something that begins with one, and
// whose fields are set. Once.
void complete_type(ThreadState& thread, Borrowed<Type> type);

// A block with an initialised header and zeroed fields, owned by `thread`, with one reference,
// which the caller owns, and not tracked. `bytes` may be more than the type's size. Null when out
// of memory. Runs no foreign code.
[[nodiscard]] Object* allocate_instance(ThreadState& thread, Type& type, std::size_t bytes);

// T begins with an Object and is valid when zero.
template <class T>
[[nodiscard]] Ref<T> new_object(ThreadState& thread, Type& type) {
  RT_INVARIANT(type.slots.size >= sizeof(T), "an instance is as large as its type says");
  return Ref<T>::adopt(static_cast<T*>(allocate_instance(thread, type, type.slots.size)));
}

// The fields are set; the collector may visit it from now on.
inline void track(Object* object) {
  object->gc_bits.store_release(
      static_cast<std::uint8_t>(object->gc_bits.load_relaxed() | kGcTracked));
}

}  // namespace runtime
