// range: the numbers start, start + step, ... before stop, none of which is stored.
//
// The three numbers and the length are ints of any size, fixed when the range is made, so any thread
// reads them without a lock.
//
// Ancestry: CPython's Objects/rangeobject.c.
#pragma once

#include <cstdint>

#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Range : Object {
  // Exact ints; never null.
  Int* start;
  Int* stop;
  Int* step;  // not 0
  Int* length;
};

extern Type range_type;

[[nodiscard]] inline bool is_range(const Object& object) { return object.type == &range_type; }
[[nodiscard]] inline Borrowed<Range> as_range(Borrowed<Object> object) {
  RT_INVARIANT(is_range(*object), "what is taken for a range is one");
  return Borrowed<Range>(static_cast<Range*>(object.get()));
}

// Anything that has an index. TypeError, ValueError "range() arg 3 must not be zero".
Result<Ref<Range>> new_range(ThreadState& thread, Borrowed<Object> start, Borrowed<Object> stop,
                             Borrowed<Object> step);

// reversed(range).
Result<Ref<Object>> reversed_range(ThreadState& thread, Borrowed<Range> range);

}  // namespace runtime
