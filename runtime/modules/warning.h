// Warnings from C++: what `warnings.warn` does, for functions that are not written in Python.
//
// The module `warnings` is Python; it decides by its filters whether a warning is shown, forgotten, or
// raised as an exception. So C++ asks it, and imports it if need be.
//
// Ancestry: CPython's PyErr_WarnEx (Python/_warnings.c); https://docs.python.org/3/library/warnings.html.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

// `category`: a type derived from Warning. `stack_level`: 1 is the function of the program that is
// running, 2 its caller. Raises the warning if the filters say "error".
Result<Done> warn(ThreadState& thread, Type& category, std::string_view text,
                  std::int64_t stack_level = 1);

}  // namespace runtime
