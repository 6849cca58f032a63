// Where in its block an object lies: at its beginning, or in the GIL build, if the collector visits
// it, behind the word that the collector keeps there.
#pragma once

#include "runtime/memory/memory.h"
#include "runtime/object/object.h"
#include "runtime/object/type.h"

namespace runtime {

[[nodiscard]] constexpr std::size_t prefix_of(HeapKind kind) {
  return kind == HeapKind::kCollected ? kCollectedPrefix : 0;
}
[[nodiscard]] inline Object* object_in_block(void* block, HeapKind kind) {
  return reinterpret_cast<Object*>(static_cast<char*>(block) + prefix_of(kind));
}
// The object is not static; its type is known.
[[nodiscard]] inline void* block_of(Object* object, HeapKind kind) {
  return reinterpret_cast<char*>(object) - prefix_of(kind);
}

// fn(Object*) for each one of this heap, tracked or not, in an order that repeats. In a stopped
// world; fn neither allocates nor frees objects.
template <class Function>
void for_each_object_of(Memory& memory, HeapKind kind, Function&& fn) {
  memory.for_each_block(kind, [&](void* block) { fn(object_in_block(block, kind)); });
}

}  // namespace runtime
