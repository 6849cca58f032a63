#include "runtime/syntax/identifiers.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utf8proc.h>

#include "runtime/syntax/parse.h"
#include "runtime/syntax/token.h"
#include "runtime/syntax/utf8.h"

namespace syntax {
namespace {

// Unicode's Other_ID_Start and Other_ID_Continue, and what the closure under NFKC takes away from
// names.
constexpr std::array<char32_t, 6> kOtherStart = {0x1885, 0x1886, 0x2118, 0x212E, 0x309B, 0x309C};
constexpr std::array<char32_t, 17> kOtherPart = {0xB7,   0x387,  0x1369, 0x136A, 0x136B, 0x136C,
                                                 0x136D, 0x136E, 0x136F, 0x1370, 0x1371, 0x19DA,
                                                 0x200C, 0x200D, 0x2118, 0x30FB, 0xFF65};
constexpr std::array<char32_t, 19> kNeverNames = {
    0x37A,  0x309B, 0x309C, 0xFC5E, 0xFC5F, 0xFC60, 0xFC61, 0xFC62, 0xFC63, 0xFDFA,
    0xFDFB, 0xFE70, 0xFE72, 0xFE74, 0xFE76, 0xFE78, 0xFE7A, 0xFE7C, 0xFE7E};
constexpr std::array<char32_t, 4> kNeverFirst = {0xE33, 0xEB3, 0xFF9E, 0xFF9F};

template <std::size_t N>
bool contains(const std::array<char32_t, N>& list, char32_t code_point) {
  return std::find(list.begin(), list.end(), code_point) != list.end();
}

bool is_start(char32_t code_point) {
  if (code_point == '_') return true;
  if (contains(kNeverNames, code_point) || contains(kNeverFirst, code_point)) return false;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_NL:
      return true;
    default:
      return contains(kOtherStart, code_point);
  }
}

bool is_part(char32_t code_point) {
  if (contains(kNeverNames, code_point)) return false;
  if (contains(kNeverFirst, code_point) || is_start(code_point)) return true;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_PC:
      return true;
    default:
      return contains(kOtherPart, code_point);
  }
}

}  // namespace

std::optional<std::size_t> find_bad_identifier_character(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    const DecodedCharacter character = decode_character(name.substr(at));
    const bool is_good = at == 0 ? is_start(character.code_point) : is_part(character.code_point);
    if (!is_good || character.length == 0) return at;
    at += character.length;
  }
  return std::nullopt;
}

bool is_printable(char32_t code_point) {
  if (code_point == ' ') return true;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code_point))) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_ZS:
      return false;
    default:
      return true;
  }
}

std::string normalized_identifier(std::string_view name) {
  utf8proc_uint8_t* normal = nullptr;
  const utf8proc_ssize_t length = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(name.data()),
      static_cast<utf8proc_ssize_t>(name.size()), &normal,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
  if (length < 0) return std::string(name);
  std::string result(reinterpret_cast<const char*>(normal), static_cast<std::size_t>(length));
  std::free(normal);  // utf8proc_map hands out memory of malloc
  return result;
}

bool is_identifier(std::string_view text) {
  if (text.empty()) return false;
  if (find_utf8_mistake(text, Surrogates::kAllowed).reason != nullptr) return false;
  return !find_bad_identifier_character(text);
}

bool is_keyword(std::string_view text) { return keyword_or_name(text) != TokenKind::kName; }

}  // namespace syntax
