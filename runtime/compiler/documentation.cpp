#include "runtime/compiler/documentation.h"

#include <algorithm>
#include <vector>

namespace runtime {

namespace {

std::string expand_tabs(std::string_view text) {
  std::string result;
  std::size_t column = 0;
  for (char letter : text) {
    if (letter == '\t') {
      const std::size_t blanks = 8 - column % 8;
      result.append(blanks, ' ');
      column += blanks;
      continue;
    }
    result += letter;
    column = letter == '\n' || letter == '\r' ? 0 : column + 1;
  }
  return result;
}

std::size_t leading_blanks(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

}  // namespace

std::string clean_documentation(std::string_view text) {
  const std::string expanded = expand_tabs(text);
  std::vector<std::string_view> lines;
  for (std::string_view rest = expanded;;) {
    const std::size_t end = rest.find('\n');
    lines.push_back(rest.substr(0, end));
    if (end == std::string_view::npos) break;
    rest = rest.substr(end + 1);
  }
  // The first line has no indentation of its own; the others lose what all of them have.
  std::size_t margin = std::string_view::npos;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const std::size_t blanks = leading_blanks(lines[i]);
    if (blanks < lines[i].size()) margin = std::min(margin, blanks);
  }
  std::string result(lines[0].substr(leading_blanks(lines[0])));
  for (std::size_t i = 1; i < lines.size(); ++i) {
    result += '\n';
    if (margin != std::string_view::npos && margin <= lines[i].size()) {
      result += lines[i].substr(margin);
    } else if (margin == std::string_view::npos) {
      result += lines[i];
    }
  }
  return result;
}

}  // namespace runtime
