// The scheduler is judged before it judges: planted mistakes of every kind must be found, shrunk,
// printed and replayed, and what the reductions leave out must be nothing.
#include "runtime/base/exploration.h"

#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <set>

#include "runtime/base/depth_first.h"
#include "runtime/base/random.h"
#include "runtime/base/schedule_token.h"

namespace runtime {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;

Scenario scenario_named(const std::string& name) {
  for (const Scenario& scenario : all_scenarios()) {
    if (name == scenario.name) return scenario;
  }
  ADD_FAILURE() << "no scenario " << name;
  return {};
}

Exploration explored(const std::string& name, ExplorationOptions options = {}) {
  return explore(scenario_named(name), options);
}

// A mutex with a planted mistake: unlock looks whether somebody waits, then stores; who came to
// wait in between sleeps for ever.
class ForgetfulMutex {
 public:
  void lock() {
    std::uint32_t expected = 0;
    if (state_.compare_exchange_acquire(expected, 1)) return;
    lock_wanted(this);
    while (state_.exchange_acquire(2) != 0) sleepers_.wait();
    lock_taken(this);
  }
  void unlock() {
    bool somebody_waits = state_.load_relaxed() == 2;
    lock_released(this);
    state_.store_release(0);
    if (somebody_waits) sleepers_.post();
  }

