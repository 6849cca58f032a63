// The collector: finds objects that only refer to each other, and ends them.
//
// Reference counts never see that a cycle is dead. So now and then a thread stops the world and asks
// of all tracked objects which of them anybody still refers to (reachability.h). Two pauses, and
// between and after them everything that runs foreign code (collection.h):
//
//   stop    counts of all threads together; who is reached, who is not; weak references to those who
//           are not are emptied
//   run     callbacks of these weak references, then finalizers, each once
//   stop    the same question among the garbage alone: what a finalizer has kept lives
//   run     fields are emptied, which breaks the cycles; then reference counts do the rest
//
// The collector stands beside a kernel, as the values do, and knows what is above it by functions
// that it was given: roots, and references on stacks that were not counted.
//
// When: each thread counts the collected objects that it makes less those that end, and tells the
// collector now and then (allocation_count.h). Beyond a threshold the collector asks that thread
// for a collection (BreakerBit::kGc), which happens at its next safe point, never where an object is
// made.
//
// Thread safe, unless said otherwise. All functions that take a thread are called by that thread,
// attached. One collection at a time: who asks during another gets an empty result at once.
//
// Orderings in this file
//   [collection-after-collection]  who collects takes `is_collecting_` with acquire and gives it
//       back with release: the arrays of the collector belong to one collection after the other.
//   Thresholds, counts and switches are relaxed: they decide when, and nothing follows from them.
//
// Ancestry: PEP 703, "Garbage Collection (Cycle Collection)"; PEP 442; CPython's
// Python/gc_free_threading.c and Modules/gcmodule.c.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "runtime/base/atomic.h"
#include "runtime/base/raw_mutex.h"
#include "runtime/collector/reachability.h"
#include "runtime/object/allocation_count.h"
#include "runtime/object/kernel.h"
#include "runtime/object/profile.h"

namespace runtime {

class Collection;

inline constexpr unsigned kGenerations = 3;

struct CollectorOptions {
  // gc.get_threshold(). The first: so many objects more than at the last collection. 0: never by
  // itself. The second: unless it is 0, also a quarter of those that lived then. The third is only
  // shown.
  std::array<int, kGenerations> thresholds = {2000, 10, 0};
  bool is_enabled = true;
  // Reaches what the roots refer to before anything is counted.
  bool marks_alive_first = kProfile314t.collector_marks_alive_first;
  // Whether the memory of the process has grown enough for a collection of the collector's own
  // accord. Null: yes.
  bool (*memory_gate)(void* context) = nullptr;
  void* memory_gate_context = nullptr;
  // For tests: every safe point of every thread is a collection.
  bool at_every_safe_point = false;
};

struct CollectionResult {
  std::int64_t collected = 0;      // garbage that was not kept by a finalizer
  std::int64_t uncollectable = 0;  // none of our types has such objects
};

// What one collection did. Nanoseconds from when the world stood to when it was started again.
struct CollectionStatistics {
  unsigned generation = 0;
  std::size_t visited = 0;      // tracked, not frozen, not immortal
  std::size_t garbage = 0;      // not reached in the first pause
  std::size_t finalized = 0;    // finalizers that ran
  std::size_t resurrected = 0;  // garbage that was reached in the second pause
  std::size_t collected = 0;
  Nanoseconds first_pause = 0;
  Nanoseconds second_pause = 0;  // 0: there was no garbage, so there was none
  Nanoseconds total = 0;
};

// gc.get_stats()
struct GenerationStatistics {
  std::int64_t collections = 0;
  std::int64_t collected = 0;
  std::int64_t uncollectable = 0;
};

enum class CollectionPhase { kStart, kStop };
struct CollectionInfo {
  unsigned generation;
  CollectionResult result;  // zero at the start
};
// gc.callbacks: on the thread that collects, attached, the world runs.
using CollectionCallback = void (*)(void* context, ThreadState& thread, CollectionPhase phase,
                                    const CollectionInfo& info);

// Calls visit(visit_context, object) for each object that it refers to. In a stopped world: must not
// lock, allocate or count.
using VisitReferences = void (*)(void* context, Visit visit, void* visit_context);

class Collector {
 public:
  // By the first thread of the kernel, before the second.
  explicit Collector(Kernel& kernel, const CollectorOptions& options = {});
  // By the first thread, when all others have been destroyed. Collects until there is nothing to
  // collect; roots are not asked any more.
  ~Collector();
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // That of the thread's kernel, which has one.
  [[nodiscard]] static Collector& of(ThreadState& thread) {
    return *static_cast<Collector*>(thread.slot(kAllocationCountSlot)->context);
  }

