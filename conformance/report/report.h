// Results, written down. The machine formats (JSON Lines, JUnit) hold everything; the text is for a
// person.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/outcome/result.h"
#include "conformance/spec/diagnostic.h"
#include "conformance/spec/facts.h"

namespace conformance {

// What a run was: first line of a JSON Lines file, properties of a JUnit suite, head of the text.
struct RunHeader {
  std::string heddle_version;
  std::uint64_t seed = 0;
  std::string tier;
  std::string shard;  // "2/8" or empty
  struct PortHeader {
    std::string name, command, implementation, version;
    Facts facts;
  };
  std::vector<PortHeader> ports;
};

struct VerdictCounts {
  std::map<Verdict, int> counts;
  void add(Verdict verdict) { ++counts[verdict]; }
  int total() const;
};

// --- JSON Lines: one `run` line, then one `result` line per case (report/README.md has the
// fields).
std::string to_json_line(const RunHeader& header);
std::string to_json_line(const Result& result);

// Reads a results file back. A last line without newline (the run was killed while writing) is
// dropped and `good_bytes` says how far the file is sound; any other bad line is a diagnostic.
struct ResultsFile {
  std::vector<RunHeader> headers;
  std::vector<Result> results;
  std::uint64_t good_bytes = 0;
};
ResultsFile read_results(const std::string& path, Diagnostics& diagnostics);

// --- JUnit: one suite per port and family; a case carries file and line of the YAML; failure,
// error and skipped are distinct. Characters that XML 1.0 cannot hold are replaced.
std::string to_junit(const RunHeader& header, const std::vector<Result>& results);

// --- Text.
struct TextStyle {
  bool color = false;
  bool verbose = false;  // also the outcome tables of what passed
  int width = 100;
};
// One result that deserves lines of its own: verdict, id, reason, table of outcomes, stacks, the
// command that repeats it.
std::string to_text(const Result& result, const TextStyle& style);
// "passed  list/one_list/append" - one line.
std::string to_line(const Result& result, const TextStyle& style);
// The end of a run for one port: counts by verdict with what they mean, failures first, what was
// not witnessed, what was skipped and why (grouped).
std::string to_summary(const RunHeader& header, const std::string& port,
                       const std::vector<Result>& results, const TextStyle& style);

// --- Difference of two results files: added, deleted, changed verdict, changed set of outcomes.
std::string difference(const ResultsFile& left, const ResultsFile& right, const TextStyle& style,
                       bool& different);

}  // namespace conformance
