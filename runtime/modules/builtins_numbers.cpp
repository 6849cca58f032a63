// Builtins of numbers and characters.
#include <string>

#include "runtime/methods/format.h"
#include "runtime/modules/builtins.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/float_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

Result<Ref<Object>> builtin_abs(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  return unary(thread, arguments.at(0), UnaryOp::kAbsolute);
}

Result<Ref<Object>> builtin_divmod(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  return binary(thread, arguments.at(0), arguments.at(1), BinaryOp::kDivideModulo);
}

Result<Ref<Object>> builtin_pow(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  if (!arguments.has(2) || is_none(arguments[2])) {
    return binary(thread, arguments.at(0), arguments.at(1), BinaryOp::kPower);
  }
  for (unsigned i = 0; i < 3; ++i) {
    if (!is_int(*arguments.at(i))) {
      if (is_float(*arguments.at(i))) {
        return raise(thread, type_error_type,
                     "pow() 3rd argument not allowed unless all arguments are integers");
      }
      return raise(
          thread, type_error_type, "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'",
          type_name(arguments.at(0)), type_name(arguments.at(1)), type_name(arguments.at(2)));
    }
  }
  return int_power_modulo(thread, as_int(arguments.at(0)), as_int(arguments.at(1)),
                          as_int(arguments.at(2)));
}

Result<Ref<Object>> builtin_round(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  TRY_ASSIGN(Method method, find_special(thread, arguments.at(0), "__round__"));
  if (!method.function) {
    return raise(thread, type_error_type, "type {} doesn't define __round__ method",
                 type_name(arguments.at(0)));
  }
  if (!arguments.has(1) || is_none(arguments[1])) return call_method(thread, method, {});
  const Borrowed<Object> digits[] = {arguments.at(1)};
  return call_method(thread, method, Arguments(digits));
}

Result<Ref<Object>> in_base(ThreadState& thread, Borrowed<Object> object, int base,
                            std::string_view prefix) {
  TRY_ASSIGN(Ref<Object> index, index_of(thread, object));
  TRY_ASSIGN(std::string digits, int_to_text(thread, *as_int(index), base));
  const bool is_negative = digits.starts_with('-');
  std::string text = is_negative ? "-" : "";
  text += prefix;
  text += is_negative ? digits.substr(1) : digits;
  return new_str(thread, text);
}

Result<Ref<Object>> builtin_bin(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  return in_base(thread, arguments.at(0), 2, "0b");
}
Result<Ref<Object>> builtin_oct(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  return in_base(thread, arguments.at(0), 8, "0o");
}
Result<Ref<Object>> builtin_hex(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  return in_base(thread, arguments.at(0), 16, "0x");
}

Result<Ref<Object>> builtin_chr(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t code, checked_index_of(thread, arguments.at(0), overflow_error_type));
  if (code < 0 || code > std::int64_t{kGreatestCodePoint}) {
    return raise(thread, value_error_type, "chr() arg not in range(0x110000)");
  }
  return new_str(thread, static_cast<CodePoint>(code));
}

Result<Ref<Object>> builtin_ord(ThreadState& thread, Borrowed<Object>,
                                const BoundArguments& arguments) {
  const Borrowed<Object> object = arguments.at(0);
  std::int64_t length = 0;
  if (is_str(*object)) {
    length = as_str(object)->length;
    if (length == 1) return new_int(thread, as_str(object)->at(0));
  } else if (is_bytes(*object)) {
    length = as_bytes(object)->length;
    if (length == 1) return new_int(thread, static_cast<std::uint8_t>(as_bytes(object)->data()[0]));
  } else {
    return raise(thread, type_error_type, "ord() expected string of length 1, but {} found",
                 type_name(object));
  }
  return raise(thread, type_error_type, "ord() expected a character, but string of length {} found",
               length);
}

Result<Ref<Object>> builtin_hash(ThreadState& thread, Borrowed<Object>,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t hash, hash_of(thread, arguments.at(0)));
  return new_int(thread, hash);
}

Result<Ref<Object>> builtin_id(ThreadState& thread, Borrowed<Object>,
                               const BoundArguments& arguments) {
  return new_int_unsigned(thread, reinterpret_cast<std::uintptr_t>(arguments[0]));
}

Result<Ref<Object>> builtin_repr(ThreadState& thread, Borrowed<Object>,
                                 const BoundArguments& arguments) {
  return repr_of(thread, arguments.at(0));
}
Result<Ref<Object>> builtin_ascii(ThreadState& thread, Borrowed<Object>,
                                  const BoundArguments& arguments) {
  return ascii_of(thread, arguments.at(0));
}

Result<Ref<Object>> builtin_format(ThreadState& thread, Borrowed<Object>,
                                   const BoundArguments& arguments) {
  if (!arguments.has(1)) return format_value(thread, arguments.at(0), empty_str());
  if (!is_str(*arguments.at(1))) {
    return raise(thread, type_error_type, "format() argument 2 must be str, not {}",
                 type_name(arguments.at(1)));
  }
  return format_value(thread, arguments.at(0), as_str(arguments.at(1)));
}

constexpr NativeMethod kFunctions[] = {
    {"abs(x, /)", &builtin_abs, "The distance from zero."},
    {"divmod(x, y, /)", &builtin_divmod},
    {"pow(base, exp, mod?)", &builtin_pow},
    {"round(number, ndigits?)", &builtin_round},
    {"bin(number, /)", &builtin_bin},
    {"oct(number, /)", &builtin_oct},
    {"hex(number, /)", &builtin_hex},
    {"chr(i, /)", &builtin_chr},
    {"ord(c, /)", &builtin_ord},
    {"hash(obj, /)", &builtin_hash},
    {"id(obj, /)", &builtin_id},
    {"repr(obj, /)", &builtin_repr},
    {"ascii(obj, /)", &builtin_ascii},
    {"format(value, format_spec?, /)", &builtin_format},
};

}  // namespace

std::span<const NativeMethod> number_builtins() { return kFunctions; }

}  // namespace runtime
