// The conservation laws as far as this floor can state them, and the checks that hold them up.
//
//   law 1  Census: in a stopped world every object of both heaps is asked for its count, and every
//          reference is found by visiting fields. References from outside the heap (of tests, of
//          stacks) are declared.
//   law 2  check_dead_header: what a block that is about to be freed must look like to a reader with
//          a stale pointer.
//   law 3  stands in DroppedFields::take (finalization.h), law 4 in the second form of
//          try_increment_from (biased_refcount.h).
//   law 5  check_attached, at the entrance of everything slow.
//   law 6  LeafSection counts the locks of this floor that a thread holds; check_no_leaf_lock stands
//          where foreign code may run.
//
// Without HEDDLE_CHECKS nothing of this is left but the census, which is a function like any other.
#pragma once

#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/check.h"
#include "runtime/object/object.h"
#include "runtime/threads/mutex.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

struct LeafSectionsTag;
using LeafSections = ThreadLocal<std::uintptr_t, LeafSectionsTag>;

// Holds one of this floor's leaf locks. Inside it nothing is dropped, freed or called that is not
// ours.
class LeafSection {
 public:
  explicit LeafSection(Mutex& mutex) : mutex_(mutex) {
    mutex_.lock_leaf();
    if constexpr (kChecksEnabled) LeafSections::set(LeafSections::get() + 1);
  }
  ~LeafSection() {
    if constexpr (kChecksEnabled) LeafSections::set(LeafSections::get() - 1);
    mutex_.unlock();
  }
  LeafSection(const LeafSection&) = delete;
  LeafSection& operator=(const LeafSection&) = delete;

 private:
  Mutex& mutex_;
};

// Law 6.
inline void check_no_leaf_lock(const Object* object) {
  if constexpr (kChecksEnabled)
    RT_LAW(Law::kNoForeignCodeUnderLock, LeafSections::get() == 0, object);
}

// Law 5.
inline void check_attached(const ThreadState& thread, const Object* object) {
  if constexpr (kChecksEnabled)
    RT_LAW(Law::kAttachedOnly, this_thread_or_null() == &thread, object);
}

// Law 2 (in the GIL build law 1: the count is 0): a dead object is about to be freed. No try_increment can succeed on what is left of it.
void check_dead_header(const Object* object);

// Law 1. With no thread running but this one: in a stopped world, or alone. Deferred objects and
// per-thread counts are included, static objects are not asked.
//   Census census(thread);  census.add_root(object);  ...  census.check();
// Uses the working count of every object, so not inside a collection.
class Census {
 public:
  explicit Census(ThreadState& thread);
  // One more reference to `object` from outside the heap, or from a merge queue.
  void add_root(Object* object) { add_reference(nullptr, object); }
  // Fails with law 1 and the first object whose count is not the number of its references.
  void check();

 private:
  static void add_reference(void*, Object* object);
  template <class Function>
  void for_each_object(Function&& function);

  ThreadState& thread_;
};

}  // namespace runtime
