// Calls and the arguments in them.
#include "runtime/syntax/parser.h"

namespace syntax {

Expression* Parser::parse_call(Expression* function, const Position& start) {
  const Token open = advance();
  CallArguments arguments;
  if (!parse_arguments(arguments, open)) return nullptr;
  auto* node = make<Call>(since(start));
  node->function = function;
  node->arguments = keep(arguments.positional);
  node->keywords = keep(arguments.keywords);
  adopt(node, function);
  adopt_all(node, node->arguments);
  adopt_all(node, node->keywords);
  return node;
}

// Behind the opening parenthesis, up to and with the closing one.
bool Parser::parse_arguments(CallArguments& arguments, const Token& open) {
  bool has_unpacking = false;
  while (!at(TokenKind::kRightParenthesis)) {
    if (!parse_argument(arguments, open, has_unpacking)) return false;
    if (!accept(TokenKind::kComma)) break;
  }
  return expect(TokenKind::kRightParenthesis);
}

bool Parser::parse_argument(CallArguments& arguments, const Token& open, bool& has_unpacking) {
  const Token start = peek();
  if (start.kind == TokenKind::kDoubleStar) {
    advance();
    Expression* value = parse_expression();
    if (value == nullptr) return false;
    if (diagnosing_ && accept(TokenKind::kEqual)) {
      if (parse_expression() != nullptr)
        raise(since(start), "cannot assign to keyword argument unpacking");
      return false;
    }
    auto* keyword = make<Keyword>(since(start));
    keyword->value = value;
    adopt(keyword, value);
    arguments.keywords.push_back(keyword);
    has_unpacking = true;
    return true;
  }
  if (start.kind == TokenKind::kStar)
    return parse_starred_argument(arguments, has_unpacking, previous_);
  const TokenKind next = peek(1).kind;
  if (next == TokenKind::kEqual) {
    if (start.kind == TokenKind::kName) return parse_keyword_argument(arguments);
    if (diagnosing_ &&
        (start.kind == TokenKind::kKeywordTrue || start.kind == TokenKind::kKeywordFalse ||
         start.kind == TokenKind::kKeywordNone)) {
      advance();
      advance();
      raise(since(start), "cannot assign to " + std::string(text_of(start)));
      return false;
    }
  }
  // Not parse_named_expression: `=` means something else here.
  Expression* value = nullptr;
  if (start.kind == TokenKind::kName && next == TokenKind::kColonEqual) {
    value = parse_named_expression();
  } else {
    value = parse_expression();
  }
  if (value == nullptr) return false;
  if (at_comprehension()) {
    const bool is_first = arguments.positional.empty() && arguments.keywords.empty();
    std::vector<Comprehension> generators;
    if (!parse_comprehensions(generators)) return false;
    if (!at(TokenKind::kRightParenthesis) || !is_first) {
      // A lone generator expression needs no parentheses of its own; beside others it does.
      if (!diagnosing_ || at(TokenKind::kMistake) ||
          (is_first && (!at(TokenKind::kComma) || peek(1).kind == TokenKind::kRightParenthesis))) {
        if (diagnosing_ && is_first && at(TokenKind::kComma)) {
          raise(since(start), "Generator expression must be parenthesized");
        }
        fail();
        return false;
      }
      raise(since(start), "Generator expression must be parenthesized");
      return false;
    }
    Position position = position_of(open);
    position.end_line = peek().end_line;
    position.end_column = peek().end_column;
    auto* node = make<GeneratorExp>(position);
    node->element = value;
    node->generators = tree_.arena().list(generators);
    adopt(node, value);
    adopt_comprehensions(node, node->generators);
    arguments.positional.push_back(node);
    return true;
  }
  if (!diagnose_argument(value)) return false;
  if (!arguments.keywords.empty()) {
    if (!diagnosing_) {
      fail();
      return false;
    }
    // The message points behind the argument, as CPython's does.
    peek();
    raise_at_last_token(has_unpacking ? "positional argument follows keyword argument unpacking"
                                      : "positional argument follows keyword argument");
    return false;
  }
  arguments.positional.push_back(value);
  return true;
}

bool Parser::parse_starred_argument(CallArguments& arguments, bool has_unpacking,
                                    const Token& before) {
  const Token comma = before;
  const Token start = peek();
  if (diagnosing_ && !diagnose_star()) return false;
  advance();
  Expression* value = parse_expression();
  if (value == nullptr) return false;
  if (diagnosing_ && accept(TokenKind::kEqual)) {
    if (parse_expression() != nullptr)
      raise(since(start), "cannot assign to iterable argument unpacking");
    return false;
  }
  if (has_unpacking) {
    if (diagnosing_) {
      raise(since(comma), "iterable argument unpacking follows keyword argument unpacking");
    } else {
      fail();
    }
    return false;
  }
  auto* starred = make<Starred>(since(start));
  starred->value = value;
  adopt(starred, value);
  arguments.positional.push_back(starred);
  return true;
}

// A star with nothing to unpack. False when a problem was raised.
bool Parser::diagnose_star() {
  if (begins_expression(peek(1)) || peek(1).kind == TokenKind::kMistake) return true;
  raise(position_of(peek(1)), "Invalid star expression");
  return false;
}

bool Parser::parse_keyword_argument(CallArguments& arguments) {
  const Token start = advance();
  const Token equal = advance();
  if (diagnosing_ && (at(TokenKind::kComma) || at(TokenKind::kRightParenthesis))) {
    raise(between(position_of(start), position_of(equal)), "expected argument value expression");
    return false;
  }
  Expression* value = parse_expression();
  if (value == nullptr) return false;
  if (diagnosing_ && at_comprehension()) {
    raise(between(position_of(start), position_of(equal)),
          "invalid syntax. Maybe you meant '==' or ':=' instead of '='?");
    return false;
  }
  auto* keyword = make<Keyword>(since(start));
  keyword->name = identifier(start);
  keyword->value = value;
  adopt(keyword, value);
  arguments.keywords.push_back(keyword);
  return true;
}

// False when a problem was raised.
bool Parser::diagnose_argument(Expression* value) {
  if (!at(TokenKind::kEqual)) return true;
  if (!diagnosing_ || value->kind == NodeKind::kNamedExpr) {
    fail();
    return false;
  }
  advance();
  raise(since(value->position), "expression cannot contain assignment, perhaps you meant \"==\"?");
  return false;
}

}  // namespace syntax
