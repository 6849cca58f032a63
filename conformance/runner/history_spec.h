// Specs made by machine: a program as a history that `heddle run` judges, the same as a litmus whose
// outcomes the model has computed, and all pairs and triples of a container's operations.
//
// What comes out is text in the language of specs/README.md; whoever runs it reads it with the loader
// like any other. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "conformance/driver/history_plan.h"

namespace conformance {

// One family: the program as a history, and as a litmus where its outcomes can be listed.
std::string program_spec(const HistoryMetadata& start, const Program& program);

struct GeneratedFamily {
  std::string name;  // as a file would be called: "pairs_of_list_1"
  std::string text;
  std::size_t scenarios = 0;
};

// A litmus for each pair (threads = 2) or triple (3) of the model's operations on small states. The
// operations are those that are played by default. One family for each state and, of triples, for
// each first operation, so that a process start is shared by many.
std::vector<GeneratedFamily> combinations(const Model& model, int threads);

}  // namespace conformance
