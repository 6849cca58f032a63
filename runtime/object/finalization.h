// The end of an object: finalizer, weak references, fields, block, in this order and each once.
//
// The count is zero and merged, or the owner has found that nobody else ever counted. The object is
// brought back for its finalizer (one reference, owned by this thread); if somebody has kept it, it
// lives on, and will end without finalizer. Then its weak references are emptied and their
// callbacks run. Then its fields are taken out before the first of them is dropped (sixteen at a time),
// the block goes back to its heap, and the fields are dropped. Dropping a field may end another object, and so on: down to a certain depth by
// recursion, which keeps the order in which programs see finalizers run; below that an object waits
// in a list of its thread, so that a chain of a million objects needs no stack.
//
// All this runs on the thread that dropped the last reference or merged, attached, under no lock
// (law 6).
//
// Not for backing arrays: readers without a lock may be inside; they go to deferred_free.h.
//
// Ancestry: PEP 442 (finalizers run once, resurrection is legal); CPython's subtype_dealloc,
// _PyObject_ResurrectStart and _PyObject_ResurrectEnd, and its "trashcan"
// (_PyTrash_thread_deposit_object). Departures: the list of dying objects is a stack of its own
// instead of a chain through the owner words; the block is freed before the fields are dropped; an
// object that comes back with weak references stays visible to them from other threads.
#pragma once

#include <cstddef>

#include "runtime/object/object_stack.h"
#include "runtime/object/ref.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

class World;

// References that were taken out of fields and are dropped later, in the same order, when nothing
// is locked and nothing is half-done. Lives on the stack of the thread that drops.
class DroppedFields {
 public:
  explicit DroppedFields(ThreadState& thread) : thread_(thread) {}
  ~DroppedFields() { drop_all(); }
  DroppedFields(const DroppedFields&) = delete;
  DroppedFields& operator=(const DroppedFields&) = delete;

  // Empties a field first, and only then will its reference be dropped (law 3). A null field is
  // fine. With more than kCapacity fields the earlier ones are dropped now: nobody may be locked
  // out meanwhile, so who clears under a lock takes no more than that at a time (is_full).
  void take(Atomic<Object*>& slot);
  void take(Object*& field);
  template <class T>
  void take(Ref<T>& field) {
    if (T* object = field.release()) add(object);
  }

  // A buffer from raw_allocate(), `bytes` long, that nobody reads any more, and the references in
  // `count` slots of it, none of them null. The references are dropped last to first, then the
  // buffer is freed. One at a time: an earlier one is given up now.
  void take_buffer(void* buffer, std::size_t bytes, Atomic<Object*>* slots, std::int64_t count);

  [[nodiscard]] bool is_full() const { return count_ == kCapacity; }
  void drop_all();

  static constexpr std::size_t kCapacity = 16;

 private:
  void add(Object* object) {
    if (count_ == kCapacity) drop_all();
    objects_[count_++] = object;
  }

  ThreadState& thread_;
  void drop_buffer();

  std::size_t count_ = 0;
  Object* objects_[kCapacity];
  void* buffer_ = nullptr;
  std::size_t buffer_bytes_ = 0;
  Atomic<Object*>* buffer_slots_ = nullptr;
  std::int64_t buffer_count_ = 0;
};

// For the `release_fields` and `traverse` slots of types whose instances own one object:
// release_field<&ListIterator::list>.
template <auto member>
struct OwnedField;
template <class Owner, Object* Owner::*member>
struct OwnedField<member> {
  static Object*& of(Object* object) { return static_cast<Owner*>(object)->*member; }
};
template <auto member>
void release_field(Object* object, DroppedFields& dropped) {
  dropped.take(OwnedField<member>::of(object));
}
template <auto member>
void traverse_field(Object* object, void (*visit)(void* context, Object* referred), void* context) {
  if (Object* referred = OwnedField<member>::of(object)) visit(context, referred);
}

// How many ends of objects may stand inside one another on a thread's stack. Few under the scheduler,
// so that scenarios get to the list.
inline constexpr unsigned kDeepestEnds = HEDDLE_SCHEDULED ? 2 : 50;

// One thread's objects that are dead and wait for their end, and how deep it stands in such ends
// now.
struct DyingObjects {
  ObjectStack waiting;
  unsigned depth = 0;
};

inline constexpr ThreadSlot<DyingObjects> kDyingSlot{ThreadSlots::kDying};

// Gives each thread its list. Registers hooks with the world, which must outlive it.
class DyingObjectsOfThreads {
 public:
  explicit DyingObjectsOfThreads(World& world);

 private:
  static void thread_created(void* self, ThreadState& thread);
  static void thread_exiting(void* self, ThreadState& thread);
};

// Ends an object that is dead: its count was found zero by this thread, which alone has that
// knowledge. Runs foreign code.
void deallocate(ThreadState& thread, Object* object);

}  // namespace runtime
