// Cut, then set free one operation after the other.
#include "conformance/linearizability/explain.h"

#include <algorithm>

namespace conformance {

namespace {

constexpr std::size_t kShort = 40;            // operations that are not cut further
constexpr std::size_t kMostStarts = 32;       // states that a beginning may end in
constexpr std::int64_t kQuestions = 200'000;  // for one attempt

enum class Role : std::uint8_t { Kept, Free };

// The operations of `problem` that are called from `first` to `last`. What returns behind `last` need not
// go; if it does, its result counts. What is free need not go, and any result is right.
Problem restricted(const Model& model, const Problem& problem, const std::vector<Role>& roles,
                   std::int32_t first, std::int32_t last, std::vector<std::int32_t>& numbers) {
  Problem made;
  numbers.clear();
  std::vector<std::int32_t> renumbered(problem.steps.size(), -1);
  made.operation_at.push_back(Problem::kNoOperation);
  made.ordered_by_stamps = problem.ordered_by_stamps;
  for (std::int32_t entry = first; entry <= last; ++entry) {
    const std::int32_t code = problem.operation_at[static_cast<std::size_t>(entry)];
    const bool is_return = code < 0;
    const auto operation = static_cast<std::size_t>(is_return ? ~code : code);
    const std::int32_t end = problem.return_entry[operation];
    const bool free = roles[operation] == Role::Free || end == 0;
    const bool open = free || end > last;  // it need not go
    const Method& method = model.methods[problem.steps[operation].method];
    if (open && (is_return || method.changes == Changes::Never)) continue;
    if (is_return) {
      made.return_entry[static_cast<std::size_t>(renumbered[operation])] =
          static_cast<std::int32_t>(made.operation_at.size());
      made.operation_at.push_back(~renumbered[operation]);
      ++made.returned;
      continue;
    }
    renumbered[operation] = made.size();
    numbers.push_back(static_cast<std::int32_t>(operation));
    made.steps.push_back(problem.steps[operation]);
    if (free) made.steps.back().result = Word::anything();
    if (free) made.steps.back().reads = false;
    if (open) made.steps.back().returned = false;
    made.origin.push_back(problem.origin[operation]);
    made.call_entry.push_back(static_cast<std::int32_t>(made.operation_at.size()));
    made.return_entry.push_back(0);
    const std::int32_t before = problem.after[operation];
    const bool waits = before >= 0 && roles[static_cast<std::size_t>(before)] == Role::Kept;
    made.after.push_back(waits ? renumbered[static_cast<std::size_t>(before)] : -1);
    made.operation_at.push_back(renumbered[operation]);
  }
  made.operation_at.push_back(Problem::kNoOperation);
  return made;
}

class Explainer {
 public:
  Explainer(const Model& model, Engine& engine, const Problem& problem, const Setup& setup,
            std::int32_t last, const SearchLimits& limits)
      : model_(model),
        engine_(engine),
        problem_(problem),
        setup_(setup),
        last_(last),
        limits_(limits) {
    roles_.assign(problem.steps.size(), Role::Kept);
    limits_.keep_furthest = false;
    limits_.questions = kQuestions;
    starts_ = {setup.initial};
  }

  Explanation explain() {
    Explanation result;
    if (operations_between(1, last_) > kShort) cut_beginning();
    std::vector<std::int32_t> candidates = present();
    // Early ones first, so that what is kept stands near the mistake.
    for (const std::int32_t operation : candidates) {
      Role& role = roles_[static_cast<std::size_t>(operation)];
      role = Role::Free;
      const Found found = fails();
      if (found == Found::None) continue;
      role = Role::Kept;
      result.core.push_back(operation);
      if (found != Found::Order) result.minimal = false;
    }
    if (first_ > 1) {
      for (const Word start : starts_)
        result.starts.push_back(to_string(setup_.words->value(start)));
    }
    return result;
  }

 private:
  std::size_t operations_between(std::int32_t first, std::int32_t last) const {
    std::size_t count = 0;
    for (std::int32_t entry = first; entry <= last; ++entry) {
      count += problem_.operation_at[static_cast<std::size_t>(entry)] >= 0 ? 1 : 0;
    }
    return count;
  }

  // Operations that are called before the end, returned ones.
  std::vector<std::int32_t> present() const {
    std::vector<std::int32_t> all;
    for (std::int32_t entry = first_; entry <= last_; ++entry) {
      const std::int32_t operation = problem_.operation_at[static_cast<std::size_t>(entry)];
      if (operation < 0) continue;
      const std::int32_t end = problem_.return_entry[static_cast<std::size_t>(operation)];
      if (end != 0) all.push_back(operation);
    }
    return all;
  }

  // None: whatever the state at the start, there is no order. Order: there is one from some start.
  Found fails() {
    const Problem part = restricted(model_, problem_, roles_, first_, last_, numbers_);
    for (const Word start : starts_) {
      Setup setup = setup_;
      setup.initial = start;
      const Found found = engine_.search(part, setup, memory_, limits_);
      if (found != Found::None) return found;
    }
    return Found::None;
  }

  // The last entries behind which nothing is under way.
  std::vector<std::int32_t> quiet_moments() const {
    std::vector<std::int32_t> moments;
    int open = 0;
    for (std::int32_t entry = 1; entry < last_; ++entry) {
      open += problem_.operation_at[static_cast<std::size_t>(entry)] >= 0 ? 1 : -1;
      if (open == 0) moments.push_back(entry);
    }
    return moments;
  }

  void cut_beginning() {
    const std::vector<std::int32_t> moments = quiet_moments();
    // The nearest moment whose possible states are few; a few moments are tried, ever further back.
    for (std::size_t back = 1; back <= moments.size() && back <= 8; back *= 2) {
      const std::int32_t moment = moments[moments.size() - back];
      std::vector<std::int32_t> numbers;
      const Problem beginning = restricted(model_, problem_, roles_, 1, moment, numbers);
      std::vector<Word> ends;
      SearchLimits limits = limits_;
      limits.questions = 10 * kQuestions;
      if (engine_.ends(beginning, setup_, memory_, limits, kMostStarts, ends) != Found::None)
        continue;
      first_ = moment + 1;
      starts_ = ends;
      return;
    }
  }

  const Model& model_;
  Engine& engine_;
  const Problem& problem_;
  Setup setup_;
  std::int32_t first_ = 1, last_;
  SearchLimits limits_;
  SearchMemory memory_;
  std::vector<Role> roles_;
  std::vector<Word> starts_;
  std::vector<std::int32_t> numbers_;
};

}  // namespace

Explanation explain(const Model& model, Engine& engine, const Problem& problem, const Setup& setup,
                    std::int32_t furthest_entry, const SearchLimits& limits) {
  return Explainer(model, engine, problem, setup, furthest_entry, limits).explain();
}

}  // namespace conformance
