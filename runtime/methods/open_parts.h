// The parts of open_methods(), a file each.
#pragma once

#include "runtime/methods/arguments.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native.h"

namespace runtime {

Result<Done> open_str(ThreadState& thread);
Result<Done> open_int(ThreadState& thread);  // and bool
Result<Done> open_float(ThreadState& thread);
Result<Done> open_list(ThreadState& thread);
Result<Done> open_tuple(ThreadState& thread);
Result<Done> open_dict(ThreadState& thread);
Result<Done> open_dict_views(ThreadState& thread);
Result<Done> open_set(ThreadState& thread);  // and frozenset
Result<Done> open_range(ThreadState& thread);
Result<Done> open_slice(ThreadState& thread);
Result<Done> open_iterators(ThreadState& thread);           // those that iter() and reversed() make
Result<Done> open_iterator_functions(ThreadState& thread);  // enumerate, zip, map, filter, reversed
Result<Done> open_bytes(ThreadState& thread);
Result<Done> open_bytearray(ThreadState& thread);

// (iter, (object,), place) as `__reduce__` of iterators answers; a negative `place`: without it.
Result<Ref<Object>> reduced_to_iter(ThreadState& thread, Borrowed<Object> object,
                                    std::int64_t place);
// The built-in function iter() of one argument.
Result<Ref<Object>> iter_function(ThreadState& thread);

// What derived types have of a constructor that has no say of its own.
NativeBody make_empty;  // an empty instance; arguments are for __init__

}  // namespace runtime
