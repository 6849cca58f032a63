// Expressions, from lists separated by commas down to operands.
#include <algorithm>

#include "runtime/syntax/parser.h"

namespace syntax {
namespace {

struct BinaryRule {
  int precedence;  // 0: not a binary operator
  BinaryOperator operation;
};

BinaryRule binary_rule(TokenKind kind) {
  switch (kind) {
    case TokenKind::kBar:
      return {1, BinaryOperator::kBitOr};
    case TokenKind::kCircumflex:
      return {2, BinaryOperator::kBitXor};
    case TokenKind::kAmpersand:
      return {3, BinaryOperator::kBitAnd};
    case TokenKind::kLeftShift:
      return {4, BinaryOperator::kLeftShift};
    case TokenKind::kRightShift:
      return {4, BinaryOperator::kRightShift};
    case TokenKind::kPlus:
      return {5, BinaryOperator::kAdd};
    case TokenKind::kMinus:
      return {5, BinaryOperator::kSubtract};
    case TokenKind::kStar:
      return {6, BinaryOperator::kMultiply};
    case TokenKind::kSlash:
      return {6, BinaryOperator::kDivide};
    case TokenKind::kDoubleSlash:
      return {6, BinaryOperator::kFloorDivide};
    case TokenKind::kPercent:
      return {6, BinaryOperator::kModulo};
    case TokenKind::kAt:
      return {6, BinaryOperator::kMatrixMultiply};
    default:
      return {0, BinaryOperator::kAdd};
  }
}

bool begins_statement(TokenKind kind) {
  switch (kind) {
    case TokenKind::kKeywordPass:
    case TokenKind::kKeywordBreak:
    case TokenKind::kKeywordContinue:
    case TokenKind::kKeywordReturn:
    case TokenKind::kKeywordRaise:
    case TokenKind::kKeywordDel:
    case TokenKind::kKeywordYield:
    case TokenKind::kKeywordAssert:
    case TokenKind::kKeywordImport:
    case TokenKind::kKeywordFrom:
    case TokenKind::kKeywordGlobal:
    case TokenKind::kKeywordNonlocal:
      return true;
    default:
      return false;
  }
}

}  // namespace

Tuple* Parser::make_tuple(const Position& position, const std::vector<Expression*>& elements) {
  auto* node = make<Tuple>(position);
  node->elements = keep(elements);
  adopt_all(node, node->elements);
  return node;
}

// Behind a first element: `, element`... and perhaps a last comma.
template <class ParseElement>
bool Parser::parse_comma_list(std::vector<Expression*>& elements, ParseElement parse_element) {
  while (accept(TokenKind::kComma)) {
    if (!begins_expression(peek()) && !at(TokenKind::kStar) &&
        !(diagnosing_ && begins_statement(peek().kind) && peek(1).kind == TokenKind::kKeywordIf)) {
      return true;
    }
    Expression* element = parse_element();
    if (element == nullptr) return false;
    elements.push_back(element);
  }
  return true;
}

Expression* Parser::parse_star_expressions() {
  const Token start = peek();
  Expression* first = parse_star_expression();
  if (first == nullptr || !at(TokenKind::kComma)) return first;
  std::vector<Expression*> elements = {first};
  if (!parse_comma_list(elements, [this] { return parse_star_expression(); })) return nullptr;
  return make_tuple(since(start), elements);
}

// The subject of a `match`.
bool Parser::parse_star_named_expressions() {
  std::vector<Expression*> elements = {parse_star_named_expression()};
  return elements.front() != nullptr &&
         parse_comma_list(elements, [this] { return parse_star_named_expression(); });
}

Expression* Parser::parse_expressions() {
  const Token start = peek();
  Expression* first = parse_expression();
  if (first == nullptr || !at(TokenKind::kComma)) return first;
  std::vector<Expression*> elements = {first};
  while (accept(TokenKind::kComma)) {
    if (!begins_expression(peek())) break;
    Expression* element = parse_expression();
    if (element == nullptr) return nullptr;
    elements.push_back(element);
  }
  return make_tuple(since(start), elements);
}

Expression* Parser::parse_star_expression() {
  if (!at(TokenKind::kStar)) return parse_expression();
  const Token start = advance();
  Expression* value = parse_binary();
  if (value == nullptr) return nullptr;
  auto* node = make<Starred>(since(start));
  node->value = value;
  adopt(node, value);
  return node;
}

Expression* Parser::parse_star_named_expression() {
  return at(TokenKind::kStar) ? parse_star_expression() : parse_named_expression();
}

Expression* Parser::parse_named_expression() {
  const Token start = peek();
  if (start.kind == TokenKind::kName && peek(1).kind == TokenKind::kColonEqual) {
    advance();
    auto* target = make<Name>(position_of(start));
    target->name = identifier(start);
    target->context = Context::kStore;
    advance();
    Expression* value = parse_expression();
    if (value == nullptr) return nullptr;
    auto* node = make<NamedExpr>(since(start));
    node->target = target;
    node->value = value;
    adopt(node, target);
    adopt(node, value);
    return node;
  }
  Expression* value = parse_expression();
  if (value == nullptr) return nullptr;
  if (diagnosing_ && !diagnose_behind_named_expression(start, value)) return nullptr;
  return value;
}

// `f() := 1`, `x = 1` where an expression was expected. False when a problem was raised.
bool Parser::diagnose_behind_named_expression(const Token& start, Expression* left) {
  if (at(TokenKind::kColonEqual)) {
    const Mark here = mark();
    ++marks_;
    advance();
    const bool has_value = begins_expression(peek()) && parse_expression() != nullptr;
    --marks_;
    rewind(here);
    if (has_value && !problem_) {
      raise(left->position, "cannot use assignment expressions with " + describe(left));
    }
    return !problem_;
  }
  if (!at(TokenKind::kEqual)) return true;
  const bool is_name = left->kind == NodeKind::kName && start.kind == TokenKind::kName;
  if (!is_name) {
    if (left->kind == NodeKind::kList || left->kind == NodeKind::kTuple ||
        left->kind == NodeKind::kGeneratorExp || left->kind == NodeKind::kBoolOp ||
        left->kind == NodeKind::kCompare || left->kind == NodeKind::kIfExp ||
        left->kind == NodeKind::kLambda) {
      return true;
    }
    if (const auto* constant = try_as<Constant>(left);
        constant != nullptr && (constant->constant_kind == ConstantKind::kNone ||
                                constant->constant_kind == ConstantKind::kTrue ||
                                constant->constant_kind == ConstantKind::kFalse)) {
      return true;
    }
  }
  const Mark here = mark();
  ++marks_;
  diagnosing_ = false;
  advance();
  Expression* right = begins_expression(peek()) ? parse_binary() : nullptr;
  const bool is_single = right != nullptr && !at(TokenKind::kEqual) && !at(TokenKind::kColonEqual);
  diagnosing_ = true;
  --marks_;
  rewind(here);
  if (!is_single || problem_) return !problem_;
  if (is_name) {
    raise(between(left->position, right->position),
          "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
  } else {
    raise(left->position,
          "cannot assign to " + describe(left) + " here. Maybe you meant '==' instead of '='?");
  }
  return false;
}

Expression* Parser::parse_expression() {
  const Deeper deeper(*this);
  if (!deeper.is_fine()) return nullptr;
  const Token start = peek();
  if (diagnosing_ && !diagnose_before_expression(start)) return nullptr;
  if (start.kind == TokenKind::kKeywordLambda) return parse_lambda();
  return parse_conditional(start);
}

// False when a problem was raised.
bool Parser::diagnose_before_expression(const Token& start) {
  const Mark here = mark();
  const auto look = [&](auto&& rules) {
    ++marks_;
    diagnosing_ = false;
    rules();
    diagnosing_ = true;
    --marks_;
    rewind(here);
  };
  std::optional<std::pair<Position, const char*>> finding;
  if (start.kind == TokenKind::kString && begins_expression(peek(1)) &&
      peek(1).kind != TokenKind::kString && peek(1).kind != TokenKind::kFStringStart) {
    look([&] {
      advance();
      const Position first = position_of(peek());
      while (begins_expression(peek()) && !at(TokenKind::kString)) {
        if (parse_expression() == nullptr) return;
      }
      if (at(TokenKind::kString)) {
        finding = {{first.line, first.column, previous_.end_line, previous_.end_column},
                   "invalid syntax. Is this intended to be part of the string?"};
      }
    });
  } else if ((is_name(start, "print") || is_name(start, "exec")) &&
             peek(1).kind != TokenKind::kLeftParenthesis && begins_expression(peek(1))) {
    look([&] {
      advance();
      if (parse_star_expressions() == nullptr) return;
      finding = {since(start),
                 is_name(start, "print")
                     ? "Missing parentheses in call to 'print'. Did you mean print(...)?"
                     : "Missing parentheses in call to 'exec'. Did you mean exec(...)?"};
    });
  } else if ((start.kind == TokenKind::kKeywordPass || start.kind == TokenKind::kKeywordBreak ||
              start.kind == TokenKind::kKeywordContinue) &&
             peek(1).kind == TokenKind::kKeywordIf) {
    look([&] {
      advance();
      advance();
      if (parse_disjunction() == nullptr) return;
      const Position end = position_of(previous_);
      if (!accept(TokenKind::kKeywordElse)) return;
      finding = {between(position_of(start), end),
                 "expected expression before 'if', but statement is given"};
    });
  }
  if (finding && !problem_) raise(finding->first, finding->second);
  return !problem_;
}

// Two expressions in a row inside brackets: perhaps a comma is missing. False when a problem was
// raised.
bool Parser::diagnose_behind_disjunction(const Token& start, Expression* left) {
  if (!begins_expression(peek()) || is_soft_keyword(start)) return true;
  if (start.kind == TokenKind::kName && left->kind == NodeKind::kName &&
      peek().kind == TokenKind::kString)
    return true;
  if (const auto* name = try_as<Name>(left);
      name != nullptr && (name->name == "print" || name->name == "exec")) {
    return true;
  }
  const Mark here = mark();
  ++marks_;
  diagnosing_ = false;
  const Expression* right = parse_expression();
  const std::uint16_t level = previous_.level;
  diagnosing_ = true;
  --marks_;
  rewind(here);
  if (right != nullptr && level != 0 && !problem_) {
    raise(between(left->position, right->position), "invalid syntax. Perhaps you forgot a comma?");
  }
  return !problem_;
}

Expression* Parser::parse_conditional(const Token& start) {
  Expression* body = parse_disjunction();
  if (body == nullptr) return nullptr;
  if (diagnosing_ && !diagnose_behind_disjunction(start, body)) return nullptr;
  if (!at(TokenKind::kKeywordIf)) return body;
  advance();
  Expression* test = parse_disjunction();
  if (test == nullptr) return nullptr;
  if (!at(TokenKind::kKeywordElse)) {
    if (!diagnosing_ || at(TokenKind::kColon) || at(TokenKind::kMistake)) return fail();
    return raise(between(body->position, test->position), "expected 'else' after 'if' expression");
  }
  advance();
  if (diagnosing_ && begins_statement(peek().kind)) {
    return raise(position_of(peek()), "expected expression after 'else', but statement is given");
  }
  Expression* orelse = parse_expression();
  if (orelse == nullptr) return nullptr;
  auto* node = make<IfExp>(since(start));
  node->test = test;
  node->body = body;
  node->orelse = orelse;
  adopt(node, test);
  adopt(node, body);
  adopt(node, orelse);
  return node;
}

Expression* Parser::parse_disjunction() {
  const Token start = peek();
  Expression* first = parse_conjunction();
  if (first == nullptr || !at(TokenKind::kKeywordOr)) return first;
  std::vector<Expression*> values = {first};
  while (accept(TokenKind::kKeywordOr)) {
    Expression* value = parse_conjunction();
    if (value == nullptr) return nullptr;
    values.push_back(value);
  }
  auto* node = make<BoolOp>(since(start));
  node->operation = BooleanOperator::kOr;
  node->values = keep(values);
  adopt_all(node, node->values);
  return node;
}

Expression* Parser::parse_conjunction() {
  const Token start = peek();
  Expression* first = parse_inversion();
  if (first == nullptr || !at(TokenKind::kKeywordAnd)) return first;
  std::vector<Expression*> values = {first};
  while (accept(TokenKind::kKeywordAnd)) {
    Expression* value = parse_inversion();
    if (value == nullptr) return nullptr;
    values.push_back(value);
  }
  auto* node = make<BoolOp>(since(start));
  node->operation = BooleanOperator::kAnd;
  node->values = keep(values);
  adopt_all(node, node->values);
  return node;
}

Expression* Parser::parse_inversion() {
  if (!at(TokenKind::kKeywordNot)) return parse_comparison();
  const Deeper deeper(*this);
  if (!deeper.is_fine()) return nullptr;
  const Token start = advance();
  Expression* operand = parse_inversion();
  if (operand == nullptr) return nullptr;
  auto* node = make<UnaryOp>(since(start));
  node->operation = UnaryOperator::kNot;
  node->operand = operand;
  adopt(node, operand);
  return node;
}

bool Parser::accept_comparison(ComparisonOperator& operation) {
  switch (peek().kind) {
    case TokenKind::kEqualEqual:
      operation = ComparisonOperator::kEqual;
      break;
    case TokenKind::kNotEqual:
      operation = ComparisonOperator::kNotEqual;
      break;
    case TokenKind::kLess:
      operation = ComparisonOperator::kLess;
      break;
    case TokenKind::kLessEqual:
      operation = ComparisonOperator::kLessOrEqual;
      break;
    case TokenKind::kGreater:
      operation = ComparisonOperator::kGreater;
      break;
    case TokenKind::kGreaterEqual:
      operation = ComparisonOperator::kGreaterOrEqual;
      break;
    case TokenKind::kKeywordIn:
      operation = ComparisonOperator::kIn;
      break;
    case TokenKind::kKeywordIs:
      advance();
      operation =
          accept(TokenKind::kKeywordNot) ? ComparisonOperator::kIsNot : ComparisonOperator::kIs;
      return true;
    case TokenKind::kKeywordNot:
      furthest_ = std::max(furthest_, index_ + 1);  // `not` alone is the mistake of what follows it
      if (peek(1).kind != TokenKind::kKeywordIn) return false;
      advance();
      operation = ComparisonOperator::kNotIn;
      break;
    default:
      return false;
  }
  advance();
  return true;
}

Expression* Parser::parse_comparison() {
  const Token start = peek();
  Expression* left = parse_binary();
  if (left == nullptr) return nullptr;
  ComparisonOperator operation{};
  if (!accept_comparison(operation)) return left;
  std::vector<ComparisonOperator> operations;
  std::vector<Expression*> comparators;
  do {
    Expression* comparator = parse_binary();
    if (comparator == nullptr) return nullptr;
    operations.push_back(operation);
    comparators.push_back(comparator);
  } while (accept_comparison(operation));
  auto* node = make<Compare>(since(start));
  node->left = left;
  node->operations = tree_.arena().list(operations);
  node->comparators = keep(comparators);
  adopt(node, left);
  adopt_all(node, node->comparators);
  return node;
}

// Operators from `|` to `*`, all of them binding to the left.
Expression* Parser::parse_binary(int lowest) {
  const Token start = peek();
  Expression* left = parse_factor();
  if (left == nullptr) return nullptr;
  for (;;) {
    const BinaryRule rule = binary_rule(peek().kind);
    if (rule.precedence < lowest) return left;
    advance();
    if (diagnosing_ && at(TokenKind::kKeywordNot) && rule.precedence >= 5) {
      const Token not_token = peek();
      if (parse_inversion() == nullptr) return nullptr;
      return raise(since(not_token), "'not' after an operator must be parenthesized");
    }
    Expression* right = parse_binary(rule.precedence + 1);
    if (right == nullptr) return nullptr;
    auto* node = make<BinOp>(since(start));
    node->left = left;
    node->operation = rule.operation;
    node->right = right;
    adopt(node, left);
    adopt(node, right);
    if (failed_) return nullptr;
    left = node;
  }
}

Expression* Parser::parse_factor() {
  UnaryOperator operation{};
  switch (peek().kind) {
    case TokenKind::kPlus:
      operation = UnaryOperator::kPlus;
      break;
    case TokenKind::kMinus:
      operation = UnaryOperator::kMinus;
      break;
    case TokenKind::kTilde:
      operation = UnaryOperator::kInvert;
      break;
    default:
      return parse_power();
  }
  const Deeper deeper(*this);
  if (!deeper.is_fine()) return nullptr;
  const Token start = advance();
  if (diagnosing_ && at(TokenKind::kKeywordNot)) {
    const Token not_token = peek();
    if (parse_inversion() == nullptr) return nullptr;
    return raise(since(not_token), "'not' after an operator must be parenthesized");
  }
  Expression* operand = parse_factor();
  if (operand == nullptr) return nullptr;
  auto* node = make<UnaryOp>(since(start));
  node->operation = operation;
  node->operand = operand;
  adopt(node, operand);
  return node;
}

Expression* Parser::parse_power() {
  const Token start = peek();
  if (start.kind == TokenKind::kKeywordAwait) return unsupported(start, "'await' is");
  Expression* left = parse_primary();
  if (left == nullptr || !at(TokenKind::kDoubleStar)) return left;
  const Deeper deeper(*this);
  if (!deeper.is_fine()) return nullptr;
  advance();
  Expression* right = parse_factor();
  if (right == nullptr) return nullptr;
  auto* node = make<BinOp>(since(start));
  node->left = left;
  node->operation = BinaryOperator::kPower;
  node->right = right;
  adopt(node, left);
  adopt(node, right);
  return node;
}

Expression* Parser::parse_yield() {
  const Token start = advance();
  if (accept(TokenKind::kKeywordFrom)) {
    Expression* value = parse_expression();
    if (value == nullptr) return nullptr;
    auto* node = make<YieldFrom>(since(start));
    node->value = value;
    adopt(node, value);
    return node;
  }
  Expression* value = nullptr;
  if (begins_expression(peek()) || at(TokenKind::kStar)) {
    value = parse_star_expressions();
    if (value == nullptr) return nullptr;
  }
  auto* node = make<Yield>(since(start));
  node->value = value;
  adopt(node, value);
  return node;
}

}  // namespace syntax
