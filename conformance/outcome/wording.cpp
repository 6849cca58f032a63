// Wordings without opinions of their own; who says what is grading.cpp and the report.
#include "conformance/outcome/wording.h"

#include <fmt/format.h>

namespace conformance {

namespace {

bool continues_character(char c) { return (c & 0xc0) == 0x80; }

}  // namespace

std::string spaced(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, 1, ' ');
  }
  return digits;
}

std::string counted(std::int64_t number, std::string_view word) {
  return fmt::format("{} {}{}", spaced(number), word, number == 1 ? "" : "s");
}

std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = (static_cast<unsigned char>(c) <= ' ') || c == 0x7f;
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) width += continues_character(c) ? 0 : 1;
  return width;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (width_of(text) <= width) return std::string(text);
  const std::size_t kept = width > 3 ? width - 3 : 0;
  std::size_t end = 0;
  for (std::size_t seen = 0; end < text.size(); ++end) {
    if (!continues_character(text[end]) && seen++ == kept) break;
  }
  return std::string(text.substr(0, end)) + std::string(std::min<std::size_t>(3, width), '.');
}

}  // namespace conformance
