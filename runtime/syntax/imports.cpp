// import and from ... import.
#include "runtime/syntax/parser.h"

namespace syntax {

std::optional<std::string_view> Parser::parse_dotted_name() {
  if (!at(TokenKind::kName)) {
    fail();
    return std::nullopt;
  }
  const Token first = advance();
  if (!at(TokenKind::kDot)) return identifier(first);
  std::string name(identifier(first));
  while (accept(TokenKind::kDot)) {
    if (!at(TokenKind::kName)) {
      fail();
      return std::nullopt;
    }
    name += ".";
    name += identifier(advance());
  }
  return tree_.arena().text(name);
}

Alias* Parser::parse_alias(bool dotted) {
  const Token start = peek();
  std::string_view name;
  if (dotted) {
    const std::optional<std::string_view> found = parse_dotted_name();
    if (!found) return nullptr;
    name = *found;
  } else {
    if (!at(TokenKind::kName)) return fail();
    name = identifier(advance());
  }
  std::string_view as_name;
  if (accept(TokenKind::kKeywordAs)) {
    const Token target = peek();
    const bool ends =
        target.kind == TokenKind::kName &&
        (peek(1).kind == TokenKind::kComma || peek(1).kind == TokenKind::kNewline ||
         peek(1).kind == TokenKind::kSemicolon || peek(1).kind == TokenKind::kRightParenthesis);
    if (diagnosing_ && !ends && begins_expression(target)) {
      Expression* expression = parse_expression();
      if (expression == nullptr) return nullptr;
      if (expression->kind == NodeKind::kName) return fail();
      return raise(expression->position,
                   "cannot use " + describe(expression) + " as import target");
    }
    if (!at(TokenKind::kName)) return fail();
    as_name = identifier(advance());
  }
  auto* alias = make<Alias>(since(start));
  alias->name = name;
  alias->as_name = as_name;
  return alias;
}

Statement* Parser::parse_import() {
  const Token start = advance();
  if (diagnosing_ && at(TokenKind::kNewline)) {
    return raise_from(position_of(peek()), "Expected one or more names after 'import'");
  }
  std::vector<Alias*> names;
  do {
    Alias* alias = parse_alias(true);
    if (alias == nullptr) return nullptr;
    names.push_back(alias);
  } while (accept(TokenKind::kComma));
  if (diagnosing_ && at(TokenKind::kKeywordFrom)) {
    advance();
    if (!parse_dotted_name()) return nullptr;
    return raise(since(start), "Did you mean to use 'from ... import ...' instead?");
  }
  auto* node = make<Import>(since(start));
  node->names = keep(names);
  adopt_all(node, node->names);
  return node;
}

Statement* Parser::parse_import_from() {
  const Token start = advance();
  int level = 0;
  for (;;) {
    if (accept(TokenKind::kDot)) {
      ++level;
    } else if (accept(TokenKind::kEllipsis)) {
      level += 3;
    } else {
      break;
    }
  }
  std::string_view module;
  if (level == 0 || !at(TokenKind::kKeywordImport)) {
    const std::optional<std::string_view> found = parse_dotted_name();
    if (!found) return nullptr;
    module = *found;
  }
  if (!expect(TokenKind::kKeywordImport)) return nullptr;
  std::vector<Alias*> names;
  if (at(TokenKind::kStar)) {
    auto* alias = make<Alias>(position_of(advance()));
    alias->name = "*";
    names.push_back(alias);
  } else {
    const bool has_parentheses = accept(TokenKind::kLeftParenthesis);
    if (!has_parentheses && diagnosing_ && at(TokenKind::kNewline)) {
      return raise_from(position_of(peek()), "Expected one or more names after 'import'");
    }
    do {
      if (!names.empty() && has_parentheses && at(TokenKind::kRightParenthesis)) break;
      if (!names.empty() && !has_parentheses && at(TokenKind::kNewline)) {
        if (!diagnosing_) return fail();
        return raise_at_last_token("trailing comma not allowed without surrounding parentheses");
      }
      Alias* alias = parse_alias(false);
      if (alias == nullptr) return nullptr;
      names.push_back(alias);
    } while (accept(TokenKind::kComma));
    if (has_parentheses && !expect(TokenKind::kRightParenthesis)) return nullptr;
  }
  auto* node = make<ImportFrom>(since(start));
  node->module = module;
  node->level = level;
  node->names = keep(names);
  adopt_all(node, node->names);
  return node;
}

}  // namespace syntax
