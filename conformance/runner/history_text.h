// A failing history for a person: the program with a column for each thread, and the smallest part
// of it that no order explains. Pure.
#pragma once

#include <string>

#include "conformance/runner/history_judge.h"

namespace conformance {

// Some lines: the columns, the core, where the search got stuck.
std::string failure_text(const FailingHistory& failing);

// "no order explains these 3 of 7 operations: ...".
std::string failure_sentence(const FailingHistory& failing);

// The columns alone: operations and results, in the order of their calls.
std::string columns_of(const History& history);

}  // namespace conformance
