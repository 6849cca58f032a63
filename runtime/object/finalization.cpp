#include "runtime/object/finalization.h"

#include <new>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/allocation_count.h"
#include "runtime/object/laws.h"
#include "runtime/object/object_block.h"
#include "runtime/object/type.h"
#include "runtime/object/weak_reference.h"
#include "runtime/threads/world.h"

namespace runtime {

namespace {

enum class AfterFinalizer { kDead, kNotOurs };

// Runs the finalizer on an object that is brought back for it. kNotOurs: it lives on, or somebody
// else has ended it.
AfterFinalizer finalize(ThreadState& thread, Object* object) {
  if (!RT_MUTANT(finalizer_runs_again)) set_gc_bit(object, kGcFinalized);
  // During its finalizer the object is this thread's alone: another thread that dereferences a weak
  // reference to it gets nothing, as between the last drop and this. Whoever the finalizer gives it
  // to counts it through `shared`, which stays exact.
  begin_revival(thread, object);
  point("finalizer.revived");
  object->type->slots.finalize(thread, Borrowed<Object>(object));
  point("finalizer.returned");
  if (RT_MUTANT(revival_is_not_noticed) || is_unique(thread, object)) {
    end_revival(object);
    return AfterFinalizer::kDead;
  }
  // It lives on, so that its weak references find it again, from everywhere.
  if (has_weak_references(object) && !RT_MUTANT(revival_hides_from_weak_references)) {
    set_maybe_weak(object);
  }
  // Somebody has, or could have, a reference. If nobody has, this finds the object dead again and
  // ends it.
  decrement(thread, object);
  return AfterFinalizer::kNotOurs;
}

void end(ThreadState& thread, Object* object) {
  Type* type = object->type;
  if (type->slots.finalize != nullptr && !has_gc_bit(object, kGcFinalized)) {
    if (finalize(thread, object) == AfterFinalizer::kNotOurs) return;
    type = object->type;  // the finalizer may have given it another
  }
  if (has_weak_references(object)) clear_weak_references(thread, object, Callbacks::kRun);
  clear_gc_bit(object, kGcTracked);
  {
    DroppedFields dropped(thread);
    if (type->slots.release_fields != nullptr) type->slots.release_fields(object, dropped);
    check_dead_header(object);
#if !HEDDLE_GIL
    RT_INVARIANT(!object->mutex.is_locked(), "an object ends unlocked");
#endif
    free_object(thread, block_of(object, type->slots.heap));
    if (type->slots.heap == HeapKind::kCollected) count_ended(thread);
  }
  decrement_per_thread(thread, type);
}

}  // namespace

void DroppedFields::take(Atomic<Object*>& slot) {
  Object* object = slot.load_relaxed();  // its writers are locked out, or gone
  if (object == nullptr) return;
  if (RT_MUTANT(field_dropped_before_cleared)) {
    decrement(thread_, object);
    slot.store_release(nullptr);
    return;
  }
  slot.store_release(nullptr);  // [increment-before-recheck]
  add(object);
}

void DroppedFields::take(Object*& field) {
  if (Object* object = std::exchange(field, nullptr)) add(object);
}

void DroppedFields::take_buffer(void* buffer, std::size_t bytes, Atomic<Object*>* slots,
                                std::int64_t count) {
  if (buffer_ != nullptr) drop_buffer();
  buffer_ = buffer;
  buffer_bytes_ = bytes;
  buffer_slots_ = slots;
  buffer_count_ = count;
}

void DroppedFields::drop_buffer() {
  for (std::int64_t i = buffer_count_ - 1; i >= 0; --i) {
    decrement(thread_, buffer_slots_[i].load_relaxed());  // nobody writes there any more
  }
  raw_free(thread_, std::exchange(buffer_, nullptr), buffer_bytes_);
}

void DroppedFields::drop_all() {
  for (std::size_t i = 0; i < count_; ++i) decrement(thread_, objects_[i]);
  count_ = 0;
  if (buffer_ != nullptr) drop_buffer();
}

DyingObjectsOfThreads::DyingObjectsOfThreads(World& world) {
  world.add_hooks(ThreadHooks{this, &thread_created, nullptr, nullptr, &thread_exiting});
}

void DyingObjectsOfThreads::thread_created(void*, ThreadState& thread) {
  void* bytes = raw_allocate(thread, sizeof(DyingObjects));
  RT_CHECK(bytes != nullptr, "there is memory for a new thread");
  thread.slot(kDyingSlot) = new (bytes) DyingObjects();
}

void DyingObjectsOfThreads::thread_exiting(void*, ThreadState& thread) {
  DyingObjects* dying = thread.slot(kDyingSlot);
  RT_INVARIANT(dying->depth == 0, "a thread does not exit inside the end of an object");
  thread.slot(kDyingSlot) = nullptr;
  dying->~DyingObjects();
  raw_free(thread, dying, sizeof(DyingObjects));
}

void deallocate(ThreadState& thread, Object* object) {
  check_attached(thread, object);
  check_no_leaf_lock(object);
  DyingObjects& dying = *thread.slot(kDyingSlot);
  // Without memory for the list the stack has to do.
  if (dying.depth >= kDeepestEnds && !RT_MUTANT(ends_by_recursion) &&
      dying.waiting.push(thread, object)) {
    return;
  }
  ++dying.depth;
  end(thread, object);
  --dying.depth;
  // Only the deepest end puts objects there, so the one above it finds them first.
  while (dying.depth < kDeepestEnds) {
    Object* waiting = dying.waiting.pop(thread);
    if (waiting == nullptr) break;
    ++dying.depth;
    end(thread, waiting);
    --dying.depth;
  }
}

}  // namespace runtime
