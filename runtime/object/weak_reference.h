// Weak references: a way to find an object that does not keep it alive.
//
// An object that can be weakly referenced holds the head of a list of its weak references. List,
// referent and callback are guarded by a leaf lock chosen by the referent's address out of a fixed
// number of stripes, so that objects need no lock more. Dereferencing locks the stripe, looks
// whether the referent is still there, and tries to increment it: a dying object is merged, so the
// attempt fails. That is why making the first weak reference sets kMaybeWeak in the referent. When
// an object ends, its weak references are emptied and unlinked under the lock; their callbacks run
// after it, each exactly once, newest first. A weak reference without callback is made once per
// object and used again.
//
// Orderings
//   [unlinked-before-freed]  who unlinks the last weak reference releases the head of the list; who ends
//       the referent acquires it. If he finds the list empty, he needs no lock to know that nobody is
//       still at work in it.
//
// Not for immortal objects that nobody will miss: their weak references simply never die.
//
// Ancestry: PEP 205; CPython's Objects/weakrefobject.c (get_or_create_weakref,
// PyObject_ClearWeakRefs) and its striped locks. Departure: callbacks that are due are chained
// through the emptied references themselves, so clearing needs no memory.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/base/atomic.h"
#include "runtime/object/ref.h"
#include "runtime/object/type.h"
#include "runtime/threads/mutex.h"

namespace runtime {

struct WeakReference;

// Called at most once, after the referent has gone, on the thread that ended it, attached and under
// no lock. `argument` is what make_weak_reference was given (a Python callable).
using WeakCallback = void (*)(ThreadState& thread, Borrowed<WeakReference> reference,
                              Borrowed<Object> argument);

// The fields but `referent` and `stripe` are guarded by the stripe lock while the referent lives,
// then belong to the thread that ended it until the callback has run.
struct WeakReference : Object {
  Atomic<Object*> referent;  // null once it is dead; written under the stripe lock
  Mutex* stripe;             // constant
  WeakCallback callback;     // constant, may be null
  Object* argument;          // of the callback; owned; null without one and after it
  WeakReference* newer;      // towards the head of the list
  WeakReference* older;
  bool is_shared;             // constant: it is the one of its type that all share
  Atomic<std::int64_t> hash;  // of the referent, kept for who uses references as keys; 0: not known
};

extern Type weak_reference_type;

// An object whose list of weak references begins right behind its header. Others choose their own
// offset.
struct WeaklyReferable : Object {
  Atomic<WeakReference*> weak_references;
};
inline constexpr std::uint32_t kWeakReferencesBehindHeader = kHeaderSize;

[[nodiscard]] inline bool can_be_weakly_referenced(const Type& type) {
  return type.slots.weak_references_offset != 0;
}

// The weak reference of `referent` that has no callback: the one that exists, or a new one. Null
// when out of memory.
[[nodiscard]] Ref<WeakReference> make_weak_reference(ThreadState& thread,
                                                     Borrowed<Object> referent);
// A new one with a callback. Null when out of memory.
[[nodiscard]] Ref<WeakReference> make_weak_reference(ThreadState& thread, Borrowed<Object> referent,
                                                     WeakCallback callback, Ref<Object> argument);

// The same for what is derived from a weak reference: `fresh` is an instance whose fields are zero. It
// is never the shared one. `callback` may be null.
void attach_weak_reference(ThreadState& thread, Borrowed<WeakReference> fresh,
                           Borrowed<Object> referent, WeakCallback callback, Ref<Object> argument);
// The one of this static type, which has a WeakReference's size, that is shared by all who ask: the one
// that exists, or a new one. Null when out of memory.
[[nodiscard]] Ref<WeakReference> make_shared_weak_reference(ThreadState& thread, Type& type,
                                                            Borrowed<Object> referent);

// A reference to the referent, or null when it is dead. Any attached thread.
[[nodiscard]] Ref<Object> dereference(ThreadState& thread, Borrowed<WeakReference> reference);

// For who ends the object (finalization.h): nobody will find it any more. Empties its weak
// references, then runs their callbacks. A runtime that ends forgets callbacks of what was immortal
// in it.
enum class Callbacks { kRun, kForget };
void clear_weak_references(ThreadState& thread, Object* object, Callbacks callbacks);

// The same in two halves, for who finds in a stopped world that objects are garbage: empties now,
// and keeps the callbacks for later. `is_called` says of a weak reference whether its callback shall
// run.
struct DueCallbacks {
  WeakReference* first = nullptr;  // chained through `older`, each held by a reference
  WeakReference* last = nullptr;
};
void empty_weak_references_in_stopped_world(ThreadState& thread, Object* object,
                                            bool (*is_called)(const WeakReference* reference),
                                            DueCallbacks& due);
// In the order in which they became due. Leaves none.
void run_callbacks(ThreadState& thread, DueCallbacks& due);

// True if there are any. Certain for a caller who is alone with the object, but for weak references
// that are ending themselves; otherwise what a moment showed.
[[nodiscard]] bool has_weak_references(const Object* object);

// How many there are: weakref.getweakrefcount. Any attached thread that holds a reference to the
// object.
[[nodiscard]] unsigned weak_reference_count(Borrowed<Object> object);
// Themselves, the shared one first, then newest first: weakref.getweakrefs.
[[nodiscard]] std::vector<Ref<WeakReference>> weak_references_of(ThreadState& thread,
                                                                 Borrowed<Object> object);
// What the callback will be given; null without one, and when the referent is dead.
[[nodiscard]] Ref<Object> callback_argument(ThreadState& thread, Borrowed<WeakReference> reference);

}  // namespace runtime
