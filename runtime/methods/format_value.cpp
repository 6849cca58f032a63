#include "runtime/methods/format.h"
#include "runtime/methods/format_spec.h"
#include "runtime/object/exception_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

constexpr const char kHexDigits[] = "0123456789abcdef";

void append_escaped(StrBuilder& built, CodePoint code_point) {
  const unsigned digits = code_point < 0x100 ? 2 : code_point < 0x10000 ? 4 : 8;
  built.append(digits == 2 ? "\\x" : digits == 4 ? "\\u" : "\\U");
  for (unsigned i = digits; i-- > 0;) {
    built.append(static_cast<CodePoint>(kHexDigits[code_point >> (4 * i) & 0xF]));
  }
}

}  // namespace

Result<Ref<Str>> format_value(ThreadState& thread, Borrowed<Object> object, Borrowed<Str> spec) {
  if (object->type == &str_type) return format_str(thread, object, *spec);
  if (object->type == &int_type) return format_int(thread, object, *spec);
  if (object->type == &float_type) return format_float(thread, object, *spec);
  TRY_ASSIGN(Method method, find_special(thread, object, "__format__"));
  if (!method.function) {
    if (spec->length == 0) return str_of(thread, object);
    return raise(thread, type_error_type, "unsupported format string passed to {}.__format__",
                 type_name(object));
  }
  const Borrowed<Object> argument[] = {spec};
  TRY_ASSIGN(Ref<Object> text, call_method(thread, method, argument));
  if (!is_str(*text)) {
    return raise(thread, type_error_type, "__format__ must return a str, not {}", type_name(text));
  }
  return Ref<Str>::share(thread, as_str(text));
}

Result<Ref<Str>> ascii_of(ThreadState& thread, Borrowed<Object> object) {
  TRY_ASSIGN(Ref<Str> text, repr_of(thread, object));
  if (text->is_ascii) return text;
  StrBuilder built(thread);
  for (std::int64_t i = 0; i < text->length; ++i) {
    const CodePoint code_point = text->at(i);
    if (code_point < 0x80) {
      built.append(code_point);
    } else {
      append_escaped(built, code_point);
    }
  }
  return built.finish();
}

}  // namespace runtime
