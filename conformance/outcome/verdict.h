// The verdict on one case. The table is verdict.def; `void` is spelled void_ in C++ and "void"
// everywhere else.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace conformance {

enum class Verdict {
#define HEDDLE_VERDICT(name, exit, failure, sentence) name,
#include "conformance/outcome/verdict.def"
#undef HEDDLE_VERDICT
};

std::string_view to_string(Verdict verdict);
std::string_view sentence(Verdict verdict);
std::optional<Verdict> parse_verdict(std::string_view text);
const std::vector<Verdict>& all_verdicts();
int exit_status(Verdict verdict, bool require_witness);
bool is_failure(Verdict verdict);  // may an expectation file list it

// Of two exit statuses the one that wins: 130, then 4, 2, 1, 6, 5, 3, 0.
int stronger_exit(int left, int right);

}  // namespace conformance
