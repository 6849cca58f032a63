// What a program sees of a generator: send(), throw(), close(), gi_frame and the like.
//
// Ancestry: CPython's gen_methods and gen_getsetlist (Objects/genobject.c).
#pragma once

#include <span>

#include "runtime/interpreter/generator_object.h"
#include "runtime/types/native.h"

namespace runtime {

[[nodiscard]] std::span<const NativeMethod> generator_methods();
[[nodiscard]] std::span<const NativeAttribute> generator_attributes();

// A StopIteration among what was raised means that the iterator returned: a null reference, and its
// value in `*returned`.
Result<Ref<Object>> or_returned(ThreadState& thread, Result<Ref<Object>> result,
                                Ref<Object>* returned);

}  // namespace runtime
