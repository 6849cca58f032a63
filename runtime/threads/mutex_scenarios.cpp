#include "runtime/threads/mutex.h"
#include "runtime/threads/scenario_threads.h"

namespace runtime {
namespace {

RT_SCENARIO(mutex_two, "threads/mutex_excludes_two",
            "A mutex lets one of two threads in at a time, and the other one after it.") {
  World world;
  Mutex mutex;
  name_address(&mutex, "mutex");
  OneAtATime inside;
  auto body = [&](ThreadState& thread) {
    MutexGuard guard(thread, mutex);
    inside.pass();
  };
  in_parallel_attached(world, {body, body});
  RT_CHECK(inside.passed() == 2, "both came in");
  RT_CHECK(!mutex.is_locked(), "nobody holds the mutex at the end");
}

RT_SCENARIO(mutex_three, "threads/mutex_excludes_three",
            "A mutex lets one of three threads in at a time, and forgets none of them.") {
  Mutex mutex;
  name_address(&mutex, "mutex");
  OneAtATime inside;
  auto body = [&] {
    LeafGuard guard(mutex);
    inside.pass();
  };
  in_parallel({body, body, body});
  RT_CHECK(inside.passed() == 3, "all three came in");
  RT_CHECK(!mutex.is_locked(), "nobody holds the mutex at the end");
}

RT_SCENARIO(mutex_handed_over, "threads/mutex_hand_over_vs_newcomer",
            "A mutex that is handed to whoever waited long is not taken by a newcomer as well.") {
  Mutex mutex;
  name_address(&mutex, "mutex");
  OneAtATime inside;
  mutex.lock_leaf();
  in_parallel({[&] {
                 LeafGuard guard(mutex);
                 inside.pass();
               },
               [&] {
                 advance_time(2 * kTimeToBeFair);
                 inside.pass();
                 mutex.unlock();
                 LeafGuard guard(mutex);
                 inside.pass();
               }});
  RT_CHECK(inside.passed() == 3, "everybody came in");
  RT_CHECK(!mutex.is_locked(), "nobody holds the mutex at the end");
}

RT_SCENARIO(mutex_released_twice, "threads/mutex_released_twice_with_waiter",
            "Of two threads that release a mutex that was locked once, one is told so, unless the "
            "waiter had it in between.") {
  World world;
  Mutex mutex;
  name_address(&mutex, "mutex");
  Atomic<int> locked(1);
  Atomic<int> released;
  mutex.lock_leaf();
  auto release = [&](ThreadState&) {
    if (mutex.try_unlock()) released.fetch_add(1);
  };
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 mutex.lock(thread);
                                 locked.fetch_add(1);
                               },
                               release, release});
  const int held = mutex.is_locked() ? 1 : 0;
  RT_CHECK(locked.load() == released.load() + held, "it was released as often as it was locked");
}

RT_SCENARIO(mutex_timeout, "threads/mutex_hand_over_vs_timeout",
            "A waiter whose time runs out while it is handed the mutex owns it.") {
  World world;
  Mutex mutex;
  name_address(&mutex, "mutex");
  mutex.lock_leaf();
  LockResult result = LockResult::kTimedOut;
  Nanoseconds deadline = now() + kTimeToBeFair + 1;
  ThreadState* waiter = world.create_thread();
  in_parallel({[&] {
                 Attached attached(*waiter);
                 result = mutex.lock_until(*waiter, deadline);
               },
               [&] {
                 advance_time(2 * kTimeToBeFair);
                 mutex.unlock();
               }});
  RT_CHECK(mutex.is_locked() == (result == LockResult::kAcquired),
           "the mutex is held if the waiter says that it holds it, and free if not");
  if (result == LockResult::kAcquired) mutex.unlock();
  world.destroy_thread(waiter);
}

RT_SCENARIO(mutex_timeout_queue, "threads/mutex_timeout_vs_other_waiter",
            "A waiter that gives up does not take the wake of the next one with it.") {
  World world;
  Mutex mutex;
  name_address(&mutex, "mutex");
  OneAtATime inside;
  mutex.lock_leaf();
  ThreadState* impatient = world.create_thread();
  in_parallel({[&] {
                 Attached attached(*impatient);
                 if (mutex.lock_until(*impatient, now() + 1) == LockResult::kAcquired) {
                   inside.pass();
                   mutex.unlock();
                 }
               },
               [&] {
                 LeafGuard guard(mutex);
                 inside.pass();
               },
               [&] { mutex.unlock(); }});
  RT_CHECK(inside.passed() >= 1, "who waits without a deadline comes in");
  RT_CHECK(!mutex.is_locked(), "nobody holds the mutex at the end");
  world.destroy_thread(impatient);
}

}  // namespace
}  // namespace runtime
