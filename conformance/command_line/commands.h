// The commands of `heddle`, one function each: options in, exit status out (0, 1, 2, 3, 4, 5, 6,
// 130; see --help).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace conformance {

struct RunCommand {
  std::vector<std::string> specs;
  std::vector<std::string> ports;
  std::string tier = "default";
  std::string budget;
  std::uint64_t seed = 0;  // 0: choose one and say it
  std::string shard;
  int jobs = 0;
  std::string expectations;
  bool update_expectations = false;
  std::string junit, jsonl, resume;
  bool require_witness = false;
  std::string progress = "auto";
  bool verbose = false;
};
int run(const RunCommand& command);

struct SpecCommand {
  std::vector<std::string> specs;
  std::string port;  // lint: also let this port's Python read every snippet
};
int list(const SpecCommand& command);
int lint_specs(const SpecCommand& command);
int explain(const SpecCommand& command);
int emit(const SpecCommand& command);

struct FuzzCommand {
  std::string model;  // list, dict, set, deque, queue
  std::string port = "python3";
  std::uint64_t seed = 0;  // 0: choose one and say it
  std::string budget = "30s";
  int threads = 3;
  int operations = 6;
  std::vector<std::string> methods;  // empty: those whose atomicity is promised
  std::string program, initial;      // only this program: "append(1); pop() | len()"
  int bound = -1;                    // -1: none
  std::string emit_spec, emit_history, html;
  bool pairs = false, triples = false;
};
int fuzz(const FuzzCommand& command);

int probe_port(const std::string& port);

struct TraceCommand {
  std::vector<std::string> results;  // JSON Lines files: adds the verdicts
  bool all = false;                  // also what is informative only
};
int trace(const TraceCommand& command);

struct CheckCommand {
  std::string history;  // JSON Lines, conformance/history/README.md; "-" is standard input
  std::string model;    // empty: the one that the file names
  std::string html;
  std::string time_limit;
  std::string memory_limit = "1G";
};
int check_history(const CheckCommand& command);

int diff(const std::string& left, const std::string& right);

}  // namespace conformance
