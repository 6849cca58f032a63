#include "runtime/object/float_object.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

Result<Ref<Float>> new_float(ThreadState& thread, double value) {
  Ref<Float> made = new_object<Float>(thread, float_type);
  if (!made) return raise_out_of_memory(thread);
  made->value = value;
  return made;
}

// The value modulo 2^61 - 1, as for an int: a power of two turns the bits. CPython's
// _Py_HashDouble.
std::int64_t hash_of_double(double value, const Object* identity) {
  constexpr std::uint64_t kModulus = (std::uint64_t{1} << 61) - 1;
  if (std::isinf(value)) return value > 0 ? 314159 : -314159;
  if (std::isnan(value)) {
    const auto hash =
        static_cast<std::int64_t>(std::rotr(reinterpret_cast<std::uintptr_t>(identity), 4));
    return hash == -1 ? -2 : hash;
  }
  int exponent;
  double fraction = std::frexp(std::fabs(value), &exponent);
  std::uint64_t hash = 0;
  while (fraction != 0) {
    hash = ((hash << 28) & kModulus) | hash >> (61 - 28);
    fraction *= 0x1p28;
    exponent -= 28;
    const auto chunk = static_cast<std::uint64_t>(fraction);
    fraction -= static_cast<double>(chunk);
    hash += chunk;
    if (hash >= kModulus) hash -= kModulus;
  }
  const int turn = exponent >= 0 ? exponent % 61 : 60 - (-1 - exponent) % 61;
  hash = ((hash << turn) & kModulus) | (turn == 0 ? 0 : hash >> (61 - turn));
  const auto positive = static_cast<std::int64_t>(hash);
  const std::int64_t result = value < 0 ? -positive : positive;
  return result == -1 ? -2 : result;
}

// float_repr_style 'short': the digits of std::to_chars; an exponent below 1e-4 and from 1e16 on.
std::string repr_of_double(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[32];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value),
                                     std::chars_format::scientific);
  const std::string_view text(buffer, static_cast<std::size_t>(written.ptr - buffer));
  const std::size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 1) digits += text.substr(2, e - 2);
  int exponent = 0;
  const std::size_t sign_length = text[e + 1] == '+' ? 2 : 1;
  std::from_chars(text.data() + e + sign_length, text.data() + text.size(), exponent);
  const int count = static_cast<int>(digits.size());
  std::string result = std::signbit(value) ? "-" : "";
  if (exponent < -4 || exponent >= 16) {
    result += digits[0];
    if (count > 1) result += "." + digits.substr(1);
    return result + fmt::format("e{:+03d}", exponent);
  }
  if (exponent < 0)
    return result + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  const auto whole = static_cast<std::size_t>(exponent + 1);
  if (digits.size() <= whole) {
    return result + digits + std::string(whole - digits.size(), '0') + ".0";
  }
  return result + digits.substr(0, whole) + "." + digits.substr(whole);
}

Result<double> parse_double(ThreadState& thread, Borrowed<Str> text) {
  // Without blanks around it and underscores between digits.
  std::string plain;
  std::int64_t at = 0;
  std::int64_t end = text->length;
  while (at < end && is_blank(text->at(at))) ++at;
  while (end > at && is_blank(text->at(end - 1))) --end;
  const auto is_digit = [&](std::int64_t index) {
    return index >= at && index < end && text->at(index) >= '0' && text->at(index) <= '9';
  };
  bool is_valid = at < end;
  for (std::int64_t i = at; i < end; ++i) {
    const CodePoint c = text->at(i);
    if (c == '_') {
      is_valid &= is_digit(i - 1) && is_digit(i + 1);
    } else {
      is_valid &= c < 0x80;
      plain += static_cast<char>(c | (c >= 'A' && c <= 'Z' ? 0x20 : 0));
    }
  }
  std::string_view unsigned_part = plain;
  const bool is_negative = unsigned_part.starts_with('-');
  if (is_negative || unsigned_part.starts_with('+')) unsigned_part.remove_prefix(1);
  // from_chars would take more than Python does: nan(...) and a second sign.
  const bool is_word =
      unsigned_part == "inf" || unsigned_part == "infinity" || unsigned_part == "nan";
  is_valid &= is_word ||
              (!unsigned_part.empty() &&
               (unsigned_part[0] == '.' || (unsigned_part[0] >= '0' && unsigned_part[0] <= '9')));
  double value = 0;
  if (is_valid) {
    const char* const last = unsigned_part.data() + unsigned_part.size();
    const auto read = std::from_chars(unsigned_part.data(), last, value);
    is_valid = read.ptr == last;
    // Too large or too small for a double: that leaves `value` alone; strtod rounds it.
    if (is_valid && read.ec == std::errc::result_out_of_range) {
      value = std::strtod(unsigned_part.data(), nullptr);
    }
  }
  if (!is_valid) {
    TRY_ASSIGN(Ref<Str> shown, repr_of_str(thread, text));
    return raise(thread, value_error_type, "could not convert string to float: {}",
                 utf8_of(*shown));
  }
  return is_negative ? -value : value;
}

Result<double> power_of_doubles(ThreadState& thread, double base, double exponent) {
  if (base == 0 && exponent < 0) {
    return raise(thread, zero_division_error_type, "zero to a negative power");
  }
  if (base < 0 && std::isfinite(base) && std::isfinite(exponent) &&
      exponent != std::floor(exponent)) {
    // A complex number in Python; this runtime has none.
    return raise(thread, value_error_type,
                 "negative number cannot be raised to a fractional power");
  }
  const double result = std::pow(base, exponent);
  if (std::isinf(result) && std::isfinite(base) && std::isfinite(exponent)) {
    TRY_ASSIGN(Ref<Str> message, new_str(thread, "Numerical result out of range"));
    TRY_ASSIGN(Ref<Int> number, new_int(thread, ERANGE));
    TRY_ASSIGN(Ref<Tuple> arguments, new_tuple(thread, {number, message}));
    TRY_ASSIGN(Ref<ExceptionObject> overflow,
               new_exception(thread, overflow_error_type, std::move(arguments)));
    return Raised(std::move(overflow));
  }
  return result;
}

QuotientAndRemainder divide_doubles(double left, double right) {
  double remainder = std::fmod(left, right);
  double quotient = (left - remainder) / right;
  if (remainder != 0) {
    if ((right < 0) != (remainder < 0) && !RT_MUTANT(float_modulo_keeps_sign)) {
      remainder += right;
      quotient -= 1;
    }
  } else {
    remainder = std::copysign(0.0, right);
  }
  if (quotient == 0) return {std::copysign(0.0, left / right), remainder};
  double whole = std::floor(quotient);
  if (quotient - whole > 0.5) whole += 1;
  return {whole, remainder};
}

}  // namespace runtime
