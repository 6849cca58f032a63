#include <algorithm>

#include "runtime/syntax/parse.h"
#include "runtime/syntax/utf8.h"

namespace syntax {

const char* name_of(ProblemKind kind) {
  switch (kind) {
    case ProblemKind::kSyntaxError:
      return "SyntaxError";
    case ProblemKind::kIndentationError:
      return "IndentationError";
    case ProblemKind::kTabError:
      return "TabError";
    case ProblemKind::kMemoryError:
      return "MemoryError";
    case ProblemKind::kRecursionError:
      return "RecursionError";
    case ProblemKind::kValueError:
      return "ValueError";
  }
  return "";
}

SyntaxTree::SyntaxTree(std::string source, Mode mode) : source_(std::move(source)), mode_(mode) {
  line_starts_.push_back(0);
  for (std::size_t at = source_.find('\n'); at != std::string::npos;
       at = source_.find('\n', at + 1)) {
    line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
  }
}

std::string_view SyntaxTree::line(std::uint32_t number) const {
  if (number < 1 || number > line_starts_.size()) return {};
  const std::size_t start = line_starts_[number - 1];
  const std::size_t end = number < line_starts_.size() ? line_starts_[number] : source_.size();
  return std::string_view(source_).substr(start, end - start);
}

std::size_t SyntaxTree::offset_of(std::uint32_t line, std::uint32_t column) const {
  if (line < 1) return 0;
  if (line > line_starts_.size()) return source_.size();
  return std::min<std::size_t>(std::size_t{line_starts_[line - 1]} + column, source_.size());
}

std::string_view SyntaxTree::text_of(const Position& position) const {
  const std::size_t start = offset_of(position.line, position.column);
  const std::size_t end = offset_of(position.end_line, position.end_column);
  return end <= start ? std::string_view() : std::string_view(source_).substr(start, end - start);
}

SyntaxProblem SyntaxTree::problem(const Position& position, std::string message,
                                  ProblemKind kind) const {
  const auto offset_in = [this](std::uint32_t number, std::uint32_t column) {
    const std::string_view text = line(number);
    return 1 + static_cast<int>(
                   count_characters(text.substr(0, std::min<std::size_t>(column, text.size()))));
  };
  SyntaxProblem result;
  result.kind = kind;
  result.message = std::move(message);
  result.line = static_cast<int>(position.line);
  result.offset = offset_in(position.line, position.column);
  result.end_line = static_cast<int>(position.end_line);
  result.end_offset = offset_in(position.end_line, position.end_column);
  if (const std::string_view text = line(position.line); !text.empty()) {
    result.text = std::string(text);
  }
  return result;
}

}  // namespace syntax
