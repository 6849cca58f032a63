// A list of object pointers in one piece, which keeps its memory from one collection to the next.
//
// The collector walks over all objects of the heap, several times, and wants to fetch ahead what it
// will look at soon; so they lie side by side, and not in chunks (object_stack.h). It may need room
// where it can no longer turn back: then it reserves before, and appends without asking.
//
// Owns no references. Not thread safe: belongs to the one collection that runs.
#pragma once

#include <cstddef>
#include <span>

#include "runtime/base/check.h"
#include "runtime/object/object.h"

namespace runtime {

class ThreadState;

class ObjectVector {
 public:
  ObjectVector() = default;
  ~ObjectVector() {
    RT_INVARIANT(objects_ == nullptr, "an object vector gives its memory back before it ends");
  }
  ObjectVector(const ObjectVector&) = delete;
  ObjectVector& operator=(const ObjectVector&) = delete;

  // `thread` is the one that runs; its memory is used. False, and nothing has changed, when there is
  // none.
  [[nodiscard]] bool reserve(ThreadState& thread, std::size_t capacity);
  [[nodiscard]] bool push(ThreadState& thread, Object* object) {
    if (size_ == capacity_ && !reserve(thread, size_ + 1)) return false;
    objects_[size_++] = object;
    return true;
  }
  // There is room.
  void append(Object* object) {
    RT_INVARIANT(size_ < capacity_, "room was reserved for what is appended");
    objects_[size_++] = object;
  }
  // It is not empty.
  [[nodiscard]] Object* pop() { return objects_[--size_]; }
  // To at most its present size.
  void shrink(std::size_t size) { size_ = size; }
  void clear() { size_ = 0; }
  void free(ThreadState& thread);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool is_empty() const { return size_ == 0; }
  [[nodiscard]] std::span<Object*> all() { return {objects_, size_}; }

 private:
  Object** objects_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace runtime
