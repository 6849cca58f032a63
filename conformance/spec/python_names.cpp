// A tokenizer and, on its logical lines, one small rule for each statement that binds.
//
// Inside brackets only := binds (a comprehension's targets are its own, = is a keyword argument),
// and a target list is read as: names that are not followed by a dot, a bracket or a call. That is
// all a lint rule needs.
#include "conformance/spec/python_names.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace conformance {

namespace {

struct Token {
  enum class Type { Name, Literal, Operator };
  Type type = Type::Operator;
  std::string_view text;
  int line = 0;
  int depth = 0;  // brackets around it; an opening and its closing bracket count as outside
};

struct LogicalLine {
  int indentation = 0;
  std::vector<Token> tokens;
};

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9') ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  std::vector<LogicalLine> lines() {
    measure_indentation();
    while (at_ < text_.size()) step();
    end_logical_line();
    return std::move(lines_);
  }

  std::string unclosed() const {
    if (in_string_) return "a string";
    if (!brackets_.empty()) return std::string("'") + brackets_.back() + "'";
    return "";
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  void step() {
    const char c = peek();
    if (c == '\n') {
      ++at_;
      ++line_;
      if (brackets_.empty()) {
        end_logical_line();
        measure_indentation();
      }
    } else if (c == '\\' && peek(1) == '\n') {
      at_ += 2;
      ++line_;
    } else if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == ' ' || c == '\t') {
      ++at_;
    } else if (c == '\'' || c == '"') {
      string(at_);
    } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
      number();
    } else if (is_name_byte(c)) {
      name();
    } else {
      sign();
    }
  }

  void measure_indentation() {
    const std::size_t end = text_.find_first_not_of(" \t", at_);
    line_being_built_.indentation = static_cast<int>(std::min(end, text_.size()) - at_);
  }

  void end_logical_line() {
    if (!line_being_built_.tokens.empty()) lines_.push_back(std::move(line_being_built_));
    line_being_built_ = LogicalLine();
  }

  void push(Token::Type type, std::size_t start, int line) {
    line_being_built_.tokens.push_back(
        {type, text_.substr(start, at_ - start), line, static_cast<int>(brackets_.size())});
  }

  void name() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_name_byte(text_[at_])) ++at_;
    const bool is_prefix =
        (peek() == '\'' || peek() == '"') && at_ - start <= 2 &&
        text_.substr(start, at_ - start).find_first_not_of("rbuftRBUFT") == std::string_view::npos;
    if (is_prefix) return string(start);
    push(Token::Type::Name, start, line_);
  }

  void number() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_name_byte(text_[at_]) || text_[at_] == '.')) ++at_;
    push(Token::Type::Literal, start, line_);
  }

  void string(std::size_t start) {
    const char quote = peek();
    const int first_line = line_;
    const bool is_long = peek(1) == quote && peek(2) == quote;
    const std::string_view closing = text_.substr(at_, is_long ? 3 : 1);
    at_ += closing.size();
    in_string_ = true;
    while (at_ < text_.size()) {
      if (text_.substr(at_, closing.size()) == closing) {
        at_ += closing.size();
        in_string_ = false;
        break;
      }
      if (text_[at_] == '\n') {
        if (!is_long) break;  // a mistake; go on with the next line, and remember
        ++line_;
      } else if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        if (text_[at_] == '\n') ++line_;
      }
      ++at_;
    }
    push(Token::Type::Literal, start, first_line);
  }

  void sign() {
    static constexpr std::array<std::string_view, 24> kSigns = {
        "**=", "//=", ">>=", "<<=", "...", ":=", "==", "!=", "<=", ">=", "->", "+=",
        "-=",  "*=",  "/=",  "%=",  "&=",  "|=", "^=", "@=", "**", "//", "<<", ">>"};
    const std::size_t start = at_;
    const char c = peek();
    if (c == ')' || c == ']' || c == '}') {
      if (!brackets_.empty()) brackets_.pop_back();
      ++at_;
      return push(Token::Type::Operator, start, line_);
    }
    std::size_t length = 1;
    for (const std::string_view sign : kSigns) {
      if (text_.substr(at_, sign.size()) == sign) {
        length = sign.size();
        break;
      }
    }
    at_ += length;
    push(Token::Type::Operator, start, line_);
    if (c == '(' || c == '[' || c == '{') brackets_.push_back(c);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 0;
  std::string brackets_;
  bool in_string_ = false;
  LogicalLine line_being_built_;
  std::vector<LogicalLine> lines_;
};

using Tokens = std::span<const Token>;

bool is_sign(const Token& token, std::string_view sign) {
  return token.type == Token::Type::Operator && token.text == sign;
}
bool is_word(const Token& token, std::string_view word) {
  return token.type == Token::Type::Name && token.text == word;
}

