#include "runtime/syntax/token.h"

#include <algorithm>
#include <array>
#include <utility>

namespace syntax {
namespace {

constexpr std::array kKeywords = {
#define SYNTAX_KEYWORD(name, text) \
  std::pair<std::string_view, TokenKind>{text, TokenKind::kKeyword##name},
#include "runtime/syntax/tokens.def"
};

constexpr std::size_t kLongestKeyword = 8;

}  // namespace

std::string_view text_of(TokenKind kind) {
  switch (kind) {
#define SYNTAX_OPERATOR(name, text) \
  case TokenKind::k##name:          \
    return text;
#define SYNTAX_KEYWORD(name, text) \
  case TokenKind::kKeyword##name:  \
    return text;
#include "runtime/syntax/tokens.def"
    default:
      return {};
  }
}

TokenKind keyword_or_name(std::string_view text) {
  if (text.size() < 2 || text.size() > kLongestKeyword) return TokenKind::kName;
  const auto found = std::lower_bound(
      kKeywords.begin(), kKeywords.end(), text,
      [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  return found != kKeywords.end() && found->first == text ? found->second : TokenKind::kName;
}

}  // namespace syntax
