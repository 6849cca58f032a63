// Where modules come from that are no files: rows of native_modules.def, and Python text that is
// compiled in.
#pragma once

#include "runtime/interpreter/import.h"

namespace runtime {

[[nodiscard]] ModuleFinders module_finders();

// Fills the module builtins, which the interpreter has made.
Result<Done> fill_builtins_of_interpreter(ThreadState& thread);

}  // namespace runtime