// Where at the depth of the first token the first token satisfies; the size where none does.
// `lambda` has a colon and equals signs of its own: what stands from `lambda` to its colon is
// passed over.
template <typename Predicate>
std::size_t find_outside(Tokens tokens, Predicate predicate) {
  if (tokens.empty()) return 0;
  const int depth = tokens[0].depth;
  int lambdas = 0;
  for (std::size_t index = 0; index < tokens.size(); ++index) {
    const Token& token = tokens[index];
    if (token.depth != depth) continue;
    if (is_word(token, "lambda")) {
      ++lambdas;
    } else if (lambdas > 0) {
      if (is_sign(token, ":")) --lambdas;
    } else if (predicate(token)) {
      return index;
    }
  }
  return tokens.size();
}

std::size_t find_sign(Tokens tokens, std::string_view sign) {
  return find_outside(tokens, [&](const Token& token) { return is_sign(token, sign); });
}

class Binder {
 public:
  explicit Binder(PythonNames& names) : names_(names) {}

  void line(const LogicalLine& line) {
    bool nested = function_indentation_ >= 0 && line.indentation > function_indentation_;
    if (!nested) function_indentation_ = -1;
    Tokens rest = line.tokens;
    while (!rest.empty()) {
      const std::size_t length = find_sign(rest, ";");
      nested = statement(rest.first(length), line.indentation, nested);
      rest = rest.subspan(std::min(length + 1, rest.size()));
    }
  }

  void leave_out_globals() {
    std::erase_if(names_.bound, [&](const PythonName& bound) {
      return std::any_of(globals_.begin(), globals_.end(),
                         [&](const PythonName& global) { return global.name == bound.name; });
    });
  }

 private:
  // Returns whether what follows on the same line stands in a nested function or class.
  bool statement(Tokens tokens, int indentation, bool nested) {
    while (!tokens.empty()) {
      if (is_word(tokens[0], "async")) tokens = tokens.subspan(1);
      if (tokens.empty()) break;
      const bool is_definition = is_word(tokens[0], "def") || is_word(tokens[0], "class");
      if (!is_definition && !is_compound(tokens)) {
        simple_statement(tokens, nested);
        break;
      }
      const std::size_t colon = find_sign(tokens, ":");
      if (is_definition && !nested) {
        if (tokens.size() > 1) bind(tokens[1]);
        function_indentation_ = indentation;
        nested = true;
      } else if (!nested) {
        header(tokens.first(colon));
      }
      // `if x: y = 1`: what follows the colon is a statement again.
      tokens = tokens.subspan(std::min(colon + 1, tokens.size()));
    }
    return nested;
  }

  void simple_statement(Tokens tokens, bool nested) {
    const Token& first = tokens[0];
    if (is_word(first, "nonlocal")) return every_name(tokens.subspan(1), names_.outside);
    if (nested) return;
    if (is_word(first, "global")) {
      every_name(tokens.subspan(1), globals_);
    } else if (is_word(first, "import")) {
      import_names(tokens.subspan(1), true);
    } else if (is_word(first, "from")) {
      const auto at =
          find_outside(tokens, [](const Token& token) { return is_word(token, "import"); });
      import_names(tokens.subspan(std::min(at + 1, tokens.size())), false);
    } else if (is_word(first, "del")) {
      targets(tokens.subspan(1));
    } else {
      walruses(tokens);
      assignment(tokens);
    }
  }

  static bool is_compound(Tokens tokens) {
    static constexpr std::array<std::string_view, 9> kWords = {
        "if", "elif", "else", "while", "for", "with", "try", "except", "finally"};
    const auto is_first = [&](std::string_view word) { return is_word(tokens[0], word); };
    return std::any_of(kWords.begin(), kWords.end(), is_first) || is_soft_compound(tokens);
  }

  // `match` and `case` are ordinary names unless a colon ends their line's header and no `=` comes
  // before it.
  static bool is_soft_compound(Tokens tokens) {
    if (!is_word(tokens[0], "match") && !is_word(tokens[0], "case")) return false;
    if (tokens.size() < 3) return false;
    static constexpr std::array<std::string_view, 6> kNot = {"=", ":", ".", ",", ")", ":="};
    const auto is_second = [&](std::string_view sign) { return is_sign(tokens[1], sign); };
    return std::none_of(kNot.begin(), kNot.end(), is_second) &&
           find_sign(tokens, ":") < find_sign(tokens, "=");
  }

  void header(Tokens tokens) {
    const Token& first = tokens[0];
    walruses(tokens);
    if (is_word(first, "for")) {
      const auto in = find_outside(tokens, [](const Token& token) { return is_word(token, "in"); });
      targets(tokens.first(in).subspan(1));
    } else if (is_word(first, "case")) {
      const auto guard =
          find_outside(tokens, [](const Token& token) { return is_word(token, "if"); });
      pattern(tokens.first(guard).subspan(1));
    } else if (is_word(first, "with") || is_word(first, "except")) {
      for (std::size_t index = 1; index + 1 < tokens.size(); ++index) {
        if (!is_word(tokens[index], "as")) continue;
        const Tokens rest = tokens.subspan(index + 1);
        const std::size_t end = find_outside(
            rest, [](const Token& token) { return is_sign(token, ",") || is_sign(token, ")"); });
        targets(rest.first(enclosed(rest, end)));
      }
    }
  }

