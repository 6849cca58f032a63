// Opens the built-in types: what a program finds in int, str, list and the others.
//
// The floors below make these objects and know what the operators do with them; here stand their
// constructors and methods, one table per type, each a file of its own.
//
// Not here: object, type, property and what else the floor of types opens itself; functions of the
// module builtins.
//
// Ancestry: https://docs.python.org/3/library/stdtypes.html.
#pragma once

#include "runtime/object/result.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

// Once per runtime, by its first thread, after the basic types were opened.
Result<Done> open_methods(ThreadState& thread);

}  // namespace runtime
