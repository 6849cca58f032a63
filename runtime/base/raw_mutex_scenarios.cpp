#include "runtime/base/raw_mutex.h"
#include "runtime/base/scenario.h"

namespace runtime {
namespace {

// What the mutex guards is plain memory.
struct Room {
  RawMutex mutex;
  int inside = 0;
  Plain<int> visits{0};

  Room() { name_address(&mutex, "mutex"); }

  void stay() {
    RT_CHECK(++inside == 1, "one thread is inside at a time");
    point("inside");
    visits.set(visits.get() + 1);
    RT_CHECK(--inside == 0, "nobody came in meanwhile");
  }
  void visit() {
    RawMutexGuard guard(mutex);
    stay();
  }
};

RT_SCENARIO(raw_mutex_two, "base/raw_mutex_two_threads",
            "A raw mutex lets one thread in at a time, and everybody in the end.") {
  Room room;
  in_parallel({[&] { room.visit(); }, [&] { room.visit(); }});
  RT_CHECK(room.visits.get() == 2, "both were inside");
  RT_CHECK(!room.mutex.is_locked(), "nobody holds the mutex in the end");
}

RT_SCENARIO(raw_mutex_again, "base/raw_mutex_twice_each",
            "A thread that comes back soon does not leave the other one asleep.") {
  Room room;
  auto twice = [&] {
    room.visit();
    room.visit();
  };
  in_parallel({twice, twice});
  RT_CHECK(room.visits.get() == 4, "both were inside twice");
}

RT_SCENARIO(raw_mutex_three, "base/raw_mutex_three_threads",
            "With several threads waiting, each unlock wakes one and forgets none.") {
  Room room;
  room.mutex.lock();
  Thread other([&] { room.visit(); });
  Thread third([&] { room.visit(); });
  room.stay();
  room.mutex.unlock();
  other.join();
  third.join();
  RT_CHECK(room.visits.get() == 3, "all were inside");
}

RT_SCENARIO(raw_mutex_try, "base/raw_mutex_try_lock",
            "try_lock declines or has the mutex to itself.") {
  Room room;
  int declined = 0;
  in_parallel({[&] { room.visit(); },
               [&] {
                 if (!room.mutex.try_lock()) {
                   ++declined;
                   return;
                 }
                 room.stay();
                 room.mutex.unlock();
               }});
  RT_CHECK(room.visits.get() + declined == 2, "who was not inside was declined");
  RT_CHECK(room.mutex.try_lock(), "nobody holds the mutex in the end");
  room.mutex.unlock();
}

}  // namespace
}  // namespace runtime
