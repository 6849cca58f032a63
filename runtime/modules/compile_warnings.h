// SyntaxWarnings and DeprecationWarnings of the compiler, passed on to the module warnings.
#pragma once

#include "runtime/compiler/compile.h"

namespace runtime {

// warnings.warn_explicit(message, category, file, line), if the module warnings has been imported;
// else they are lost.
[[nodiscard]] WarningReceiver compile_warnings();

}  // namespace runtime
