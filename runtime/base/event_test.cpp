#include "runtime/base/event.h"

#include <gtest/gtest.h>
#include <memory>
#include <vector>

namespace runtime {
namespace {

constexpr Nanoseconds kMillisecond = 1'000'000;

TEST(Event, IsNotSetUntilSomebodySetsIt) {
  Event event;
  EXPECT_FALSE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
  event.wait();
}

TEST(Event, AWaitEndsAtItsDeadline) {
  Event event;
  Nanoseconds begun = now();
  EXPECT_FALSE(event.wait_until(begun + 2 * kMillisecond));
  EXPECT_GE(now(), begun + 2 * kMillisecond);
  EXPECT_FALSE(event.wait_until(begun));
  event.set();
  EXPECT_TRUE(event.wait_until(begun));
}

// The message is plain: ThreadSanitizer checks that set() makes it visible.
TEST(Event, EverybodyWhoWaitsIsWokenAndSeesWhatWasDoneBefore) {
  constexpr int kWaiters = 3;
  for (int round = 0; round < 200; ++round) {
    Event event;
    int message = 0;
    Atomic<int> right{0};
    std::vector<Thread> threads;
    for (int i = 0; i < kWaiters; ++i) {
      threads.emplace_back([&, i] {
        if (i == 0) {
          while (!event.is_set()) spin_pause();
        } else {
          event.wait();
        }
        if (message == round) right.fetch_add(1);
      });
    }
    message = round;
    event.set();
    for (Thread& thread : threads) thread.join();
    EXPECT_EQ(right.load(), kWaiters);
  }
}

TEST(Event, AllWhoSleepAreWokenByOneSet) {
  constexpr int kWaiters = 3;
  Event event;
  Atomic<int> asleep{0};
  ParkHooks hooks{&asleep, [](void* context) { static_cast<Atomic<int>*>(context)->fetch_add(1); },
                  [](void*) {}};
  std::vector<Thread> threads;
  for (int i = 0; i < kWaiters; ++i) {
    threads.emplace_back([&] { EXPECT_TRUE(event.wait_until(kForever, &hooks)); });
  }
  while (asleep.load() != kWaiters) spin_pause();
  event.set();
  for (Thread& thread : threads) thread.join();
}

TEST(Event, AWakeWithoutReasonDoesNotEndTheWait) {
  Event event;
  Atomic<int> sleeps{0};
  ParkHooks hooks{&sleeps, [](void* context) { static_cast<Atomic<int>*>(context)->fetch_add(1); },
                  [](void*) {}};
  Thread waiter([&] {
    event.wait(&hooks);
    EXPECT_TRUE(event.is_set());
  });
  while (sleeps.load() != 1) spin_pause();
  EXPECT_EQ(unpark_all(&event), 1u);  // an event is its byte, and so are their addresses
  while (sleeps.load() != 2) spin_pause();
  event.set();
  waiter.join();
}

TEST(Event, MayBeDestroyedByTheWaiterThatItReleased) {
  for (int round = 0; round < 500; ++round) {
    auto event = std::make_unique<Event>();
    Event* address = event.get();
    Thread setter([address] { address->set(); });
    event->wait();
    event.reset();
    setter.join();
  }
}

}  // namespace
}  // namespace runtime
