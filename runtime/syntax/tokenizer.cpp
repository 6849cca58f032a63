#include "runtime/syntax/tokenizer.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "runtime/syntax/identifiers.h"
#include "runtime/syntax/utf8.h"

namespace syntax {
namespace {

constexpr std::size_t kTabWidth = 8;

bool is_name_start(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte >= 0x80 || byte == '_' || (byte >= 'a' && byte <= 'z') ||
         (byte >= 'A' && byte <= 'Z');
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool is_name_part(char character) { return is_name_start(character) || is_digit(character); }

char closing_of(char bracket) { return bracket == '(' ? ')' : bracket == '[' ? ']' : '}'; }

std::string quoted(char character) { return std::string("'") + character + "'"; }

std::string code_point_text(char32_t code_point) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "U+%04X", static_cast<unsigned>(code_point));
  return text.data();
}

}  // namespace

std::optional<Tokenizer::OpenBracket> Tokenizer::open_bracket() const {
  if (brackets_.empty()) return std::nullopt;
  return brackets_.back();
}

bool Tokenizer::at_level_of_field() const {
  return in_field_of_f_string() && !f_strings_.back().field_levels.empty() &&
         f_strings_.back().field_levels.back() == brackets_.size();
}

void Tokenizer::go_to_next_line() {
  ++at_;
  ++line_;
  line_start_ = at_;
}

Token Tokenizer::make(TokenKind kind, const Start& start) const {
  Token token;
  token.kind = kind;
  token.level = static_cast<std::uint16_t>(brackets_.size());
  token.start = start.offset;
  token.end = at_;
  token.line = start.line;
  token.column = start.offset - start.line_start;
  token.end_line = line_;
  token.end_column = at_ - line_start_;
  return token;
}

Token Tokenizer::zero_width(TokenKind kind) const { return make(kind, here()); }

Token Tokenizer::next() {
  if (problem_) return zero_width(TokenKind::kMistake);
  if (!f_strings_.empty() && f_strings_.back().in_text) return read_f_string_text();
  for (;;) {
    if (at_line_begin_) {
      at_line_begin_ = false;
      line_has_tokens_ = false;
      if (std::optional<Token> token = read_indentation()) return *token;
    }
    if (pending_dedents_ > 0) {
      --pending_dedents_;
      return zero_width(TokenKind::kDedent);
    }
    std::optional<Token> problem;
    if (!skip_space(problem)) return *problem;
    if (is_at_end()) return end_of_text();
    const Start start = here();
    const char character = peek();
    if (character == '\n') {
      if (line_has_tokens_ && brackets_.empty()) {
        Token token = zero_width(TokenKind::kNewline);
        ++token.end_column;
        go_to_next_line();
        at_line_begin_ = true;
        return token;
      }
      go_to_next_line();
      if (brackets_.empty()) at_line_begin_ = true;
      continue;
    }
    line_has_tokens_ = true;
    if (is_name_start(character)) {
      if (std::optional<Token> string = read_prefix_or_string(start)) return *string;
      return read_name(start);
    }
    if (is_digit(character) || (character == '.' && is_digit(peek(1)))) return read_number(start);
    if (character == '"' || character == '\'') return read_string(start);
    return read_operator(start);
  }
}

Token Tokenizer::end_of_text() {
  if (!brackets_.empty()) {
    const OpenBracket bracket = brackets_.back();
    const Token token = mistake_in_parser_shape(
        ProblemKind::kSyntaxError, bracket.line,
        static_cast<int>(count_characters(tree_.line(bracket.line).substr(0, bracket.column))) + 1,
        0, quoted(bracket.character) + " was never closed");
    if (bracket.line + 1 < line_ && problem_->text->ends_with('\n')) problem_->text->pop_back();
    return token;
  }
  if (line_has_tokens_) {  // only behind a backslash does the last line lack a newline
    line_has_tokens_ = false;
    return zero_width(TokenKind::kNewline);
  }
  if (indentations_.size() > 1) {
    pending_dedents_ = static_cast<int>(indentations_.size()) - 2;
    indentations_.resize(1);
    return zero_width(TokenKind::kDedent);
  }
  return zero_width(TokenKind::kEnd);
}

// Spaces, form feeds, comments and joined lines.
bool Tokenizer::skip_space(std::optional<Token>& problem) {
  for (;;) {
    const char character = peek();
    if (character == ' ' || character == '\t' || character == '\f') {
      ++at_;
    } else if (character == '#') {
      const std::size_t end = text_.find('\n', at_);
      at_ = static_cast<std::uint32_t>(std::min(end, text_.size()));
    } else if (character == '\\') {
      if (!continue_line(problem)) return false;
    } else {
      return true;
    }
  }
}

