// What native methods ask of their arguments, beyond what a signature says.
//
// Ancestry: the converters of CPython's Argument Clinic.
#pragma once

#include <cstdint>

#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/native.h"

namespace runtime {

// For declarations: `NativeBody str_find, str_count;`
using NativeBody = Result<Ref<Object>>(ThreadState& thread, Borrowed<Object> self,
                                       const BoundArguments& arguments);

// TypeError "replace() argument 1 must be str, not int"; `which` is "argument 1".
inline Result<Done> must_be_str(ThreadState& thread, Borrowed<Object> object, const char* function,
                                const char* which) {
  if (is_str(*object)) return Done{};
  return raise(thread, type_error_type, "{}() {} must be str, not {}", function, which,
               type_name(object));
}

// An index-sized number; `fallback` when it was not given.
inline Result<std::int64_t> number_argument(ThreadState& thread, Object* argument,
                                            std::int64_t fallback) {
  if (argument == nullptr) return fallback;
  return checked_index_of(thread, Borrowed<Object>(argument), overflow_error_type);
}

inline Result<bool> truth_argument(ThreadState& thread, Object* argument, bool fallback) {
  if (argument == nullptr) return fallback;
  return is_true(thread, Borrowed<Object>(argument));
}

// A start or end as in slices: clipped, None as if it was not given.
inline Result<std::int64_t> bound_argument(ThreadState& thread, Object* argument,
                                           std::int64_t fallback) {
  if (argument == nullptr || is_none(argument)) return fallback;
  if (!has_index(Borrowed<Object>(argument))) {
    return raise_text(thread, type_error_type,
                      "slice indices must be integers or None or have an __index__ method");
  }
  return clipped_index_of(thread, Borrowed<Object>(argument));
}

// The same where None is no number.
inline Result<std::int64_t> whole_bound_argument(ThreadState& thread, Object* argument,
                                                 std::int64_t fallback) {
  if (argument == nullptr) return fallback;
  if (!has_index(Borrowed<Object>(argument))) {
    return raise_text(thread, type_error_type,
                      "slice indices must be integers or have an __index__ method");
  }
  return clipped_index_of(thread, Borrowed<Object>(argument));
}

// What [start:end] means for a sequence of this length. May leave start > end.
inline void adjust_bounds(std::int64_t& start, std::int64_t& end, std::int64_t length) {
  if (end > length) {
    end = length;
  } else if (end < 0) {
    end = end + length < 0 ? 0 : end + length;
  }
  if (start < 0) start = start + length < 0 ? 0 : start + length;
}

// The type that a class method or `make` was called on.
inline Type& type_argument(Borrowed<Object> self) { return *static_cast<Type*>(self.get()); }

inline Result<Ref<Object>> none_after(Result<Done> done) {
  TRY(std::move(done));
  return none();
}
inline Result<Ref<Object>> boolean_of(Result<bool> answer) {
  if (answer.is_raised()) return std::move(answer).raised();
  return boolean(answer.value());
}
inline Result<Ref<Object>> number_of(ThreadState& thread, Result<std::int64_t> answer) {
  if (answer.is_raised()) return std::move(answer).raised();
  return new_int(thread, answer.value());
}

}  // namespace runtime
