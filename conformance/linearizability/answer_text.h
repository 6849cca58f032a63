// A checker's answer as a person reads it: the verdict, the operations that cannot be explained as bars
// on a time line, and where the search got stuck.
//
// Plain ASCII, lines of at most about 100 columns where values are short; long values are cut. Pure.
#pragma once

#include <string>

#include "conformance/linearizability/checker.h"

namespace conformance {

// Ends with a newline. The first line is the answer.
std::string answer_text(const History& history, const Model& model, const CheckResult& result);

// The bars alone: one line for each of `operations` (indices into the history), in order of calls. A column is an
// event; empty stretches are left out.
std::string timeline_text(const History& history, const std::vector<std::size_t>& operations);

}  // namespace conformance
