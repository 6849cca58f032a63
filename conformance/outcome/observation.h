// What a port did with one case: counts of outcomes and how the run ended. Data only; judging it is
// grading.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

struct OutcomeCount {
  std::string text;  // "left=1, right=2", or crashed(SIGSEGV), hung, too_many
  std::int64_t count = 0;
  std::vector<int>
      when_true;  // indices of the scenario's `when` rules that held for it, evaluated in the port
  std::map<int, std::string> when_errors;  // index -> "TypeError: ..." of `when` rules that raised
};

struct Note {
  std::string kind;  // "left_changed", "facts_differ", "stderr", ...
  std::string text;
};

// A problem with the spec itself that only the port could see: Python that does not parse, setup
// that raises.
struct SpecProblem {
  std::string phase;    // compile, module, setup, observe, when, cleanup
  std::string message;  // "SyntaxError: invalid syntax"
  int line = 0;         // of the YAML file; 0 when unknown
};

struct RaceReport {
  std::string signature;  // "list_append | list_clear": the unordered pair of innermost frames
  std::string kind;       // "data race", "heap-use-after-free", ...
  std::string excerpt;    // the first lines of the report
  int count = 1;
};

// What became of the histories of a case of that kind.
struct HistoryEvidence {
  std::string model;
  std::int64_t programs = 0;
  std::int64_t distinct = 0;  // histories that differ in results or in who overlapped whom
  std::int64_t linearizable = 0, not_linearizable = 0, undecided = 0;  // of these
  std::int64_t failing_samples = 0;
  std::string why_undecided;
  std::string clock;            // its name in the port
  std::int64_t resolution = 0;  // of the clock, in nanoseconds
  std::string failure;          // the program and its smallest failing part, some lines of text
  std::string failure_reason;   // the same in one sentence
};

struct Observation {
  enum class Ending { Finished, Crashed, Hung, SpecProblem, HarnessError, NotRun };
  Ending ending = Ending::NotRun;
  std::string ending_detail;  // "SIGSEGV", "exit status 3", "no sign of life for 20 s", what the
                              // harness saw
  std::vector<OutcomeCount> outcomes;
  std::int64_t samples = 0;
  std::optional<std::int64_t> overlapped;  // absent where it is not measured (GIL, script, process)
  double seconds = 0;
  std::string stacks;        // of a hang, where the port could dump them
  std::string error_output;  // the end of standard error
  std::vector<RaceReport> races;
  std::vector<SpecProblem> problems;
  std::vector<Note> notes;
  std::optional<HistoryEvidence> history;
  int confirmed = 0,
      confirmations = 0;  // crash or hang: k of n re-runs of it alone ended the same way
};

// The canary of the process in which the case ran.
struct Canary {
  bool ran = false;
  bool provoked = false;
  std::int64_t samples = 0;
  std::int64_t witnesses = 0;
  double seconds = 0;
};

}  // namespace conformance
