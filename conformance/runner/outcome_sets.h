// All that a sequential object may answer to a concurrent program: one outcome for each order of its
// operations that keeps each thread's own, with every choice the model leaves open.
//
// For small programs; gives up beyond a number of outcomes or steps. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "conformance/driver/history_plan.h"
#include "conformance/linearizability/model.h"

namespace conformance {

struct ProgramOutcome {
  std::vector<std::vector<Value>> results;  // by thread
  Value final;
  std::string order;  // one that gives it: "0 1 0", threads in the order of their operations
};

// Sorted, without doubles. Empty where there are more than `most`, or an operation would wait.
std::optional<std::vector<ProgramOutcome>> outcomes_of(const HistoryMetadata& start,
                                                       const Program& program,
                                                       std::size_t most = 200);

}  // namespace conformance
