#include "runtime/syntax/source_text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>

#include "runtime/syntax/utf8.h"

namespace syntax {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kLargestSource = std::size_t{1} << 31;

enum class Encoding : std::uint8_t { kUtf8, kLatin1, kAscii };

SourceText refused(std::string message) {
  SourceText result;
  result.problem.emplace();
  result.problem->message = std::move(message);
  return result;
}

// With the line of the byte at `position`, shown as far as it can be read.
SourceText refused_at(std::string_view source, std::size_t position, std::string message) {
  SourceText result = refused(std::move(message));
  SyntaxProblem& problem = *result.problem;
  const std::string_view before = source.substr(0, position);
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  const std::string_view line = before.substr(line_start);
  problem.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  problem.offset = 1 + static_cast<int>(std::count_if(line.begin(), line.end(), [](char byte) {
                     return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
                   }));
  problem.end_line = problem.line;
  problem.end_offset = problem.offset;
  if (find_utf8_mistake(line, Surrogates::kAllowed).reason == nullptr) problem.text = line;
  return result;
}

bool is_space(char character) { return character == ' ' || character == '\t' || character == '\f'; }

bool is_encoding_character(char character) {
  return std::isalnum(static_cast<unsigned char>(character)) != 0 || character == '-' ||
         character == '_' || character == '.';
}

// The encoding that a comment line declares: "coding", then ":" or "=", then the name.
std::string_view declared_in(std::string_view line) {
  std::size_t at = 0;
  while (at < line.size() && is_space(line[at])) ++at;
  if (at == line.size() || line[at] != '#') return {};
  for (;;) {
    at = line.find("coding", at);
    if (at == std::string_view::npos) return {};
    at += 6;
    if (at >= line.size() || (line[at] != ':' && line[at] != '=')) continue;
    std::size_t start = at + 1;
    while (start < line.size() && (line[start] == ' ' || line[start] == '\t')) ++start;
    std::size_t end = start;
    while (end < line.size() && is_encoding_character(line[end])) ++end;
    if (end > start) return line.substr(start, end - start);
  }
}

bool is_blank_or_comment(std::string_view line) {
  for (const char character : line) {
    if (character == '#') return true;
    if (!is_space(character)) return false;
  }
  return true;
}

std::string_view declared_encoding(std::string_view source) {
  for (int number = 0; number < 2; ++number) {
    const std::size_t end = source.find_first_of("\r\n");
    const std::string_view line = source.substr(0, end);
    if (const std::string_view name = declared_in(line); !name.empty()) return name;
    if (!is_blank_or_comment(line) || end == std::string_view::npos) return {};
    const bool is_pair = source[end] == '\r' && end + 1 < source.size() && source[end + 1] == '\n';
    source.remove_prefix(end + (is_pair ? 2 : 1));
  }
  return {};
}

std::optional<Encoding> encoding_named(std::string_view name) {
  std::string plain;
  for (const char character : name) {
    plain.push_back(character == '_'
                        ? '-'
                        : static_cast<char>(std::tolower(static_cast<unsigned char>(character))));
  }
  for (const char* known : {"utf-8", "utf8", "u8", "utf-8-sig"}) {
    if (plain == known || plain.starts_with("utf-8-")) return Encoding::kUtf8;
  }
  for (const char* known : {"latin-1", "latin1", "iso-8859-1", "iso8859-1", "iso-latin-1", "l1"}) {
    if (plain == known || plain.starts_with(std::string(known) + "-")) return Encoding::kLatin1;
  }
  for (const char* known : {"ascii", "us-ascii", "646"}) {
    if (plain == known) return Encoding::kAscii;
  }
  return std::nullopt;
}

std::string hexadecimal(unsigned char byte) {
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "0x%02x", byte);
  return text.data();
}

std::string explain(std::string_view source, const Utf8Mistake& mistake) {
  std::string message = "(unicode error) 'utf-8' codec can't decode ";
  if (mistake.length > 1) {
    message += "bytes in position " + std::to_string(mistake.position) + "-" +
               std::to_string(mistake.position + mistake.length - 1);
  } else {
    message += "byte " + hexadecimal(static_cast<unsigned char>(source[mistake.position])) +
               " in position " + std::to_string(mistake.position);
  }
  return message + ": " + mistake.reason;
}

std::string from_latin_1(std::string_view source) {
  std::string text;
  text.reserve(source.size() + source.size() / 8);
  for (const char byte : source) append_character(text, static_cast<unsigned char>(byte));
  return text;
}

// "\r\n" and "\r" become "\n"; the last line ends too.
std::string with_plain_newlines(std::string_view source) {
  std::string text;
  text.reserve(source.size() + 1);
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t end = source.find('\r', at);
    text.append(source.substr(at, end - at));
    if (end == std::string_view::npos) break;
    text.push_back('\n');
    at = end + 1;
    if (at < source.size() && source[at] == '\n') ++at;
  }
  if (!text.empty() && text.back() != '\n') text.push_back('\n');
  return text;
}

}  // namespace

SourceText read_source(std::string_view source, SourceKind kind) {
  if (source.size() >= kLargestSource) {
    SourceText result = refused("source code is too large");
    result.problem->kind = ProblemKind::kMemoryError;
    return result;
  }
  if (const std::size_t null = source.find('\0'); null != std::string_view::npos) {
    return refused_at(source, null,
                      kind == SourceKind::kText ? "source code string cannot contain null bytes"
                                                : "source code cannot contain null bytes");
  }
  Encoding encoding = Encoding::kUtf8;
  if (kind == SourceKind::kBytes) {
    const bool has_mark = source.starts_with(kByteOrderMark);
    if (has_mark) source.remove_prefix(kByteOrderMark.size());
    if (const std::string_view name = declared_encoding(source); !name.empty()) {
      const std::optional<Encoding> known = encoding_named(name);
      if (!known) return refused("unknown encoding: " + std::string(name));
      if (has_mark && *known != Encoding::kUtf8) {
        return refused("encoding problem: " + std::string(name) + " with BOM");
      }
      encoding = *known;
    }
  }
  SourceText result;
  if (encoding == Encoding::kLatin1) {
    result.text = with_plain_newlines(from_latin_1(source));
    return result;
  }
  if (encoding == Encoding::kAscii) {
    for (std::size_t at = 0; at < source.size(); ++at) {
      if (static_cast<unsigned char>(source[at]) < 0x80) continue;
      return refused_at(source, at,
                        "(unicode error) 'ascii' codec can't decode byte " +
                            hexadecimal(static_cast<unsigned char>(source[at])) + " in position " +
                            std::to_string(at) + ": ordinal not in range(128)");
    }
  }
  const Utf8Mistake mistake = find_utf8_mistake(
      source, kind == SourceKind::kText ? Surrogates::kAllowed : Surrogates::kRefused);
  if (mistake.reason != nullptr) {
    return refused_at(source, mistake.position, explain(source, mistake));
  }
  result.text = with_plain_newlines(source);
  return result;
}

}  // namespace syntax
