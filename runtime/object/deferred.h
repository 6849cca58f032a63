// Deferred reference counting: functions, modules and types are kept by the collector, so stacks
// need not count them.
//
// A function that every thread calls would be counted by every thread at each call. Such an object
// gets a bias, a count so large that it never reaches zero, and the bit kGcDeferred. References
// from the heap are counted as ever; references from stacks are not (stack_ref.h). So its count
// says nothing until the collector has stopped the world and added what the stacks hold. An object
// found unreachable loses the bias there and becomes an ordinary object, merged, which then ends in
// the ordinary way.
//
// In the GIL build defer() does nothing: there is no count that threads would fight for.
//
// Not for objects of which a program makes many: they live until the next collection. Only for
// collected objects.
//
// Ancestry: PEP 703, "Deferred Reference Counting"; CPython's Include/internal/pycore_gc.h and
// _PyObject_SetDeferredRefcount. The bias is visible in CPython as sys.getrefcount of a
// module-level function.
#pragma once

#include <cstdint>

#include "runtime/object/object.h"

namespace runtime {

class ThreadState;

// In references. Leaves room for 2^60 counted ones on top.
inline constexpr std::int64_t kDeferredBias = (std::int64_t{1} << 60) - 1;

// Thread safe; a hint unless the caller holds a reference or the world is stopped.
[[nodiscard]] inline bool is_deferred(const Object* object) {
  return has_gc_bit(object, kGcDeferred);
}

// The caller owns the object, holds a reference, and has not published it. Does nothing for an
// immortal object.
void defer(ThreadState& thread, Object* object);

// Takes the bias and a count id away, and merges. The world is stopped and no stack holds the
// object uncounted. Returns the references that are left; at 0 the caller deallocates once the
// world runs again (finalization.h).
[[nodiscard]] std::int64_t undefer_in_stopped_world(ThreadState& thread, Object* object);

}  // namespace runtime
