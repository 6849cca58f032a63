#include "runtime/object/laws.h"

#include "runtime/memory/memory.h"
#include "runtime/object/deferred.h"
#include "runtime/object/per_thread_counts.h"
#include "runtime/object/refcount.h"
#include "runtime/object/type.h"

namespace runtime {

void check_dead_header(const Object* object) {
  if constexpr (kChecksEnabled) {
    const std::int64_t shared = object->shared.peek();
    RT_LAW(Law::kHeadersOutliveReaders, object->local.peek() == 0, object);
    RT_LAW(Law::kHeadersOutliveReaders, shared == kInitial || shared == kMerged, object);
    RT_LAW(Law::kHeadersOutliveReaders, (object->owner.peek() == 0) == (shared == kMerged), object);
  }
}

Census::Census(ThreadState& thread) : thread_(thread) {
  for_each_object([](Object* object) { gc_working_count(object) = 0; });
  for_each_object([](Object* object) {
    add_reference(nullptr, object->type);
    if (object->type->slots.traverse != nullptr) {
      object->type->slots.traverse(object, &add_reference, nullptr);
    }
  });
}

void Census::add_reference(void*, Object* object) {
  if (!is_immortal(object)) ++gc_working_count(object);
}

void Census::check() {
  PerThreadCountIds& ids = thread_.slot(kPerThreadCountsSlot)->ids;
  for_each_object([&ids](Object* object) {
    if (is_immortal(object)) return;
    std::int64_t counted = reference_count(object);
    if (is_deferred(object)) counted -= kDeferredBias;
    if ((object->flags.load_relaxed() & kThreadCounted) != 0) {
      counted += ids.sum_in_stopped_world(static_cast<ThreadCounted*>(object));
    }
    if (counted != gc_working_count(object)) {
      fail({law_sentence(Law::kCountsMatchReferences), __FILE__, __LINE__, object});
    }
  });
}

template <class Function>
void Census::for_each_object(Function&& function) {
  Memory& memory = Memory::of(thread_);
  for (HeapKind kind : {HeapKind::kPlain, HeapKind::kCollected}) {
    memory.for_each_block(kind, [&](void* block) { function(static_cast<Object*>(block)); });
  }
}

}  // namespace runtime
