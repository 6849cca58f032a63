#include "runtime/threads/stop_the_world.h"

#include <gtest/gtest.h>

#include "runtime/threads/critical_section.h"
#include "runtime/threads/detach_count.h"
#include "runtime/threads/running_thread.h"

namespace runtime {
namespace {

// Several threads count, each in its own plain counter; who stops the world may touch all of them.
struct Counters {
  static constexpr unsigned kThreads = 3;
  int counts[kThreads] = {};
  Atomic<bool> is_over;
  Atomic<unsigned> running{0};

  std::function<void(ThreadState&)> body(unsigned index) {
    return [this, index](ThreadState& thread) {
      running.fetch_add(1);
      while (!is_over.load_relaxed()) {
        ++counts[index];
        if (counts[index] % 64 == 0) Detached detached(thread);
        safe_point(thread);
      }
    };
  }
};

TEST(StopTheWorld, LeavesTheRequesterAlone) {
  World world;
  MainThread self(world);
  Counters counters;
  RunningThread first(world, counters.body(0));
  RunningThread second(world, counters.body(1));
  RunningThread third(world, counters.body(2));
  for (int round = 0; round < 200; ++round) {
    StoppedWorld stopped(self);
    EXPECT_TRUE(world.is_stopped());
    EXPECT_EQ(this_thread_or_null(), &static_cast<ThreadState&>(self));
    world.for_each_thread([&](ThreadState& thread) {
      EXPECT_EQ(thread.is_attached(), thread.serial() == self->serial());
    });
    int before = counters.counts[0] + counters.counts[1] + counters.counts[2];
    for (int& count : counters.counts) ++count;
    for (int turn = 0; turn < 100; ++turn) spin_pause();
    int after = counters.counts[0] + counters.counts[1] + counters.counts[2];
    EXPECT_EQ(after, before + 3);
  }
  EXPECT_FALSE(world.is_stopped());
  counters.is_over.store(true);
}

TEST(StopTheWorld, TakesTurnsWithOthersThatStopIt) {
  World world;
  constexpr int kRounds = 300;
  int rounds = 0;  // plain: only who has stopped the world touches it
  auto body = [&](ThreadState& thread) {
    for (int round = 0; round < kRounds; ++round) {
      StoppedWorld stopped(thread);
      ++rounds;
    }
  };
  {
    RunningThread first(world, body);
    RunningThread second(world, body);
    RunningThread third(world, body);
  }
  EXPECT_EQ(rounds, 3 * kRounds);
}

TEST(StopTheWorld, AnswersAtOnceWhenNobodyElseIsThere) {
  World world;
  MainThread self(world);
  stop_the_world(self);
  EXPECT_TRUE(world.is_stopped());
  start_the_world(self);
  EXPECT_FALSE(world.is_stopped());
}

// In these two nothing but the status of the thread orders the accesses; ThreadSanitizer watches
// `word`. Whoever touches it first does not spin afterwards: that would push the access out of the
// history from which ThreadSanitizer reports.
TEST(StopTheWorld, ShowsWhatADetachedThreadDidBefore) {
  World world;
  MainThread self(world);
  for (int round = 1; round <= 50; ++round) {
    int word = 0;
    Atomic<bool> is_detached{false};
    Semaphore may_end;
    RunningThread other(world, [&](ThreadState& thread) {
      word = round;
      Detached detached(thread);
      is_detached.store_relaxed(true);
      may_end.wait();
    });
    while (!is_detached.load_relaxed()) spin_pause();
    {
      StoppedWorld stopped(self);
      EXPECT_EQ(word, round);
    }
    may_end.post();
  }
}

TEST(StopTheWorld, ShowsWhatWasDoneMeanwhileToWhoAttachesAfterwards) {
  World world;
  MainThread self(world);
  int word = 0;
  Semaphore is_detached;
  Atomic<bool> is_started{false};
  RunningThread other(world, [&](ThreadState& thread) {
    {
      Detached detached(thread);
      is_detached.post();
      while (!is_started.load_relaxed()) spin_pause();
    }
    EXPECT_EQ(word, 1);
  });
  is_detached.wait();
  {
    StoppedWorld stopped(self);
    word = 1;
  }
  is_started.store_relaxed(true);
}

TEST(StopTheWorld, ByWhoIsNotAttachedStopsEverybody) {
  World world;
  Counters counters;
  RunningThread first(world, counters.body(0));
  RunningThread second(world, counters.body(1));
  for (int round = 0; round < 200; ++round) {
    StoppedWorld stopped(world);
    world.for_each_thread([](ThreadState& thread) { EXPECT_FALSE(thread.is_attached()); });
    ++counters.counts[0];
    ++counters.counts[1];
  }
  counters.is_over.store(true);
}

TEST(StopTheWorld, DoesNotWaitForWhoBlocks) {
  World world;
  DetachCount detaches(world);
  MainThread self(world);
  Mutex mutex;
  mutex.lock(self);
  auto body = [&](ThreadState& thread) {
    Mutex own;
    CriticalSection section(thread, own);
    MutexGuard guard(thread, mutex);
  };
  RunningThread first(world, body);
  RunningThread second(world, body);
  detaches.wait_for(first.serial(), 1);
  detaches.wait_for(second.serial(), 1);
  { StoppedWorld stopped(self); }
  {
    StoppedWorld stopped(self);
    mutex.unlock();  // wakes one of them, which cannot attach yet
    world.for_each_thread([&](ThreadState& thread) {
      EXPECT_EQ(thread.is_attached(), thread.serial() == self->serial());
    });
  }
}

TEST(StopTheWorld, AThreadCreatedMeanwhileWaits) {
  World world;
  MainThread self(world);
  world.destroy_thread(world.create_thread());  // the making of a second thread would wait
  Atomic<bool> is_started{false};
  int word = 0;  // plain
  Atomic<bool> is_created{false};
  Thread creator;
  {
    StoppedWorld stopped(self);
    creator = Thread([&] {
      ThreadState* born = world.create_thread();
      is_created.store(true);
      attach(*born);
      EXPECT_TRUE(is_started.load());
      ++word;
      world.destroy_thread(born);
    });
    while (!is_created.load()) spin_pause();
    ++word;
    is_started.store(true);
  }
  Detached detached(self);
  creator.join();
  EXPECT_EQ(word, 2);
}

TEST(StopTheWorld, AThreadThatEndsIsNotWaitedFor) {
  World world;
  MainThread self(world);
  for (int round = 0; round < 200; ++round) {
    RunningThread brief(world, [](ThreadState&) {});
    RunningThread other(world, [](ThreadState& thread) { Detached detached(thread); });
    StoppedWorld stopped(self);
    EXPECT_LE(world.thread_count(), 3u);
  }
}

TEST(StopTheWorld, AStateThatNeverRanCanEndMeanwhile) {
  World world;
  MainThread self(world);
  ThreadState* before = world.create_thread();
  {
    StoppedWorld stopped(self);
    world.destroy_thread(before);
    world.destroy_thread(world.create_thread());
  }
  StoppedWorld again(self);
}

TEST(StopTheWorldDeathTest, MistakesOfTheRequesterAreCaught) {
  World world;
  MainThread self(world);
  EXPECT_DEATH(start_the_world(self), "who stopped the world starts it");
  StoppedWorld stopped(self);
  EXPECT_DEATH(stop_the_world(self), "who stopped the world does not stop it again");
  EXPECT_DEATH(detach(self), "who stopped the world does not wait before it starts");
  if (kChecksEnabled) {
    EXPECT_DEATH(safe_point(self), "who stopped the world does not wait before it starts");
  }
}

}  // namespace
}  // namespace runtime
