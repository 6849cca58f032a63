#include "runtime/base/parking_lot.h"
#include "runtime/base/scenario.h"

namespace runtime {
namespace {

constexpr auto nothing = [](void*, bool) {};

RT_SCENARIO(park_unpark, "base/park_vs_unpark",
            "A change of the word followed by an unpark wakes whoever sleeps at the word.") {
  Atomic<int> word{0};
  name_address(&word, "word");
  in_parallel({[&] {
                 while (word.load() == 0) park(word, 0);
               },
               [&] {
                 word.store(1);
                 unpark_one(&word, nothing);
               }});
}

RT_SCENARIO(unpark_publishes, "base/unpark_publishes",
            "What was done before an unpark is visible to whom it wakes, whatever the word.") {
  Atomic<int> word{0};
  name_address(&word, "word");
  Plain<int> message{0};
  in_parallel({[&] {
                 if (park(word, 0, now() + 10) != ParkResult::kWoken) return;
                 RT_CHECK(message.get() == 1, "the message came before the wake");
               },
               [&] {
                 message.set(1);
                 unpark_one(&word, nothing);
               }});
}

RT_SCENARIO(
    park_timeout, "base/park_timeout_vs_unpark",
    "A waiter says that it was woken if and only if an unpark chose it, whatever its time.") {
  Atomic<int> word{0};
  name_address(&word, "word");
  ParkResult result = ParkResult::kChanged;
  bool chosen = false;
  in_parallel({[&] { result = park(word, 0, now() + 10, &word); },
               [&] {
                 unpark_one(&word, [&](void* argument, bool more_waiters) {
                   chosen = argument != nullptr;
                   RT_CHECK(!more_waiters, "one thread waits at most");
                 });
               }});
  RT_CHECK(result == (chosen ? ParkResult::kWoken : ParkResult::kTimedOut),
           "chosen and woken are the same");
  RT_CHECK(unpark_all(&word) == 0, "nobody is left in the queue");
}

RT_SCENARIO(park_handed_over, "base/park_again_after_handing_over",
            "What an unpark hands over arrives before the waiter sleeps at another word.") {
  Atomic<int> first{0};
  Atomic<int> second{0};
  name_address(&first, "first");
  name_address(&second, "second");
  in_parallel({[&] {
                 while (first.load() == 0) park(first, 0);
                 while (second.load() == 0) park(second, 0);
               },
               [&] {
                 unpark_one(&first, [&](void*, bool) { first.store(1); });
                 unpark_one(&second, [&](void*, bool) { second.store(1); });
               }});
}

// Each waiter is surely in the queue before the next one comes: the hooks run after it has entered.
RT_SCENARIO(park_order, "base/parked_threads_leave_in_order",
            "Who parked first is unparked first, and the callback knows whether others wait.") {
  Atomic<int> word{0};
  name_address(&word, "word");
  Semaphore first_waits;
  Semaphore second_waits;
  auto post = [](void* semaphore) { static_cast<Semaphore*>(semaphore)->post(); };
  auto ignore = [](void*) {};
  ParkHooks first_hooks{&first_waits, post, ignore};
  ParkHooks second_hooks{&second_waits, post, ignore};
  Thread first([&] { park(word, 0, kForever, &first_waits, &first_hooks); });
  Thread second([&] {
    first_waits.wait();
    park(word, 0, kForever, &second_waits, &second_hooks);
  });
  second_waits.wait();
  unpark_one(&word, [&](void* argument, bool more_waiters) {
    RT_CHECK(argument == &first_waits, "the first came first");
    RT_CHECK(more_waiters, "the second waits");
  });
  unpark_one(&word, [&](void* argument, bool more_waiters) {
    RT_CHECK(argument == &second_waits, "the second came second");
    RT_CHECK(!more_waiters, "nobody else waits");
  });
  first.join();
  second.join();
}

// The smallest lock over a parking lot: bit 1 locked, bit 2 somebody waits. The callback decides
// about bit 2.
class ParkingLock {
 public:
  void lock() {
    for (int seen = word_.load();;) {
      if ((seen & kLocked) == 0) {
        if (word_.compare_exchange(seen, seen | kLocked)) return;
      } else if ((seen & kWaiters) != 0 || word_.compare_exchange(seen, seen | kWaiters)) {
        park(word_, kLocked | kWaiters);
        seen = word_.load();
      }
    }
  }
  void unlock() {
    int expected = kLocked;
    if (word_.compare_exchange(expected, 0)) return;
    unpark_one(&word_, [&](void*, bool more_waiters) { word_.store(more_waiters ? kWaiters : 0); });
  }

 private:
  static constexpr int kLocked = 1;
  static constexpr int kWaiters = 2;
  Atomic<int> word_{0};
};

RT_SCENARIO(park_callback, "base/unpark_callback_answers_for_all",
            "Nobody begins to wait between the callback's question and its answer.") {
  ParkingLock lock;
  name_address(&lock, "lock");
  int inside = 0;
  auto stay = [&] {
    RT_CHECK(++inside == 1, "one thread is inside at a time");
    point("inside");
    --inside;
  };
  auto visit = [&] {
    lock.lock();
    stay();
    lock.unlock();
  };
  lock.lock();
  Thread other(visit);
  Thread third(visit);
  stay();
  lock.unlock();
  other.join();
  third.join();
}

RT_SCENARIO(unpark_everybody, "base/unpark_all_vs_timeout",
            "Waking everybody counts those who were woken, and loses nobody whose time runs out.") {
  Atomic<int> word{0};
  name_address(&word, "word");
  unsigned woken = 0;
  auto wait = [&](Nanoseconds deadline) {
    if (park(word, 0, deadline) == ParkResult::kWoken) ++woken;
  };
  Thread patient([&] { wait(kForever); });
  Thread hasty([&] { wait(10); });
  word.store(1);
  unsigned counted = unpark_all(&word);
  patient.join();
  hasty.join();
  RT_CHECK(counted == woken, "as many threads were woken as unpark_all says");
}

}  // namespace
}  // namespace runtime
