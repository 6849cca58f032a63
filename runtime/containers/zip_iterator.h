// zip: one tuple of the next items of several iterators, until the first of them ends.
//
// A zip has no state but its iterators, so several threads may share one as far as they may share
// those: which items come together is then open, but each stands in the place of its iterator, and a
// tuple that was given out never changes. The tuple that was given out last is filled again if
// nobody has it any more (tuple_object.h); while it is being filled, which runs foreign code, it is
// held, so that a step inside this step makes another one.
//
// Strict: ValueError if the iterators do not all end together.
//
// Ancestry: CPython's zip_next (Python/bltinmodule.c).
#pragma once

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Tuple;

struct ZipIterator : Object {
  Tuple* iterators;  // constant
  Tuple* result;     // constant: the tuple that is used again
  bool is_strict;
};

extern Type zip_type;

// zip(*iterables, strict=...). TypeError "'int' object is not iterable".
Result<Ref<Object>> new_zip(ThreadState& thread, Arguments iterables, bool is_strict = false);

// For map, too: iter() of each.
Result<Ref<Tuple>> iterators_of(ThreadState& thread, Arguments iterables);
// The iterator at `index` has ended before any behind it was asked. ValueError if `function` is
// strict and the others do not end here as well; else "exhausted".
Result<Ref<Object>> end_together(ThreadState& thread, const char* function, const Tuple& iterators,
                                 std::int64_t index);

}  // namespace runtime
