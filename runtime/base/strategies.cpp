#include "runtime/base/strategies.h"

#include <algorithm>

namespace runtime::machine {

namespace {

// How often a deadline comes before it must.
constexpr unsigned kTimeoutOneIn = 16;

}  // namespace

unsigned UniformRandom::choose(const Decision& decision) {
  return static_cast<unsigned>(random_.below(decision.candidate_count));
}

Pct::Pct(std::uint64_t seed, unsigned depth, unsigned expected_steps) : random_(seed) {
  for (unsigned i = 1; i < depth; ++i) {
    change_steps_.push_back(
        static_cast<unsigned>(random_.below(expected_steps == 0 ? 1 : expected_steps)));
  }
  std::sort(change_steps_.begin(), change_steps_.end());
  for (std::int64_t& priority : priorities_)
    priority = 1 + static_cast<std::int64_t>(random_.below(1u << 30));
}

unsigned Pct::choose(const Decision& decision) {
  while (changes_ < change_steps_.size() && change_steps_[changes_] <= decision.step) {
    ++changes_;
    priorities_[decision.current] = -static_cast<std::int64_t>(changes_);  // below all others
  }
  unsigned best = 0;
  for (unsigned i = 1; i < decision.candidate_count; ++i) {
    if (decision.candidates[i].fires_timeout) {
      if (random_.below(kTimeoutOneIn) == 0) return i;
      continue;
    }
    if (priorities_[decision.candidates[i].task] > priorities_[decision.candidates[best].task])
      best = i;
  }
  return best;
}

unsigned Replay::choose(const Decision& decision) {
  while (next_ < switches_.size()) {
    const Switch& wanted = switches_[next_];
    if (wanted.from != decision.current || wanted.operation_index != decision.operation_index) {
      // Has the thread gone past the place? Then the switch cannot be met any more.
      if (wanted.from == decision.current && wanted.operation_index < decision.operation_index) {
        ++next_;
        ++missed_;
        continue;
      }
      return 0;
    }
    ++next_;
    for (unsigned i = 0; i < decision.candidate_count; ++i) {
      if (decision.candidates[i].task == wanted.to &&
          decision.candidates[i].fires_timeout == wanted.fires_timeout)
        return i;
    }
    ++missed_;
  }
  return 0;
}

unsigned Directed::choose(const Decision& decision) {
  const Candidate* begin = decision.candidates;
  const Candidate* end = begin + decision.candidate_count;
  for (; next_ < directions_.size(); ++next_) {
    const Direction& direction = directions_[next_];
    const Candidate* found = std::find_if(begin, end, [&](const Candidate& candidate) {
      return candidate.task == direction.task && !candidate.fires_timeout;
    });
    if (found == end) {
      // It has not started yet, or waits for somebody: who is not held goes on. Without a point
      // there is nothing to wait for.
      if (direction.until != nullptr || direction.task > started_) break;
      continue;
    }
    started_ = std::max(started_, direction.task);
    held_[direction.task] = false;
    const char* name = found->operation->name;
    bool arrived =
        direction.until != nullptr && name != nullptr && std::string(name) == direction.until;
    if (!arrived) return static_cast<unsigned>(found - begin);
    held_[direction.task] = true;
  }
  bool all_followed = next_ == directions_.size();
  const Candidate* free = std::find_if(begin, end, [&](const Candidate& candidate) {
    return all_followed || !held_[candidate.task];
  });
  return free == end ? 0 : static_cast<unsigned>(free - begin);
}

std::string Directed::problem() const {
  for (std::size_t i = next_; i < directions_.size(); ++i) {
    if (directions_[i].until == nullptr)
      continue;  // where one thread alone was left there was nothing to choose
    return "thread " + std::to_string(directions_[i].task) + " did not come to the point " +
           directions_[i].until;
  }
  return "";
}

}  // namespace runtime::machine
