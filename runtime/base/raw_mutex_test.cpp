#include "runtime/base/raw_mutex.h"

#include <gtest/gtest.h>
#include <memory>
#include <vector>

namespace runtime {
namespace {

TEST(RawMutex, TryLockDeclinesWhileItIsHeld) {
  RawMutex mutex;
  ASSERT_TRUE(mutex.try_lock());
  EXPECT_TRUE(mutex.is_locked());
  EXPECT_FALSE(mutex.try_lock());
  mutex.unlock();
  EXPECT_FALSE(mutex.is_locked());
  EXPECT_TRUE(mutex.try_lock());
  mutex.unlock();
}

TEST(RawMutex, AGuardUnlocksAtTheEndOfItsBlock) {
  RawMutex mutex;
  {
    RawMutexGuard guard(mutex);
    EXPECT_TRUE(mutex.is_locked());
  }
  EXPECT_FALSE(mutex.is_locked());
}

TEST(RawMutexDeathTest, UnlockingWhatIsNotLockedStops) {
  EXPECT_DEATH(
      {
        RawMutex mutex;
        mutex.unlock();
      },
      "a mutex that is unlocked was locked");
}

// The counter is plain, so that ThreadSanitizer sees a section that is not visible in the next.
TEST(RawMutex, ManyThreadsLoseNoIncrement) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 20'000;
  RawMutex mutex;
  long counter = 0;
  std::vector<Thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < kRounds; ++round) {
        RawMutexGuard guard(mutex);
        ++counter;
      }
    });
  }
  for (Thread& thread : threads) thread.join();
  EXPECT_EQ(counter, static_cast<long>(kThreads) * kRounds);
  EXPECT_FALSE(mutex.is_locked());
}

// Each round several threads wait for the mutex; all must come through one after the other.
TEST(RawMutex, EveryWaiterIsWokenInTheEnd) {
  constexpr int kThreads = 4;
  for (int round = 0; round < 200; ++round) {
    RawMutex mutex;
    Atomic<int> arrived{0};
    int inside = 0;
    mutex.lock();
    std::vector<Thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&] {
        arrived.fetch_add(1);
        RawMutexGuard guard(mutex);
        ++inside;
      });
    }
    while (arrived.load() < kThreads) spin_pause();
    mutex.unlock();
    for (Thread& thread : threads) thread.join();
    EXPECT_EQ(inside, kThreads);
  }
}

// A mutex may die right after its last holder: whoever locks last frees it.
TEST(RawMutex, MayBeDestroyedByWhoeverHeldItLast) {
  for (int round = 0; round < 500; ++round) {
    auto mutex = std::make_unique<RawMutex>();
    int left = 2;
    auto leave = [&] {
      mutex->lock();
      bool last = --left == 0;
      mutex->unlock();
      return last;
    };
    bool other_was_last = false;
    Thread other([&] { other_was_last = leave(); });
    bool was_last = leave();
    other.join();
    EXPECT_NE(was_last, other_was_last);
    mutex.reset();
  }
}

}  // namespace
}  // namespace runtime
