// The types of `_functools`: partial, keys made of comparison functions, caches.
//
// Ancestry: https://docs.python.org/3/library/functools.html; CPython's Modules/_functoolsmodule.c.
#pragma once

#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"
#include "runtime/types/native.h"

namespace runtime {

extern Type partial_type;
extern Type comparison_key_type;  // functools.KeyWrapper
extern Type cache_wrapper_type;   // functools._lru_cache_wrapper

// cmp_to_key(mycmp).
Result<Ref<Object>> make_comparison_key(ThreadState& thread, Borrowed<Object> module,
                                        const BoundArguments& arguments);

}  // namespace runtime