  // Before the second thread. What roots visit is kept alive; their references may be counted or
  // not. What stack references visit was not counted, once for each call (deferred.h).
  void add_roots(void* context, VisitReferences roots);
  void add_stack_references(void* context, VisitReferences references);
  void add_callback(void* context, CollectionCallback callback);

  // gc.collect(generation): everything, whatever the generation. Runs foreign code.
  CollectionResult collect(ThreadState& thread, unsigned generation = kGenerations - 1);

  void enable() { is_enabled_.store_relaxed(true); }
  void disable() { is_enabled_.store_relaxed(false); }
  [[nodiscard]] bool is_enabled() const { return is_enabled_.load_relaxed(); }
  void set_thresholds(const std::array<int, kGenerations>& thresholds);
  [[nodiscard]] std::array<int, kGenerations> thresholds() const;
  // Objects made less objects ended since the last collection, of the calling thread exactly. The
  // others are always 0.
  [[nodiscard]] std::array<int, kGenerations> counts(ThreadState& thread);
  // Keeps all garbage in garbage() instead of ending it (gc.DEBUG_SAVEALL).
  void set_saves_all(bool saves_all) { saves_all_.store_relaxed(saves_all); }
  [[nodiscard]] std::vector<Ref<Object>> garbage(ThreadState& thread);
  void clear_garbage(ThreadState& thread);

  // What is tracked now is left alone from now on, until unfreeze().
  void freeze(ThreadState& thread);
  void unfreeze(ThreadState& thread);
  [[nodiscard]] std::size_t freeze_count(ThreadState& thread);

  // All that is tracked and alive; never what is half made, ends, or is being collected. In the
  // order of the heap.
  [[nodiscard]] std::vector<Ref<Object>> objects(ThreadState& thread);
  // Those of them that refer to one of `referents`; and what one object refers to, once per
  // reference.
  [[nodiscard]] std::vector<Ref<Object>> referrers(ThreadState& thread,
                                                   std::span<Object* const> referents);
  [[nodiscard]] std::vector<Ref<Object>> referents(ThreadState& thread, Borrowed<Object> object);

  // Of the last collection, and of all by generation.
  [[nodiscard]] CollectionStatistics last() const;
  [[nodiscard]] std::array<GenerationStatistics, kGenerations> statistics() const;

 private:
  friend class Collection;

  struct Source {
    void* context;
    VisitReferences visit;
  };
  struct Listener {
    void* context;
    CollectionCallback callback;
  };

  static void thread_created(void* self, ThreadState& thread);
  static void thread_released(void* self, ThreadState& thread);
  static void requested(void* self, ThreadState& thread);
  static void counted(ThreadState& thread, AllocationCount& count);

  [[nodiscard]] bool should_collect() const;
  void announce(ThreadState& thread, CollectionPhase phase, const CollectionInfo& info);
  void note(const CollectionStatistics& run);
  // Calls fn(Object*) for each tracked object that is alive. World stopped.
  template <class Function>
  void for_each_tracked(Function&& fn);
  [[nodiscard]] bool is_shown(const Object* object) const;

  Kernel& kernel_;
  const CollectorOptions options_;
  // Constant from the second thread on.
  std::vector<Source> roots_;
  std::vector<Source> stack_references_;
  std::vector<Listener> listeners_;

  Atomic<int> thresholds_[kGenerations];
  Atomic<bool> is_enabled_;
  Atomic<bool> saves_all_;
  Atomic<std::int64_t> young_;       // made less ended, as far as threads have told
  Atomic<std::int64_t> long_lived_;  // lived after the last collection

  Atomic<bool> is_collecting_;
  // Written in a stopped world, and by the one who collects: garbage is known, and not shown.
  Atomic<bool> has_garbage_;
  Reachability reachability_;  // of the one who collects

  mutable RawMutex lock_;  // a leaf; guards what follows
  CollectionStatistics last_;
  std::array<GenerationStatistics, kGenerations> statistics_;
  std::vector<Ref<Object>> garbage_;
};

}  // namespace runtime
