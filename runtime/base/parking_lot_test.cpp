#include "runtime/base/parking_lot.h"

#include <gtest/gtest.h>
#include <memory>
#include <vector>

namespace runtime {
namespace {

constexpr Nanoseconds kMillisecond = 1'000'000;

// Unparks until somebody was there to be woken.
void wake_one(const void* word) {
  for (bool found = false; !found; spin_pause()) {
    unpark_one(word, [&](void* argument, bool) { found = argument != nullptr; });
  }
}

TEST(ParkingLot, DoesNotSleepWhenTheWordHasChanged) {
  Atomic<std::uint8_t> word{2};
  EXPECT_EQ(park(word, 1), ParkResult::kChanged);
  Atomic<int> number{-1};
  EXPECT_EQ(park(number, 0), ParkResult::kChanged);
  Atomic<std::uint32_t> wide{7};
  EXPECT_EQ(park(wide, 8), ParkResult::kChanged);
  Atomic<std::uint64_t> wider{std::uint64_t{1} << 40};
  EXPECT_EQ(park(wider, 0), ParkResult::kChanged);
}

TEST(ParkingLot, GivesUpAtTheDeadlineAndLeavesTheQueue) {
  Atomic<int> word{1};
  Nanoseconds begun = now();
  EXPECT_EQ(park(word, 1, begun + 2 * kMillisecond), ParkResult::kTimedOut);
  EXPECT_GE(now(), begun + 2 * kMillisecond);
  EXPECT_EQ(unpark_all(&word), 0u);
}

TEST(ParkingLot, ADeadlineInThePastDoesNotSleep) {
  Atomic<int> word{1};
  EXPECT_EQ(park(word, 1, now() - 1), ParkResult::kTimedOut);
}

TEST(ParkingLot, AnUnparkWithoutWaitersStillRunsItsCallback) {
  Atomic<int> word{1};
  int calls = 0;
  unpark_one(&word, [&](void* argument, bool more_waiters) {
    ++calls;
    EXPECT_EQ(argument, nullptr);
    EXPECT_FALSE(more_waiters);
  });
  EXPECT_EQ(calls, 1);
}

TEST(ParkingLot, TheCallbackSeesTheArgumentOfTheWaiter) {
  Atomic<int> word{1};
  int message = 0;
  Thread waiter([&] { EXPECT_EQ(park(word, 1, kForever, &message), ParkResult::kWoken); });
  bool done = false;
  while (!done) {
    unpark_one(&word, [&](void* argument, bool) {
      if (argument == nullptr) return;
      *static_cast<int*>(argument) = 17;
      done = true;
    });
  }
  waiter.join();
  EXPECT_EQ(message, 17);
}

// Each waiter begins only when the one before it is surely in the queue: it says so from its hook.
TEST(ParkingLot, WaitersAreWokenInTheOrderOfTheirComing) {
  constexpr int kWaiters = 4;
  Atomic<int> word{1};
  Atomic<int> asleep{0};
  ParkHooks hooks{&asleep, [](void* context) { static_cast<Atomic<int>*>(context)->fetch_add(1); },
                  [](void*) {}};
  std::vector<int> names{0, 1, 2, 3};
  std::vector<Thread> threads;
  for (int i = 0; i < kWaiters; ++i) {
    threads.emplace_back(
        [&, i] { EXPECT_EQ(park(word, 1, kForever, &names[i], &hooks), ParkResult::kWoken); });
    while (asleep.load() != i + 1) spin_pause();
  }
  for (int i = 0; i < kWaiters; ++i) {
    unpark_one(&word, [&](void* argument, bool more_waiters) {
      ASSERT_NE(argument, nullptr);
      EXPECT_EQ(*static_cast<int*>(argument), i);
      EXPECT_EQ(more_waiters, i + 1 < kWaiters);
    });
  }
  for (Thread& thread : threads) thread.join();
}

// Two words in one bucket: addresses that differ by a multiple of the number of buckets.
TEST(ParkingLot, AWordInTheSameBucketIsLeftAlone) {
  constexpr int kDistance = 257;
  auto words = std::make_unique<Atomic<std::uint8_t>[]>(kDistance + 1);
  Atomic<std::uint8_t>& ours = words[0];
  Atomic<std::uint8_t>& other = words[kDistance];
  Atomic<int> asleep{0};
  ParkHooks hooks{&asleep, [](void* context) { static_cast<Atomic<int>*>(context)->fetch_add(1); },
                  [](void*) {}};
  Thread first([&] { EXPECT_EQ(park(other, 0, kForever, &other, &hooks), ParkResult::kWoken); });
  while (asleep.load() != 1) spin_pause();
  Thread second([&] { EXPECT_EQ(park(ours, 0, kForever, &ours, &hooks), ParkResult::kWoken); });
  while (asleep.load() != 2) spin_pause();

  unpark_one(&ours, [&](void* argument, bool more_waiters) {
    EXPECT_EQ(argument, &ours);
    EXPECT_FALSE(more_waiters) << "the other word's waiter is not ours";
  });
  EXPECT_EQ(unpark_all(&ours), 0u);
  EXPECT_EQ(unpark_all(&other), 1u);
  first.join();
  second.join();
}

TEST(ParkingLot, UnparkAllWakesEverybody) {
  constexpr int kWaiters = 4;
  Atomic<std::uint8_t> word{1};
  Atomic<int> asleep{0};
  Atomic<int> awake{0};
  struct Counters {
    Atomic<int>& asleep;
    Atomic<int>& awake;
  } counters{asleep, awake};
  ParkHooks hooks{&counters,
                  [](void* context) { static_cast<Counters*>(context)->asleep.fetch_add(1); },
                  [](void* context) { static_cast<Counters*>(context)->awake.fetch_add(1); }};
  std::vector<Thread> threads;
  for (int i = 0; i < kWaiters; ++i) {
    threads.emplace_back(
        [&] { EXPECT_EQ(park(word, 1, kForever, nullptr, &hooks), ParkResult::kWoken); });
  }
  while (asleep.load() != kWaiters) spin_pause();
  EXPECT_EQ(unpark_all(&word), static_cast<unsigned>(kWaiters));
  for (Thread& thread : threads) thread.join();
  EXPECT_EQ(awake.load(), kWaiters) << "hooks come in pairs";
  EXPECT_EQ(unpark_all(&word), 0u);
}

TEST(ParkingLot, HooksRunOnlyAroundASleep) {
  Atomic<int> word{1};
  int calls = 0;
  ParkHooks hooks{&calls, [](void* context) { ++*static_cast<int*>(context); },
                  [](void* context) { *static_cast<int*>(context) += 10; }};
  EXPECT_EQ(park(word, 0, kForever, nullptr, &hooks), ParkResult::kChanged);
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(park(word, 1, now(), nullptr, &hooks), ParkResult::kTimedOut);
  EXPECT_EQ(calls, 11);
}

// Deadlines and wakes meet as often as this machine lets them. A wake that chose a thread is never
// lost: the number of chosen waiters is the number of returns with kWoken.
TEST(ParkingLot, NoWakeIsLostAtTheDeadline) {
  Atomic<int> word{1};
  Atomic<bool> stop{false};
  long woken = 0;
  long timed_out = 0;
  Thread waiter([&] {
    while (!stop.load()) {
      ParkResult result = park(word, 1, now() + 3'000, &word);
      ++(result == ParkResult::kWoken ? woken : timed_out);
    }
  });
  long chosen = 0;
  for (Nanoseconds end = now() + 200 * kMillisecond; now() < end;) {
    unpark_one(&word, [&](void* argument, bool) { chosen += argument != nullptr; });
    for (Nanoseconds pause = now() + 2'000; now() < pause;) spin_pause();
  }
  stop.store(true);
  waiter.join();
  EXPECT_EQ(woken, chosen);
  EXPECT_GT(woken + timed_out, 0);
}

// A one-place ring: whoever finds the word unfit sleeps. Data is plain, so that ThreadSanitizer
// checks the promise of visibility.
TEST(ParkingLot, WhatWasDoneBeforeTheUnparkIsVisibleAfterIt) {
  constexpr int kItems = 5'000;
  Atomic<int> full{0};
  int item = 0;
  long sum = 0;
  Thread consumer([&] {
    for (int i = 0; i < kItems; ++i) {
      while (full.load() == 0) park(full, 0);
      sum += item;
      full.store(0);
      unpark_one(&full, [](void*, bool) {});
    }
  });
  for (int i = 1; i <= kItems; ++i) {
    while (full.load() == 1) park(full, 1);
    item = i;
    full.store(1);
    unpark_one(&full, [](void*, bool) {});
  }
  consumer.join();
  EXPECT_EQ(sum, static_cast<long>(kItems) * (kItems + 1) / 2);
}

TEST(ParkingLot, AWaiterIsWokenHoweverLateTheUnpark) {
  Atomic<int> word{1};
  Thread waiter([&] { EXPECT_EQ(park(word, 1, kForever, &word), ParkResult::kWoken); });
  wake_one(&word);
  waiter.join();
}

}  // namespace
}  // namespace runtime
