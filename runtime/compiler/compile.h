// Source text -> code, or the SyntaxError that says why not.
//
// Parses (syntax/parse.h), finds out what each name means (scope.h), generates instructions (generator.h), and verifies
// every code object that it hands out. Runs no code of the program but what `warn` runs.
//
// Constants of one code object are merged by type and value. In free-threaded builds they are shared by all code of the
// runtime and immortal (constants.h), unless the caller expects to throw the code away.
//
// Ancestry: CPython's Python/compile.c, codegen.c and symtable.c; https://docs.python.org/3/library/functions.html#compile.
#pragma once

#include <string_view>

#include "runtime/compiler/code_object.h"
#include "runtime/syntax/parse.h"

namespace runtime {

enum class CompileMode : std::uint8_t {
  kModule,
  kExpression,
  kInteractive
};  // "exec", "eval", "single"

// Immortal constants are never freed: of import, exec() and the main program, as CPython has it, but not of compile() and
// eval(). In the GIL build both are mortal.
enum class ConstantLife : std::uint8_t { kImmortal, kMortal };

// A warning that the parser or the compiler has; an exception stops the compilation.
struct WarningReceiver {
  Result<Done> (*receive)(ThreadState& thread, void* context, syntax::WarningKind kind,
                          std::string_view message, Borrowed<Str> file_name, int line) = nullptr;
  void* context = nullptr;
};

struct CompileOptions {
  syntax::SourceKind source_kind = syntax::SourceKind::kText;
  ConstantLife constants = ConstantLife::kImmortal;
  bool future_annotations =
      false;  // as if the text began with `from __future__ import annotations`
  // -O: 0 nothing, 1 leaves out assert and makes __debug__ false, 2 leaves out docstrings too.
  int optimization = 0;
  WarningReceiver warnings = {};  // none: warnings are lost
};

// The code is verified. SyntaxError, IndentationError, TabError with (message, (file, line, offset, text, end_line,
// end_offset)); ValueError, MemoryError, RecursionError.
Result<Ref<Code>> compile(ThreadState& thread, std::string_view source, Borrowed<Str> file_name,
                          CompileMode mode, const CompileOptions& options = {});

// The exception for a problem that the parser found, for who parses without compiling.
[[nodiscard]] Raised raise_problem(ThreadState& thread, const syntax::SyntaxProblem& problem,
                                   Borrowed<Str> file_name);

}  // namespace runtime
