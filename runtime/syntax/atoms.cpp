// Operands: names, literals, brackets of every kind, and what may stand behind one (attributes,
// subscripts, calls).
#include "runtime/syntax/literals.h"
#include "runtime/syntax/parser.h"

namespace syntax {

Expression* Parser::parse_primary() {
  const Token start_token = peek();
  const Position start = position_of(start_token);
  Expression* value = parse_atom();
  while (value != nullptr && !failed_) {
    switch (peek().kind) {
      case TokenKind::kDot: {
        advance();
        if (!at(TokenKind::kName)) return fail();
        const std::string_view name = identifier(advance());
        auto* node = make<Attribute>(since(start));
        node->value = value;
        node->name = name;
        adopt(node, value);
        value = node;
        break;
      }
      case TokenKind::kLeftParenthesis:
        value = parse_call(value, start);
        break;
      case TokenKind::kLeftBracket:
        value = parse_subscript(value, start);
        break;
      default:
        return value;
    }
  }
  return nullptr;
}

Constant* Parser::make_constant(const Position& position, ConstantKind kind) {
  auto* node = make<Constant>(position);
  node->constant_kind = kind;
  return node;
}

Expression* Parser::parse_atom() {
  const Token start = peek();
  switch (start.kind) {
    case TokenKind::kName: {
      advance();
      auto* node = make<Name>(position_of(start));
      node->name = identifier(start);
      return node;
    }
    case TokenKind::kNumber:
      return parse_number();
    case TokenKind::kString:
    case TokenKind::kFStringStart:
      return parse_strings();
    case TokenKind::kLeftParenthesis:
      return parse_parenthesized();
    case TokenKind::kLeftBracket:
      return parse_list_display();
    case TokenKind::kLeftBrace:
      return parse_brace_display();
    case TokenKind::kKeywordNone:
      return make_constant(position_of(advance()), ConstantKind::kNone);
    case TokenKind::kKeywordTrue:
      return make_constant(position_of(advance()), ConstantKind::kTrue);
    case TokenKind::kKeywordFalse:
      return make_constant(position_of(advance()), ConstantKind::kFalse);
    case TokenKind::kEllipsis:
      return make_constant(position_of(advance()), ConstantKind::kEllipsis);
    default:
      return fail();
  }
}

Expression* Parser::parse_number() {
  const Token token = advance();
  Constant* node = make_constant(position_of(token), ConstantKind::kInteger);
  read_number_literal(tree_.arena(), text_of(token), *node);
  const auto limit = static_cast<std::size_t>(options_.maximum_integer_digits);
  if (node->constant_kind == ConstantKind::kInteger && node->base == 10 && limit != 0 &&
      node->text.size() > limit) {
    return raise(node->position,
                 "Exceeds the limit (" + std::to_string(limit) +
                     " digits) for integer string conversion: value has " +
                     std::to_string(node->text.size()) +
                     " digits; use sys.set_int_max_str_digits() to increase the limit - Consider "
                     "hexadecimal for huge integer literals to avoid decimal conversion limits.");
  }
  return node;
}

bool Parser::at_comprehension() {
  return at(TokenKind::kKeywordFor) || at(TokenKind::kKeywordAsync);
}

bool Parser::parse_comprehensions(std::vector<Comprehension>& generators) {
  while (at_comprehension()) {
    if (at(TokenKind::kKeywordAsync)) {
      unsupported(peek(), "'async' is");
      return false;
    }
    advance();
    Comprehension generator;
    generator.target = parse_target_list(TargetUse::kStar);
    if (generator.target == nullptr) return false;
    if (!accept(TokenKind::kKeywordIn)) {
      if (diagnosing_ && !at(TokenKind::kMistake)) {
        raise_at_last_token("'in' expected after for-loop variables");
      } else {
        fail();
      }
      return false;
    }
    generator.iterable = parse_disjunction();
    if (generator.iterable == nullptr) return false;
    std::vector<Expression*> conditions;
    while (accept(TokenKind::kKeywordIf)) {
      Expression* condition = parse_disjunction();
      if (condition == nullptr) return false;
      conditions.push_back(condition);
    }
    generator.conditions = keep(conditions);
    generators.push_back(generator);
  }
  return true;
}

template <class T>
Expression* Parser::finish_comprehension(const Token& start, Expression* element, TokenKind end) {
  if (element->kind == NodeKind::kStarred) {
    if (!diagnosing_) return fail();
    return raise(element->position, "iterable unpacking cannot be used in comprehension");
  }
  std::vector<Comprehension> generators;
  if (!parse_comprehensions(generators) || !expect(end)) return nullptr;
  auto* node = make<T>(since(start));
  node->element = element;
  node->generators = tree_.arena().list(generators);
  adopt(node, element);
  adopt_comprehensions(node, node->generators);
  return node;
}

Expression* Parser::parse_parenthesized() {
  const Token start = advance();
  if (accept(TokenKind::kRightParenthesis)) return make<Tuple>(since(start));
  if (at(TokenKind::kKeywordYield)) {
    Expression* value = parse_yield();
    if (value == nullptr || !expect(TokenKind::kRightParenthesis)) return nullptr;
    return value;
  }
  if (diagnosing_ && at(TokenKind::kDoubleStar)) {
    const Token stars = advance();
    if (parse_expression() == nullptr) return nullptr;
    if (!at(TokenKind::kRightParenthesis)) return fail();
    return raise(position_of(stars), "cannot use double starred expression here");
  }
  Expression* first = parse_star_named_expression();
  if (first == nullptr) return nullptr;
  if (at_comprehension())
    return finish_comprehension<GeneratorExp>(start, first, TokenKind::kRightParenthesis);
  if (!at(TokenKind::kComma)) {
    if (first->kind == NodeKind::kStarred) {
      if (!diagnosing_ || !at(TokenKind::kRightParenthesis)) return fail();
      return raise(first->position, "cannot use starred expression here");
    }
    if (!expect(TokenKind::kRightParenthesis)) return nullptr;
    return first;
  }
  std::vector<Expression*> elements = {first};
  while (accept(TokenKind::kComma)) {
    if (at(TokenKind::kRightParenthesis)) break;
    Expression* element = parse_star_named_expression();
    if (element == nullptr) return nullptr;
    elements.push_back(element);
  }
  if (diagnosing_ && at_comprehension()) return fail();
  if (!expect(TokenKind::kRightParenthesis)) return nullptr;
  return make_tuple(since(start), elements);
}

Expression* Parser::parse_list_display() {
  const Token start = advance();
  std::vector<Expression*> elements;
  while (!at(TokenKind::kRightBracket)) {
    Expression* element = parse_star_named_expression();
    if (element == nullptr) return nullptr;
    elements.push_back(element);
    if (at_comprehension()) {
      if (elements.size() == 1)
        return finish_comprehension<ListComp>(start, element, TokenKind::kRightBracket);
      if (!diagnosing_) return fail();
      return raise(between(elements.front()->position, element->position),
                   "did you forget parentheses around the comprehension target?");
    }
    if (!accept(TokenKind::kComma)) break;
  }
  if (!expect(TokenKind::kRightBracket)) return nullptr;
  auto* node = make<List>(since(start));
  node->elements = keep(elements);
  adopt_all(node, node->elements);
  return node;
}

// A set, unless it begins like a dict.
Expression* Parser::parse_brace_display() {
  const Token start = advance();
  if (at(TokenKind::kRightBrace) || at(TokenKind::kDoubleStar))
    return parse_dict_display(start, nullptr, nullptr);
  if (diagnosing_ && at(TokenKind::kStar) && !diagnose_star()) return nullptr;
  const bool may_be_key = !at(TokenKind::kStar) && peek(1).kind != TokenKind::kColonEqual;
  Expression* first = parse_star_named_expression();
  if (first == nullptr) return nullptr;
  if (may_be_key && at(TokenKind::kColon)) {
    // Read as the key of a dict: what is behind the colon decides the rest.
    advance();
    if (diagnosing_ && (at(TokenKind::kRightBrace) || at(TokenKind::kComma))) {
      return raise(position_of(previous_), "expression expected after dictionary key and ':'");
    }
    if (diagnosing_ && !diagnose_dict_value()) return nullptr;
    Expression* value = parse_expression();
    if (value == nullptr) return nullptr;
    if (at_comprehension()) {
      std::vector<Comprehension> generators;
      if (!parse_comprehensions(generators) || !expect(TokenKind::kRightBrace)) return nullptr;
      auto* node = make<DictComp>(since(start));
      node->key = first;
      node->value = value;
      node->generators = tree_.arena().list(generators);
      adopt(node, first);
      adopt(node, value);
      adopt_comprehensions(node, node->generators);
      return node;
    }
    return parse_dict_display(start, first, value);
  }
  if (at_comprehension())
    return finish_comprehension<SetComp>(start, first, TokenKind::kRightBrace);
  std::vector<Expression*> elements = {first};
  while (accept(TokenKind::kComma)) {
    if (at(TokenKind::kRightBrace)) break;
    Expression* element = parse_star_named_expression();
    if (element == nullptr) return nullptr;
    elements.push_back(element);
    if (diagnosing_ && at_comprehension()) {
      return raise(between(elements.front()->position, element->position),
                   "did you forget parentheses around the comprehension target?");
    }
  }
  if (!expect(TokenKind::kRightBrace)) return nullptr;
  auto* node = make<Set>(since(start));
  node->elements = keep(elements);
  adopt_all(node, node->elements);
  return node;
}

// `{a: *b}`. False when a problem was raised.
bool Parser::diagnose_dict_value() {
  if (!at(TokenKind::kStar)) return true;
  const Token star = advance();
  if (parse_binary() == nullptr) return false;
  peek();
  raise_from(position_of(star), "cannot use a starred expression in a dictionary value");
  return false;
}

// Behind the brace, or behind a first pair.
Expression* Parser::parse_dict_display(const Token& start, Expression* first_key,
                                       Expression* first_value) {
  std::vector<Expression*> keys;
  std::vector<Expression*> values;
  bool goes_on = true;
  if (first_key != nullptr) {
    keys.push_back(first_key);
    values.push_back(first_value);
    goes_on = accept(TokenKind::kComma);
  }
  while (goes_on && !at(TokenKind::kRightBrace)) {
    if (at(TokenKind::kDoubleStar)) {
      const Token stars = advance();
      Expression* value = parse_binary();
      if (value == nullptr) return nullptr;
      if (diagnosing_ && keys.empty() && at_comprehension()) {
        return raise(position_of(stars), "dict unpacking cannot be used in dict comprehension");
      }
      keys.push_back(nullptr);
      values.push_back(value);
    } else {
      Expression* key = parse_expression();
      if (key == nullptr) return nullptr;
      if (!accept(TokenKind::kColon)) {
        if (!diagnosing_ || at(TokenKind::kMistake)) return fail();
        Position place = key->position;
        place.line = place.end_line;
        place.column = place.end_column - 1;
        raise(place, "':' expected after dictionary key");
        problem_->end_offset = 0;
        return nullptr;
      }
      if (diagnosing_ && (at(TokenKind::kRightBrace) || at(TokenKind::kComma))) {
        return raise(position_of(previous_), "expression expected after dictionary key and ':'");
      }
      if (diagnosing_ && !diagnose_dict_value()) return nullptr;
      Expression* value = parse_expression();
      if (value == nullptr) return nullptr;
      keys.push_back(key);
      values.push_back(value);
    }
    goes_on = accept(TokenKind::kComma);
  }
  if (!expect(TokenKind::kRightBrace)) return nullptr;
  auto* node = make<Dict>(since(start));
  node->keys = keep(keys);
  node->values = keep(values);
  adopt_all(node, node->keys);
  adopt_all(node, node->values);
  return node;
}

Expression* Parser::parse_subscript(Expression* value, const Position& start) {
  advance();
  const Token first_token = peek();
  std::vector<Expression*> elements;
  bool is_tuple = false;
  do {
    if (!elements.empty() && at(TokenKind::kRightBracket)) break;
    if (diagnosing_ && at(TokenKind::kStar) && !diagnose_star()) return nullptr;
    Expression* element = at(TokenKind::kStar) ? parse_star_expression() : parse_slice();
    if (element == nullptr) return nullptr;
    is_tuple = is_tuple || element->kind == NodeKind::kStarred;
    elements.push_back(element);
    is_tuple = is_tuple || at(TokenKind::kComma);
  } while (accept(TokenKind::kComma));
  Expression* index = is_tuple ? make_tuple(since(first_token), elements) : elements.front();
  if (!expect(TokenKind::kRightBracket)) return nullptr;
  auto* node = make<Subscript>(since(start));
  node->value = value;
  node->index = index;
  adopt(node, value);
  adopt(node, index);
  return node;
}

Expression* Parser::parse_slice() {
  const Token start = peek();
  Expression* lower = nullptr;
  if (!at(TokenKind::kColon)) {
    lower = parse_named_expression();
    if (lower == nullptr) return nullptr;
    if (!at(TokenKind::kColon)) return lower;
  }
  advance();
  const auto ends = [this] {
    return at(TokenKind::kColon) || at(TokenKind::kComma) || at(TokenKind::kRightBracket);
  };
  Expression* upper = nullptr;
  Expression* step = nullptr;
  if (!ends()) {
    upper = parse_expression();
    if (upper == nullptr) return nullptr;
  }
  if (accept(TokenKind::kColon) && !ends()) {
    step = parse_expression();
    if (step == nullptr) return nullptr;
  }
  auto* node = make<Slice>(since(start));
  node->lower = lower;
  node->upper = upper;
  node->step = step;
  adopt(node, lower);
  adopt(node, upper);
  adopt(node, step);
  return node;
}

}  // namespace syntax
