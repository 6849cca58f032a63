// Attributes of exceptions that are details of them (exception_fields.h), as rows.
#pragma once

#include "runtime/types/exception_fields.h"
#include "runtime/types/native.h"
#include "runtime/types/types.h"

namespace runtime {

template <Borrowed<Str> (Names::*name)() const>
Result<Ref<Object>> get_detail(ThreadState& thread, Borrowed<Object> self) {
  return exception_detail(thread, self, (Names::of(thread).*name)());
}
template <Borrowed<Str> (Names::*name)() const>
Result<Done> set_detail(ThreadState& thread, Borrowed<Object> self, Object* value) {
  return set_exception_detail(thread, self, (Names::of(thread).*name)(), value);
}
template <Borrowed<Str> (Names::*name)() const>
constexpr NativeAttribute detail_row(const char* text) {
  return {text, &get_detail<name>, &set_detail<name>};
}

}  // namespace runtime
