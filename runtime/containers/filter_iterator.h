// filter: the items of an iterator of which a function says that they are true.
//
// A filter has no state but its iterator, so several threads may share one as far as they may share
// that. One step may pass over any number of items, so it reaches a safe point for each.
//
// Ancestry: CPython's filter_next (Python/bltinmodule.c).
#pragma once

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct FilterIterator : Object {
  Object* function;  // constant; None (or bool): the item itself is asked
  Object* iterator;  // constant
};

extern Type filter_type;

// filter(function, iterable). TypeError "'int' object is not iterable".
Result<Ref<Object>> new_filter(ThreadState& thread, Borrowed<Object> function,
                               Borrowed<Object> iterable);

}  // namespace runtime
