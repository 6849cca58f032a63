#include "runtime/methods/format_spec.h"

#include <algorithm>

#include "runtime/object/exception_object.h"

namespace runtime {

namespace {

bool is_align(CodePoint c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

class SpecReader {
 public:
  SpecReader(ThreadState& thread, const Str& text) : thread_(thread), text_(text) {}

  [[nodiscard]] std::int64_t left() const { return text_.length - at_; }
  // The code point so far ahead; 0 behind the end.
  [[nodiscard]] CodePoint peek(std::int64_t ahead = 0) const {
    return at_ + ahead < text_.length ? text_.at(at_ + ahead) : 0;
  }
  [[nodiscard]] bool is_at(char c) const {
    return left() > 0 && peek() == static_cast<CodePoint>(c);
  }
  CodePoint take() { return text_.at(at_++); }
  bool take_if(char c) {
    if (!is_at(c)) return false;
    ++at_;
    return true;
  }
  // -1: there is no digit.
  Result<std::int64_t> take_number() {
    std::int64_t value = -1;
    while (left() > 0 && peek() >= '0' && peek() <= '9') {
      const auto digit = static_cast<std::int64_t>(take() - '0');
      if (value < 0) value = 0;
      if (__builtin_mul_overflow(value, 10, &value) ||
          __builtin_add_overflow(value, digit, &value)) {
        return raise_text(thread_, value_error_type, "Too many decimal digits in format string");
      }
    }
    return value;
  }
  // , or _ or nothing.
  Result<char> take_grouping() {
    char grouping = '\0';
    if (take_if(',')) grouping = ',';
    if (is_at('_')) {
      if (grouping != '\0') return both_groupings();
      grouping = '_';
      ++at_;
    }
    if (is_at(',') && grouping == '_') return both_groupings();
    return grouping;
  }

 private:
  Raised both_groupings() {
    return raise_text(thread_, value_error_type, "Cannot specify both ',' and '_'.");
  }

  ThreadState& thread_;
  const Str& text_;
  std::int64_t at_ = 0;
};

// Which types of value may be grouped: those with digits in threes, and with _ those in fours.
Result<Done> check_grouping(ThreadState& thread, const FormatSpec& spec) {
  if (spec.grouping == '\0') return Done{};
  const std::string_view in_threes = "defgEG%F";
  const std::string_view in_fours = "boxX";
  if (spec.type == 0) return Done{};
  const char letter = spec.type < 0x80 ? static_cast<char>(spec.type) : '\0';
  if (letter != '\0' && in_threes.find(letter) != std::string_view::npos) return Done{};
  if (letter != '\0' && in_fours.find(letter) != std::string_view::npos && spec.grouping == '_') {
    return Done{};
  }
  if (spec.type > 32 && spec.type < 128) {
    return raise(thread, value_error_type, "Cannot specify '{}' with '{}'.", spec.grouping, letter);
  }
  return raise(thread, value_error_type, "Cannot specify '{}' with '\\x{:x}'.", spec.grouping,
               spec.type);
}

// Digits with `separator` between groups, as many zeros before them as `least` places ask for.
void append_grouped(StrBuilder& built, const std::string& digits, char separator,
                    std::int64_t group, std::int64_t least) {
  const auto have = static_cast<std::int64_t>(digits.size());
  const auto places = [group](std::int64_t count) { return count + (count - 1) / group; };
  std::int64_t count = std::max<std::int64_t>(have, 1);
  if (places(count) < least) {
    count = std::max(count, least - least / (group + 1) - 1);
    while (places(count) < least) ++count;
  }
  if (!built.reserve(places(count))) return;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i != 0 && (count - i) % group == 0) built.append(static_cast<CodePoint>(separator));
    const std::int64_t in_digits = i - (count - have);
    built.append(
        in_digits < 0 ? '0' : static_cast<CodePoint>(digits[static_cast<std::size_t>(in_digits)]));
  }
}

void append_fraction(StrBuilder& built, const NumberText& number, char separator) {
  const auto have = static_cast<std::int64_t>(number.fraction.size());
  if (separator == '\0') {
    built.append(number.fraction);
    built.append_times('0', number.zeros);
    return;
  }
  const std::int64_t count = have + number.zeros;
  if (!built.reserve(count + count / 3)) return;
  for (std::int64_t i = 0; i < count; ++i) {
    if (i != 0 && i % 3 == 0) built.append(static_cast<CodePoint>(separator));
    built.append(i < have ? static_cast<CodePoint>(number.fraction[static_cast<std::size_t>(i)])
                          : '0');
  }
}

struct Padding {
  std::int64_t before = 0;
  std::int64_t behind = 0;
};
Padding padding_for(const FormatSpec& spec, std::int64_t length) {
  const std::int64_t missing = std::max<std::int64_t>(spec.width - length, 0);
  if (spec.align == '<') return {0, missing};
  if (spec.align == '^') return {missing / 2, missing - missing / 2};
  return {missing, 0};
}

}  // namespace

