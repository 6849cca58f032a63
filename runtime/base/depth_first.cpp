#include "runtime/base/depth_first.h"

#include <algorithm>

namespace runtime::machine {

namespace {

bool touches_plain_memory(AccessKind kind) {
  return kind == AccessKind::kPoint || kind == AccessKind::kSpin;
}

}  // namespace

bool DepthFirst::dependent(const Operation& pending, const Candidate& performed) {
  const Operation& operation = *performed.operation;
  if (touches_plain_memory(pending.kind) || touches_plain_memory(operation.kind)) return true;
  if (performed.fires_timeout && pending.address == kClockAddress) return true;
  return pending.address == operation.address && (writes(pending.kind) || writes(operation.kind));
}

bool DepthFirst::worth_stopping_before(const Operation& operation) {
  if (!reduce_ || touches_plain_memory(operation.kind)) return true;
  const Word* word = words_.find(operation.address);
  return word != nullptr && word->shared;
}

// `explored` was tried first from a state; may its task sleep while `next` goes first? Every
// schedule w then explored, with w independent, has a counterpart explored then w. The counterpart
// pays for leaving the explored task (if that could go on), where ours pays for going to w;
// whatever follows costs both the same. So it was within the bound if:
bool DepthFirst::may_sleep(const Option& explored, const Option& next) {
  if (explored.fires_timeout || touches_plain_memory(explored.operation.kind)) return false;
  return next.cost >= explored.cost + (explored.can_continue_after ? 1 : 0);
}

bool DepthFirst::sleeps(unsigned task) const {
  return std::any_of(asleep_.begin(), asleep_.end(),
                     [&](const Sleeper& sleeper) { return sleeper.task == task; });
}

// Who sleeps in the chosen branch, before its operation wakes some.
void DepthFirst::enter(Node& node) {
  Option& chosen = node.options[node.chosen];
  chosen_now_ = &chosen;
  preemptions_ = node.preemptions + chosen.cost;
  ++depth_;
  asleep_ = node.asleep;
  if (!reduce_) return;
  for (unsigned i = 0; i < node.chosen; ++i) {
    const Option& explored = node.options[i];
    if (!explored.asleep && may_sleep(explored, chosen))
      asleep_.push_back(Sleeper{explored.task, explored.operation});
  }
}

// Moves to the first option from node.chosen on that is not asleep.
bool DepthFirst::take_next_option(Node& node) {
  while (node.chosen < node.options.size() && node.options[node.chosen].asleep) ++node.chosen;
  return node.chosen < node.options.size();
}

void DepthFirst::note_whether_it_continues(bool can_continue) {
  if (awaited_ != nullptr) awaited_->can_continue_after = can_continue;
  awaited_ = nullptr;
}

unsigned DepthFirst::choose(const Decision& decision) {
  note_whether_it_continues(decision.current_can_continue);
  if (depth_ < path_.size()) {
    Node& node = path_[depth_];
    if (decision.step < node.step) return 0;  // there was nothing to choose
    const Option& option = node.options[node.chosen];
    if (decision.step != node.step || option.index >= decision.candidate_count ||
        decision.candidates[option.index].task != option.task ||
        decision.candidates[option.index].fires_timeout != option.fires_timeout) {
      diverged_ = true;
      return kAbandon;
    }
    enter(node);
    return option.index;
  }
  Node node;
  node.step = decision.step;
  node.preemptions = preemptions_;
  node.asleep = asleep_;
  bool stop_here =
      !decision.current_can_continue || worth_stopping_before(*decision.candidates[0].operation);
  for (unsigned i = 0; i < decision.candidate_count; ++i) {
    const Candidate& candidate = decision.candidates[i];
    unsigned cost = decision.cost(i);
    if (i != 0 && (!stop_here || preemptions_ + cost > bound_)) continue;
    bool asleep = !candidate.fires_timeout && sleeps(candidate.task);
    node.options.push_back(Option{i, candidate.task, candidate.fires_timeout, cost, asleep, true,
                                  *candidate.operation});
  }
  if (!take_next_option(node)) return kAbandon;
  if (node.options.size() == 1) return 0;
  path_.push_back(std::move(node));
  enter(path_.back());
  return path_.back().options[path_.back().chosen].index;
}

void DepthFirst::will_run(const Candidate& candidate, bool current_can_continue) {
  note_whether_it_continues(current_can_continue);
  awaited_ = chosen_now_;
  chosen_now_ = nullptr;
  if (candidate.operation->address != 0) note_use(candidate.task, candidate.operation->address);
  if (candidate.fires_timeout) note_use(candidate.task, kClockAddress);
  if (asleep_.empty()) return;
  std::erase_if(asleep_, [&](const Sleeper& sleeper) {
    return sleeper.task == candidate.task || dependent(sleeper.operation, candidate);
  });
}

void DepthFirst::note_use(unsigned task, std::uintptr_t address) {
  Word& word = words_.at(address);
  if (word.task == 0) word.task = task;
  if (word.task == task || word.shared) return;
  word.shared = true;
  learned_ = true;
}

bool DepthFirst::advance() {
  while (!path_.empty()) {
    Node& node = path_.back();
    ++node.chosen;
    if (take_next_option(node)) break;
    path_.pop_back();
  }
  begin();
  return !path_.empty();
}

void DepthFirst::begin() {
  depth_ = 0;
  preemptions_ = 0;
  asleep_.clear();
  chosen_now_ = awaited_ = nullptr;
}

void DepthFirst::restart(unsigned preemption_bound) {
  bound_ = preemption_bound;
  path_.clear();
  begin();
}

bool DepthFirst::learned() {
  bool result = learned_;
  learned_ = false;
  return result;
}

}  // namespace runtime::machine
