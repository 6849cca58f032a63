// Static variables under the scheduler: what one execution did to them, the next one does not find.
//
// Exploration repeats a scenario within one process and abandons most repetitions in the middle.
// Memory of the heap begins anew each time (scheduled_memory.h); a static type that is still locked,
// or refers to a body of the execution before, or a static string whose hash is known by now, would
// make the same schedule do something else. So the floors above base are compiled with this header
// in front of every file (cmake/floors.cmake): it puts the writable static variables that follow
// into two sections of their own, of which the scheduler takes a picture before the first execution
// and which it restores before every other one. What must survive, the scheduler itself, stands in
// headers that are included here, before the pragma, or in base.
//
// Not for static variables inside functions with initializers that run on the first call: the flag
// that says whether they ran stays outside of the sections. The floors have none; such a value is
// made before main. Scheduled builds only, which are built with clang.
#pragma once

#include "runtime/base/atomic.h"
#include "runtime/base/scenario.h"

#pragma clang section bss = "heddle_static_zeros" data = "heddle_static_values"
