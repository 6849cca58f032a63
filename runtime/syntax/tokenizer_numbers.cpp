// Numbers. Their values are made in literals.cpp; here is decided where one ends and what is none.
#include <array>

#include "runtime/syntax/tokenizer.h"

namespace syntax {
namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool is_digit_of(int base, char character) {
  if (base == 16) {
    return is_digit(character) || (character >= 'a' && character <= 'f') ||
           (character >= 'A' && character <= 'F');
  }
  return character >= '0' && character < '0' + base;
}

bool is_name_part(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte == '_' || is_digit(character) || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z') || byte >= 0x80;
}

}  // namespace

// A number may not run into a name; only some keywords may follow at once, with a warning (`1if x
// else y`).
std::optional<Token> Tokenizer::check_end_of_number(const char* kind_name) {
  static constexpr std::array<std::string_view, 8> kAllowed = {"and", "else", "for", "if",
                                                               "in",  "is",   "or",  "not"};
  const std::string_view rest = text_.substr(at_, 4);
  for (const std::string_view keyword : kAllowed) {
    if (!rest.starts_with(keyword)) continue;
    Position position{line_, at_ - line_start_, line_, at_ - line_start_};
    warnings_.push_back(
        {WarningKind::kSyntaxWarning, std::string("invalid ") + kind_name + " literal", position});
    return std::nullopt;
  }
  if (static_cast<unsigned char>(peek()) < 0x80 && is_name_part(peek())) {
    return mistake(std::string("invalid ") + kind_name + " literal");
  }
  return std::nullopt;
}

std::optional<Token> Tokenizer::read_digits() {
  for (;;) {
    while (is_digit(peek())) ++at_;
    if (peek() != '_') return std::nullopt;
    ++at_;
    if (!is_digit(peek())) return mistake("invalid decimal literal");
  }
}

std::optional<Token> Tokenizer::read_radix_digits(int base, const char* kind_name) {
  const auto bad_digit = [this, kind_name] {
    const char digit = peek();
    ++at_;
    return mistake(std::string("invalid digit '") + digit + "' in " + kind_name + " literal");
  };
  at_ += 2;
  do {
    if (peek() == '_') ++at_;
    if (!is_digit_of(base, peek())) {
      if (is_digit(peek())) return bad_digit();
      return mistake(std::string("invalid ") + kind_name + " literal");
    }
    while (is_digit_of(base, peek())) ++at_;
  } while (peek() == '_');
  if (is_digit(peek())) return bad_digit();
  return check_end_of_number(kind_name);
}

// Behind the integer part: `.5`, `e10`, `j`.
std::optional<Token> Tokenizer::read_fraction_and_exponent(bool& is_integer) {
  if (peek() == '.') {
    is_integer = false;
    ++at_;
    if (is_digit(peek())) {
      if (std::optional<Token> problem = read_digits()) return problem;
    }
  }
  if (peek() == 'e' || peek() == 'E') {
    const std::uint32_t before = at_;
    ++at_;
    if (peek() == '+' || peek() == '-') {
      ++at_;
      if (!is_digit(peek())) return mistake("invalid decimal literal");
    } else if (!is_digit(peek())) {
      at_ = before;
      return check_end_of_number("decimal");
    }
    is_integer = false;
    if (std::optional<Token> problem = read_digits()) return problem;
  }
  if (peek() == 'j' || peek() == 'J') {
    is_integer = false;
    ++at_;
    return check_end_of_number("imaginary");
  }
  return std::nullopt;
}

Token Tokenizer::read_number_with_leading_zero(const Start& start) {
  for (;;) {
    if (peek() == '_') {
      ++at_;
      if (!is_digit(peek())) return mistake("invalid decimal literal");
    }
    if (peek() != '0') break;
    ++at_;
  }
  const std::uint32_t end_of_zeros = at_;
  const bool has_other_digits = is_digit(peek());
  if (has_other_digits) {
    if (std::optional<Token> problem = read_digits()) return *problem;
  }
  bool is_integer = true;
  if (std::optional<Token> problem = read_fraction_and_exponent(is_integer)) return *problem;
  if (is_integer && has_other_digits) {
    return mistake_between(start.offset, end_of_zeros + 1,
                           "leading zeros in decimal integer literals are not permitted; use an 0o "
                           "prefix for octal integers");
  }
  if (std::optional<Token> problem = check_end_of_number("decimal")) return *problem;
  return make(TokenKind::kNumber, start);
}

Token Tokenizer::read_number(const Start& start) {
  if (peek() == '0') {
    const char letter = peek(1);
    std::optional<Token> problem;
    if (letter == 'x' || letter == 'X') {
      problem = read_radix_digits(16, "hexadecimal");
    } else if (letter == 'o' || letter == 'O') {
      problem = read_radix_digits(8, "octal");
    } else if (letter == 'b' || letter == 'B') {
      problem = read_radix_digits(2, "binary");
    } else {
      return read_number_with_leading_zero(start);
    }
    return problem ? *problem : make(TokenKind::kNumber, start);
  }
  if (std::optional<Token> problem = read_digits()) return *problem;
  bool is_integer = true;
  if (std::optional<Token> problem = read_fraction_and_exponent(is_integer)) return *problem;
  if (std::optional<Token> problem = check_end_of_number("decimal")) return *problem;
  return make(TokenKind::kNumber, start);
}

}  // namespace syntax
