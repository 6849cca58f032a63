// reversed: the items of anything that has a length and items by index, from the last one on.
//
// The place counts the items that were given out, and only grows (shared_place.h): several threads
// may share one iterator and get the same item, but none comes back after the end. The items are
// asked for one by one, so the sequence may change meanwhile: an item that is not there any more
// ends the iteration, for good, and so does any exception. An exhausted iterator keeps its sequence.
//
// Types with a way of their own (list, range, dict and its views) are asked for it.
//
// Ancestry: CPython's reversed_next (Objects/enumobject.c).
#pragma once

#include <cstdint>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct ReversedIterator : Object {
  Object* sequence;            // constant
  std::int64_t length;         // constant: when it began
  Atomic<std::int64_t> place;  // items given out; grows only; kExhausted

  static constexpr std::int64_t kExhausted = INT64_MAX;
};

extern Type reversed_type;

// reversed(object). TypeError "'set' object is not reversible".
Result<Ref<Object>> new_reversed(ThreadState& thread, Borrowed<Object> object);
// iterator.__length_hint__(): how many are left; 0 when the sequence has become shorter than that.
Result<std::int64_t> length_hint(ThreadState& thread, const ReversedIterator& iterator);

}  // namespace runtime
