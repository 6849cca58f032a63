// The pieces of the canonical spelling that reading and writing values share.
#pragma once

#include <string>

#include "conformance/outcome/value.h"

namespace conformance {

// As Python's repr: the fewest digits that read back as the same number, an exponent below 1e-4 and
// from 1e16 on.
std::string float_spelling(double number);

// Puts the items of a Set, or the pairs of a Dict, into the canonical order (value.h).
void sort_set(Value& set);
void sort_dict(Value& dict);

// One character as UTF-8; surrogates are encoded like any other.
void append_utf8(std::string& text, char32_t character);

// The character that begins at `at`, which moves behind it. False, and `at` stays, where the bytes
// are not UTF-8.
bool next_utf8(std::string_view text, std::size_t& at, char32_t& character);

}  // namespace conformance
