#include "conformance/runner/outcome_sets.h"

#include <map>
#include <utility>

namespace conformance {
namespace {

constexpr int kMostSteps = 200'000;

class Enumeration {
 public:
  Enumeration(const Program& program, std::size_t most) : program_(program), most_(most) {
    at_.resize(program.size());
    results_.resize(program.size());
  }

  bool walk(const ModelState& state) {
    if (++steps_ > kMostSteps || found_.size() > most_) return false;
    bool moved = false;
    for (std::size_t thread = 0; thread < program_.size(); ++thread) {
      if (at_[thread] == program_[thread].size()) continue;
      moved = true;
      if (!step(state, thread)) return false;
    }
    if (!moved) add(state);
    return true;
  }

  std::optional<std::vector<ProgramOutcome>> take() {
    if (found_.size() > most_) return std::nullopt;
    std::vector<ProgramOutcome> outcomes;
    for (auto& [text, outcome] : found_) outcomes.push_back(std::move(outcome));
    return outcomes;
  }

 private:
  bool step(const ModelState& state, std::size_t thread) {
    const ProgramCall& call = program_[thread][at_[thread]];
    Operation operation;
    operation.method = call.method;
    operation.arguments = call.arguments;
    const std::vector<ModelStep> steps = state.apply(operation);
    if (steps.empty()) return false;
    ++at_[thread];
    const std::size_t length = order_.size();
    order_ += (order_.empty() ? "" : " ") + std::to_string(thread);
    bool good = true;
    for (const ModelStep& one : steps) {
      results_[thread].push_back(one.result);
      good = good && walk(one.next);
      results_[thread].pop_back();
    }
    order_.resize(length);
    --at_[thread];
    return good;
  }

  void add(const ModelState& state) {
    ProgramOutcome outcome{results_, state.value(), order_};
    std::string key = to_string(outcome.final);
    for (const std::vector<Value>& results : results_) {
      for (const Value& value : results) key += "\n" + to_string(value);
    }
    found_.emplace(std::move(key), std::move(outcome));
  }

  const Program& program_;
  const std::size_t most_;
  std::vector<std::size_t> at_;
  std::vector<std::vector<Value>> results_;
  std::string order_;
  std::map<std::string, ProgramOutcome> found_;
  int steps_ = 0;
};

}  // namespace

std::optional<std::vector<ProgramOutcome>> outcomes_of(const HistoryMetadata& start,
                                                       const Program& program, std::size_t most) {
  Enumeration enumeration(program, most);
  if (!enumeration.walk(ModelState(start))) return std::nullopt;
  return enumeration.take();
}

}  // namespace conformance
