#include "runtime/methods/numbers.h"

#include <charconv>
#include <cmath>
#include <string>

#include "runtime/methods/bytearray_object.h"
#include "runtime/methods/characters.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

namespace {

bool is_octets(const Object& object) { return is_bytes(object) || is_bytearray(object); }

// Octets as text, one for one: what is beyond ASCII is no digit.
Result<Ref<Str>> text_of_octets(ThreadState& thread, Borrowed<Object> object) {
  const std::string octets = is_bytes(*object) ? std::string(as_bytes(object)->view())
                                               : octets_of(thread, as_bytearray(object));
  StrBuilder built(thread);
  for (char c : octets) built.append(static_cast<CodePoint>(static_cast<std::uint8_t>(c)));
  return built.finish();
}

// With the decimal digits of all scripts as those of ASCII.
Result<Ref<Str>> with_plain_digits(ThreadState& thread, Borrowed<Str> text) {
  if (text->is_ascii) return Ref<Str>::share(thread, text);
  StrBuilder built(thread);
  for (std::int64_t i = 0; i < text->length; ++i) {
    const CodePoint code_point = text->at(i);
    const int value = code_point < 0x80 ? -1 : decimal_value(code_point);
    built.append(value < 0 ? code_point : static_cast<CodePoint>('0' + value));
  }
  return built.finish();
}

// What a message of parse_int or parse_double should show is what the program gave.
Raised shown_as_given(ThreadState& thread, Raised raised, Borrowed<Object> given) {
  if (!matches(raised, value_error_type)) return raised;
  Ref<Object> exception = raised.take();
  const std::string said = describe(thread, exception);
  Raised again(std::move(exception));
  const std::size_t colon = said.rfind(": ");
  const std::size_t begin = std::string_view("ValueError: ").size();
  const bool shows_text = said.find("invalid literal for int()") == begin ||
                          said.find("could not convert string to float") == begin;
  if (!shows_text || colon == std::string::npos || colon < begin) return again;
  Result<Ref<Str>> shown = repr_of(thread, given);
  if (shown.is_raised()) return std::move(shown).raised();
  const std::size_t end = said.find(": ", begin);
  return raise(thread, value_error_type, "{}: {}", said.substr(begin, end - begin),
               utf8_of(*shown.value()));
}

// An int that is not of a derived type.
Result<Ref<Int>> exact_int(ThreadState& thread, Borrowed<Object> number) {
  if (number->type == &int_type) return Ref<Int>::share(thread, as_int(number));
  TRY_ASSIGN(Ref<Object> plain, int_unary(thread, as_int(number), UnaryOp::kPositive));
  return Ref<Int>::share(thread, as_int(plain));
}

bool is_identity_rounding(double value, std::int64_t digits) {
  return !std::isfinite(value) || value == 0 || digits > 323;
}

}  // namespace

Result<Ref<Int>> int_of_text(ThreadState& thread, Borrowed<Object> given, int base) {
  Ref<Str> text;
  if (is_octets(*given)) {
    RT_TRY_ASSIGN(octets, text, text_of_octets(thread, given));
  } else {
    RT_TRY_ASSIGN(plain, text, with_plain_digits(thread, as_str(given)));
  }
  Result<Ref<Int>> number = parse_int(thread, text, base);
  if (!number.is_raised() || text.get() == given.get()) return number;
  return shown_as_given(thread, std::move(number).raised(), given);
}

Result<Ref<Int>> int_of(ThreadState& thread, Borrowed<Object> object) {
  if (object->type == &int_type) return Ref<Int>::share(thread, as_int(object));
  const Protocol& protocol = protocol_of(object);
  if (protocol.as_int != nullptr) {
    TRY_ASSIGN(Ref<Object> number, protocol.as_int(thread, object));
    if (!is_int(*number)) {
      return raise(thread, type_error_type, "__int__ returned non-int (type {})",
                   type_name(number));
    }
    return exact_int(thread, number);
  }
  if (protocol.index != nullptr) {
    TRY_ASSIGN(Ref<Object> number, index_of(thread, object));
    return exact_int(thread, number);
  }
  if (is_str(*object) || is_octets(*object)) return int_of_text(thread, object, 10);
  return raise(thread, type_error_type,
               "int() argument must be a string, a bytes-like object or a real number, not '{}'",
               type_name(object));
}

Result<double> double_of(ThreadState& thread, Borrowed<Object> object) {
  if (is_float(*object)) return as_float(object)->value;
  const Protocol& protocol = protocol_of(object);
  if (protocol.as_float != nullptr) {
    TRY_ASSIGN(Ref<Object> number, protocol.as_float(thread, object));
    if (!is_float(*number)) {
      return raise(thread, type_error_type, "{}.__float__ returned non-float (type {})",
                   type_name(object), type_name(number));
    }
    return as_float(number)->value;
  }
  if (protocol.index != nullptr) {
    TRY_ASSIGN(Ref<Object> number, index_of(thread, object));
    return double_of_int(thread, *as_int(number));
  }
  return raise(thread, type_error_type, "must be real number, not {}", type_name(object));
}

Result<double> float_of(ThreadState& thread, Borrowed<Object> object) {
  const Protocol& protocol = protocol_of(object);
  if (is_float(*object) || protocol.as_float != nullptr || protocol.index != nullptr) {
    return double_of(thread, object);
  }
  if (!is_str(*object) && !is_octets(*object)) {
    return raise(thread, type_error_type,
                 "float() argument must be a string or a real number, not '{}'", type_name(object));
  }
  Ref<Str> text;
  if (is_str(*object)) {
    RT_TRY_ASSIGN(plain, text, with_plain_digits(thread, as_str(object)));
  } else {
    RT_TRY_ASSIGN(octets, text, text_of_octets(thread, object));
  }
  Result<double> number = parse_double(thread, text);
  if (!number.is_raised() || text.get() == object.get()) return number;
  return shown_as_given(thread, std::move(number).raised(), object);
}

