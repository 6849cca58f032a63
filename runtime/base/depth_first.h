// Every schedule with at most k preemptions, each kind once.
//
// Stateless depth-first search: an execution is run from the beginning for each schedule, the
// prefix of choices is repeated and the last choice advanced (Godefroid, Model Checking for
// Programming Languages using VeriSoft, 1997). Preemptions are bounded, other switches are free
// (Musuvathi and Qadeer, Iterative context bounding, 2007). Two reductions leave out schedules that
// cannot show anything new:
//
// - Sharing. Stopping a thread before an operation on a word that only it ever touches is the same
//   as stopping it before its next shared one. Which words are shared is learned while exploring;
//   when a pass learned something, it is repeated, so that at the end nothing was left out for want
//   of knowledge.
// - Sleep sets. Of two orders of independent operations one is enough. A thread whose next operation
//   was explored first from a state sleeps in the siblings until somebody does something dependent.
//   With a bound this is sound only when the order left out is not cheaper than the one explored:
//   see may_sleep().
//
// Operations are dependent when they touch the same word and one writes. A deadline that passes
// writes the clock, and whoever starts a thread takes the next number. Named points and spins are
// dependent on everything, for plain memory may be touched beside them. Other plain memory needs no
// scheduling point as long as something orders its uses (happens_before.h says when nothing does):
// two steps that are next to each other, of different threads, and not dependent, then do not touch
// the same. exploration_test.cpp compares the outcomes with a search without reductions.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/base/address_table.h"
#include "runtime/base/scheduler.h"

namespace runtime::machine {

class DepthFirst : public Strategy {
 public:
  enum class Reductions { kOn, kOff };

  explicit DepthFirst(unsigned preemption_bound, Reductions reductions = Reductions::kOn)
      : bound_(preemption_bound), reduce_(reductions == Reductions::kOn) {}

  unsigned choose(const Decision& decision) override;
  void will_run(const Candidate& candidate, bool current_can_continue) override;

  // Between executions: goes to the next schedule. False when all have been seen.
  bool advance();
  // Starts over with another bound; what was learned about sharing is kept.
  void restart(unsigned preemption_bound);
  // Whether this pass learned of a shared word, so that it must be repeated. Asking clears it.
  bool learned();
  // Whether the scenario did something else on the same choices.
  [[nodiscard]] bool diverged() const { return diverged_; }

 private:
  // A task whose next operation need not be tried now.
  struct Sleeper {
    unsigned task;
    Operation operation;
  };
  struct Option {
    unsigned index;  // among the candidates of the decision
    unsigned task;
    bool fires_timeout;
    unsigned cost;
    bool asleep = false;
    bool can_continue_after =
        true;  // the task could go on after this operation; known once explored
    Operation operation;
  };
  struct Node {
    unsigned step = 0;
    std::vector<Option> options;
    std::vector<Sleeper> asleep;  // on arrival
    unsigned chosen = 0;
    unsigned preemptions = 0;  // before this choice
  };
  struct Word {
    unsigned task = 0;  // the first
    bool shared = false;
  };

  [[nodiscard]] bool worth_stopping_before(const Operation& operation);
  [[nodiscard]] static bool dependent(const Operation& pending, const Candidate& performed);
  [[nodiscard]] static bool may_sleep(const Option& explored, const Option& next);
  [[nodiscard]] bool sleeps(unsigned task) const;
  void begin();
  void enter(Node& node);
  void note_whether_it_continues(bool can_continue);
  void note_use(unsigned task, std::uintptr_t address);
  static bool take_next_option(Node& node);

  unsigned bound_;
  bool reduce_;
  bool learned_ = false;
  bool diverged_ = false;
  std::vector<Node> path_;
  std::size_t depth_ = 0;         // how many nodes of the path this execution has passed
  unsigned preemptions_ = 0;      // of this execution so far
  std::vector<Sleeper> asleep_;   // now
  Option* chosen_now_ = nullptr;  // its operation is performed next
  Option* awaited_ = nullptr;     // its operation was performed: can the task go on?
  AddressTable<Word> words_;
};

}  // namespace runtime::machine
