// One byte and one half-word of every object, in both builds: what kind of object it is, and what
// the collector knows of it.
#pragma once

#include <cstdint>

namespace runtime {

// One bit each of Object::flags.
enum ObjectFlag : std::uint16_t {
  kStaticObject = 1 << 0,   // lies outside the object heap and is never freed; always immortal
  kThreadCounted = 1 << 1,  // begins with a ThreadCounted (per_thread_counts.h)
  kFirstTypeFlag = 1 << 8   // this bit and those above belong to the object's type
};

// One bit each of Object::gc_bits. Read by anybody (a hint, relaxed). Written by plain load and
// store, so two writers of different bits could lose one: write only before publication, under the
// object's lock, when nobody else holds a reference, or in a stopped world.
enum GcBit : std::uint8_t {
  kGcTracked = 1 << 0,      // complete, and the collector may visit it
  kGcFinalized = 1 << 1,    // the finalizer has run and will not run again
  kGcUnreachable = 1 << 2,  // the collector's, inside a collection
  kGcFrozen = 1 << 3,       // the collector leaves it alone
  kGcShared = 1 << 4,       // has been read by a thread other than its owner
  kGcDeferred = 1 << 5  // counted with a bias, references from stacks are not counted (deferred.h)
};

}  // namespace runtime
