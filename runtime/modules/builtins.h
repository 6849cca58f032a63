// The parts of the module builtins: its functions by topic.
#pragma once

#include <span>

#include "runtime/types/native.h"

namespace runtime {

[[nodiscard]] std::span<const NativeMethod> number_builtins();  // abs, divmod, pow, round, hex ...
[[nodiscard]] std::span<const NativeMethod>
iteration_builtins();  // iter, next, sum, sorted, min ...
[[nodiscard]] std::span<const NativeMethod> attribute_builtins();  // getattr, isinstance, dir ...
[[nodiscard]] std::span<const NativeMethod> code_builtins();    // compile, exec, eval, globals ...
[[nodiscard]] std::span<const NativeMethod> output_builtins();  // print, input, open

// callable_iterator: what iter(callable, sentinel) makes.
Result<Done> open_callable_iterator(ThreadState& thread);

}  // namespace runtime
