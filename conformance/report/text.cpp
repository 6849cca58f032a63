// One result for a person: first what and why, then the evidence, last the command that shows it
// again.
#include <algorithm>
#include <fmt/format.h>

#include "conformance/outcome/wording.h"
#include "conformance/report/outcome_table.h"
#include "conformance/report/report.h"
#include "conformance/report/text_layout.h"

namespace conformance {

namespace {

constexpr std::size_t kVerdictWidth = 16;  // expected_failure
constexpr std::size_t kLeastReason = 20;
constexpr std::size_t kStackLines = 60, kErrorLines = 20, kExcerptLines = 12, kHistoryLines = 60;
constexpr std::string_view kQuote = "    | ";

std::string labelled(std::string_view label, std::string_view text, const TextStyle& style) {
  return hanging(fmt::format("  {:<7} ", fmt::format("{}:", label)), text, style);
}

std::size_t most_lines(std::size_t few, const TextStyle& style) {
  return style.verbose ? static_cast<std::size_t>(-1) : few;
}

bool shows_table(const Result& result, const TextStyle& style) {
  return style.verbose || result.verdict != Verdict::passed;
}

std::string counts(const Result& result, const TextStyle& style) {
  if (!shows_table(result, style) || (result.outcomes.empty() && result.missing.empty())) return "";
  return "\n" + outcome_table(result, style) + "\n" +
         labelled("counts", counts_sentence(result), style);
}

// A clock whose tick is longer than this hides the order of operations that did not overlap.
constexpr std::int64_t kCoarseClock = 1000;

std::string history(const Result& result, const TextStyle& style) {
  if (!result.observation.history) return "";
  const HistoryEvidence& history = *result.observation.history;
  std::string text;
  if (shows_table(result, style) && result.observation.samples > 0) {
    text += labelled(
        "counts",
        fmt::format(
            "{} of {}, {} overlapped; {} that differ: {} linearizable, {} not, {} undecided",
            counted(history.programs, "program"), counted(result.observation.samples, "sample"),
            spaced(result.observation.overlapped.value_or(0)),
            spaced(history.distinct) + (history.distinct == 1 ? " history" : " histories"),
            spaced(history.linearizable), spaced(history.not_linearizable),
            spaced(history.undecided)),
        style);
    if (history.resolution > kCoarseClock) {
      text += labelled("clock",
                       fmt::format("{} ticks every {} us, coarser than 1 us: many operations count "
                                   "as overlapping, so little could be refused",
                                   history.clock, spaced(history.resolution / 1000)),
                       style);
    }
  }
  return text + quoted_block(history.failure, kQuote, most_lines(kHistoryLines, style));
}

std::string races(const Observation& observation, const TextStyle& style) {
  std::string text;
  for (const RaceReport& race : observation.races) {
    text += labelled(
        "race",
        fmt::format("{}: {} ({})", race.kind, race.signature, counted(race.count, "report")),
        style);
    text += quoted_block(race.excerpt, kQuote, most_lines(kExcerptLines, style));
  }
  return text;
}

std::string notes(const Observation& observation, const TextStyle& style) {
  std::string text;
  for (const Note& note : observation.notes) {
    if (note.kind == "tuning" && !style.verbose) continue;
    const bool left = note.kind == "left_changed";
    text += labelled("note",
                     left ? "it left changed, and the driver put back: " + note.text
                          : note.kind + ": " + note.text,
                     style);
  }
  return text;
}

std::string block(std::string_view label, const std::string& content, std::size_t few,
                  const TextStyle& style) {
  if (content.empty()) return "";
  return fmt::format("  {}:\n{}", label, quoted_block(content, kQuote, most_lines(few, style)));
}

}  // namespace

std::string to_line(const Result& result, const TextStyle& style) {
  const std::string verdict = padded(to_string(result.verdict), kVerdictWidth);
  std::string line = painted(verdict, color_of(result.verdict), style) + "  " + result.id;
  const std::size_t used = kVerdictWidth + 4 + width_of(result.id);
  const auto width = static_cast<std::size_t>(std::max(style.width, 0));
  if (!result.reason.empty() && used + kLeastReason <= width) {
    line += "  " + shortened(one_line(result.reason), width - used);
  }
  return line;
}

std::string to_text(const Result& result, const TextStyle& style) {
  const std::string verdict(to_string(result.verdict));
  std::string text = painted(verdict, color_of(result.verdict), style) + "  " +
                     painted(result.id, Color::Bold, style);
  text += result.port.empty() ? "\n" : fmt::format("  on {}\n", result.port);
  if (result.verdict == Verdict::skipped) return text + labelled("why", result.reason, style);
  if (!result.claim.empty()) text += labelled("claim", result.claim, style);
  if (!result.reason.empty()) text += labelled("why", result.reason, style);
  if (!result.expected_reason.empty()) {
    const bool linked = !result.expected_link.empty();
    text += labelled("known", result.expected_reason, style);
    if (linked) text += fmt::format("  {:<7} {}\n", "", result.expected_link);
  }
  if (!result.file.empty())
    text += fmt::format("  {:<7} {}:{}\n", "spec:", result.file, result.line);
  text += counts(result, style);
  text += history(result, style);
  text += races(result.observation, style);
  text += notes(result.observation, style);
  text += block("stacks", result.observation.stacks, kStackLines, style);
  if (is_failure(result.verdict) || style.verbose) {
    text += block("standard error", result.observation.error_output, kErrorLines, style);
  }
  if (!result.repeat.empty()) text += fmt::format("  {:<7} {}\n", "repeat:", result.repeat);
  return text;
}

}  // namespace conformance
