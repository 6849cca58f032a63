// The graded result of one case on one port: what every report, the expectation files, resume and
// diff work on.
#pragma once

#include <string>
#include <vector>

#include "conformance/outcome/observation.h"
#include "conformance/outcome/verdict.h"
#include "conformance/spec/spec.h"

namespace conformance {

struct GradedOutcome {
  std::string text;
  std::int64_t count = 0;
  Grade grade = Grade::Forbidden;
  bool described = false;
  std::string because;          // the rule's, or "no rule describes this outcome"
  int rule_line = 0;            // of the YAML file
  bool graded_by_port = false;  // a `when` rule decided
};

struct MissingOutcome {  // a required rule that nothing matched
  std::string pattern;
  std::string because;
  int rule_line = 0;
};

struct Result {
  std::string port;  // name of the port
  std::string id;    // Case::id()
  std::string claim;
  std::string file;
  int line = 0;
  Kind kind = Kind::Litmus;
  Strength strength = Strength::Must;
  std::vector<std::string> covers;
  Verdict verdict = Verdict::harness_error;
  std::string reason;  // one line: the missing fact, the forbidden outcome, the signal
  std::vector<GradedOutcome> outcomes;  // worst grade first, then by count
  std::vector<MissingOutcome> missing;
  Observation observation;  // its outcomes may be emptied, `outcomes` above has them
  Canary canary;
  std::string repeat;  // the one command that repeats it
  // set by expectations
  std::string expected_reason, expected_link;
  Verdict original_verdict = Verdict::harness_error;  // before expectations changed it
};

}  // namespace conformance
