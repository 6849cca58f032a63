// How frames begin and end.
//
// Not an interface of the floor: for the files of the loop alone.
//
// Ancestry: CPython's _PyEvalFramePushAndInit and _PyEval_FrameClearAndPop (Python/ceval.c).
#pragma once

#include "runtime/interpreter/arguments.h"
#include "runtime/interpreter/frame.h"
#include "runtime/interpreter/frame_object.h"
#include "runtime/interpreter/function_object.h"
#include "runtime/interpreter/interpreter.h"
#include "runtime/object/result.h"

namespace runtime {

[[nodiscard]] Raised raise_too_deep(ThreadState& thread);

// A frame for a call of the function, which is the current one from now on, but does not run yet:
// parameters and variables are empty, free variables in place. Takes `function`. RecursionError,
// MemoryError.
Result<Frame*> begin_frame(ThreadState& thread, StackRef function);
// A frame for this call, complete. Takes everything, also when it raises.
Result<Frame*> begin_call(ThreadState& thread, StackRef function, const PassedArguments& passed);

// Gives up everything in the frame but its memory.
void empty_frame(ThreadState& thread, Frame& frame);
// The current frame will not run.
void abandon_frame(ThreadState& thread, Frame* frame);

// The current frame, which lies on the stack of the thread, has ended: the one before is current.
inline void leave_frame(ThreadState& thread, InterpreterOfThread& part, Frame* frame) {
  part.current = frame->previous;
  --part.depth;
  empty_frame(thread, *frame);
  part.stack.pop(frame);
}

}  // namespace runtime
