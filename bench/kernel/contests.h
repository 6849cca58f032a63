// What kernel_bench measures, one function per file.
#pragma once

#include "bench/contest/contest.h"

namespace bench {

// counts.cpp: references of owned, immortal, foreign, per-thread counted objects
void add_counts(Program& program);
// locks.cpp: the one-byte mutex
void add_locks(Program& program);
// memory.cpp: quiescent reports, the object heap
void add_memory(Program& program);
// stops.cpp: stopping the world
void add_stops(Program& program);

}  // namespace bench
