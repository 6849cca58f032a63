// Binding: which argument becomes which parameter.
//
// The common case, as many arguments as there are parameters and no names, is two lines in calls.h.
// Here is the rest: names, defaults, *args and **kwargs, and what is said of a call that does not
// fit.
//
// Ancestry: https://docs.python.org/3/reference/expressions.html#calls; CPython's initialize_locals,
// missing_arguments and too_many_positional (Python/ceval.c).
#pragma once

#include <cstdint>
#include <string>

#include "runtime/interpreter/frame.h"
#include "runtime/interpreter/function_object.h"
#include "runtime/object/result.h"

namespace runtime {

// What a call passes. The references belong to whoever binds them: all are taken.
struct PassedArguments {
  StackRef* positional = nullptr;
  std::uint32_t positional_count = 0;
  StackRef* named = nullptr;
  Tuple* names = nullptr;  // as many as `named`; null: none

  [[nodiscard]] std::uint32_t named_count() const {
    return names == nullptr ? 0 : static_cast<std::uint32_t>(names->size);
  }
  void close_all(ThreadState& thread) const;
};

// Fills the parameters of a new frame of the function. Takes what is passed, also when it raises.
Result<Done> bind_arguments(ThreadState& thread, Frame& frame, Borrowed<FunctionObject> function,
                            const PassedArguments& passed);

// target.update(source), where source is a mapping: has keys().
Result<Done> update_from_mapping(ThreadState& thread, Borrowed<Dict> target,
                                 Borrowed<Object> source);
// The named arguments of a call that was written callee(**source) get those of `source`: TypeError
// when one is there already, or is no str, or `source` is no mapping.
Result<Done> merge_named_arguments(ThreadState& thread, Borrowed<Dict> target,
                                   Borrowed<Object> source, Borrowed<Object> callee);

// "m.f()" as messages about a call name the callee.
[[nodiscard]] std::string callee_text(ThreadState& thread, Borrowed<Object> callee);

}  // namespace runtime
