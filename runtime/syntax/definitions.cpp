// Functions, classes, lambdas: what they are called with and what they are called.
#include "runtime/syntax/parser.h"

namespace syntax {

struct Parser::ParameterLists {
  std::vector<Parameter*> positional_only;
  std::vector<Parameter*> positional;
  std::vector<Parameter*> keyword_only;
  std::vector<Expression*> defaults;
  std::vector<Expression*> keyword_defaults;
  Parameter* variadic = nullptr;
  Parameter* keyword_variadic = nullptr;
  bool has_slash = false;
  bool has_star = false;
};

Statement* Parser::parse_decorated() {
  std::vector<Expression*> decorators;
  while (accept(TokenKind::kAt)) {
    Expression* decorator = parse_named_expression();
    if (decorator == nullptr || !expect(TokenKind::kNewline)) return nullptr;
    decorators.push_back(decorator);
  }
  if (at(TokenKind::kKeywordDef)) return parse_function(peek(), decorators);
  if (at(TokenKind::kKeywordClass)) return parse_class(peek(), decorators);
  if (at(TokenKind::kKeywordAsync)) return parse_compound_statement();
  return fail();
}

Statement* Parser::parse_function(const Token& start_token,
                                  const std::vector<Expression*>& decorators) {
  const Token start = start_token;
  advance();
  if (!at(TokenKind::kName)) return fail();
  const std::string_view name = identifier(advance());
  if (at(TokenKind::kLeftBracket)) return unsupported(peek(), "type parameters are");
  Parameters parameters;
  if (!expect_forced(TokenKind::kLeftParenthesis) ||
      !parse_parameters(parameters, TokenKind::kRightParenthesis) ||
      !expect(TokenKind::kRightParenthesis)) {
    return nullptr;
  }
  Expression* returns = nullptr;
  if (at(TokenKind::kArrow)) {
    if (!begins_expression(peek(1))) return expect_forced(TokenKind::kColon), nullptr;
    advance();
    returns = parse_expression();
    if (returns == nullptr) return nullptr;
  }
  if (!expect_forced(TokenKind::kColon)) return nullptr;
  Sequence<Statement> body;
  if (!parse_block(body, "function definition", start.line)) return nullptr;
  auto* node = make<FunctionDef>(since(start));
  node->name = name;
  node->parameters = parameters;
  node->body = body;
  node->decorators = keep(decorators);
  node->returns = returns;
  adopt_parameters(node, parameters);
  adopt_all(node, body);
  adopt_all(node, node->decorators);
  adopt(node, returns);
  return node;
}

Statement* Parser::parse_class(const Token& start_token,
                               const std::vector<Expression*>& decorators) {
  const Token start = start_token;
  advance();
  if (!at(TokenKind::kName)) return fail();
  const std::string_view name = identifier(advance());
  if (at(TokenKind::kLeftBracket)) return unsupported(peek(), "type parameters are");
  CallArguments arguments;
  if (at(TokenKind::kLeftParenthesis)) {
    const Token open = advance();
    if (!parse_arguments(arguments, open)) return nullptr;
    for (const Expression* base : arguments.positional) {
      // A bare generator expression is an argument of a call only.
      if (base->kind == NodeKind::kGeneratorExp && base->position.column == open.column &&
          base->position.line == open.line) {
        return fail();
      }
    }
  }
  if (!expect_colon()) return nullptr;
  Sequence<Statement> body;
  if (!parse_block(body, "class definition", start.line)) return nullptr;
  auto* node = make<ClassDef>(since(start));
  node->name = name;
  node->bases = keep(arguments.positional);
  node->keywords = keep(arguments.keywords);
  node->body = body;
  node->decorators = keep(decorators);
  adopt_all(node, node->bases);
  adopt_all(node, node->keywords);
  adopt_all(node, body);
  adopt_all(node, node->decorators);
  return node;
}

Expression* Parser::parse_lambda() {
  const Token start = advance();
  Parameters parameters;
  if (!parse_parameters(parameters, TokenKind::kColon)) return nullptr;
  if (diagnosing_ && at(TokenKind::kColon) && peek(1).kind == TokenKind::kFStringMiddle) {
    return raise(between(position_of(start), position_of(peek())),
                 "f-string: lambda expressions are not allowed without parentheses");
  }
  if (!expect(TokenKind::kColon)) return nullptr;
  Expression* body = parse_expression();
  if (body == nullptr) return nullptr;
  auto* node = make<Lambda>(since(start));
  node->parameters = parameters;
  node->body = body;
  adopt_parameters(node, parameters);
  adopt(node, body);
  return node;
}

// Up to but without `end`: ")" of a def, ":" of a lambda.
bool Parser::parse_parameters(Parameters& parameters, TokenKind end) {
  ParameterLists lists;
  while (!at(end)) {
    if (!parse_parameter(lists, end)) return false;
    if (!accept(TokenKind::kComma)) break;
  }
  if (end == TokenKind::kRightParenthesis && !at(end)) {
    fail();
    return false;
  }
  parameters.positional_only = keep(lists.positional_only);
  parameters.positional = keep(lists.positional);
  parameters.keyword_only = keep(lists.keyword_only);
  parameters.defaults = keep(lists.defaults);
  parameters.keyword_defaults = keep(lists.keyword_defaults);
  parameters.variadic = lists.variadic;
  parameters.keyword_variadic = lists.keyword_variadic;
  return true;
}

bool Parser::parse_parameter(ParameterLists& lists, TokenKind end) {
  if (lists.keyword_variadic != nullptr) {
    if (diagnosing_ && (at(TokenKind::kName) || at(TokenKind::kStar) ||
                        at(TokenKind::kDoubleStar) || at(TokenKind::kSlash))) {
      raise(position_of(peek()), "arguments cannot follow var-keyword argument");
    } else {
      fail();
    }
    return false;
  }
  if (at(TokenKind::kSlash)) return parse_slash(lists);
  if (at(TokenKind::kStar)) return parse_star_parameter(lists, end);
  if (accept(TokenKind::kDoubleStar)) {
    lists.keyword_variadic = parse_parameter_name(end, false);
    if (lists.keyword_variadic == nullptr) return false;
    if (diagnosing_ && at(TokenKind::kEqual)) {
      raise(position_of(peek()), "var-keyword argument cannot have default value");
    }
    return !failed_;
  }
  if (!at(TokenKind::kName)) {
    if (diagnosing_) diagnose_parameter(end);
    fail();
    return false;
  }
  Parameter* parameter = parse_parameter_name(end, false);
  if (parameter == nullptr) return false;
  Expression* value = nullptr;
  if (at(TokenKind::kEqual)) {
    value = parse_default(end);
    if (value == nullptr) return false;
  }
  if (lists.has_star) {
    lists.keyword_only.push_back(parameter);
    lists.keyword_defaults.push_back(value);
    return true;
  }
  if (value == nullptr && !lists.defaults.empty()) {
    if (diagnosing_) {
      raise(parameter->position, "parameter without a default follows parameter with a default");
    } else {
      fail();
    }
    return false;
  }
  lists.positional.push_back(parameter);
  if (value != nullptr) lists.defaults.push_back(value);
  return true;
}

bool Parser::parse_slash(ParameterLists& lists) {
  const bool is_first = lists.positional.empty() && !lists.has_slash && !lists.has_star;
  if (is_first && peek(1).kind != TokenKind::kComma) {
    fail();
    return false;
  }
  const Token slash = advance();
  const char* mistake = nullptr;
  if (lists.has_slash) {
    mistake = "/ may appear only once";
  } else if (lists.has_star) {
    mistake = "/ must be ahead of *";
  } else if (lists.positional.empty()) {
    mistake = "at least one argument must precede /";
  } else if (at(TokenKind::kStar) && diagnosing_) {
    raise(position_of(peek()), "expected comma between / and *");
    return false;
  }
  if (mistake != nullptr) {
    if (diagnosing_) {
      raise(position_of(slash), mistake);
    } else {
      fail();
    }
    return false;
  }
  lists.has_slash = true;
  lists.positional_only.swap(lists.positional);
  return true;
}

bool Parser::parse_star_parameter(ParameterLists& lists, TokenKind end) {
  const Token star = advance();
  if (lists.has_star) {
    if (diagnosing_ && (at(TokenKind::kName) || at(TokenKind::kComma))) {
      raise(position_of(star), "* argument may appear only once");
    } else {
      fail();
    }
    return false;
  }
  lists.has_star = true;
  if (at(TokenKind::kName)) {
    lists.variadic = parse_parameter_name(end, true);
    if (lists.variadic == nullptr) return false;
    if (diagnosing_ && at(TokenKind::kEqual)) {
      raise(position_of(peek()), "var-positional argument cannot have default value");
    }
    return !failed_;
  }
  // A bare star: a name must follow the comma.
  const bool has_comma = at(TokenKind::kComma);
  const TokenKind behind = has_comma ? peek(1).kind : peek().kind;
  if (has_comma && behind == TokenKind::kName) return true;
  const bool names_are_missing =
      has_comma ? behind == end || behind == TokenKind::kDoubleStar : behind == end;
  if (diagnosing_ && names_are_missing) {
    // Before the body of a lambda CPython points behind the star.
    if (end == TokenKind::kColon) {
      if (accept(TokenKind::kComma)) peek();
      raise_at_last_token("named arguments must follow bare *");
    } else {
      raise(position_of(star), "named arguments must follow bare *");
    }
  } else {
    fail();
  }
  return false;
}

// `def f((a, b))`.
bool Parser::diagnose_parameter(TokenKind end) {
  if (!at(TokenKind::kLeftParenthesis)) return false;
  const Token open = advance();
  do {
    if (at(TokenKind::kRightParenthesis)) break;
    if (!accept(TokenKind::kName)) return false;
  } while (accept(TokenKind::kComma));
  if (!accept(TokenKind::kRightParenthesis)) return false;
  raise(since(open), end == TokenKind::kColon
                         ? "Lambda expression parameters cannot be parenthesized"
                         : "Function parameters cannot be parenthesized");
  return true;
}

Parameter* Parser::parse_parameter_name(TokenKind end, bool may_be_starred) {
  if (!at(TokenKind::kName)) return fail();
  const Token start = advance();
  Expression* annotation = nullptr;
  if (end == TokenKind::kRightParenthesis && accept(TokenKind::kColon)) {
    annotation = may_be_starred ? parse_star_expression() : parse_expression();
    if (annotation == nullptr) return nullptr;
  }
  auto* parameter = make<Parameter>(since(start));
  parameter->name = identifier(start);
  parameter->annotation = annotation;
  adopt(parameter, annotation);
  return parameter;
}

Expression* Parser::parse_default(TokenKind end) {
  const Token equal = advance();
  const bool ends = end == TokenKind::kRightParenthesis && at(end);
  if (diagnosing_ && (ends || at(TokenKind::kComma))) {
    return raise(position_of(equal), "expected default value expression");
  }
  return parse_expression();
}

}  // namespace syntax
