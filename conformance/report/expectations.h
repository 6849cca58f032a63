// Expectation files: what is known to fail on a port, so that only news is red.
//
//   heddle: 1
//   expectations:
//     - id: iterators/shared/*          # a glob over case ids (with [variant] and @process)
//       verdict: failed                 # a verdict or a list of them; passed may be listed for the
//       intermittent, unwitnessed
//                                       # and undecided for what --require-witness would ask for
//       because: gh-129068, fixed in 3.15
//       link: https://github.com/python/cpython/issues/129068   # optional
//       expires: 2027-06-30             # optional; from that day on the row is not applied and a
//       warning says so
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
  bool used = false;     // set by apply(): it matched a result
  bool expired = false;  // set by apply(): it has expired and is not applied
};

struct Expectations {
  std::string file;
  std::vector<Expectation> rows;
};

Expectations load_expectations(const std::string& path, Diagnostics& diagnostics);

// First matching row wins. A listed verdict becomes expected_failure; a pass where none is listed
// becomes unexpected_pass; anything else stays as it is. Skipped, spec_error and harness_error are
// never changed. `today` is YYYY-MM-DD. Where an expired row would have made the difference, the
// reason says so.
void apply(Expectations& expectations, Result& result, const std::string& today);

// A warning for each row that has expired.
void warn_of_expired(const Expectations& expectations, const std::string& today,
                     Diagnostics& diagnostics);

// The text of a new file for these results, so that the same results would then hold no news: rows
// that still match are kept with their reasons, rows that no longer apply are dropped, new failures
// are added, in front, with because: "to be explained". A glob under which something passes now is
// replaced by rows for the cases that still fail. Rows for cases that the results do not hold are
// kept. Comments are lost. A void case is not added: it says something of the machine and nothing
// of the port.
std::string updated(const Expectations& expectations, const std::vector<Result>& results);

}  // namespace conformance
