// Recursive descent over the grammar in condition.h, a small tree, and its evaluation to "a fact or
// absent".
//
// Evaluation never fails: whatever is absent or of another kind makes a comparison false, as the
// contract says. What can be seen without facts (a string compared with `version`) is refused when
// the condition is read, because it would silently switch off a claim. Nesting is limited so that
// no text can exhaust the stack.
#include "conformance/spec/condition.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <utility>

namespace conformance {

struct Condition::Node {
  enum class Type { Or, And, Not, Compare, Name, Literal };
  Type type = Type::Literal;
  std::string name;  // Name: the fact; Compare: the operator
  Fact literal;      // Literal
  std::vector<std::shared_ptr<const Node>> operands;
  std::string source;  // as written, for why_not()
};

namespace {

using Node = Condition::Node;
using NodePointer = std::shared_ptr<Node>;

constexpr int kMaximumNesting = 50;

enum class ValueKind { Unknown, Bool, Integer, String, Version };

const char* name_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::Bool:
      return "True or False";
    case ValueKind::Integer:
      return "an integer";
    case ValueKind::String:
      return "a string";
    case ValueKind::Version:
      return "a version";
    case ValueKind::Unknown:
      break;
  }
  return "unknown";
}

ValueKind kind_of(const Fact& fact) {
  if (std::holds_alternative<bool>(fact)) return ValueKind::Bool;
  if (std::holds_alternative<std::int64_t>(fact)) return ValueKind::Integer;
  if (std::holds_alternative<std::string>(fact)) return ValueKind::String;
  return ValueKind::Version;
}

ValueKind kind_of(const Node& node) {
  switch (node.type) {
    case Node::Type::Literal:
      return kind_of(node.literal);
    case Node::Type::Name:
      if (node.name == "version") return ValueKind::Version;
      if (node.name == "cpus" || node.name == "bits") return ValueKind::Integer;
      if (node.name == "release" || node.name == "implementation" || node.name == "platform") {
        return ValueKind::String;
      }
      return ValueKind::Unknown;
    default:
      return ValueKind::Bool;
  }
}

bool comparable(ValueKind left, ValueKind right) {
  if (left == right || left == ValueKind::Unknown || right == ValueKind::Unknown) return true;
  const auto both = [&](ValueKind one, ValueKind other) {
    return (left == one && right == other) || (left == other && right == one);
  };
  return both(ValueKind::Bool, ValueKind::Integer) || both(ValueKind::Integer, ValueKind::Version);
}

// --- reading

struct Token {
  enum class Type { Name, Number, String, Operator, End };
  Type type = Type::End;
  std::string_view text;  // of a string: without its quotes
  int offset = 0;
  int end = 0;
};

