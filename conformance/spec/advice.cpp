// Edit distance (insert, delete, replace, swap of neighbours); near enough is one slip for every
// three letters.
#include "conformance/spec/advice.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <vector>

namespace conformance {

namespace {

// Optimal string alignment, row by row; words here are short, and longer ones are not compared at
// all.
std::size_t distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> before_last, last(right.size() + 1), current(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      current[j] = std::min({last[j] + 1, current[j - 1] + 1, replaced});
      if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1]) {
        current[j] = std::min(current[j], before_last[j - 2] + 1);
      }
    }
    before_last = last;
    std::swap(last, current);
  }
  return last[right.size()];
}

}  // namespace

std::string did_you_mean(std::string_view word, std::span<const std::string_view> known) {
  constexpr std::size_t kLongest = 64;
  if (word.empty() || word.size() > kLongest) return "";
  std::string_view best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    if (candidate.size() > kLongest) continue;
    const std::size_t found = distance(word, candidate);
    // Replacing every letter of a short word is no likely slip.
    if (found < best_distance && found < candidate.size()) {
      best = candidate;
      best_distance = found;
    }
  }
  return best.empty() ? "" : fmt::format("did you mean '{}'?", best);
}

std::string did_you_mean_or_list(std::string_view word, std::span<const std::string_view> known) {
  std::string advice = did_you_mean(word, known);
  if (advice.empty()) advice = fmt::format("known are: {}", fmt::join(known, ", "));
  return advice;
}

}  // namespace conformance
