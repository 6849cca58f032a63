#include "runtime/syntax/utf8.h"

namespace syntax {
namespace {

unsigned char byte_at(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

bool is_continuation(std::string_view text, std::size_t index) {
  return (byte_at(text, index) & 0xC0) == 0x80;
}

}  // namespace

DecodedCharacter decode_character(std::string_view text) {
  if (text.empty()) return {};
  const unsigned char first = byte_at(text, 0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (text.size() < length) return {};
  char32_t code_point = first & (0x7F >> length);
  for (std::size_t index = 1; index < length; ++index) {
    code_point = (code_point << 6) | (byte_at(text, index) & 0x3F);
  }
  return {code_point, length};
}

void append_character(std::string& text, char32_t code_point) {
  const auto append = [&text](char32_t value) { text.push_back(static_cast<char>(value)); };
  if (code_point < 0x80) {
    append(code_point);
  } else if (code_point < 0x800) {
    append(0xC0 | (code_point >> 6));
    append(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    append(0xE0 | (code_point >> 12));
    append(0x80 | ((code_point >> 6) & 0x3F));
    append(0x80 | (code_point & 0x3F));
  } else {
    append(0xF0 | (code_point >> 18));
    append(0x80 | ((code_point >> 12) & 0x3F));
    append(0x80 | ((code_point >> 6) & 0x3F));
    append(0x80 | (code_point & 0x3F));
  }
}

// What may follow a lead byte depends on it (Unicode, table 3-7): the second byte has a narrower
// range behind E0, ED, F0, F4.
Utf8Mistake find_utf8_mistake(std::string_view text, Surrogates surrogates) {
  std::size_t at = 0;
  while (at < text.size()) {
    const unsigned char lead = byte_at(text, at);
    if (lead < 0x80) {
      ++at;
      continue;
    }
    if (lead < 0xC2 || lead > 0xF4) return {at, 1, "invalid start byte"};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    unsigned char lowest = 0x80;
    unsigned char highest = 0xBF;
    if (lead == 0xE0) lowest = 0xA0;
    if (lead == 0xED && surrogates == Surrogates::kRefused) highest = 0x9F;
    if (lead == 0xF0) lowest = 0x90;
    if (lead == 0xF4) highest = 0x8F;
    for (std::size_t index = 1; index < length; ++index) {
      if (at + index >= text.size()) return {at, index, "unexpected end of data"};
      const bool is_good = index == 1
                               ? byte_at(text, at + 1) >= lowest && byte_at(text, at + 1) <= highest
                               : is_continuation(text, at + index);
      if (!is_good) return {at, index, "invalid continuation byte"};
    }
    at += length;
  }
  return {};
}

}  // namespace syntax