  // A parenthesised `with (a as b):` ends below the depth of its target; stop there.
  static std::size_t enclosed(Tokens tokens, std::size_t end) {
    for (std::size_t index = 0; index < end; ++index) {
      if (tokens[index].depth < tokens[0].depth) return index;
    }
    return end;
  }

  void assignment(Tokens tokens) {
    const std::size_t augmented = find_outside(tokens, [](const Token& token) {
      return token.type == Token::Type::Operator && token.text.size() >= 2 &&
             token.text.back() == '=' && token.text != "==" && token.text != "!=" &&
             token.text != "<=" && token.text != ">=" && token.text != ":=";
    });
    if (augmented < tokens.size()) return targets(tokens.first(augmented));
    const std::size_t colon = find_sign(tokens, ":");
    if (colon < find_sign(tokens, "=")) return targets(tokens.first(colon));
    Tokens rest = tokens;
    for (std::size_t equals = find_sign(rest, "="); equals < rest.size();
         equals = find_sign(rest, "=")) {
      targets(rest.first(equals));
      rest = rest.subspan(equals + 1);
    }
  }

  // Names in a target list: a, (b, c), [d], *e - but not f.g, h[i], j().
  void targets(Tokens tokens) {
    bool in_trailer = false;
    int trailer_depth = 0;
    for (std::size_t index = 0; index < tokens.size(); ++index) {
      const Token& token = tokens[index];
      if (in_trailer) {
        if (token.depth > trailer_depth) continue;
        in_trailer = false;  // its closing bracket
        continue;
      }
      const bool opens = is_sign(token, "[") || is_sign(token, "(");
      if (opens && index > 0 && ends_operand(tokens[index - 1])) {
        in_trailer = true;
        trailer_depth = token.depth;
        continue;
      }
      if (token.type != Token::Type::Name) continue;
      if (index > 0 && is_sign(tokens[index - 1], ".")) continue;
      if (index + 1 < tokens.size() && begins_trailer(tokens[index + 1])) continue;
      bind(token);
    }
  }

  static bool ends_operand(const Token& token) {
    return token.type != Token::Type::Operator || is_sign(token, ")") || is_sign(token, "]");
  }
  static bool begins_trailer(const Token& token) {
    return is_sign(token, ".") || is_sign(token, "[") || is_sign(token, "(");
  }

  // Captures of a pattern: plain names that are no class, no dotted value, no keyword of a class
  // pattern, not `_`.
  void pattern(Tokens tokens) {
    for (std::size_t index = 0; index < tokens.size(); ++index) {
      const Token& token = tokens[index];
      if (token.type != Token::Type::Name || is_word(token, "as") || is_word(token, "_")) continue;
      if (is_word(token, "None") || is_word(token, "True") || is_word(token, "False")) continue;
      if (index > 0 && is_sign(tokens[index - 1], ".")) continue;
      const bool has_next = index + 1 < tokens.size();
      if (has_next && (is_sign(tokens[index + 1], ".") || is_sign(tokens[index + 1], "(") ||
                       is_sign(tokens[index + 1], "="))) {
        continue;
      }
      bind(token);
    }
  }

  // `import a.b, c as d` binds a and d; `from m import (e, f as g)` binds e and g.
  void import_names(Tokens tokens, bool dotted) {
    for (std::size_t index = 0; index < tokens.size(); ++index) {
      const Token& token = tokens[index];
      if (token.type != Token::Type::Name || is_word(token, "as")) continue;
      if (dotted && index > 0 && is_sign(tokens[index - 1], ".")) continue;
      std::size_t after = index + 1;
      while (dotted && after + 1 < tokens.size() && is_sign(tokens[after], ".")) after += 2;
      if (after < tokens.size() && is_word(tokens[after], "as")) continue;
      bind(token);
    }
  }

  void walruses(Tokens tokens) {
    for (std::size_t index = 1; index < tokens.size(); ++index) {
      if (is_sign(tokens[index], ":=")) bind(tokens[index - 1]);
    }
  }

  static void every_name(Tokens tokens, std::vector<PythonName>& into) {
    for (const Token& token : tokens) {
      if (token.type == Token::Type::Name) into.push_back({std::string(token.text), token.line});
    }
  }

  void bind(const Token& token) {
    if (token.type == Token::Type::Name)
      names_.bound.push_back({std::string(token.text), token.line});
  }

  PythonNames& names_;
  std::vector<PythonName> globals_;
  int function_indentation_ = -1;  // of the def or class whose body is being passed over; -1: none
};

}  // namespace

PythonNames scan_python(std::string_view text) {
  PythonNames names;
  Tokenizer tokenizer(text);
  Binder binder(names);
  for (const LogicalLine& line : tokenizer.lines()) binder.line(line);
  binder.leave_out_globals();
  names.unclosed = tokenizer.unclosed();
  return names;
}

}  // namespace conformance
