// Plain character classes; no locale, because a file must mean the same everywhere.
#include "conformance/spec/identifiers.h"

#include <algorithm>

namespace conformance {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_parts(std::string_view text, std::string_view separators) {
  for (;;) {
    const std::size_t separator = text.find_first_of(separators);
    if (!is_id_part(text.substr(0, separator))) return false;
    if (separator == std::string_view::npos) return true;
    text.remove_prefix(separator + 1);
  }
}

}  // namespace

bool is_identifier(std::string_view text) {
  return !text.empty() && is_letter(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

bool is_python_name(std::string_view text) {
  static constexpr std::string_view kKeywords[] = {
      "False",  "None",    "True",     "and",  "as",     "assert", "async",  "await",
      "break",  "class",   "continue", "def",  "del",    "elif",   "else",   "except",
      "exec",   "finally", "for",      "from", "global", "if",     "import", "in",
      "is",     "lambda",  "nonlocal", "not",  "or",     "pass",   "print",  "raise",
      "return", "try",     "while",    "with", "yield"};
  return is_identifier(text) &&
         std::find(std::begin(kKeywords), std::end(kKeywords), text) == std::end(kKeywords);
}

bool is_id_part(std::string_view text) {
  const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; };
  return !text.empty() && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(), allowed);
}

bool is_id(std::string_view text) { return is_parts(text, "/"); }

bool is_reference(std::string_view text) { return is_parts(text, "/:"); }

}  // namespace conformance
