// Columns: samples, outcome, grade, because. The outcome's is as wide as it must be, up to a limit;
// the reason gets the rest.
#include "conformance/report/outcome_table.h"

#include <algorithm>
#include <fmt/format.h>

#include "conformance/outcome/wording.h"
#include "conformance/report/text_layout.h"

namespace conformance {

namespace {

constexpr std::size_t kIndent = 4, kGap = 2;
constexpr std::size_t kGradeWidth = 12;  // "unspecified*"
constexpr std::size_t kLeastCell = 20;   // of outcome and reason, however narrow the screen
constexpr std::size_t kMostRows = 12, kMostLines = 4;

struct Row {
  std::string samples, outcome, grade, because;
  Color color = Color::Dim;
  bool colored = false;
};

Row row_of(const GradedOutcome& outcome) {
  Row row{spaced(outcome.count), outcome.text, "", outcome.because, Color::Red, false};
  row.grade = outcome.described ? std::string(to_string(outcome.grade)) : "undescribed";
  if (outcome.graded_by_port) row.grade += "*";
  row.colored = outcome.grade == Grade::Forbidden || outcome.grade == Grade::Interesting;
  if (outcome.grade == Grade::Interesting) row.color = Color::Yellow;
  return row;
}

Row row_of(const MissingOutcome& missing) {
  const std::string pattern = missing.pattern.empty() ? "(any other)" : missing.pattern;
  return {"0", pattern, "required", "not seen: " + missing.because, Color::Yellow, true};
}

class Table {
 public:
  Table(std::vector<Row> rows, const TextStyle& style) : rows_(std::move(rows)), style_(style) {
    samples_ = std::string_view("samples").size();
    outcome_ = std::string_view("outcome").size();
    for (const Row& row : rows_) {
      samples_ = std::max(samples_, width_of(row.samples));
      outcome_ = std::max(outcome_, width_of(row.outcome));
    }
    const std::size_t fixed = kIndent + samples_ + kGradeWidth + 3 * kGap;
    const std::size_t width = static_cast<std::size_t>(std::max(style.width, 0));
    const std::size_t room = std::max(width, fixed + 2 * kLeastCell) - fixed;
    outcome_ = std::min(outcome_, room - std::max(kLeastCell, room * 2 / 5));
    because_ = room - outcome_;
  }

  std::string text() const {
    std::string text = painted(line("samples", "outcome", padded("grade", kGradeWidth), "because"),
                               Color::Dim, style_) +
                       "\n";
    for (const Row& row : rows_) text += lines(row);
    return text;
  }

 private:
  std::string line(std::string_view samples, std::string_view outcome, std::string_view grade,
                   std::string_view because) const {
    return fmt::format("{}{}  {}  {}  {}", std::string(kIndent, ' '),
                       right_aligned(samples, samples_), padded(outcome, outcome_), grade, because);
  }

  std::string lines(const Row& row) const {
    const std::size_t most = style_.verbose ? static_cast<std::size_t>(-1) : kMostLines;
    const std::vector<std::string> outcome = wrapped(row.outcome, outcome_, most);
    const std::vector<std::string> because = wrapped(row.because, because_, most);
    std::string text;
    for (std::size_t at = 0; at < std::max(outcome.size(), because.size()); ++at) {
      std::string grade = padded(at == 0 ? row.grade : "", kGradeWidth);
      if (row.colored) grade = painted(grade, row.color, style_);
      std::string made = line(at == 0 ? row.samples : "", at < outcome.size() ? outcome[at] : "",
                              grade, at < because.size() ? because[at] : "");
      made.erase(made.find_last_not_of(' ') + 1);
      text += made + "\n";
    }
    return text;
  }

  std::vector<Row> rows_;
  const TextStyle& style_;
  std::size_t samples_ = 0, outcome_ = 0, because_ = 0;
};

std::string percent(std::int64_t part, std::int64_t whole) {
  const double share = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  if (part == 0) return "0 %";
  if (share < 0.01) return "less than 0.01 %";
  return share >= 10 ? fmt::format("{:.0f} %", share) : fmt::format("{:.2g} %", share);
}

}  // namespace

std::string outcome_table(const Result& result, const TextStyle& style) {
  std::vector<Row> rows;
  const std::size_t shown =
      style.verbose ? result.outcomes.size() : std::min(result.outcomes.size(), kMostRows);
  bool by_port = false;
  for (std::size_t at = 0; at < shown; ++at) {
    rows.push_back(row_of(result.outcomes[at]));
    by_port |= result.outcomes[at].graded_by_port;
  }
  std::int64_t samples_left = 0;
  for (std::size_t at = shown; at < result.outcomes.size(); ++at)
    samples_left += result.outcomes[at].count;
  for (const MissingOutcome& missing : result.missing) rows.push_back(row_of(missing));
  if (rows.empty()) return "";
  std::string text = Table(std::move(rows), style).text();
  const std::string indent(kIndent, ' ');
  if (shown < result.outcomes.size()) {
    text += fmt::format(
        "{}and {} in {}\n", indent,
        counted(static_cast<std::int64_t>(result.outcomes.size() - shown), "more outcome"),
        counted(samples_left, "sample"));
  }
  if (by_port)
    text += painted(indent + "* a `when` rule decided, evaluated by the port itself", Color::Dim,
                    style) +
            "\n";
  return text;
}

std::string counts_sentence(const Result& result) {
  const Observation& observation = result.observation;
  std::int64_t forbidden = 0;
  for (const GradedOutcome& outcome : result.outcomes) {
    if (outcome.grade == Grade::Forbidden) forbidden += outcome.count;
  }
  std::string text =
      fmt::format("{} of {} forbidden", spaced(forbidden), counted(observation.samples, "sample"));
  if (observation.overlapped)
    text += fmt::format(", {} overlapped", spaced(*observation.overlapped));
  if (result.canary.ran && result.canary.samples > 0) {
    text += "; the canary of this run: " + percent(result.canary.witnesses, result.canary.samples);
  }
  return text;
}

Color color_of(Verdict verdict) {
  if (is_failure(verdict)) return Color::Red;
  if (verdict == Verdict::passed) return Color::Green;
  return verdict == Verdict::skipped ? Color::Dim : Color::Yellow;
}

}  // namespace conformance
