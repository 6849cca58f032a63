#include "runtime/syntax/literals.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "runtime/syntax/utf8.h"

namespace syntax {
namespace {

char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                              : character;
}

int digit_value(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  const char letter = lower(character);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

// Digits of base 2 or 8 as digits of base 16.
std::string as_hexadecimal(std::string_view digits, int bits_per_digit) {
  std::string reversed;
  int buffer = 0;
  int bits = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) {
    buffer |= digit_value(*digit) << bits;
    bits += bits_per_digit;
    while (bits >= 4) {
      reversed.push_back("0123456789abcdef"[buffer & 15]);
      buffer >>= 4;
      bits -= 4;
    }
  }
  if (buffer != 0) reversed.push_back("0123456789abcdef"[buffer]);
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

std::string_view without_leading_zeros(std::string_view digits) {
  const std::size_t first = digits.find_first_not_of('0');
  return first == std::string_view::npos ? std::string_view("0") : digits.substr(first);
}

double read_double(const std::string& text) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  // Too large or too small for from_chars: infinity or zero, as strtod says.
  if (result.ec != std::errc()) value = std::strtod(text.c_str(), nullptr);
  return value;
}

constexpr std::string_view kSimpleEscapes = "\\'\"abfnrtv";
constexpr std::string_view kSimpleMeanings = "\\'\"\a\b\f\n\r\t\v";

// Positions in the messages count characters, where those beyond ASCII take ten places (they are
// spelled \UXXXXXXXX for CPython's decoder).
std::size_t message_position(std::string_view body, std::size_t offset) {
  std::size_t position = 0;
  for (std::size_t at = 0; at < offset;) {
    const DecodedCharacter character = decode_character(body.substr(at));
    position += character.length > 1 ? 10 : 1;
    at += std::max<std::size_t>(character.length, 1);
  }
  return position;
}

class Unescaper {
 public:
  Unescaper(std::string& value, std::string_view body, Escapes escapes)
      : value_(value), body_(body), escapes_(escapes) {}

  EscapeFindings run() {
    while (at_ < body_.size() && !findings_.mistake) {
      const std::size_t backslash = body_.find('\\', at_);
      value_.append(body_.substr(at_, backslash - at_));
      if (backslash == std::string_view::npos) break;
      at_ = backslash;
      read_escape();
    }
    return std::move(findings_);
  }

 private:
  bool is_text() const { return escapes_ == Escapes::kString; }

  void read_escape() {
    const std::size_t start = at_++;
    if (at_ >= body_.size()) {
      refuse(start, body_.size(), "\\ at end of string");
      return;
    }
    const char letter = body_[at_++];
    if (letter == '\n') return;
    if (const std::size_t index = kSimpleEscapes.find(letter); index != std::string_view::npos) {
      value_.push_back(kSimpleMeanings[index]);
    } else if (letter >= '0' && letter <= '7') {
      read_octal(start);
    } else if (letter == 'x') {
      read_hexadecimal(start, 2, "truncated \\xXX escape");
    } else if (letter == 'u' && is_text()) {
      read_hexadecimal(start, 4, "truncated \\uXXXX escape");
    } else if (letter == 'U' && is_text()) {
      read_hexadecimal(start, 8, "truncated \\UXXXXXXXX escape");
    } else if (letter == 'N' && is_text()) {
      read_name(start);
    } else {
      --at_;
      value_.push_back('\\');
      const std::size_t length =
          std::max<std::size_t>(decode_character(body_.substr(at_)).length, 1);
      doubt(start, body_.substr(at_, length), "escape");
    }
  }

  void doubt(std::size_t start, std::string_view escaped, const char* kind) {
    if (findings_.doubtful_escape) return;
    findings_.doubtful_escape = start;
    const std::string text(escaped);
    findings_.doubtful_message =
        "\"\\" + text + "\" is an invalid " + kind +
        " sequence. Such sequences will not work in the future. Did you mean \"\\\\" + text +
        "\"? A raw string is also an option.";
  }

  void read_octal(std::size_t start) {
    int code = body_[at_ - 1] - '0';
    for (int count = 1; count < 3 && at_ < body_.size() && body_[at_] >= '0' && body_[at_] <= '7';
         ++count) {
      code = code * 8 + (body_[at_++] - '0');
    }
    if (code > 0377) doubt(start, body_.substr(start + 1, at_ - start - 1), "octal escape");
    append(static_cast<char32_t>(is_text() ? code : code & 0xFF));
  }

