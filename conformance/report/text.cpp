// Results for a person at a terminal.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "conformance/report/report.h"

namespace conformance {
namespace {

constexpr std::size_t kOutcomeWidth = 44;
constexpr std::size_t kListed = 12;  // of what is only worth a line

std::string spaced(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (int at = static_cast<int>(digits.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3) digits.insert(static_cast<std::size_t>(at), " ");
  return digits;
}

const char* color_of(Verdict verdict) {
  if (is_failure(verdict)) return "\x1b[31m";
  switch (verdict) {
    case Verdict::passed: return "\x1b[32m";
    case Verdict::skipped: return "\x1b[2m";
    default: return "\x1b[33m";
  }
}

std::string painted(Verdict verdict, const std::string& text, const TextStyle& style) {
  return style.color ? color_of(verdict) + text + "\x1b[0m" : text;
}

std::string shortened(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 3) + "...";
}

std::string indented(const std::string& text, const char* prefix) {
  std::string out = prefix;
  for (std::size_t at = 0; at < text.size(); ++at) {
    out += text[at];
    if (text[at] == '\n' && at + 1 < text.size()) out += prefix;
  }
  if (!out.empty() && out.back() != '\n') out += '\n';
  return out;
}

std::string outcome_table(const Result& result) {
  std::string text = fmt::format("    {:>12}  {:<{}}  {:<12} {}\n", "samples", "outcome", kOutcomeWidth, "grade", "because");
  for (const GradedOutcome& outcome : result.outcomes) {
    text += fmt::format("    {:>12}  {:<{}}  {:<12} {}{}\n", spaced(outcome.count), outcome.text, kOutcomeWidth,
                        outcome.described ? to_string(outcome.grade) : "undescribed", outcome.because, outcome.graded_by_port ? " (graded by the port)" : "");
  }
  for (const MissingOutcome& missing : result.missing) {
    text += fmt::format("    {:>12}  {:<{}}  {:<12} {}\n", 0, missing.pattern, kOutcomeWidth, "required", missing.because);
  }
  return text;
}

// What the counts mean: how many samples, how many met, how easily the canary of this run was provoked.
std::string counts_sentence(const Result& result) {
  const Observation& observation = result.observation;
  std::string text = spaced(observation.samples) + (observation.samples == 1 ? " sample" : " samples");
  if (observation.overlapped) text += fmt::format(", {} overlapped", spaced(*observation.overlapped));
  if (result.canary.ran && result.canary.samples > 0) {
    text += fmt::format("; the canary of this run: {:.2g} %", 100.0 * static_cast<double>(result.canary.witnesses) / static_cast<double>(result.canary.samples));
  }
  return text;
}

std::string races_text(const Observation& observation) {
  std::string text;
  for (const RaceReport& race : observation.races) {
    text += fmt::format("    {} ({} times): {}\n", race.kind, race.count, race.signature);
    if (!race.excerpt.empty()) text += indented(race.excerpt, "      | ");
  }
  return text;
}

std::string place(const Result& result) { return fmt::format("{}:{}", result.file, result.line); }

struct Grouped {
  std::string reason;
  int count = 0;
};

// Skip reasons with their numbers, most frequent first.
std::vector<Grouped> grouped_reasons(const std::vector<Result>& results, Verdict verdict) {
  std::map<std::string, int> counts;
  for (const Result& result : results) {
    if (result.verdict == verdict) ++counts[result.reason];
  }
  std::vector<Grouped> rows;
  for (const auto& [reason, count] : counts) rows.push_back({reason, count});
  std::sort(rows.begin(), rows.end(), [](const Grouped& left, const Grouped& right) {
    return left.count != right.count ? left.count > right.count : left.reason < right.reason;
  });
  return rows;
}

// A heading and up to kListed lines, then how many more.
std::string listed(const std::string& heading, const std::vector<std::string>& lines) {
  if (lines.empty()) return {};
  std::string text = "\n" + heading + "\n";
  for (std::size_t index = 0; index < std::min(lines.size(), kListed); ++index) text += "  " + lines[index] + "\n";
  if (lines.size() > kListed) text += fmt::format("  ... and {} more (--verbose shows each, --jsonl keeps all)\n", lines.size() - kListed);
  return text;
}

std::vector<std::string> interesting_lines(const std::vector<Result>& results) {
  std::vector<std::string> lines;
  for (const Result& result : results) {
    for (const GradedOutcome& outcome : result.outcomes) {
      if (outcome.grade != Grade::Interesting) continue;
      lines.push_back(fmt::format("{}  {} of {}: {}", result.id, spaced(outcome.count), spaced(result.observation.samples), outcome.because));
      break;
    }
  }
  return lines;
}

std::vector<std::string> lines_with(const std::vector<Result>& results, Verdict verdict) {
  std::vector<std::string> lines;
  for (const Result& result : results) {
    if (result.verdict == verdict) lines.push_back(result.id + (result.reason.empty() ? "" : "  " + shortened(result.reason, 120)));
  }
  return lines;
}

std::string head(const RunHeader& header, const std::string& port_name) {
  for (const RunHeader::PortHeader& port : header.ports) {
    if (port.name != port_name) continue;
    const auto fact = [&](const char* name) {
      const auto found = port.facts.find(name);
      return found == port.facts.end() ? std::string("unknown") : to_string(found->second);
    };
    return fmt::format("{}: {} {}  (free-threaded build: {}, GIL: {}, parallel: {}, {} processors)\n", port.name, port.implementation, fact("version"),
                       fact("free_threaded"), fact("gil_enabled"), fact("parallel"), fact("cpus"));
  }
  return port_name + "\n";
}

}  // namespace

std::string to_line(const Result& result, const TextStyle& style) {
  std::string text = painted(result.verdict, fmt::format("{:<17}", to_string(result.verdict)), style) + result.id;
  if (!result.reason.empty()) text += "  " + result.reason;
  return text;
}

std::string to_text(const Result& result, const TextStyle& style) {
  std::string text = painted(result.verdict, std::string(to_string(result.verdict)), style) + "  " + result.id + "\n";
  if (!result.claim.empty()) text += "    claim:  " + result.claim + "\n";
  if (!result.reason.empty()) text += "    seen:   " + result.reason + "\n";
  text += "    spec:   " + place(result) + "\n";
  if (!result.outcomes.empty() || !result.missing.empty()) text += outcome_table(result) + "    " + counts_sentence(result) + "\n";
  text += races_text(result.observation);
  for (const Note& note : result.observation.notes) {
    if (note.kind != "tuning") text += fmt::format("    note:   {}: {}\n", note.kind == "left_changed" ? "it left changed, and it was put back" : note.kind, note.text);
  }
  if (!result.observation.stacks.empty()) text += "    stacks:\n" + indented(result.observation.stacks, "      | ");
  if (!result.observation.error_output.empty() && is_failure(result.verdict)) text += "    standard error:\n" + indented(result.observation.error_output, "      | ");
  if (!result.expected_reason.empty()) {
    text += fmt::format("    known:  {}{}\n", result.expected_reason, result.expected_link.empty() ? "" : "  " + result.expected_link);
  }
  if (!result.repeat.empty()) text += "    repeat: " + result.repeat + "\n";
  return text;
}

std::string to_summary(const RunHeader& header, const std::string& port, const std::vector<Result>& results, const TextStyle& style) {
  VerdictCounts counts;
  for (const Result& result : results) counts.add(result.verdict);
  std::string text = "\n" + head(header, port);
  std::vector<Verdict> failing, fine;
  for (Verdict verdict : all_verdicts()) (is_failure(verdict) ? failing : fine).push_back(verdict);
  for (const std::vector<Verdict>* part : {&failing, &fine}) {
    for (Verdict verdict : *part) {
      const auto found = counts.counts.find(verdict);
      if (found == counts.counts.end()) continue;
      text += painted(verdict, fmt::format("{:>6}  {:<17}", found->second, to_string(verdict)), style) + std::string(sentence(verdict)) + "\n";
    }
  }
  text += fmt::format("{:>6}  in all; seed {}, tier {}{}\n", counts.total(), header.seed, header.tier, header.shard.empty() ? "" : ", shard " + header.shard);
  for (Verdict verdict : failing) text += listed(fmt::format("{}:", to_string(verdict)), lines_with(results, verdict));
  text += listed("interesting (allowed, and worth knowing):", interesting_lines(results));
  text += listed("unspecified (recorded, promised by nobody):", lines_with(results, Verdict::unspecified));
  text += listed("not witnessed (nothing wrong, but the required meeting was not seen):", lines_with(results, Verdict::unwitnessed));
  text += listed("undecided:", lines_with(results, Verdict::undecided));
  std::vector<std::string> skips;
  for (const Grouped& row : grouped_reasons(results, Verdict::skipped)) skips.push_back(fmt::format("{:>4}  {}", row.count, row.reason));
  text += listed("skipped, because:", skips);
  return text;
}

}  // namespace conformance
