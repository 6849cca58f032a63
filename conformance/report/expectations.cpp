#include "conformance/report/expectations.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "conformance/spec/yaml_reader.h"

namespace conformance {
namespace {

bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (std::size_t at : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (text[at] < '0' || text[at] > '9') return false;
  }
  return text.substr(5, 2) >= "01" && text.substr(5, 2) <= "12" && text.substr(8, 2) >= "01" && text.substr(8, 2) <= "31";
}

class Reader {
 public:
  Reader(const std::string& file, Diagnostics& diagnostics) : file_(file), diagnostics_(diagnostics) {}

  void rows(const YamlNode& root, std::vector<Expectation>& out) {
    if (!root.is_map()) return complain(root, "an expectation file is a mapping", "heddle: 1 and expectations:");
    bool versioned = false;
    for (std::size_t at = 0; at + 1 < root.items.size(); at += 2) {
      const YamlNode& key = root.items[at];
      const YamlNode& value = root.items[at + 1];
      if (key.text == "heddle") {
        versioned = value.text == "1";
      } else if (key.text == "expectations") {
        list(value, out);
      } else {
        complain(key, "unknown key '" + key.text + "'", "heddle, expectations");
      }
    }
    if (!versioned) complain(root, "the version is missing", "heddle: 1");
  }

 private:
  void complain(const YamlNode& node, std::string message, std::string advice) {
    diagnostics_.push_back({file_, node.place.line, node.place.column, std::move(message), std::move(advice), Severity::Error});
  }

  void list(const YamlNode& node, std::vector<Expectation>& out) {
    if (node.type == YamlNode::Type::Null) return;
    if (!node.is_sequence()) return complain(node, "expectations is a list", "- id: ...");
    for (const YamlNode& item : node.items) {
      Expectation row;
      if (one(item, row)) out.push_back(std::move(row));
    }
  }

  bool one(const YamlNode& node, Expectation& row) {
    const std::size_t before = diagnostics_.size();
    if (!node.is_map()) {
      complain(node, "an expectation is a mapping", "id, verdict, because");
      return false;
    }
    row.line = node.place.line;
    for (std::size_t at = 0; at + 1 < node.items.size(); at += 2) field(node.items[at], node.items[at + 1], row);
    if (row.glob.empty()) complain(node, "id is missing", "a glob over case ids");
    if (row.verdicts.empty()) complain(node, "verdict is missing", "a verdict or a list of them");
    if (row.because.empty()) complain(node, "because is missing", "a known failure has a reason");
    return diagnostics_.size() == before;
  }

  void field(const YamlNode& key, const YamlNode& value, Expectation& row) {
    if (key.text == "verdict") return verdicts(value, row);
    std::string* target = key.text == "id" ? &row.glob : key.text == "because" ? &row.because : key.text == "link" ? &row.link : key.text == "expires" ? &row.expires : nullptr;
    if (target == nullptr) return complain(key, "unknown key '" + key.text + "'", "id, verdict, because, link, expires");
    if (!value.is_scalar()) return complain(value, key.text + " is text", "");
    *target = value.text;
    if (key.text == "expires" && !is_date(value.text)) complain(value, "'" + value.text + "' is no date", "YYYY-MM-DD");
  }

  void verdicts(const YamlNode& value, Expectation& row) {
    const std::vector<YamlNode> items = value.is_sequence() ? value.items : std::vector<YamlNode>{value};
    for (const YamlNode& item : items) {
      const std::optional<Verdict> verdict = parse_verdict(item.text);
      if (verdict) {
        row.verdicts.push_back(*verdict);
      } else {
        complain(item, "unknown verdict '" + item.text + "'", "failed, crashed, hung, race, unwitnessed, ... (specs/README.md)");
      }
    }
  }

  const std::string& file_;
  Diagnostics& diagnostics_;
};

bool lists(const Expectation& row, Verdict verdict) { return std::find(row.verdicts.begin(), row.verdicts.end(), verdict) != row.verdicts.end(); }

bool never_changed(Verdict verdict) {
  return verdict == Verdict::skipped || verdict == Verdict::spec_error || verdict == Verdict::harness_error;
}

Expectation* row_for(Expectations& expectations, const std::string& id, const std::string& today) {
  for (Expectation& row : expectations.rows) {
    if (!row.expires.empty() && row.expires <= today) continue;
    if (id_matches(row.glob, id)) return &row;
  }
  return nullptr;
}

std::string yaml_text(const std::string& text) {
  std::string quoted = "\"";
  for (char character : text) {
    if (character == '"' || character == '\\') quoted += '\\';
    if (character == '\n') {
      quoted += "\\n";
    } else {
      quoted += character;
    }
  }
  return quoted + "\"";
}

std::string yaml_row(const Expectation& row) {
  std::string verdicts;
  for (Verdict verdict : row.verdicts) verdicts += (verdicts.empty() ? "" : ", ") + std::string(to_string(verdict));
  std::string text = fmt::format("  - id: {}\n    verdict: {}\n    because: {}\n", yaml_text(row.glob),
                                 row.verdicts.size() == 1 ? verdicts : "[" + verdicts + "]", yaml_text(row.because));
  if (!row.link.empty()) text += "    link: " + yaml_text(row.link) + "\n";
  if (!row.expires.empty()) text += "    expires: " + yaml_text(row.expires) + "\n";
  return text;
}

}  // namespace

Expectations load_expectations(const std::string& path, Diagnostics& diagnostics) {
  Expectations expectations{path, {}};
  std::string text;
  YamlDocument document;
  if (!read_text_file(path, text, diagnostics) || !read_yaml(text, path, document, diagnostics)) return expectations;
  Reader(expectations.file, diagnostics).rows(document.root, expectations.rows);
  return expectations;
}

void apply(Expectations& expectations, Result& result, const std::string& today) {
  result.original_verdict = result.verdict;
  if (never_changed(result.verdict)) return;
  Expectation* row = row_for(expectations, result.id, today);
  if (row == nullptr) return;
  const bool listed = lists(*row, result.verdict);
  row->used = true;
  result.expected_reason = row->because;
  result.expected_link = row->link;
  if (result.verdict == Verdict::passed) {
    if (listed) return;
    result.verdict = Verdict::unexpected_pass;
    result.reason = "it passed, and the expectation file says: " + row->because;
  } else if (listed) {
    result.verdict = Verdict::expected_failure;
  }
}

std::string updated(const Expectations& expectations, const std::vector<Result>& results) {
  std::string text = "heddle: 1\nexpectations:\n";
  std::set<const Result*> explained;
  int rows = 0;
  for (const Expectation& row : expectations.rows) {
    bool still = false;
    bool met = false;
    for (const Result& result : results) {
      if (!id_matches(row.glob, result.id)) continue;
      met = true;
      if (lists(row, result.original_verdict)) {
        still = true;
        explained.insert(&result);
      }
    }
    if (!still && met) continue;  // a row for what this run did not contain stays
    text += yaml_row(row);
    ++rows;
  }
  for (const Result& result : results) {
    if (!is_failure(result.original_verdict) || never_changed(result.original_verdict) || explained.contains(&result)) continue;
    text += yaml_row({result.id, {result.original_verdict}, "to be explained: " + result.reason, "", "", 0, false});
    ++rows;
  }
  return rows == 0 ? "heddle: 1\nexpectations: []\n" : text;
}

}  // namespace conformance
