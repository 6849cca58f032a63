#include "runtime/object/kernel.h"

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/object/deferred.h"
#include "runtime/object/laws.h"
#include "runtime/object/object_block.h"
#include "runtime/object/type.h"
#include "runtime/object/weak_reference.h"
#include "runtime/threads/attach.h"

namespace runtime {

Kernel::Kernel(const KernelOptions& options)
    : world_(options.world),
      memory_(world_, options.memory),
      dying_(world_),
#if !HEDDLE_GIL
      count_ids_(world_),
      merge_queues_(world_),
#endif
      first_thread_(world_.create_thread()) {
  attach(*first_thread_);
}

Kernel::~Kernel() {
  check_attached(*first_thread_, nullptr);
  RT_CHECK(world_.thread_count() == 1, "a runtime ends when its other threads have been destroyed");
#if !HEDDLE_GIL
  first_thread_->slot(kMergeQueueSlot)->merge_all(*first_thread_);
#endif
  end_deferred_objects();
  end_immortal_objects();
  drain_everything(*first_thread_);
  RT_INVARIANT(memory_.statistics().objects == 0, "a runtime that ends has freed all its objects");
  world_.destroy_thread(first_thread_);
}

bool Kernel::settle_counts_in_stopped_world([[maybe_unused]] ThreadState& requester,
                                            [[maybe_unused]] ObjectStack& dead) {
#if HEDDLE_GIL
  return true;
#else
  if (!RT_MUTANT(collector_forgets_per_thread_counts)) count_ids_.merge_in_stopped_world();
  if (RT_MUTANT(collector_forgets_merge_queues)) return true;
  return merge_queues_.merge_in_stopped_world(requester, dead);
#endif
}

// Without a collector all that can be said of a deferred object is whether its count is zero.
void Kernel::end_deferred_objects() {
  ThreadState& thread = *first_thread_;
  ObjectStack deferred;
  ObjectStack dead;
  {
    StoppedWorld stopped(thread);
    for_each_object_of(memory_, HeapKind::kCollected, [&](Object* object) {
      if (is_deferred(object)) remember(deferred, object);
    });
    while (Object* object = deferred.pop(thread)) {
      if (undefer_in_stopped_world(thread, object) == 0) remember(dead, object);
    }
  }
  while (Object* object = dead.pop(thread)) deallocate(thread, object);
}

// Blocks stay until the last fields were given up: a mortal object may end there whose type was
// immortal.
void Kernel::end_immortal_objects() {
  ThreadState& thread = *first_thread_;
  ObjectStack immortal;
  ObjectStack emptied[kHeapKinds];
  {
    StoppedWorld stopped(thread);
    for (HeapKind kind : {HeapKind::kPlain, HeapKind::kCollected}) {
      for_each_object_of(memory_, kind, [&](Object* object) {
        if (is_immortal(object)) remember(immortal, object);
      });
    }
  }
  while (Object* object = immortal.pop(thread)) {
    Type* type = object->type;
    const auto heap = static_cast<unsigned>(type->slots.heap);
    if (has_weak_references(object)) clear_weak_references(thread, object, Callbacks::kForget);
    {
      DroppedFields dropped(thread);
      if (type->slots.release_fields != nullptr) type->slots.release_fields(object, dropped);
    }
    decrement_per_thread(thread, type);
    remember(emptied[heap], object);
  }
  for (HeapKind kind : {HeapKind::kPlain, HeapKind::kCollected}) {
    while (Object* object = emptied[static_cast<unsigned>(kind)].pop(thread)) {
      free_object(thread, block_of(object, kind));
    }
  }
}

void Kernel::remember(ObjectStack& stack, Object* object) {
  const bool pushed = stack.push(*first_thread_, object);
  RT_CHECK(pushed, "there is memory to end a runtime");
}

}  // namespace runtime
