// String literals: plain ones, f-strings, and several in a row that become one.
#include "runtime/syntax/literals.h"
#include "runtime/syntax/parser.h"

namespace syntax {

void Parser::flush_text(StringPiece& piece) {
  if (piece.has_text) {
    Constant* constant = make_constant(piece.text_position, ConstantKind::kString);
    constant->text = tree_.arena().text(piece.text);
    piece.values.push_back(constant);
  }
  piece.text.clear();
  piece.has_text = false;
}

Expression* Parser::parse_strings() {
  const Token start = peek();
  StringPiece piece;
  bool has_f_string = false;
  bool has_text = false;
  bool has_bytes = false;
  for (;;) {
    if (at(TokenKind::kFStringStart)) {
      has_f_string = true;
      has_text = true;
      if (!parse_f_string(piece)) return nullptr;
    } else if (at(TokenKind::kString)) {
      const bool is_bytes = prefix_of(text_of(peek())).is_bytes;
      (is_bytes ? has_bytes : has_text) = true;
      if (!parse_plain_string(piece, is_bytes)) return nullptr;
    } else {
      break;
    }
  }
  if (has_bytes && has_text) return raise(since(start), "cannot mix bytes and nonbytes literals");
  if (!has_f_string) {
    Constant* constant =
        make_constant(since(start), has_bytes ? ConstantKind::kBytes : ConstantKind::kString);
    constant->text = tree_.arena().text(piece.text);
    return constant;
  }
  if (piece.text.empty()) piece.has_text = false;
  flush_text(piece);
  auto* node = make<JoinedStr>(since(start));
  node->values = keep(piece.values);
  adopt_all(node, node->values);
  return node;
}

bool Parser::append_literal(std::string& value, std::string_view body, const Token& token,
                            bool is_raw, bool is_bytes) {
  const EscapeFindings findings = append_unescaped(value, body,
                                                   is_raw     ? Escapes::kNone
                                                   : is_bytes ? Escapes::kBytes
                                                              : Escapes::kString);
  if (findings.mistake) {
    raise(position_of(token), *findings.mistake);
    return false;
  }
  if (findings.doubtful_escape) {
    Position position = position_of(token);
    for (const char character : body.substr(0, *findings.doubtful_escape))
      position.line += character == '\n';
    if (!diagnosing_)
      tokenizer_.warnings().push_back(
          {WarningKind::kSyntaxWarning, findings.doubtful_message, position});
  }
  return true;
}

bool Parser::parse_plain_string(StringPiece& piece, bool is_bytes) {
  const Token token = advance();
  const std::string_view literal = text_of(token);
  const StringPrefix prefix = prefix_of(literal);
  const std::string_view body = body_of(literal, prefix);
  if (is_bytes) {
    for (const char byte : body) {
      if (static_cast<unsigned char>(byte) < 0x80) continue;
      raise(position_of(token), "bytes can only contain ASCII literal characters");
      return false;
    }
  }
  if (!piece.has_text) piece.text_position = position_of(token);
  piece.text_position.end_line = token.end_line;
  piece.text_position.end_column = token.end_column;
  piece.has_text = true;
  return append_literal(piece.text, body, token, prefix.is_raw, is_bytes);
}

bool Parser::parse_f_string(StringPiece& piece) {
  advance();
  for (;;) {
    switch (peek().kind) {
      case TokenKind::kFStringMiddle:
        if (!parse_f_string_text(piece, false)) return false;
        break;
      case TokenKind::kLeftBrace:
        if (!parse_replacement_field(piece)) return false;
        break;
      case TokenKind::kFStringEnd:
        advance();
        return true;
      default:
        fail();
        return false;
    }
  }
}

// Doubled braces stand for one, but not in a format specification.
bool Parser::parse_f_string_text(StringPiece& piece, bool in_format_spec) {
  const Token token = advance();
  const std::string_view body = text_of(token);
  if (!piece.has_text) piece.text_position = position_of(token);
  piece.text_position.end_line = token.end_line;
  piece.text_position.end_column = token.end_column;
  piece.has_text = true;
  std::size_t start = 0;
  while (!in_format_spec && start < body.size()) {
    std::size_t brace = start;
    for (;; ++brace) {
      brace = body.find_first_of("{}\\", brace);
      if (brace == std::string_view::npos) break;
      if (body[brace] != '\\') break;
      // \N{...} has braces of its own.
      if (!token.is_raw && body.substr(brace + 1, 2) == "N{") {
        const std::size_t end = body.find('}', brace);
        if (end == std::string_view::npos) break;
        brace = end;
      } else if (brace + 1 < body.size() && body[brace + 1] != '{' && body[brace + 1] != '}') {
        ++brace;
      }
    }
    if (brace == std::string_view::npos || body[brace] == '\\') break;
    // `\{{` is a backslash that escapes nothing and one brace.
    if (!append_literal(piece.text, body.substr(start, brace - start), token, token.is_raw, false))
      return false;
    piece.text.push_back(body[brace]);
    start = brace + 2;
  }
  if (start >= body.size()) return true;
  return append_literal(piece.text, body.substr(start), token, token.is_raw, false);
}

bool Parser::parse_replacement_field(StringPiece& piece) {
  const Deeper deeper(*this);
  if (!deeper.is_fine()) return false;
  const Token open = advance();
  const auto refuse = [this](std::string message) {
    if (diagnosing_ && !at(TokenKind::kMistake)) {
      raise(position_of(peek()), std::move(message));
    } else {
      fail();
    }
    return false;
  };
  switch (peek().kind) {
    case TokenKind::kRightBrace:
      return refuse("f-string: valid expression required before '}'");
    case TokenKind::kEqual:
      return refuse("f-string: valid expression required before '='");
    case TokenKind::kExclamation:
      return refuse("f-string: valid expression required before '!'");
    case TokenKind::kColon:
      return refuse("f-string: valid expression required before ':'");
    default:
      break;
  }
  const Token first = peek();
  if (!begins_expression(first) && first.kind != TokenKind::kStar &&
      first.kind != TokenKind::kKeywordYield) {
    return refuse("f-string: expecting a valid expression after '{'");
  }
  Expression* value = parse_assigned_value();
  if (value == nullptr) {
    if (diagnosing_ && !problem_ && first.kind == TokenKind::kStar &&
        last_token().start == first.end) {
      raise(position_of(first), "f-string: expecting a valid expression after '{'");
    }
    return false;
  }
  Conversion conversion = Conversion::kNothing;
  bool is_debug = false;
  if (at(TokenKind::kEqual)) {
    is_debug = true;
    advance();
    const std::string_view text = tree_.source().substr(open.end, peek().start - open.end);
    if (!piece.has_text) piece.text_position = {open.end_line, open.end_column, 0, 0};
    piece.text_position.end_line = peek().line;
    piece.text_position.end_column = peek().column;
    piece.has_text = true;
    piece.text.append(text);
  }
  if (at(TokenKind::kExclamation)) {
    const Token exclamation = advance();
    const Token name = peek();
    if (name.kind != TokenKind::kName || name.start != exclamation.end) {
      if (name.kind == TokenKind::kName) {
        if (diagnosing_) {
          raise(between(position_of(exclamation), position_of(name)),
                "f-string: conversion type must come right after the exclamation mark");
        }
        fail();
        return false;
      }
      if (name.kind == TokenKind::kColon || name.kind == TokenKind::kRightBrace) {
        return refuse("f-string: missing conversion character");
      }
      return refuse("f-string: invalid conversion character");
    }
    const std::string_view letter = text_of(name);
    if (letter == "r") {
      conversion = Conversion::kRepr;
    } else if (letter == "s") {
      conversion = Conversion::kStr;
    } else if (letter == "a") {
      conversion = Conversion::kAscii;
    } else {
      raise(position_of(name), "f-string: invalid conversion character '" + std::string(letter) +
                                   "': expected 's', 'r', or 'a'");
      return false;
    }
    advance();
  }
  Expression* format_spec = nullptr;
  if (at(TokenKind::kColon)) {
    format_spec = parse_format_spec();
    if (format_spec == nullptr) return false;
  }
  if (!at(TokenKind::kRightBrace)) {
    if (is_debug || conversion != Conversion::kNothing || format_spec != nullptr) {
      return refuse(format_spec != nullptr ? "f-string: expecting '}', or format specs"
                    : conversion != Conversion::kNothing
                        ? "f-string: expecting ':' or '}'"
                        : "f-string: expecting '!', or ':', or '}'");
    }
    return refuse("f-string: expecting '=', or '!', or ':', or '}'");
  }
  advance();
  flush_text(piece);
  auto* node = make<FormattedValue>(since(open));
  node->value = value;
  node->conversion = is_debug && conversion == Conversion::kNothing && format_spec == nullptr
                         ? Conversion::kRepr
                         : conversion;
  node->format_spec = format_spec;
  adopt(node, value);
  adopt(node, format_spec);
  piece.values.push_back(node);
  return !failed_;
}

Expression* Parser::parse_format_spec() {
  const Token colon = advance();
  StringPiece piece;
  for (;;) {
    if (at(TokenKind::kFStringMiddle)) {
      if (!parse_f_string_text(piece, true)) return nullptr;
    } else if (at(TokenKind::kLeftBrace)) {
      if (!parse_replacement_field(piece)) return nullptr;
    } else {
      break;
    }
  }
  flush_text(piece);
  auto* node = make<JoinedStr>(since(colon));
  node->values = keep(piece.values);
  adopt_all(node, node->values);
  return node;
}

}  // namespace syntax
