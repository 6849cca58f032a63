#include "runtime/object/kernel.h"

#include "runtime/base/check.h"
#include "runtime/object/deferred.h"
#include "runtime/object/laws.h"
#include "runtime/object/type.h"
#include "runtime/object/weak_reference.h"
#include "runtime/threads/attach.h"

namespace runtime {

Kernel::Kernel(const KernelOptions& options)
    : world_(options.world),
      memory_(world_, options.memory),
      dying_(world_),
      count_ids_(world_),
      merge_queues_(world_),
      first_thread_(world_.create_thread()) {
  attach(*first_thread_);
}

Kernel::~Kernel() {
  check_attached(*first_thread_, nullptr);
  RT_CHECK(world_.thread_count() == 1, "a runtime ends when its other threads have been destroyed");
  first_thread_->slot(kMergeQueueSlot)->merge_all(*first_thread_);
  end_deferred_objects();
  end_immortal_objects();
  drain_everything(*first_thread_);
  RT_INVARIANT(memory_.statistics().objects == 0, "a runtime that ends has freed all its objects");
  world_.destroy_thread(first_thread_);
}

// Without a collector all that can be said of a deferred object is whether its count is zero.
void Kernel::end_deferred_objects() {
  ThreadState& thread = *first_thread_;
  ObjectStack deferred;
  ObjectStack dead;
  {
    StoppedWorld stopped(thread);
    memory_.for_each_block(HeapKind::kCollected, [&](void* block) {
      auto* object = static_cast<Object*>(block);
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
  ObjectStack emptied;
  {
    StoppedWorld stopped(thread);
    for (HeapKind kind : {HeapKind::kPlain, HeapKind::kCollected}) {
      memory_.for_each_block(kind, [&](void* block) {
        auto* object = static_cast<Object*>(block);
        if (is_immortal(object)) remember(immortal, object);
      });
    }
  }
  while (Object* object = immortal.pop(thread)) {
    Type* type = object->type;
    if (has_weak_references(object)) clear_weak_references(thread, object, Callbacks::kForget);
    {
      DroppedFields dropped(thread);
      if (type->slots.release_fields != nullptr) type->slots.release_fields(object, dropped);
    }
    decrement_per_thread(thread, type);
    remember(emptied, object);
  }
  while (Object* object = emptied.pop(thread)) free_object(thread, object);
}

void Kernel::remember(ObjectStack& stack, Object* object) {
  const bool pushed = stack.push(*first_thread_, object);
  RT_CHECK(pushed, "there is memory to end a runtime");
}

}  // namespace runtime
