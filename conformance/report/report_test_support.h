// Results with every field filled, for tests of what is written down.
#pragma once

#include <string>
#include <vector>

#include "conformance/outcome/result.h"
#include "conformance/report/report.h"

namespace conformance {

inline Result result_of(const std::string& id, Verdict verdict, const std::string& reason = "") {
  Result result;
  result.port = "python3.14t";
  result.id = id;
  result.claim = "Two threads that append to one list lose nothing.";
  result.file = "specs/list/one_list.yaml";
  result.line = 14;
  result.verdict = result.original_verdict = verdict;
  result.reason = reason;
  result.observation.ending = Observation::Ending::Finished;
  return result;
}

// A failed litmus case, as grading makes it.
inline Result failed_append() {
  Result result =
      result_of("list/one_list/append", Verdict::failed,
                "forbidden: left=1, right=1, items=['L'] (12 of 30 500 samples): an append was "
                "lost; length and slot are not one step");
  result.covers = {"list/append-all-kept"};
  result.outcomes = {{"left=1, right=1, items=['L']", 12, Grade::Forbidden, true,
                      "an append was lost; length and slot are not one step", 41, true},
                     {"left=1, right=2, items=['L', 'R']", 30'488, Grade::Acceptable, true,
                      "left was done before right began", 30, false}};
  result.missing = {{"left == 2 and right == 2", "both appended before either asked", 33}};
  result.observation.samples = 30'500;
  result.observation.overlapped = 10'210;
  result.observation.seconds = 1.25;
  result.canary = {true, true, 1000, 220, 0.5};
  result.repeat = "heddle run list/one_list/append --port python3.14t --tier quick --seed 7";
  return result;
}

inline RunHeader header_of_run() {
  RunHeader header;
  header.heddle_version = "1.0.0";
  header.seed = 7;
  header.tier = "quick";
  header.ports = {{"python3.14t",
                   "/usr/bin/python3.14t",
                   "cpython",
                   "3.14.0 (main)",
                   {{"version", Version{{3, 14, 0}}},
                    {"free_threaded", true},
                    {"gil_enabled", false},
                    {"parallel", true},
                    {"cpus", std::int64_t{2}},
                    {"platform", std::string("linux")}}}};
  return header;
}

}  // namespace conformance
