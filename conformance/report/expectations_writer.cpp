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

// May it stand in quotes as it is?
bool printable(char32_t character) {
  return (character >= 0x20 && character < 0x7f) || (character > 0xa0 && character < 0xd800) ||
         (character >= 0xe000 && character < 0xfeff) ||
         (character >= 0x10000 && character <= 0x10ffff);
}

// The next character and what is behind it; U+FFFD for what is none, also for half of a pair.
char32_t next_character(std::string_view text, std::size_t& at) {
  char32_t character = 0;
  if (!next_utf8(text, at, character)) {
    ++at;
    return 0xfffd;
  }
  return character >= 0xd800 && character < 0xe000 ? 0xfffd : character;
}

std::string comment(const std::string& text) {
  const std::string line = shortened(one_line(text), 200);
  std::string shown;
  for (std::size_t at = 0; at < line.size();) append_utf8(shown, next_character(line, at));
  return "  # " + shown + "\n";
}

// In double quotes with escapes, unless it may stand as it is.
std::string scalar(const std::string& text) {
  if (plain_scalar(text)) return text;
  std::string quoted = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const char32_t character = next_character(text, at);
    if (character == '"' || character == '\\') quoted += '\\';
    if (printable(character)) {
      append_utf8(quoted, character);
    } else {
      quoted += fmt::format("\\U{:08x}", static_cast<std::uint32_t>(character));
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

// Rows die one after the other: with a row gone, the next one that matches speaks for its cases,
// and may be contradicted by them.
class Update {
 public:
  Update(const Expectations& expectations, const std::vector<Result>& results) {
    for (const Expectation& row : expectations.rows) rows_.push_back({&row, true, {}, {}});
    for (const Result& result : results) {
      if (decides(result)) results_.push_back(&result);
    }
    for (Row& row : rows_) {
      if (row.old->expired && matches_any(*row.old)) row.alive = false;
    }
    do {
      assign();
    } while (bury_contradicted());
  }

  std::string text() const {
    std::string text;
    std::set<std::string> ids;
    for (const Result* result : results_) {
      if (is_unexplained(*result) && ids.insert(result->id).second) text += new_row(*result);
    }
    for (const Row& row : rows_) {
      if (row.alive) text += row_text(*row.old);
      for (const std::string& id : row.cases) {
        Expectation single = *row.old;
        single.glob = id;
        text += row_text(single);
      }
    }
    return text.empty() ? "heddle: 1\nexpectations: []\n" : "heddle: 1\nexpectations:\n" + text;
  }

 private:
  struct Row {
    const Expectation* old = nullptr;
    bool alive = true;
    std::vector<const Result*> results;  // for which it is the first living row that matches
    std::set<std::string> cases;         // which it was narrowed down to when it died
  };

  static bool decides(const Result& result) {
    return result.original_verdict != Verdict::skipped &&
           result.original_verdict != Verdict::spec_error &&
           result.original_verdict != Verdict::harness_error;
  }

  bool matches_any(const Expectation& row) const {
    return std::any_of(results_.begin(), results_.end(),
                       [&](const Result* result) { return id_matches(row.glob, result->id); });
  }

  bool is_narrowed(const std::string& id) const {
    return std::any_of(rows_.begin(), rows_.end(),
                       [&](const Row& row) { return row.cases.contains(id); });
  }

  template <typename Rows>
  static auto first_living(Rows& rows, const std::string& id) {
    return std::find_if(rows.begin(), rows.end(),
                        [&](const Row& row) { return row.alive && id_matches(row.old->glob, id); });
  }

  bool is_unexplained(const Result& result) const {
    if (!is_news(result) || is_narrowed(result.id)) return false;
    const auto row = first_living(rows_, result.id);
    return row == rows_.end() || !lists(*row->old, result.original_verdict);
  }

  void assign() {
    for (Row& row : rows_) row.results.clear();
    for (const Result* result : results_) {
      if (is_narrowed(result->id)) continue;
      const auto row = first_living(rows_, result->id);
      if (row != rows_.end()) row->results.push_back(result);
    }
  }

  // A row that has results and lists none of them is dropped; one that lists some, and not a pass
  // among them, is narrowed down.
  bool bury_contradicted() {
    for (Row& row : rows_) {
      if (!row.alive || row.results.empty()) continue;
      bool any_listed = false, contradicted = false;
      for (const Result* result : row.results) {
        const bool listed = lists(*row.old, result->original_verdict);
        any_listed |= listed;
        contradicted |= !listed && result->original_verdict == Verdict::passed;
      }
      if (any_listed && !contradicted) continue;
      row.alive = false;
      for (const Result* result : row.results) {
        if (lists(*row.old, result->original_verdict)) row.cases.insert(result->id);
      }
      return true;
    }
    return false;
  }

  static std::string new_row(const Result& result) {
    return comment(result.reason) +
           row_text({result.id, {result.original_verdict}, "to be explained", "", "", 0, false});
  }

  std::vector<Row> rows_;
  std::vector<const Result*> results_;
};

}  // namespace

std::string updated(const Expectations& expectations, const std::vector<Result>& results) {
  return Update(expectations, results).text();
}

}  // namespace conformance
