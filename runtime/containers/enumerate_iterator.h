// enumerate: the items of an iterator with their numbers.
//
// Several threads may share one. Each step first takes an item from the iterator inside, whose rules
// for sharing hold (an item may come twice, or not at all), and then a number. A number is taken by
// one compare-and-exchange, so each is given out once; which item comes with which number is open.
// Numbers beyond 64 bits are objects, and then the step that takes one holds the lock.
//
// The tuple that was given out last is used again if nobody has it any more: then nobody but its
// owner can tell (tuple_object.h), and only the thread that owns it tries.
//
// Ancestry: CPython's Objects/enumobject.c (enum_next, enum_next_long).
#pragma once

#include <cstdint>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Tuple;
struct Int;

struct EnumerateIterator : Object {
  Object* iterator;             // constant
  Tuple* result;                // constant: the tuple that is used again
  Atomic<std::int64_t> number;  // the next one; kLong: `long_number` is
  Object* long_number;          // an int; guarded by the lock; null until it is needed

  static constexpr std::int64_t kLong = INT64_MAX;
};

extern Type enumerate_type;

// enumerate(iterable, start). TypeError.
Result<Ref<Object>> new_enumerate(ThreadState& thread, Borrowed<Object> iterable,
                                  Borrowed<Object> start);
Result<Ref<Object>> new_enumerate(ThreadState& thread, Borrowed<Object> iterable);

}  // namespace runtime
