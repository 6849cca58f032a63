// Strings and f-strings. Their values are made in literals.cpp; here is decided where one ends.
#include <algorithm>

#include "runtime/syntax/tokenizer.h"

namespace syntax {
namespace {

char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a')
                                              : character;
}

bool is_quote(char character) { return character == '"' || character == '\''; }

constexpr std::string_view kPrefixLetters = "bfrtu";

}  // namespace

// Letters and a quote: a string, when the letters agree with each other.
std::optional<Token> Tokenizer::read_prefix_or_string(const Start& start) {
  std::uint32_t length = 0;
  while (length < 3 && kPrefixLetters.find(lower(peek(length))) != std::string_view::npos &&
         peek(length) != '\0') {
    ++length;
  }
  if (length == 0 || length > 2 || !is_quote(peek(length))) return std::nullopt;
  const char first = std::min(lower(peek(0)), lower(peek(length - 1)));
  const char second = std::max(lower(peek(0)), lower(peek(length - 1)));
  if (length == 2) {
    if (first == second) return std::nullopt;
    const bool is_good =
        (second == 'r' && (first == 'b' || first == 'f')) || (first == 'r' && second == 't');
    if (!is_good) {
      const std::string_view order = "ubrft";
      const bool in_order = order.find(first) < order.find(second);
      at_ += 2;
      return mistake_between(start.offset, at_,
                             std::string("'") + (in_order ? first : second) + "' and '" +
                                 (in_order ? second : first) + "' prefixes are incompatible");
    }
  }
  at_ += length;
  const bool is_raw = first == 'r' || second == 'r';
  if (first == 't' || second == 't') return mistake("template strings are not supported yet");
  if (first != 'f') return read_string(start);
  const char quote = peek();
  const bool is_triple = peek(1) == quote && peek(2) == quote;
  return start_f_string(start, quote, is_triple ? 3 : 1, is_raw);
}

Token Tokenizer::read_string(const Start& start) {
  const char quote = peek();
  ++at_;
  std::uint32_t quote_size = 1;
  if (peek() == quote && peek(1) == quote) {
    quote_size = 3;
    at_ += 2;
  } else if (peek() == quote) {
    ++at_;
    return make(TokenKind::kString, start);
  }
  bool has_escaped_quote = false;
  std::uint32_t quotes = 0;
  while (quotes < quote_size) {
    if (is_at_end() || (quote_size == 1 && peek() == '\n')) {
      // The tokenizer stays behind the opening quote: the message points there.
      if (!f_strings_.empty() && f_strings_.back().quote == quote &&
          f_strings_.back().quote_size == static_cast<int>(quote_size)) {
        at_ = start.offset + 1;
        return mistake_at(start.line, start.line_start, start.offset + 1,
                          "f-string: expecting '}'");
      }
      // At the end of the text the line counted is the last one that has something in it.
      const std::uint32_t last_line =
          is_at_end() && line_ > start.line && at_ == line_start_ ? line_ - 1 : line_;
      std::string message = quote_size == 3 ? "unterminated triple-quoted string literal"
                                            : "unterminated string literal";
      message += " (detected at line " + std::to_string(last_line) + ")";
      if (has_escaped_quote && quote_size == 1) message += "; perhaps you escaped the end quote";
      return mistake_at(start.line, start.line_start, start.offset + 1, std::move(message));
    }
    const char character = peek();
    if (character == quote) {
      ++quotes;
      ++at_;
      continue;
    }
    quotes = 0;
    if (character == '\n') {
      go_to_next_line();
    } else if (character == '\\') {
      ++at_;
      if (peek() == quote) has_escaped_quote = true;
      if (peek() == '\n') {
        go_to_next_line();
      } else if (!is_at_end()) {
        ++at_;
      }
    } else {
      ++at_;
    }
  }
  return make(TokenKind::kString, start);
}

