#include "runtime/object/type.h"

#include <cstring>

#include "runtime/base/check.h"
#include "runtime/object/allocation_count.h"
#include "runtime/object/deferred.h"
#include "runtime/object/finalization.h"
#include "runtime/object/laws.h"

namespace runtime {

constinit Type type_type(TypeSlots{
    .name = "type",
    .size = sizeof(Type),
    .heap = HeapKind::kCollected,
});

Object* allocate_instance(ThreadState& thread, Type& type, std::size_t bytes) {
  check_attached(thread, &type);
  RT_INVARIANT(bytes >= type.slots.size && type.slots.size >= sizeof(Object),
               "an instance is at least as large as its type says");
  auto* object = static_cast<Object*>(allocate_object(thread, bytes, type.slots.heap));
  if (object == nullptr) return nullptr;
  increment_per_thread(thread, &type);
  // The block may have been another object, and a reader with a stale pointer may be trying to
  // increment it. `shared` is kInitial or kMerged without a count before and after, so he cannot
  // succeed whatever he sees of this.
  object->local.initialize(1);
  object->owner.initialize(thread.serial());
  gc_working_count(object) = 0;
  object->flags.initialize(0);
  object->gc_bits.initialize(0);
  object->shared.store_relaxed(kInitial);
  object->type = &type;
  std::memset(static_cast<void*>(object + 1), 0, bytes - sizeof(Object));
  if (type.slots.heap == HeapKind::kCollected) count_made(thread);
  return object;
}

Ref<Type> new_type(ThreadState& thread, const TypeSlots& slots) {
  Ref<Type> type = new_object<Type>(thread, type_type);
  if (!type) return nullptr;
  type->flags.initialize(kThreadCounted);
  type->slots = slots;
  type->count_id.initialize(kNoCountId);
  defer(thread, type.get());
  thread.slot(kPerThreadCountsSlot)->ids.assign(type.get());
  track(type.get());
  return type;
}

}  // namespace runtime
