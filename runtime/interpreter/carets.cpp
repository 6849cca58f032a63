#include "runtime/interpreter/carets.h"

#include <algorithm>
#include <cstddef>

#include "runtime/syntax/parse.h"

namespace runtime {

namespace {

constexpr std::string_view kBlanks = " \t\f\r";

// The part of a segment that is marked with ^, in bytes.
struct Anchors {
  std::size_t begin = 0;
  std::size_t end = 0;  // begin == end: none
};

// How many characters the first `bytes` bytes are.
std::size_t characters(std::string_view text, std::size_t bytes) {
  return static_cast<std::size_t>(std::count_if(text.begin(),
                                                text.begin() + static_cast<std::ptrdiff_t>(bytes),
                                                [](char byte) { return (byte & 0xC0) != 0x80; }));
}

// The segment was parsed in parentheses, from the second line on.
struct Parsed {
  std::unique_ptr<syntax::SyntaxTree> tree;
  const syntax::Expression* expression = nullptr;
};

Parsed parse_segment(std::string_view segment) {
  const std::string text = "(\n" + std::string(segment) + "\n)";
  syntax::ParseOptions options;
  options.source_kind = syntax::SourceKind::kText;
  syntax::ParseResult result = syntax::parse(text, syntax::Mode::kExpression, options);
  if (!result.is_ok()) return {};
  Parsed parsed;
  parsed.tree = std::move(result.tree);
  parsed.expression = syntax::as<syntax::Evaluation>(parsed.tree->root())->body;
  return parsed;
}

bool is_on_one_line(const syntax::Position& position) {
  return position.line == 2 && position.end_line == 2;
}

// From the first character behind the left operand that is part of an operator.
Anchors operator_anchors(std::string_view segment, std::size_t left_end, std::size_t right_begin) {
  std::size_t at = left_end;
  while (at < right_begin && (kBlanks.find(segment[at]) != std::string_view::npos ||
                              segment[at] == ')' || segment[at] == '\\')) {
    ++at;
  }
  if (at >= right_begin) return {};
  std::size_t end = at + 1;
  if (end < right_begin && kBlanks.find(segment[end]) == std::string_view::npos &&
      segment[end] == segment[at]) {
    ++end;
  }
  return {at, end};
}

// From the first `bracket` behind the part before it to the end.
Anchors bracket_anchors(std::string_view segment, std::size_t from, char bracket) {
  const std::size_t begin = segment.find(bracket, from);
  if (begin == std::string_view::npos) return {};
  return {begin, segment.size()};
}

Anchors anchors_of(std::string_view segment) {
  const Parsed parsed = parse_segment(segment);
  if (parsed.expression == nullptr || !is_on_one_line(parsed.expression->position)) return {};
  switch (parsed.expression->kind) {
    case syntax::NodeKind::kBinOp: {
      const auto* operation = syntax::as<syntax::BinOp>(parsed.expression);
      return operator_anchors(segment, operation->left->position.end_column,
                              operation->right->position.column);
    }
    case syntax::NodeKind::kSubscript: {
      const auto* subscript = syntax::as<syntax::Subscript>(parsed.expression);
      return bracket_anchors(segment, subscript->value->position.end_column, '[');
    }
    case syntax::NodeKind::kCall: {
      const auto* call = syntax::as<syntax::Call>(parsed.expression);
      return bracket_anchors(segment, call->function->position.end_column, '(');
    }
    default:
      return {};
  }
}

// `return f(...)` and `x = f(...)`, of which the call is what was executed.
bool is_plain_call(std::string_view stripped, std::size_t begin, std::size_t end) {
  syntax::ParseOptions options;
  options.source_kind = syntax::SourceKind::kText;
  const std::string text = std::string(stripped) + "\n";
  const syntax::ParseResult result = syntax::parse(text, syntax::Mode::kModule, options);
  if (!result.is_ok() || result.tree->module()->body.empty()) return false;
  const syntax::Node* statement = result.tree->module()->body.front();
  const syntax::Expression* value = nullptr;
  if (statement->kind == syntax::NodeKind::kReturn) {
    value = syntax::as<syntax::Return>(statement)->value;
    if (value != nullptr && value->kind == syntax::NodeKind::kCall &&
        syntax::as<syntax::Call>(value)->function->kind != syntax::NodeKind::kName) {
      return false;
    }
  } else if (statement->kind == syntax::NodeKind::kAssign) {
    value = syntax::as<syntax::Assign>(statement)->value;
  }
  return value != nullptr && value->kind == syntax::NodeKind::kCall &&
         value->position.column == begin && value->position.end_column == end;
}

}  // namespace

std::string carets_for(std::string_view line, const CodePosition& position) {
  if (position.line == 0 || position.end_line != position.line) return "";
  const std::size_t indentation = line.find_first_not_of(kBlanks);
  if (indentation == std::string_view::npos || position.column < indentation) return "";
  const std::size_t last = line.find_last_not_of(kBlanks);
  const std::string_view stripped = line.substr(indentation, last + 1 - indentation);
  const std::size_t begin = position.column - indentation;
  const std::size_t end = std::min<std::size_t>(position.end_column - indentation, stripped.size());
  if (begin >= end) return "";
  if (is_plain_call(stripped, begin, end)) return "";
  const std::string_view segment = stripped.substr(begin, end - begin);
  const Anchors anchors = anchors_of(segment);
  const bool has_anchors = anchors.begin < anchors.end;
  if (!has_anchors && begin == 0 && end == stripped.size()) return "";

  std::string marks(characters(stripped, begin), ' ');
  const std::size_t length = characters(segment, segment.size());
  if (!has_anchors) return marks + std::string(length, '^');
  const std::size_t from = characters(segment, anchors.begin);
  const std::size_t to = characters(segment, anchors.end);
  return marks + std::string(from, '~') + std::string(to - from, '^') +
         std::string(length - to, '~');
}

}  // namespace runtime
