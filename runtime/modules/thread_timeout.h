// How long a thread is willing to wait, as programs say it: seconds, as an int or a float.
//
// Ancestry: CPython's lock_acquire_parse_timeout (Modules/_threadmodule.c) and _PyTime_FromSecondsObject
// (Python/pytime.c).
#pragma once

#include "runtime/base/atomic.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

struct Object;

// threading.TIMEOUT_MAX, in seconds.
inline constexpr double kGreatestTimeout = 9223372036.0;

// Rounded away from zero. TypeError; ValueError for NaN; OverflowError.
Result<Nanoseconds> nanoseconds_of(ThreadState& thread, Borrowed<Object> seconds);

// now() plus that; kForever if it lies beyond what can be said.
[[nodiscard]] Nanoseconds deadline_after(Nanoseconds nanoseconds);

// The arguments `blocking` and `timeout` of acquire(); null: not given. As a deadline: 0 for one try,
// kForever. ValueError, OverflowError.
Result<Nanoseconds> acquire_deadline(ThreadState& thread, Object* blocking, Object* timeout);

}  // namespace runtime
