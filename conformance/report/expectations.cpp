// Reading expectation files and applying them. Writing them anew is expectations_writer.cpp.
#include "conformance/report/expectations.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

#include "conformance/outcome/wording.h"
#include "conformance/spec/advice.h"
#include "conformance/spec/fields.h"
#include "conformance/spec/yaml_reader.h"

namespace conformance {

namespace {

constexpr std::array<Key, 2> kFileKeys = {{{"heddle", true}, {"expectations", true}}};
constexpr std::array<Key, 5> kRowKeys = {
    {{"id", true}, {"verdict", true}, {"because", true}, {"link"}, {"expires"}}};
const Mapping kFileMapping = {"an expectation file", "", kFileKeys};
const Mapping kRowMapping = {"an expectation", "", kRowKeys};

bool may_be_expected(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
    case Verdict::unwitnessed:
    case Verdict::undecided:
      return true;
    case Verdict::spec_error:
    case Verdict::harness_error:
    case Verdict::unexpected_pass:
      return false;
    default:
      return is_failure(verdict);
  }
}

// YYYY-MM-DD of a day that exists.
bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto number = [&](std::size_t from, std::size_t length) {
    int value = 0;
    for (const char c : text.substr(from, length)) {
      if (c < '0' || c > '9') return -1;
      value = value * 10 + (c - '0');
    }
    return value;
  };
  const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return day <= kDays[static_cast<std::size_t>(month) - 1] + (leap && month == 2 ? 1 : 0);
}

class Reader {
 public:
  Reader(const YamlDocument& document, Diagnostics& diagnostics)
      : reading_(document, {}, diagnostics) {}

  std::vector<Expectation> rows() {
    if (!reading_.check_version()) return {};
    const Fields fields(reading_, reading_.root(), kFileMapping);
    const YamlNode* list = fields.find("expectations");
    if (list == nullptr || (list->is_sequence() && list->items.empty())) return {};
    std::vector<Expectation> rows;
    for (const YamlNode& node : reading_.list(*list, "'expectations'")) rows.push_back(row(node));
    return rows;
  }

 private:
  Expectation row(const YamlNode& node) {
    Expectation row;
    row.line = node.place.line;
    const Fields fields(reading_, node, kRowMapping);
    if (!node.is_map()) return row;
    const auto text = [&](const char* key, std::string& target) {
      const YamlNode* value = fields.find(key);
      if (value != nullptr) target = reading_.text(*value, fmt::format("'{}'", key));
      return value;
    };
    text("id", row.glob);
    text("because", row.because);
    text("link", row.link);
    const YamlNode* expires = text("expires", row.expires);
    if (expires != nullptr && !row.expires.empty() && !is_date(row.expires)) {
      reading_.error(*expires, fmt::format("'expires' is no date: '{}'", row.expires),
                     "write YYYY-MM-DD");
    }
    if (const YamlNode* verdicts = fields.find("verdict")) read_verdicts(*verdicts, row);
    return row;
  }

  void read_verdicts(const YamlNode& node, Expectation& row) {
    if (!node.is_sequence()) {
      read_verdict(node, row);
    } else {
      for (const YamlNode& one : reading_.list(node, "'verdict'")) read_verdict(one, row);
    }
    const auto is_pass = [](Verdict verdict) { return verdict == Verdict::passed; };
    if (!row.verdicts.empty() && std::all_of(row.verdicts.begin(), row.verdicts.end(), is_pass)) {
      reading_.error(node, "a row that expects only a pass expects nothing",
                     "list the failure too: [failed, passed]");
    }
  }

  void read_verdict(const YamlNode& node, Expectation& row) {
    const std::string word = reading_.text(node, "'verdict'");
    const std::optional<Verdict> verdict = parse_verdict(word);
    if (verdict && may_be_expected(*verdict)) {
      row.verdicts.push_back(*verdict);
    } else if (verdict) {
      reading_.error(node, fmt::format("'{}' is never expected", word),
                     "only what says something of the port is");
    } else if (!word.empty()) {
      std::vector<std::string_view> known;
      for (const Verdict one : all_verdicts()) {
        if (may_be_expected(one)) known.push_back(to_string(one));
      }
      reading_.error(node, fmt::format("unknown verdict '{}'", word),
                     did_you_mean_or_list(word, known));
    }
  }

  Reading reading_;
};

bool lists(const Expectation& row, Verdict verdict) {
  return std::find(row.verdicts.begin(), row.verdicts.end(), verdict) != row.verdicts.end();
}

bool has_expired(const Expectation& row, const std::string& today) {
  return !row.expires.empty() && row.expires <= today;
}

}  // namespace

Expectations load_expectations(const std::string& path, Diagnostics& diagnostics) {
  Expectations expectations{path, {}};
  std::string text;
  YamlDocument document;
  if (!read_text_file(path, text, diagnostics) || !read_yaml(text, path, document, diagnostics)) {
    return expectations;
  }
  const std::size_t before = diagnostics.size();
  expectations.rows = Reader(document, diagnostics).rows();
  if (diagnostics.size() > before) expectations.rows.clear();
  return expectations;
}

void apply(Expectations& expectations, Result& result, const std::string& today) {
  for (Expectation& row : expectations.rows) row.expired = has_expired(row, today);
  result.original_verdict = result.verdict;
  if (result.verdict == Verdict::skipped || result.verdict == Verdict::spec_error ||
      result.verdict == Verdict::harness_error) {
    return;
  }
  const Expectation* expired = nullptr;
  for (Expectation& row : expectations.rows) {
    if (!id_matches(row.glob, result.id)) continue;
    if (row.expired) {
      if (expired == nullptr && lists(row, result.verdict)) expired = &row;
      continue;
    }
    row.used = true;
    result.expected_reason = row.because;
    result.expected_link = row.link;
    if (result.verdict != Verdict::passed) {
      if (lists(row, result.verdict)) result.verdict = Verdict::expected_failure;
    } else if (!lists(row, Verdict::passed)) {
      result.verdict = Verdict::unexpected_pass;
      result.reason = fmt::format("it passed, and the row of line {} expects that it does not: {}",
                                  row.line, one_line(row.because));
    }
    break;
  }
  if (expired != nullptr && is_failure(result.verdict)) {
    result.reason +=
        fmt::format("{}the row of line {} expired on {}: {}", result.reason.empty() ? "" : "; ",
                    expired->line, expired->expires, one_line(expired->because));
  }
}

void warn_of_expired(const Expectations& expectations, const std::string& today,
                     Diagnostics& diagnostics) {
  for (const Expectation& row : expectations.rows) {
    if (!has_expired(row, today)) continue;
    diagnostics.push_back({expectations.file, row.line, 0,
                           fmt::format("the expectation for '{}' expired on {} and is not applied",
                                       row.glob, row.expires),
                           "explain it anew or remove it", Severity::Warning});
  }
}

}  // namespace conformance
