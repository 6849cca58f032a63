// What the constructors of containers are called with: at most one thing, the items.
//
// Not for dict, which takes names, too.
//
// Ancestry: CPython's _PyArg_CheckPositional and _PyArg_NoKeywords (Python/getargs.c).
#pragma once

#include "runtime/object/exception_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/result.h"

namespace runtime {

// Null: nothing was given. TypeError "list expected at most 1 argument, got 2".
inline Result<Object*> positional_argument(ThreadState& thread, const char* type_name,
                                           const CallArguments& arguments) {
  if (arguments.positional.size() > 1) {
    return raise(thread, type_error_type, "{} expected at most 1 argument, got {}", type_name,
                 arguments.positional.size());
  }
  return arguments.positional.empty() ? nullptr : arguments.positional[0].get();
}

// The same where no names are known. TypeError "list() takes no keyword arguments".
inline Result<Object*> only_argument(ThreadState& thread, const char* type_name,
                                     const CallArguments& arguments) {
  if (!arguments.named.empty()) {
    return raise(thread, type_error_type, "{}() takes no keyword arguments", type_name);
  }
  return positional_argument(thread, type_name, arguments);
}

}  // namespace runtime
