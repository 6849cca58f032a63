// Code as text, for people and for tests: one line per instruction, registers by their names.
//
//   12:4   0  LOAD_GLOBAL      %0, range
//          2  CALL             %0, %0 (1)                 -> 7
// Columns: line and column in the text where they change, word, operation, operands. A local is its name, a cell its name
// in braces, temporary n is %n, a constant its repr.
#pragma once

#include <string>

#include "runtime/compiler/code_object.h"

namespace runtime {

enum class NestedCode { kLeaveOut, kShow };

// Works for code that verify() refuses, too.
[[nodiscard]] std::string disassemble(ThreadState& thread, Borrowed<Code> code,
                                      NestedCode nested = NestedCode::kLeaveOut);

}  // namespace runtime
