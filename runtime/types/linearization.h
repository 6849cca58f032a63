// The order in which attributes are looked for in a class and its bases: C3.
//
// The order of a class begins with the class; then come the orders of its bases and the bases
// themselves, merged: always the first type that stands in no other list behind another. If there is
// none, the bases contradict each other.
//
// Ancestry: https://docs.python.org/3/howto/mro.html (Michele Simionato); Barrett et al., "A Monotonic
// Superclass Linearization for Dylan" (OOPSLA 1996).
#pragma once

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/type.h"

namespace runtime {

// TypeError "Cannot create a consistent method resolution order (MRO) for bases A, B"; "duplicate base
// class A".
Result<Ref<Tuple>> linearize(ThreadState& thread, Borrowed<Type> type, Borrowed<Tuple> bases);

}  // namespace runtime
