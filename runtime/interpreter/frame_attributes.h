// What a program sees of a frame: f_lineno, f_back, clear() and the like.
//
// Ancestry: https://docs.python.org/3/reference/datamodel.html#frame-objects; CPython's
// frame_getsetlist (Objects/frameobject.c).
#pragma once

#include <span>

#include "runtime/types/native.h"

namespace runtime {

[[nodiscard]] std::span<const NativeMethod> frame_methods();
[[nodiscard]] std::span<const NativeAttribute> frame_attributes();

}  // namespace runtime
