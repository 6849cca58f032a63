// Small wordings that reasons and reports share: numbers as people read them, text that fits a
// line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace conformance {

// 1 200 000
std::string spaced(std::int64_t number);

// "1 sample", "30 500 samples": the word gets an s unless there is exactly one.
std::string counted(std::int64_t number, std::string_view word);

// Line breaks and other control characters become blanks, runs of blanks one; none at the ends.
std::string one_line(std::string_view text);

// At most `width` characters, of which the last three are dots where something was cut off. Never
// cuts a character in two.
std::string shortened(std::string_view text, std::size_t width);

// Characters of UTF-8 text, a stray byte counting as one: what a terminal shows in that many
// columns, for our alphabets.
std::size_t width_of(std::string_view text);

}  // namespace conformance
