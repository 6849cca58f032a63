// The programs of a container on real threads, one after the other, for sanitizers and for the model.
//
// One kernel and kThreads threads live as long as the process. For each program the calling thread makes
// the container, the threads attach, meet at a counter on which they spin, and go; nothing but that
// counter orders them, and it is behind them when the first operation begins. Stamps are the monotonic
// clock's; equal ones overlap. Not for tests: what is found depends on the machine's mood.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "fuzz/programs/container.h"

namespace fuzzing {

// "" when nothing is wrong; else the sentence and the program as columns.
std::string run_on_threads(const ContainerKind& kind, std::span<const std::uint8_t> bytes);
// The program that is running or was the last, as columns: for reports that end the process.
std::string program_on_threads_text();

}  // namespace fuzzing
