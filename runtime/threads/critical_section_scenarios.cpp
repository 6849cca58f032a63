#include "runtime/threads/critical_section.h"
#include "runtime/threads/scenario_threads.h"

namespace runtime {
namespace {

// Two objects, and who is inside of them.
struct Objects {
  Mutex mutexes[2];
  Mutex& a = mutexes[0];
  Mutex& b = mutexes[1];
  OneAtATime in_a;
  OneAtATime in_b;

  Objects() {
    name_address(&a, "a");
    name_address(&b, "b");
  }
  ~Objects() { RT_CHECK(!a.is_locked() && !b.is_locked(), "nobody holds an object at the end"); }
};

RT_SCENARIO(sections_opposite, "threads/sections_nested_in_opposite_orders",
            "Sections nested in opposite orders do not deadlock, and the newest one excludes.") {
  World world;
  Objects objects;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 CriticalSection outer(thread, objects.a);
                                 CriticalSection inner(thread, objects.b);
                                 objects.in_b.pass();
                               },
                               [&](ThreadState& thread) {
                                 CriticalSection outer(thread, objects.b);
                                 CriticalSection inner(thread, objects.a);
                                 objects.in_a.pass();
                               }});
}

RT_SCENARIO(
    sections_of_the_lonely, "threads/section_of_the_only_thread_vs_second_thread",
    "A thread that comes into the world while the only one is inside a section waits until it "
    "has left it.") {
  World world;
  Objects objects;
  ThreadState* only = world.create_thread();
  ThreadState* second = nullptr;
  in_parallel({[&] {
                 Attached attached(*only);
                 for (int i = 0; i < 2; ++i) {
                   CriticalSection section(*only, objects.a);
                   objects.in_a.pass();
                 }
                 safe_point(*only);
                 CriticalSection2 both(*only, objects.a, objects.b);
                 objects.in_a.pass();
               },
               [&] {
                 second = world.create_thread();
                 Attached attached(*second);
                 CriticalSection section(*second, objects.a);
                 objects.in_a.pass();
               }});
  RT_CHECK(objects.in_a.passed() == 4, "everybody came in");
  world.destroy_thread(only);
  world.destroy_thread(second);
}

RT_SCENARIO(sections_resumed, "threads/section_resumed_vs_section",
            "An older section excludes again when the newer one has ended.") {
  World world;
  Objects objects;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 CriticalSection outer(thread, objects.a);
                                 objects.in_a.pass();
                                 { CriticalSection inner(thread, objects.b); }
                                 objects.in_a.pass();
                               },
                               [&](ThreadState& thread) {
                                 CriticalSection outer(thread, objects.b);
                                 CriticalSection inner(thread, objects.a);
                                 objects.in_a.pass();
                               }});
  RT_CHECK(objects.in_a.passed() == 3, "everybody came in");
}

RT_SCENARIO(sections_suspended, "threads/section_suspended_while_blocked",
            "A thread that blocks inside a section does not keep others out, and is inside again "
            "when it goes on.") {
  World world;
  Objects objects;
  Semaphore other_was_inside;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 CriticalSection section(thread, objects.a);
                                 objects.in_a.pass();
                                 {
                                   Detached detached(thread);
                                   other_was_inside.wait();
                                 }
                                 objects.in_a.pass();
                               },
                               [&](ThreadState& thread) {
                                 {
                                   CriticalSection section(thread, objects.a);
                                   objects.in_a.pass();
                                 }
                                 other_was_inside.post();
                                 CriticalSection section(thread, objects.a);
                                 objects.in_a.pass();
                               }});
  RT_CHECK(objects.in_a.passed() == 4, "both came in twice");
}

RT_SCENARIO(two_objects, "threads/two_objects_in_opposite_orders",
            "Locking two objects at once in opposite orders does not deadlock and excludes.") {
  World world;
  Objects objects;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 CriticalSection2 both(thread, objects.a, objects.b);
                                 objects.in_a.pass();
                                 objects.in_b.pass();
                               },
                               [&](ThreadState& thread) {
                                 CriticalSection2 both(thread, objects.b, objects.a);
                                 objects.in_b.pass();
                                 objects.in_a.pass();
                               }});
}

RT_SCENARIO(two_objects_resumed, "threads/two_objects_resumed_vs_begin",
            "A section of two objects that resumes does not deadlock with one that begins.") {
  World world;
  Objects objects;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 CriticalSection2 both(thread, objects.a, objects.b);
                                 { Detached detached(thread); }
                                 objects.in_a.pass();
                               },
                               [&](ThreadState& thread) {
                                 CriticalSection2 both(thread, objects.a, objects.b);
                                 objects.in_a.pass();
                               }});
}

RT_SCENARIO(two_objects_one, "threads/two_objects_vs_one_nested",
            "A section of two objects inside a section of one of them does not deadlock.") {
  World world;
  Objects objects;
  in_parallel_attached(world, {[&](ThreadState& thread) {
                                 CriticalSection outer(thread, objects.b);
                                 CriticalSection2 both(thread, objects.a, objects.b);
                                 objects.in_a.pass();
                                 objects.in_b.pass();
                               },
                               [&](ThreadState& thread) {
                                 CriticalSection outer(thread, objects.a);
                                 CriticalSection inner(thread, objects.b);
                                 objects.in_b.pass();
                               }});
}

}  // namespace
}  // namespace runtime