struct Failure {
  Condition::Error error;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Parser {
 public:
  Parser(std::string_view text, std::vector<std::string>& names) : text_(text), names_(names) {
    advance();
  }

  NodePointer parse() {
    if (token_.type == Token::Type::End) {
      fail(token_, "the condition is empty", "leave `where` out where it always holds");
    }
    NodePointer root = disjunction();
    if (token_.type == Token::Type::End) return root;
    if (token_.text == ")") fail(token_, "')' without '('");
    if (is_word("in") || is_word("is")) {
      fail(token_, fmt::format("there is no '{}' in conditions", token_.text),
           "compare with == and join with 'or'");
    }
    fail(token_, fmt::format("expected 'and', 'or' or the end, found '{}'", token_.text));
  }

 private:
  [[noreturn]] static void fail(const Token& token, std::string message, std::string advice = "") {
    throw Failure{{token.offset, std::move(message), std::move(advice)}};
  }

  bool is_word(std::string_view word) const {
    return token_.type == Token::Type::Name && token_.text == word;
  }
  bool is_operator(std::string_view text) const {
    return token_.type == Token::Type::Operator && token_.text == text;
  }

  // Restores the depth on the way out; refuses what is nested too deeply on the way in.
  class Deeper {
   public:
    explicit Deeper(Parser& parser) : parser_(parser) {
      if (++parser_.depth_ > kMaximumNesting)
        fail(parser_.token_, "the condition is nested too deeply");
    }
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    Parser& parser_;
  };

  NodePointer chain(Node::Type type, std::string_view word, NodePointer (Parser::*part)()) {
    const int start = token_.offset;
    NodePointer first = (this->*part)();
    if (!is_word(word)) return first;
    auto node = make(type);
    node->operands.push_back(std::move(first));
    while (is_word(word)) {
      advance();
      node->operands.push_back((this->*part)());
    }
    close(*node, start);
    return node;
  }

  NodePointer disjunction() { return chain(Node::Type::Or, "or", &Parser::conjunction); }
  NodePointer conjunction() { return chain(Node::Type::And, "and", &Parser::negation); }

  NodePointer negation() {
    if (!is_word("not")) return comparison();
    const Deeper deeper(*this);
    const int start = token_.offset;
    advance();
    auto node = make(Node::Type::Not);
    node->operands.push_back(negation());
    close(*node, start);
    return node;
  }

  bool at_comparison() const {
    return is_operator("==") || is_operator("!=") || is_operator("<") || is_operator("<=") ||
           is_operator(">") || is_operator(">=");
  }

  NodePointer comparison() {
    const int start = token_.offset;
    NodePointer left = operand();
    if (!at_comparison()) return left;
    const Token sign = token_;
    advance();
    const Token right_token = token_;
    auto node = make(Node::Type::Compare);
    node->name = std::string(sign.text);
    NodePointer right = operand();
    check_kinds(sign, *left, right_token, *right);
    node->operands = {std::move(left), std::move(right)};
    close(*node, start);
    if (at_comparison()) fail(token_, "comparisons do not chain", "write 'a < b and b < c'");
    return node;
  }

  static void check_kinds(const Token& sign, const Node& left, const Token& right_token,
                          const Node& right) {
    const ValueKind left_kind = kind_of(left), right_kind = kind_of(right);
    if (comparable(left_kind, right_kind)) return;
    std::string advice;
    if ((left_kind == ValueKind::Version && right_kind == ValueKind::String) ||
        (left_kind == ValueKind::String && right_kind == ValueKind::Version)) {
      advice = "a version is written without quotes: 3.14";
    }
    const Token& place = right.type == Node::Type::Literal ? right_token : sign;
    fail(place,
         fmt::format("{} is compared with {}; that never holds", name_of(left_kind),
                     name_of(right_kind)),
         std::move(advice));
  }

  NodePointer operand() {
    const int start = token_.offset;
    if (is_operator("(")) {
      const Deeper deeper(*this);
      const Token open = token_;
      advance();
      NodePointer inside = disjunction();
      if (!is_operator(")")) {
        if (token_.type == Token::Type::End) fail(open, "'(' is never closed");
        fail(token_, fmt::format("expected ')', found '{}'", token_.text));
      }
      advance();
      return inside;
    }
    NodePointer node;
    if (token_.type == Token::Type::String) {
      node = literal(std::string(token_.text));
      advance();
    } else if (token_.type == Token::Type::Number) {
      node = number();
    } else if (token_.type == Token::Type::Name) {
      node = name();
    } else if (token_.type == Token::Type::End) {
      fail(token_, "the condition ends where a fact, a number or a string should stand");
    } else {
      fail(token_, fmt::format("expected a fact, a number or a string, found '{}'", token_.text));
    }
    close(*node, start);
    return node;
  }

  NodePointer number() {
    const Token token = token_;
    advance();
    if (token.text.find('.') != std::string_view::npos) {
      const std::optional<Version> version = parse_version(token.text);
      if (!version)
        fail(token, fmt::format("'{}' is not a version", token.text), "write 3.14 or 3.14.7");
      return literal(*version);
    }
    std::int64_t value = 0;
    const char* end = token.text.data() + token.text.size();
    const auto result = std::from_chars(token.text.data(), end, value);
    if (result.ec != std::errc() || result.ptr != end) {
      fail(token, fmt::format("'{}' is not an integer that fits 64 bits", token.text));
    }
    return literal(value);
  }

  NodePointer name() {
    const Token first = token_;
    if (is_word("True") || is_word("False")) {
      const bool value = is_word("True");
      advance();
      return literal(value);
    }
    if (is_word("and") || is_word("or") || is_word("not") || is_word("in") || is_word("is")) {
      fail(first, fmt::format("expected a fact, a number or a string, found '{}'", first.text));
    }
    if (is_word("true") || is_word("false")) {
      fail(first, fmt::format("'{}' is not a fact", first.text),
           is_word("true") ? "write True" : "write False");
    }
    if (is_word("None")) {
      fail(first, "there is no None in conditions", "an absent fact is false: write 'not name'");
    }
    std::string full(first.text);
    advance();
    while (is_operator(".")) {
      advance();
      if (token_.type != Token::Type::Name) fail(token_, "expected a name after '.'");
      full += '.';
      full += token_.text;
      advance();
    }
    if (is_operator("(")) fail(token_, "a condition calls nothing", "facts are plain names");
    if (std::find(names_.begin(), names_.end(), full) == names_.end()) names_.push_back(full);
    auto node = make(Node::Type::Name);
    node->name = std::move(full);
    return node;
  }

  static NodePointer make(Node::Type type) {
    auto node = std::make_shared<Node>();
    node->type = type;
    return node;
  }
  static NodePointer literal(Fact fact) {
    NodePointer node = make(Node::Type::Literal);
    node->literal = std::move(fact);
    return node;
  }

  void close(Node& node, int start) const {
    node.source = std::string(text_.substr(start, previous_end_ - start));
  }

  void advance() {
    previous_end_ = token_.end;
    token_ = next_token();
  }

  Token next_token() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
    Token token;
    token.offset = token.end = static_cast<int>(at_);
    if (at_ == text_.size()) return token;
    const std::size_t start = at_;
    const char c = text_[at_];
    const auto finish = [&](Token::Type type) {
      token.type = type;
      token.text = text_.substr(start, at_ - start);
      token.end = static_cast<int>(at_);
      return token;
    };
    const auto run = [&](auto accepts) {
      while (at_ < text_.size() && accepts(text_[at_])) ++at_;
    };
    if (is_letter(c)) {
      run([](char d) { return is_letter(d) || is_digit(d); });
      return finish(Token::Type::Name);
    }
    if (is_digit(c) || (c == '-' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) {
      ++at_;
      run([](char d) { return is_letter(d) || is_digit(d) || d == '.'; });
      return finish(Token::Type::Number);
    }
    if (c == '\'' || c == '"') return string_token(token, c);
    for (const std::string_view sign : {"==", "!=", "<=", ">=", "<", ">", "(", ")", "."}) {
      if (text_.substr(at_, sign.size()) == sign) {
        at_ += sign.size();
        return finish(Token::Type::Operator);
      }
    }
    token.text = text_.substr(at_, 1);
    std::string advice;
    if (c == '=') advice = "did you mean '=='?";
    if (c == '&') advice = "did you mean 'and'?";
    if (c == '|') advice = "did you mean 'or'?";
    if (c == '!') advice = "did you mean 'not'?";
    const bool printable = c > ' ' && c < 0x7f;
    fail(token,
         printable ? fmt::format("'{}' has no meaning in a condition", c)
                   : std::string("a character that has no meaning in a condition"),
         std::move(advice));
  }

  Token string_token(Token token, char quote) {
    const std::size_t close = text_.find(quote, at_ + 1);
    if (close == std::string_view::npos) fail(token, "the string is never closed");
    token.type = Token::Type::String;
    token.text = text_.substr(at_ + 1, close - at_ - 1);
    at_ = close + 1;
    token.end = static_cast<int>(at_);
    return token;
  }

  std::string_view text_;
  std::vector<std::string>& names_;
  std::size_t at_ = 0;
  Token token_;
  int previous_end_ = 0;
  int depth_ = 0;
};

// --- deciding

using Found = std::optional<Fact>;  // empty: absent

Found value_of(const Node& node, const Facts& facts);

bool truth(const Found& found) {
  if (!found) return false;
  if (const bool* value = std::get_if<bool>(&*found)) return *value;
  if (const auto* number = std::get_if<std::int64_t>(&*found)) return *number != 0;
  if (const auto* text = std::get_if<std::string>(&*found)) return !text->empty();
  return true;
}

bool holds_in(const Node& node, const Facts& facts) { return truth(value_of(node, facts)); }

// Booleans count as 0 and 1, as in Python; an integer beside a version is a version of one
// component.
std::optional<std::partial_ordering> order(const Fact& left, const Fact& right) {
  const auto number = [](const Fact& fact) -> std::optional<std::int64_t> {
    if (const bool* value = std::get_if<bool>(&fact)) return *value ? 1 : 0;
    if (const auto* value = std::get_if<std::int64_t>(&fact)) return *value;
    return std::nullopt;
  };
  const auto version = [](const Fact& fact) -> std::optional<Version> {
    if (const auto* value = std::get_if<Version>(&fact)) return *value;
    const auto* value = std::get_if<std::int64_t>(&fact);
    if (value == nullptr || *value < 0 || *value > 1'000'000) return std::nullopt;
    return Version{{static_cast<int>(*value)}};
  };
  if (const auto l = number(left), r = number(right); l && r) return *l <=> *r;
  if (const auto l = version(left), r = version(right); l && r) return *l <=> *r;
  const auto* l = std::get_if<std::string>(&left);
  const auto* r = std::get_if<std::string>(&right);
  if (l != nullptr && r != nullptr) return *l <=> *r;
  return std::nullopt;
}

bool compare(const std::string& sign, const Found& left, const Found& right) {
  const auto found = left && right ? order(*left, *right) : std::nullopt;
  if (!found) return sign == "!=";
  if (sign == "==") return *found == 0;
  if (sign == "!=") return *found != 0;
  if (sign == "<") return *found < 0;
  if (sign == "<=") return *found <= 0;
  if (sign == ">") return *found > 0;
  return *found >= 0;
}

Found value_of(const Node& node, const Facts& facts) {
  const auto holds = [&](const auto& operand) { return holds_in(*operand, facts); };
  switch (node.type) {
    case Node::Type::Or:
      return std::any_of(node.operands.begin(), node.operands.end(), holds);
    case Node::Type::And:
      return std::all_of(node.operands.begin(), node.operands.end(), holds);
    case Node::Type::Not:
      return !holds(node.operands[0]);
    case Node::Type::Compare:
      return compare(node.name, value_of(*node.operands[0], facts),
                     value_of(*node.operands[1], facts));
    case Node::Type::Literal:
      return node.literal;
    case Node::Type::Name:
      break;
  }
  const auto at = facts.find(node.name);
  if (at == facts.end()) return std::nullopt;
  return at->second;
}

void collect_names(const Node& node, std::vector<std::string>& names) {
  if (node.type == Node::Type::Name &&
      std::find(names.begin(), names.end(), node.name) == names.end()) {
    names.push_back(node.name);
  }
  for (const auto& operand : node.operands) collect_names(*operand, names);
}

}  // namespace

std::optional<Condition> Condition::parse(std::string_view text, Error& error) {
  Condition condition;
  try {
    condition.root_ = Parser(text, condition.names_).parse();
  } catch (const Failure& failure) {
    error = failure.error;
    return std::nullopt;
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  condition.text_ = std::string(text.substr(first, last - first + 1));
  return condition;
}

bool Condition::holds(const Facts& facts) const {
  return root_ == nullptr || holds_in(*root_, facts);
}

std::string Condition::why_not(const Facts& facts) const {
  if (holds(facts)) return "";
  const Node* part = root_.get();
  while (part->type == Node::Type::And) {
    const auto failing =
        std::find_if(part->operands.begin(), part->operands.end(),
                     [&](const auto& operand) { return !holds_in(*operand, facts); });
    part = failing->get();
  }
  std::vector<std::string> names;
  collect_names(*part, names);
  std::string found;
  for (const std::string& name : names) {
    const auto at = facts.find(name);
    found += fmt::format("{}{} is {}", found.empty() ? "" : ", ", name,
                         at == facts.end() ? "absent" : to_string(at->second));
  }
  return found.empty() ? part->source : fmt::format("{} ({})", part->source, found);
}

}  // namespace conformance
