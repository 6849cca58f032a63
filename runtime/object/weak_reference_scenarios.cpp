// Weak references against the end of their referent, of themselves, and of each other.
#include "runtime/base/scenario.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

struct Calls {
  unsigned count = 0;
  unsigned found_referent = 0;
};

void count_call(ThreadState& thread, Borrowed<WeakReference> reference, Borrowed<Object> argument) {
  auto& calls = *static_cast<Calls*>(static_cast<Probe*>(argument.get())->context);
  ++calls.count;
  if (dereference(thread, reference)) ++calls.found_referent;
}

Ref<Object> argument_for(ThreadState& thread, Calls& calls, unsigned* ends) {
  Ref<Probe> argument = new_probe(thread, ends);
  argument->context = &calls;
  return argument;
}

RT_SCENARIO(
    dereference_drop, "object/dereference_vs_last_drop_by_owner",
    "Dereferencing gives a living object or none while its owner drops the last reference.") {
  Kernel kernel;
  unsigned ends = 0;
  Ref<WeakReference> weak;
  Semaphore made;
  run_attached(kernel,
               {[&](ThreadState& owner) {
                  Ref<Probe> probe = new_probe(owner, &ends);
                  weak = make_weak_reference(owner, probe);
                  made.post();
                  probe.drop(owner);
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  Ref<Object> found = dereference(other, weak);
                  RT_CHECK(!found || ends == 0, "an object that is held has not ended");
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "an object without references has ended, once");
  RT_CHECK(!dereference(kernel.first_thread(), weak), "a weak reference to a dead object is empty");
  weak.drop(kernel.first_thread());
}

RT_SCENARIO(
    dereference_foreign_drop, "object/dereference_vs_last_drop_elsewhere",
    "Dereferencing gives a living object or none while another thread drops the last reference.") {
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  unsigned ends = 0;
  Ref<WeakReference> weak;
  Ref<Probe> probe;
  run_attached(kernel, {[&](ThreadState& gone) {
                 probe = new_probe(gone, &ends);
                 weak = make_weak_reference(gone, probe);
               }});
  run_attached(kernel,
               {[&](ThreadState& dropper) { probe.drop(dropper); },
                [&](ThreadState& other) {
                  Ref<Object> found = dereference(other, weak);
                  RT_CHECK(!found || ends == 0, "an object that is held has not ended");
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "an object without references has ended, once");
  weak.drop(first);
}

RT_SCENARIO(
    callback_once, "object/callback_vs_dereference",
    "The callback runs once, after the object is gone, although others held it meanwhile.") {
  Kernel kernel;
  unsigned ends = 0;
  unsigned argument_ends = 0;
  Calls calls;
  Ref<WeakReference> weak;
  Semaphore made;
  run_attached(kernel, {[&](ThreadState& owner) {
                          Ref<Probe> probe = new_probe(owner, &ends);
                          weak = make_weak_reference(owner, probe, &count_call,
                                                     argument_for(owner, calls, &argument_ends));
                          made.post();
                          probe.drop(owner);
                        },
                        [&](ThreadState& other) {
                          wait_detached(other, made);
                          Ref<Object> found = dereference(other, weak);
                          RT_CHECK(!found || calls.count == 0, "no callback before the end");
                        }});
  RT_CHECK(ends == 1 && calls.count == 1,
           "the object has ended and its callback has run, once each");
  RT_CHECK(calls.found_referent == 0, "a callback finds its weak reference empty");
  weak.drop(kernel.first_thread());
  RT_CHECK(argument_ends == 1, "what belongs to the callback ends with it");
}

RT_SCENARIO(callback_dying, "object/callback_vs_end_of_weak_reference",
            "A weak reference that ends while its referent ends is called once or not at all.") {
  Kernel kernel;
  unsigned ends = 0;
  unsigned argument_ends = 0;
  Calls calls;
  Ref<Probe> probe;
  Ref<WeakReference> weak;
  run_attached(kernel, {[&](ThreadState& gone) {
                 probe = new_probe(gone, &ends);
                 weak = make_weak_reference(gone, probe, &count_call,
                                            argument_for(gone, calls, &argument_ends));
               }});
  run_attached(kernel,
               {[&](ThreadState& thread) { probe.drop(thread); },
                [&](ThreadState& thread) { weak.drop(thread); }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "an object without references has ended, once");
  RT_CHECK(calls.count <= 1 && calls.found_referent == 0, "a callback runs at most once, and late");
  RT_CHECK(argument_ends == 1, "what belongs to the callback ends with it");
}

RT_SCENARIO(two_makers, "object/two_threads_make_a_weak_reference",
            "Two threads that ask for the weak reference without callback get the same one.") {
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(first, &ends);
  Ref<WeakReference> made[2];
  run_attached(kernel,
               {[&](ThreadState& thread) { made[0] = make_weak_reference(thread, probe); },
                [&](ThreadState& thread) { made[1] = make_weak_reference(thread, probe); }},
               ThreadEnd::kDetaches);
  RT_CHECK(made[0].get() == made[1].get(), "there is one weak reference without callback");
  RT_CHECK(weak_reference_count(probe) == 1, "and no other");
  made[0].drop(first);
  made[1].drop(first);
  probe.drop(first);
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(maker_end, "object/weak_reference_made_vs_end_of_the_former_one",
            "Who asks for a weak reference while the former one ends gets one that works.") {
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  Ref<Probe> probe = new_probe(first);
  Ref<WeakReference> former;
  run_attached(kernel, {[&](ThreadState& gone) { former = make_weak_reference(gone, probe); }});
  run_attached(kernel,
               {[&](ThreadState& thread) { former.drop(thread); },
                [&](ThreadState& thread) {
                  Ref<WeakReference> mine = make_weak_reference(thread, probe);
                  RT_CHECK(dereference(thread, mine).get() == probe.get(), "it finds its referent");
                }},
               ThreadEnd::kDetaches);
  safe_point(first);
  RT_CHECK(weak_reference_count(probe) == 0, "weak references that ended are out of the list");
  probe.drop(first);
}

RT_SCENARIO(
    making_queue, "object/weak_reference_made_vs_queue",
    "An object to which a weak reference is made while it is being queued is still queued.") {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> first = new_probe(owner, &ends);
  Ref<Probe> second = first.duplicate(owner);
  Ref<WeakReference> weak;
  run_attached(kernel,
               {[&](ThreadState& thread) { first.drop(thread); },
                [&](ThreadState& thread) {
                  weak = make_weak_reference(thread, second);
                  RT_CHECK(dereference(thread, weak).get() == second.get(),
                           "it finds its referent");
                }},
               ThreadEnd::kDetaches);
  safe_point(owner);
  RT_CHECK(second->shared.peek() == shared_word(1, kMerged), "one reference is left and counted");
  second.drop(owner);
  RT_CHECK(ends == 1, "an object without references has ended, once");
  weak.drop(owner);
}

// Whoever makes the weak reference drops the reference it was made from, and the owner drops its own.
RT_SCENARIO(making_drop, "object/weak_reference_made_vs_drop_by_owner",
            "The owner's last drop does not overlook a weak reference that is being made.") {
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> mine;
  Ref<Probe> theirs;
  Ref<WeakReference> weak;
  Semaphore made;
  run_attached(kernel, {[&](ThreadState& owner) {
                          mine = new_probe(owner, &ends);
                          theirs = mine.duplicate(owner);
                          made.post();
                          mine.drop(owner);
                        },
                        [&](ThreadState& other) {
                          wait_detached(other, made);
                          weak = make_weak_reference(other, theirs);
                          RT_CHECK(dereference(other, weak).get() == theirs.get(),
                                   "a weak reference to a living object finds it");
                          theirs.drop(other);
                        }});
  RT_CHECK(ends == 1, "an object without references has ended, once");
  RT_CHECK(!dereference(first, weak), "a weak reference to a dead object is empty");
  weak.drop(first);
}

}  // namespace
}  // namespace runtime
