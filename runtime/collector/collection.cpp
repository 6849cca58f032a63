#include "runtime/collector/collection.h"

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/object/deferred.h"
#include "runtime/object/finalization.h"
#include "runtime/object/immortal.h"
#include "runtime/object/laws.h"
#include "runtime/object/object_block.h"
#include "runtime/threads/stop_the_world.h"

namespace runtime {

CollectionStatistics Collection::run() {
  check_attached(thread_, nullptr);
  check_no_leaf_lock(nullptr);
  const Nanoseconds begin = now();
  saves_all_ = collector_.saves_all_.load_relaxed();
  const bool has_garbage = find_garbage();
  while (Object* object = dead_.pop(thread_)) deallocate(thread_, object);
  if (has_garbage) {
    run_callbacks_and_finalizers();
    find_resurrected();
    end_garbage();
  }
  reachability_.clear();
  result_.total = now() - begin;
  return result_;
}

bool Collection::find_garbage() {
  StoppedWorld stopped(thread_);
  const Nanoseconds begin = now();
  reachability_.clear();
  collector_.young_.store_relaxed(0);
  if (!bring_counts_together() || !take_tracked()) {
    for (Object* object : reachability_.all()) clear_gc_bit(object, kGcUnreachable);
    return false;
  }
  result_.visited = reachability_.size();
  reach_from_outside();
  reachability_.check_closed();
  reachability_.keep_unreached();
  result_.garbage = reachability_.size();
  collector_.long_lived_.store_relaxed(
      static_cast<std::int64_t>(result_.visited - result_.garbage));
  if (result_.garbage != 0) {
    take_garbage();
    if (!RT_MUTANT(collector_empties_weak_references_late)) empty_weak_references();
    choose_finalizers();
    collector_.has_garbage_.store_relaxed(true);  // the world stands
  }
  result_.first_pause = now() - begin;
  return result_.garbage != 0;
}

// Afterwards the two words of an object and its bias say all there is to say.
bool Collection::bring_counts_together() {
  drain_in_stopped_world(thread_);
  return collector_.kernel_.settle_counts_in_stopped_world(thread_, dead_);
}

bool Collection::take_tracked() {
  bool has_memory = true;
  for_each_object_of(collector_.kernel_.memory(), HeapKind::kCollected, [&](Object* object) {
    const std::uint8_t bits = object->gc_bits.load_relaxed();  // the world stands
    const bool is_frozen = (bits & kGcFrozen) != 0 && !RT_MUTANT(collector_visits_frozen);
    const bool is_tracked = (bits & kGcTracked) != 0 || RT_MUTANT(collector_visits_half_made);
    // Immortal objects, which are among those that are not asked, keep what they refer to.
    const bool is_dying = reference_count(object) == 0 && !RT_MUTANT(collector_visits_dying);
    if (is_tracked && !is_frozen && !is_immortal(object) && !is_dying) {
      if (has_memory && !reachability_.add(thread_, object)) has_memory = false;
    } else if ((bits & kGcUnreachable) != 0) {
      clear_gc_bit(object, kGcUnreachable);  // of a former collection that could not end it
    }
  });
  return has_memory && reachability_.reserve(thread_);
}

void Collection::visit_all(const std::vector<Collector::Source>& sources, Visit visit) {
  for (const Collector::Source& source : sources) {
    source.visit(source.context, visit, &reachability_);
  }
}

void Collection::reach_from_outside() {
  const Visit reach = [](void* reachability, Object* object) {
    static_cast<Reachability*>(reachability)->reach(object);
  };
  const Visit add = [](void* reachability, Object* object) {
    static_cast<Reachability*>(reachability)->add_stack_reference(object);
  };
  if (collector_.options_.marks_alive_first) {
    visit_all(collector_.roots_, reach);
    reachability_.reach_further();
  }
  reachability_.subtract_inner_references();
  reachability_.check_counts();
  if (!collector_.options_.marks_alive_first) visit_all(collector_.roots_, reach);
  if (!RT_MUTANT(collector_forgets_stack_references)) {
    visit_all(collector_.stack_references_, add);
  }
  reachability_.reach_counted();
}

// One count without an owner, and one reference more, which is ours.
void Collection::take_garbage() {
  for (Object* object : reachability_.all()) {
    if (is_deferred(object) && !RT_MUTANT(collector_keeps_deferral)) {
      (void)undefer_in_stopped_world(thread_, object);
    }
    (void)explicit_merge(object, RT_MUTANT(collector_holds_no_garbage) ? 0 : 1);
  }
}

void Collection::empty_weak_references() {
  for (Object* object : reachability_.all()) {
    if (!has_weak_references(object)) continue;
    empty_weak_references_in_stopped_world(
        thread_, object,
        [](const WeakReference* reference) {
          return !Reachability::is_unreached(reference) ||
                 RT_MUTANT(collector_calls_garbage_callbacks);
        },
        due_);
  }
}

// In the stopped world, because a finalizer may show its object to others, who write the same byte.
void Collection::choose_finalizers() {
  for (Object* object : reachability_.all()) {
    if (object->type->slots.finalize == nullptr || has_gc_bit(object, kGcFinalized)) continue;
    if (!RT_MUTANT(collector_finalizes_again)) set_gc_bit(object, kGcFinalized);
    reachability_.spare().append(object);
  }
  result_.finalized = reachability_.spare().size();
}

void Collection::run_callbacks_and_finalizers() {
  point("collect.between_pauses");
  if (RT_MUTANT(collector_empties_weak_references_late)) {
    for (Object* object : reachability_.all()) {
      if (has_weak_references(object)) clear_weak_references(thread_, object, Callbacks::kRun);
    }
  }
  run_callbacks(thread_, due_);
  for (Object* object : reachability_.spare().all()) {
    object->type->slots.finalize(thread_, Borrowed<Object>(object));
  }
  reachability_.spare().clear();
}

void Collection::find_resurrected() {
  point("collect.before_second_pause");
  StoppedWorld stopped(thread_);
  const Nanoseconds begin = now();
  if (!RT_MUTANT(collector_looks_once)) {
    reachability_.begin_anew(RT_MUTANT(collector_holds_no_garbage) ? 0 : 1);
    reach_from_outside();
    reachability_.check_closed();
    // What lives again is let go with the rest, in end_garbage().
    reachability_.keep_unreached(&reachability_.spare());
  }
  result_.resurrected = reachability_.spare().size();
  result_.collected = reachability_.size();
  if (saves_all_) {
    for (Object* object : reachability_.all()) clear_gc_bit(object, kGcUnreachable);
  } else if (!RT_MUTANT(collector_forgets_late_weak_references)) {
    empty_weak_references();
  }
  result_.second_pause = now() - begin;
}

void Collection::end_garbage() {
  run_callbacks(thread_, due_);
  const auto let_go = [&](Object* object) {
    if (!RT_MUTANT(collector_holds_no_garbage)) decrement(thread_, object);
  };
  for (Object* object : reachability_.spare().all()) let_go(object);
  reachability_.spare().clear();
  if (saves_all_) {
    std::vector<Ref<Object>> saved;
    for (Object* object : reachability_.all()) saved.push_back(Ref<Object>::adopt(object));
    RawMutexGuard guard(collector_.lock_);
    for (Ref<Object>& object : saved) collector_.garbage_.push_back(std::move(object));
  } else {
    for (Object* object : reachability_.all()) {
      if (object->type->slots.clear != nullptr) {
        DroppedFields dropped(thread_);
        object->type->slots.clear(object, dropped);
      }
      let_go(object);
    }
  }
  collector_.has_garbage_.store_relaxed(false);
}

}  // namespace runtime