 private:
  Atomic<std::uint32_t> state_{0};
  Semaphore sleepers_;
};

RT_SCENARIO(lost_wakeup, "test/lost_wakeup", "Both threads get the mutex.") {
  ForgetfulMutex mutex;
  name_address(&mutex, "mutex");
  auto once = [&] {
    mutex.lock();
    mutex.unlock();
  };
  in_parallel({once, once});
}

RT_SCENARIO(right_mutex, "test/right_mutex", "Both threads get the mutex, one after the other.") {
  Atomic<std::uint32_t> state{0};
  Semaphore sleepers;
  int inside = 0;
  auto once = [&] {
    std::uint32_t expected = 0;
    if (!state.compare_exchange_acquire(expected, 1)) {
      while (state.exchange_acquire(2) != 0) sleepers.wait();
    }
    RT_CHECK(++inside == 1, "one thread is inside at a time");
    point("inside");
    --inside;
    if (state.exchange_release(0) == 2) sleepers.post();
  };
  in_parallel({once, once});
}

RT_SCENARIO(lost_update, "test/lost_update", "Two increments count two.") {
  Atomic<int> counter{0};
  name_address(&counter, "counter");
  auto once = [&] { counter.store_relaxed(counter.load_relaxed() + 1); };
  in_parallel({once, once});
  RT_CHECK(counter.load() == 2, "two increments count two");
}

RT_SCENARIO(opposite_order, "test/opposite_order", "Two locks in two orders.") {
  Semaphore left, right;
  left.post();
  right.post();
  name_address(&left, "left");
  name_address(&right, "right");
  auto take = [](Semaphore& semaphore) {
    lock_wanted(&semaphore);
    semaphore.wait();
    lock_taken(&semaphore);
  };
  auto give = [](Semaphore& semaphore) {
    lock_released(&semaphore);
    semaphore.post();
  };
  in_parallel({[&] {
                 take(left);
                 take(right);
                 give(right);
                 give(left);
               },
               [&] {
                 take(right);
                 take(left);
                 give(left);
                 give(right);
               }});
}

// A lock whose waiters sleep in a queue that has a lock of its own, taken and given back before they
// sleep. And a wait for it that was given up is forgotten.
RT_SCENARIO(sleeps_elsewhere, "test/sleeps_elsewhere", "Wrong: who holds a lock lets it go.") {
  int object_lock = 0, queue_lock = 0;
  Semaphore queue, turn, has_it;
  name_address(&object_lock, "object lock");
  name_address(&turn, "turn");
  in_parallel({[&] {
                 lock_taken(&object_lock);
                 lock_wanted(&queue_lock);
                 (void)queue.wait_until(now() + 1);
                 has_it.post();
                 turn.wait();
               },
               [&] {
                 has_it.wait();
                 lock_wanted(&object_lock);
                 lock_wanted(&queue_lock);
                 lock_taken(&queue_lock);
                 lock_released(&queue_lock);
                 queue.wait();
               }});
}

RT_SCENARIO(polite_for_ever, "test/polite_for_ever",
            "Two threads wait for each other by spinning.") {
  Atomic<int> left{0}, right{0};
  in_parallel({[&] {
                 while (right.load_acquire() == 0) spin_pause();
                 left.store_release(1);
               },
               [&] {
                 while (left.load_acquire() == 0) spin_pause();
                 right.store_release(1);
               }});
}

RT_SCENARIO(spins_for_the_other, "test/spins_for_the_other",
            "A spin ends when the other has come.") {
  Atomic<int> flag{0};
  in_parallel({[&] {
                 while (flag.load_acquire() == 0) spin_pause();
               },
               [&] { flag.store_release(1); }});
}

RT_SCENARIO(gives_up_spinning, "test/gives_up_spinning",
            "Wrong: nobody gives up to spin while the holder only reads.") {
  Atomic<int> held{0}, gave_up{0};
  int seen_inside = 0;
  in_parallel({[&] {
                 held.store_release(1);
                 (void)gave_up.load_acquire();
                 seen_inside = gave_up.load_acquire();
                 held.store_release(0);
               },
               [&] {
                 if (held.load_acquire() == 0) return;
                 spin_pause();
                 if (held.load_acquire() == 1) gave_up.store_release(1);
               }});
  RT_CHECK(seen_inside == 0, "nobody gives up to spin while the holder only reads");
}

RT_SCENARIO(spin_or_deadline, "test/spin_or_deadline",
            "Wrong: a wait times out while the one who would post spins.") {
  Semaphore semaphore;
  bool woken = false;
  in_parallel({[&] { woken = semaphore.wait_until(now() + 1000); },
               [&] {
                 spin_pause();
                 semaphore.post();
               }});
  RT_CHECK(!woken, "a wait times out while the one who would post spins");
}

RT_SCENARIO(goes_too_early, "test/goes_too_early",
            "Wrong: a semaphore may go as soon as its wait has timed out.") {
  Atomic<int> order{0};
  struct Node {
    Semaphore woken;
  };
  std::optional<Node> node(std::in_place);
  in_parallel({[&] {
                 if (node->woken.wait_until(now() + 1000)) return;
                 order.store_release(1);
                 order.store_release(2);
                 node.reset();
               },
               [&] {
                 if (order.load() == 1) node->woken.post();
               }});
}

RT_SCENARIO(leak, "test/leak", "What is allocated is freed.") {
  Atomic<int> who{0};
  auto once = [&] {
    auto* value = new Atomic<int>(1);
    value->store(2);
    if (who.exchange(1) == 0) delete value;
  };
  in_parallel({once, once});
}

RT_SCENARIO(use_after_free, "test/use_after_free",
            "Wrong: who is told that a word was freed reads it.") {
  auto* word = new Atomic<int>(1);
  Atomic<int> freed{0};
  in_parallel({[&] {
                 if (freed.load_acquire() == 1) (void)word->load_acquire();
               },
               [&] {
                 delete word;
                 freed.store_release(1);
               }});
}

RT_SCENARIO(timeout_or_wake, "test/timeout_or_wake",
            "A timed wait ends by its deadline or by a post.") {
  Semaphore semaphore;
  bool woken = false;
  Nanoseconds before = now();
  Thread waiter([&] { woken = semaphore.wait_until(before + 1000); });
  Thread poster([&] { semaphore.post(); });
  waiter.join();
  poster.join();
  RT_CHECK(woken || now() >= before + 1000, "who was not woken has waited until the deadline");
}

RT_SCENARIO(always_woken, "test/always_woken", "Wrong: a timed wait is always woken.") {
  Semaphore semaphore;
  bool woken = false;
  Thread waiter([&] { woken = semaphore.wait_until(now() + 1000); });
  Thread poster([&] { semaphore.post(); });
  waiter.join();
  poster.join();
  RT_CHECK(woken, "a timed wait is always woken");
}

RT_SCENARIO(three_steps_apart, "test/three_steps_apart", "Needs two preemptions to fail.") {
  Atomic<int> a{0}, b{0};
  in_parallel({[&] {
                 a.store_release(1);
                 a.store_release(2);
               },
               [&] {
                 if (a.load_acquire() == 1) b.store_release(a.load_acquire());
               }});
  RT_CHECK(b.load() != 2, "nobody sees one, then two");
}

template <class Unlock>
void hand_over(Unlock unlock) {
  Atomic<int> ready{0};
  Plain<int> payload(0);
  in_parallel({[&] {
                 payload.set(1);
                 unlock(ready);
               },
               [&] {
                 if (ready.load_acquire() == 1)
                   RT_CHECK(payload.get() == 1, "who is told sees what it was told of");
               }});
}
RT_SCENARIO(handed_over, "test/handed_over", "A release and an acquire hand plain memory over.") {
  hand_over([](Atomic<int>& ready) { ready.store_release(1); });
}
RT_SCENARIO(thrown_over, "test/thrown_over", "Wrong: a relaxed store hands plain memory over.") {
  hand_over([](Atomic<int>& ready) { ready.store_relaxed(1); });
}

template <class Drop>
void count_down(Drop drop) {
  struct Shared {
    Atomic<int> count{2};
    Plain<int> payload{0};
  };
  auto* shared = new Shared;
  auto once = [&] {
    (void)shared->payload.get();
    if (drop(shared->count) == 1) delete shared;
  };
  in_parallel({once, once});
}
RT_SCENARIO(count_acq_rel, "test/count_acq_rel", "The last to drop a count may free.") {
  count_down([](Atomic<int>& count) { return count.fetch_sub_acq_rel(1); });
}
RT_SCENARIO(count_relaxed, "test/count_relaxed",
            "Wrong: a relaxed count orders the free after the last use.") {
  count_down([](Atomic<int>& count) { return count.fetch_sub_relaxed(1); });
}

int replays = 0;
RT_SCENARIO(named_points, "test/named_points", "A reader between two stores.") {
  Atomic<int> first{0}, second{0};
  int seen = -1;
  in_parallel({[&] {
                 first.store_release(1);
                 point("between");
                 second.store_release(1);
               },
               [&] { seen = first.load_acquire() * 10 + second.load_acquire(); }});
  replays = seen;
}

TEST(Exploration, APlantedLostWakeUpIsFoundWithOnePreemptionAndPrinted) {
  Exploration found = explored("test/lost_wakeup");
  ASSERT_TRUE(found.failure.has_value());
  EXPECT_THAT(found.failure->sentence, HasSubstr("deadlock"));
  EXPECT_EQ(found.failure->preemptions, 1u);
  EXPECT_THAT(found.failure->details,
              ContainsRegex("thread [23] waits for mutex, which nobody holds"));
  EXPECT_THAT(found.failure->trace, HasSubstr("thread 2"));
  EXPECT_THAT(found.failure->trace, HasSubstr("exploration_test.cpp:"));
  std::string text = failure_text(*found.failure);
  EXPECT_THAT(text, HasSubstr("kernel_explore --replay 'test/lost_wakeup@"));
  RecordProperty("failure", text);
}

TEST(Exploration, AReplayedTokenGivesTheSameTrace) {
  Exploration found = explored("test/lost_wakeup");
  ASSERT_TRUE(found.failure.has_value());
  for (int i = 0; i < 3; ++i) {
    Replayed again = replay(found.failure->token);
    ASSERT_EQ(again.problem, "");
    ASSERT_TRUE(again.failure.has_value());
    EXPECT_EQ(again.failure->trace, found.failure->trace);
    EXPECT_EQ(again.failure->token, found.failure->token);
  }
}

TEST(Exploration, ATokenOfAnotherBuildMutantOrScenarioIsRefusedWithTheReason) {
  std::string build = build_identity();
  EXPECT_THAT(replay("test/lost_update@00000000:").problem, HasSubstr("build 00000000"));
  EXPECT_THAT(replay("test/lost_update@" + build + "+some_mutant:").problem,
              HasSubstr("set HEDDLE_MUTANT=some_mutant"));
  EXPECT_THAT(replay("test/no_such@" + build + ":").problem, HasSubstr("no scenario test/no_such"));
  EXPECT_THAT(replay("test/lost_update@" + build + ":1.2>9").problem, HasSubstr("does not fit"));
  EXPECT_THAT(replay("nonsense").problem, HasSubstr("no token"));
}

TEST(Exploration, ARightMutexIsExploredCompletely) {
  ExplorationOptions options;
  options.preemptions = 4;
  Exploration found = explored("test/right_mutex", options);
  EXPECT_FALSE(found.failure.has_value()) << failure_text(*found.failure);
  EXPECT_EQ(found.complete_up_to, 4);
  EXPECT_GT(found.schedules, 10u);
  EXPECT_THAT(coverage_text(found, options), HasSubstr("complete up to 4 preemptions"));
}

TEST(Exploration, EveryStrategyFindsTheLostUpdate) {
  for (StrategyKind kind : {StrategyKind::kDepthFirst, StrategyKind::kPct, StrategyKind::kRandom}) {
    ExplorationOptions options;
    options.strategy = kind;
    Exploration found = explored("test/lost_update", options);
    ASSERT_TRUE(found.failure.has_value()) << static_cast<int>(kind);
    EXPECT_EQ(found.failure->preemptions, 1u) << found.failure->trace;
    EXPECT_THAT(found.failure->trace, HasSubstr("counter load 0"));
    EXPECT_TRUE(replay(found.failure->token).failure.has_value());
  }
}

TEST(Exploration, AScheduleOfARandomStrategyIsShrunkToTheFewestPreemptions) {
  ExplorationOptions options;
  options.strategy = StrategyKind::kRandom;
  options.schedules = 20'000;
  Exploration found = explored("test/three_steps_apart", options);
  ASSERT_TRUE(found.failure.has_value());
  EXPECT_LE(found.failure->preemptions, 2u);
  EXPECT_NE(found.failure->seed, 0u);
}

TEST(Exploration, TwoPreemptionsAreNeededWhereOneIsNotEnough) {
  ExplorationOptions one;
  one.preemptions = 1;
  EXPECT_FALSE(explored("test/three_steps_apart", one).failure.has_value());
  EXPECT_TRUE(explored("test/three_steps_apart").failure.has_value());
}

TEST(Exploration, ACircleOfLocksIsADeadlockWithItsGraph) {
  Exploration found = explored("test/opposite_order");
  ASSERT_TRUE(found.failure.has_value());
  EXPECT_THAT(found.failure->details, HasSubstr("waits for right, held by thread 3"));
  EXPECT_THAT(found.failure->details, HasSubstr("a circle: thread 2 -> thread 3 -> thread 2"));
}

TEST(Exploration, TheGraphNamesALockForWhichAThreadSleepsUnderAnotherName) {
  Exploration found = explored("test/sleeps_elsewhere");
  ASSERT_TRUE(found.failure.has_value());
  EXPECT_THAT(found.failure->details, ContainsRegex("thread 3 waits for object lock, held by thr"));
  EXPECT_THAT(found.failure->details, ContainsRegex("thread 2 waits for a wake-up of turn "));
}

TEST(Exploration, SpinningForEachOtherIsALivelock) {
  Exploration found = explored("test/polite_for_ever");
  ASSERT_TRUE(found.failure.has_value());
  EXPECT_THAT(found.failure->sentence, HasSubstr("livelock"));
  EXPECT_THAT(found.failure->details, HasSubstr("exploration_test.cpp"));
}

TEST(Exploration, ASpinThatEndsIsNoLivelock) {
  Exploration found = explored("test/spins_for_the_other");
  EXPECT_FALSE(found.failure.has_value());
  EXPECT_EQ(found.complete_up_to, 2);
}

TEST(Exploration, ASpinThatIsGivenUpEndsEvenIfNothingChanges) {
  ExplorationOptions options;
  options.preemptions = 1;
  EXPECT_TRUE(explored("test/gives_up_spinning", options).failure.has_value());
  options.preemptions = 0;
  EXPECT_TRUE(explored("test/spin_or_deadline", options).failure.has_value());
}

TEST(Exploration, WhoDestroysASemaphoreTooEarlyIsFoundWithAndWithoutReductions) {
  for (bool reductions : {false, true}) {
    ExplorationOptions options;
    options.reductions = reductions;
    EXPECT_TRUE(explored("test/goes_too_early", options).failure.has_value()) << reductions;
  }
}

TEST(Exploration, WhatIsNotFreedIsALeak) {
  Exploration found = explored("test/leak");
  ASSERT_TRUE(found.failure.has_value());
  EXPECT_THAT(found.failure->sentence, HasSubstr("leak"));
  EXPECT_THAT(found.failure->details, HasSubstr("1 block of 4 bytes"));
}

TEST(Exploration, AnAtomicAccessToFreedMemoryIsFound) {
  Exploration found = explored("test/use_after_free");
  ASSERT_TRUE(found.failure.has_value());
  EXPECT_THAT(found.failure->sentence, HasSubstr("use after free"));
}

TEST(Exploration, AMissingReleaseIsADataRaceInWhateverOrderTheThreadsRan) {
  EXPECT_FALSE(explored("test/handed_over").failure.has_value());
  Exploration found = explored("test/thrown_over");
  ASSERT_TRUE(found.failure.has_value());
  EXPECT_THAT(found.failure->sentence, HasSubstr("data race"));
  EXPECT_THAT(found.failure->details, ContainsRegex("thread 3 reads what thread 2 wrote at step"));
}

TEST(Exploration, AFreeThatIsNotOrderedAfterTheLastUseIsADataRace) {
  EXPECT_FALSE(explored("test/count_acq_rel").failure.has_value());
  Exploration found = explored("test/count_relaxed");
  ASSERT_TRUE(found.failure.has_value());
  EXPECT_THAT(found.failure->sentence, HasSubstr("data race"));
  EXPECT_THAT(found.failure->details, HasSubstr("frees or takes what thread"));
}

TEST(Exploration, ADeadlineIsAScheduleOfItsOwn) {
  EXPECT_FALSE(explored("test/timeout_or_wake").failure.has_value());
  Exploration found = explored("test/always_woken");
  ASSERT_TRUE(found.failure.has_value());
  EXPECT_THAT(found.failure->trace, HasSubstr("too late"));
  EXPECT_TRUE(replay(found.failure->token).failure.has_value());
}

TEST(Exploration, AThreadCanBeStoppedAtANamedPoint) {
  DirectedRun run = run_directed(scenario_named("test/named_points"),
                                 {{2, "between"}, {3, nullptr}, {2, nullptr}});
  EXPECT_EQ(run.problem, "") << run.trace;
  EXPECT_EQ(replays, 10);
  run = run_directed(scenario_named("test/named_points"), {{3, nullptr}, {2, nullptr}});
  EXPECT_EQ(replays, 0);
  run = run_directed(scenario_named("test/named_points"), {{2, "no such point"}});
  EXPECT_THAT(run.problem, HasSubstr("thread 2 did not come to the point no such point"));
}

// --- what the reductions leave out is nothing ----------------------------------------------------

// A random small program: words, two semaphores, plain memory that is guarded by a semaphore, by a
// spin lock, by nothing but a named point, or by nothing at all; spins, waits, and threads that
// start and join a thread. Its outcome is what everybody saw, in a deadlock what had been seen until
// then, and otherwise the sentence that was broken.
struct Program {
  enum class Step {
    kLoad,
    kStore,
    kAdd,
    kSwap,
    kPost,
    kTimedWait,
    kClock,
    kWait,
    kLocked,
    kSpinLocked,
    kAtPoint,
    kSpinUntil,
    kSpinOnce,
    kThread,
    kBare,
    kSteps
  };
  struct Instruction {
    Step step;
    unsigned word;
  };
  std::vector<std::vector<Instruction>> threads;
};

// How many scheduling points one costs, about: a search without reductions must come to its end.
unsigned weight_of(Program::Step step) {
  switch (step) {
    case Program::Step::kLocked:
    case Program::Step::kSpinLocked:
    case Program::Step::kThread:
      return 3;
    case Program::Step::kSpinUntil:
    case Program::Step::kSpinOnce:
      return 2;
    default:
      return 1;
  }
}

Program random_program(std::uint64_t seed, unsigned kinds) {
  Random random(seed);
  Program program;
  program.threads.resize(2 + random.below(2));
  for (auto& thread : program.threads) {
    auto room = static_cast<int>(1 + random.below(program.threads.size() == 2 ? 5 : 3));
    while (room > 0) {
      auto step = static_cast<Program::Step>(random.below(kinds));
      if (step == Program::Step::kBare && random.below(4) != 0) step = Program::Step::kAtPoint;
      thread.push_back({step, static_cast<unsigned>(random.below(3))});
      room -= static_cast<int>(weight_of(step));
    }
  }
  return program;
}

std::string text_of(const Program& program) {
  static const char* const kNames[] = {
      "load", "store",     "add",      "swap",       "post",      "timed wait", "clock", "wait",
      "lock", "spin lock", "at point", "spin until", "spin once", "thread",     "bare"};
  std::string text;
  for (const auto& thread : program.threads) {
    for (const Program::Instruction& one : thread) {
      text +=
          std::string(kNames[static_cast<int>(one.step)]) + " " + std::to_string(one.word) + "; ";
    }
    text += "\n";
  }
  return text;
}

const Program* current_program = nullptr;

// What the threads saw; outside the arena, so that an abandoned execution leaves it readable.
struct Seen {
  int values[3][32];
  unsigned counts[3];
  void add(std::size_t thread, int value) { values[thread][counts[thread]++ % 32] = value; }
};
Seen seen;

struct Shared {
  Atomic<int> words[3];
  Semaphore permits;      // posts and waits
  Semaphore lock;         // one permit: guards `guarded`
  Atomic<int> spin_lock;  // guards `spin_guarded`
  Plain<int> guarded{0};
  Plain<int> spin_guarded{0};
  Plain<int> bare{0};
  int at_point = 0;  // used right after a named point only
  Nanoseconds begin = 0;
};

void run_instruction(Shared& shared, std::size_t thread, int& value,
                     const Program::Instruction& one) {
  Atomic<int>& word = shared.words[one.word];
  switch (one.step) {
    case Program::Step::kLoad:
      return seen.add(thread, word.load());
    case Program::Step::kStore:
      return word.store(++value);
    case Program::Step::kAdd:
      return seen.add(thread, word.fetch_add(1));
    case Program::Step::kSwap: {
      int expected = 0;
      return seen.add(thread, word.compare_exchange(expected, ++value) ? -1 : expected);
    }
    case Program::Step::kPost:
      return shared.permits.post();
    case Program::Step::kTimedWait:
      return seen.add(thread, shared.permits.wait_until(shared.begin + 10 + one.word) ? 1 : 0);
    case Program::Step::kClock:
      return seen.add(thread, static_cast<int>(now() - shared.begin));
    case Program::Step::kWait:
      return shared.permits.wait();
    case Program::Step::kLocked: {
      shared.lock.wait();
      seen.add(thread, shared.guarded.get());
      shared.guarded.set(++value);
      if (one.word == 0) point("inside");
      return shared.lock.post();
    }
    case Program::Step::kSpinLocked: {
      while (shared.spin_lock.exchange_acquire(1) != 0) spin_pause();
      seen.add(thread, shared.spin_guarded.get());
      shared.spin_guarded.set(++value);
      return shared.spin_lock.store_release(0);
    }
    case Program::Step::kAtPoint:
      point("window");
      seen.add(thread, shared.at_point);
      shared.at_point = ++value;
      return;
    case Program::Step::kSpinUntil:
      while (word.load() == 0) spin_pause();
      return;
    case Program::Step::kSpinOnce:
      if (word.load() == 0) spin_pause();
      return seen.add(thread, word.load());
    case Program::Step::kThread: {
      Thread other([&] { seen.add(thread, word.fetch_add(100)); });
      seen.add(thread, static_cast<int>(thread_number()));
      seen.add(thread, word.load());
      return other.join();
    }
    case Program::Step::kBare:
      shared.bare.set(1);
      return;
    case Program::Step::kSteps:
      return;
  }
}

void run_program() {
  Shared shared;
  shared.lock.post();
  shared.begin = now();
  std::vector<std::function<void()>> bodies;
  for (std::size_t t = 0; t < current_program->threads.size(); ++t) {
    bodies.emplace_back([&shared, t] {
      int value = static_cast<int>(t) * 10;
      for (const Program::Instruction& one : current_program->threads[t])
        run_instruction(shared, t, value, one);
    });
  }
  in_parallel(std::move(bodies));
  for (Atomic<int>& word : shared.words) seen.add(0, word.peek());
}

std::string outcome_of(const machine::ExecutionResult& result) {
  std::string text = result.sentence;
  if (result.ending == machine::Ending::kFailed && text.find("deadlock") == std::string::npos)
    return text;
  for (std::size_t thread = 0; thread < 3; ++thread) {
    for (unsigned i = 0; i < seen.counts[thread]; ++i)
      text += std::to_string(seen.values[thread][i]) + " ";
    text += "| ";
  }
  return text;
}

// Empty when there are more schedules than `limit`.
std::set<std::string> outcomes(unsigned bound, machine::DepthFirst::Reductions reductions,
                               std::uint64_t limit, std::uint64_t& executions) {
  std::set<std::string> all;
  std::uint64_t before = executions;
  machine::DepthFirst search(bound, reductions);
  machine::ExecutionOptions options;
  do {
    search.restart(bound);
    do {
      seen = Seen{};
      machine::ExecutionResult result = machine::run_execution(&run_program, search, options);
      if (++executions - before > limit) return {};
      EXPECT_FALSE(search.diverged());
      if (result.ending != machine::Ending::kAbandoned) all.insert(outcome_of(result));
    } while (search.advance());
  } while (search.learned());
  return all;
}

struct Comparison {
  std::uint64_t reduced = 0, plain = 0;
  unsigned programs = 0, failing = 0, too_large = 0;
};

constexpr std::uint64_t kSchedules = 30'000;  // of one program at one bound

void compare(std::uint64_t seed, const Program& program, unsigned highest_bound,
             Comparison& comparison) {
  current_program = &program;
  ++comparison.programs;
  bool fails = false;
  for (unsigned bound = 0; bound <= highest_bound; ++bound) {
    using Reductions = machine::DepthFirst::Reductions;
    std::set<std::string> without = outcomes(bound, Reductions::kOff, kSchedules, comparison.plain);
    if (without.empty()) {
      ++comparison.too_large;
      break;
    }
    std::set<std::string> with = outcomes(bound, Reductions::kOn, ~0u, comparison.reduced);
    ASSERT_EQ(with, without) << text_of(program) << "seed " << seed << ", at most " << bound
                             << " preemptions";
    for (const std::string& one : without) fails = fails || one.find('(') != std::string::npos;
  }
  comparison.failing += fails ? 1 : 0;
}

void print(const Comparison& comparison) {
  std::printf("%u programs (%u not at all bounds), %u can fail: %llu executions instead of %llu\n",
              comparison.programs, comparison.too_large, comparison.failing,
              static_cast<unsigned long long>(comparison.reduced),
              static_cast<unsigned long long>(comparison.plain));
}

std::uint64_t programs_to_try(std::uint64_t otherwise) {
  const char* wanted = std::getenv("HEDDLE_PROGRAMS");
  return wanted == nullptr ? otherwise : std::strtoull(wanted, nullptr, 10);
}

RT_SCENARIO(long_before_and_after, "test/long_before_and_after",
            "What the body does before and after its threads is no matter of schedules.") {
  Atomic<int> word{0};
  for (int i = 0; i < 100'000; ++i) word.store(i);
  Plain<int> handed_over(1);
  in_parallel({[&] { handed_over.set(handed_over.get() + 1); }});
  handed_over.set(handed_over.get() + 1);
  for (int i = 0; i < 100'000; ++i) word.store(i);
  in_parallel({[&] { RT_CHECK(handed_over.get() == 3, "threads see what was done between"); }});
}

TEST(Exploration, WhatNobodyElseCanSeeHasNoPoints) {
  Exploration exploration = explored("test/long_before_and_after");
  EXPECT_FALSE(exploration.failure.has_value()) << failure_text(*exploration.failure);
  EXPECT_LT(exploration.most_points, 20u);
}

TEST(Exploration, TheSameExplorationTwiceIsTheSame) {
  auto counts = [](const Exploration& one) {
    return std::vector<std::uint64_t>{one.schedules, one.redundant, one.points, one.fewest_points,
                                      one.most_points};
  };
  for (const Scenario& scenario : all_scenarios()) {
    for (StrategyKind kind :
         {StrategyKind::kDepthFirst, StrategyKind::kPct, StrategyKind::kRandom}) {
      ExplorationOptions options;
      options.strategy = kind;
      Exploration first = explore(scenario, options);
      Exploration second = explore(scenario, options);
      EXPECT_EQ(counts(first), counts(second)) << scenario.name;
      ASSERT_EQ(first.failure.has_value(), second.failure.has_value()) << scenario.name;
      if (first.failure)
        EXPECT_EQ(failure_text(*first.failure), failure_text(*second.failure)) << scenario.name;
    }
  }
}

TEST(DepthFirst, ReductionsLeaveOutNoOutcomeAtAnyBound) {
  Comparison comparison;
  for (std::uint64_t seed = 1; seed <= programs_to_try(80); ++seed) {
    compare(seed, random_program(seed, static_cast<unsigned>(Program::Step::kWait)), 3, comparison);
    if (HasFatalFailure()) return;
  }
  EXPECT_LT(comparison.reduced, comparison.plain);
  print(comparison);
}

TEST(DepthFirst, ReductionsLeaveOutNoOutcomeOfProgramsThatLockSpinWaitAndStartThreads) {
  Comparison comparison;
  for (std::uint64_t seed = 1; seed <= programs_to_try(80); ++seed) {
    compare(seed, random_program(seed, static_cast<unsigned>(Program::Step::kSteps)), 2,
            comparison);
    if (HasFatalFailure()) return;
  }
  EXPECT_LT(comparison.reduced, comparison.plain);
  EXPECT_GT(comparison.failing, comparison.programs / 10);
  print(comparison);
}

}  // namespace
}  // namespace runtime
