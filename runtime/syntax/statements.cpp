// Statement lists and the simple statements that begin with a keyword.
#include "runtime/syntax/parser.h"

namespace syntax {

bool Parser::parse_statements(std::vector<Statement*>& body, TokenKind end) {
  while (!at(end)) {
    if (!parse_statement(body) || failed_) return false;
  }
  return true;
}

bool Parser::parse_statement(std::vector<Statement*>& body) {
  switch (peek().kind) {
    case TokenKind::kKeywordIf:
    case TokenKind::kKeywordWhile:
    case TokenKind::kKeywordFor:
    case TokenKind::kKeywordTry:
    case TokenKind::kKeywordWith:
    case TokenKind::kKeywordDef:
    case TokenKind::kKeywordClass:
    case TokenKind::kAt:
    case TokenKind::kKeywordAsync: {
      Statement* statement = parse_compound_statement();
      if (statement == nullptr) return false;
      body.push_back(statement);
      return true;
    }
    default:
      return parse_simple_statements(body);
  }
}

bool Parser::parse_simple_statements(std::vector<Statement*>& body) {
  for (;;) {
    Statement* statement = parse_simple_statement();
    if (statement == nullptr) return false;
    body.push_back(statement);
    if (accept(TokenKind::kNewline)) return true;
    if (!expect(TokenKind::kSemicolon)) return false;
    if (accept(TokenKind::kNewline)) return true;
  }
}

Statement* Parser::parse_simple_statement() {
  switch (peek().kind) {
    case TokenKind::kKeywordPass:
      return parse_keyword_statement(NodeKind::kPass);
    case TokenKind::kKeywordBreak:
      return parse_keyword_statement(NodeKind::kBreak);
    case TokenKind::kKeywordContinue:
      return parse_keyword_statement(NodeKind::kContinue);
    case TokenKind::kKeywordReturn:
      return parse_return();
    case TokenKind::kKeywordRaise:
      return parse_raise();
    case TokenKind::kKeywordDel:
      return parse_delete();
    case TokenKind::kKeywordAssert:
      return parse_assert();
    case TokenKind::kKeywordGlobal:
      return parse_names<Global>();
    case TokenKind::kKeywordNonlocal:
      return parse_names<Nonlocal>();
    case TokenKind::kKeywordImport:
      return parse_import();
    case TokenKind::kKeywordFrom:
      return parse_import_from();
    default:
      return parse_expression_statement();
  }
}

Statement* Parser::parse_keyword_statement(NodeKind kind) {
  const Position position = position_of(advance());
  if (kind == NodeKind::kPass) return make<Pass>(position);
  if (kind == NodeKind::kBreak) return make<Break>(position);
  return make<Continue>(position);
}

Statement* Parser::parse_return() {
  const Token start = advance();
  Expression* value = nullptr;
  if (!at(TokenKind::kNewline) && !at(TokenKind::kSemicolon)) {
    value = parse_star_expressions();
    if (value == nullptr) return nullptr;
  }
  auto* node = make<Return>(since(start));
  node->value = value;
  adopt(node, value);
  return node;
}

Statement* Parser::parse_raise() {
  const Token start = advance();
  Expression* exception = nullptr;
  Expression* cause = nullptr;
  if (!at(TokenKind::kNewline) && !at(TokenKind::kSemicolon)) {
    exception = parse_expression();
    if (exception == nullptr) return nullptr;
    if (accept(TokenKind::kKeywordFrom)) {
      cause = parse_expression();
      if (cause == nullptr) return nullptr;
    }
  }
  auto* node = make<Raise>(since(start));
  node->exception = exception;
  node->cause = cause;
  adopt(node, exception);
  adopt(node, cause);
  return node;
}

Statement* Parser::parse_delete() {
  const Token start = advance();
  std::vector<Expression*> targets;
  do {
    if (!targets.empty() && (at(TokenKind::kNewline) || at(TokenKind::kSemicolon))) break;
    Expression* target = parse_star_expression();
    if (target == nullptr) return nullptr;
    targets.push_back(target);
  } while (accept(TokenKind::kComma));
  for (Expression* target : targets) {
    if (!make_target(target, TargetUse::kDelete)) return nullptr;
  }
  if (!at(TokenKind::kNewline) && !at(TokenKind::kSemicolon)) return fail();
  auto* node = make<Delete>(since(start));
  node->targets = keep(targets);
  adopt_all(node, node->targets);
  return node;
}

Statement* Parser::parse_assert() {
  const Token start = advance();
  Expression* test = parse_expression();
  if (test == nullptr) return nullptr;
  Expression* message = nullptr;
  if (accept(TokenKind::kComma)) {
    message = parse_expression();
    if (message == nullptr) return nullptr;
  }
  auto* node = make<Assert>(since(start));
  node->test = test;
  node->message = message;
  adopt(node, test);
  adopt(node, message);
  return node;
}

template <class T>
Statement* Parser::parse_names() {
  const Token start = advance();
  std::vector<std::string_view> names;
  do {
    if (!at(TokenKind::kName)) return fail();
    names.push_back(identifier(advance()));
  } while (accept(TokenKind::kComma));
  auto* node = make<T>(since(start));
  node->names = tree_.arena().list(names);
  return node;
}

// One statement at a prompt: a compound one, or simple ones in a line.
const Node* Parser::parse_interactive() {
  std::vector<Statement*> body;
  const Token start = peek();
  if (!at(TokenKind::kEnd) && !parse_statement(body)) return nullptr;
  while (accept(TokenKind::kNewline)) {
  }
  if (!at(TokenKind::kEnd)) {
    if (at(TokenKind::kMistake)) return fail();
    if (body.empty()) return fail();
    Position position = body.back()->position;
    position.line = position.end_line;
    position.column = position.end_column++;
    if (!problem_)
      problem_ =
          tree_.problem(position, "multiple statements found while compiling a single statement");
    return fail();
  }
  if (body.empty()) return fail();
  auto* root = make<Interactive>(since(start));
  root->body = keep(body);
  adopt_all(root, root->body);
  return failed_ ? nullptr : root;
}

}  // namespace syntax
