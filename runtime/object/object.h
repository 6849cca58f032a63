// The header of an object: who counts it, who changes it, what it is.
//
// Every object begins with it, so its size is paid by every int and every float. The two builds
// (base/build.h) pay for different things: one for a count and a type, the other also for what
// threads without a GIL need to know of an object before they own it. This file is the front: flags
// and the collector's bits, which both have; the structure stands in free_threaded_header.h and
// gil_header.h.
//
// Not here: what the counts mean (refcount.h), what a type can do (type.h), how an object ends
// (finalization.h).
//
// Ancestry: CPython's Include/object.h, which has the same two structures.
#pragma once

#if HEDDLE_GIL
#include "runtime/object/gil_header.h"
#else
#include "runtime/object/free_threaded_header.h"
#endif

namespace runtime {

[[nodiscard]] inline bool has_gc_bit(const Object* object, GcBit bit) {
  return (object->gc_bits.load_relaxed() & bit) != 0;  // a hint, or the caller is the only writer
}

// For who may write them, see GcBit.
inline void set_gc_bit(Object* object, GcBit bit) {
  object->gc_bits.store_relaxed(static_cast<std::uint8_t>(object->gc_bits.load_relaxed() | bit));
}
inline void clear_gc_bit(Object* object, GcBit bit) {
  object->gc_bits.store_relaxed(static_cast<std::uint8_t>(object->gc_bits.load_relaxed() & ~bit));
}

}  // namespace runtime
