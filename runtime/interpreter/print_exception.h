// Writing an exception as Python does when a program ends by it.
//
// Ancestry: CPython's Lib/traceback.py and Python/pythonrun.c (print_exception); PEP 657 for the
// carets. Departures: no suggestions for misspelt names, no colours.
#pragma once

#include <string>
#include <string_view>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

// "Traceback (most recent call last):\n ... ValueError: ...\n", with causes and contexts before it.
// Exceptions on the way (a __str__ that raises) become part of the text.
[[nodiscard]] std::string format_exception(ThreadState& thread, Borrowed<Object> exception);
// The part from "  File" on, for a traceback or null.
[[nodiscard]] std::string format_traceback(ThreadState& thread, Object* traceback);
// The last line or lines: "ValueError: text\n", notes included.
[[nodiscard]] std::string format_exception_only(ThreadState& thread, Borrowed<Object> exception);

using WriteText = void (*)(void* context, std::string_view text);
void print_exception(ThreadState& thread, Borrowed<Object> exception, WriteText write,
                     void* context);

// The text behind a file name that is no file, for source lines in tracebacks ("<string>" of -c).
void remember_source(ThreadState& thread, std::string_view file, std::string_view text);
// One line, counted from 1, without its end; empty when it is not known. Reads files.
[[nodiscard]] std::string source_line(ThreadState& thread, std::string_view file, int line);

}  // namespace runtime
