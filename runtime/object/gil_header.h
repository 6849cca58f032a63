// The header of the GIL build: a count and a type.
//
// Only the holder of the GIL touches objects, so nothing here needs an order, an owner or a lock: a
// count of four bytes, the flags, the collector's bits, the type, sixteen bytes in all. The
// collector's working count stands before the header, and only before objects that the collector
// visits, which have a word there that others do not pay for.
//
// Ancestry: CPython's PyObject and PyGC_Head without Py_GIL_DISABLED. Departure: the collector finds
// its objects in their pages, so the word needs no links; sixteen bytes it has all the same, because
// blocks are aligned to them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/object/object_flags.h"

namespace runtime {

struct Type;

struct Object {
  std::uint32_t count = 0;  // of references; kImmortalLocal for ever in an immortal object
  // These two as in the free-threaded build, which has need of atomics.
  Atomic<std::uint16_t> flags;
  Atomic<std::uint8_t> gc_bits;
  Type* type = nullptr;

  constexpr Object() = default;
  // A static object: immortal from the beginning, written by nobody.
  constexpr explicit Object(Type* its_type)
      : count(0xFFFFFFFFu), flags(kStaticObject), type(its_type) {}

  Object(const Object&) = delete;
  Object& operator=(const Object&) = delete;
};

inline constexpr std::size_t kHeaderSize = 16;
static_assert(sizeof(Object) == kHeaderSize);
static_assert(offsetof(Object, count) == 0);
static_assert(offsetof(Object, type) == 8);

// Before each object of the collected heap.
struct alignas(16) GcWord {
  std::uint32_t working_count;
};
inline constexpr std::size_t kCollectedPrefix = sizeof(GcWord);

// The collector's working count. Only of objects of the collected heap: static ones have none.
[[nodiscard]] inline std::uint32_t& gc_working_count(Object* object) {
  return (reinterpret_cast<GcWord*>(object) - 1)->working_count;
}

}  // namespace runtime
