// What each strategy promises, measured on planted mistakes.
#include "runtime/base/strategies.h"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/base/exploration.h"

namespace runtime::machine {
namespace {

using testing::HasSubstr;

void work(Atomic<int>& word, int steps) {
  for (int i = 0; i < steps; ++i) word.fetch_add_relaxed(1);
}

// Depth 1: it is enough that thread 3 runs before thread 2.
void wrong_order() {
  Atomic<int> ready{0}, noise{0};
  in_parallel({[&] {
                 work(noise, 10);
                 ready.store_release(1);
               },
               [&] { RT_CHECK(ready.load_acquire() == 1, "it is ready"); }});
}

// Depth 2: thread 3 runs between two neighbouring operations of thread 2.
void one_window() {
  Atomic<int> state{0}, noise{0};
  in_parallel({[&] {
                 work(noise, 10);
                 state.store_release(1);
                 state.store_release(0);
                 work(noise, 10);
               },
               [&] { RT_CHECK(state.load_acquire() == 0, "nobody sees the inside"); }});
}

// Depth 3: into the window of thread 2 and back before thread 3 goes on.
void two_windows() {
  Atomic<int> state{0}, noise{0};
  in_parallel({[&] {
                 work(noise, 5);
                 state.store_release(1);
                 state.store_release(2);
                 work(noise, 5);
               },
               [&] {
                 work(noise, 5);
                 bool first = state.load_acquire() == 1;
                 bool second = state.load_acquire() == 2;
                 RT_CHECK(!(first && second), "nobody sees one, then two");
               }});
}

constexpr unsigned kExecutions = 20'000;

double frequency_of_failure(void (*body)(), unsigned depth, unsigned steps) {
  unsigned failed = 0;
  for (std::uint64_t seed = 1; seed <= kExecutions; ++seed) {
    Pct strategy(seed, depth, steps);
    failed += run_execution(body, strategy, {}).ending == Ending::kFailed ? 1 : 0;
  }
  return static_cast<double>(failed) / kExecutions;
}

unsigned steps_of(void (*body)()) {
  Replay strategy({});
  return run_execution(body, strategy, {}).steps;
}

TEST(Pct, FindsABugOfItsDepthAtLeastAsOftenAsPromised) {
  struct Case {
    void (*body)();
    unsigned depth;
  };
  for (const Case& one : {Case{&wrong_order, 1}, Case{&one_window, 2}, Case{&two_windows, 3}}) {
    unsigned steps = steps_of(one.body);
    double promised = 1.0 / (3 * std::pow(steps, one.depth - 1));
    double found = frequency_of_failure(one.body, one.depth, steps);
    std::printf("depth %u, %u steps: promised %.5f, found %.5f\n", one.depth, steps, promised,
                found);
    double deviation = std::sqrt(promised / kExecutions);  // of a measurement
    EXPECT_GE(found, promised - 3 * deviation) << "depth " << one.depth;
  }
}

TEST(Pct, ASeedIsASchedule) {
  for (std::uint64_t seed : {1u, 2u, 3u}) {
    Pct left(seed, 3, 40), right(seed, 3, 40);
    ExecutionResult first = run_execution(&two_windows, left, {});
    ExecutionResult second = run_execution(&two_windows, right, {});
    ASSERT_EQ(first.switches.size(), second.switches.size());
    for (std::size_t i = 0; i < first.switches.size(); ++i)
      EXPECT_TRUE(first.switches[i].same(second.switches[i]));
  }
}

TEST(UniformRandom, TakesEveryCandidateEquallyOften) {
  Operation operation;
  Candidate candidates[3] = {{2, false, &operation}, {3, false, &operation}, {4, true, &operation}};
  Decision decision{1, 2, 1, true, candidates, 3};
  UniformRandom strategy(7);
  unsigned counts[3] = {};
  for (unsigned i = 0; i < 30'000; ++i) ++counts[strategy.choose(decision)];
  for (unsigned count : counts) EXPECT_NEAR(count, 10'000, 400);
}

TEST(Replay, FollowsWhatARandomScheduleDid) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    UniformRandom random(seed);
    ExecutionResult first = run_execution(&two_windows, random, {});
    Replay replay(first.switches);
    ExecutionResult second = run_execution(&two_windows, replay, {});
    EXPECT_EQ(replay.missed(), 0u);
    EXPECT_EQ(first.ending, second.ending);
    EXPECT_EQ(first.steps, second.steps);
  }
}

TEST(Replay, CountsTheSwitchesThatWereNotMet) {
  for (const Switch& missed : {Switch{2, 3, 9}, Switch{2, 5'000, 3}, Switch{7, 1, 2}}) {
    Replay replay({missed});
    ExecutionResult result = run_execution(&one_window, replay, {});
    EXPECT_EQ(result.ending, Ending::kFinished);
    EXPECT_EQ(replay.missed(), 1u);
  }
}

TEST(Replay, ASwitchThatCannotBeMetAnyMoreDoesNotHoldUpTheNext) {
  // Thread 2 never goes to a thread 9; it is stopped before its second store all the same.
  Replay replay({{2, 3, 9}, {2, 12, 3}});
  ExecutionResult result = run_execution(&one_window, replay, {});
  EXPECT_EQ(replay.missed(), 1u);
  EXPECT_EQ(result.sentence, "nobody sees the inside");
}

RT_SCENARIO(two_points, "test/two_points", "Thread 3 between the points of thread 2.") {
  Atomic<int> word{0};
  in_parallel({[&] {
                 word.store(1);
                 point("first");
                 word.store(2);
                 point("second");
                 word.store(3);
               },
               [&] {
                 RT_CHECK(word.load() == 2, "thread 3 runs between the points");
                 point("seen");
                 RT_CHECK(word.load() == 3, "thread 2 has ended");
               }});
}

DirectedRun directed(std::vector<Direction> directions) {
  for (const Scenario& scenario : all_scenarios()) {
    if (std::string(scenario.name) == "test/two_points")
      return run_directed(scenario, std::move(directions));
  }
  return {};
}

TEST(Directed, LeadsThreadsFromPointToPoint) {
  DirectedRun run = directed({{2, "second"}, {3, "seen"}, {2, nullptr}, {3, nullptr}});
  EXPECT_EQ(run.problem, "");
  EXPECT_FALSE(run.failure.has_value()) << run.trace;
  run = directed({{2, "first"}, {3, "seen"}});
  ASSERT_TRUE(run.failure.has_value());
  EXPECT_EQ(run.failure->sentence, "thread 3 runs between the points");
}

TEST(Directed, SaysWhichPointWasNotReached) {
  EXPECT_THAT(directed({{2, "second"}, {3, "no such point"}}).problem,
              HasSubstr("thread 3 did not come to the point no such point"));
  EXPECT_THAT(directed({{9, "first"}}).problem, HasSubstr("thread 9 did not come to"));
}

RT_SCENARIO(window, "test/window", "Wrong: nobody sees the inside of a window.") { one_window(); }
RT_SCENARIO(windows, "test/windows", "Wrong: nobody sees one, then two.") { two_windows(); }
RT_SCENARIO(order, "test/order", "Wrong: thread 2 comes first.") { wrong_order(); }

// Whatever found it, the schedule that is shown has the fewest preemptions that break the sentence.
TEST(Shrinking, LeavesTheFewestPreemptions) {
  struct Case {
    const char* scenario;
    unsigned preemptions;
  };
  for (const Case& one : {Case{"test/order", 0}, Case{"test/window", 1}, Case{"test/windows", 2}}) {
    for (const Scenario& scenario : all_scenarios()) {
      if (std::string(scenario.name) != one.scenario) continue;
      for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        for (StrategyKind kind :
             {StrategyKind::kPct, StrategyKind::kRandom, StrategyKind::kDepthFirst}) {
          ExplorationOptions options;
          options.strategy = kind;
          options.seed = seed * 1'000'000;
          options.schedules = 100'000;
          Exploration found = explore(scenario, options);
          ASSERT_TRUE(found.failure.has_value()) << one.scenario;
          EXPECT_EQ(found.failure->preemptions, one.preemptions) << found.failure->trace;
        }
      }
    }
  }
}

}  // namespace
}  // namespace runtime::machine
