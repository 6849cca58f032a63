// Widths count characters, not bytes; colours are put around text that has its width already.
#include "conformance/report/text_layout.h"

#include <algorithm>
#include <fmt/format.h>

#include "conformance/outcome/wording.h"

namespace conformance {

namespace {

// The bytes of the first `characters` characters.
std::size_t bytes_of(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  for (std::size_t seen = 0; at < text.size(); ++at) {
    const bool continues = (text[at] & 0xc0) == 0x80;
    if (!continues && seen++ == characters) break;
  }
  return at;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string printable(std::string_view line) {
  std::string shown;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t') {
      shown += "    ";
    } else if (c != '\r') {
      shown += byte < 0x20 || byte == 0x7f ? '?' : c;
    }
  }
  return shown;
}

}  // namespace

std::string painted(std::string_view text, Color color, const TextStyle& style) {
  if (!style.color || text.empty()) return std::string(text);
  constexpr const char* kCodes[] = {"31", "32", "33", "2", "1"};
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(color)], text);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width, std::size_t most) {
  width = std::max<std::size_t>(width, 4);
  const std::string all = one_line(text);
  std::string_view rest = all;
  std::vector<std::string> lines;
  while (width_of(rest) > width) {
    const std::size_t limit = bytes_of(rest, width);
    const std::size_t blank = rest.rfind(' ', limit);
    const std::size_t end = blank == std::string_view::npos || blank == 0 ? limit : blank;
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(rest[end] == ' ' ? end + 1 : end);
  }
  lines.emplace_back(rest);
  if (lines.size() > most) {
    lines.resize(std::max<std::size_t>(most, 1));
    lines.back() = lines.back().substr(0, bytes_of(lines.back(), width - 3)) + "...";
  }
  return lines;
}

std::string padded(std::string_view text, std::size_t width) {
  const std::size_t own = width_of(text);
  return std::string(text) + std::string(width > own ? width - own : 0, ' ');
}

std::string right_aligned(std::string_view text, std::size_t width) {
  const std::size_t own = width_of(text);
  return std::string(width > own ? width - own : 0, ' ') + std::string(text);
}

std::string hanging(const std::string& first, std::string_view text, const TextStyle& style) {
  const std::size_t indent = width_of(first);
  const auto width = static_cast<std::size_t>(std::max(style.width, 20));
  const std::size_t room = width > indent + 20 ? width - indent : 20;
  std::string block;
  for (const std::string& line : wrapped(text, room)) {
    block += (block.empty() ? first : std::string(indent, ' ')) + line + "\n";
  }
  return block;
}

std::string quoted_block(std::string_view text, std::string_view prefix, std::size_t most) {
  const std::vector<std::string_view> lines = lines_of(text);
  const std::size_t left_out = lines.size() > most ? lines.size() - most : 0;
  std::string block;
  if (left_out > 0)
    block += fmt::format("{}({} before)\n", prefix,
                         counted(static_cast<std::int64_t>(left_out), "line"));
  for (std::size_t at = left_out; at < lines.size(); ++at) {
    block += fmt::format("{}{}\n", prefix, printable(lines[at]));
  }
  return block;
}

}  // namespace conformance
