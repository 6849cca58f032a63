#include "runtime/collector/object_vector.h"

#include <algorithm>

#include "runtime/memory/raw_heap.h"

namespace runtime {

bool ObjectVector::reserve(ThreadState& thread, std::size_t capacity) {
  if (capacity <= capacity_) return true;
  constexpr std::size_t kFirstCapacity = 64;
  const std::size_t wanted = std::max({capacity, capacity_ * 2, kFirstCapacity});
  void* larger =
      raw_reallocate(thread, objects_, capacity_ * sizeof(Object*), wanted * sizeof(Object*));
  if (larger == nullptr) return false;
  objects_ = static_cast<Object**>(larger);
  capacity_ = wanted;
  return true;
}

void ObjectVector::free(ThreadState& thread) {
  raw_free(thread, objects_, capacity_ * sizeof(Object*));
  objects_ = nullptr;
  size_ = capacity_ = 0;
}

}  // namespace runtime
