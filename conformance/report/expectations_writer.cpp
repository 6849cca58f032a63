// Expectations and results -> the text of a new expectation file.
//
// The promise is that the same results, judged with the new file, hold no news. The first matching
// row wins there too, so rows for single cases stand before the globs that they are exceptions of.
#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <string_view>

#include "conformance/outcome/value_spelling.h"
#include "conformance/outcome/wording.h"
#include "conformance/report/expectations.h"

namespace conformance {

namespace {

bool lists(const Expectation& row, Verdict verdict) {
  return std::find(row.verdicts.begin(), row.verdicts.end(), verdict) != row.verdicts.end();
}

// A failure that a new row may make expected.
bool is_news(const Result& result) {
  const Verdict verdict = result.original_verdict;
  return is_failure(verdict) && verdict != Verdict::spec_error &&
         verdict != Verdict::harness_error && verdict != Verdict::void_;
}

// A row that has expired is known by what it did not do to the verdict.
bool has_expired(const Expectation& row, const Result& result) {
  if (row.expires.empty()) return false;
  const bool passed = result.original_verdict == Verdict::passed;
  const bool listed = lists(row, result.original_verdict);
  const Verdict applied = passed == listed ? result.original_verdict
                          : passed         ? Verdict::unexpected_pass
                                           : Verdict::expected_failure;
  return result.verdict != applied;
}

bool plain_scalar(std::string_view text) {
  constexpr std::string_view kFree =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./@*()-";
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.size() < 6 || !is_letter(text.front())) return false;  // also true, null, yes, off...
  char before = ' ';
  for (const char c : text) {
    if (c == ' ' ? before == ' ' : kFree.find(c) == std::string_view::npos && c != ',')
      return false;
    before = c;
  }
  return before != ' ';
}

// In double quotes with escapes, unless it may stand as it is.
std::string scalar(const std::string& text) {
  if (plain_scalar(text)) return text;
  std::string quoted = "\"";
  for (std::size_t at = 0; at < text.size();) {
    char32_t character = 0;
    if (!next_utf8(text, at, character)) {
      ++at;
      character = 0xfffd;
    }
    if (character >= 0xd800 && character < 0xe000) character = 0xfffd;
    const auto code = static_cast<std::uint32_t>(character);
    if (character == '"' || character == '\\') {
      quoted += '\\';
      quoted += static_cast<char>(character);
    } else if (code >= 0x20 && code < 0x7f) {
      quoted += static_cast<char>(character);
    } else if (code > 0xa0 && code < 0xfeff) {
      append_utf8(quoted, character);
    } else {
      quoted += code < 0x100 ? fmt::format("\\x{:02x}", code) : fmt::format("\\U{:08x}", code);
    }
  }
  return quoted + "\"";
}

std::string row_text(const Expectation& row) {
  std::string verdicts;
  for (const Verdict verdict : row.verdicts) {
    verdicts += (verdicts.empty() ? "" : ", ") + std::string(to_string(verdict));
  }
  if (row.verdicts.size() != 1) verdicts = "[" + verdicts + "]";
  std::string text = fmt::format("  - id: {}\n    verdict: {}\n    because: {}\n", scalar(row.glob),
                                 verdicts, scalar(row.because));
  if (!row.link.empty()) text += "    link: " + scalar(row.link) + "\n";
  if (!row.expires.empty()) text += "    expires: " + row.expires + "\n";
  return text;
}

class Update {
 public:
  Update(const Expectations& expectations, const std::vector<Result>& results)
      : rows_(expectations.rows), covered_(rows_.size()) {
    for (const Result& result : results) place(result);
  }

  std::string text() const {
    std::string rows = added_;
    for (std::size_t at = 0; at < rows_.size(); ++at) rows += old_row(at);
    return rows.empty() ? "heddle: 1\nexpectations: []\n" : "heddle: 1\nexpectations:\n" + rows;
  }

 private:
  void place(const Result& result) {
    const Verdict verdict = result.original_verdict;
    if (verdict == Verdict::skipped || verdict == Verdict::spec_error ||
        verdict == Verdict::harness_error) {
      return;
    }
    for (std::size_t at = 0; at < rows_.size(); ++at) {
      if (!id_matches(rows_[at].glob, result.id)) continue;
      if (has_expired(rows_[at], result)) {
        covered_[at].expired = true;
        continue;
      }
      covered_[at].results.push_back(&result);
      if (!lists(rows_[at], verdict) && is_news(result)) add(result);
      return;
    }
    if (is_news(result)) add(result);
  }

  void add(const Result& result) {
    if (!new_ids_.insert(result.id).second) return;
    added_ += fmt::format("  # {}\n", shortened(one_line(result.reason), 200));
    added_ += row_text({result.id, {result.original_verdict}, "to be explained", "", "", 0, false});
  }

  std::string old_row(std::size_t at) const {
    const Expectation& row = rows_[at];
    const std::vector<const Result*>& results = covered_[at].results;
    if (covered_[at].expired) return "";
    if (results.empty()) return row_text(row);
    const auto listed = [&](const Result* one) { return lists(row, one->original_verdict); };
    const auto contradicts = [&](const Result* one) {
      return one->original_verdict == Verdict::passed && !listed(one);
    };
    if (std::none_of(results.begin(), results.end(), listed)) return "";
    if (std::none_of(results.begin(), results.end(), contradicts)) return row_text(row);
    std::string text;
    std::set<std::string> ids;
    for (const Result* result : results) {
      if (!listed(result) || !ids.insert(result->id).second) continue;
      Expectation single = row;
      single.glob = result->id;
      text += row_text(single);
    }
    return text;
  }

  struct Covered {
    std::vector<const Result*> results;
    bool expired = false;
  };

  const std::vector<Expectation>& rows_;
  std::vector<Covered> covered_;
  std::set<std::string> new_ids_;
  std::string added_;
};

}  // namespace

std::string updated(const Expectations& expectations, const std::vector<Result>& results) {
  return Update(expectations, results).text();
}

}  // namespace conformance
