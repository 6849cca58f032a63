// map: what a function says of the next items of several iterators, until the first of them ends.
//
// A map has no state but its iterators, so several threads may share one as far as they may share
// those. No lock is held while the function runs. Strict (3.14): as zip.
//
// Ancestry: CPython's map_next (Python/bltinmodule.c).
#pragma once

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Tuple;

struct MapIterator : Object {
  Object* function;  // constant
  Tuple* iterators;  // constant
  bool is_strict;
};

extern Type map_type;

// map(function, *iterables, strict=...). TypeError "map() must have at least two arguments." and
// "'int' object is not iterable".
Result<Ref<Object>> new_map(ThreadState& thread, Borrowed<Object> function, Arguments iterables,
                            bool is_strict = false);

}  // namespace runtime
