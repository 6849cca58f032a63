// From what a scenario says of its histories to what the driver plays: rows with Python text, fixed
// programs with their calls; and every complaint that needs to know the models.
//
// Pure. Complaints carry the line of the YAML file and say what would be right.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conformance/linearizability/model.h"
#include "conformance/spec/diagnostic.h"
#include "conformance/spec/spec.h"

namespace conformance {

// A method with a number of arguments, as the driver draws and plays it.
struct HistoryRow {
  std::string name;
  int weight = 1;
  Snippet code;
  std::vector<std::string> draws;
  std::string attribute;
  int footing = 0;  // 1 without a lock, 2 in several steps; 0 where the table says what to play
};

struct ProgramCall {
  std::string method;
  std::vector<Value> arguments;
};
using Program = std::vector<std::vector<ProgramCall>>;  // by thread

// "append(1); pop()", one line a thread. Empty with a complaint: "line 2: ..." in `error`.
std::optional<Program> parse_program(const std::string& text, std::string& error);
std::string to_string(const ProgramCall& call);
std::string to_string(const Program& program);  // what parse_program() reads

struct HistoryPlan {
  const Model* model = nullptr;
  HistoryMetadata metadata;  // model, initial where the scenario fixes it, bound
  std::vector<HistoryRow> rows;
  Program program;                             // empty: drawn
  std::vector<std::vector<int>> program_rows;  // of each call the index of its row
};

// Appends what is wrong with it to `diagnostics`; the plan is good when there was nothing.
HistoryPlan plan_history(const Family& family, const Scenario& scenario, Diagnostics& diagnostics);

// plan_history() for lint and load: nothing where the scenario is no history.
void check_history(const Family& family, const Scenario& scenario, Diagnostics& diagnostics);

}  // namespace conformance
