// A Python program under the deterministic scheduler: heddle-python of the scheduled build.
//
// The program runs as one execution of the scheduler: its threads are fibers, and at each operation
// that another thread could notice the strategy says who goes on, drawn from the seed. So the same
// seed gives the same output, bit for bit, and a program that fails once fails every time it is run
// with that seed. A deadlock, a broken law or a race is reported with its sentence and place.
//
// Not a search: kernel_explore does that, for scenarios.
#pragma once

#include "runtime/heddle_python/command_line.h"

namespace runtime {

// The exit status of `program`; 3 if the execution failed, after saying why on standard error.
int run_scheduled(const CommandLine& command, int (*program)(const CommandLine& command));

}  // namespace runtime
