// Iterators of ranges.
//
// Where it stands is the number of numbers given out. While everything fits into 64 bits that is one
// word, moved on as in sequence_iterator.h: threads that share an iterator may get the same number,
// never one that is not in the range, and once exhausted it stays so. Else it is an int object,
// replaced under the lock of the iterator.
//
// Ancestry: CPython's rangeiter_next and longrangeiter_next (Objects/rangeobject.c).
#pragma once

#include <cstdint>

#include "runtime/object/int_object.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct RangeIterator : Object {
  std::int64_t start;
  std::int64_t step;
  std::int64_t length;
  Atomic<std::int64_t> place;  // 0 .. length; grows only
};

struct LongRangeIterator : Object {
  Int* start;
  Int* step;
  Int* length;
  Int* place;  // guarded by the object's lock
};

extern Type range_iterator_type;
extern Type long_range_iterator_type;

// Of start, start + step, ...: `length` numbers.
Result<Ref<Object>> new_range_iterator(ThreadState& thread, Borrowed<Int> start, Borrowed<Int> step,
                                       Borrowed<Int> length);
// iterator.__length_hint__().
Result<Ref<Object>> range_length_hint(ThreadState& thread, Borrowed<Object> iterator);

}  // namespace runtime
