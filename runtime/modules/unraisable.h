// Exceptions that nobody can catch: of finalizers, of callbacks, of threads that C++ started.
//
// Ancestry: https://docs.python.org/3/library/sys.html#sys.unraisablehook; CPython's
// _PyErr_WriteUnraisableMsg.
#pragma once

#include <string_view>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

// Calls sys.unraisablehook. `where` is what it came from; `message` without its colon, empty:
// "Exception ignored in". Never raises.
void write_unraisable(ThreadState& thread, Raised raised, Object* where, std::string_view message);

// What sys.unraisablehook does when nobody has replaced it; `arguments` has its fields.
Result<Ref<Object>> show_unraisable(ThreadState& thread, Borrowed<Object> arguments);

// The hook of types.h.
void unraisable_hook(ThreadState& thread, Raised raised, Borrowed<Object> where);

}  // namespace runtime
