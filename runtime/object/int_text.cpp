// Ints as text: int("..."), and str(int).
#include <algorithm>
#include <string>
#include <utility>

#include "runtime/object/big_int.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/str_object.h"
#include "runtime/object/values.h"

namespace runtime {

namespace {

int value_of_digit(CodePoint c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'z') return static_cast<int>(c - 'a') + 10;
  if (c >= 'A' && c <= 'Z') return static_cast<int>(c - 'A') + 10;
  return 99;
}

bool is_power_of_two(int base) { return (base & (base - 1)) == 0; }

// The digits of a literal as int() and the tokenizer define it, without prefix and underscores.
// None: it is not one. `base` may be 0, and is then what the prefix says.
struct Literal {
  bool is_valid = false;
  bool is_negative = false;
  int base = 10;
  std::string digits;
};

Literal read_literal(const Str& text, int base) {
  Literal literal;
  std::int64_t at = 0;
  std::int64_t end = text.length;
  while (at < end && is_blank(text.at(at))) ++at;
  while (end > at && is_blank(text.at(end - 1))) --end;
  if (at < end && (text.at(at) == '+' || text.at(at) == '-')) {
    literal.is_negative = text.at(at) == '-';
    ++at;
  }
  if (at + 1 < end && text.at(at) == '0') {
    const CodePoint letter = text.at(at + 1) | 0x20;
    const int prefix_base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
    if (prefix_base != 0 && (base == 0 || base == prefix_base)) {
      base = prefix_base;
      at += 2;
      if (at < end && text.at(at) == '_') ++at;
    }
  }
  // "0" and "00" have no prefix and are fine; "010" was octal once.
  bool must_be_zero = false;
  if (base == 0) {
    base = 10;
    must_be_zero = at < end && text.at(at) == '0';
  }
  literal.base = base;
  bool after_digit = false;
  for (; at < end; ++at) {
    const CodePoint c = text.at(at);
    if (c == '_') {
      if (!after_digit) return literal;
      after_digit = false;
      continue;
    }
    const int digit = value_of_digit(c);
    if (digit >= base || (must_be_zero && digit != 0)) return literal;
    literal.digits += static_cast<char>(c);
    after_digit = true;
  }
  literal.is_valid = after_digit;
  return literal;
}

Result<Done> check_digits(ThreadState& thread, std::size_t digits, int base) {
  const std::uint32_t limit = Values::of(thread).greatest_decimal_digits();
  if (limit == 0 || is_power_of_two(base) || digits <= limit) return Done{};
  return raise(thread, value_error_type,
               "Exceeds the limit ({} digits) for integer string conversion: value has {} digits; "
               "use sys.set_int_max_str_digits() to increase the limit",
               limit, digits);
}

Result<Ref<Int>> int_from(ThreadState& thread, std::string_view digits, int base,
                          bool is_negative) {
  TRY(check_digits(thread, digits.size(), base));
  std::int64_t value = 0;
  bool fits = true;
  for (char c : digits) {
    const int digit = value_of_digit(static_cast<CodePoint>(c));
    fits = !__builtin_mul_overflow(value, static_cast<std::int64_t>(base), &value) &&
           !__builtin_add_overflow(value, static_cast<std::int64_t>(digit), &value);
    if (!fits) break;
  }
  if (fits) return new_int(thread, is_negative ? -value : value);
  BigInt number;
  number.with([&](mp_int* to) {
    mp_err error = mp_read_radix(to, std::string(digits).c_str(), base);
    return error == MP_OKAY && is_negative ? mp_neg(to, to) : error;
  });
  return number.finish(thread);
}

}  // namespace

Result<Ref<Int>> parse_int(ThreadState& thread, Borrowed<Str> text, int base) {
  if (base != 0 && (base < 2 || base > 36)) {
    return raise(thread, value_error_type, "int() base must be >= 2 and <= 36, or 0");
  }
  const Literal literal = read_literal(*text, base);
  if (!literal.is_valid) {
    TRY_ASSIGN(Ref<Str> shown, repr_of_str(thread, text));
    return raise(thread, value_error_type, "invalid literal for int() with base {}: {}", base,
                 utf8_of(*shown));
  }
  return int_from(thread, literal.digits, literal.base, literal.is_negative);
}

Result<Ref<Int>> int_from_digits(ThreadState& thread, std::string_view digits, int base) {
  RT_INVARIANT(!digits.empty(), "a number has a digit");
  return int_from(thread, digits, base, false);
}

Result<std::string> int_to_text(ThreadState& thread, const Int& value, int base) {
  if (value.is_small()) {
    char digits[66];
    char* at = digits + sizeof digits;
    std::uint64_t rest = value.small < 0 ? ~static_cast<std::uint64_t>(value.small) + 1
                                         : static_cast<std::uint64_t>(value.small);
    do {
      *--at = "0123456789abcdefghijklmnopqrstuvwxyz"[rest % static_cast<unsigned>(base)];
      rest /= static_cast<unsigned>(base);
    } while (rest != 0);
    if (value.small < 0) *--at = '-';
    return std::string(at, static_cast<std::size_t>(digits + sizeof digits - at));
  }
  const std::uint32_t limit = Values::of(thread).greatest_decimal_digits();
  constexpr const char* kTooLong =
      "Exceeds the limit ({} digits) for integer string conversion; use "
      "sys.set_int_max_str_digits() to increase the limit";
  // A decimal digit is worth more than three bits: what is far too long is not even computed.
  const bool is_limited = base == 10 && limit != 0;
  if (is_limited && bit_length(value) > std::int64_t{4} * limit + 64) {
    return raise(thread, value_error_type, kTooLong, limit);
  }
  const IntView number(value);
  int size = 0;
  std::size_t written = 0;
  if (mp_radix_size(number.get(), base, &size) != MP_OKAY) return raise_out_of_memory(thread);
  std::string text(static_cast<std::size_t>(size), '\0');
  if (mp_to_radix(number.get(), text.data(), text.size(), &written, base) != MP_OKAY) {
    return raise_out_of_memory(thread);
  }
  text.resize(written - 1);  // without the zero at the end
  if (is_limited && text.size() - (value.is_negative ? 1 : 0) > limit) {
    return raise(thread, value_error_type, kTooLong, limit);
  }
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return text;
}

}  // namespace runtime
