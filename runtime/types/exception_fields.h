// What belongs to some exceptions only: the name that an AttributeError was about, the number of an
// OSError, the place of a SyntaxError.
//
// They lie in a dict of the exception (ExceptionObject::details), made when the first is set. Here is
// how C++ raises with them.
//
// Ancestry: CPython's PyAttributeErrorObject and its like (Include/cpython/pyerrors.h).
#pragma once

#include <string_view>

#include "runtime/object/exception_object.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/str_object.h"

namespace runtime {

// The detail `name`; None: it was not set.
Result<Ref<Object>> exception_detail(ThreadState& thread, Borrowed<Object> exception,
                                     Borrowed<Str> name);
// Null removes.
Result<Done> set_exception_detail(ThreadState& thread, Borrowed<Object> exception,
                                  Borrowed<Str> name, Object* value);

// AttributeError(text) with `name` and `obj`.
[[nodiscard]] Raised raise_attribute_error(ThreadState& thread, Borrowed<Object> object,
                                           Borrowed<Str> name, std::string_view text);
// "'C' object has no attribute 'x'" and what modules and types say instead.
[[nodiscard]] Raised raise_no_attribute(ThreadState& thread, Borrowed<Object> object,
                                        Borrowed<Str> name);
// NameError(text) with `name`; `type` may be UnboundLocalError.
[[nodiscard]] Raised raise_name_error(ThreadState& thread, Type& type, Borrowed<Str> name,
                                      std::string_view text);
// ImportError(text) with `name`, and `path` unless it is null.
[[nodiscard]] Raised raise_import_error(ThreadState& thread, Type& type, Borrowed<Object> name,
                                        Object* path, std::string_view text);
// OSError(number, text, filename), of the derived type that belongs to the number. Null `filename`:
// none.
[[nodiscard]] Raised raise_os_error(ThreadState& thread, int number, Object* filename);

}  // namespace runtime
