#include "runtime/object/biased_refcount.h"

#include "runtime/object/deferred.h"
#include "runtime/object/finalization.h"
#include "runtime/object/immortalization.h"
#include "runtime/object/laws.h"
#include "runtime/object/merge_queue.h"
#include "runtime/object/per_thread_counts.h"
#include "runtime/object/type.h"
#include "runtime/threads/world.h"

namespace runtime {

// The owner has just stored 0 into `local`.
void merge_zero_slow(ThreadState& thread, Object* object) {
  std::int64_t shared = object->shared.load_acquire();  // [drop-before-free]
  if (shared == kInitial) {
    // Nobody else counts, and nobody will: who holds no reference cannot get one while the state is
    // kInitial. The owner stays written, so that "no owner" always means "merged".
    if (RT_MUTANT(fast_end_clears_owner)) object->owner.store_relaxed(0);
    deallocate(thread, object);
    return;
  }
  if (RT_MUTANT(zero_ignores_maybe_weak) && shared == kMaybeWeak) {
    deallocate(thread, object);
    return;
  }
  point("rc.merge0.after_load");
  if (!RT_MUTANT(owner_cleared_after_merge))
    object->owner.store_relaxed(0);  // [owner-before-merged]
  point("rc.merge0.before_cas");
  std::int64_t merged;
  do {
    merged = shared_word(shared_count(shared), kMerged);
  } while (RT_MUTANT(merge_at_zero_relaxed)
               ? !object->shared.compare_exchange_relaxed(shared, merged)
               : !object->shared.compare_exchange_acq_rel(
                     shared, merged));  // [owner-before-merged] [drop-before-free]
  if (RT_MUTANT(owner_cleared_after_merge)) object->owner.store_relaxed(0);
  RT_LAW(Law::kCountsMatchReferences, shared_count(merged) >= 0, object);
  if (merged == kMerged) deallocate(thread, object);
}

void decrement_shared_slow(ThreadState& thread, Object* object) {
  check_attached(thread, object);
  // Relaxed: the compare-exchange looks again.
  std::int64_t shared = object->shared.load_relaxed();
  std::int64_t dropped;
  bool queues;
  do {
    // Nothing counted in `shared`, so the reference is one of the owner's. It is not subtracted: it
    // moves into the queue.
    queues = shared == kInitial || shared == kMaybeWeak;
    dropped = queues ? std::int64_t{kQueued} : shared - kSharedOne;
    if (RT_MUTANT(queued_reference_is_subtracted) && queues) dropped = shared_word(-1, kQueued);
    RT_LAW(Law::kCountsMatchReferences, shared_state(shared) != kMerged || shared_count(shared) > 0,
           object);
  } while (RT_MUTANT(drop_relaxed)
               ? !object->shared.compare_exchange_relaxed(shared, dropped)
               : !object->shared.compare_exchange_release(shared, dropped));  // [drop-before-free]
  if (queues) {
    queue_for_merge(thread, object);
  } else if (dropped == kMerged) {
    // Nobody changes the word any more, so this reads what was just written, the end of the release
    // sequences of all drops.
    if (!RT_MUTANT(end_without_acquire)) (void)object->shared.load_acquire();  // [drop-before-free]
    deallocate(thread, object);
  }
}

bool try_increment_shared_slow(Object* object) {
  std::int64_t shared = object->shared.load_relaxed();  // the compare-exchange looks again
  do {
    // kInitial: the owner may be freeing it at this moment, without looking at this word again.
    // kMerged: it is dead.
    if (shared == kInitial && !RT_MUTANT(try_increment_at_zero)) return false;
    if (shared == kMerged && !RT_MUTANT(try_increment_of_dead)) return false;
  } while (RT_MUTANT(try_increment_relaxed)
               ? !object->shared.compare_exchange_relaxed(shared, shared + kSharedOne)
               : !object->shared.compare_exchange_acquire(
                     shared, shared + kSharedOne));  // [increment-before-recheck]
  return true;
}

void set_maybe_weak(Object* object) {
  if (is_immortal(object)) return;
  // Relaxed throughout: the caller's own reference keeps the owner from freeing without a look at
  // the word, and the drop of that reference comes later in the word's order of changes than this.
  if (RT_MUTANT(maybe_weak_by_or)) {
    object->shared.fetch_or_relaxed(kMaybeWeak);
    return;
  }
  std::int64_t shared = object->shared.load_relaxed();
  while (shared_state(shared) == kInitial) {
    if (object->shared.compare_exchange_relaxed(shared, shared | kMaybeWeak)) return;
  }
}

std::int64_t reference_count(const Object* object) {
  const std::uint32_t local = object->local.load_relaxed();  // a statistic
  if (local == kImmortalLocal) return kImmortalCount;
  return std::int64_t{local} + shared_count(object->shared.load_relaxed());
}

std::int64_t counted_references(ThreadState& thread, const Object* object) {
  std::int64_t counted = reference_count(object);
  if (is_deferred(object)) counted -= kDeferredBias;
  if ((object->flags.load_relaxed() & kThreadCounted) != 0) {
    counted += thread.slot(kPerThreadCountsSlot)
                   ->ids.sum_in_stopped_world(static_cast<const ThreadCounted*>(object));
  }
  return counted;
}

void check_dead_header(const Object* object) {
  if constexpr (kChecksEnabled) {
    const std::int64_t shared = object->shared.peek();
    RT_LAW(Law::kHeadersOutliveReaders, object->local.peek() == 0, object);
    RT_LAW(Law::kHeadersOutliveReaders, shared == kInitial || shared == kMerged, object);
    RT_LAW(Law::kHeadersOutliveReaders, (object->owner.peek() == 0) == (shared == kMerged), object);
  }
}

std::int64_t explicit_merge(Object* object, std::int64_t extra) {
  // Relaxed: the caller alone may write it.
  const std::uint32_t local = object->local.load_relaxed();
  // It may have become immortal after it was queued.
  if (local == kImmortalLocal && !RT_MUTANT(merge_ignores_immortal)) return kImmortalCount;
  object->local.store_relaxed(0);  // [owner-before-merged]
  if (!RT_MUTANT(owner_cleared_after_merge))
    object->owner.store_relaxed(0);  // [owner-before-merged]
  std::int64_t shared = object->shared.load_relaxed();
  std::int64_t count;
  do {
    count = shared_count(shared) + local + extra;
  } while (
      RT_MUTANT(explicit_merge_relaxed)
          ? !object->shared.compare_exchange_relaxed(shared, shared_word(count, kMerged))
          : !object->shared.compare_exchange_acq_rel(
                shared, shared_word(count, kMerged)));  // [owner-before-merged] [drop-before-free]
  if (RT_MUTANT(owner_cleared_after_merge)) object->owner.store_relaxed(0);
  RT_LAW(Law::kCountsMatchReferences, count >= 0, object);
  return count;
}

bool try_make_immortal(ThreadState& thread, Object* object) {
  check_attached(thread, object);
  if (is_immortal(object)) return true;
  const std::uint32_t owner = object->owner.load_relaxed();
  if (owner == 0) {
    // Merged: who has not seen the mark yet may still drop. This reference, which is never given
    // back, keeps such a drop from being the last.
    object->shared.fetch_add_relaxed(kSharedOne);
  } else if (owner != thread.serial()) {
    return false;
  }
  point("imm.before_local");
  object->local.store_relaxed(kImmortalLocal);  // the last write; who misses it counts for nothing
  return true;
}

void defer(ThreadState& thread, Object* object) {
  RT_INVARIANT(object->type->slots.heap == HeapKind::kCollected,
               "only an object that the collector knows is deferred");
  if (is_immortal(object)) return;
  RT_INVARIANT(is_owned_by(thread, object) && !is_deferred(object),
               "an object is deferred once, by its owner");
  if (immortalizes_deferred(thread)) {
    object->local.store_relaxed(kImmortalLocal);
    return;
  }
  set_gc_bit(object, kGcDeferred);
  object->shared.fetch_add_relaxed(shared_word(kDeferredBias, kInitial));
}

std::int64_t undefer_in_stopped_world(ThreadState& thread, Object* object) {
  RT_INVARIANT(thread.world().is_stopped(), "deferral ends in a stopped world");
  RT_INVARIANT(is_deferred(object), "an object that loses its deferral is deferred");
  if ((object->flags.load_relaxed() & kThreadCounted) != 0) {
    thread.slot(kPerThreadCountsSlot)
        ->ids.release_in_stopped_world(static_cast<ThreadCounted*>(object));
  }
  clear_gc_bit(object, kGcDeferred);
  return explicit_merge(object, -kDeferredBias);
}

}  // namespace runtime
