// Statements that begin with an expression: assignments of every kind, and what may be assigned to.
#include "runtime/syntax/parser.h"

namespace syntax {
namespace {

std::optional<BinaryOperator> augmented_operator(TokenKind kind) {
  switch (kind) {
    case TokenKind::kPlusEqual:
      return BinaryOperator::kAdd;
    case TokenKind::kMinusEqual:
      return BinaryOperator::kSubtract;
    case TokenKind::kStarEqual:
      return BinaryOperator::kMultiply;
    case TokenKind::kAtEqual:
      return BinaryOperator::kMatrixMultiply;
    case TokenKind::kSlashEqual:
      return BinaryOperator::kDivide;
    case TokenKind::kPercentEqual:
      return BinaryOperator::kModulo;
    case TokenKind::kDoubleStarEqual:
      return BinaryOperator::kPower;
    case TokenKind::kLeftShiftEqual:
      return BinaryOperator::kLeftShift;
    case TokenKind::kRightShiftEqual:
      return BinaryOperator::kRightShift;
    case TokenKind::kBarEqual:
      return BinaryOperator::kBitOr;
    case TokenKind::kCircumflexEqual:
      return BinaryOperator::kBitXor;
    case TokenKind::kAmpersandEqual:
      return BinaryOperator::kBitAnd;
    case TokenKind::kDoubleSlashEqual:
      return BinaryOperator::kFloorDivide;
    default:
      return std::nullopt;
  }
}

bool is_place(const Expression* expression) {
  return expression->kind == NodeKind::kName || expression->kind == NodeKind::kAttribute ||
         expression->kind == NodeKind::kSubscript;
}

}  // namespace

Expression* Parser::parse_assigned_value() {
  return at(TokenKind::kKeywordYield) ? parse_yield() : parse_star_expressions();
}

Statement* Parser::parse_expression_statement() {
  const Token start = peek();
  if (diagnosing_ && !diagnose_statement(start)) return nullptr;
  Expression* first = parse_assigned_value();
  if (first == nullptr) return nullptr;
  if (at(TokenKind::kEqual)) return parse_assignment(start, first);
  if (const std::optional<BinaryOperator> operation = augmented_operator(peek().kind)) {
    return parse_augmented_assignment(start, first, *operation);
  }
  if (at(TokenKind::kColon)) return parse_annotated_assignment(start, first);
  auto* node = make<Expr>(since(start));
  node->value = first;
  adopt(node, first);
  return node;
}

// `match` and `type` are names unless what follows makes a statement of them. False when a problem
// was raised.
bool Parser::diagnose_statement(const Token& start) {
  const bool is_match = is_name(start, "match");
  const bool is_type = is_name(start, "type") && peek(1).kind == TokenKind::kName;
  if (!is_match && !is_type) return true;
  const Mark here = mark();
  ++marks_;
  diagnosing_ = false;
  advance();
  bool is_statement = false;
  if (is_match) {
    is_statement = (begins_expression(peek()) || at(TokenKind::kStar)) &&
                   parse_star_named_expressions() && accept(TokenKind::kColon) &&
                   at(TokenKind::kNewline);
  } else {
    advance();
    is_statement = at(TokenKind::kEqual) || at(TokenKind::kLeftBracket);
  }
  diagnosing_ = true;
  --marks_;
  rewind(here);
  if (is_statement && !problem_) unsupported(start, is_match ? "'match' is" : "'type' is");
  return !problem_;
}

Statement* Parser::parse_assignment(const Token& start, Expression* first) {
  std::vector<Expression*> targets;
  Token target_start = start;
  Expression* value = first;
  while (at(TokenKind::kEqual)) {
    if (value->kind == NodeKind::kYield || value->kind == NodeKind::kYieldFrom) {
      const bool is_bare = target_start.kind == TokenKind::kKeywordYield;
      if (!is_bare && targets.empty()) {
        if (!diagnosing_) return fail();
        if (diagnose_assignment(start, value)) return nullptr;
      }
      return raise(value->position, is_bare ? "assignment to yield expression not possible"
                                            : "cannot assign to yield expression");
    }
    if (find_bad_target(value, TargetUse::kStar) != nullptr) {
      if (targets.empty() && diagnosing_ && diagnose_assignment(start, value)) return nullptr;
      make_target(value, TargetUse::kStar);
      return nullptr;
    }
    set_context(value, Context::kStore);
    targets.push_back(value);
    advance();
    target_start = peek();
    value = parse_assigned_value();
    if (value == nullptr) return nullptr;
  }
  auto* node = make<Assign>(since(start));
  node->targets = keep(targets);
  node->value = value;
  adopt_all(node, node->targets);
  adopt(node, value);
  return node;
}

// `f() = 1` and `a, f() = 1`, when one value follows and nothing more: perhaps a comparison was
// meant.
bool Parser::diagnose_assignment(const Token& start, Expression* target) {
  Expression* last = target;
  const bool is_bare_tuple =
      target->kind == NodeKind::kTuple &&
      (target->position.line != start.line || target->position.column != start.column ||
       start.kind != TokenKind::kLeftParenthesis ||
       as<Tuple>(target)->elements.front()->position.column == start.column);
  if (is_bare_tuple) last = as<Tuple>(target)->elements.back();
  switch (last->kind) {
    case NodeKind::kName:
    case NodeKind::kAttribute:
    case NodeKind::kSubscript:
    case NodeKind::kList:
    case NodeKind::kTuple:
    case NodeKind::kGeneratorExp:
    case NodeKind::kStarred:
    case NodeKind::kBoolOp:
    case NodeKind::kCompare:
    case NodeKind::kIfExp:
    case NodeKind::kLambda:
      return false;
    case NodeKind::kUnaryOp:
      if (as<UnaryOp>(last)->operation == UnaryOperator::kNot) return false;
      break;
    case NodeKind::kConstant: {
      const ConstantKind kind = as<Constant>(last)->constant_kind;
      if (kind == ConstantKind::kNone || kind == ConstantKind::kTrue ||
          kind == ConstantKind::kFalse)
        return false;
      break;
    }
    default:
      break;
  }
  const Mark here = mark();
  ++marks_;
  diagnosing_ = false;
  advance();
  const bool is_single = begins_expression(peek()) && parse_binary() != nullptr &&
                         !at(TokenKind::kEqual) && !at(TokenKind::kColonEqual);
  diagnosing_ = true;
  --marks_;
  rewind(here);
  if (!is_single || problem_) return false;
  raise(last->position,
        "cannot assign to " + describe(last) + " here. Maybe you meant '==' instead of '='?");
  return true;
}

Statement* Parser::parse_augmented_assignment(const Token& start, Expression* target,
                                              BinaryOperator operation) {
  if (!is_place(target)) {
    return raise(target->position,
                 "'" + describe(target) + "' is an illegal expression for augmented assignment");
  }
  advance();
  Expression* value = parse_assigned_value();
  if (value == nullptr) return nullptr;
  set_context(target, Context::kStore);
  auto* node = make<AugAssign>(since(start));
  node->target = target;
  node->operation = operation;
  node->value = value;
  adopt(node, target);
  adopt(node, value);
  return node;
}

Statement* Parser::parse_annotated_assignment(const Token& start, Expression* target) {
  if (!is_place(target)) {
    const bool is_never_place =
        target->kind == NodeKind::kStarred || start.kind == TokenKind::kKeywordYield;
    if (!diagnosing_ || is_never_place) return fail();
    // The rest must look like an annotation for the message to fit.
    advance();
    if (!begins_expression(peek()) || parse_expression() == nullptr) return fail();
    if (target->kind == NodeKind::kList || target->kind == NodeKind::kTuple) {
      const bool is_list = target->kind == NodeKind::kList;
      const bool is_bare = !is_list && start.kind != TokenKind::kLeftParenthesis;
      const Position place =
          is_bare ? as<Tuple>(target)->elements.front()->position : target->position;
      return raise(place, is_list ? "only single target (not list) can be annotated"
                                  : "only single target (not tuple) can be annotated");
    }
    return raise(target->position, "illegal target for annotation");
  }
  advance();
  Expression* annotation = parse_expression();
  if (annotation == nullptr) return nullptr;
  Expression* value = nullptr;
  if (accept(TokenKind::kEqual)) {
    value = parse_assigned_value();
    if (value == nullptr) return nullptr;
  }
  set_context(target, Context::kStore);
  auto* node = make<AnnAssign>(since(start));
  node->target = target;
  node->annotation = annotation;
  node->value = value;
  node->simple = target->kind == NodeKind::kName && start.kind == TokenKind::kName;
  adopt(node, target);
  adopt(node, annotation);
  adopt(node, value);
  return node;
}

// The first part of a target that cannot be one.
Expression* Parser::find_bad_target(Expression* target, TargetUse use) const {
  const auto find_in = [this, use](Sequence<Expression> elements) -> Expression* {
    for (Expression* element : elements) {
      if (Expression* bad = find_bad_target(element, use)) return bad;
    }
    return nullptr;
  };
  switch (target->kind) {
    case NodeKind::kName:
    case NodeKind::kAttribute:
    case NodeKind::kSubscript:
      return nullptr;
    case NodeKind::kList:
      return find_in(as<List>(target)->elements);
    case NodeKind::kTuple:
      return find_in(as<Tuple>(target)->elements);
    case NodeKind::kStarred:
      return use == TargetUse::kDelete ? target : find_bad_target(as<Starred>(target)->value, use);
    default:
      return target;
  }
}

bool Parser::make_target(Expression* target, TargetUse use) {
  if (Expression* bad = find_bad_target(target, use)) {
    // Only the parser that explains says so: an earlier mistake in the text has precedence.
    if (diagnosing_) {
      raise(bad->position,
            (use == TargetUse::kDelete ? "cannot delete " : "cannot assign to ") + describe(bad));
    } else {
      fail();
    }
    return false;
  }
  set_context(target, use == TargetUse::kDelete ? Context::kDelete : Context::kStore);
  return true;
}

void Parser::set_context(Expression* target, Context context) {
  switch (target->kind) {
    case NodeKind::kName:
      as<Name>(target)->context = context;
      break;
    case NodeKind::kAttribute:
      as<Attribute>(target)->context = context;
      break;
    case NodeKind::kSubscript:
      as<Subscript>(target)->context = context;
      break;
    case NodeKind::kStarred:
      as<Starred>(target)->context = context;
      set_context(as<Starred>(target)->value, context);
      break;
    case NodeKind::kList:
      as<List>(target)->context = context;
      for (Expression* element : as<List>(target)->elements) set_context(element, context);
      break;
    case NodeKind::kTuple:
      as<Tuple>(target)->context = context;
      for (Expression* element : as<Tuple>(target)->elements) set_context(element, context);
      break;
    default:
      break;
  }
}

Expression* Parser::parse_star_target() {
  const Token start = peek();
  if (!accept(TokenKind::kStar)) return parse_binary();
  if (at(TokenKind::kStar)) return fail();
  Expression* value = parse_binary();
  if (value == nullptr) return nullptr;
  auto* node = make<Starred>(since(start));
  node->value = value;
  adopt(node, value);
  return node;
}

// The targets of `for`, up to its `in`.
Expression* Parser::parse_target_list(TargetUse use) {
  const Token start = peek();
  Expression* first = parse_star_target();
  if (first == nullptr) return nullptr;
  Expression* target = first;
  if (at(TokenKind::kComma)) {
    std::vector<Expression*> elements = {first};
    while (accept(TokenKind::kComma)) {
      if (!begins_expression(peek()) && !at(TokenKind::kStar)) break;
      Expression* element = parse_star_target();
      if (element == nullptr) return nullptr;
      elements.push_back(element);
    }
    target = make_tuple(since(start), elements);
  }
  return make_target(target, use) ? target : nullptr;
}

}  // namespace syntax
