// Does the checker answer as brute force does? And of histories too long for that: does it answer the same
// with what values show about the order (evidence.h) and without, and yes where operations were played?
//
// The first byte chooses the model (from 128 on: a long history), the second the clock's resolution and a bound; then seven
// bytes make an operation: thread, method, arguments, call, return, result, and whether it returned. Results are what the model
// says when operations are played in the order of the bytes, or another's. In a long history that order is the one of the moments
// at which they were played, and nearly every value is written once.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "conformance/linearizability/test_support.h"

namespace {

using namespace conformance;

constexpr std::size_t kMostOperations = 6;
constexpr std::size_t kMostOfLong = 24;
constexpr std::size_t kBytes = 7;  // of an operation
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
  for (std::size_t at = 2; at + kBytes <= size && history.operations.size() < kMostOperations;
       at += kBytes) {
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

// What evidence.h has something to say of. Nearly every value is written once: its number says by whom.
constexpr const char* kOfList[] = {"append",  "append",   "pop",   "setitem",
                                   "getitem", "contains", "index", "len"};
constexpr const char* kOfQueue[] = {"put", "get", "put_nowait", "get_nowait", "qsize"};

Operation long_operation_of(const Model& model, const std::uint8_t* bytes, int number) {
  const bool is_list = model.name == "list";
  Operation operation;
  operation.thread = bytes[0] % kThreads;
  operation.method =
      is_list ? kOfList[bytes[1] % std::size(kOfList)] : kOfQueue[bytes[1] % std::size(kOfQueue)];
  const Method& method = *find_method(model, operation.method);
  const bool asks = operation.method == "contains" || operation.method == "index";
  for (int index = 0; index < method.required; ++index) {
    const ArgumentKind kind = method.arguments[static_cast<std::size_t>(index)];
    const int value = kind == ArgumentKind::Index ? bytes[2] % 8 - (bytes[2] >= 240 ? 2 : 0)
                      : asks                      ? 10 + bytes[2] % (number + 1)
                      : bytes[2] % 16 == 0        ? 10
                                                  : 10 + number;
    operation.arguments.push_back(integer_value(value));
  }
  return operation;
}

struct LongHistory {
  History history;
  bool was_played = true;  // no result was exchanged
};

LongHistory long_history_of(const std::uint8_t* data, std::size_t size) {
  LongHistory made;
  History& history = made.history;
  const Model& model = *find_model(data[0] % 4 == 0 ? "queue" : "list");
  history.metadata.model = model.name;
  history.metadata.unit = "ticks";
  history.metadata.resolution = 1 + data[1] % 3;
  ModelState state(history.metadata);
  std::int64_t now = 0;
  std::int64_t clocks[kThreads] = {};
  bool ended[kThreads] = {};
  int number = 0;
  for (std::size_t at = 2; at + kBytes <= size && history.operations.size() < kMostOfLong;
       at += kBytes, ++number) {
    Operation operation = long_operation_of(model, data + at, number);
    const auto thread = static_cast<std::size_t>(operation.thread);
    if (ended[thread]) continue;
    now = std::max(now + data[at + 3] % 4, clocks[thread]);
    operation.called_at = std::max(clocks[thread], now - data[at + 4] % 16);
    operation.returned_at = clocks[thread] = now + data[at + 4] / 16;
    const std::vector<ModelStep> steps = state.apply(operation);
    operation.returned = !steps.empty() && data[at + 6] % 32 != 0;
    ended[thread] = !operation.returned;
    if (!steps.empty() && data[at + 6] % 64 != 0) {
      operation.result = steps[0].result;
      state = steps[0].next;
    }
    if (!operation.returned) operation.result = {};
    if (operation.returned && data[at + 5] >= 240) {
      made.was_played = false;
      if (operation.result.type == Value::Type::Bool) {
        operation.result.text = operation.result.text == "True" ? "False" : "True";
      } else {
        operation.result = integer_value(10 + data[at + 5] % (number + 1));
      }
    }
    history.operations.push_back(std::move(operation));
  }
  return made;
}

void check_long(const LongHistory& made) {
  const History& history = made.history;
  CheckOptions with;
  with.weigh_from = 0;
  with.explain = false;
  with.memory_limit = std::int64_t{16} << 20;
  CheckOptions without = with;
  without.weigh_from = INT32_MAX;
  const Model& model = *find_model(history.metadata.model);
  const Linearizability answer = check(history, model, with).answer;
  const Linearizability plain = check(history, model, without).answer;
  const bool is_decided =
      answer != Linearizability::Undecided && plain != Linearizability::Undecided;
  const bool is_wrong = (is_decided && answer != plain) ||
                        (made.was_played && (answer == Linearizability::NotLinearizable ||
                                             plain == Linearizability::NotLinearizable));
  if (!is_wrong) return;
  std::fprintf(stderr, "with evidence: %s; without: %s; it was %s\n%s",
               std::string(to_string(answer)).c_str(), std::string(to_string(plain)).c_str(),
               made.was_played ? "played" : "bent", text_of(history).c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  if (data[0] >= 128) {
    check_long(long_history_of(data, size));
    return 0;
  }
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
