// A stack of object pointers in chunks: what the merge queue and the list of dying objects are made
// of.
//
// Both must take an object while the program is in the middle of dropping a reference, where
// nothing can be moved and no memory may be had: so a push touches one chunk, says so when it finds
// no memory, and never copies what is there already. Splicing a whole stack onto another moves one
// pointer per chunk.
//
// Owns no references: what a pointer in it is worth is its user's business. Not thread safe; its
// user locks or is alone.
//
// Ancestry: CPython's Include/internal/pycore_object_stack.h.
#pragma once

#include <cstddef>

#include "runtime/object/object.h"

namespace runtime {

class ThreadState;

class ObjectStack {
 public:
  // A chunk with its link and its count fills 2 KiB.
  static constexpr std::size_t kChunkCapacity = 254;

  ObjectStack() = default;
  ~ObjectStack();  // is empty
  ObjectStack(const ObjectStack&) = delete;
  ObjectStack& operator=(const ObjectStack&) = delete;

  // `thread` is the one that runs; its memory is used. False, and nothing has changed, when there
  // is none.
  [[nodiscard]] bool push(ThreadState& thread, Object* object);
  // The youngest; null when empty.
  [[nodiscard]] Object* pop(ThreadState& thread);
  [[nodiscard]] Object* youngest() const {
    return top_ == nullptr ? nullptr : top_->objects[top_->count - 1];
  }
  // Takes over everything in `other`, which is empty then.
  void splice(ObjectStack& other);

  [[nodiscard]] bool is_empty() const { return top_ == nullptr; }

 private:
  struct Chunk {
    Chunk* below;
    std::size_t count;  // 1..kChunkCapacity
    Object* objects[kChunkCapacity];
  };
  static_assert(sizeof(Chunk) == 2048);

  Chunk* top_ = nullptr;
};

}  // namespace runtime
