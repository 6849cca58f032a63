// Escapes rather than CDATA: CDATA has an end that a text may contain, and references have none.
#include "conformance/report/xml_text.h"

#include "conformance/outcome/value_spelling.h"

namespace conformance {

namespace {

// https://www.w3.org/TR/xml/#charsets
bool allowed(char32_t character) {
  return character == '\t' || character == '\n' || character == '\r' ||
         (character >= 0x20 && character < 0xd800) || (character >= 0xe000 && character < 0xfffe) ||
         (character >= 0x10000 && character <= 0x10ffff);
}

// What stands for a character that cannot stand for itself; empty for the others.
std::string_view reference(char32_t character, bool attribute) {
  switch (character) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\r':
      return "&#13;";
    case '\n':
      return attribute ? "&#10;" : "";
    case '\t':
      return attribute ? "&#9;" : "";
    default:
      return "";
  }
}

std::string escaped(std::string_view text, bool attribute) {
  std::string xml;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    char32_t character = 0;
    if (!next_utf8(text, at, character)) {
      ++at;
      xml += "\xef\xbf\xbd";
    } else if (!allowed(character)) {
      xml += "\xef\xbf\xbd";
    } else if (const std::string_view other = reference(character, attribute); !other.empty()) {
      xml += other;
    } else {
      xml += text.substr(start, at - start);
    }
  }
  return xml;
}

}  // namespace

std::string xml_attribute(std::string_view text) { return escaped(text, true); }
std::string xml_content(std::string_view text) { return escaped(text, false); }

}  // namespace conformance
