// Objects that are dropped by another thread than the one that owns them.
#include "runtime/base/scenario.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/merge_queue.h"

namespace runtime {
namespace {

RT_SCENARIO(
    one_object, "object/one_object_from_birth_to_free",
    "An object that is made, shared, dropped by its owner and dropped elsewhere ends once.") {
  Kernel kernel;
  unsigned ends = 0;
  Atomic<Object*> mailbox;
  run_attached(kernel, {[&](ThreadState& owner) {
                          Ref<Probe> probe = new_probe(owner, &ends);
                          mailbox.store(probe.duplicate(owner).release());
                          probe.drop(owner);
                          safe_point(owner);
                        },
                        [&](ThreadState& other) {
                          Object* given = mailbox.exchange(nullptr);
                          if (given != nullptr) decrement(other, given);
                        }});
  if (Object* unclaimed = mailbox.peek()) decrement(kernel.first_thread(), unclaimed);
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(owner_blocked, "object/merge_by_owner_that_was_blocked",
            "What is dropped while its owner is detached ends when the owner has come back.") {
  Kernel kernel;
  unsigned ends = 0;
  Ref<Probe> probe = new_probe(kernel.first_thread(), &ends);
  Semaphore dropped;
  run_attached(kernel, {[&](ThreadState& other) {
                 probe.drop(other);
                 dropped.post();
               }},
               ThreadEnd::kDetaches);
  dropped.wait();
  RT_CHECK(ends == 0, "the object waits for its owner");
  safe_point(kernel.first_thread());
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(owner_comes_back, "object/merge_by_owner_that_comes_back",
            "An owner that detaches and attaches while others drop loses nothing.") {
  Kernel kernel;
  unsigned ends = 0;
  Semaphore made;
  Ref<Probe> probe;
  run_attached(kernel, {[&](ThreadState& owner) {
                          probe = new_probe(owner, &ends);
                          made.post();
                          { Detached detached(owner); }
                          safe_point(owner);
                        },
                        [&](ThreadState& other) {
                          wait_detached(other, made);
                          probe.drop(other);
                        }});
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(owner_running, "object/merge_by_owner_that_runs",
            "An owner that only passes safe points learns of every queued object.") {
  Kernel kernel;
  unsigned ends = 0;
  Ref<Probe> probe;
  Semaphore made;
  run_attached(kernel,
               {[&](ThreadState& owner) {
                  probe = new_probe(owner, &ends);
                  made.post();
                  while (ends == 0) {
                    safe_point(owner);
                    spin_pause();
                  }
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  probe.drop(other);
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(owner_exiting, "object/merge_vs_exit_of_owner",
            "What is dropped while its owner exits ends, by the owner or by who dropped it.") {
  Kernel kernel;
  unsigned ends = 0;
  Ref<Probe> first;
  Ref<Probe> second;
  Semaphore made;
  run_attached(kernel, {[&](ThreadState& owner) {
                          first = new_probe(owner, &ends);
                          second = new_probe(owner, &ends);
                          made.post();
                        },
                        [&](ThreadState& other) {
                          wait_detached(other, made);
                          first.drop(other);
                          second.drop(other);
                        }});
  RT_CHECK(ends == 2, "objects without references have ended, each once");
}

RT_SCENARIO(owner_gone, "object/two_droppers_of_an_object_whose_owner_has_gone",
            "Of two threads that drop an object without owner one ends it, after all that both did "
            "with it.") {
  Kernel kernel;
  unsigned ends = 0;
  Ref<Probe> first;
  Ref<Probe> second;
  run_attached(kernel, {[&](ThreadState& owner) {
                 first = new_probe(owner, &ends);
                 second = first.duplicate(owner);
               }});
  run_attached(kernel,
               {[&](ThreadState& thread) {
                  first->relaxed.store_relaxed(1);
                  first.drop(thread);
                },
                [&](ThreadState& thread) {
                  second->relaxed.store_relaxed(2);
                  second.drop(thread);
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(
    two_droppers, "object/two_droppers_and_a_blocked_owner",
    "Of two threads that drop what the owner counted, one queues it and the count is right.") {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> kept = new_probe(owner, &ends);
  Ref<Probe> first = kept.duplicate(owner);
  Ref<Probe> second = kept.duplicate(owner);
  run_attached(kernel,
               {[&](ThreadState& thread) { first.drop(thread); },
                [&](ThreadState& thread) { second.drop(thread); }},
               ThreadEnd::kDetaches);
  safe_point(owner);
  RT_CHECK(kept->shared.peek() == shared_word(1, kMerged),
           "the one reference that is left is counted");
  kept.drop(owner);
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(zero_increment, "object/owner_drops_to_zero_vs_foreign_count",
            "While an owner merges at zero others may count, and the last one ends the object.") {
  Kernel kernel;
  unsigned ends = 0;
  Ref<Probe> mine;
  Ref<Probe> theirs;
  Semaphore made;
  Semaphore counted;
  run_attached(kernel,
               {[&](ThreadState& owner) {
                  mine = new_probe(owner, &ends);
                  made.post();
                  wait_detached(owner, counted);
                  mine->relaxed.store_relaxed(1);
                  mine.drop(owner);
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  theirs = mine.duplicate(other);
                  counted.post();
                  Ref<Probe> third = theirs.duplicate(other);
                  theirs.drop(other);
                  third.drop(other);
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

// The owner gives its own reference away and drops one that the other thread has counted: it gets to zero while the reference
// of the owner's count is on its way into the queue.
RT_SCENARIO(zero_queue, "object/owner_drops_to_zero_vs_queue",
            "An owner that merges at zero and a thread that queues the object drop it once each.") {
  Kernel kernel;
  unsigned ends = 0;
  Ref<Probe> given;
  Ref<Probe> counted_there;
  Semaphore made;
  Semaphore counted;
  run_attached(kernel, {[&](ThreadState& owner) {
                          given = new_probe(owner, &ends);
                          made.post();
                          wait_detached(owner, counted);
                          counted_there.drop(owner);
                          safe_point(owner);
                        },
                        [&](ThreadState& other) {
                          wait_detached(other, made);
                          counted_there = given.duplicate(other);
                          counted.post();
                          given.drop(other);
                        }});
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

// Whoever merges writes nothing more after the merge: the other thread frees the object at once, and its next object of that
// size may lie in the same block.
RT_SCENARIO(merge_last_write, "object/nothing_is_written_after_the_merge",
            "A thread that merges an object does not touch it afterwards.") {
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> mine;
  run_attached(kernel, {[&](ThreadState& gone) { mine = new_probe(gone, &ends); }});
  // Two threads hold an object of a third: one drop merges it, the other then ends it.
  Ref<Probe> theirs = mine.duplicate(first);
  run_attached(kernel,
               {[&](ThreadState& thread) { mine.drop(thread); },
                [&](ThreadState& thread) {
                  theirs.drop(thread);
                  Ref<Probe> next = new_probe(thread);
                  point("used again");
                  RT_CHECK(next->owner.peek() == thread.serial(),
                           "a new object belongs to its maker");
                  next.drop(thread);
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(immortal_queue, "object/immortal_while_queued",
            "An object that becomes immortal while it is being queued stays immortal.") {
  Kernel kernel;
  unsigned ends = 0;
  Ref<Probe> kept;
  Ref<Probe> given;
  Semaphore made;
  run_attached(kernel, {[&](ThreadState& owner) {
                          kept = new_probe(owner, &ends);
                          given = kept.duplicate(owner);
                          made.post();
                          RT_CHECK(try_make_immortal(owner, kept.get()),
                                   "its owner makes it immortal");
                          safe_point(owner);
                          kept.drop(owner);
                        },
                        [&](ThreadState& other) {
                          wait_detached(other, made);
                          Object* object = given.get();
                          given.drop(other);
                          (void)object;
                        }});
  RT_CHECK(ends == 0, "an immortal object does not end");
}

RT_SCENARIO(queue_without_memory, "object/merge_queue_out_of_memory",
            "Without memory for the queue the dropper stops the world and merges, whatever the "
            "owner does.") {
  Kernel kernel;
  unsigned ends = 0;
  Ref<Probe> probe;
  Semaphore made;
  run_attached(kernel,
               {[&](ThreadState& owner) {
                  probe = new_probe(owner, &ends);
                  Ref<Probe> mine = probe.duplicate(owner);
                  made.post();
                  mine.drop(owner);
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  other.slot(kRawBuffersSlot)->allocations_left = 0;
                  probe.drop(other);
                  other.slot(kRawBuffersSlot)->allocations_left = RawBuffers::kUnlimited;
                }},
               ThreadEnd::kDetaches);
  safe_point(kernel.first_thread());
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(
    finalizer_merges, "object/finalizer_vs_push",
    "Finalizers run under no lock, so they may drop what is then queued with the same thread.") {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  unsigned ends = 0;
  Ref<Probe> first = new_probe(owner, &ends, finalized_probe_type);
  Ref<Probe> second = new_probe(owner, &ends, finalized_probe_type);
  auto look = [](ThreadState& thread, Probe&) {
    check_no_leaf_lock(nullptr);
    safe_point(thread);
  };
  give_finalizer(*first, look, nullptr);
  give_finalizer(*second, look, nullptr);
  run_attached(kernel,
               {[&](ThreadState& thread) { first.drop(thread); },
                [&](ThreadState& thread) { second.drop(thread); }},
               ThreadEnd::kDetaches);
  safe_point(owner);
  RT_CHECK(ends == 2, "objects without references have ended, each once");
}

}  // namespace
}  // namespace runtime
