// An execution for the eye: one line per operation, one column per thread.
#pragma once

#include <string>

#include "runtime/base/scheduler.h"

namespace runtime {

// The last `limit` operations of a recorded execution.
std::string trace_text(const machine::ExecutionResult& result, std::size_t limit = 100);

}  // namespace runtime
