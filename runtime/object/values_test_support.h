// For tests, scenarios and stress: a kernel with values, and short ways to make and compare them.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/kernel.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/values.h"

namespace runtime {

// One runtime as tests want it. The calling thread is attached.
struct ValueKernel {
  explicit ValueKernel(const ValuesOptions& options = {}, const KernelOptions& kernel_options = {})
      : kernel(kernel_options), values(kernel, options) {}
  [[nodiscard]] ThreadState& here() { return kernel.first_thread(); }

  Kernel kernel;
  Values values;
};

// The value; fails the test or the schedule when something was raised instead.
template <class T>
T must(Result<T> result) {
  RT_CHECK(!result.is_raised(), "what a test is sure of does not raise");
  return std::move(result).value();
}

[[nodiscard]] inline Ref<Int> number(ThreadState& thread, std::int64_t value) {
  return must(new_int(thread, value));
}
[[nodiscard]] inline Ref<Str> text(ThreadState& thread, std::string_view utf8) {
  return must(new_str(thread, utf8));
}

// "TypeError: unhashable type: 'list'"; "" when nothing was raised.
template <class T>
[[nodiscard]] std::string raised_by(ThreadState& thread, Result<T> result) {
  if (!result.is_raised()) return "";
  Raised raised = std::move(result).raised();
  return describe(thread, raised.exception());
}

// What a result is: the repr() of its value, or what was raised.
template <class T>
[[nodiscard]] std::string told(ThreadState& thread, Result<Ref<T>> result) {
  if (result.is_raised()) return raised_by(thread, std::move(result));
  return utf8_of(*must(repr_of(thread, std::move(result).value())));
}

// What repr() writes.
[[nodiscard]] inline std::string repr(ThreadState& thread, Borrowed<Object> object) {
  return utf8_of(*must(repr_of(thread, object)));
}

}  // namespace runtime