// A backslash at the end of a line.
bool Tokenizer::continue_line(std::optional<Token>& problem) {
  ++at_;
  if (peek() != '\n') {
    problem = mistake_in_parser_shape(
        ProblemKind::kSyntaxError, line_,
        static_cast<int>(count_characters(text_.substr(line_start_, at_ - line_start_))) + 1, 0,
        "unexpected character after line continuation character");
    return false;
  }
  if (at_ + 1 >= text_.size()) {
    if (!brackets_.empty()) {
      problem = end_of_text();
      return false;
    }
    const int offset =
        static_cast<int>(count_characters(text_.substr(line_start_, at_ - line_start_)));
    problem = mistake_in_parser_shape(ProblemKind::kSyntaxError, line_, offset + 1, -1,
                                      "unexpected EOF while parsing");
    return false;
  }
  go_to_next_line();
  return true;
}

// At the beginning of a line: how far is it indented? Lines with nothing but space and comment do
// not count.
std::optional<Token> Tokenizer::read_indentation() {
  Indentation found;
  std::optional<std::size_t> column_of_first_line;
  for (;; ++at_) {
    const char character = peek();
    if (character == ' ') {
      ++found.column;
      ++found.alternate_column;
    } else if (character == '\t') {
      found.column = (found.column / kTabWidth + 1) * kTabWidth;
      ++found.alternate_column;
    } else if (character == '\f') {
      found = {};
    } else if (character == '\\') {
      // The indentation before a joined line counts, not the one behind.
      if (!column_of_first_line || *column_of_first_line == 0) column_of_first_line = found.column;
      std::optional<Token> problem;
      if (!continue_line(problem)) return problem;
      --at_;
    } else {
      break;
    }
  }
  if (is_at_end() || peek() == '#' || peek() == '\n') return std::nullopt;
  if (column_of_first_line && *column_of_first_line != 0) {
    found.column = *column_of_first_line;
    found.alternate_column = *column_of_first_line;
  }
  if (!brackets_.empty()) return std::nullopt;
  return change_indentation(found);
}

std::optional<Token> Tokenizer::change_indentation(const Indentation& found) {
  const auto mixed = [this] {
    return mistake_in_parser_shape(ProblemKind::kTabError, line_, 1, 0,
                                   "inconsistent use of tabs and spaces in indentation");
  };
  if (found.column == indentations_.back().column) {
    if (found.alternate_column != indentations_.back().alternate_column) return mixed();
    return std::nullopt;
  }
  if (found.column > indentations_.back().column) {
    if (indentations_.size() >= kMostIndentations) {
      return mistake_in_parser_shape(ProblemKind::kIndentationError, line_, 1, 0,
                                     "too many levels of indentation");
    }
    if (found.alternate_column <= indentations_.back().alternate_column) return mixed();
    indentations_.push_back(found);
    return zero_width(TokenKind::kIndent);
  }
  while (indentations_.size() > 1 && found.column < indentations_.back().column) {
    ++pending_dedents_;
    indentations_.pop_back();
  }
  if (found.column != indentations_.back().column) {
    const std::string_view line = tree_.line(line_);
    return mistake_in_parser_shape(ProblemKind::kIndentationError, line_,
                                   static_cast<int>(count_characters(line)), -1,
                                   "unindent does not match any outer indentation level");
  }
  if (found.alternate_column != indentations_.back().alternate_column) return mixed();
  return std::nullopt;
}

Token Tokenizer::read_name(const Start& start) {
  bool is_ascii = true;
  while (!is_at_end() && is_name_part(text_[at_])) {
    is_ascii = is_ascii && static_cast<unsigned char>(text_[at_]) < 0x80;
    ++at_;
  }
  const std::string_view name = text_.substr(start.offset, at_ - start.offset);
  if (is_ascii) return make(keyword_or_name(name), start);
  if (const std::optional<std::size_t> bad = find_bad_identifier_character(name)) {
    const DecodedCharacter character = decode_character(name.substr(*bad));
    at_ = start.offset + static_cast<std::uint32_t>(*bad + character.length);
    if (is_printable(character.code_point)) {
      return mistake("invalid character '" + std::string(name.substr(*bad, character.length)) +
                     "' (" + code_point_text(character.code_point) + ")");
    }
    return mistake("invalid non-printable character " + code_point_text(character.code_point));
  }
  return make(TokenKind::kName, start);
}

