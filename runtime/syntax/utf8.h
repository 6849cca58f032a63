// Code points and their UTF-8, as the tokenizer needs them: surrogates are code points like any
// other ("WTF-8"), because a Python str may hold them. Not the str of the runtime
// (runtime/object/str_object.h): this floor knows no objects.
//
// Ancestry: RFC 3629; https://simonsapin.github.io/wtf-8/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace syntax {

inline constexpr char32_t kLargestCodePoint = 0x10FFFF;

struct DecodedCharacter {
  char32_t code_point = 0;
  std::size_t length = 0;  // in bytes; 0: no character starts here
};

// The character at the start of well-formed UTF-8.
DecodedCharacter decode_character(std::string_view text);

void append_character(std::string& text, char32_t code_point);

// Characters of well-formed UTF-8.
inline std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char byte : text) count += (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  return count;
}

// The first byte at which text stops being UTF-8, and why, in the words of Python's decoder.
struct Utf8Mistake {
  std::size_t position = 0;
  std::size_t length = 0;        // of the bad sequence; more than one: "bytes in position a-b"
  const char* reason = nullptr;  // null: the text is well-formed
};
enum class Surrogates : std::uint8_t { kRefused, kAllowed };
Utf8Mistake find_utf8_mistake(std::string_view text, Surrogates surrogates);

}  // namespace syntax
