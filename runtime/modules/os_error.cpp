#include "runtime/modules/os_error.h"

#include <cstring>

#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

Raised raise_os_error(ThreadState& thread, int number, std::string_view file) {
  const auto make = [&]() -> Result<Ref<Object>> {
    TRY_ASSIGN(Ref<Int> code, new_int(thread, number));
    TRY_ASSIGN(Ref<Str> text, new_str(thread, std::strerror(number)));
    if (file.empty()) {
      const Borrowed<Object> both[] = {Borrowed<Object>(code), Borrowed<Object>(text)};
      return call(thread, Borrowed<Object>(&os_error_type), Arguments(both));
    }
    TRY_ASSIGN(Ref<Str> name, new_str(thread, file));
    const Borrowed<Object> all[] = {Borrowed<Object>(code), Borrowed<Object>(text),
                                    Borrowed<Object>(name)};
    return call(thread, Borrowed<Object>(&os_error_type), Arguments(all));
  };
  Result<Ref<Object>> made = make();
  if (made.is_raised()) return std::move(made).raised();
  return Raised(std::move(made).value());
}

Result<std::string> path_of(ThreadState& thread, Borrowed<Object> object) {
  std::string path;
  if (is_str(*object)) {
    path = utf8_of(*as_str(object));
  } else if (is_bytes(*object)) {
    path = as_bytes(object)->view();
  } else {
    TRY_ASSIGN(Method convert, find_special(thread, object, "__fspath__"));
    if (!convert.function) {
      return raise(thread, type_error_type, "expected str, bytes or os.PathLike object, not {}",
                   type_name(object));
    }
    TRY_ASSIGN(Ref<Object> converted, call_method(thread, convert, {}));
    if (!is_str(*converted) && !is_bytes(*converted)) {
      return raise(thread, type_error_type,
                   "expected {}.__fspath__() to return str or bytes, not {}", type_name(object),
                   type_name(converted));
    }
    return path_of(thread, converted);
  }
  if (path.find('\0') != std::string::npos) {
    return raise(thread, value_error_type, "embedded null byte");
  }
  return path;
}

}  // namespace runtime
