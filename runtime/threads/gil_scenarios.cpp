#include "runtime/threads/gil.h"
#include "runtime/threads/scenario_threads.h"

namespace runtime {
namespace {

constexpr WorldOptions kWithGil{GilMode::kOn, 1'000};
constexpr WorldOptions kWithoutGil{GilMode::kOff, 1'000};

RT_SCENARIO(gil_excludes, "threads/gil_excludes",
            "With the GIL one thread at a time is attached.") {
  World world(kWithGil);
  OneAtATime attached;
  auto body = [&](ThreadState& thread) {
    RT_CHECK(thread.holds_gil(), "who is attached holds the GIL");
    attached.pass();
    { Detached detached(thread); }
    attached.pass();
  };
  in_parallel_attached(world, {body, body});
  RT_CHECK(attached.passed() == 4, "both ran twice");
}

RT_SCENARIO(gil_interval, "threads/gil_switch_interval",
            "A thread that never blocks is asked to let go after the switch interval, and goes on "
            "after the one who asked.") {
  World world(kWithGil);
  Plain<bool> other_ran;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 auto is_asked = [&] {
                                   return (thread.eval_breaker().load() &
                                           static_cast<std::uint32_t>(BreakerBit::kGilDrop)) != 0;
                                 };
                                 // Time goes on when nobody else can.
                                 while (!other_ran.get() && !is_asked()) spin_pause();
                                 safe_point(thread);
                                 RT_CHECK(other_ran.get(),
                                          "who let go on request is not the next one to run");
                               },
                               [&](ThreadState&) { other_ran.set(true); }});
}

RT_SCENARIO(gil_enabled, "threads/gil_enabled_while_others_run",
            "When enabling the GIL has returned, nobody runs without it.") {
  World world(kWithoutGil);
  OneAtATime alone;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 enable_gil(thread);
                                 RT_CHECK(thread.holds_gil(), "who enabled the GIL holds it");
                                 alone.pass();
                                 disable_gil(thread);
                               },
                               [&](ThreadState& thread) {
                                 { Detached detached(thread); }
                                 if (thread.world().gil().is_enabled()) {
                                   RT_CHECK(thread.holds_gil(), "nobody runs without the GIL");
                                   alone.pass();
                                 }
                               }});
  RT_CHECK(!world.gil().is_enabled(), "the GIL is disabled again");
}

RT_SCENARIO(
    gil_enabled_twice, "threads/gil_enabled_by_two",
    "Two threads that need the GIL for a while exclude each other, and the last one disables it.") {
  World world(kWithoutGil);
  OneAtATime alone;
  auto body = [&](ThreadState& thread) {
    enable_gil(thread);
    alone.pass();
    disable_gil(thread);
  };
  in_parallel_attached(world, {body, body});
  RT_CHECK(alone.passed() == 2, "both had it");
  RT_CHECK(!world.gil().is_enabled(), "the GIL is disabled again");
}

RT_SCENARIO(gil_disabled, "threads/gil_disabled_while_others_wait",
            "Who waits for a GIL that is disabled gets on without it.") {
  World world(kWithoutGil);
  int ran = 0;
  ThreadState* holder = world.create_thread();
  ThreadState* waiter = world.create_thread();
  attach(*holder);
  enable_gil(*holder);
  detach(*holder);
  in_parallel({[&] {
                 Attached attached(*holder);
                 disable_gil(*holder);
                 ++ran;
               },
               [&] {
                 Attached attached(*waiter);
                 ++ran;
               }});
  RT_CHECK(ran == 2, "both ran");
  RT_CHECK(!holder->holds_gil() && !waiter->holds_gil(), "nobody holds what is disabled");
  world.destroy_thread(holder);
  world.destroy_thread(waiter);
}

}  // namespace
}  // namespace runtime
