// Biased reference counting: what an owner counts costs next to nothing, what others count costs an
// atomic operation.
//
// Most objects are only ever touched by the thread that made them. So an object has two counts:
// `local`, written with plain loads and stores by its owner alone, and `shared`, changed by
// everybody else with read-modify-writes. Neither count alone means anything; their sum is the
// number of references. A reference may be taken by one thread and dropped by another, so `shared`
// can be negative. When the owner's count falls to zero the owner adds the two together and gives
// the object up (it *merges*); when another thread drops a reference that `shared` does not know,
// it asks the owner to merge (merge_queue.h). From the merge on there is one count, in `shared`,
// and who brings it to zero frees the object.
//
// The word `shared`:  bits 0..1 state, bits 2..63 signed count
//   00 kInitial    nobody but the owner has reason to look at it without a reference of his own
//   01 kMaybeWeak  somebody may: by a weak reference, or reading a slot without a lock
//   10 kQueued     one reference lies in the owner's merge queue, or is on its way there
//   11 kMerged     owner == 0, local == 0; the count is the number of references, never negative
// The state only ever grows, but for an object that its finalizer brings back (finalization.h). Why
// 01 exists: with shared == 0 the owner frees without an atomic write, so an increment by somebody
// who holds no reference could bring a dying object back to life; any other state forces the owner
// through the compare-exchange that ends in kMerged.
//
// The equation (law 1), for an object that is not immortal:
//   local + (shared >> 2) + per-thread counts == references + deferral bias
// where a reference that waits in a merge queue is a reference. It holds whenever no thread is
// inside a function below.
//
// Orderings
//   [drop-before-free]
//       A drop through `shared` releases; who concludes that the object is dead acquires, from
//       `shared`, before its finalizer or its fields are touched. What a thread did with the object
//       before it dropped its reference happens before the object's end. Increments are relaxed:
//       they continue the release sequences they stand in.
//   [owner-before-merged]
//       Who merges clears local and owner before the compare-exchange that publishes kMerged, which
//       releases. After it another thread may have freed the block already, and given it away.
//   [increment-before-recheck]
//       try_increment acquires with its compare-exchange, and only then is the slot read again; a
//       writer stores the slot (release) and only then drops (release). If the writer's drop comes
//       first in the order of changes of `shared`, the reader sees the new slot value and gives up;
//       else the reader's count was in place before the drop, and the object lives.
// There are no stand-alone fences: where other implementations write a fence before the destructor,
// the acquire stands on the load or compare-exchange of `shared` itself.
//
// Not for backing arrays (deferred_free.h) and not for what the collector alone may free
// (deferred.h).
//
// Ancestry: Choi, Shull, Torrellas, "Biased reference counting: minimizing atomic operations in
// garbage collection", PACT 2018 (the paper's abbreviation is BRC); PEP 703, "Biased Reference
// Counting"; CPython's Include/refcount.h and Objects/object.c (_Py_DecRefShared,
// _Py_MergeZeroLocalRefcount, _Py_ExplicitMergeRefcount, _Py_TryIncrefFast). Departures: owners are
// serials; the merging thread never writes owner or local after the merge.
#pragma once

#include <cstdint>

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/object/immortal.h"
#include "runtime/object/object.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

enum SharedState : std::int64_t { kInitial = 0, kMaybeWeak = 1, kQueued = 2, kMerged = 3 };

inline constexpr int kSharedShift = 2;
inline constexpr std::int64_t kSharedOne = std::int64_t{1} << kSharedShift;
inline constexpr std::int64_t kSharedStateMask = 3;

[[nodiscard]] constexpr std::int64_t shared_count(std::int64_t shared) {
  return shared >> kSharedShift;
}
[[nodiscard]] constexpr SharedState shared_state(std::int64_t shared) {
  return static_cast<SharedState>(shared & kSharedStateMask);
}
[[nodiscard]] constexpr std::int64_t shared_word(std::int64_t count, SharedState state) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(count) << kSharedShift) | state;
}
static_assert(shared_count(shared_word(-1, kQueued)) == -1);
static_assert(shared_state(shared_word(-1, kQueued)) == kQueued);

// It counts for itself: it made the object, or took it over, and the counts are not merged yet.
[[nodiscard]] inline bool is_owned_by(const ThreadState& thread, const Object* object) {
  // Relaxed: only this thread could have written its serial there.
  return object->owner.load_relaxed() == thread.serial();
}

// The slow halves of the functions below; nobody else calls them.
void merge_zero_slow(ThreadState& thread, Object* object);
void decrement_shared_slow(ThreadState& thread, Object* object);
[[nodiscard]] bool try_increment_shared_slow(Object* object);

// Takes one more reference. The caller holds one already. `thread` is the calling, attached thread;
// this is the one function besides try_increment that takes it and runs no foreign code.
inline void increment(ThreadState& thread, Object* object) {
  // All relaxed: `local` is the owner's own; an immortal object stays so; and the caller's
  // reference keeps the object while `shared` rises.
  const std::uint32_t raised = object->local.load_relaxed() + 1;
  if (raised == 0 && !RT_MUTANT(local_count_wraps)) return;  // immortal
  if (is_owned_by(thread, object)) {
    object->local.store_relaxed(raised);
  } else {
    object->shared.fetch_add_relaxed(kSharedOne);
  }
}

// Gives one reference up. May free the object, and then run its finalizer, callbacks of weak
// references and whatever they do: everything the caller goes on to use must be held by references
// of its own, and no lock may be held.
inline void decrement(ThreadState& thread, Object* object) {
  const std::uint32_t local = object->local.load_relaxed();  // as in increment()
  if (local == kImmortalLocal) return;
  if (is_owned_by(thread, object)) {
    RT_LAW(Law::kCountsMatchReferences, local != 0, object);
    object->local.store_relaxed(local - 1);
    if (local == 1) merge_zero_slow(thread, object);
  } else {
    decrement_shared_slow(thread, object);
  }
}

