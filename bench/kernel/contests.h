// What kernel_bench measures, one function per file.
#pragma once

#include "bench/kernel/contest.h"

namespace bench {

// void add_counts(Program& program);  // counts.cpp: references of owned, immortal, shared,
// per-thread counted objects
void add_locks(Program& program);  // locks.cpp: the one-byte mutex
// void add_memory(Program& program);  // memory.cpp: quiescent reports, the object heap
void add_stops(Program& program);  // stops.cpp: stopping the world

}  // namespace bench
