// Which exception is being handled: sys.exc_info().
//
// Each `except` block makes its exception the handled one and restores the one before at its end. A
// generator takes its handled exceptions along when it is suspended and has its own place for them;
// so the places form a chain, newest first, and what is handled is what the first non-empty place
// holds.
//
// Ancestry: CPython's _PyErr_StackItem and _PyErr_GetTopmostException (Python/errors.c).
#pragma once

#include "runtime/object/ref.h"

namespace runtime {

// Of one thread, or of one generator, which belongs to the thread that executes it.
struct HandledException {
  Object* exception;         // owned; null: none here
  HandledException* before;  // of whoever called
};

// The exception that this thread handles now; null: none.
[[nodiscard]] Ref<Object> handled_exception(ThreadState& thread);

}  // namespace runtime
