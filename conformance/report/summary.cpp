// The end of a run on one port: the counts with what they mean, then what deserves a second look,
// failing first.
//
// Lists are short on purpose: each failing case has been shown when it was found, and the results
// file has everything.
#include <algorithm>
#include <fmt/format.h>

#include "conformance/outcome/wording.h"
#include "conformance/report/outcome_table.h"
#include "conformance/report/report.h"
#include "conformance/report/text_layout.h"

namespace conformance {

namespace {

constexpr std::size_t kNumberWidth = 7, kVerdictWidth = 16;
constexpr std::size_t kMostFailing = 40, kMostOthers = 12;

std::string fact_words(const Facts& facts) {
  std::string words;
  const auto add = [&](std::string_view text) {
    words += (words.empty() ? "" : ", ") + std::string(text);
  };
  const auto find = [&](const char* name) {
    const auto found = facts.find(name);
    return found == facts.end() ? nullptr : &found->second;
  };
  const auto either = [&](const char* name, std::string_view yes, std::string_view no) {
    const Fact* fact = find(name);
    const bool* truth = fact == nullptr ? nullptr : std::get_if<bool>(fact);
    if (truth != nullptr) add(*truth ? yes : no);
  };
  either("free_threaded", "free-threaded build", "default build");
  either("gil_enabled", "GIL on", "GIL off");
  either("parallel", "threads run in parallel", "threads take turns");
  const Fact* cpus = find("cpus");
  const auto* number = cpus == nullptr ? nullptr : std::get_if<std::int64_t>(cpus);
  if (number != nullptr) add(counted(*number, "processor"));
  return words;
}

std::string head(const RunHeader& header, const std::string& name, const TextStyle& style) {
  std::string text = "\n" + painted(name, Color::Bold, style);
  for (const RunHeader::PortHeader& port : header.ports) {
    if (port.name != name) continue;
    const auto version = port.facts.find("version");
    const std::string number =
        version == port.facts.end() ? one_line(port.version) : to_string(version->second);
    text += fmt::format("  {} {}", port.implementation, shortened(number, 40));
    const std::string words = fact_words(port.facts);
    if (!words.empty()) text += "\n" + words;
    break;
  }
  text += fmt::format("\nseed {}, tier {}{}{}\n", header.seed, header.tier,
                      header.shard.empty() ? "" : ", shard ", header.shard);
  return text;
}

std::vector<Verdict> failing_first() {
  std::vector<Verdict> verdicts = all_verdicts();
  const auto fine = std::remove_if(verdicts.begin(), verdicts.end(),
                                   [](Verdict verdict) { return !is_failure(verdict); });
  verdicts.erase(fine, verdicts.end());
  for (const Verdict verdict : all_verdicts()) {
    if (!is_failure(verdict)) verdicts.push_back(verdict);
  }
  return verdicts;
}

std::string counts_table(const std::vector<Result>& results, const TextStyle& style) {
  VerdictCounts counts;
  for (const Result& result : results) counts.add(result.verdict);
  std::string text = "\n";
  for (const Verdict verdict : failing_first()) {
    const auto found = counts.counts.find(verdict);
    if (found == counts.counts.end()) continue;
    const std::string first =
        fmt::format("{}  {}  ", right_aligned(spaced(found->second), kNumberWidth),
                    padded(to_string(verdict), kVerdictWidth));
    const std::string block = hanging(first, sentence(verdict), style);
    text += painted(first, color_of(verdict), style) + block.substr(first.size());
  }
  return text + fmt::format("{}  in all\n", right_aligned(spaced(counts.total()), kNumberWidth));
}

struct Item {
  std::string first, second;
};

// A heading, then two lines for each item: what, and below it why.
std::string listed(const std::string& heading, const std::vector<Item>& items, std::size_t few,
                   const TextStyle& style) {
  if (items.empty()) return "";
  const std::size_t most = style.verbose ? items.size() : few;
  std::string text = "\n" + heading + "\n";
  for (std::size_t at = 0; at < std::min(items.size(), most); ++at) {
    text += "  " + items[at].first + "\n";
    if (!items[at].second.empty()) text += hanging("      ", items[at].second, style);
  }
  if (items.size() > most) text += fmt::format("  and {} more\n", items.size() - most);
  return text;
}

std::vector<Item> items_with(const std::vector<Result>& results, Verdict verdict) {
  std::vector<Item> items;
  for (const Result& result : results) {
    if (result.verdict == verdict) items.push_back({result.id, result.reason});
  }
  return items;
}

// One line a case, for its most frequent interesting outcome; the table of --verbose has them all.
std::vector<Item> interesting(const std::vector<Result>& results) {
  std::vector<Item> items;
  for (const Result& result : results) {
    const auto outcome =
        std::find_if(result.outcomes.begin(), result.outcomes.end(),
                     [](const GradedOutcome& one) { return one.grade == Grade::Interesting; });
    if (outcome == result.outcomes.end()) continue;
    items.push_back(
        {result.id, fmt::format("{} ({} of {}): {}", shortened(one_line(outcome->text), 60),
                                spaced(outcome->count),
                                counted(result.observation.samples, "sample"), outcome->because)});
  }
  return items;
}

std::string skip_reasons(const std::vector<Result>& results, const TextStyle& style) {
  std::map<std::string, int> counts;
  for (const Result& result : results) {
    if (result.verdict == Verdict::skipped) ++counts[result.reason];
  }
  if (counts.empty()) return "";
  std::vector<std::pair<std::string, int>> rows(counts.begin(), counts.end());
  std::sort(rows.begin(), rows.end(), [](const auto& left, const auto& right) {
    return left.second != right.second ? left.second > right.second : left.first < right.first;
  });
  std::string text = "\nskipped, because\n";
  for (const auto& [reason, count] : rows) {
    const std::string number = right_aligned(spaced(count), kNumberWidth) + "  ";
    text += hanging(number, reason.empty() ? "no reason was given" : reason, style);
  }
  return text;
}

}  // namespace

int VerdictCounts::total() const {
  int sum = 0;
  for (const auto& [verdict, count] : counts) sum += count;
  return sum;
}

std::string to_summary(const RunHeader& header, const std::string& port,
                       const std::vector<Result>& results, const TextStyle& style) {
  std::string text = head(header, port, style) + counts_table(results, style);
  for (const Verdict verdict : all_verdicts()) {
    if (!is_failure(verdict)) continue;
    const std::string heading = painted(to_string(verdict), color_of(verdict), style);
    text += listed(heading, items_with(results, verdict), kMostFailing, style);
  }
  text += listed("not witnessed: nothing wrong was seen, nor that threads met as they must",
                 items_with(results, Verdict::unwitnessed), kMostOthers, style);
  text += listed("undecided", items_with(results, Verdict::undecided), kMostOthers, style);
  text +=
      listed("interesting: allowed, and worth knowing", interesting(results), kMostOthers, style);
  text += listed("unspecified: recorded, promised by nobody",
                 items_with(results, Verdict::unspecified), kMostOthers, style);
  return text + skip_reasons(results, style);
}

}  // namespace conformance
