// Doubles as text with so many digits: what the letters e, f and g mean.
//
// A double has at most 309 digits before its point and 1074 behind it. The machine's library writes
// as many of them as are asked for, correctly rounded; what is asked for beyond that are zeros, which
// are counted and not written here.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "runtime/methods/format_spec.h"

namespace runtime {

namespace {

constexpr int kMostFractionDigits = 1074;
constexpr int kMostSignificantDigits = 767;

struct Digits {
  std::string text;  // the first one is not 0, unless all are
  int exponent = 0;  // of the first one
};

// `count` digits, rounded.
Digits significant_digits(double value, int count) {
  char buffer[kMostSignificantDigits + 32];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value,
                                     std::chars_format::scientific, count - 1);
  Digits digits;
  const char* at = buffer;
  for (; *at != 'e'; ++at) {
    if (*at != '.') digits.text += *at;
  }
  ++at;
  if (*at == '+') ++at;
  std::from_chars(at, written.ptr, digits.exponent);
  return digits;
}

// As few digits as tell it from its neighbours.
Digits shortest_digits(double value) {
  char buffer[64];
  const auto written =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific);
  Digits digits;
  const char* at = buffer;
  for (; *at != 'e'; ++at) {
    if (*at != '.') digits.text += *at;
  }
  ++at;
  if (*at == '+') ++at;
  std::from_chars(at, written.ptr, digits.exponent);
  return digits;
}

std::string exponent_text(int exponent) {
  std::string text = exponent < 0 ? "e-" : "e+";
  const int size = std::abs(exponent);
  if (size < 10) text += '0';
  return text + std::to_string(size);
}

void write_scientific(NumberText& number, const Digits& digits) {
  number.whole = digits.text.substr(0, 1);
  number.fraction = digits.text.substr(1);
  number.tail = exponent_text(digits.exponent);
}

void write_fixed(NumberText& number, const Digits& digits) {
  const auto count = static_cast<int>(digits.text.size());
  if (digits.exponent < 0) {
    number.whole = "0";
    number.fraction =
        std::string(static_cast<std::size_t>(-digits.exponent - 1), '0') + digits.text;
  } else if (count <= digits.exponent + 1) {
    number.whole =
        digits.text + std::string(static_cast<std::size_t>(digits.exponent + 1 - count), '0');
  } else {
    number.whole = digits.text.substr(0, static_cast<std::size_t>(digits.exponent + 1));
    number.fraction = digits.text.substr(static_cast<std::size_t>(digits.exponent + 1));
  }
}

void write_f(NumberText& number, double value, std::int64_t precision) {
  const int written_digits =
      static_cast<int>(std::min<std::int64_t>(precision, kMostFractionDigits));
  char buffer[kMostFractionDigits + 320];
  const auto written = std::to_chars(buffer, buffer + sizeof buffer, value,
                                     std::chars_format::fixed, written_digits);
  const std::string_view text(buffer, static_cast<std::size_t>(written.ptr - buffer));
  const std::size_t point = text.find('.');
  number.whole = text.substr(0, point);
  if (point != std::string_view::npos) number.fraction = text.substr(point + 1);
  number.zeros = precision - written_digits;
}

void write_e(NumberText& number, double value, std::int64_t precision) {
  const int count =
      static_cast<int>(std::min<std::int64_t>(precision, kMostSignificantDigits - 1)) + 1;
  write_scientific(number, significant_digits(value, count));
  number.zeros = precision - (count - 1);
}

// `threshold`: from this exponent on it is written with one.
void write_g(NumberText& number, Digits digits, std::int64_t precision, std::int64_t threshold,
             bool keeps_zeros) {
  if (!keeps_zeros) {
    while (digits.text.size() > 1 && digits.text.back() == '0') digits.text.pop_back();
  }
  if (digits.exponent < -4 || digits.exponent >= threshold) {
    write_scientific(number, digits);
  } else {
    write_fixed(number, digits);
  }
  if (keeps_zeros) {
    number.zeros = precision - static_cast<std::int64_t>(digits.text.size());
    number.zeros = std::max<std::int64_t>(number.zeros, 0);
  }
}

}  // namespace

NumberText text_of_double(double value, char letter, std::int64_t precision, bool is_alternate) {
  NumberText number;
  const bool is_capital = letter >= 'A' && letter <= 'Z';
  const char small = is_capital ? static_cast<char>(letter | 0x20) : letter;
  if (std::signbit(value) && !std::isnan(value)) number.sign = "-";
  if (!std::isfinite(value)) {
    number.is_finite = false;
    number.whole = std::isnan(value) ? "nan" : "inf";
    if (is_capital) number.whole = std::isnan(value) ? "NAN" : "INF";
    return number;
  }
  value = std::fabs(value);
  if (small == 'f') {
    write_f(number, value, precision);
  } else if (small == 'e') {
    write_e(number, value, precision);
  } else if (precision < 0) {
    write_g(number, shortest_digits(value), 0, 16, false);
  } else {
    precision = std::max<std::int64_t>(precision, 1);
    const auto count = static_cast<int>(std::min<std::int64_t>(precision, kMostSignificantDigits));
    // Without a letter there is always a digit behind the point, which costs one before it.
    const std::int64_t threshold = small == '\0' ? precision - 1 : precision;
    write_g(number, significant_digits(value, count), precision, threshold, is_alternate);
  }
  if (small == '\0' && number.fraction.empty() && number.zeros == 0 && number.tail.empty()) {
    number.fraction = "0";
  }
  number.has_point = is_alternate || !number.fraction.empty() || number.zeros > 0;
  if (is_capital && !number.tail.empty()) number.tail[0] = 'E';
  return number;
}

}  // namespace runtime
