#include "runtime/object/plain_refcount.h"

#include "runtime/object/deferred.h"
#include "runtime/object/laws.h"

namespace runtime {

void check_dead_header(const Object* object) {
  if constexpr (kChecksEnabled) {
    RT_LAW(Law::kCountsMatchReferences, object->count == 0, object);
  }
}

bool try_make_immortal(ThreadState& thread, Object* object) {
  check_attached(thread, object);
  object->count = kImmortalLocal;
  return true;
}

// With the GIL counting costs next to nothing, so nothing is deferred.
void defer(ThreadState&, Object*) {}

std::int64_t undefer_in_stopped_world(ThreadState&, Object* object) {
  RT_INVARIANT(is_deferred(object), "an object that loses its deferral is deferred");
  return reference_count(object);
}

}  // namespace runtime
