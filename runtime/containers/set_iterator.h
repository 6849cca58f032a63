// Iterators of set and frozenset.
//
// An iterator is a place in the table, not in the set: it gives out what stands there or behind it.
// It remembers how many members there were when it began; if there are more or fewer the next step
// raises, and every step after that. A change that keeps the number is not noticed: then members may
// be skipped or given twice, but nothing that was not a member at that moment. The same if several
// threads share one iterator: to take a place is one compare-and-exchange of a word that only grows
// (shared_place.h), so no late store brings an exhausted iterator back. The place and its member are
// read without the lock, as `in` does (set_object.h). An exhausted iterator keeps its set.
//
// Ancestry: CPython's setiter_iternext (Objects/setobject.c).
#pragma once

#include <cstdint>

#include "runtime/containers/set_object.h"

namespace runtime {

struct SetIterator : Object {
  Object* set;                 // constant
  Atomic<std::int64_t> place;  // of the table; grows only; kExhausted
  Atomic<std::int64_t> used;   // members when it began; kChanged after the set was found changed
  Atomic<std::int64_t> given;  // members given out: for the length hint

  static constexpr std::int64_t kExhausted = INT64_MAX;
  static constexpr std::int64_t kChanged = -1;
};

extern Type set_iterator_type;

Result<Ref<Object>> new_set_iterator(ThreadState& thread, Borrowed<Set> set);
// iterator.__length_hint__(): how many are left; 0 when the set has changed.
[[nodiscard]] std::int64_t length_hint(const SetIterator& iterator);

}  // namespace runtime
