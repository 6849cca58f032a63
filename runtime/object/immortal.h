// Immortal objects: None, small ints, interned strings, constants, static types are never freed, so
// never counted.
//
// A popular object would be counted by every thread all the time, and every count moves its cache
// line. So an immortal object has one mark, a local count of all ones, that increment and decrement
// read before anything else; they then leave the object alone, and its line is shared by all
// caches. A static object is born so. An ordinary one is promoted: the mark is written last,
// threads that have not seen it yet may still count in `shared`, and that does no harm because
// nobody will conclude anything from it. A promoted object may lie in its owner's merge queue: who
// merges looks at the mark first. A local count that grows to all ones turns its object immortal as
// well, which is better than a count that wraps.
//
// Not for objects whose death anybody waits for. Promoted objects are freed when their runtime ends
// (kernel.h).
//
// Ancestry: PEP 683; PEP 703, "Immortalization"; CPython's Objects/object.c, _Py_SetImmortal.
#pragma once

#include <cstdint>

#include "runtime/object/object.h"

namespace runtime {

class ThreadState;

inline constexpr std::uint32_t kImmortalLocal = 0xFFFFFFFFu;
// What counting the references of an immortal object says; sys.getrefcount(None) shows the same
// number in CPython 3.14.
inline constexpr std::int64_t kImmortalCount = std::int64_t{3} << 30;

// Once true for a thread, true for that thread for ever. Thread safe.
[[nodiscard]] inline bool is_immortal(const Object* object) {
#if HEDDLE_GIL
  return object->count == kImmortalLocal;
#else
  return object->local.load_relaxed() == kImmortalLocal;  // one word, written once
#endif
}

// Promotes a live object to which the caller holds a reference. True when it is immortal now.
// False, and nothing has changed, when it is counted by another thread: only its owner may write
// the mark, the caller must take a copy or stop the world (intern a copy of a foreign string, as
// CPython does). Thread safe.
[[nodiscard]] bool try_make_immortal(ThreadState& thread, Object* object);

}  // namespace runtime
