#include "runtime/object/laws.h"

#include "runtime/memory/memory.h"
#include "runtime/object/object_block.h"
#include "runtime/object/refcount.h"
#include "runtime/object/type.h"

namespace runtime {

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
  for_each_object([this](Object* object) {
    if (is_immortal(object)) return;
    const std::int64_t counted = counted_references(thread_, object);
    if (counted != gc_working_count(object)) {
      fail({law_sentence(Law::kCountsMatchReferences), __FILE__, __LINE__, object});
    }
  });
}

template <class Function>
void Census::for_each_object(Function&& function) {
  Memory& memory = Memory::of(thread_);
  for (HeapKind kind : {HeapKind::kPlain, HeapKind::kCollected}) {
    for_each_object_of(memory, kind, function);
  }
}

}  // namespace runtime
