// One program of a container under the scheduler: from bytes to what is wrong, as text.
//
// Each run has a kernel of its own, so that a run depends on nothing but its bytes. The container is
// made by the first thread of the program, which owns its objects then, or, for kinds of 64 and more, by
// the thread that starts the others. When all have ended the container is looked at once more, and
// everything is taken apart: what is left is a leak.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "fuzz/programs/container.h"

namespace fuzzing {

struct RunOptions {
  bool record = false;  // the trace of the schedule belongs to the text
};

// "" when nothing is wrong. Otherwise the sentence that was broken, the program as columns with its
// answers, and the schedule. Deterministic.
std::string run_scheduled(const ContainerKind& kind, std::span<const std::uint8_t> bytes,
                          const RunOptions& options = {});

// Scheduling points of the last run.
unsigned points_of_last_run();
// For a report that ends the process (AddressSanitizer's): the program that is running, as columns.
std::string running_program_text();

}  // namespace fuzzing
