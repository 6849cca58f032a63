// Which characters make a name, and when two names are the same: identifiers are compared in
// Unicode's normal form NFKC.
//
// Ancestry: https://docs.python.org/3/reference/lexical_analysis.html#identifiers (PEP 3131).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace syntax {

// Offset of the first character that keeps well-formed UTF-8 text from being a name.
std::optional<std::size_t> find_bad_identifier_character(std::string_view name);

bool is_printable(char32_t code_point);

std::string normalized_identifier(std::string_view name);

}  // namespace syntax
