#include "runtime/threads/mutex.h"

#include <cstring>
#include <gtest/gtest.h>

#include "runtime/threads/detach_count.h"
#include "runtime/threads/running_thread.h"

namespace runtime {
namespace {

constexpr Nanoseconds kMillisecond = 1'000'000;

void wait_until_past(Nanoseconds time) {
  while (now() <= time) spin_pause();
}

TEST(Mutex, ZeroBytesAreAFreeMutex) {
  alignas(Mutex) unsigned char bytes[sizeof(Mutex)];
  std::memset(bytes, 0, sizeof(bytes));
  auto& mutex = *reinterpret_cast<Mutex*>(bytes);
  EXPECT_FALSE(mutex.is_locked());
  ASSERT_TRUE(mutex.try_lock());
  EXPECT_TRUE(mutex.is_locked());
  EXPECT_FALSE(mutex.try_lock());
  mutex.unlock();
  EXPECT_EQ(bytes[0], 0);
}

TEST(Mutex, LetsOneThreadInAtATime) {
  World world;
  MainThread self(world);
  constexpr int kTurns = 20'000;
  Mutex mutex;
  int count = 0;  // plain: ThreadSanitizer watches it
  auto body = [&](ThreadState& thread) {
    for (int turn = 0; turn < kTurns; ++turn) {
      MutexGuard guard(thread, mutex);
      ++count;
    }
  };
  {
    RunningThread first(world, body);
    RunningThread second(world, body);
    RunningThread third(world, body);
  }
  EXPECT_EQ(count, 3 * kTurns);
  EXPECT_FALSE(mutex.is_locked());
}

TEST(Mutex, LeafLockingNeedsNoThreadState) {
  constexpr int kTurns = 20'000;
  Mutex mutex;
  int count = 0;
  auto body = [&] {
    for (int turn = 0; turn < kTurns; ++turn) {
      LeafGuard guard(mutex);
      ++count;
    }
  };
  Thread first(body);
  Thread second(body);
  first.join();
  second.join();
  EXPECT_EQ(count, 2 * kTurns);
}

TEST(Mutex, AWaiterIsDetachedUntilItGetsTheMutex) {
  World world;
  DetachCount detaches(world);
  MainThread self(world);
  Mutex mutex;
  mutex.lock(self);
  bool was_attached = false;
  RunningThread waiter(world, [&](ThreadState& thread) {
    mutex.lock(thread);
    was_attached = thread.is_attached() && this_thread_or_null() == &thread;
    mutex.unlock();
  });
  detaches.wait_for(waiter.serial(), 1);
  mutex.unlock();
  waiter.join();
  EXPECT_TRUE(was_attached);
}

TEST(Mutex, IsHandedToWhoWaitedLongerThanAMillisecond) {
  World world;
  DetachCount detaches(world);
  MainThread self(world);
  Mutex mutex;
  mutex.lock(self);
  Semaphore may_unlock;
  RunningThread waiter(world, [&](ThreadState& thread) {
    mutex.lock(thread);
    {
      Detached detached(thread);
      may_unlock.wait();
    }
    mutex.unlock();
  });
  detaches.wait_for(waiter.serial(), 1);
  wait_until_past(now() + 2 * kTimeToBeFair);
  mutex.unlock();
  EXPECT_FALSE(mutex.try_lock()) << "a mutex that is handed over is never free on the way";
  may_unlock.post();
  mutex.lock(self);
  mutex.unlock();
}

TEST(Mutex, ATimeThatHasPassedTriesOnce) {
  World world;
  MainThread self(world);
  Mutex mutex;
  EXPECT_EQ(mutex.lock_until(self, now()), LockResult::kAcquired);
  EXPECT_EQ(mutex.lock_until(self, now()), LockResult::kTimedOut);
  EXPECT_EQ(mutex.lock_until(self, 0), LockResult::kTimedOut);
  mutex.unlock();
}

TEST(Mutex, AWaitEndsAtItsDeadlineAndNotBefore) {
  World world;
  MainThread self(world);
  Mutex mutex;
  mutex.lock(self);
  Nanoseconds deadline = now() + 3 * kMillisecond;
  EXPECT_EQ(mutex.lock_until(self, deadline), LockResult::kTimedOut);
  EXPECT_GE(now(), deadline);
  EXPECT_TRUE(self->is_attached());
  mutex.unlock();
  EXPECT_FALSE(mutex.is_locked()) << "the waiter that left is not waited for";
  EXPECT_EQ(mutex.lock_until(self, kForever), LockResult::kAcquired);
  mutex.unlock();
}

// Whatever a waiter says, it must be true: the mutex has exactly one owner, or none.
TEST(Mutex, DeadlinesLoseNothing) {
  World world;
  MainThread self(world);
  constexpr int kTurns = 3'000;
  Mutex mutex;
  int inside = 0;
  Atomic<int> acquired{0};
  int entered = 0;
  auto body = [&](ThreadState& thread) {
    for (int turn = 0; turn < kTurns; ++turn) {
      if (mutex.lock_until(thread, now() + (turn % 7) * 500) == LockResult::kTimedOut) continue;
      acquired.fetch_add(1);
      ++entered;
      ASSERT_EQ(++inside, 1);
      --inside;
      mutex.unlock();
    }
  };
  {
    RunningThread first(world, body);
    RunningThread second(world, body);
    RunningThread third(world, body);
  }
  EXPECT_EQ(entered, acquired.load());
  EXPECT_FALSE(mutex.is_locked());
}

TEST(Mutex, AnotherThreadMayUnlock) {
  World world;
  MainThread self(world);
  Mutex mutex;
  mutex.lock(self);
  RunningThread other(world, [&](ThreadState&) { mutex.unlock(); });
  mutex.lock(self);
  mutex.unlock();
}

using MutexDeathTest = ::testing::Test;
TEST(MutexDeathTest, UnlockingAFreeMutexIsCaught) {
  Mutex mutex;
  EXPECT_DEATH(mutex.unlock(), "a mutex that is unlocked was locked");
}

TEST(MutexDeathTest, LockingWithTheStateOfAnotherThreadIsCaught) {
  if (!kChecksEnabled) GTEST_SKIP() << "this build checks no laws";
  World world;
  ThreadState* other = world.create_thread();
  Mutex mutex;
  mutex.lock_leaf();
  EXPECT_DEATH(mutex.lock(*other), "law 5");
  mutex.unlock();
  world.destroy_thread(other);
}

}  // namespace
}  // namespace runtime