Result<Ref<Int>> round_to_int(ThreadState& thread, double value) {
  const double rounded = std::nearbyint(value);  // half to even, the default of the machine
  return new_int_from_double(thread, rounded);
}

// The exact decimal digits of the double, cut after the digit that counts; half goes to even.
Result<double> round_to_digits(ThreadState& thread, double value, std::int64_t digits) {
  if (is_identity_rounding(value, digits)) return value;
  if (digits < -308) return std::copysign(0.0, value);
  char buffer[1500];
  if (digits >= 0) {
    const auto written = std::to_chars(buffer, buffer + sizeof buffer, value,
                                       std::chars_format::fixed, static_cast<int>(digits));
    double rounded = 0;
    std::from_chars(buffer, written.ptr, rounded);
    return rounded;
  }
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, std::fabs(value),
                                     std::chars_format::fixed, 1074);
  std::string text(buffer, static_cast<std::size_t>(written.ptr - buffer));
  const std::size_t point = text.find('.');
  const auto dropped = static_cast<std::size_t>(-digits);
  std::string whole(dropped + 1, '0');
  whole += text.substr(0, point);
  const std::size_t cut = whole.size() - dropped;
  const std::string rest = whole.substr(cut) + text.substr(point + 1);
  const bool is_beyond_half = rest.find_first_not_of('0', 1) != std::string::npos;
  const bool is_odd = (whole[cut - 1] - '0') % 2 != 0;
  bool goes_up = rest[0] > '5' || (rest[0] == '5' && (is_beyond_half || is_odd));
  std::string kept = whole.substr(0, cut);
  for (std::size_t i = kept.size(); goes_up && i-- > 0;) {
    goes_up = kept[i] == '9';
    kept[i] = goes_up ? '0' : static_cast<char>(kept[i] + 1);
  }
  kept += "e" + std::to_string(dropped);
  const std::size_t first = std::min(kept.find_first_not_of('0'), kept.find('e') - 1);
  double rounded = 0;
  const auto read = std::from_chars(kept.data() + first, kept.data() + kept.size(), rounded);
  if (read.ec == std::errc::result_out_of_range) {
    return raise_text(thread, overflow_error_type, "rounded value too large to represent");
  }
  return std::copysign(rounded, value);
}

Result<Ref<Int>> round_int(ThreadState& thread, Borrowed<Int> value, Borrowed<Int> digits) {
  if (sign_of(*digits) >= 0) return exact_int(thread, value);
  // More than all of its digits: ten to that power need not be computed.
  const auto count = int64_of(*digits);
  if (!count.has_value() || -*count > bit_length(*value)) return shared_int(0);
  TRY_ASSIGN(Ref<Int> places, new_int(thread, -*count));
  TRY_ASSIGN(Ref<Object> power, int_binary(thread, shared_int(10), places, BinaryOp::kPower));
  Borrowed<Int> unit = as_int(power);
  TRY_ASSIGN(Ref<Int> rest, int_operation(thread, value, unit, BinaryOp::kModulo));
  TRY_ASSIGN(Ref<Int> lower, int_operation(thread, value, rest, BinaryOp::kSubtract));
  TRY_ASSIGN(Ref<Int> twice, int_operation(thread, rest, rest, BinaryOp::kAdd));
  const int order = compare_ints(*twice, *unit);
  bool goes_up = order > 0;
  if (order == 0) {
    TRY_ASSIGN(Ref<Int> quotient, int_operation(thread, lower, unit, BinaryOp::kFloorDivide));
    TRY_ASSIGN(Ref<Int> parity, int_operation(thread, quotient, shared_int(1), BinaryOp::kAnd));
    goes_up = sign_of(*parity) != 0;
  }
  if (!goes_up) return lower;
  return int_operation(thread, lower, unit, BinaryOp::kAdd);
}

Result<Ref<Object>> round_of(ThreadState& thread, Borrowed<Object> number, Object* digits) {
  TRY_ASSIGN(Method method, find_special(thread, number, "__round__"));
  if (!method.function) {
    return raise(thread, type_error_type, "type {} doesn't define __round__ method",
                 type_name(number));
  }
  if (digits == nullptr || is_none(digits)) return call_method(thread, method, Arguments());
  const Borrowed<Object> argument[] = {Borrowed<Object>(digits)};
  return call_method(thread, method, argument);
}

Result<Ref<Object>> power_of(ThreadState& thread, Borrowed<Object> base, Borrowed<Object> exponent,
                             Object* modulus) {
  if (modulus == nullptr || is_none(modulus)) {
    return binary(thread, base, exponent, BinaryOp::kPower);
  }
  const Borrowed<Object> third(modulus);
  if (is_int(*base) && is_int(*exponent) && is_int(*third)) {
    return int_power_modulo(thread, as_int(base), as_int(exponent), as_int(third));
  }
  const auto is_number = [](Borrowed<Object> object) {
    return is_int(*object) || is_float(*object);
  };
  if (is_number(base) && is_number(exponent) && is_number(third)) {
    return raise_text(thread, type_error_type,
                      "pow() 3rd argument not allowed unless all arguments are integers");
  }
  TRY_ASSIGN(Method method, find_special(thread, base, "__pow__"));
  if (method.function && !is_number(base)) {
    const Borrowed<Object> arguments[] = {exponent, third};
    TRY_ASSIGN(Ref<Object> power, call_method(thread, method, arguments));
    if (!is_not_implemented(power.get())) return power;
  }
  return raise(thread, type_error_type,
               "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'", type_name(base),
               type_name(exponent), type_name(third));
}

}  // namespace runtime
