// The class statement: builtins.__build_class__.
//
// Ancestry: https://docs.python.org/3/reference/datamodel.html#customizing-class-creation; CPython's
// builtin___build_class__ (Python/bltinmodule.c); PEP 3115, PEP 560.
#pragma once

#include "runtime/types/native.h"

namespace runtime {

// __build_class__(function, name, /, *bases, **named).
Result<Ref<Object>> build_class(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments);

}  // namespace runtime