Raised unknown_format_code(ThreadState& thread, CodePoint code, const char* type_name) {
  if (code > 32 && code < 128) {
    return raise(thread, value_error_type, "Unknown format code '{}' for object of type '{}'",
                 static_cast<char>(code), type_name);
  }
  return raise(thread, value_error_type, "Unknown format code '\\x{:x}' for object of type '{}'",
               code, type_name);
}

Result<FormatSpec> parse_format_spec(ThreadState& thread, const Str& text, const char* type_name,
                                     char default_type, char default_align) {
  SpecReader reader(thread, text);
  FormatSpec spec;
  spec.type = static_cast<CodePoint>(default_type);
  spec.align = default_align;
  bool has_fill = false;
  bool has_align = false;
  if (reader.left() >= 2 && is_align(reader.peek(1))) {
    spec.fill = reader.take();
    spec.align = static_cast<char>(reader.take());
    has_fill = has_align = true;
  } else if (reader.left() >= 1 && is_align(reader.peek())) {
    spec.align = static_cast<char>(reader.take());
    has_align = true;
  }
  if (reader.is_at(' ') || reader.is_at('+') || reader.is_at('-')) {
    spec.sign = static_cast<char>(reader.take());
  }
  spec.has_no_negative_zero = reader.take_if('z');
  spec.is_alternate = reader.take_if('#');
  if (!has_fill && reader.take_if('0')) {
    spec.fill = '0';
    if (!has_align && default_align == '>') spec.align = '=';
  }
  RT_TRY_ASSIGN(width, spec.width, reader.take_number());
  RT_TRY_ASSIGN(grouping, spec.grouping, reader.take_grouping());
  if (reader.take_if('.')) {
    RT_TRY_ASSIGN(precision, spec.precision, reader.take_number());
    RT_TRY_ASSIGN(fraction, spec.fraction_grouping, reader.take_grouping());
    if (spec.precision < 0 && spec.fraction_grouping == '\0') {
      return raise_text(thread, value_error_type, "Format specifier missing precision");
    }
  }
  if (reader.left() > 1) {
    return raise(thread, value_error_type, "Invalid format specifier '{}' for object of type '{}'",
                 utf8_of(text), type_name);
  }
  if (reader.left() == 1) spec.type = reader.take();
  TRY(check_grouping(thread, spec));
  if (spec.fraction_grouping != '\0' && spec.type == 'n') {
    return raise(thread, value_error_type, "Cannot specify '{}' with 'n'.", spec.fraction_grouping);
  }
  return spec;
}

Result<Ref<Str>> lay_out_number(ThreadState& thread, const NumberText& number,
                                const FormatSpec& spec) {
  StrBuilder body(thread);
  const bool is_in_fours =
      spec.type == 'b' || spec.type == 'o' || spec.type == 'x' || spec.type == 'X';
  const auto fixed = static_cast<std::int64_t>(number.sign.size() + number.prefix.size());
  StrBuilder behind(thread);
  if (number.has_point) behind.append(".");
  append_fraction(behind, number, number.is_finite ? spec.fraction_grouping : '\0');
  behind.append(number.tail);
  const bool pads_inside = spec.align == '=';
  if (spec.grouping != '\0' && number.is_finite) {
    const bool zeros_are_grouped = pads_inside && spec.fill == '0';
    append_grouped(body, number.whole, spec.grouping, is_in_fours ? 4 : 3,
                   zeros_are_grouped ? spec.width - fixed - behind.length() : 0);
  } else {
    body.append(number.whole);
  }
  const std::int64_t length = fixed + body.length() + behind.length();
  const Padding padding = padding_for(spec, length);
  TRY_ASSIGN(Ref<Str> whole, body.finish());
  TRY_ASSIGN(Ref<Str> rest, behind.finish());
  StrBuilder built(thread);
  if (!pads_inside) built.append_times(spec.fill, padding.before);
  built.append(number.sign);
  built.append(number.prefix);
  if (pads_inside) built.append_times(spec.fill, padding.before);
  built.append(*whole);
  built.append(*rest);
  built.append_times(spec.fill, padding.behind);
  return built.finish();
}

Result<Ref<Str>> lay_out_text(ThreadState& thread, const Str& text, std::int64_t length,
                              const FormatSpec& spec) {
  const Padding padding = padding_for(spec, length);
  StrBuilder built(thread);
  built.append_times(spec.fill, padding.before);
  built.append_part(text, 0, length);
  built.append_times(spec.fill, padding.behind);
  return built.finish();
}

}  // namespace runtime
