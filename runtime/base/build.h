// Which of Python's two builds this is: without the global interpreter lock, or with it.
//
// CPython is built in two ways from the same sources, and a program can tell them apart by the size
// of an object, by when things die, by what is immortal. So is this runtime (HEDDLE_GIL in CMake).
// What differs is chosen at compile time, in few places: the header of an object, its counts, its
// lock, and when memory that was unlinked is freed. Everything else is the same code: it asks
// functions that have two bodies.
//
// Not to be confused with a free-threaded build whose GIL was switched on at run time (threads/gil.h):
// that one keeps its headers and counts.
//
// Ancestry: CPython's --disable-gil and Py_GIL_DISABLED; PEP 703, "Build Configuration Changes".
#pragma once

namespace runtime {

inline constexpr bool kFreeThreaded = HEDDLE_GIL == 0;

}  // namespace runtime
