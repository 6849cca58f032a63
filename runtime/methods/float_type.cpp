// float: its constructor and methods.
#include <cmath>
#include <cstdlib>
#include <fmt/core.h>
#include <string>

#include "runtime/methods/format_spec.h"
#include "runtime/methods/numbers.h"
#include "runtime/methods/open_parts.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

double value_of(Borrowed<Object> self) { return as_float(self)->value; }

Result<Ref<Object>> float_of_type(ThreadState& thread, Type& type, double value) {
  TRY_ASSIGN(Ref<Float> exact, new_float(thread, value));
  if (&type == &float_type) return exact;
  return instance_with_value(thread, Borrowed<Type>(&type), std::move(exact));
}

Result<Ref<Object>> make_float(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  Type& type = type_argument(self);
  if (!arguments.has(0)) return float_of_type(thread, type, 0);
  Borrowed<Object> given = arguments.at(0);
  if (&type == &float_type && given->type == &float_type) return Ref<Object>::share(thread, given);
  TRY_ASSIGN(double value, float_of(thread, given));
  return float_of_type(thread, type, value);
}

Result<Ref<Object>> float_from_number(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments& arguments) {
  TRY_ASSIGN(double value, double_of(thread, arguments.at(0)));
  return float_of_type(thread, type_argument(self), value);
}

Result<Ref<Object>> float_is_integer(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  const double value = value_of(self);
  return boolean(std::isfinite(value) && std::floor(value) == value);
}

// One digit before the point, thirteen behind it.
Result<Ref<Object>> float_hex(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  const double value = value_of(self);
  if (!std::isfinite(value)) return repr_of(thread, self);
  const char* sign = std::signbit(value) ? "-" : "";
  if (value == 0) return new_str(thread, fmt::format("{}0x0.0p+0", sign));
  constexpr int kLeastExponent = -1022;
  int exponent = 0;
  double fraction = std::frexp(std::fabs(value), &exponent);
  const int shift = 1 - std::max(kLeastExponent + 1 - exponent, 0);
  fraction = std::ldexp(fraction, shift);
  exponent -= shift;
  std::string digits;
  const auto take_digit = [&] {
    const int digit = static_cast<int>(fraction);
    fraction = (fraction - digit) * 16;
    return "0123456789abcdef"[digit];
  };
  const char first = take_digit();
  for (int i = 0; i < 13; ++i) digits += take_digit();
  return new_str(thread, fmt::format("{}0x{}.{}p{:+d}", sign, first, digits, exponent));
}

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Is it [0x]digits[.digits][p[sign]digits]? The machine's library reads more than that.
bool is_hex_float(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
  std::size_t digits = 0;
  const auto skip = [&](auto&& belongs) {
    std::size_t count = 0;
    while (!text.empty() && belongs(text[0])) {
      text.remove_prefix(1);
      ++count;
    }
    return count;
  };
  digits += skip(&is_hex_digit);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    digits += skip(&is_hex_digit);
  }
  if (digits == 0) return false;
  if (text.starts_with('p') || text.starts_with('P')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (skip([](char c) { return c >= '0' && c <= '9'; }) == 0) return false;
  }
  return text.empty();
}

Result<Ref<Object>> float_fromhex(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  if (!is_str(*arguments.at(0))) {
    return raise_text(thread, type_error_type, "bad argument type for built-in operation");
  }
  const Str& given = *as_str(arguments.at(0));
  std::string text;
  bool is_valid = given.is_ascii;
  if (is_valid) text = utf8_of(given);
  const auto is_space = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && is_space(text.back())) text.pop_back();
  while (!text.empty() && is_space(text.front())) text.erase(0, 1);
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.erase(0, 1);
  std::string small = text;
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  double value = 0;
  if (small == "inf" || small == "infinity") {
    value = HUGE_VAL;
  } else if (small == "nan") {
    value = std::nan("");
  } else {
    if (!is_valid || !is_hex_float(small)) {
      return raise_text(thread, value_error_type, "invalid hexadecimal floating-point string");
    }
    if (!small.starts_with("0x")) small = "0x" + small;
    value = std::strtod(small.c_str(), nullptr);
    if (std::isinf(value)) {
      return raise_text(thread, overflow_error_type,
                        "hexadecimal value too large to represent as a float");
    }
  }
  if (is_negative) value = -value;
  Type& type = type_argument(self);
  if (&type == &float_type) return new_float(thread, value);
  TRY_ASSIGN(Ref<Float> exact, new_float(thread, value));
  const Borrowed<Object> argument[] = {exact};
  return call(thread, self, argument);
}

