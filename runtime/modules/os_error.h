// OSError from errno: the class that the number stands for, the text of the system, the file.
//
// Ancestry: PEP 3151; CPython's PyErr_SetFromErrnoWithFilenameObject.
#pragma once

#include <string_view>

#include "runtime/object/result.h"
#include "runtime/object/str_object.h"

namespace runtime {

// OSError(number, strerror(number), file name), as a program's call of OSError would make it: a
// FileNotFoundError for ENOENT and so on. An empty `file` leaves it out.
[[nodiscard]] Raised raise_os_error(ThreadState& thread, int number, std::string_view file = {});

// A path as the system wants it: of a str (surrogates as they stand) or bytes; TypeError, and
// ValueError "embedded null byte".
Result<std::string> path_of(ThreadState& thread, Borrowed<Object> object);

}  // namespace runtime
