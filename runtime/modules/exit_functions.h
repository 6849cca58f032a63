// What atexit has registered, for who ends the runtime.
#pragma once

#include "runtime/threads/thread_state.h"

namespace runtime {

// Calls them, newest first; what they raise is reported. Nothing if atexit was never imported.
void run_exit_functions(ThreadState& thread);

}  // namespace runtime
