// A checker's answer as one HTML page that needs nothing but itself: threads as lanes, operations as bars.
//
// Across runs the order of calls and returns, not time, so that a busy microsecond is as wide as an idle
// second. What cannot be explained is red, what the search could not place next is orange; the longest
// order found (or the whole order, when there is one) is numbered. Hovering shows call, return and
// result. Written for histories of 10 000 operations. Pure; all text from outside is escaped.
#pragma once

#include <string>

#include "conformance/linearizability/checker.h"

namespace conformance {

std::string answer_page(const History& history, const Model& model, const CheckResult& result);

}  // namespace conformance
