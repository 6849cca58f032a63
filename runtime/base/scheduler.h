// One execution: logical threads that take turns at scheduling points, in an order that a strategy
// decides.
//
// Each logical thread (a task) is a fiber. Before every operation of atomic.h the running task says
// what it is about to do and the scheduler decides who goes on. So at each decision the next
// operation of every task is known: that is what a strategy needs to see which orders can make a
// difference (depth_first.h). Operations are sequentially consistent here; what only weaker orders
// could show is left to ThreadSanitizer and to the bracketed names of the orderings.
//
// A task cannot run while it waits for a semaphore that is zero or joins a task that has not ended.
// A timed wait may also end by its deadline: time is virtual and jumps to a deadline when nobody
// can run; before that, firing a timeout is a decision that counts as a preemption. A task that
// spins (spin_pause) may take one turn like any other operation, so that one who gives up after a
// turn is seen to give up; before the next turn it stands back until another task has changed
// something. Leaving a spin is no preemption. When nobody can run and no deadline is left it is a
// deadlock; when all stand back and nothing changes, or an execution exceeds its step limit, a
// livelock; both are failures, described by a wait-for graph.
//
// Executions end by abandonment: a failure, or a strategy that has seen enough, leaves the fibers
// as they stand, and the arena (scheduled_memory.h) is reset. Not thread safe: one execution at a
// time in a process.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/atomic.h"
#include "runtime/base/check.h"
#include "runtime/base/fiber.h"

namespace runtime::machine {

inline constexpr unsigned kMaximalTasks = 16;

// What operations touch that touch no memory of the scenario.
inline constexpr std::uintptr_t kClockAddress = 8;     // reading the clock, and deadlines that pass
inline constexpr std::uintptr_t kThreadsAddress = 16;  // starting a thread gives it a number

// What could happen next.
struct Candidate {
  unsigned task = 0;                     // 1 is the body of the scenario
  bool fires_timeout = false;            // the task's wait ends by its deadline
  const Operation* operation = nullptr;  // what the task will do
};

// The running task has come to an operation, or can run no further.
struct Decision {
  unsigned step;              // scheduling points so far
  unsigned current;           // the task that ran last
  unsigned operation_index;   // how many operations it has done
  bool current_can_continue;  // then candidates[0] is the current task, and any other choice is a
                              // preemption
  const Candidate* candidates;
  unsigned candidate_count;  // at least 1

  // In preemptions: whoever could go on is stopped, or a deadline comes before it had to.
  [[nodiscard]] unsigned cost(unsigned choice) const {
    return choice != 0 && (current_can_continue ||
                           (candidates[choice].fires_timeout && !candidates[0].fires_timeout))
               ? 1
               : 0;
  }
};

class Strategy {
 public:
  virtual ~Strategy() = default;
  // The index of a candidate; kAbandon ends the execution (nothing new can be seen).
  virtual unsigned choose(const Decision& decision) = 0;
  // Told before each operation that needs no choice as well; `can_continue` as in Decision. Not told
  // of what a task does alone when ExecutionOptions::quick_when_alone is set.
  virtual void will_run(const Candidate&, bool /*current_can_continue*/) {}

  static constexpr unsigned kAbandon = ~0u;

  // For so many scheduling points whoever runs goes on if it can, and choose() is not asked: a
  // schedule that is given as runs need not look at every point.
  unsigned patience = 0;
  static constexpr unsigned kForEver = ~0u;
};

// Somebody other than the default was chosen. Keyed by how far the running task had come, not by
// the step, so that a schedule survives the removal of an earlier switch (shrinking).
struct Switch {
  unsigned from = 0;             // the task that ran
  unsigned operation_index = 0;  // operations it had done
  unsigned to = 0;
  bool fires_timeout = false;
  bool preempts = false;  // `from` could have gone on; not part of its identity

  bool same(const Switch& other) const {
    return from == other.from && operation_index == other.operation_index && to == other.to &&
           fires_timeout == other.fires_timeout;
  }
};

// One performed operation, for the trace.
struct Event {
  unsigned task = 0;
  bool switched = false;   // another task ran before
  bool preempted = false;  // ... and could have gone on
  bool timed_out = false;
  Operation operation;
  std::uint64_t before = 0;
  std::uint64_t after = 0;
};

enum class Ending { kFinished, kFailed, kAbandoned };

struct ExecutionResult {
  Ending ending = Ending::kFinished;
  std::string sentence;  // what should have been true
  std::string place;     // file:line
  const void* object = nullptr;
  std::string details;  // wait-for graph, leak
  unsigned steps = 0;
  unsigned tasks = 0;
  unsigned preemptions = 0;
  std::vector<Switch> switches;
  std::vector<Event> events;                                  // only when recording
  std::vector<std::pair<std::uintptr_t, std::string>> names;  // of addresses, when recording
};

struct ExecutionOptions {
  unsigned step_limit = 20'000;
  bool record = false;
  bool check_leaks = true;
  // What a task does while no other exists is not asked for, recorded or compared with what others
  // do: nobody can come in between, and what starts or joins a task orders all of it. Saves most of
  // an execution whose threads do little between a long beginning and a long end. For bodies that
  // join all their threads before they start others.
  bool quick_when_alone = false;
};

ExecutionResult run_execution(void (*body)(), Strategy& strategy, const ExecutionOptions& options);

unsigned current_step();
void name_word(const void* address, const char* name);
const char* kind_name(AccessKind kind);
bool writes(AccessKind kind);

}  // namespace runtime::machine
