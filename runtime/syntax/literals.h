// What the text of a literal is worth: the digits of an integer, the number of a float, the
// characters of a string.
//
// The tokenizer has already seen that the text is well-formed but for escapes, which are judged
// here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/syntax/arena.h"
#include "runtime/syntax/tree.h"

namespace syntax {

// Fills kind, base, text, number of a numeric literal.
void read_number_literal(Arena& arena, std::string_view text, Constant& constant);

struct StringPrefix {
  std::size_t length = 0;  // of the prefix itself
  bool is_raw = false;
  bool is_bytes = false;
  bool is_formatted = false;
};
StringPrefix prefix_of(std::string_view literal);

// The text between prefix and quotes.
std::string_view body_of(std::string_view literal, const StringPrefix& prefix);

enum class Escapes : std::uint8_t { kString, kBytes, kNone };

struct EscapeFindings {
  std::optional<std::string> mistake;          // the message of a SyntaxError
  std::optional<std::size_t> doubtful_escape;  // offset of the first backslash that escapes nothing
  std::string doubtful_message;
};

// Appends what a literal's body means.
EscapeFindings append_unescaped(std::string& value, std::string_view body, Escapes escapes);

}  // namespace syntax
