// sys.stdin, sys.stdout, sys.stderr, for who writes from C++.
#pragma once

#include <string_view>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

// sys.<name> as it is now; null: it was deleted.
Result<Ref<Object>> standard_stream(ThreadState& thread, std::string_view name);

// Writes to sys.stderr, or to the descriptor 2 when there is none or it raises. Never raises.
void write_to_stderr(ThreadState& thread, std::string_view text);

// Flushes sys.stdout and sys.stderr; exceptions are dropped. False: something could not be written.
bool flush_standard_streams(ThreadState& thread);

}  // namespace runtime