// Takes a reference to an object to which the caller holds none: one that he read from a slot
// without a lock, or that a weak reference names. False when the object is dead, or may be.
// `object` points at an object or at a block that was one (law 2); true does not say that it is
// still the object the caller meant: see try_increment_from. Succeeds for the objects of other
// threads only after somebody has called set_maybe_weak. Runs no foreign code.
[[nodiscard]] inline bool try_increment(ThreadState& thread, Object* object) {
  const std::uint32_t raised = object->local.load_relaxed() + 1;
  if (raised == 0) return true;
  if (is_owned_by(thread, object)) {
    // A dead object that anybody can still find is merged, so it has no owner.
    RT_LAW(Law::kCountsMatchReferences, raised != 1, object);
    object->local.store_relaxed(raised);
    return true;
  }
  return try_increment_shared_slow(object);
}

// Reads a slot's object for good: `object` was loaded (acquire) from `slot`; true when it is
// counted now and the slot still holds it, so that the caller owns a reference to what the slot
// held at that moment. On false the slot must be read again, or the reader goes the locked way.
// Gives a wrongly taken reference back, which may run foreign code.
//
// A slot inside a backing array that writers replace needs the second form: see there.
[[nodiscard]] inline bool try_increment_from(ThreadState& thread, const Atomic<Object*>& slot,
                                             Object* object) {
  if (!try_increment(thread, object)) return false;
  point("read.have_count");
  // [increment-before-recheck]
  if (RT_MUTANT(drops_slot_recheck) || slot.load_acquire() == object) return true;
  decrement(thread, object);
  return false;
}

// The same for a slot of `array`, which was loaded (acquire) from `current`. The slot alone is not
// enough (law 4): the slots of an array that was *replaced* are never overwritten. A reader with
// the old array loads p; a writer publishes a new array, overwrites p there and drops it; p's block
// becomes another object that may be counted by try_increment; the old slot still says p, and the
// reader would return an object that never was in the container. So the container's pointer is read
// again after the increment, too. Rule and counter-example: PEP 703, "Optimistically Avoiding
// Locking".
template <class Array>
[[nodiscard]] inline bool try_increment_from(ThreadState& thread, const Atomic<Object*>& slot,
                                             Object* object, const Atomic<Array*>& current,
                                             Array* array) {
  if (!try_increment_from(thread, slot, object)) return false;
  // [increment-before-recheck]
  if (RT_MUTANT(drops_array_recheck) || current.load_acquire() == array) return true;
  decrement(thread, object);
  return false;
}

// From now on try_increment may succeed for every thread. The caller holds a reference. Idempotent,
// runs no foreign code. Called by whoever lets others find the object without a reference: makers
// of weak references, writers of slots that are read without a lock, the first reader under the
// lock.
void set_maybe_weak(Object* object);

// True when the caller's reference is the only one and nobody can come by another: then the object
// may be changed in place. Not the same as a count of one: a state other than kInitial says that
// somebody may hold a stale pointer or a weak reference.
[[nodiscard]] inline bool is_unique(const ThreadState& thread, const Object* object) {
  if (!is_owned_by(thread, object) || object->local.load_relaxed() != 1) return false;
  // [drop-before-free]: what others did with it before they let go happens before the change.
  const std::int64_t shared = object->shared.load_acquire();
  if (RT_MUTANT(unique_ignores_state)) return shared_count(shared) == 0;
  return shared == 0;
}

// local + shared, without a deferral bias and without per-thread counts. Exact when nobody counts
// at the same time.
[[nodiscard]] std::int64_t reference_count(const Object* object);

// What its owner has counted; all ones for an immortal object. A hint for everybody else.
[[nodiscard]] inline std::uint32_t owner_count(const Object* object) {
  return object->local.load_relaxed();
}

// Adds the two counts and `extra`, ends ownership, returns the count; at 0 the caller deallocates
// (finalization.h). For the owner, for anybody when the owner has ended, and for the one running
// thread of a stopped world. Of an immortal object nothing changes and the result is not 0.
[[nodiscard]] std::int64_t explicit_merge(Object* object, std::int64_t extra);

// A new object of `thread`, with one reference. The block may have been another object, and a reader
// with a stale pointer may be trying to increment it: `shared` is kInitial or kMerged without a count
// before and after, so he cannot succeed whatever he sees of this.
inline void initialize_counts(const ThreadState& thread, Object* object) {
  object->local.initialize(1);
  object->owner.initialize(thread.serial());
  object->gc_scratch = 0;
  // A page that held blocks of another size leaves what stood there.
  if (!RT_MUTANT(mutex_of_new_object_as_found)) object->mutex.initialize();
  object->shared.store_relaxed(kInitial);
}

// Brings a dead object back for its finalizer, with one reference of this thread. Other threads do
// not find it through its weak references until set_maybe_weak().
inline void begin_revival(const ThreadState& thread, Object* object) {
  object->local.store_relaxed(1);  // this thread is alone with it until `shared` says otherwise
  object->owner.store_relaxed(thread.serial());
  // Release continues what the acquire before this end began: [drop-before-free].
  object->shared.store_release(RT_MUTANT(found_during_finalizer) ? kMaybeWeak : kInitial);
}
// It is_unique() still: dead again.
inline void end_revival(Object* object) { object->local.store_relaxed(0); }

// In a stopped world, or alone: what all counts of the object say together, without a deferral bias.
[[nodiscard]] std::int64_t counted_references(ThreadState& thread, const Object* object);

}  // namespace runtime
