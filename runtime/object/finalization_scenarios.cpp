// Ends of objects while others look for them.
#include "runtime/base/scenario.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

struct Keeper {
  SharedCell cell;
  unsigned runs = 0;
};

void keep(ThreadState& thread, Probe& probe) {
  auto& keeper = *static_cast<Keeper*>(probe.context);
  ++keeper.runs;
  keeper.cell.store(thread, Ref<Object>::share(thread, Borrowed<Object>(&probe)));
}

RT_SCENARIO(
    revival, "object/finalizer_brings_back_vs_dereference",
    "An object that its finalizer keeps is found again by weak references of other threads.") {
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  unsigned ends = 0;
  Keeper keeper;
  Ref<WeakReference> weak;
  Semaphore made;
  run_attached(kernel, {[&](ThreadState& owner) {
                          Ref<Probe> probe = new_probe(owner, &ends, finalized_probe_type);
                          give_finalizer(*probe, &keep, &keeper);
                          weak = make_weak_reference(owner, probe);
                          made.post();
                          probe.drop(owner);
                        },
                        [&](ThreadState& other) {
                          wait_detached(other, made);
                          Ref<Object> kept = keeper.cell.read(other);
                          Ref<Object> found = dereference(other, weak);
                          RT_CHECK(!kept || found.get() == kept.get(),
                                   "a weak reference finds an object that came back");
                        }});
  RT_CHECK(ends == 0 && keeper.runs == 1, "the finalizer has run, once, and the object lives");
  keeper.cell.clear(first);
  RT_CHECK(ends == 1 && keeper.runs == 1, "it has ended, without another finalizer");
  RT_CHECK(!dereference(first, weak), "a weak reference to a dead object is empty");
  weak.drop(first);
}

// Nobody keeps the object but whoever dereferences it before its owner drops it.
RT_SCENARIO(found_in_finalizer, "object/finalizer_vs_dereference",
            "Another thread finds an object before its last drop, never during its finalizer.") {
  Kernel kernel;
  unsigned ends = 0;
  unsigned runs = 0;
  Ref<WeakReference> weak;
  Semaphore made;
  run_attached(kernel,
               {[&](ThreadState& owner) {
                  Ref<Probe> probe = new_probe(owner, &ends, finalized_probe_type);
                  give_finalizer(
                      *probe,
                      [](ThreadState&, Probe& mine) { ++*static_cast<unsigned*>(mine.context); },
                      &runs);
                  weak = make_weak_reference(owner, probe);
                  made.post();
                  probe.drop(owner);
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  Ref<Object> found = dereference(other, weak);
                  RT_CHECK(!found || ends == 0, "an object that is held has not ended");
                  RT_CHECK(!found || runs == 0, "nor has its finalizer begun");
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1 && runs == 1, "an object is finalized once and ends once");
  weak.drop(kernel.first_thread());
}

RT_SCENARIO(
    kept_and_dropped, "object/finalizer_brings_back_vs_drop_elsewhere",
    "An object that its finalizer gives to another thread ends once, wherever it is dropped.") {
  Kernel kernel;
  unsigned ends = 0;
  Keeper keeper;
  run_attached(kernel, {[&](ThreadState& owner) {
                          Ref<Probe> probe = new_probe(owner, &ends, finalized_probe_type);
                          give_finalizer(*probe, &keep, &keeper);
                          probe.drop(owner);
                        },
                        [&](ThreadState& other) { keeper.cell.clear(other); }});
  keeper.cell.clear(kernel.first_thread());
  RT_CHECK(ends == 1 && keeper.runs == 1, "an object is finalized once and ends once");
}

RT_SCENARIO(finalized_once, "object/finalizer_vs_two_droppers",
            "Two threads that drop an object without owner run its finalizer once.") {
  Kernel kernel;
  unsigned ends = 0;
  unsigned runs = 0;
  Ref<Probe> first;
  Ref<Probe> second;
  run_attached(kernel, {[&](ThreadState& gone) {
                 first = new_probe(gone, &ends, finalized_probe_type);
                 second = first.duplicate(gone);
                 give_finalizer(
                     *first,
                     [](ThreadState& thread, Probe& mine) {
                       ++*static_cast<unsigned*>(mine.context);
                       RT_CHECK(reference_count(&mine) == 1,
                                "its finalizer has the only reference");
                       RT_CHECK(mine.owner.peek() == thread.serial(), "and its thread the object");
                     },
                     &runs);
               }});
  run_attached(kernel,
               {[&](ThreadState& thread) { first.drop(thread); },
                [&](ThreadState& thread) { second.drop(thread); }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1 && runs == 1, "an object is finalized once and ends once");
}

RT_SCENARIO(
    chain_elsewhere, "object/end_of_a_chain_vs_reader_of_its_middle",
    "A chain that ends on another thread than its maker's ends as far as nobody holds it.") {
  constexpr unsigned kLength = kDeepestEnds + 3;
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  unsigned ends = 0;
  SharedCell middle;
  Ref<Object> head;
  run_attached(kernel, {[&](ThreadState& gone) {
                 for (unsigned i = 0; i < kLength; ++i) {
                   Ref<Probe> probe = new_probe(gone, &ends);
                   probe->field = head.release();
                   if (i == 1) middle.store(gone, Ref<Object>::share(gone, probe));
                   head = std::move(probe);
                 }
               }});
  run_attached(kernel,
               {[&](ThreadState& thread) {
                  head.drop(thread);
                  RT_CHECK(ends >= kLength - 2, "what nobody held has ended");
                },
                [&](ThreadState& thread) { middle.clear(thread); }},
               ThreadEnd::kDetaches);
  safe_point(first);
  RT_CHECK(ends == kLength, "objects without references have ended, each once");
}

}  // namespace
}  // namespace runtime
