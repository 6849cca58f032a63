// What a list takes from a built-in container in one step.
//
// `list(x)`, `a.extend(x)`, `a += x` and `a[:] = x` promise that nobody sees half of x where x is a set, a
// frozenset, a dict or a view of one: iterated item by item it could change under way, and the
// iterator would raise. So the items are copied into a tuple in one section of the container, in which
// nothing foreign runs, and the list takes all of the tuple in one section of its own. The two
// sections need not be one: what is copied was there at one moment, and comes into the list at one.
//
// Of exact types only: a subclass may iterate in its own way. Not for whoever compares or hashes the
// items (DictSnapshot, SetSnapshot).
//
// Ancestry: list_extend_set, list_extend_dict and list_extend_dictitems of CPython's
// Objects/listobject.c. Departure: a copy instead of the locks of both.
#pragma once

#include "runtime/object/object.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

// The items of an exact set, frozenset, dict (its keys) or view of a dict, all at one moment. Null:
// it is something else. MemoryError. Without a section.
Result<Ref<Tuple>> items_at_once(ThreadState& thread, Borrowed<Object> container);

}  // namespace runtime
