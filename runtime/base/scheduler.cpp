#include "runtime/base/scheduler.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <sys/mman.h>

#include "runtime/base/happens_before.h"
#include "runtime/base/machine_memory.h"

namespace runtime::machine {

namespace {

constexpr unsigned kMaximalLocals = 16;
constexpr unsigned kFruitlessTurns = 200;      // all spin and nothing changes
constexpr unsigned kLonelySteps = 20'000'000;  // while there is one thread
constexpr std::uintptr_t kStackBase = 0x2100'0000'0000;

struct Task {
  FiberContext context = nullptr;
  std::function<void()>* body = nullptr;  // in the arena: an abandoned execution drops it there
  Operation pending;
  unsigned operations = 0;
  const std::uint32_t* semaphore = nullptr;  // kWait: enabled when it is not zero
  unsigned joins = 0;                        // kJoin: enabled when this task has ended
  Nanoseconds deadline = kForever;
  std::vector<const void*> wanted_locks;  // while it has one it may need another for a moment
  bool alive = false;
  bool timed_out = false;
  unsigned turns = 0;        // of a spin, since another task changed something
  bool stands_back = false;  // it is about to take a turn that would see nothing new
  std::uint64_t locals[kMaximalLocals] = {};

  [[nodiscard]] bool can_run(const Task* tasks) const {
    if (pending.kind == AccessKind::kWait) return *semaphore != 0;
    if (pending.kind == AccessKind::kJoin) return !tasks[joins].alive;
    return true;
  }
  // What it sleeps for, or null.
  [[nodiscard]] const void* awaited_lock() const {
    return pending.kind == AccessKind::kWait && !wanted_locks.empty() ? wanted_locks.back()
                                                                      : nullptr;
  }
};

struct HeldLock {
  const void* lock;
  unsigned task;
};

struct Candidates {
  Candidate list[2 * kMaximalTasks];
  unsigned count = 0;
  void add(unsigned id, bool timeout, const Operation* operation) {
    list[count++] = Candidate{id, timeout, operation};
  }
};

struct Execution {
  Task tasks[kMaximalTasks + 1];
  unsigned task_count = 0;
  unsigned alive = 0;  // of them
  unsigned current = 0;
  unsigned steps = 0;
  unsigned preemptions = 0;
  unsigned fruitless = 0;
  unsigned unjoined = 0;  // threads that were started and not joined
  unsigned lonely_steps = 0;
  bool switched = false, preempted = false;
  Nanoseconds time = 1'000'000'000;
  Strategy* strategy = nullptr;
  void (*scenario)() = nullptr;  // what task 1 runs
  ExecutionOptions options;
  FiberContext explorer = nullptr;
  ExecutionResult* result = nullptr;
  std::vector<HeldLock> held;
  Candidates candidates;  // of the present decision
};

Execution* execution = nullptr;
HappensBefore happens_before;  // of the execution
std::uint64_t executions = 0;
bool stacks_are_littered[kMaximalTasks + 1];
unsigned local_indexes = 0;
std::uint64_t locals_outside[kMaximalLocals];

Execution& running() { return *execution; }

// The body of the scenario is the only thread there is. Whatever the others did is ordered before it,
// and whatever they will do behind it: nothing to choose, nothing that could race, no point.
bool only_body(const Execution& e) { return e.unjoined == 0; }

bool alone(const Execution& e) {
  return only_body(e) || (e.alive == 1 && e.options.quick_when_alone);
}

// --- leaving an execution ------------------------------------------------------------------------

[[noreturn]] void leave(Ending ending) {
  Execution& e = running();
  e.result->ending = ending;
  if (ending != Ending::kFinished) std::fill_n(stacks_are_littered, e.task_count + 1, true);
  scheduling = false;
  ArenaScope::set(false);
  switch_fiber(e.explorer, nullptr);
  std::abort();
}

std::string place_of(const Where& where) {
  return std::string(where.file) + ":" + std::to_string(where.line);
}

// Null when it has none.
const char* name_of(std::uintptr_t address) {
  for (const auto& [named, name] : running().result->names) {
    if (named == address) return name.c_str();
  }
  return nullptr;
}

std::string name_of_lock(const void* lock) {
  if (const char* name = name_of(reinterpret_cast<std::uintptr_t>(lock))) return name;
  char text[32];
  std::snprintf(text, sizeof(text), "the lock at %p", lock);
  return text;
}

const HeldLock* holder_of(const void* lock) {
  for (const HeldLock& held : running().held) {
    if (held.lock == lock) return &held;
  }
  return nullptr;
}

// In a recorded execution the words that several threads touch get letters, in the order in which
// they turn out to be shared: @a, @b, ... @aa.
void name_what_is_shared() {
  ExecutionResult& result = *running().result;
  std::map<std::uintptr_t, unsigned> first_user;
  std::set<std::uintptr_t> named;
  for (const auto& [address, name] : result.names) named.insert(address);
  unsigned letters = 0;
  for (const Event& event : result.events) {
    std::uintptr_t address = event.operation.address;
    if (event.operation.size == 0 || named.contains(address)) continue;
    if (first_user.emplace(address, event.task).first->second == event.task) continue;
    named.insert(address);
    std::string name;
    for (unsigned number = ++letters; number != 0; number = (number - 1) / 26)
      name.insert(name.begin(), static_cast<char>('a' + (number - 1) % 26));
    result.names.emplace_back(address, "@" + name);
  }
}

// Who waits for whom, in sentences; a circle is closed in words.
std::string wait_for_graph() {
  name_what_is_shared();
  Execution& e = running();
  std::string text;
  for (unsigned id = 1; id <= e.task_count; ++id) {
    const Task& task = e.tasks[id];
    if (!task.alive) continue;
    text += "  thread " + std::to_string(id);
    if (task.pending.kind == AccessKind::kJoin) {
      text += " waits for thread " + std::to_string(task.joins) + " to end";
    } else if (const void* lock = task.awaited_lock()) {
      text += " waits for " + name_of_lock(lock);
      const HeldLock* holder = holder_of(lock);
      text += holder == nullptr ? ", which nobody holds"
                                : ", held by thread " + std::to_string(holder->task);
    } else if (task.pending.kind == AccessKind::kWait) {
      const char* name = name_of(task.pending.address);
      text += " waits for a wake-up" + (name == nullptr ? "" : " of " + std::string(name));
    } else if (task.pending.kind == AccessKind::kPoint) {
      text += " has come to the point " + std::string(task.pending.name);
    } else {
      text += " is about to " + std::string(kind_name(task.pending.kind));
    }
    text += " (" + place_of(task.pending.where) + " " + task.pending.where.function + ")\n";
  }
  for (unsigned start = 1; start <= e.task_count; ++start) {
    unsigned at = start;
    std::string circle = "thread " + std::to_string(start);
    for (unsigned length = 0; length < e.task_count; ++length) {
      const Task& task = e.tasks[at];
      const void* lock = task.alive ? task.awaited_lock() : nullptr;
      const HeldLock* holder = lock != nullptr ? holder_of(lock) : nullptr;
      if (holder == nullptr) break;
      at = holder->task;
      circle += " -> thread " + std::to_string(at);
      if (at == start) return text + "  a circle: " + circle + "\n";
    }
  }
  return text;
}

[[noreturn]] void fail_here(std::string sentence, std::string place, const void* object,
                            std::string details) {
  ArenaScope outside(false);
  ExecutionResult& result = *running().result;
  result.sentence = std::move(sentence);
  result.place = std::move(place);
  result.object = object;
  result.details = std::move(details);
  leave(Ending::kFailed);
}

// A thread of the scenario touched memory that is not there: its own stack is used up, or it
// followed a wild or a null pointer. That is a failure like others, with a trace. The handler
// stands on a stack of its own and never returns; elsewhere the process dies as usual.
void touched_nothing(int signal, siginfo_t* information, void*) {
  if (!scheduling || !ArenaScope::on()) {
    std::signal(signal, SIG_DFL);
    return;
  }
  ArenaScope outside(false);
  std::string place = "after " + place_of(running().tasks[running().current].pending.where);
  auto address = reinterpret_cast<std::uintptr_t>(information->si_addr);
  if (address - fiber_guard_page(running().current) < kFiberGuardBytes)
    fail_here("a thread of a scenario needs less than 256 KB of stack", place, nullptr, "");
  fail_here("memory that is touched is there (segmentation fault)", place, information->si_addr,
            "");
}

void catch_faults() {
  static const bool caught = [] {
    constexpr std::size_t kBytes = std::size_t{256} << 10;
    stack_t stack = {};
    stack.ss_sp = std::malloc(kBytes);
    stack.ss_size = kBytes;
    struct sigaction action = {};
    action.sa_sigaction = &touched_nothing;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    return sigaltstack(&stack, nullptr) == 0 && sigaction(SIGSEGV, &action, nullptr) == 0 &&
           sigaction(SIGBUS, &action, nullptr) == 0;
  }();
  RT_CHECK(caught, "the handler of segmentation faults can be set");
}

// --- choosing ------------------------------------------------------------------------------------

void switch_to(unsigned id) {
  Execution& e = running();
  unsigned from = e.current;
  if (id == from) return;
  e.current = id;
  // The one who arrives stores where we stood.
  FiberTransfer arrived =
      switch_fiber(e.tasks[id].context, reinterpret_cast<void*>(static_cast<std::uintptr_t>(from)));
  auto previous = reinterpret_cast<std::uintptr_t>(arrived.data);
  running().tasks[previous].context = arrived.fctx;
}

// The current task first if it can go on; then the others by number; then the deadlines. Any
// deadline may be the next to pass: a thread whose deadline came earlier may be slow to notice.
bool collect(Execution& e, Candidates& candidates) {
  const Task& current = e.tasks[e.current];
  bool can_continue =
      current.alive && current.pending.kind != AccessKind::kSpin && current.can_run(e.tasks);
  if (can_continue) candidates.add(e.current, false, &current.pending);
  bool any_deadline = false;
  for (unsigned id = 1; id <= e.task_count; ++id) {
    const Task& task = e.tasks[id];
    if (!task.alive || task.stands_back || (id == e.current && can_continue)) continue;
    if (task.can_run(e.tasks)) {
      candidates.add(id, false, &task.pending);
    } else if (task.deadline != kForever) {
      any_deadline = true;
    }
  }
  for (unsigned id = 1; any_deadline && id <= e.task_count; ++id) {
    const Task& task = e.tasks[id];
    if (task.alive && task.deadline != kForever && !task.can_run(e.tasks))
      candidates.add(id, true, &task.pending);
  }
  return can_continue;
}

// All stand back: they go on in turn, for there is nothing to choose between.
unsigned next_who_stands_back(const Execution& e) {
  for (unsigned i = 0; i < e.task_count; ++i) {
    unsigned id = 1 + (e.current + i) % e.task_count;
    if (e.tasks[id].alive && e.tasks[id].stands_back) return id;
  }
  return 0;
}

// Decides who performs its pending operation, and goes there. The caller's own operation is pending
// (or it has ended).
void reschedule() {
  Execution& e = running();
  if (e.strategy->patience != 0) {
    const Task& current = e.tasks[e.current];
    if (current.alive && current.pending.kind != AccessKind::kSpin && current.can_run(e.tasks)) {
      if (e.strategy->patience != Strategy::kForEver) --e.strategy->patience;
      ArenaScope outside(false);
      e.strategy->will_run(Candidate{e.current, false, &current.pending}, true);
      return;
    }
  }
  ArenaScope outside(false);
  Candidates& candidates = e.candidates;
  candidates.count = 0;
  bool can_continue = collect(e, candidates);
  if (candidates.count == 0) {
    if (unsigned next = next_who_stands_back(e); next != 0) {
      if (++e.fruitless > kFruitlessTurns) {
        fail_here("threads that spin get what they spin for (livelock)",
                  place_of(e.tasks[e.current].pending.where), nullptr, wait_for_graph());
      }
      candidates.add(next, false, &e.tasks[next].pending);
    }
  }
  if (candidates.count == 0) {
    bool all_ended = true;
    for (unsigned id = 1; id <= e.task_count; ++id) all_ended = all_ended && !e.tasks[id].alive;
    if (all_ended) leave(Ending::kFinished);
    fail_here("some thread can always run (deadlock)", place_of(e.tasks[e.current].pending.where),
              nullptr, wait_for_graph());
  }
  unsigned choice = 0;
  if (candidates.count > 1) {
    Decision decision{e.steps,      e.current,       e.tasks[e.current].operations,
                      can_continue, candidates.list, candidates.count};
    choice = e.strategy->choose(decision);
    if (choice == Strategy::kAbandon) leave(Ending::kAbandoned);
    if (choice != 0) {
      const Candidate& chosen = candidates.list[choice];
      bool preempts = decision.cost(choice) != 0;
      e.result->switches.push_back(
          Switch{e.current, decision.operation_index, chosen.task, chosen.fires_timeout, preempts});
      e.preemptions += preempts ? 1 : 0;
    }
  }
  const Candidate& chosen = candidates.list[choice];
  e.strategy->will_run(chosen, can_continue);
  if (chosen.fires_timeout) {
    e.tasks[chosen.task].timed_out = true;
    e.time = std::max(e.time, e.tasks[chosen.task].deadline);
  }
  if (chosen.task != e.current) {
    e.switched = true;
    e.preempted = can_continue;
  }
  switch_to(chosen.task);
}

// After reschedule() has come back: the pending operation is performed now.
void count_step(Execution& e, Task& task) {
  ++task.operations;
  if (++e.steps <= e.options.step_limit) return;
  ArenaScope outside(false);
  fail_here("an execution comes to an end (livelock, or more than the step limit)",
            place_of(task.pending.where), nullptr, wait_for_graph());
}

void step_taken() {
  Execution& e = running();
  Task& task = e.tasks[e.current];
  count_step(e, task);
  if (e.options.record) {
    ArenaScope outside(false);
    Event event;
    event.task = e.current;
    event.switched = e.switched;
    event.preempted = e.preempted;
    event.timed_out = task.timed_out;
    event.operation = task.pending;
    e.result->events.push_back(event);
  }
  e.switched = e.preempted = false;
}

void something_changed() {
  Execution& e = running();
  e.fruitless = 0;
  for (unsigned id = 1; id <= e.task_count; ++id) {
    if (id == e.current) continue;
    e.tasks[id].turns = 0;
    e.tasks[id].stands_back = false;
  }
}

void schedule(const Operation& operation) {
  Execution& e = running();
  Task& task = e.tasks[e.current];
  task.pending = operation;
  task.timed_out = false;
  if (alone(e) && operation.kind != AccessKind::kSpin && task.can_run(e.tasks)) {
    count_step(e, task);
    return;
  }
  task.stands_back = operation.kind == AccessKind::kSpin && task.turns != 0;
  reschedule();
  task.stands_back = false;
  if (operation.kind == AccessKind::kSpin) ++task.turns;
  step_taken();
}

void task_main(FiberTransfer arrived) {
  auto previous = reinterpret_cast<std::uintptr_t>(arrived.data);
  Execution& e = running();
  if (previous == 0) {
    e.explorer = arrived.fctx;
  } else {
    e.tasks[previous].context = arrived.fctx;
  }
  step_taken();
  scheduling = true;
  ArenaScope::set(true);
  Task& task = e.tasks[e.current];
  if (task.body == nullptr) {
    e.scenario();
  } else {
    (*task.body)();
    delete task.body;
    task.body = nullptr;
  }
  schedule(Operation{AccessKind::kExit,
                     0,
                     std::memory_order_seq_cst,
                     reinterpret_cast<std::uintptr_t>(&task),
                     nullptr,
                     {}});
  task.alive = false;
  --e.alive;
  something_changed();
  reschedule();
  std::abort();
}

bool acquires(std::memory_order order) {
  return order == std::memory_order_acquire || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

bool releases(std::memory_order order) {
  return order == std::memory_order_release || order == std::memory_order_acq_rel ||
         order == std::memory_order_seq_cst;
}

// What the performed operation hands from thread to thread (C++20 [intro.races]).
void hand_on(const Operation& operation, unsigned task, unsigned step, bool done) {
  HappensBefore& clocks = happens_before;
  std::memory_order order = operation.order;
  clocks.touched_atomically(task, step,
                            operation.address);  // before it releases: the release covers it
  switch (operation.kind) {
    case AccessKind::kLoad:
      if (acquires(order)) clocks.acquire(task, operation.address);
      break;
    case AccessKind::kStore:
      releases(order) ? clocks.release(task, operation.address)
                      : clocks.stored_relaxed(operation.address);
      break;
    case AccessKind::kPost:
      clocks.release_adding(task, operation.address);
      break;
    case AccessKind::kWait:
      clocks.acquire(task, operation.address);
      break;
    default:
      // A failed exchange is a load: with the order of success without its release, and relaxed
      // where success only acquires.
      if (done ? acquires(order)
               : (order == std::memory_order_acq_rel || order == std::memory_order_seq_cst)) {
        clocks.acquire(task, operation.address);
      }
      if (done && releases(order)) clocks.release_adding(task, operation.address);
      break;
  }
}

[[noreturn]] void fail_for_race(const HappensBefore::Conflict& conflict, const void* address,
                                std::string place, const char* now) {
  ArenaScope outside(false);
  fail_here("accesses to plain memory are ordered by what happens before what (data race)",
            std::move(place), address,
            "  thread " + std::to_string(running().current) + " " + now + " what thread " +
                std::to_string(conflict.thread) + (conflict.wrote ? " wrote" : " used") +
                " at step " + std::to_string(conflict.step) +
                "; no release and acquire order the two\n");
}

unsigned start_task(std::function<void()>* body, Where where) {
  Execution& e = running();
  RT_CHECK(e.task_count < kMaximalTasks, "an execution has at most 16 threads");
  unsigned id = ++e.task_count;
  Task& task = e.tasks[id];
  task.body = body;
  task.pending = Operation{AccessKind::kStart,
                           0,
                           std::memory_order_seq_cst,
                           reinterpret_cast<std::uintptr_t>(&task),
                           nullptr,
                           where};
  task.alive = true;
  ++e.alive;
  task.context = make_fiber(id, &task_main);
  return id;
}

void check_leaks(ExecutionResult& result) {
  ArenaUse use = arena_use();
  if (use.blocks == 0 && use.page_bytes == 0) return;
  result.ending = Ending::kFailed;
  result.sentence = "everything that an execution allocates it frees (leak)";
  result.place = "scheduled_memory.h";
  result.object = use.oldest;
  result.details = "  " + std::to_string(use.blocks) +
                   (use.blocks == 1 ? " block of " : " blocks of ") + std::to_string(use.bytes) +
                   " bytes and " + std::to_string(use.page_bytes) + " bytes of pages are left";
  if (use.oldest != nullptr) {
    result.details += "; the oldest has " + std::to_string(use.oldest_bytes) +
                      " bytes and was allocated after step " + std::to_string(use.oldest_step);
  }
  result.details += "\n";
}

}  // namespace

// --- the operations ------------------------------------------------------------------------------

[[noreturn]] void fail_for_loneliness(const Operation& operation) {
  ArenaScope outside(false);
  fail_here("what a scenario does before and after its threads comes to an end (livelock)",
            place_of(operation.where), nullptr, "");
}

void before_operation(const Operation& operation) {
  Execution& e = running();
  if (only_body(e) && operation.kind != AccessKind::kSpin) {
    e.tasks[1].pending.where = operation.where;
    if (++e.lonely_steps > kLonelySteps) fail_for_loneliness(operation);
  } else {
    schedule(operation);
  }
  if (operation.address != 0 &&
      !shadow_allows(reinterpret_cast<void*>(operation.address), operation.size)) {
    ArenaScope outside(false);
    fail_here("memory that was freed is not used (use after free)", place_of(operation.where),
              reinterpret_cast<void*>(operation.address), "");
  }
}

void after_operation(std::uint64_t before, std::uint64_t after, bool done) {
  Execution& e = running();
  if (alone(e)) {
    e.fruitless = 0;
    return;
  }
  {
    ArenaScope outside(false);
    hand_on(e.tasks[e.current].pending, e.current, e.steps, done);
  }
  if (writes(e.tasks[e.current].pending.kind) && before != after) something_changed();
  if (e.options.record) {
    e.result->events.back().before = before;
    e.result->events.back().after = after;
  }
}

void plain_access(const void* address, bool write, const Where& where) {
  ArenaScope outside(false);
  Execution& e = running();
  auto word = reinterpret_cast<std::uintptr_t>(address);
  HappensBefore::Conflict conflict;
  if (!alone(e)) {
    conflict = write ? happens_before.wrote(e.current, e.steps, word)
                     : happens_before.read(e.current, e.steps, word);
  }
  if (!shadow_allows(address, 1))
    fail_here("memory that was freed is not used (use after free)", place_of(where), address, "");
  if (conflict) fail_for_race(conflict, address, place_of(where), write ? "writes" : "reads");
}

void memory_changes_hands(const void* block, std::size_t bytes) {
  if (!scheduling) return;
  Execution& e = running();
  if (alone(e)) return;
  ArenaScope outside(false);
  HappensBefore::Conflict conflict =
      happens_before.freed(e.current, reinterpret_cast<std::uintptr_t>(block), bytes);
  if (conflict)
    fail_for_race(conflict, block, place_of(e.tasks[e.current].pending.where), "frees or takes");
}

Semaphore::~Semaphore() {
  memory_changes_hands(&count_, sizeof(count_));
  count_ = kDestroyed;
}

void Semaphore::post(Where where) {
  if (!scheduling) {
    ++count_;
    return;
  }
  before_operation(Operation{AccessKind::kPost, 4, std::memory_order_seq_cst,
                             reinterpret_cast<std::uintptr_t>(&count_), nullptr, where});
  RT_CHECK(count_ != kDestroyed, "a semaphore that is posted still exists");
  ++count_;
  after_operation(count_ - 1, count_);
  something_changed();
}

void Semaphore::wait(Where where) {
  bool taken = wait_until(kForever, where);
  RT_CHECK(taken, "a wait without a deadline ends only with a post");
}

bool Semaphore::wait_until(Nanoseconds deadline, Where where) {
  RT_CHECK(scheduling, "only a thread of an execution can wait under the scheduler");
  Task& task = running().tasks[running().current];
  task.semaphore = &count_;
  task.deadline = deadline;
  schedule(Operation{AccessKind::kWait, 4, std::memory_order_seq_cst,
                     reinterpret_cast<std::uintptr_t>(&count_), nullptr, where});
  task.semaphore = nullptr;
  task.deadline = kForever;
  if (task.timed_out) {
    if (!task.wanted_locks.empty()) task.wanted_locks.pop_back();
    return false;
  }
  --count_;
  after_operation(count_ + 1, count_);
  return true;
}

Nanoseconds now(Where where) {
  if (!scheduling) return 0;
  before_operation(
      Operation{AccessKind::kClock, 0, std::memory_order_seq_cst, kClockAddress, nullptr, where});
  return running().time;
}

void advance_time(Nanoseconds by, Where where) {
  RT_CHECK(scheduling, "time is advanced inside an execution");
  before_operation(
      Operation{AccessKind::kAdvance, 0, std::memory_order_seq_cst, kClockAddress, nullptr, where});
  running().time += by;
  something_changed();
}

unsigned processors() { return 2; }
unsigned thread_number() { return scheduling ? running().current : 1; }
std::uint64_t execution_number() { return scheduling ? executions : 0; }
unsigned new_local_index() {
  RT_CHECK(local_indexes < kMaximalLocals, "there are at most 16 thread-local variables");
  return local_indexes++;
}
std::uint64_t& local_word(unsigned index) {
  return scheduling ? running().tasks[running().current].locals[index] : locals_outside[index];
}

Thread::Thread(std::function<void()> body, Where where) {
  RT_CHECK(scheduling, "under the scheduler threads start inside an execution");
  auto* owned = new std::function<void()>(std::move(body));
  Execution& e = running();
  before_operation(
      Operation{AccessKind::kStart, 0, std::memory_order_seq_cst, kThreadsAddress, nullptr, where});
  task_ = start_task(owned, where);
  ++e.unjoined;
  happens_before.started(e.current, task_);
  something_changed();
}

Thread& Thread::operator=(Thread&& other) noexcept {
  RT_CHECK(task_ == 0, "a thread is joined before its handle is given another");
  task_ = other.task_;
  other.task_ = 0;
  return *this;
}

Thread::~Thread() {
  RT_CHECK(task_ == 0 || !scheduling, "a thread is joined before its handle goes");
}

void Thread::join(Where where) {
  RT_CHECK(task_ != 0, "a thread is joined once");
  Task& self = running().tasks[running().current];
  self.joins = task_;
  schedule(Operation{AccessKind::kJoin, 0, std::memory_order_seq_cst,
                     reinterpret_cast<std::uintptr_t>(&running().tasks[task_]), nullptr, where});
  happens_before.joined(running().current, task_);
  --running().unjoined;
  task_ = 0;
}

void abandon_execution(const Failure& failure) {
  if (!scheduling) return;
  ArenaScope outside(false);
  fail_here(failure.sentence, std::string(failure.file) + ":" + std::to_string(failure.line),
            failure.object, "");
}

void lock_wanted(const void* lock) {
  if (!scheduling) return;
  ArenaScope outside(false);
  std::vector<const void*>& wanted = running().tasks[running().current].wanted_locks;
  std::erase(wanted, lock);
  wanted.push_back(lock);
}

void lock_taken(const void* lock) {
  if (!scheduling) return;
  ArenaScope outside(false);
  Execution& e = running();
  std::erase(e.tasks[e.current].wanted_locks, lock);
  e.held.push_back(HeldLock{lock, e.current});
}

void lock_released(const void* lock) {
  if (!scheduling) return;
  std::vector<HeldLock>& held = running().held;
  for (std::size_t i = held.size(); i-- > 0;) {
    if (held[i].lock == lock) {
      held.erase(held.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
  }
}

void name_word(const void* address, const char* name) {
  if (!scheduling) return;
  ArenaScope outside(false);
  running().result->names.emplace_back(reinterpret_cast<std::uintptr_t>(address), name);
}

unsigned current_step() { return execution == nullptr ? 0 : execution->steps; }

const char* kind_name(AccessKind kind) {
  switch (kind) {
    case AccessKind::kLoad:
      return "load";
    case AccessKind::kStore:
      return "store";
    case AccessKind::kExchange:
      return "exchange";
    case AccessKind::kCompareExchange:
      return "compare-exchange";
    case AccessKind::kFetchAdd:
      return "add";
    case AccessKind::kFetchOr:
      return "or";
    case AccessKind::kFetchAnd:
      return "and";
    case AccessKind::kPoint:
      return "point";
    case AccessKind::kSpin:
      return "spin";
    case AccessKind::kPost:
      return "post";
    case AccessKind::kWait:
      return "wait";
    case AccessKind::kStart:
      return "start";
    case AccessKind::kExit:
      return "end";
    case AccessKind::kJoin:
      return "join";
    case AccessKind::kClock:
      return "read the clock";
    case AccessKind::kAdvance:
      return "advance the clock";
  }
  return "do something";
}

bool writes(AccessKind kind) {
  switch (kind) {
    case AccessKind::kLoad:
    case AccessKind::kJoin:
    case AccessKind::kClock:
    case AccessKind::kPoint:
    case AccessKind::kSpin:
      return false;
    default:
      return true;
  }
}

std::uintptr_t fiber_guard_page(unsigned index) {
  return kStackBase + index * (kFiberStackBytes + kFiberGuardBytes);
}

void* fiber_stack_top(unsigned index) {
  static bool mapped[kMaximalTasks + 1] = {};
  std::uintptr_t base = fiber_guard_page(index);
  if (!mapped[index]) {
    void* wanted = reinterpret_cast<void*>(base);
    void* got = mmap(wanted, kFiberStackBytes + kFiberGuardBytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (got != wanted || mprotect(got, kFiberGuardBytes, PROT_NONE) != 0) {
      std::fprintf(stderr,
                   "the scheduler's stacks need the addresses from %p on, which are taken\n",
                   wanted);
      std::exit(4);
    }
    mapped[index] = true;
  }
#if RT_HAS_ADDRESS_SANITIZER
  // An execution that was abandoned has left frames behind, with what surrounds their variables.
  if (stacks_are_littered[index]) {
    ASAN_UNPOISON_MEMORY_REGION(reinterpret_cast<void*>(base + kFiberGuardBytes), kFiberStackBytes);
    stacks_are_littered[index] = false;
  }
#endif
  return reinterpret_cast<void*>(base + kFiberGuardBytes + kFiberStackBytes);
}

ExecutionResult run_execution(void (*body)(), Strategy& strategy, const ExecutionOptions& options) {
  RT_CHECK(execution == nullptr, "executions are not nested");
  catch_faults();
  ExecutionResult result;
  static Execution the_execution;  // large, and re-used
  the_execution = Execution{};
  execution = &the_execution;
  execution->strategy = &strategy;
  execution->options = options;
  execution->result = &result;
  ++executions;
  arena_reset();
  statics_reset();
  happens_before.begin();
  execution->scenario = body;
  unsigned first = start_task(nullptr, {});
  execution->current = first;
  switch_fiber(execution->tasks[first].context, nullptr);
  name_what_is_shared();
  result.steps = execution->steps;
  result.tasks = execution->task_count;
  result.preemptions = execution->preemptions;
  if (result.ending == Ending::kFinished && options.check_leaks) check_leaks(result);
  execution = nullptr;
  return result;
}

}  // namespace runtime::machine