Token Tokenizer::read_operator(const Start& start) {
  const char first = peek();
  if (first == ':' && at_level_of_field()) {
    // In `f"{x:=5}"` the colon begins the format.
    ++at_;
    f_strings_.back().in_text = true;
    f_strings_.back().in_format_spec = true;
    return make(TokenKind::kColon, start);
  }
  switch (first) {
    case '(':
    case '[':
    case '{':
      return open(start, first);
    case ')':
    case ']':
    case '}':
      return close(start, first);
    default:
      break;
  }
  static constexpr std::array kOperators = {
#define SYNTAX_OPERATOR(name, text) \
  std::pair<std::string_view, TokenKind>{text, TokenKind::k##name},
#include "runtime/syntax/tokens.def"
  };
  const std::string_view rest = text_.substr(at_, 3);
  std::size_t length = 0;
  TokenKind kind = TokenKind::kUnknown;
  for (const auto& [text, operator_kind] : kOperators) {
    if (text.size() > length && rest.starts_with(text)) {
      length = text.size();
      kind = operator_kind;
    }
  }
  if (length != 0) {
    at_ += static_cast<std::uint32_t>(length);
    return make(kind, start);
  }
  ++at_;
  if (static_cast<unsigned char>(first) < 0x20 || first == 0x7F) {
    return mistake("invalid non-printable character " +
                   code_point_text(static_cast<unsigned char>(first)));
  }
  return make(TokenKind::kUnknown, start);
}

Token Tokenizer::open(const Start& start, char bracket) {
  ++at_;
  if (brackets_.size() >= kMostBrackets) return mistake("too many nested parentheses");
  brackets_.push_back({bracket, line_, start.offset - start.line_start});
  return make(bracket == '('   ? TokenKind::kLeftParenthesis
              : bracket == '[' ? TokenKind::kLeftBracket
                               : TokenKind::kLeftBrace,
              start);
}

Token Tokenizer::close(const Start& start, char bracket) {
  const bool closes_field = bracket == '}' && at_level_of_field();
  const bool in_field = in_field_of_f_string();
  ++at_;
  if (in_field && bracket == '}' && f_strings_.back().field_levels.empty()) {
    return mistake("f-string: single '}' is not allowed");
  }
  if (brackets_.empty()) return mistake("unmatched " + quoted(bracket));
  const OpenBracket opening = brackets_.back();
  if (closing_of(opening.character) != bracket) {
    if (in_field && !f_strings_.back().field_levels.empty() &&
        f_strings_.back().field_levels.back() == brackets_.size()) {
      return mistake("f-string: unmatched " + quoted(bracket));
    }
    std::string message = "closing parenthesis " + quoted(bracket) +
                          " does not match opening parenthesis " + quoted(opening.character);
    if (opening.line != line_) message += " on line " + std::to_string(opening.line);
    return mistake(std::move(message));
  }
  brackets_.pop_back();
  if (closes_field) {
    OpenFString& string = f_strings_.back();
    string.field_levels.pop_back();
    string.in_text = true;
    string.in_format_spec = !string.field_levels.empty();
  }
  return make(bracket == ')'   ? TokenKind::kRightParenthesis
              : bracket == ']' ? TokenKind::kRightBracket
                               : TokenKind::kRightBrace,
              start);
}

// --- Mistakes ------------------------------------------------------------------------------------

// CPython shows the line of a tokenizer's mistake without its newline and points to the last
// character read.
Token Tokenizer::mistake_at(std::uint32_t line, std::uint32_t line_start, std::uint32_t end,
                            std::string message) {
  SyntaxProblem problem;
  problem.message = std::move(message);
  problem.line = static_cast<int>(line);
  problem.offset = static_cast<int>(count_characters(text_.substr(line_start, end - line_start)));
  problem.end_line = problem.line;
  problem.end_offset = problem.offset;
  std::string_view shown = tree_.line(line);
  if (shown.ends_with('\n')) shown.remove_suffix(1);
  problem.text = std::string(shown);
  problem_ = std::move(problem);
  is_problem_of_text_ = true;
  return zero_width(TokenKind::kMistake);
}

Token Tokenizer::mistake(std::string message) {
  return mistake_at(line_, line_start_, at_, std::move(message));
}

Token Tokenizer::mistake_between(std::uint32_t start, std::uint32_t end, std::string message) {
  mistake_at(line_, line_start_, start + 1, std::move(message));
  problem_->end_offset =
      static_cast<int>(count_characters(text_.substr(line_start_, end - line_start_)));
  return zero_width(TokenKind::kMistake);
}

Token Tokenizer::mistake_in_parser_shape(ProblemKind kind, std::uint32_t line, int offset,
                                         int end_offset, std::string message) {
  SyntaxProblem problem;
  problem.kind = kind;
  problem.message = std::move(message);
  problem.line = static_cast<int>(line);
  problem.offset = offset;
  problem.end_line = problem.line;
  problem.end_offset = end_offset;
  problem.text = std::string(tree_.line(line));
  problem_ = std::move(problem);
  return zero_width(TokenKind::kMistake);
}

}  // namespace syntax
