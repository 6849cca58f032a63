// The life of a history: words, problems, one search for each, and what is told of them.
#include "conformance/linearizability/checker.h"

#include <algorithm>
#include <fmt/format.h>

#include "conformance/linearizability/compile.h"
#include "conformance/linearizability/engine.h"
#include "conformance/linearizability/explain.h"

namespace conformance {

namespace {

using Clock = std::chrono::steady_clock;

SearchLimits limits_of(const CheckOptions& options) {
  SearchLimits limits;
  if (options.time_limit.count() > 0) limits.deadline = Clock::now() + options.time_limit;
  limits.memory = options.memory_limit;
  limits.cancelled = options.cancelled;
  limits.keep_furthest = options.explain;
  limits.weigh_from = options.weigh_from;
  return limits;
}

constexpr std::int64_t kFirstTurn = 4096;

WhyUndecided why(Found found) {
  if (found == Found::OutOfTime) return WhyUndecided::Time;
  return found == Found::OutOfMemory ? WhyUndecided::Memory : WhyUndecided::Cancelled;
}

}  // namespace

std::string_view to_string(Linearizability answer) {
  switch (answer) {
    case Linearizability::Linearizable:
      return "linearizable";
    case Linearizability::NotLinearizable:
      return "not_linearizable";
    case Linearizability::Undecided:
      return "undecided";
    case Linearizability::Unusable:
      break;
  }
  return "unusable";
}

struct Checker::Implementation {
  const Model& model;
  std::unique_ptr<Engine> engine;
  WordTable words;
  std::int64_t resolution = 1;
  Setup setup;
  CompileMemory compile_memory;
  Compiled compiled;
  KeyNumbers one_key;
  SearchMemory memory;
  std::vector<std::uint32_t> witness;
  struct Placed {
    std::int64_t moment;  // rank of the call behind which it took effect
    std::uint32_t rank;   // in the orders found, one behind the other
    std::uint32_t operation;
  };
  std::vector<Placed> placed;
  std::vector<std::size_t> open;  // problems that are not decided yet
  std::size_t failed = 0;         // the problem that has no order, or was not decided
  Found last = Found::None;
  std::int64_t steps = 0, remembered = 0;

  explicit Implementation(const Model& the_model)
      : model(the_model), engine(make_engine(the_model)) {
    setup.words = &words;
  }

  void prepare(std::span<const CompactOperation> operations, Partitioning partitioning) {
    compile(model, operations, resolution, setup.initial, partitioning, words, compile_memory,
            compiled);
    setup.order_matters = compiled.order_matters;
  }

  const Setup& setup_for(std::size_t problem) {
    setup.keys = &compiled.keys;
    if (compiled.by_key) {
      one_key.clear();
      one_key.add(compiled.partition_keys[problem]);
      setup.keys = &one_key;
    }
    return setup;
  }

  // Where each operation of the order found took effect: at its call, or behind the one before it.
  void place(const Problem& problem, std::span<const CompactOperation> operations) {
    std::int64_t moment = INT64_MIN;
    for (const SearchMemory::Level& level : memory.levels) {
      const std::uint32_t origin = problem.origin[static_cast<std::size_t>(level.operation)];
      moment = std::max(moment, operations[origin].called_at);
      placed.push_back({moment, static_cast<std::uint32_t>(placed.size()), origin});
    }
  }

  // Keys take turns: each has a few questions, those that are not decided have more in the next round.
  // One key without an order decides, and the one where that shows soonest is often not the first.
  Linearizability decide(std::span<const CompactOperation> operations, const SearchLimits& limits) {
    placed.clear();
    witness.clear();
    open.clear();
    for (std::size_t number = 0; number < compiled.count; ++number) open.push_back(number);
    SearchLimits turn = limits;
    if (compiled.count > 1) turn.questions = kFirstTurn;
    while (!open.empty()) {
      std::size_t left = 0;
      for (const std::size_t number : open) {
        const Problem& problem = compiled.problems[number];
        last = engine->search(problem, setup_for(number), memory, turn);
        steps += memory.questions;
        remembered += memory.memo.size();
        const bool turn_is_over = last == Found::OutOfTime && memory.questions >= turn.questions;
        if (last == Found::Order) {
          place(problem, operations);
        } else if (turn_is_over) {
          open[left++] = number;
        } else {
          failed = number;
          return last == Found::None ? Linearizability::NotLinearizable
                                     : Linearizability::Undecided;
        }
      }
      open.resize(left);
      turn.questions = left > 1 ? turn.questions * 8 : limits.questions;
    }
    if (compiled.count > 1) {
      std::sort(placed.begin(), placed.end(), [](const Placed& left, const Placed& right) {
        return left.moment != right.moment ? left.moment < right.moment : left.rank < right.rank;
      });
    }
    for (const Placed& one : placed) witness.push_back(one.operation);
    return Linearizability::Linearizable;
  }

  Linearizability run(std::span<const CompactOperation> operations, const CheckOptions& options,
                      const SearchLimits& limits) {
    steps = remembered = 0;
    prepare(operations, options.partitioning);
    Linearizability answer = decide(operations, limits);
    // Every key by itself has an order; do they fit together? Only ties in a thread leave that open.
    if (answer == Linearizability::Linearizable && compiled.order_is_lost) {
      prepare(operations, Partitioning::None);
      answer = decide(operations, limits);
    }
    return answer;
  }

