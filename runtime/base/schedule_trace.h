// An execution for the eye: one line per operation, one column per thread.
//
// What one thread does before another runs is folded into a line, and so are long stretches without
// a switch. A line of its own says where a thread was stopped although it could have gone on: these
// are the places to think about. Words that several threads touch carry the name that
// name_address() gave them, or a letter: @a is the same word wherever it stands.
#pragma once

#include <string>

#include "runtime/base/scheduler.h"

namespace runtime {

// Of a recorded execution; "" when nothing was recorded. Lines have at most 170 characters as long
// as there are at most four threads.
std::string trace_text(const machine::ExecutionResult& result);

}  // namespace runtime
