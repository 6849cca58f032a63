// How much is tried: the four tiers, or a budget of wall-clock time divided over what is left to
// do.
#pragma once

#include <optional>
#include <string_view>

namespace conformance {

enum class Tier { Sanity, Quick, Default, Thorough };

std::string_view to_string(Tier tier);
std::optional<Tier> parse_tier(std::string_view text);

// What one case gets.
struct Effort {
  double litmus_seconds = 1.0;
  int script_samples = 10;
  int process_samples = 3;
  int unsafe_processes = 2;  // starts of an unsafe litmus or script case
  int command_samples = 1;
  double canary_seconds = 5.0;  // at most: it ends with its third witness
  int confirmations = 3;        // re-runs of a culprit alone
};

Effort effort_of(Tier tier);

// "90", "90s", "5m", "1h" -> seconds; empty when it is none of these or not above zero.
std::optional<double> parse_duration(std::string_view text);

}  // namespace conformance
