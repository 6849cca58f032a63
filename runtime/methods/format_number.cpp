// __format__ of int, float and str.
#include <algorithm>
#include <climits>

#include "runtime/methods/format_spec.h"
#include "runtime/object/exception_object.h"

namespace runtime {

namespace {

void apply_sign(NumberText& number, char sign) {
  if (!number.sign.empty()) return;
  if (sign == '+' || sign == ' ') number.sign = std::string(1, sign);
}

Raised too_precise(ThreadState& thread) {
  return raise_text(thread, value_error_type, "precision too big");
}

Result<Ref<Str>> format_double(ThreadState& thread, double value, const FormatSpec& spec) {
  if (spec.precision > INT_MAX) return too_precise(thread);
  std::int64_t precision = spec.precision;
  char letter = static_cast<char>(spec.type);
  bool is_percentage = false;
  if (letter == 'n') letter = 'g';
  if (letter == '%') {
    letter = 'f';
    value *= 100;
    is_percentage = true;
  }
  if (precision < 0 && letter != '\0') precision = 6;
  NumberText number = text_of_double(value, letter, precision, spec.is_alternate);
  if (is_percentage) number.tail += '%';
  if (spec.has_no_negative_zero && number.is_finite && !number.sign.empty()) {
    const auto is_zeros = [](const std::string& digits) {
      return digits.find_first_not_of('0') == std::string::npos;
    };
    if (is_zeros(number.whole) && is_zeros(number.fraction)) number.sign.clear();
  }
  apply_sign(number, spec.sign);
  return lay_out_number(thread, number, spec);
}

Result<Ref<Str>> format_character(ThreadState& thread, const Int& value, const FormatSpec& spec) {
  if (spec.sign != '\0') {
    return raise_text(thread, value_error_type,
                      "Sign not allowed with integer format specifier 'c'");
  }
  if (spec.is_alternate) {
    return raise_text(thread, value_error_type,
                      "Alternate form (#) not allowed with integer format specifier 'c'");
  }
  const auto code_point = int64_of(value);
  if (!code_point.has_value()) {
    return raise_text(thread, overflow_error_type, "Python int too large to convert to C long");
  }
  if (*code_point < 0 || *code_point > kGreatestCodePoint) {
    return raise_text(thread, overflow_error_type, "%c arg not in range(0x110000)");
  }
  TRY_ASSIGN(Ref<Str> text, new_str(thread, static_cast<CodePoint>(*code_point)));
  return lay_out_text(thread, *text, 1, spec);
}

Result<Ref<Str>> format_integer(ThreadState& thread, const Int& value, const FormatSpec& spec) {
  if (spec.precision != -1) {
    return raise_text(thread, value_error_type,
                      "Precision not allowed in integer format specifier");
  }
  if (spec.has_no_negative_zero) {
    return raise_text(thread, value_error_type,
                      "Negative zero coercion (z) not allowed in integer format specifier");
  }
  if (spec.type == 'c') return format_character(thread, value, spec);
  NumberText number;
  int base = 10;
  if (spec.type == 'b') base = 2;
  if (spec.type == 'o') base = 8;
  if (spec.type == 'x' || spec.type == 'X') base = 16;
  RT_TRY_ASSIGN(text, number.whole, int_to_text(thread, value, base));
  if (number.whole[0] == '-') {
    number.whole.erase(0, 1);
    number.sign = "-";
  }
  if (spec.is_alternate && base != 10) {
    number.prefix = std::string{'0', static_cast<char>(spec.type)};
  }
  if (spec.type == 'X') {
    for (char& c : number.whole) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 0x20);
    }
  }
  apply_sign(number, spec.sign);
  return lay_out_number(thread, number, spec);
}

bool is_one_of(CodePoint type, std::string_view letters) {
  return type < 0x80 && letters.find(static_cast<char>(type)) != std::string_view::npos;
}

Raised not_in_strings(ThreadState& thread, const char* what) {
  return raise(thread, value_error_type, "{} not allowed in string format specifier", what);
}

}  // namespace

Result<Ref<Str>> format_int(ThreadState& thread, Borrowed<Object> value, const Str& text) {
  if (text.length == 0) return str_of(thread, value);
  TRY_ASSIGN(FormatSpec spec, parse_format_spec(thread, text, type_name(value), 'd', '>'));
  if (is_one_of(spec.type, "bcdoxXn")) return format_integer(thread, *as_int(value), spec);
  if (is_one_of(spec.type, "eEfFgG%")) {
    TRY_ASSIGN(double number, double_of_int(thread, *as_int(value)));
    return format_double(thread, number, spec);
  }
  return unknown_format_code(thread, spec.type, type_name(value));
}

Result<Ref<Str>> format_float(ThreadState& thread, Borrowed<Object> value, const Str& text) {
  if (text.length == 0) return str_of(thread, value);
  TRY_ASSIGN(FormatSpec spec, parse_format_spec(thread, text, type_name(value), '\0', '>'));
  const bool has_letter = text.at(text.length - 1) == spec.type;
  if ((spec.type == 0 && !has_letter) || is_one_of(spec.type, "eEfFgGn%")) {
    return format_double(thread, as_float(value)->value, spec);
  }
  return unknown_format_code(thread, spec.type, type_name(value));
}

Result<Ref<Str>> format_str(ThreadState& thread, Borrowed<Object> value, const Str& text) {
  if (text.length == 0) return str_of(thread, value);
  TRY_ASSIGN(FormatSpec spec, parse_format_spec(thread, text, type_name(value), 's', '<'));
  if (spec.type != 's') return unknown_format_code(thread, spec.type, type_name(value));
  if (spec.sign == ' ') return not_in_strings(thread, "Space");
  if (spec.sign != '\0') return not_in_strings(thread, "Sign");
  if (spec.has_no_negative_zero) return not_in_strings(thread, "Negative zero coercion (z)");
  if (spec.is_alternate) return not_in_strings(thread, "Alternate form (#)");
  if (spec.align == '=') return not_in_strings(thread, "'=' alignment");
  Borrowed<Str> string = as_str(value);
  const bool is_cut = spec.precision >= 0 && spec.precision < string->length;
  const std::int64_t length = is_cut ? spec.precision : string->length;
  return lay_out_text(thread, *string, length, spec);
}

}  // namespace runtime
