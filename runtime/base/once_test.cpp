#include "runtime/base/once.h"

#include <gtest/gtest.h>
#include <vector>

namespace runtime {
namespace {

TEST(Once, RunsTheInitializerOnce) {
  Once once;
  int runs = 0;
  auto initialize = [&] {
    ++runs;
    return true;
  };
  EXPECT_FALSE(once.is_done());
  EXPECT_TRUE(once.call(initialize));
  EXPECT_TRUE(once.is_done());
  EXPECT_TRUE(once.call(initialize));
  EXPECT_EQ(runs, 1);
}

TEST(Once, TriesAgainAfterAFailure) {
  Once once;
  int runs = 0;
  auto initialize = [&] { return ++runs == 2; };
  EXPECT_FALSE(once.call(initialize));
  EXPECT_FALSE(once.is_done());
  EXPECT_TRUE(once.call(initialize));
  EXPECT_TRUE(once.call(initialize));
  EXPECT_EQ(runs, 2);
}

// `value` is plain: ThreadSanitizer checks that the initializer is visible to all.
TEST(Once, EverybodySeesWhatTheInitializerDid) {
  constexpr int kThreads = 3;
  for (int round = 1; round <= 300; ++round) {
    Once once;
    int value = 0;
    int runs = 0;
    Atomic<int> right{0};
    std::vector<Thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        bool done = once.call([&] {
          ++runs;
          value = round;
          return true;
        });
        if (done && value == round) right.fetch_add(1);
      });
    }
    for (Thread& thread : threads) thread.join();
    EXPECT_EQ(right.load(), kThreads);
    EXPECT_EQ(runs, 1);
  }
}

TEST(Once, WhoFindsItDoneSeesWhatTheInitializerDid) {
  for (int round = 1; round <= 100; ++round) {
    Once once;
    int value = 0;
    Thread other([&] {
      while (!once.is_done()) spin_pause();
      EXPECT_EQ(value, round);
    });
    EXPECT_TRUE(once.call([&] {
      value = round;
      return true;
    }));
    other.join();
  }
}

TEST(Once, WaitersTryWhenTheFirstFails) {
  Once once;
  Atomic<int> asleep{0};
  ParkHooks hooks{&asleep, [](void* context) { static_cast<Atomic<int>*>(context)->fetch_add(1); },
                  [](void*) {}};
  int second_runs = 0;
  std::vector<Thread> waiters;
  EXPECT_FALSE(once.call([&] {
    for (int i = 0; i < 2; ++i) {
      waiters.emplace_back([&] {
        EXPECT_TRUE(once.call(
            [&] {
              ++second_runs;
              return true;
            },
            &hooks));
      });
    }
    while (asleep.load() != 2) spin_pause();
    return false;
  }));
  for (Thread& waiter : waiters) waiter.join();
  EXPECT_EQ(second_runs, 1);
}

}  // namespace
}  // namespace runtime
