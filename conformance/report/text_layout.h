// Lines for a terminal: wrapping, columns, colour. Knows nothing of verdicts or results.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/report/report.h"

namespace conformance {

enum class Color { Red, Green, Yellow, Dim, Bold };

std::string painted(std::string_view text, Color color, const TextStyle& style);

// Lines of at most `width` characters, broken at blanks; a word that is longer is cut. At least one
// line, which may be empty. With more than `most` lines the last one kept ends in three dots.
std::vector<std::string> wrapped(std::string_view text, std::size_t width,
                                 std::size_t most = static_cast<std::size_t>(-1));

// Filled up with blanks to `width` characters; never cut.
std::string padded(std::string_view text, std::size_t width);
std::string right_aligned(std::string_view text, std::size_t width);

// The first line begins with `first`, the others with as many blanks; each ends with a newline.
std::string hanging(const std::string& first, std::string_view text, const TextStyle& style);

// What a program wrote, as it may be shown: each line behind `prefix`, control characters replaced,
// at most `most` lines: the last ones, for there the reason stands.
std::string quoted_block(std::string_view text, std::string_view prefix, std::size_t most);

}  // namespace conformance