  void look_plainly(const SearchLimits& limits);
  void tell_stuck(CheckResult& result);
  void tell_core(CheckResult& result, const SearchLimits& limits);
};

Checker::Checker(const Model& model) : implementation_(std::make_unique<Implementation>(model)) {}
Checker::~Checker() = default;
WordTable& Checker::words() { return implementation_->words; }
void Checker::set_resolution(std::int64_t resolution) { implementation_->resolution = resolution; }
void Checker::set_bound(std::optional<std::int64_t> bound) {
  implementation_->setup.bound = bound.value_or(-1);
}
void Checker::set_initial(Word initial) { implementation_->setup.initial = initial; }
std::span<const std::uint32_t> Checker::witness() const { return implementation_->witness; }

Linearizability Checker::check_compact(std::span<const CompactOperation> operations,
                                       const CheckOptions& options) {
  SearchLimits limits = limits_of(options);
  limits.keep_furthest = false;
  return implementation_->run(operations, options, limits);
}

// Where a search gets stuck that does not look ahead says more; if it can find out in reasonable time.
void Checker::Implementation::look_plainly(const SearchLimits& limits) {
  constexpr std::int64_t kQuestions = 1'000'000;
  SearchLimits plain = limits;
  plain.weigh_from = INT32_MAX;
  plain.questions = kQuestions;
  if (engine->search(compiled.problems[failed], setup_for(failed), memory, plain) == Found::None)
    return;
  engine->search(compiled.problems[failed], setup_for(failed), memory, limits);
}

void Checker::Implementation::tell_stuck(CheckResult& result) {
  const Problem& problem = compiled.problems[failed];
  std::vector<std::int32_t> candidates;
  std::vector<bool> gone(problem.steps.size());
  for (const std::int32_t operation : memory.furthest)
    gone[static_cast<std::size_t>(operation)] = true;
  for (std::int32_t entry = 1; entry < memory.furthest_entry; ++entry) {
    const std::int32_t operation = problem.operation_at[static_cast<std::size_t>(entry)];
    if (operation >= 0 && !gone[static_cast<std::size_t>(operation)])
      candidates.push_back(operation);
  }
  std::vector<Word> answers;
  const Word state =
      engine->replay(problem, setup_for(failed), memory.furthest, candidates, answers);
  result.stuck.state = to_string(words.value(state));
  for (const std::int32_t operation : memory.furthest) {
    result.stuck.prefix.push_back(problem.origin[static_cast<std::size_t>(operation)]);
  }
  for (std::size_t index = 0; index < candidates.size(); ++index) {
    const std::size_t origin = problem.origin[static_cast<std::size_t>(candidates[index])];
    const bool waits = answers[index] == Word::absent();
    result.stuck.refused.push_back({origin, waits ? "" : to_string(words.value(answers[index]))});
  }
}

void Checker::Implementation::tell_core(CheckResult& result, const SearchLimits& limits) {
  const Problem& problem = compiled.problems[failed];
  SearchLimits shrinking = limits;
  const auto patience = Clock::now() + std::chrono::seconds(3);
  shrinking.deadline = std::min(limits.deadline, patience);
  const std::int32_t furthest = std::max(memory.furthest_entry, memory.looked_ahead_to);
  const Explanation explanation =
      conformance::explain(model, *engine, problem, setup_for(failed), furthest, shrinking);
  for (const std::int32_t operation : explanation.core) {
    result.core.push_back(problem.origin[static_cast<std::size_t>(operation)]);
  }
  result.core_is_minimal = explanation.minimal;
  result.core_start = explanation.starts;
}

CheckResult check(const History& history, const Model& model, const CheckOptions& options) {
  CheckResult result;
  HistoryMetadata metadata = history.metadata;
  metadata.model = model.name;
  if (const std::string wrong = complaint(metadata); !wrong.empty())
    result.complaints.push_back(wrong);
  constexpr std::size_t kMostComplaints = 20;
  for (std::size_t index = 0; index < history.operations.size(); ++index) {
    if (result.complaints.size() == kMostComplaints) break;
    const std::string wrong = complaint(model, history.operations[index]);
    if (!wrong.empty())
      result.complaints.push_back(fmt::format("operation {}: {}", index + 1, wrong));
  }
  if (!result.complaints.empty()) {
    result.answer = Linearizability::Unusable;
    return result;
  }
  Checker checker(model);
  Checker::Implementation& work = *checker.implementation_;
  work.resolution = history.metadata.resolution;
  work.setup.bound = history.metadata.bound.value_or(-1);
  if (history.metadata.initial) work.setup.initial = work.words.word(*history.metadata.initial);
  std::vector<CompactOperation> operations;
  operations.reserve(history.operations.size());
  for (const Operation& operation : history.operations) {
    operations.push_back(to_compact(*find_method(model, operation.method), operation, work.words));
  }
  const SearchLimits limits = limits_of(options);
  result.answer = work.run(operations, options, limits);
  result.steps = work.steps;
  result.remembered = work.remembered;
  result.partitions = static_cast<std::int64_t>(work.compiled.count);
  if (result.answer == Linearizability::Undecided) result.why_undecided = why(work.last);
  result.witness.assign(work.witness.begin(), work.witness.end());
  if (result.answer == Linearizability::NotLinearizable && options.explain) {
    if (!work.memory.evidence.is_empty()) work.look_plainly(limits);
    work.tell_stuck(result);
    work.tell_core(result, limits);
  }
  return result;
}

}  // namespace conformance
