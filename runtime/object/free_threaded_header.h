// The free-threaded header: everything that somebody without a lock may want to know, at a fixed
// offset.
//
// A free-threaded runtime reads objects that other threads are changing, and now and then one that
// has just been freed. So each object begins with the same 32 bytes: who owns it, how many
// references its owner holds, how many the others hold, a lock of one byte, one byte for the
// collector, its type. The first 24 bytes stay a header after the object is freed (law 2): a reader
// with a stale pointer may still try to increment there and must find that it cannot. Only the type
// word, which nobody reads before he has counted, is given to the free list. Containers do not grow
// by this: the header has the size of an ordinary object header with the collector's links in front
// of it.
//
// Ancestry: PEP 703, "Reference Counting" and the object header given there; CPython's
// Include/object.h. Departures: the owner is a number that is never used again, not the address of
// a thread, so an owner that has ended cannot be mistaken for a new thread; that leaves four bytes,
// so the collector needs not borrow the owner word for its working count.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/object/object_flags.h"
#include "runtime/threads/mutex.h"

namespace runtime {

struct Type;

struct Object {
  // The serial of the thread that counts in `local`; 0 once the two counts are merged (and for
  // immortal objects). Written by the owner, for a dead owner by whoever merges, or in a stopped
  // world.
  Atomic<std::uint32_t> owner;
  // The collector's working count. Plain: touched in a stopped world only.
  std::uint32_t gc_scratch = 0;
  Atomic<std::uint16_t> flags;
  Mutex mutex;
  Atomic<std::uint8_t> gc_bits;
  // References counted by the owner; kImmortalLocal for ever in an immortal object. Written by
  // whoever may write `owner`.
  Atomic<std::uint32_t> local;
  // References counted by everybody else, and two bits of state: biased_refcount.h.
  Atomic<std::int64_t> shared;
  // Set before publication; changes only in a stopped world.
  Type* type = nullptr;

  constexpr Object() = default;
  // A static object: immortal from the beginning, written by nobody.
  constexpr explicit Object(Type* its_type)
      : flags(kStaticObject), local(0xFFFFFFFFu), type(its_type) {}

  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
};

inline constexpr std::size_t kHeaderSize = 32;
// Of a freed object these bytes stay as they were until the block is used again (law 2).
inline constexpr std::size_t kHeaderKeptAfterFree = 24;

static_assert(sizeof(Object) == kHeaderSize);
static_assert(sizeof(Mutex) == 1);
static_assert(offsetof(Object, owner) == 0);
static_assert(offsetof(Object, gc_scratch) == 4);
static_assert(offsetof(Object, flags) == 8);
static_assert(offsetof(Object, mutex) == 10);
static_assert(offsetof(Object, gc_bits) == 11);
static_assert(offsetof(Object, local) == 12);
static_assert(offsetof(Object, shared) == 16);
static_assert(offsetof(Object, type) == kHeaderKeptAfterFree);

// Nothing stands before a collected object.
inline constexpr std::size_t kCollectedPrefix = 0;

// The collector's working count.
[[nodiscard]] inline std::uint32_t& gc_working_count(Object* object) { return object->gc_scratch; }

}  // namespace runtime
