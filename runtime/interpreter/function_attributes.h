// What a program sees of a function: __code__, __defaults__ and the like.
//
// Ancestry: https://docs.python.org/3/reference/datamodel.html#special-writable-attributes; CPython's
// func_getsetlist (Objects/funcobject.c).
#pragma once

#include <span>

#include "runtime/types/native.h"

namespace runtime {

[[nodiscard]] std::span<const NativeAttribute> function_attributes();
// types.FunctionType(code, globals, ...).
Result<Ref<Object>> make_function_object(ThreadState& thread, Borrowed<Object> type,
                                         const BoundArguments& arguments);

}  // namespace runtime
