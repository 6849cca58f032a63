// The driver: one self-contained Python program that runs the cases of a family inside a port.
//
// It is the text of driver/python/*.py in the order of their names, with the plan (what to run, as
// JSON) in one line before the last part. What the program says while it runs is the protocol of
// specs/README.md. Pure: text in, text out.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "conformance/spec/catalogue.h"
#include "conformance/spec/facts.h"
#include "conformance/spec/spec.h"

namespace conformance {

enum class DriverMode {
  Probe,  // find the facts and the features, nothing else
  Run,    // run the cases
  Check,  // only see whether the Python of the cases parses there, and keeps the rules on names
};

struct DriverCase {
  Case one;
  double seconds = 1.0;  // litmus
  int samples = 1;       // script
};

struct DriverPlan {
  DriverMode mode = DriverMode::Run;
  std::uint64_t seed = 1;
  double canary_seconds = 0;            // 0: no canary
  Facts facts;                          // of the probe: what this process need not measure again
  std::vector<Feature> features;        // Probe: which to try
  std::vector<std::string> fact_names;  // names that a `when` rule may use; absent ones become None
  std::vector<DriverCase> cases;
};

std::string driver_program(const DriverPlan& plan);

}  // namespace conformance
