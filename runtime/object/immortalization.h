// What becomes immortal when a program starts its second thread, in the profile of 3.13t.
//
// Functions, modules, classes and code are used by all threads. CPython 3.13 did not yet have a way
// to count them cheaply, so it made them immortal as soon as there was more than one thread: those
// that existed, and those that came later. Here they are the deferred objects (deferred.h), which
// get the mark instead of the bias.
//
// Not in other profiles, and not in the GIL build.
//
// Ancestry: https://docs.python.org/3.13/howto/free-threading-python.html#immortalization; CPython
// 3.13's gc.immortalize and immortalize_visitor (Python/gc_free_threading.c).
#pragma once

#include "runtime/object/object.h"

namespace runtime {

class ThreadState;

// Before the second thread is created; later calls do nothing. Stops the world. `companion` names an
// object that shares the fate of a deferred one (the dict of a module); may be null, and give null.
void immortalize_for_second_thread(ThreadState& thread, Object* (*companion)(Object* object));

// A deferred object that is made from now on is to be immortal.
[[nodiscard]] bool immortalizes_deferred(ThreadState& thread);

}  // namespace runtime
