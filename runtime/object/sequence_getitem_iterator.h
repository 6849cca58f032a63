// The iterator of whatever has items but no iterator of its own: item 0, 1, 2, ... until IndexError.
//
// Asking for an item runs foreign code. The place is moved on afterwards, by compare-and-exchange,
// so that a late thread does not take it back; IndexError or StopIteration stores kExhausted whatever
// stands there, and from then on nothing is asked any more. Threads that share one may get an item
// twice or miss one.
//
// Not for str, bytes, tuple (sequence_iterator.h) and list, which have their own.
//
// Ancestry: CPython's Objects/iterobject.c (iter_iternext).
#pragma once

#include <cstdint>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct GetItemIterator : Object {
  Object* sequence;            // constant
  Atomic<std::int64_t> place;  // of the next item, or kExhausted for ever

  static constexpr std::int64_t kExhausted = -1;
};

extern Type getitem_iterator_type;  // "iterator"

// `sequence` has get_item. What get_iterator() answers for a type without `iterate`.
Result<Ref<Object>> new_getitem_iterator(ThreadState& thread, Borrowed<Object> sequence);

}  // namespace runtime