Result<Ref<Object>> float_ratio(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  const double value = value_of(self);
  if (std::isinf(value)) {
    return raise_text(thread, overflow_error_type, "cannot convert Infinity to integer ratio");
  }
  if (std::isnan(value)) {
    return raise_text(thread, value_error_type, "cannot convert NaN to integer ratio");
  }
  int exponent = 0;
  double fraction = std::frexp(value, &exponent);
  while (fraction != std::floor(fraction)) {
    fraction *= 2;
    --exponent;
  }
  TRY_ASSIGN(Ref<Int> numerator, new_int_from_double(thread, fraction));
  Ref<Int> denominator = shared_int(1);
  TRY_ASSIGN(Ref<Int> shift, new_int(thread, std::abs(exponent)));
  if (exponent > 0) {
    RT_TRY_ASSIGN(shifted, numerator,
                  int_operation(thread, numerator, shift, BinaryOp::kLeftShift));
  } else {
    RT_TRY_ASSIGN(shifted, denominator,
                  int_operation(thread, denominator, shift, BinaryOp::kLeftShift));
  }
  return new_tuple(thread, {numerator, denominator});
}

Result<Ref<Object>> float_itself(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  if (self->type == &float_type) return Ref<Object>::share(thread, self);
  return new_float(thread, value_of(self));
}

Result<Ref<Object>> float_round(ThreadState& thread, Borrowed<Object> self,
                                const BoundArguments& arguments) {
  const double value = value_of(self);
  if (!arguments.has(0) || is_none(arguments[0])) return round_to_int(thread, value);
  TRY_ASSIGN(std::int64_t digits, clipped_index_of(thread, arguments.at(0)));
  TRY_ASSIGN(double rounded, round_to_digits(thread, value, digits));
  return new_float(thread, rounded);
}

Result<Ref<Object>> float_trunc(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_int_from_double(thread, value_of(self));
}
Result<Ref<Object>> float_floor(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_int_from_double(thread, std::floor(value_of(self)));
}
Result<Ref<Object>> float_ceil(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_int_from_double(thread, std::ceil(value_of(self)));
}

Result<Ref<Object>> float_format(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments& arguments) {
  TRY(must_be_str(thread, arguments.at(0), "__format__", "argument"));
  return format_float(thread, self, *as_str(arguments.at(0)));
}

Result<Ref<Object>> float_getnewargs(ThreadState& thread, Borrowed<Object> self,
                                     const BoundArguments&) {
  TRY_ASSIGN(Ref<Float> value, new_float(thread, value_of(self)));
  return new_tuple(thread, {value});
}

Result<Ref<Object>> get_real(ThreadState& thread, Borrowed<Object> self) {
  return new_float(thread, value_of(self));
}
Result<Ref<Object>> get_imaginary(ThreadState& thread, Borrowed<Object>) {
  return new_float(thread, 0);
}

constexpr NativeMethod kFloatMethods[] = {
    {"is_integer()", &float_is_integer, "Is it a whole number?"},
    {"hex()", &float_hex, "As hexadecimal text."},
    {"fromhex(string, /)", &float_fromhex, "The float of hexadecimal text.", NativeKind::kOfClass},
    {"from_number(number, /)", &float_from_number, "The float of a number.", NativeKind::kOfClass},
    {"as_integer_ratio()", &float_ratio, "Two ints of which it is the quotient."},
    {"conjugate()", &float_itself, "Itself."},
    {"__round__(ndigits?, /)", &float_round, "Half to even, to so many digits."},
    {"__trunc__()", &float_trunc, "Towards zero."},
    {"__floor__()", &float_floor, "The next int below."},
    {"__ceil__()", &float_ceil, "The next int above."},
    {"__format__(format_spec, /)", &float_format, "As format() asks."},
    {"__getnewargs__()", &float_getnewargs},
};

constexpr NativeAttribute kFloatAttributes[] = {
    {"real", &get_real, nullptr, "the real part of a complex number"},
    {"imag", &get_imaginary, nullptr, "the imaginary part of a complex number"},
};

}  // namespace

Result<Done> open_float(ThreadState& thread) {
  return open_type(thread, {
                               .type = float_type,
                               .documentation = "float(x=0, /)",
                               .methods = kFloatMethods,
                               .attributes = kFloatAttributes,
                               .constructor = "float(x?, /)",
                               .make = &make_float,
                           });
}

}  // namespace runtime
