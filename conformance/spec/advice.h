// "Did you mean ...?": the nearest known word to one that is unknown.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace conformance {

// "did you mean 'outcomes'?", or "" when nothing known is near enough to be a likely slip.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> known);

// did_you_mean(), else "known are: a, b, c".
std::string did_you_mean_or_list(std::string_view word, std::span<const std::string_view> known);

}  // namespace conformance
