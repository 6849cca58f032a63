// The table verdict.def, made into functions.
#include "conformance/outcome/verdict.h"

#include <array>
#include <string>

namespace conformance {
namespace {

struct Row {
  Verdict verdict;
  std::string_view name;
  int exit;
  bool failure;
  std::string_view text;
};

constexpr std::array kRows = {
#define HEDDLE_VERDICT(name, exit, failure, sentence) \
  Row{Verdict::name, #name, exit, failure, sentence},
#include "conformance/outcome/verdict.def"
#undef HEDDLE_VERDICT
};

const Row& row_of(Verdict verdict) { return kRows[static_cast<std::size_t>(verdict)]; }

std::string_view spoken(std::string_view name) {
  if (!name.empty() && name.back() == '_') name.remove_suffix(1);  // void_
  return name;
}

int rank(int exit) {
  constexpr std::array kOrder = {130, 4, 2, 1, 6, 5, 3, 0};
  for (std::size_t place = 0; place < kOrder.size(); ++place) {
    if (kOrder[place] == exit) return static_cast<int>(kOrder.size() - place);
  }
  return 0;
}

}  // namespace

std::string_view to_string(Verdict verdict) { return spoken(row_of(verdict).name); }

std::string_view sentence(Verdict verdict) { return row_of(verdict).text; }

std::optional<Verdict> parse_verdict(std::string_view text) {
  for (const Row& row : kRows) {
    if (spoken(row.name) == text) return row.verdict;
  }
  return std::nullopt;
}

const std::vector<Verdict>& all_verdicts() {
  static const std::vector<Verdict> all = [] {
    std::vector<Verdict> verdicts;
    for (const Row& row : kRows) verdicts.push_back(row.verdict);
    return verdicts;
  }();
  return all;
}

int exit_status(Verdict verdict, bool require_witness) {
  if (verdict == Verdict::unwitnessed && !require_witness) return 0;
  return row_of(verdict).exit;
}

bool is_failure(Verdict verdict) { return row_of(verdict).failure; }

int stronger_exit(int left, int right) { return rank(left) >= rank(right) ? left : right; }

}  // namespace conformance
