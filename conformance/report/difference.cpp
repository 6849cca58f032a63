// Two runs side by side. Only what differs is said, what fails now first; counts differ in every
// run and do not count.
#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "conformance/outcome/wording.h"
#include "conformance/report/outcome_table.h"
#include "conformance/report/report.h"
#include "conformance/report/text_layout.h"

namespace conformance {

namespace {

struct Key {
  std::string port, id;
  bool operator<(const Key& other) const {
    return std::tie(port, id) < std::tie(other.port, other.id);
  }
};
using Cases = std::map<Key, const Result*>;

// A file may hold several runs, one behind the other; the last word on a case counts.
Cases cases_of(const ResultsFile& file, bool with_port) {
  Cases cases;
  for (const Result& result : file.results) {
    cases[{with_port ? result.port : "", result.id}] = &result;
  }
  return cases;
}

std::set<std::string> ports_of(const ResultsFile& file) {
  std::set<std::string> ports;
  for (const Result& result : file.results) ports.insert(result.port);
  return ports;
}

std::set<std::string> outcomes_of(const Result& result) {
  std::set<std::string> texts;
  for (const GradedOutcome& outcome : result.outcomes) texts.insert(outcome.text);
  return texts;
}

std::string name_of(const Key& key) {
  return key.port.empty() ? key.id : fmt::format("{}  {}", key.port, key.id);
}

class Difference {
 public:
  Difference(Cases left, Cases right, const TextStyle& style)
      : left_(std::move(left)), right_(std::move(right)), style_(style) {
    for (const auto& [key, before] : left_) {
      const auto after = right_.find(key);
      if (after == right_.end()) {
        deleted_ += fmt::format("  {}: was {}\n", name_of(key), paint(before->verdict));
        ++differing_;
      } else {
        compare(key, *before, *after->second);
      }
    }
    for (const auto& [key, after] : right_) {
      if (left_.contains(key)) continue;
      added_ += fmt::format("  {}: {}\n", name_of(key), paint(after->verdict));
      ++differing_;
    }
  }

  bool any() const { return differing_ > 0; }

  std::string text() const {
    std::string text;
    text += section("now failing", worse_);
    text += section("verdict changed", changed_);
    text += section("outcomes changed", outcomes_);
    text += section("added", added_);
    text += section("deleted", deleted_);
    if (!text.empty()) text += "\n";
    const std::string same = counted(same_, "case") + (same_ == 1 ? " is" : " are") + " the same";
    return text + (any() ? fmt::format("{} differ, {}\n", spaced(differing_), same) : same + "\n");
  }

 private:
  std::string paint(Verdict verdict) const {
    return painted(to_string(verdict), color_of(verdict), style_);
  }

  std::string section(std::string_view title, const std::string& rows) const {
    if (rows.empty()) return "";
    return painted(title, Color::Bold, style_) + "\n" + rows;
  }

  void compare(const Key& key, const Result& before, const Result& after) {
    const bool verdict = before.verdict != after.verdict;
    const std::string outcomes = changed_outcomes(before, after);
    verdict || !outcomes.empty() ? ++differing_ : ++same_;
    if (verdict) {
      std::string& part =
          is_failure(after.verdict) && !is_failure(before.verdict) ? worse_ : changed_;
      part += fmt::format("  {}: {} -> {}\n", name_of(key), paint(before.verdict),
                          paint(after.verdict));
      if (!after.reason.empty()) part += hanging("      ", after.reason, style_);
    }
    if (!outcomes.empty()) outcomes_ += fmt::format("  {}\n{}", name_of(key), outcomes);
  }

  // Between a case that ran and one that was skipped only the verdict differs.
  std::string changed_outcomes(const Result& before, const Result& after) const {
    if (before.verdict == Verdict::skipped || after.verdict == Verdict::skipped) return "";
    const std::set<std::string> left = outcomes_of(before), right = outcomes_of(after);
    std::string text;
    for (const std::string& outcome : right) {
      if (!left.contains(outcome)) text += hanging("      now also   ", outcome, style_);
    }
    for (const std::string& outcome : left) {
      if (!right.contains(outcome)) text += hanging("      no longer  ", outcome, style_);
    }
    return text;
  }

  const Cases left_, right_;
  const TextStyle& style_;
  std::string worse_, changed_, outcomes_, added_, deleted_;
  std::int64_t same_ = 0, differing_ = 0;
};

}  // namespace

std::string difference(const ResultsFile& left, const ResultsFile& right, const TextStyle& style,
                       bool& different) {
  const std::set<std::string> left_ports = ports_of(left), right_ports = ports_of(right);
  // One port on each side, and not the same: then the ports are what is compared.
  const bool compares_ports =
      left_ports.size() == 1 && right_ports.size() == 1 && left_ports != right_ports;
  const Difference found(cases_of(left, !compares_ports), cases_of(right, !compares_ports), style);
  different = found.any();
  std::string text;
  if (compares_ports) text = fmt::format("{} -> {}\n\n", *left_ports.begin(), *right_ports.begin());
  return text + found.text();
}

}  // namespace conformance
