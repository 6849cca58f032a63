#include "runtime/threads/critical_section.h"
#include "runtime/threads/scenario_threads.h"
#include "runtime/threads/stop_the_world.h"

namespace runtime {
namespace {

// With the others is each attached thread, in data of its own; alone is who stopped the world, and
// touches the data of everybody.
class Alone {
 public:
  void with_others(const ThreadState& thread) {
    Plain<std::int64_t>& inside = inside_[thread.serial()];
    inside.set(inside.get() + 1);
    point("alone.with_others");
    inside.set(inside.get() - 1);
  }
  void alone() {
    for (int turn = 0; turn < 2; ++turn) {
      for (Plain<std::int64_t>& inside : inside_) {
        RT_CHECK(inside.get() == 0, "nobody else is attached while the world stands");
        inside.set(0);
      }
      spin_pause();  // the others, if they can
    }
  }

 private:
  Plain<std::int64_t> inside_[4];  // by serial
};

RT_SCENARIO(stop_attach, "threads/stop_vs_attach_and_detach",
            "Nobody is attached while the world stands, however often it attaches and detaches.") {
  World world;
  Alone alone;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 StoppedWorld stopped(thread);
                                 alone.alone();
                               },
                               [&](ThreadState& thread) {
                                 alone.with_others(thread);
                                 { Detached detached(thread); }
                                 alone.with_others(thread);
                                 safe_point(thread);
                                 alone.with_others(thread);
                               }});
}

RT_SCENARIO(stop_twice, "threads/stop_twice_vs_attach",
            "A thread that was suspended by one stop does not run during the next one.") {
  World world;
  Alone alone;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 { StoppedWorld stopped(thread); }
                                 StoppedWorld stopped(thread);
                                 alone.alone();
                               },
                               [&](ThreadState& thread) {
                                 { Detached detached(thread); }
                                 alone.with_others(thread);
                               }});
}

RT_SCENARIO(stop_safe_point, "threads/stop_vs_safe_point",
            "A thread that never blocks stops at its next safe point, and goes on.") {
  World world;
  Alone alone;
  Plain<bool> has_stopped;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 StoppedWorld stopped(thread);
                                 alone.alone();
                                 has_stopped.set(true);
                               },
                               [&](ThreadState& thread) {
                                 while (!has_stopped.get()) {
                                   alone.with_others(thread);
                                   safe_point(thread);
                                   spin_pause();
                                 }
                               }});
}

RT_SCENARIO(stop_create, "threads/stop_vs_create",
            "A thread created while the world stops or stands does not attach before it starts.") {
  World world;
  Alone alone;
  ThreadState* stopper = world.create_thread();
  in_parallel({[&] {
                 Attached attached(*stopper);
                 StoppedWorld stopped(*stopper);
                 alone.alone();
               },
               [&] {
                 ThreadState* born = world.create_thread();
                 attach(*born);
                 alone.with_others(*born);
                 detach(*born);
                 world.destroy_thread(born);
               }});
  world.destroy_thread(stopper);
}

RT_SCENARIO(stop_exit, "threads/stop_vs_exit",
            "A thread that ends while it is asked to stop is not waited for.") {
  World world;
  Alone alone;
  ThreadState* stopper = world.create_thread();
  ThreadState* brief = world.create_thread();
  in_parallel({[&] {
                 Attached attached(*stopper);
                 StoppedWorld stopped(*stopper);
                 alone.alone();
               },
               [&] {
                 attach(*brief);
                 alone.with_others(*brief);
                 world.destroy_thread(brief);
               }});
  RT_CHECK(world.thread_count() == 1, "the stopper is left");
  world.destroy_thread(stopper);
}

RT_SCENARIO(stop_two, "threads/two_stoppers",
            "Two threads that stop the world at once take turns.") {
  World world;
  OneAtATime stopped_by;
  auto body = [&](ThreadState& thread) {
    StoppedWorld stopped(thread);
    stopped_by.pass();
  };
  in_parallel_attached(world, {body, body});
  RT_CHECK(stopped_by.passed() == 2, "both stopped it");
}

RT_SCENARIO(stop_three, "threads/stop_vs_two_others",
            "Each of two others is counted once, in whatever way it stops.") {
  World world;
  Alone alone;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 StoppedWorld stopped(thread);
                                 alone.alone();
                               },
                               [&](ThreadState& thread) { alone.with_others(thread); },
                               [&](ThreadState& thread) {
                                 safe_point(thread);
                                 alone.with_others(thread);
                               }});
}

RT_SCENARIO(stop_blocked, "threads/stop_while_everybody_is_blocked",
            "Threads that wait for a lock are suspended where they stand, and get it afterwards.") {
  World world;
  Mutex mutex;
  OneAtATime inside;
  mutex.lock_leaf();
  auto waiter = [&](ThreadState& thread) {
    CriticalSection section(thread, mutex);
    inside.pass();
  };
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 StoppedWorld stopped(thread);
                                 mutex.unlock();
                                 spin_pause();
                                 RT_CHECK(inside.passed() == 0, "nobody gets on meanwhile");
                               },
                               waiter});
  RT_CHECK(inside.passed() == 1, "the waiter got it");
}

RT_SCENARIO(stop_stateless, "threads/stop_by_a_thread_without_state",
            "A thread that is not attached can stop everybody.") {
  World world;
  Alone alone;
  ThreadState* state = world.create_thread();
  in_parallel({[&] {
                 StoppedWorld stopped(world);
                 alone.alone();
               },
               [&] {
                 Attached attached(*state);
                 alone.with_others(*state);
                 safe_point(*state);
                 alone.with_others(*state);
               }});
  world.destroy_thread(state);
}

// What is asked for, each value after the one before.
struct Requests {
  Atomic<int> asked{0};
  Plain<int> note;   // written before the first request, read by answers
  int answered = 0;  // the value that the last answer saw
};

RT_SCENARIO(breaker, "threads/request_vs_answer",
            "A request that comes while an earlier one is answered is answered as well.") {
  World world;
  Requests requests;
  world.set_breaker_handler(
      BreakerBit::kMerge,
      [](void* context, ThreadState&) {
        auto* seen = static_cast<Requests*>(context);
        seen->answered = seen->asked.load_relaxed();  // what orders the note is the request alone
        RT_CHECK(seen->note.get() == 1, "an answer sees what was written before its request");
        point("breaker.answered");
      },
      &requests);
  ThreadState* state = world.create_thread();
  in_parallel({[&] {
                 Attached attached(*state);
                 while (requests.answered != 2) {
                   safe_point(*state);
                   spin_pause();
                 }
               },
               [&] {
                 requests.note.set(1);
                 for (int value = 1; value <= 2; ++value) {
                   requests.asked.store_relaxed(value);
                   request(*state, BreakerBit::kMerge);
                 }
               }});
  world.destroy_thread(state);
}

}  // namespace
}  // namespace runtime
