// What super() without arguments stands for: the class in whose body the running function was
// written, and the first argument of the call.
//
// Ancestry: CPython's super_init_without_args (Objects/typeobject.c).
#pragma once

#include "runtime/types/types.h"

namespace runtime {

// RuntimeError "super(): no arguments", "super(): __class__ cell not found" and the like.
Result<SuperArguments> super_arguments(ThreadState& thread);

}  // namespace runtime
