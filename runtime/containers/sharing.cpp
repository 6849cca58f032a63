#include "runtime/containers/sharing.h"

#include "runtime/memory/deferred_free.h"
#include "runtime/memory/raw_heap.h"

namespace runtime {

void retire_array(ThreadState& thread, const Object* container, void* array, std::size_t bytes) {
  RT_INVARIANT(holds_section(thread, container),
               "who retires an array has its container's section");
  if (array == nullptr) return;
  if (is_shared(container) && !RT_MUTANT(array_freed_under_readers)) {
    free_deferred(thread, array, bytes);
  } else {
    raw_free(thread, array, bytes);
  }
}

}  // namespace runtime
