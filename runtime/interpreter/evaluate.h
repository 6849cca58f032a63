// Running code.
//
// Ancestry: CPython's PyEval_EvalCode and _PyEval_Vector (Python/ceval.c).
#pragma once

#include "runtime/interpreter/frame.h"
#include "runtime/object/protocol.h"
#include "runtime/object/result.h"

namespace runtime {

struct Dict;
struct FunctionObject;

// Runs the code of a module, of a class body, of an expression. `locals` is any mapping; null:
// `globals`. `globals` gets `__builtins__` if it has none. TypeError when the code has free variables.
Result<Ref<Object>> run_code(ThreadState& thread, Borrowed<Code> code, Borrowed<Dict> globals,
                             Object* locals);

// function(*arguments), of a function that a program has defined.
Result<Ref<Object>> call_function(ThreadState& thread, Borrowed<FunctionObject> function,
                                  const CallArguments& arguments);

// -- below the loop --
// Runs the current frame, which returns to native code, or goes on in it with an exception. What it
// returns; or, of a generator's frame, yields (InterpreterOfThread::has_yielded).
Result<Ref<Object>> run_frame(ThreadState& thread, Frame* frame, Ref<Object> thrown = nullptr);

}  // namespace runtime
