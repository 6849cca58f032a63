// What a program sees of exceptions: their attributes, their methods, how they are made and printed.
//
// Ancestry: https://docs.python.org/3/library/exceptions.html; CPython's Objects/exceptions.c.
#pragma once

#include "runtime/object/exception_object.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

// OSError(number, text, filename), of the derived type for the number. Null `filename`: none.
Result<Ref<Object>> new_os_error(ThreadState& thread, Borrowed<Object> number,
                                 Borrowed<Object> text, Object* filename);
// exception.add_note(text).
Result<Done> add_exception_note(ThreadState& thread, Borrowed<Object> exception,
                                std::string_view text);
// The type that OSError(number, ...) makes: FileNotFoundError and its like.
[[nodiscard]] Type& os_error_type_of(std::int64_t number);

Result<Done> open_exception_types(ThreadState& thread);

}  // namespace runtime