  void read_hexadecimal(std::size_t start, int digits, const char* truncated) {
    char32_t code = 0;
    for (int count = 0; count < digits; ++count) {
      const int digit = at_ < body_.size() ? digit_value(body_[at_]) : -1;
      if (digit < 0) {
        refuse(start, at_, truncated);
        return;
      }
      code = code * 16 + static_cast<char32_t>(digit);
      ++at_;
    }
    if (code > kLargestCodePoint) {
      refuse(start, at_, "illegal Unicode character");
      return;
    }
    append(code);
  }

  // There is no table of character names here.
  void read_name(std::size_t start) {
    const std::size_t end =
        at_ < body_.size() && body_[at_] == '{' ? body_.find('}', at_) : std::string_view::npos;
    if (end == std::string_view::npos || end == at_ + 1) {
      refuse(start, at_ < body_.size() && body_[at_] == '{' ? at_ + 1 : at_,
             "malformed \\N character escape");
      return;
    }
    findings_.mistake = "\\N{...} escapes are not supported yet";
  }

  void append(char32_t code) {
    if (is_text()) {
      append_character(value_, code);
    } else {
      value_.push_back(static_cast<char>(code));
    }
  }

  void refuse(std::size_t start, std::size_t end, const char* reason) {
    const std::size_t first = message_position(body_, start);
    if (!is_text()) {
      findings_.mistake = "(value error) invalid \\x escape at position " + std::to_string(first);
      return;
    }
    const std::size_t last = message_position(body_, end) - 1;
    findings_.mistake = "(unicode error) 'unicodeescape' codec can't decode " +
                        (first == last ? "byte 0x5c in position " + std::to_string(first)
                                       : "bytes in position " + std::to_string(first) + "-" +
                                             std::to_string(last)) +
                        ": " + reason;
  }

  std::string& value_;
  std::string_view body_;
  Escapes escapes_;
  std::size_t at_ = 0;
  EscapeFindings findings_;
};

}  // namespace

void read_number_literal(Arena& arena, std::string_view text, Constant& constant) {
  std::string plain;
  plain.reserve(text.size());
  for (const char character : text) {
    if (character != '_') plain.push_back(lower(character));
  }
  const char radix = plain.size() > 1 && plain[0] == '0' ? plain[1] : '\0';
  if (radix == 'x' || radix == 'o' || radix == 'b') {
    std::string digits = plain.substr(2);
    if (radix != 'x') digits = as_hexadecimal(digits, radix == 'o' ? 3 : 1);
    constant.constant_kind = ConstantKind::kInteger;
    constant.base = 16;
    constant.text = arena.text(without_leading_zeros(digits));
  } else if (plain.back() == 'j') {
    plain.pop_back();
    constant.constant_kind = ConstantKind::kImaginary;
    constant.number = read_double(plain);
  } else if (plain.find_first_of(".e") != std::string::npos) {
    constant.constant_kind = ConstantKind::kFloat;
    constant.number = read_double(plain);
  } else {
    constant.constant_kind = ConstantKind::kInteger;
    constant.text = arena.text(without_leading_zeros(plain));
  }
}

StringPrefix prefix_of(std::string_view literal) {
  StringPrefix prefix;
  for (const char character : literal) {
    if (character == '"' || character == '\'') break;
    const char letter = lower(character);
    prefix.is_raw = prefix.is_raw || letter == 'r';
    prefix.is_bytes = prefix.is_bytes || letter == 'b';
    prefix.is_formatted = prefix.is_formatted || letter == 'f';
    ++prefix.length;
  }
  return prefix;
}

std::string_view body_of(std::string_view literal, const StringPrefix& prefix) {
  literal.remove_prefix(prefix.length);
  const std::string_view triple = literal.substr(0, 3);
  const std::size_t quotes = literal.size() >= 6 && (triple == "'''" || triple == "\"\"\"") ? 3 : 1;
  return literal.substr(quotes, literal.size() - 2 * quotes);
}

EscapeFindings append_unescaped(std::string& value, std::string_view body, Escapes escapes) {
  if (escapes == Escapes::kNone) {
    value.append(body);
    return {};
  }
  return Unescaper(value, body, escapes).run();
}

}  // namespace syntax
