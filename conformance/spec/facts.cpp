// Versions compared by components, facts spelled as a condition would spell them, and the closed
// list of fact names.
#include "conformance/spec/facts.h"

#include <algorithm>
#include <charconv>

namespace conformance {

namespace {

int component(const Version& version, std::size_t index) {
  return index < version.components.size() ? version.components[index] : 0;
}

}  // namespace

std::strong_ordering operator<=>(const Version& left, const Version& right) {
  const std::size_t length = std::max(left.components.size(), right.components.size());
  for (std::size_t index = 0; index < length; ++index) {
    const auto order = component(left, index) <=> component(right, index);
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

bool operator==(const Version& left, const Version& right) { return (left <=> right) == 0; }

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  for (;;) {
    int number = 0;
    // from_chars would take a minus sign; a component has none.
    if (at == end || *at < '0' || *at > '9') return std::nullopt;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc()) return std::nullopt;
    version.components.push_back(number);
    if (next == end) return version;
    if (*next != '.') return std::nullopt;
    at = next + 1;
  }
}

std::string to_string(const Version& version) {
  std::string text;
  for (const int number : version.components) {
    if (!text.empty()) text += '.';
    text += std::to_string(number);
  }
  return text;
}

std::string to_string(const Fact& fact) {
  if (const bool* truth = std::get_if<bool>(&fact)) return *truth ? "True" : "False";
  if (const auto* number = std::get_if<std::int64_t>(&fact)) return std::to_string(*number);
  if (const auto* version = std::get_if<Version>(&fact)) return to_string(*version);
  const auto& text = std::get<std::string>(fact);
  const char quote = text.find('\'') == std::string::npos ? '\'' : '"';
  return quote + text + quote;
}

const std::vector<std::string>& known_fact_names() {
  static const std::vector<std::string> names = {"version",       "release",  "implementation",
                                                 "free_threaded", "parallel", "gil_enabled",
                                                 "cpus",          "platform", "bits"};
  return names;
}

}  // namespace conformance
