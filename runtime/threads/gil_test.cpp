#include "runtime/threads/gil.h"

#include <gtest/gtest.h>

#include "runtime/threads/detach_count.h"
#include "runtime/threads/running_thread.h"

namespace runtime {
namespace {

constexpr Nanoseconds kShortInterval = 100'000;

// With the GIL, threads change this without any other lock. ThreadSanitizer watches it.
struct Plain {
  int inside = 0;
  int count = 0;

  void change() {
    ASSERT_EQ(++inside, 1);
    ++count;
    --inside;
  }
};

TEST(Gil, IsOffUnlessAskedFor) {
  World world;
  MainThread self(world);
  EXPECT_FALSE(world.gil().is_enabled());
  EXPECT_FALSE(self->holds_gil());
}

TEST(Gil, LetsOneThreadRunAtATime) {
  World world({GilMode::kOn, kShortInterval});
  constexpr int kTurns = 20'000;
  Plain plain;
  auto body = [&](ThreadState& thread) {
    EXPECT_TRUE(thread.holds_gil());
    for (int turn = 0; turn < kTurns; ++turn) {
      plain.change();
      if (turn % 100 == 0) Detached detached(thread);
      safe_point(thread);
    }
  };
  {
    RunningThread first(world, body);
    RunningThread second(world, body);
    RunningThread third(world, body);
  }
  EXPECT_EQ(plain.count, 3 * kTurns);
}

// Neither thread ever blocks: only the switch interval lets the other one in.
TEST(Gil, SwitchesAfterTheInterval) {
  World world({GilMode::kOn, kShortInterval});
  EXPECT_EQ(world.gil().switch_interval(), kShortInterval);
  int turn = 0;  // plain
  auto body = [&](int parity) {
    return [&turn, parity](ThreadState& thread) {
      while (turn < 20) {
        if (turn % 2 == parity) ++turn;
        safe_point(thread);
      }
    };
  };
  {
    RunningThread even(world, body(0));
    RunningThread odd(world, body(1));
  }
  EXPECT_EQ(turn, 20);
}

TEST(Gil, CanBeEnabledAndDisabledWhileOthersRun) {
  World world({GilMode::kOff, kShortInterval});
  MainThread self(world);
  Plain plain;
  Atomic<bool> is_over{false};
  auto body = [&](ThreadState& thread) {
    unsigned turn = 0;
    while (!is_over.load_relaxed()) {
      // The GIL was enabled or not when we attached; it changes only in a stopped world or by its
      // holder.
      if (thread.holds_gil()) plain.change();
      if (++turn % 16 == 0) Detached detached(thread);
      safe_point(thread);
    }
  };
  {
    RunningThread first(world, body);
    RunningThread second(world, body);
    for (int round = 0; round < 100; ++round) {
      EXPECT_FALSE(self->holds_gil());
      enable_gil(self);
      EXPECT_TRUE(self->holds_gil());
      for (int turn = 0; turn < 10; ++turn) {
        plain.change();
        Detached detached(self);
      }
      disable_gil(self);
    }
    is_over.store(true);
  }
  EXPECT_FALSE(world.gil().is_enabled());
  EXPECT_GE(plain.count, 1000);
}

TEST(Gil, StaysEnabledUntilTheLastOneDisablesIt) {
  World world;
  MainThread self(world);
  enable_gil(self);
  enable_gil(self);
  disable_gil(self);
  EXPECT_TRUE(world.gil().is_enabled());
  EXPECT_TRUE(self->holds_gil());
  disable_gil(self);
  EXPECT_FALSE(world.gil().is_enabled());
  EXPECT_FALSE(self->holds_gil());
}

TEST(Gil, EnabledForGoodIsNotDisabled) {
  World world;
  MainThread self(world);
  enable_gil(self);
  enable_gil_for_good(self);
  disable_gil(self);
  disable_gil(self);
  enable_gil(self);
  disable_gil(self);
  EXPECT_TRUE(world.gil().is_enabled());
  EXPECT_TRUE(self->holds_gil());
  Detached detached(self);
  RunningThread other(world, [](ThreadState& thread) { EXPECT_TRUE(thread.holds_gil()); });
}

TEST(Gil, DisablingItLetsInWhoWaitsForIt) {
  World world;
  MainThread self(world);
  enable_gil(self);
  Atomic<int> running{0};
  auto body = [&](ThreadState& thread) {
    EXPECT_FALSE(thread.holds_gil());
    running.fetch_add(1);
    while (running.load() != 3) safe_point(thread);  // all three run at once
  };
  RunningThread first(world, body);
  RunningThread second(world, body);
  RunningThread third(world, body);
  EXPECT_EQ(running.load(), 0);
  disable_gil(self);
}

TEST(Gil, IsGivenUpByWhoEnds) {
  World world({GilMode::kOn, kShortInterval});
  for (int round = 0; round < 3; ++round) {
    RunningThread brief(world, [](ThreadState&) {});
    RunningThread other(world, [](ThreadState&) {});
  }
  MainThread self(world);
  EXPECT_TRUE(self->holds_gil());
}

TEST(Gil, TheWorldCanBeStoppedByItsHolderAndByWhoHasNoState) {
  World world({GilMode::kOn, kShortInterval});
  Plain plain;
  auto body = [&](ThreadState& thread) {
    for (int turn = 0; turn < 100; ++turn) {
      StoppedWorld stopped(thread);
      plain.change();
    }
  };
  {
    RunningThread first(world, body);
    RunningThread second(world, body);
    for (int round = 0; round < 100; ++round) {
      StoppedWorld stopped(world);
      plain.change();
    }
  }
  EXPECT_EQ(plain.count, 300);
}

TEST(GilDeathTest, OnlyItsHolderDisablesIt) {
  World world;
  MainThread self(world);
  EXPECT_DEATH(disable_gil(self), "the GIL is disabled by who holds it");
}

}  // namespace
}  // namespace runtime
