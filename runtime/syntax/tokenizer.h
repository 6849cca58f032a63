// Text -> tokens, one at a time.
//
// Between tokens the tokenizer remembers how far it is, which indentations and brackets are open,
// and in which f-strings it stands: text of an f-string and expressions inside its braces take
// turns, to any depth (PEP 701). It never looks back and hardly ahead, so its work is linear. The
// first mistake ends it: a token kMistake, whose explanation is problem().
//
// What names and literals mean is not decided here: see identifiers.h and literals.h.
//
// Ancestry: https://docs.python.org/3/reference/lexical_analysis.html; CPython's
// Parser/lexer/lexer.c for messages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/syntax/parse.h"
#include "runtime/syntax/token.h"

namespace syntax {

class Tokenizer {
 public:
  struct OpenBracket {
    char character = 0;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
  };

  // The text is what read_source() makes of a source, and outlives the tokenizer.
  explicit Tokenizer(const SyntaxTree& tree) : tree_(tree), text_(tree.source()) {}

  Token next();

  const std::optional<SyntaxProblem>& problem() const { return problem_; }
  // Whether the problem lies in the words themselves, not in indentation or in how the text ends.
  bool is_problem_of_text() const { return is_problem_of_text_; }
  // The innermost bracket that is open where the tokenizer stands.
  std::optional<OpenBracket> open_bracket() const;

  std::vector<SyntaxWarning>& warnings() { return warnings_; }

 private:
  static constexpr std::size_t kMostIndentations = 100;
  static constexpr std::size_t kMostBrackets = 200;
  static constexpr std::size_t kMostFStrings = 150;
  static constexpr std::size_t kMostNestedFields =
      3;  // of one f-string: fields in format specifications

  struct Indentation {
    std::size_t column = 0;            // a tab goes on to the next multiple of 8
    std::size_t alternate_column = 0;  // a tab is one column: disagreement is a TabError
  };

  // An f-string that is open. Its text is read while in_text; else the tokens of a replacement
  // field.
  struct OpenFString {
    char quote = 0;
    int quote_size = 1;
    bool is_raw = false;
    bool in_text = true;
    bool in_format_spec = false;
    std::uint32_t start = 0;
    std::uint32_t line = 0;
    std::uint32_t line_start = 0;
    std::vector<std::size_t>
        field_levels;  // number of open brackets inside each open replacement field
  };

  struct Start {
    std::uint32_t offset = 0;
    std::uint32_t line = 0;
    std::uint32_t line_start = 0;
  };

  char peek(std::uint32_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool is_at_end() const { return at_ >= text_.size(); }
  Start here() const { return {at_, line_, line_start_}; }
  void go_to_next_line();  // over the newline at which it stands

  // tokenizer.cpp
  Token make(TokenKind kind, const Start& start) const;
  Token zero_width(TokenKind kind) const;
  std::optional<Token> read_indentation();
  std::optional<Token> change_indentation(const Indentation& found);
  bool skip_space(std::optional<Token>& mistake);
  bool continue_line(std::optional<Token>& mistake);
  Token read_name(const Start& start);
  Token read_operator(const Start& start);
  Token open(const Start& start, char bracket);
  Token close(const Start& start, char bracket);
  Token end_of_text();

  // tokenizer_numbers.cpp
  Token read_number(const Start& start);
  std::optional<Token> read_digits();  // of a decimal number, with underscores
  std::optional<Token> read_radix_digits(int base, const char* kind_name);
  std::optional<Token> check_end_of_number(const char* kind_name);
  std::optional<Token> read_fraction_and_exponent(bool& is_integer);
  Token read_number_with_leading_zero(const Start& start);

  // tokenizer_strings.cpp
  Token read_string(const Start& start);
  Token start_f_string(const Start& start, char quote, int quote_size, bool is_raw);
  Token read_f_string_text();
  Token unterminated(const OpenFString& string);
  std::optional<Token> read_prefix_or_string(const Start& start);

  Token mistake(std::string message);  // at the character read last
  Token mistake_at(std::uint32_t line, std::uint32_t line_start, std::uint32_t end,
                   std::string message);
  Token mistake_between(std::uint32_t start, std::uint32_t end, std::string message);
  Token mistake_in_parser_shape(ProblemKind kind, std::uint32_t line, int offset, int end_offset,
                                std::string message);
  bool in_field_of_f_string() const { return !f_strings_.empty() && !f_strings_.back().in_text; }
  bool at_level_of_field() const;

  const SyntaxTree& tree_;
  std::string_view text_;
  std::uint32_t at_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t line_start_ = 0;
  bool at_line_begin_ = true;
  bool line_has_tokens_ = false;
  int pending_dedents_ = 0;
  std::vector<Indentation> indentations_ = {Indentation{}};
  std::vector<OpenBracket> brackets_;
  std::vector<OpenFString> f_strings_;
  std::optional<SyntaxProblem> problem_;
  bool is_problem_of_text_ = false;
  std::vector<SyntaxWarning> warnings_;
};

}  // namespace syntax
