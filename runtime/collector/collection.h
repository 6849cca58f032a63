// One collection, step by step.
//
// The steps are those at the top of collector.h. Between the pauses the garbage is held by one
// reference each, which the collector took in the first pause after it had merged the counts: so
// garbage ends when the collector says so, on the thread of the collector, and not in the merge
// queue of an owner who may be asleep.
//
// Why garbage cannot come back behind our back: nobody outside refers to it; weak references to it
// are empty before anybody runs again; a reader without a lock who has loaded a pointer to it would
// have had to stop between that load and his check, and there is no safe point there; and lists of
// all objects leave it out (kGcUnreachable). There remain its own finalizers, and they are why the
// second pause asks again. After it nothing of the garbage runs any more but what ends in the
// ordinary way.
//
// What is already dying when the world stops (its count is zero, its thread came to a safe point
// inside a callback, or it waits in a list of dying objects) is no business of ours: it is left out,
// and what it refers to counts as reached, until it has ended.
//
// Ancestry: gc_collect_internal in CPython's Python/gc_free_threading.c. Departures: weak references
// that a finalizer makes to garbage are emptied in the second pause, so that nobody finds a cleared
// object through them; without garbage there is no second pause.
#pragma once

#include "runtime/collector/collector.h"
#include "runtime/object/object_stack.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

class Collection {
 public:
  Collection(Collector& collector, ThreadState& thread)
      : collector_(collector), thread_(thread), reachability_(collector.reachability_) {}

  CollectionStatistics run();

 private:
  // The first pause. Afterwards the set is the garbage, each held by a reference. False: there was
  // not enough memory to find out, and there is no garbage.
  [[nodiscard]] bool find_garbage();
  [[nodiscard]] bool bring_counts_together();
  [[nodiscard]] bool take_tracked();
  void reach_from_outside();
  void take_garbage();
  // Sets kGcFinalized in those whose finalizer will run, and lists them.
  void choose_finalizers();
  void empty_weak_references();

  void run_callbacks_and_finalizers();
  // The second pause. Afterwards the set is the garbage that is left.
  void find_resurrected();
  void end_garbage();

  void visit_all(const std::vector<Collector::Source>& sources, Visit visit);

  Collector& collector_;
  ThreadState& thread_;
  Reachability& reachability_;
  CollectionStatistics result_;
  ObjectStack dead_;  // found dead in merge queues
  DueCallbacks due_;
  bool saves_all_ = false;
};

}  // namespace runtime
