// The strategies that do not search: random ones, and those that follow a given order.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/random.h"
#include "runtime/base/scheduler.h"

namespace runtime::machine {

// Every candidate equally likely at every decision.
class UniformRandom : public Strategy {
 public:
  explicit UniformRandom(std::uint64_t seed) : random_(seed) {}
  unsigned choose(const Decision& decision) override;

 private:
  Random random_;
};

// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A randomized
// scheduler with probabilistic guarantees of finding bugs, 2010): threads run by random priorities,
// which change at depth - 1 random steps. A bug of that depth is found by one execution with a
// probability of at least 1 / (threads * steps^(depth - 1)).
class Pct : public Strategy {
 public:
  Pct(std::uint64_t seed, unsigned depth, unsigned expected_steps);
  unsigned choose(const Decision& decision) override;

 private:
  Random random_;
  std::vector<unsigned> change_steps_;  // ascending
  std::size_t changes_ = 0;
  std::int64_t priorities_[kMaximalTasks + 1] = {};
};

// Follows the switches in order. A switch that does not fit is passed over (shrinking) and counted.
class Replay : public Strategy {
 public:
  explicit Replay(std::vector<Switch> switches) : switches_(std::move(switches)) {}
  unsigned choose(const Decision& decision) override;
  // How many switches were not met; 0 means that the schedule was followed exactly.
  [[nodiscard]] std::size_t missed() const { return missed_ + (switches_.size() - next_); }

 private:
  std::vector<Switch> switches_;
  std::size_t next_ = 0;
  std::size_t missed_ = 0;
};

// Test control: "thread 2 runs until it is about to pass point X, then thread 3 until it ends".
struct Direction {
  unsigned task;
  // The name of a point(); null: until the task ends or can run no further.
  const char* until = nullptr;
};

class Directed : public Strategy {
 public:
  explicit Directed(std::vector<Direction> directions) : directions_(std::move(directions)) {}
  unsigned choose(const Decision& decision) override;
  // Which point was not reached; empty when all were.
  [[nodiscard]] std::string problem() const;

 private:
  std::vector<Direction> directions_;
  std::size_t next_ = 0;
  unsigned started_ = 1;               // threads up to this number have been seen
  bool held_[kMaximalTasks + 1] = {};  // stopped at their point
};

}  // namespace runtime::machine