Token Tokenizer::start_f_string(const Start& start, char quote, int quote_size, bool is_raw) {
  at_ += static_cast<std::uint32_t>(quote_size);
  if (f_strings_.size() >= kMostFStrings) return mistake("too many nested f-strings or t-strings");
  OpenFString string;
  string.quote = quote;
  string.quote_size = quote_size;
  string.is_raw = is_raw;
  string.start = start.offset;
  string.line = start.line;
  string.line_start = start.line_start;
  Token token = make(TokenKind::kFStringStart, start);
  token.is_raw = is_raw;
  f_strings_.push_back(std::move(string));
  return token;
}

Token Tokenizer::unterminated(const OpenFString& string) {
  std::string message = string.quote_size == 3 ? "unterminated triple-quoted f-string literal"
                                               : "unterminated f-string literal";
  const std::uint32_t last_line =
      is_at_end() && line_ > string.line && at_ == line_start_ ? line_ - 1 : line_;
  message += " (detected at line " + std::to_string(last_line) + ")";
  return mistake_at(string.line, string.line_start, string.start + 1, std::move(message));
}

// The text of an f-string up to the next replacement field, or its end.
Token Tokenizer::read_f_string_text() {
  OpenFString& string = f_strings_.back();
  const Start start = here();
  const auto quotes_here = [&] {
    for (int index = 0; index < string.quote_size; ++index) {
      if (peek(static_cast<std::uint32_t>(index)) != string.quote) return false;
    }
    return true;
  };
  const auto middle = [&] {
    Token token = make(TokenKind::kFStringMiddle, start);
    token.is_raw = string.is_raw;
    return token;
  };
  for (;;) {
    if (is_at_end()) return unterminated(string);
    const char character = peek();
    if (character == '\n') {
      if (string.quote_size == 1) {
        if (string.in_format_spec) {
          return mistake(
              "f-string: newlines are not allowed in format specifiers for single quoted "
              "f-strings");
        }
        return unterminated(string);
      }
      go_to_next_line();
    } else if (quotes_here()) {
      if (string.in_format_spec) {
        // The field is not closed: the parser sees the end of the string in the place of its brace.
        const std::size_t level = string.field_levels.front() - 1;
        if (at_ != start.offset) return middle();
        at_ += static_cast<std::uint32_t>(string.quote_size);
        brackets_.resize(level);
        const Token token = make(TokenKind::kFStringEnd, start);
        f_strings_.pop_back();
        return token;
      }
      if (at_ != start.offset) return middle();
      at_ += static_cast<std::uint32_t>(string.quote_size);
      const Token token = make(TokenKind::kFStringEnd, start);
      f_strings_.pop_back();
      return token;
    } else if (character == '{') {
      if (peek(1) == '{' && !string.in_format_spec) {
        at_ += 2;
        continue;
      }
      if (at_ != start.offset) return middle();
      string.in_text = false;
      string.in_format_spec = false;
      Token token = open(start, '{');
      string.field_levels.push_back(brackets_.size());
      if (string.field_levels.size() > kMostNestedFields)
        return mistake("f-string: expressions nested too deeply");
      return token;
    } else if (character == '}') {
      if (peek(1) == '}' && !string.in_format_spec) {
        at_ += 2;
        continue;
      }
      if (at_ != start.offset) return middle();
      string.in_text = false;
      string.in_format_spec = false;
      return close(start, '}');
    } else if (character == '\\') {
      ++at_;
      const char escaped = peek();
      if (escaped == '{' || escaped == '}') continue;
      if (escaped == 'N' && peek(1) == '{' && !string.is_raw) {
        const std::size_t close_brace = text_.find_first_of("}\n\"'{", at_ + 2);
        if (close_brace != std::string_view::npos && text_[close_brace] == '}') {
          at_ = static_cast<std::uint32_t>(close_brace) + 1;
          continue;
        }
        ++at_;
        continue;
      }
      if (escaped == '\n') {
        go_to_next_line();
      } else if (!is_at_end()) {
        ++at_;
      }
    } else {
      ++at_;
    }
  }
}

}  // namespace syntax
