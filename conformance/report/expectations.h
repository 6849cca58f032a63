// Expectation files: what is known to fail on a port, so that only news is red.
//
//   heddle: 1
//   expectations:
//     - id: iterators/shared/*          # a glob over case ids (with [variant] and @process)
//       verdict: failed                 # a verdict or a list of them; passed may be listed for the intermittent
//       because: gh-129068, fixed in 3.15
//       link: https://github.com/python/cpython/issues/129068   # optional
//       expires: 2027-06-30             # optional; from that day on the row is not applied and a warning says so
#pragma once

#include <string>
#include <vector>

#include "conformance/outcome/result.h"
#include "conformance/spec/diagnostic.h"

namespace conformance {

struct Expectation {
  std::string glob;
  std::vector<Verdict> verdicts;
  std::string because, link, expires;  // expires: YYYY-MM-DD
  int line = 0;
  bool used = false;
};

struct Expectations {
  std::string file;
  std::vector<Expectation> rows;
};

Expectations load_expectations(const std::string& path, Diagnostics& diagnostics);

// First matching row wins. A listed verdict becomes expected_failure; a pass where none is listed becomes unexpected_pass; anything
// else stays as it is. Skipped, spec_error and harness_error are never changed. `today` is YYYY-MM-DD.
void apply(Expectations& expectations, Result& result, const std::string& today);

// The text of a new file for these results: rows that still match are kept with their reasons, rows that no longer apply are dropped,
// new failures are added with because: "to be explained".
std::string updated(const Expectations& expectations, const std::vector<Result>& results);

}  // namespace conformance
