#include "conformance/runner/tier.h"

#include <array>
#include <charconv>
#include <utility>

namespace conformance {
namespace {

constexpr std::array<std::pair<Tier, std::string_view>, 4> kTiers = {{
    {Tier::Sanity, "sanity"},
    {Tier::Quick, "quick"},
    {Tier::Default, "default"},
    {Tier::Thorough, "thorough"},
}};

}  // namespace

std::string_view to_string(Tier tier) {
  for (const auto& [value, name] : kTiers) {
    if (value == tier) return name;
  }
  return "default";
}

std::optional<Tier> parse_tier(std::string_view text) {
  for (const auto& [value, name] : kTiers) {
    if (name == text) return value;
  }
  return std::nullopt;
}

Effort effort_of(Tier tier) {
  switch (tier) {
    case Tier::Sanity:
      return {0.04, 1, 1, 1, 1, 2.0, 2};
    case Tier::Quick:
      return {0.25, 3, 1, 1, 1, 3.0, 2};
    case Tier::Default:
      return {1.0, 10, 3, 2, 1, 5.0, 3};
    case Tier::Thorough:
      return {10.0, 100, 10, 5, 2, 10.0, 5};
  }
  return {};
}

std::optional<double> parse_duration(std::string_view text) {
  double factor = 1;
  if (!text.empty()) {
    switch (text.back()) {
      case 's':
        text.remove_suffix(1);
        break;
      case 'm':
        text.remove_suffix(1);
        factor = 60;
        break;
      case 'h':
        text.remove_suffix(1);
        factor = 3600;
        break;
      default:
        break;
    }
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !(number > 0) || number > 1e7)
    return std::nullopt;
  return number * factor;
}

}  // namespace conformance
