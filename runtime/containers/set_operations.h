// Sets with one another: union, intersection, difference, comparison.
//
// Where the other operand is a set, both are locked at once, what is needed of one of them is copied
// with a reference to each member, and only then members are compared. So an operation sees both
// sets as they were at one moment, and foreign code that runs meanwhile (which suspends the sections)
// may change either of them: the copy does not change, and a lookup notices. Where the other
// operand is anything else that can be iterated, no lock is held across a step of its iterator.
//
// Every operation with a suffix `_update` changes the set itself; that of a frozenset does not exist.
//
// Ancestry: CPython's Objects/setobject.c. Departure: copies; there the other table is walked
// directly, and each step asks whether it is still the same.
#pragma once

#include "runtime/containers/set_object.h"

namespace runtime {

// `other` is anything iterable: TypeError "'int' object is not iterable".
Result<Done> set_update(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other);
Result<Done> set_intersection_update(ThreadState& thread, Borrowed<Set> set,
                                     Borrowed<Object> other);
Result<Done> set_difference_update(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other);
Result<Done> set_symmetric_difference_update(ThreadState& thread, Borrowed<Set> set,
                                             Borrowed<Object> other);

// A new set, or a frozenset if `set` is one.
Result<Ref<Set>> set_union(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other);
Result<Ref<Set>> set_intersection(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other);
Result<Ref<Set>> set_difference(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other);
Result<Ref<Set>> set_symmetric_difference(ThreadState& thread, Borrowed<Set> set,
                                          Borrowed<Object> other);

Result<bool> set_is_disjoint(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other);
Result<bool> set_is_subset(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other);
Result<bool> set_is_superset(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other);
Result<bool> set_is_proper_subset(ThreadState& thread, Borrowed<Set> set, Borrowed<Set> other);
Result<bool> set_equals(ThreadState& thread, Borrowed<Set> set, Borrowed<Set> other);

}  // namespace runtime
