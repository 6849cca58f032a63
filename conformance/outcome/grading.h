// Outcome table + observation + facts -> verdict. Pure: two passes over the same data give the same
// answer.
//
// Rules are tried in the order of the file; those whose `where` does not hold are passed over; the
// first match wins; what no rule describes is forbidden (jcstress does the same). Of several
// reasons for a verdict the strongest wins: spec problem, harness error, crash or hang, race,
// failed, not linearizable, void, undecided, unwitnessed, unspecified, passed.
#pragma once

#include "conformance/outcome/observation.h"
#include "conformance/outcome/result.h"
#include "conformance/spec/diagnostic.h"
#include "conformance/spec/facts.h"
#include "conformance/spec/spec.h"

namespace conformance {

struct GradingContext {
  Facts facts;
  Canary canary;
  bool parallel = false;  // the process claims to be parallel, so a litmus case needs a canary
};

// Fills verdict, reason, strength, outcomes and missing of the result from the observation;
// identity fields (id, file, claim...) from the case. The observation is moved into the result.
Result grade(const Case& one, Observation observation, const GradingContext& context);

// Which strength applies; empty when no row's condition holds.
std::optional<Strength> strength_for(const Scenario& scenario, const Facts& facts);

// Why the case does not apply to a process with these facts; empty when it does. Looks at where,
// requires, variants and the family's process row.
std::string why_skipped(const Case& one, const Facts& facts);

// `is`, `like`: are they well formed for this scenario (names observed, regular expression valid)?
// For the loader's users; appended with the rule's line.
void check_rules(const Family& family, const Scenario& scenario, Diagnostics& diagnostics);

}  // namespace conformance
