// The words that a program is made of, as the parser sees them.
//
// Comments, blank lines and line breaks inside brackets never reach the parser. An f-string arrives
// as its start, pieces of text, the tokens of its expressions and its end. A token is a few numbers
// that point into the source; its text is never copied.
//
// Ancestry: https://docs.python.org/3/library/token.html
#pragma once

#include <cstdint>
#include <string_view>

namespace syntax {

enum class TokenKind : std::uint8_t {
  kEnd,
  kNewline,
  kIndent,
  kDedent,
  kName,
  kNumber,
  kString,
  kFStringStart,
  kFStringMiddle,
  kFStringEnd,
  kUnknown,  // a character that begins no token: $, ? or `
  kMistake,  // Tokenizer::problem() says which; nothing comes behind it
#define SYNTAX_OPERATOR(name, text) k##name,
#include "runtime/syntax/tokens.def"
#define SYNTAX_KEYWORD(name, text) kKeyword##name,
#include "runtime/syntax/tokens.def"
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  bool is_raw = false;      // of an f-string's text: backslashes are themselves
  std::uint16_t level = 0;  // brackets open around it
  std::uint32_t start = 0;  // offsets in the source
  std::uint32_t end = 0;
  std::uint32_t line = 0;    // from 1
  std::uint32_t column = 0;  // bytes, from 0
  std::uint32_t end_line = 0;
  std::uint32_t end_column = 0;
};

// The fixed text of an operator or keyword; empty for other kinds.
std::string_view text_of(TokenKind kind);

// The keyword that is written so, or kName.
TokenKind keyword_or_name(std::string_view text);

inline bool is_keyword(TokenKind kind) {
  return kind >= TokenKind::kKeywordFalse && kind <= TokenKind::kKeywordYield;
}

}  // namespace syntax
