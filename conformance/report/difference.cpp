// Two runs side by side: only what differs is said.

#include <fmt/format.h>

#include <map>
#include <set>

#include "conformance/report/report.h"

namespace conformance {
namespace {

using Key = std::pair<std::string, std::string>;

std::map<Key, const Result*> by_case(const ResultsFile& file) {
  std::map<Key, const Result*> rows;
  for (const Result& result : file.results) rows[{result.port, result.id}] = &result;
  return rows;
}

// With one port on each side the ports are compared whatever their names are.
bool compares_ports(const std::map<Key, const Result*>& left, const std::map<Key, const Result*>& right) {
  std::set<std::string> left_ports, right_ports;
  for (const auto& [key, result] : left) left_ports.insert(key.first);
  for (const auto& [key, result] : right) right_ports.insert(key.first);
  return left_ports.size() == 1 && right_ports.size() == 1 && left_ports != right_ports;
}

std::map<Key, const Result*> without_port(const std::map<Key, const Result*>& rows) {
  std::map<Key, const Result*> out;
  for (const auto& [key, result] : rows) out[{"", key.second}] = result;
  return out;
}

std::set<std::string> outcomes_of(const Result& result) {
  std::set<std::string> texts;
  for (const GradedOutcome& outcome : result.outcomes) texts.insert(outcome.text);
  return texts;
}

std::string named(const Key& key) { return key.first.empty() ? key.second : key.first + "  " + key.second; }

// What changed between two results of one case; empty when nothing did.
std::string changes(const Key& key, const Result& left, const Result& right) {
  std::string text;
  if (left.verdict != right.verdict) {
    text += fmt::format("verdict   {}: {} -> {}{}\n", named(key), to_string(left.verdict), to_string(right.verdict), right.reason.empty() ? "" : "  (" + right.reason + ")");
  }
  const std::set<std::string> before = outcomes_of(left), after = outcomes_of(right);
  if (left.verdict == Verdict::skipped || right.verdict == Verdict::skipped) return text;
  for (const std::string& outcome : before) {
    if (!after.contains(outcome)) text += fmt::format("outcome   {}: no longer {}\n", named(key), outcome);
  }
  for (const std::string& outcome : after) {
    if (!before.contains(outcome)) text += fmt::format("outcome   {}: now also {}\n", named(key), outcome);
  }
  return text;
}

}  // namespace

std::string difference(const ResultsFile& left, const ResultsFile& right, const TextStyle&, bool& different) {
  std::map<Key, const Result*> before = by_case(left), after = by_case(right);
  if (compares_ports(before, after)) {
    before = without_port(before);
    after = without_port(after);
  }
  std::string text;
  int same = 0;
  for (const auto& [key, result] : before) {
    const auto found = after.find(key);
    if (found == after.end()) {
      text += fmt::format("deleted   {}: was {}\n", named(key), to_string(result->verdict));
      continue;
    }
    const std::string change = changes(key, *result, *found->second);
    same += change.empty();
    text += change;
  }
  for (const auto& [key, result] : after) {
    if (!before.contains(key)) text += fmt::format("added     {}: {}\n", named(key), to_string(result->verdict));
  }
  different = !text.empty();
  return text + fmt::format("{} cases are the same\n", same);
}

}  // namespace conformance
