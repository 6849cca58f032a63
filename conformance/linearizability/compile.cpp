// Sorting, partitioning and numbering.
#include "conformance/linearizability/compile.h"

#include <algorithm>
#include <limits>

#include "conformance/linearizability/engine.h"

namespace conformance {

namespace {

constexpr std::uint32_t kIsReturn = 1u << 31;

std::int64_t widened(std::int64_t stamp, std::int64_t resolution) {
  const std::int64_t room = std::numeric_limits<std::int64_t>::max() - stamp;
  return stamp > 0 && room < resolution - 1 ? std::numeric_limits<std::int64_t>::max()
                                            : stamp + resolution - 1;
}

bool shows_order(std::string_view method) {
  return method == "popitem" || method == "keys" || method == "values" || method == "items";
}

void sort_events(std::span<const CompactOperation> operations, std::int64_t resolution,
                 std::vector<CompileMemory::Event>& events) {
  events.clear();
  for (std::uint32_t index = 0; index < operations.size(); ++index) {
    const CompactOperation& operation = operations[index];
    events.push_back({operation.called_at, index});
    if (operation.returned) {
      events.push_back({widened(operation.returned_at, resolution), index | kIsReturn});
    }
  }
  const auto earlier = [](const CompileMemory::Event& left, const CompileMemory::Event& right) {
    return left.time != right.time ? left.time < right.time : left.code < right.code;
  };
  std::sort(events.begin(), events.end(), earlier);
}

// The problem of each operation.
void partition(const Model& model, std::span<const CompactOperation> operations,
               Partitioning partitioning, const WordTable& words, CompileMemory& memory,
               Compiled& compiled) {
  compiled.keys.clear();
  compiled.partition_keys.clear();
  compiled.order_matters = false;
  compiled.by_key = partitioning == Partitioning::ByKey && !operations.empty();
  for (const CompactOperation& operation : operations) {
    const Method& method = model.methods[operation.method];
    compiled.by_key = compiled.by_key && method.key >= 0;
    compiled.order_matters = compiled.order_matters || shows_order(method.name);
  }
  memory.partition.assign(operations.size(), 0);
  compiled.count = 1;
  if (!compiled.by_key) return;
  for (std::size_t index = 0; index < operations.size(); ++index) {
    const int key = model.methods[operations[index].method].key;
    memory.partition[index] = compiled.keys.add(words.key(operations[index].arguments[key]));
  }
  compiled.count = compiled.keys.size();
  for (std::size_t number = 0; number < compiled.count; ++number) {
    compiled.partition_keys.push_back(compiled.keys.word(static_cast<std::int32_t>(number)));
  }
}

// Can an operation that answered so not have changed anything, whatever it met?
bool reads(const Model& model, const Method& method, const Step& step) {
  if (method.changes == Changes::Never || step.result.is_raised()) return true;
  if (method.name == "cas") return step.result == Word::boolean(false);
  if (model.name == "dict" && method.name == "setdefault") {
    const Word otherwise = step.arguments[1];
    return step.result != (otherwise == Word::absent() ? Word::none() : otherwise);
  }
  return false;
}

// The operation before `index` in its thread, if stamps alone do not put it before.
std::int32_t predecessor(std::span<const CompactOperation> operations, std::uint32_t index,
                         CompileMemory& memory, Compiled& compiled) {
  const std::size_t thread = operations[index].thread;
  if (memory.last_of_thread.size() <= thread) memory.last_of_thread.resize(thread + 1, -1);
  const std::int32_t last = memory.last_of_thread[thread];
  memory.last_of_thread[thread] = static_cast<std::int32_t>(index);
  if (last < 0 || !operations[static_cast<std::size_t>(last)].returned) return -1;
  if (memory.has_returned[static_cast<std::size_t>(last)] != 0) return -1;
  if (memory.partition[static_cast<std::size_t>(last)] != memory.partition[index]) {
    compiled.order_is_lost = true;
    return -1;
  }
  return memory.number[static_cast<std::size_t>(last)];
}

void put_call(const Model& model, std::span<const CompactOperation> operations, std::uint32_t index,
              const WordTable& words, CompileMemory& memory, Compiled& compiled) {
  const CompactOperation& operation = operations[index];
  const std::int32_t after = predecessor(operations, index, memory, compiled);
  const Method& method = model.methods[operation.method];
  if (!operation.returned && method.changes == Changes::Never) return;
  Problem& problem = compiled.problems[static_cast<std::size_t>(memory.partition[index])];
  const std::int32_t number = problem.size();
  memory.number[index] = number;
  Step& step = problem.steps.emplace_back();
  step.method = operation.method;
  step.returned = operation.returned;
  std::copy(std::begin(operation.arguments), std::end(operation.arguments), step.arguments);
  step.result = operation.returned ? operation.result : Word::anything();
  step.reads = operation.returned && reads(model, method, step);
  if (compiled.by_key) {
    step.key = 0;
  } else {
    add_keys(model, method, step, words, compiled.keys);
    if (method.key >= 0) step.key = compiled.keys.find(words.key(step.arguments[method.key]));
  }
  problem.origin.push_back(index);
  problem.call_entry.push_back(static_cast<std::int32_t>(problem.operation_at.size()));
  problem.return_entry.push_back(0);
  problem.after.push_back(after);
  if (after >= 0) problem.ordered_by_stamps = false;
  problem.operation_at.push_back(number);
}

}  // namespace

void compile(const Model& model, std::span<const CompactOperation> operations,
             std::int64_t resolution, Word initial, Partitioning partitioning,
             const WordTable& words, CompileMemory& memory, Compiled& compiled) {
  sort_events(operations, resolution, memory.events);
  partition(model, operations, partitioning, words, memory, compiled);
  if (!compiled.by_key) add_initial_keys(model, initial, words, compiled.keys);
  compiled.order_is_lost = false;
  if (compiled.problems.size() < compiled.count) compiled.problems.resize(compiled.count);
  for (std::size_t number = 0; number < compiled.count; ++number) {
    compiled.problems[number].clear();
    compiled.problems[number].operation_at.push_back(Problem::kNoOperation);
  }
  memory.number.assign(operations.size(), -1);
  memory.has_returned.assign(operations.size(), 0);
  memory.last_of_thread.clear();
  for (const CompileMemory::Event& event : memory.events) {
    const std::uint32_t index = event.code & ~kIsReturn;
    if ((event.code & kIsReturn) == 0) {
      put_call(model, operations, index, words, memory, compiled);
      continue;
    }
    memory.has_returned[index] = 1;
    Problem& problem = compiled.problems[static_cast<std::size_t>(memory.partition[index])];
    const std::int32_t number = memory.number[index];
    problem.return_entry[static_cast<std::size_t>(number)] =
        static_cast<std::int32_t>(problem.operation_at.size());
    problem.operation_at.push_back(~number);
    ++problem.returned;
  }
  for (std::size_t number = 0; number < compiled.count; ++number) {
    compiled.problems[number].operation_at.push_back(Problem::kNoOperation);
  }
}

Step to_step(const Method& method, const Operation& operation, WordTable& words) {
  Step step;
  step.method = method.code;
  for (std::size_t index = 0; index < operation.arguments.size() && index < 3; ++index) {
    step.arguments[index] = words.word(operation.arguments[index]);
  }
  return step;
}

CompactOperation to_compact(const Method& method, const Operation& operation, WordTable& words) {
  CompactOperation compact;
  compact.method = method.code;
  compact.returned = operation.returned;
  compact.thread = static_cast<std::uint16_t>(operation.thread);
  for (std::size_t index = 0; index < operation.arguments.size() && index < 3; ++index) {
    compact.arguments[index] = words.word(operation.arguments[index]);
  }
  compact.result = words.word(operation.result);
  compact.called_at = operation.called_at;
  compact.returned_at = operation.returned_at;
  return compact;
}

}  // namespace conformance
