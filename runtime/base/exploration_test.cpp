// The scheduler is judged before it judges: planted mistakes of every kind must be found, shrunk,
// printed and replayed, and what the reductions leave out must be nothing.
#include "runtime/base/exploration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
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

TEST(Exploration, WhatIsNotFreedIsALeak) {
  Exploration found = explored("test/leak");
  ASSERT_TRUE(found.failure.has_value());
  EXPECT_THAT(found.failure->sentence, HasSubstr("leak"));
  EXPECT_THAT(found.failure->details, HasSubstr("1 blocks of 4 bytes"));
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

// --- what the reductions leave out is nothing
// ---------------------------------------------------------------------------

// A random small program over three words and a semaphore; its outcome is what every load saw.
struct Program {
  enum class Step { kLoad, kStore, kAdd, kSwap, kPost, kTimedWait };
  struct Instruction {
    Step step;
    unsigned word;
  };
  std::vector<std::vector<Instruction>> threads;
};

Program random_program(std::uint64_t seed) {
  Random random(seed);
  Program program;
  program.threads.resize(2 + random.below(2));
  for (auto& thread : program.threads) {
    std::size_t length = 1 + random.below(program.threads.size() == 2 ? 4 : 2);
    for (std::size_t i = 0; i < length; ++i) {
      thread.push_back(
          {static_cast<Program::Step>(random.below(6)), static_cast<unsigned>(random.below(3))});
    }
  }
  return program;
}

std::string text_of(const Program& program) {
  static const char* const kNames[] = {"load", "store", "add", "swap", "post", "timed_wait"};
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
std::string* current_outcome = nullptr;

void run_program() {
  std::vector<Atomic<int>> words(3);
  Semaphore semaphore;
  std::vector<std::vector<int>> seen(current_program->threads.size());
  std::vector<std::function<void()>> bodies;
  for (std::size_t t = 0; t < seen.size(); ++t) {
    seen[t].reserve(8);
    bodies.emplace_back([&, t] {
      int value = static_cast<int>(t) * 10;
      for (const Program::Instruction& one : current_program->threads[t]) {
        Atomic<int>& word = words[one.word];
        switch (one.step) {
          case Program::Step::kLoad:
            seen[t].push_back(word.load());
            break;
          case Program::Step::kStore:
            word.store(++value);
            break;
          case Program::Step::kAdd:
            seen[t].push_back(word.fetch_add(1));
            break;
          case Program::Step::kSwap: {
            int expected = 0;
            seen[t].push_back(word.compare_exchange(expected, ++value) ? -1 : expected);
            break;
          }
          case Program::Step::kPost:
            semaphore.post();
            break;
          case Program::Step::kTimedWait:
            seen[t].push_back(semaphore.wait_until(2'000'000'000) ? 1 : 0);
            break;
        }
      }
    });
  }
  in_parallel(std::move(bodies));
  machine::ArenaScope outside(false);
  std::string text;
  for (const auto& thread : seen) {
    for (int value : thread) text += std::to_string(value) + " ";
    text += "| ";
  }
  for (Atomic<int>& word : words) text += std::to_string(word.peek()) + " ";
  *current_outcome = text;
}

std::set<std::string> outcomes(unsigned bound, machine::DepthFirst::Reductions reductions,
                               std::uint64_t& executions) {
  std::set<std::string> all;
  machine::DepthFirst search(bound, reductions);
  machine::ExecutionOptions options;
  do {
    search.restart(bound);
    do {
      std::string outcome;
      current_outcome = &outcome;
      machine::ExecutionResult result = machine::run_execution(&run_program, search, options);
      ++executions;
      EXPECT_FALSE(search.diverged());
      EXPECT_NE(result.ending, machine::Ending::kFailed) << result.sentence << result.details;
      if (result.ending == machine::Ending::kFinished) all.insert(outcome);
      if (result.ending == machine::Ending::kFailed) return all;
    } while (search.advance());
  } while (search.learned());
  return all;
}

TEST(DepthFirst, ReductionsLeaveOutNoOutcomeAtAnyBound) {
  std::uint64_t all_reduced = 0, all_plain = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    Program program = random_program(seed);
    current_program = &program;
    for (unsigned bound = 0; bound <= 3; ++bound) {
      std::uint64_t reduced = 0, plain = 0;
      std::set<std::string> with = outcomes(bound, machine::DepthFirst::Reductions::kOn, reduced);
      std::set<std::string> without = outcomes(bound, machine::DepthFirst::Reductions::kOff, plain);
      ASSERT_EQ(with, without) << text_of(program) << "seed " << seed << ", at most " << bound
                               << " preemptions";
      all_reduced += reduced;
      all_plain += plain;
    }
  }
  EXPECT_LT(all_reduced, all_plain);
  RecordProperty("reduced", static_cast<int>(all_reduced));
  RecordProperty("plain", static_cast<int>(all_plain));
  std::printf("reductions: %llu executions instead of %llu\n",
              static_cast<unsigned long long>(all_reduced),
              static_cast<unsigned long long>(all_plain));
}

}  // namespace
}  // namespace runtime
