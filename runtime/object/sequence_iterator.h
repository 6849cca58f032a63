// Iterators of the sequences that never change: str, bytes, tuple.
//
// An iterator is a place in a sequence. Several threads may share one, and none of them locks
// (shared_place.h): they may get the same item, but none that is not in the sequence, and once
// exhausted it stays so. An exhausted iterator keeps its sequence until it ends itself: taking it
// out of the field would need a lock, as others may be reading it. In the GIL build it lets go.
//
// Not for list, whose items change: see the containers.
//
// Ancestry: CPython's tupleiter_next (Objects/tupleobject.c), unicodeiter_next, striter_next.
#pragma once

#include <cstdint>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct SequenceIterator : Object {
  Object* sequence;            // constant, but for the GIL build: null when exhausted
  Atomic<std::int64_t> place;  // of the next item; grows only
};

extern Type str_iterator_type;
extern Type bytes_iterator_type;
extern Type tuple_iterator_type;

// `type` is one of the above, `sequence` of the type that belongs to it.
Result<Ref<Object>> new_sequence_iterator(ThreadState& thread, Type& type,
                                          Borrowed<Object> sequence);
// How many items are left: iterator.__length_hint__().
[[nodiscard]] std::int64_t length_hint(const SequenceIterator& iterator);

}  // namespace runtime
