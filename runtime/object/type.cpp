#include "runtime/object/type.h"

#include <cstring>

#include "runtime/base/check.h"
#include "runtime/object/allocation_count.h"
#include "runtime/object/deferred.h"
#include "runtime/object/finalization.h"
#include "runtime/object/laws.h"
#include "runtime/object/object_block.h"

namespace runtime {

constinit Type type_type(TypeSlots{
    .name = "type",
    .size = sizeof(Type),
    .heap = HeapKind::kCollected,
    .weak_references_offset = offsetof(Type, weak_references),
});

Object* allocate_instance(ThreadState& thread, Type& type, std::size_t bytes) {
  check_attached(thread, &type);
  RT_INVARIANT(bytes >= type.slots.size && type.slots.size >= sizeof(Object),
               "an instance is at least as large as its type says");
  const HeapKind heap = type.slots.heap;
  void* block = allocate_object(thread, bytes + prefix_of(heap), heap);
  if (block == nullptr) return nullptr;
  Object* object = object_in_block(block, heap);
  increment_per_thread(thread, &type);
  initialize_counts(thread, object);
  object->flags.initialize(0);
  object->gc_bits.initialize(0);
  object->type = &type;
  std::memset(static_cast<void*>(object + 1), 0, bytes - sizeof(Object));
  if (type.slots.heap == HeapKind::kCollected) count_made(thread);
  return object;
}

Ref<Type> new_type(ThreadState& thread, const TypeSlots& slots) {
  Ref<Type> type = new_object<Type>(thread, type_type);
  if (!type) return nullptr;
  type->slots = slots;
  complete_type(thread, type);
  return type;
}

void complete_type(ThreadState& thread, Borrowed<Type> type) {
  defer(thread, type.get());
  count_per_thread(thread, type.get());
  track(type.get());
}

}  // namespace runtime
