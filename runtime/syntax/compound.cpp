// Statements with blocks, but for definitions.
#include "runtime/syntax/parser.h"

namespace syntax {

Statement* Parser::parse_compound_statement() {
  const Token start = peek();
  switch (start.kind) {
    case TokenKind::kKeywordIf:
      return parse_if();
    case TokenKind::kKeywordWhile:
      return parse_while();
    case TokenKind::kKeywordFor:
      return parse_for();
    case TokenKind::kKeywordTry:
      return parse_try();
    case TokenKind::kKeywordWith:
      return parse_with();
    case TokenKind::kKeywordDef:
      return parse_function(start, {});
    case TokenKind::kKeywordClass:
      return parse_class(start, {});
    case TokenKind::kAt:
      return parse_decorated();
    default: {
      const TokenKind next = peek(1).kind;
      if (next != TokenKind::kKeywordDef && next != TokenKind::kKeywordFor &&
          next != TokenKind::kKeywordWith) {
        advance();
        peek();
        return fail();
      }
      return unsupported(start, "'async' is");
    }
  }
}

bool Parser::expect_colon() {
  if (accept(TokenKind::kColon)) return true;
  if (diagnosing_ && at(TokenKind::kNewline)) {
    raise_at_last_token("expected ':'");
  } else {
    fail();
  }
  return false;
}

// Behind the colon: statements in the same line, or an indented block. `owner` is "'if' statement".
bool Parser::parse_block(Sequence<Statement>& body, std::string_view owner, std::uint32_t line) {
  std::vector<Statement*> statements;
  if (!accept(TokenKind::kNewline)) {
    if (!parse_simple_statements(statements)) return false;
    body = keep(statements);
    return true;
  }
  if (!at(TokenKind::kIndent)) {
    if (at(TokenKind::kMistake) || !diagnosing_) {
      fail();
    } else {
      raise_at_last_token("expected an indented block after " + std::string(owner) + " on line " +
                              std::to_string(line),
                          ProblemKind::kIndentationError);
    }
    return false;
  }
  advance();
  const Deeper deeper(*this);
  if (!deeper.is_fine()) return false;
  while (!at(TokenKind::kDedent)) {
    if (at(TokenKind::kEnd)) break;
    if (!parse_statement(statements) || failed_) return false;
  }
  accept(TokenKind::kDedent);
  body = keep(statements);
  return true;
}

Statement* Parser::parse_if() {
  struct Branch {
    Token start;
    Expression* test;
    Sequence<Statement> body;
  };
  std::vector<Branch> branches;
  Sequence<Statement> orelse;
  do {
    Branch branch{advance(), nullptr, {}};
    branch.test = parse_named_expression();
    if (branch.test == nullptr || !expect_colon()) return nullptr;
    if (!parse_block(branch.body, branches.empty() ? "'if' statement" : "'elif' statement",
                     branch.start.line)) {
      return nullptr;
    }
    branches.push_back(branch);
  } while (at(TokenKind::kKeywordElif));
  if (!parse_else(orelse)) return nullptr;
  if (diagnosing_ && !orelse.empty() && at(TokenKind::kKeywordElif)) {
    return raise_at_last_token("'elif' block follows an 'else' block");
  }
  const Token end = previous_;
  If* node = nullptr;
  for (auto branch = branches.rbegin(); branch != branches.rend(); ++branch) {
    If* inner = node;
    node = make<If>({branch->start.line, branch->start.column, end.end_line, end.end_column});
    node->test = branch->test;
    node->body = branch->body;
    node->orelse = inner == nullptr ? orelse : keep(std::vector<Statement*>{inner});
    adopt(node, node->test);
    adopt_all(node, node->body);
    adopt_all(node, node->orelse);
  }
  return node;
}

bool Parser::parse_else(Sequence<Statement>& orelse) {
  if (!at(TokenKind::kKeywordElse)) return true;
  const Token start = advance();
  return expect_forced(TokenKind::kColon) && parse_block(orelse, "'else' statement", start.line);
}

Statement* Parser::parse_while() {
  const Token start = advance();
  Expression* test = parse_named_expression();
  if (test == nullptr || !expect_colon()) return nullptr;
  Sequence<Statement> body;
  Sequence<Statement> orelse;
  if (!parse_block(body, "'while' statement", start.line) || !parse_else(orelse)) return nullptr;
  auto* node = make<While>(since(start));
  node->test = test;
  node->body = body;
  node->orelse = orelse;
  adopt(node, test);
  adopt_all(node, body);
  adopt_all(node, orelse);
  return node;
}

Statement* Parser::parse_for() {
  const Token start = advance();
  Expression* target = parse_target_list(TargetUse::kStar);
  if (target == nullptr || !expect(TokenKind::kKeywordIn)) return nullptr;
  Expression* iterable = parse_star_expressions();
  if (iterable == nullptr || !expect_colon()) return nullptr;
  Sequence<Statement> body;
  Sequence<Statement> orelse;
  if (!parse_block(body, "'for' statement", start.line) || !parse_else(orelse)) return nullptr;
  auto* node = make<For>(since(start));
  node->target = target;
  node->iterable = iterable;
  node->body = body;
  node->orelse = orelse;
  adopt(node, target);
  adopt(node, iterable);
  adopt_all(node, body);
  adopt_all(node, orelse);
  return node;
}

Statement* Parser::parse_try() {
  const Token start = advance();
  Sequence<Statement> body;
  Sequence<Statement> orelse;
  Sequence<Statement> finally_body;
  std::vector<ExceptHandler*> handlers;
  if (!expect_forced(TokenKind::kColon) || !parse_block(body, "'try' statement", start.line))
    return nullptr;
  while (at(TokenKind::kKeywordExcept)) {
    ExceptHandler* handler = parse_handler();
    if (handler == nullptr) return nullptr;
    handlers.push_back(handler);
  }
  if (!handlers.empty() && !parse_else(orelse)) return nullptr;
  if (at(TokenKind::kKeywordFinally)) {
    const Token finally_start = advance();
    if (!expect_forced(TokenKind::kColon) ||
        !parse_block(finally_body, "'finally' statement", finally_start.line)) {
      return nullptr;
    }
  } else if (handlers.empty()) {
    if (!diagnosing_ || at(TokenKind::kMistake)) return fail();
    return raise_at_last_token("expected 'except' or 'finally' block");
  }
  auto* node = make<Try>(since(start));
  node->body = body;
  node->handlers = keep(handlers);
  node->orelse = orelse;
  node->finally_body = finally_body;
  adopt_all(node, body);
  adopt_all(node, node->handlers);
  adopt_all(node, orelse);
  adopt_all(node, finally_body);
  return node;
}

// except: / except A: / except A, B: / except (A, B) as name:
ExceptHandler* Parser::parse_handler() {
  const Token start = advance();
  if (at(TokenKind::kStar)) return unsupported(peek(), "'except*' is");
  Expression* type = nullptr;
  std::string_view name;
  if (!at(TokenKind::kColon) && !at(TokenKind::kNewline)) {
    type = parse_expressions();
    if (type == nullptr) return nullptr;
    if (accept(TokenKind::kKeywordAs)) {
      const bool is_bare_tuple =
          type->kind == NodeKind::kTuple && as<Tuple>(type)->elements.size() > 0 &&
          as<Tuple>(type)->elements.front()->position.column == type->position.column &&
          as<Tuple>(type)->elements.front()->position.line == type->position.line;
      if (diagnosing_ && is_bare_tuple && accept(TokenKind::kName) && accept(TokenKind::kColon)) {
        return raise_from(as<Tuple>(type)->elements.front()->position,
                          "multiple exception types must be parenthesized when using 'as'");
      }
      if (is_bare_tuple || !at(TokenKind::kName)) return fail();
      const Token name_token = peek();
      if (diagnosing_ && peek(1).kind != TokenKind::kColon) {
        Expression* target = parse_expression();
        if (target == nullptr) return nullptr;
        if (target->kind == NodeKind::kName || !at(TokenKind::kColon)) {
          return at(TokenKind::kNewline) ? raise_at_last_token("expected ':'") : fail();
        }
        return raise(target->position, "cannot use except statement with " + describe(target));
      }
      advance();
      name = identifier(name_token);
    }
  }
  if (!expect_colon()) return nullptr;
  Sequence<Statement> body;
  if (!parse_block(body, "'except' statement", start.line)) return nullptr;
  auto* handler = make<ExceptHandler>(since(start));
  handler->type = type;
  handler->name = name;
  handler->body = body;
  adopt(handler, type);
  adopt_all(handler, body);
  return handler;
}

Statement* Parser::parse_with() {
  const Token start = advance();
  std::vector<WithItem> items;
  if (!parse_with_items(items) || !expect_colon()) return nullptr;
  Sequence<Statement> body;
  if (!parse_block(body, "'with' statement", start.line)) return nullptr;
  auto* node = make<With>(since(start));
  node->items = tree_.arena().list(items);
  node->body = body;
  for (const WithItem& item : items) {
    adopt(node, item.context);
    adopt(node, item.target);
  }
  adopt_all(node, body);
  return node;
}

// Parentheses around items are tried first: `with (a, b):` has two items, `with (a, b).c:` one.
bool Parser::parse_with_items(std::vector<WithItem>& items) {
  if (at(TokenKind::kLeftParenthesis)) {
    const Mark here = mark();
    const bool was_diagnosing = diagnosing_;
    ++marks_;
    bool is_list_of_items = parse_parenthesized_with_items(items);
    --marks_;
    if (is_list_of_items) return true;
    diagnosing_ = was_diagnosing;
    if (problem_) return false;
    rewind(here);
    items.clear();
  }
  do {
    WithItem item;
    if (!parse_with_item(item)) return false;
    items.push_back(item);
  } while (accept(TokenKind::kComma));
  return true;
}

bool Parser::parse_parenthesized_with_items(std::vector<WithItem>& items) {
  advance();
  do {
    if (!items.empty() && at(TokenKind::kRightParenthesis)) break;
    WithItem item;
    if (!parse_with_item(item)) return false;
    items.push_back(item);
  } while (accept(TokenKind::kComma));
  return accept(TokenKind::kRightParenthesis) &&
         (at(TokenKind::kColon) || (diagnosing_ && at(TokenKind::kNewline)));
}

bool Parser::parse_with_item(WithItem& item) {
  item.context = parse_expression();
  if (item.context == nullptr) return false;
  if (!accept(TokenKind::kKeywordAs)) return true;
  item.target = parse_star_target();
  return item.target != nullptr && make_target(item.target, TargetUse::kStar);
}

}  // namespace syntax
