#include "runtime/syntax/parser.h"

#include <algorithm>

#include "runtime/syntax/identifiers.h"
#include "runtime/syntax/utf8.h"

namespace syntax {

const Token& Parser::peek(std::size_t ahead) {
  while (index_ + ahead >= tokens_.size()) {
    const bool is_over = !tokens_.empty() && (tokens_.back().kind == TokenKind::kMistake ||
                                              tokens_.back().kind == TokenKind::kEnd);
    if (is_over) break;
    tokens_.push_back(tokenizer_.next());
  }
  if (ahead == 0) furthest_ = std::max(furthest_, index_);
  return tokens_[std::min(index_ + ahead, tokens_.size() - 1)];
}

// Nodes end where their last visible token does: line ends and indentation do not count.
Token Parser::advance() {
  const Token token = peek();
  if (token.kind == TokenKind::kEnd || token.kind == TokenKind::kMistake) return token;
  ++index_;
  forget_old_tokens();
  const bool is_visible = token.kind != TokenKind::kNewline && token.kind != TokenKind::kIndent &&
                          token.kind != TokenKind::kDedent;
  if (is_visible) previous_ = token;
  return token;
}

bool Parser::accept(TokenKind kind) {
  if (!at(kind)) return false;
  advance();
  return true;
}

bool Parser::expect(TokenKind kind) {
  if (accept(kind)) return true;
  fail();
  return false;
}

bool Parser::expect_forced(TokenKind kind) {
  if (accept(kind)) return true;
  if (at(TokenKind::kMistake)) {
    fail();
  } else {
    const Token& token = peek();
    std::string message = "expected '" + std::string(syntax::text_of(kind)) + "'";
    if (token.kind == TokenKind::kEnd) {
      raise_at_last_token(std::move(message));
    } else {
      raise(position_of(token), std::move(message));
    }
  }
  return false;
}

std::string_view Parser::text_of(const Token& token) const {
  return tree_.source().substr(token.start, token.end - token.start);
}

bool Parser::is_name(const Token& token, std::string_view text) const {
  return token.kind == TokenKind::kName && text_of(token) == text;
}

bool Parser::is_soft_keyword(const Token& token) const {
  return is_name(token, "match") || is_name(token, "case") || is_name(token, "type") ||
         is_name(token, "_");
}

std::string_view Parser::identifier(const Token& token) {
  const std::string_view text = text_of(token);
  const bool is_ascii = std::all_of(
      text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
  return is_ascii ? text : tree_.arena().text(normalized_identifier(text));
}

void Parser::rewind(const Mark& mark) {
  index_ = mark.index;
  previous_ = mark.previous;
  if (!problem_) failed_ = false;
}

// Only what stands behind the next token is needed again, unless somebody may go back.
void Parser::forget_old_tokens() {
  static constexpr std::size_t kEnough = 1024;
  if (marks_ != 0 || index_ < kEnough) return;
  tokens_.erase(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(index_ - 1));
  furthest_ -= index_ - 1;
  index_ = 1;
}

std::nullptr_t Parser::fail() {
  failed_ = true;
  return nullptr;
}

std::nullptr_t Parser::raise(const Position& position, std::string message, ProblemKind kind) {
  if (problem_) return fail();
  problem_ = tree_.problem(position, std::move(message), kind);
  // CPython shows a line without its newline when it stands before the one just read.
  const bool is_earlier = position.line < last_token().line && last_token().kind != TokenKind::kEnd;
  if (is_earlier && problem_->text && problem_->text->ends_with('\n')) problem_->text->pop_back();
  return fail();
}

// As CPython does: indentation and the end of the text have no place of their own, they stand where
// the tokenizer does.
std::nullptr_t Parser::raise_at_last_token(std::string message, ProblemKind kind) {
  if (problem_) return fail();
  const Token& token = last_token();
  const bool has_place = token.kind != TokenKind::kIndent && token.kind != TokenKind::kDedent &&
                         token.kind != TokenKind::kEnd;
  if (has_place) return raise(position_of(token), std::move(message), kind);
  Position position = position_of(token);
  if (token.start >= tree_.source().size() && position.line > 1) {
    --position.line;
    position.column = static_cast<std::uint32_t>(tree_.line(position.line).size());
  }
  position.end_line = position.line;
  problem_ = tree_.problem(position, std::move(message), kind);
  --problem_->offset;
  problem_->end_offset = -1;
  return fail();
}

std::nullptr_t Parser::raise_from(const Position& start, std::string message) {
  if (problem_) return fail();
  Position position = start;
  position.end_line = last_token().end_line;
  position.end_column = last_token().end_column;
  problem_ = tree_.problem(position, std::move(message));
  --problem_->end_offset;
  return fail();
}

// The one place where language that is known but not run yet is refused.
std::nullptr_t Parser::unsupported(const Token& token, std::string_view what) {
  return raise(position_of(token), std::string(what) + " not supported yet");
}

SyntaxProblem Parser::generic_problem(const Token& token) const {
  if (token.kind == TokenKind::kIndent || token.kind == TokenKind::kDedent) {
    SyntaxProblem problem = tree_.problem(
        position_of(token),
        token.kind == TokenKind::kIndent ? "unexpected indent" : "unexpected unindent",
        ProblemKind::kIndentationError);
    --problem.offset;
    problem.end_offset = -1;
    return problem;
  }
  if (token.kind == TokenKind::kEnd && token.line > 1) {
    SyntaxProblem problem = tree_.problem({token.line - 1, 0, token.line - 1, 0}, "invalid syntax");
    problem.offset = 0;
    problem.end_offset = 0;
    return problem;
  }
  return tree_.problem(position_of(token), "invalid syntax");
}

bool Parser::Deeper::is_fine() const {
  if (parser_.depth_ <= kDeepestRecursion) return true;
  parser_.raise_at_last_token("Parser stack overflowed - Python source too complex to parse",
                              ProblemKind::kMemoryError);
  return false;
}

bool Parser::begins_expression(const Token& token) const {
  switch (token.kind) {
    case TokenKind::kName:
    case TokenKind::kNumber:
    case TokenKind::kString:
    case TokenKind::kFStringStart:
    case TokenKind::kLeftParenthesis:
    case TokenKind::kLeftBracket:
    case TokenKind::kLeftBrace:
    case TokenKind::kPlus:
    case TokenKind::kMinus:
    case TokenKind::kTilde:
    case TokenKind::kEllipsis:
    case TokenKind::kKeywordNot:
    case TokenKind::kKeywordLambda:
    case TokenKind::kKeywordNone:
    case TokenKind::kKeywordTrue:
    case TokenKind::kKeywordFalse:
    case TokenKind::kKeywordAwait:
      return true;
    default:
      return false;
  }
}

Position Parser::position_of(const Token& token) {
  return {token.line, token.column, token.end_line, token.end_column};
}

Position Parser::since(const Token& start) const {
  return {start.line, start.column, previous_.end_line, previous_.end_column};
}

Position Parser::since(const Position& start) const {
  return {start.line, start.column, previous_.end_line, previous_.end_column};
}

Position Parser::between(const Position& start, const Position& end) {
  return {start.line, start.column, end.end_line, end.end_column};
}

void Parser::adopt(Node* parent, const Node* child) {
  if (child == nullptr || child->height < parent->height) return;
  if (child->height >= kMaximumHeight) {
    raise(child->position, "maximum recursion depth exceeded during compilation",
          ProblemKind::kRecursionError);
    return;
  }
  parent->height = static_cast<std::uint16_t>(child->height + 1);
}

void Parser::adopt_parameters(Node* parent, const Parameters& parameters) {
  adopt_all(parent, parameters.positional_only);
  adopt_all(parent, parameters.positional);
  adopt_all(parent, parameters.keyword_only);
  adopt_all(parent, parameters.defaults);
  adopt_all(parent, parameters.keyword_defaults);
  adopt(parent, parameters.variadic);
  adopt(parent, parameters.keyword_variadic);
}

void Parser::adopt_comprehensions(Node* parent, std::span<const Comprehension> generators) {
  for (const Comprehension& generator : generators) {
    adopt(parent, generator.target);
    adopt(parent, generator.iterable);
    adopt_all(parent, generator.conditions);
  }
}

const Node* Parser::parse_root(Mode mode) {
  if (mode == Mode::kInteractive) return parse_interactive();
  const Token start = peek();
  if (mode == Mode::kExpression) {
    Expression* body = parse_expressions();
    if (body == nullptr) return nullptr;
    while (accept(TokenKind::kNewline)) {
    }
    if (!expect(TokenKind::kEnd)) return nullptr;
    auto* root = make<Evaluation>(body->position);
    root->body = body;
    adopt(root, body);
    return failed_ ? nullptr : root;
  }
  std::vector<Statement*> body;
  if (!parse_statements(body, TokenKind::kEnd)) return nullptr;
  auto* root = make<Module>(since(start));
  root->body = keep(body);
  adopt_all(root, root->body);
  return failed_ ? nullptr : root;
}

}  // namespace syntax
