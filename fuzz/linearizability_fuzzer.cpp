// Does the checker answer as brute force does?
//
// The first byte chooses the model, the second the clock's resolution and a bound; then seven bytes make an operation: thread,
// method, arguments, call, return, result, and whether it returned. Results are what the model says when operations
// are played in the order of the bytes, or another's.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "conformance/linearizability/test_support.h"

namespace {

using namespace conformance;

constexpr std::size_t kMostOperations = 6;
constexpr std::size_t kThreads = 3;

Operation operation_of(const Model& model, const std::uint8_t* bytes) {
  const Method& method = model.methods[bytes[1] % model.methods.size()];
  Random random(bytes[2]);
  Operation operation;
  operation.method = method.name;
  const int optional = static_cast<int>(method.arguments.size()) - method.required;
  const int count = method.required + (optional > 0 ? below(random, optional + 1) : 0);
  for (int index = 0; index < count; ++index) {
    operation.arguments.push_back(
        random_argument(random, method.arguments[static_cast<std::size_t>(index)]));
  }
  operation.thread = bytes[0] % kThreads;
  return operation;
}

History history_of(const std::uint8_t* data, std::size_t size) {
  History history;
  const Model& model = all_models()[data[0] % all_models().size()];
  history.metadata.model = model.name;
  history.metadata.unit = "ticks";
  history.metadata.resolution = 1 + data[1] % 4;
  if (model.takes_bound && data[1] >= 128) history.metadata.bound = data[1] / 4 % 4;
  ModelState state(history.metadata);
  std::int64_t clocks[kThreads] = {};
  bool ended[kThreads] = {};
  for (std::size_t at = 2; at + 7 <= size && history.operations.size() < kMostOperations; at += 7) {
    Operation operation = operation_of(model, data + at);
    const auto thread = static_cast<std::size_t>(operation.thread);
    if (ended[thread]) continue;
    operation.called_at = clocks[thread] += data[at + 3] % 8;
    operation.returned_at = clocks[thread] += data[at + 4] % 16;
    const std::vector<ModelStep> steps = state.apply(operation);
    operation.returned = !steps.empty() && data[at + 6] % 16 != 0;
    if (!steps.empty() && data[at + 6] % 32 != 0) {
      const ModelStep& step = steps[data[at + 5] % steps.size()];
      operation.result = step.result;
      state = step.next;
    }
    if (operation.returned && data[at + 5] >= 192)
      operation.result = integer_value(data[at + 5] % 4);
    if (!operation.returned) operation.result = {};
    ended[thread] = !operation.returned;
    history.operations.push_back(std::move(operation));
  }
  return history;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const History history = history_of(data, size);
  const Model& model = *find_model(history.metadata.model);
  const bool expected = brute_force(history);
  for (const Partitioning partitioning : {Partitioning::ByKey, Partitioning::None}) {
    CheckOptions options;
    options.partitioning = partitioning;
    const CheckResult result = check(history, model, options);
    const bool answer = result.answer == Linearizability::Linearizable;
    std::set<std::size_t> free;
    for (std::size_t index = 0; index < history.operations.size(); ++index) free.insert(index);
    for (const std::size_t index : result.core) free.erase(index);
    if (answer != expected || (!answer && brute_force(history, free))) {
      std::fprintf(stderr, "brute force: %s; the checker: %s, core of %zu\n%s",
                   expected ? "yes" : "no", std::string(to_string(result.answer)).c_str(),
                   result.core.size(), text_of(history).c_str());
      std::abort();
    }
  }
  return 0;
}
