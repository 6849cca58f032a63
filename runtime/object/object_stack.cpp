#include "runtime/object/object_stack.h"

#include "runtime/base/check.h"
#include "runtime/memory/raw_heap.h"

namespace runtime {

ObjectStack::~ObjectStack() { RT_INVARIANT(is_empty(), "an object stack that ends is empty"); }

bool ObjectStack::push(ThreadState& thread, Object* object) {
  if (top_ == nullptr || top_->count == kChunkCapacity) {
    auto* chunk = static_cast<Chunk*>(raw_allocate(thread, sizeof(Chunk)));
    if (chunk == nullptr) return false;
    chunk->below = top_;
    chunk->count = 0;
    top_ = chunk;
  }
  top_->objects[top_->count++] = object;
  return true;
}

Object* ObjectStack::pop(ThreadState& thread) {
  if (top_ == nullptr) return nullptr;
  Object* object = top_->objects[--top_->count];
  if (top_->count == 0) {
    Chunk* emptied = top_;
    top_ = emptied->below;
    raw_free(thread, emptied, sizeof(Chunk));
  }
  return object;
}

void ObjectStack::splice(ObjectStack& other) {
  if (other.top_ == nullptr) return;
  Chunk* last = other.top_;
  while (last->below != nullptr) last = last->below;
  last->below = top_;
  top_ = other.top_;
  other.top_ = nullptr;
}

}  // namespace runtime
