// The place of an iterator that several threads may share, in something that never changes.
//
// The place is one word: how many items were given out. To take a place is to load the word and to
// move it on by one compare-and-exchange; if another thread was faster, the word stays where that
// one put it. So two threads may take the same place, but the word only grows: no late store brings
// an exhausted iterator back, and none skips an item. A plain store does where there is nobody to race
// with: while the thread is the only one. That the iterator has one reference would prove nothing, for
// it may be that of an enumerate or a zip which others use too.
//
// Not for what can become shorter or longer meanwhile (list, dict, set): see the containers.
//
// Ancestry: CPython's tupleiter_next, which loads and stores relaxed.
#pragma once

#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/mutants.h"
#include "runtime/object/refcount.h"

namespace runtime {

inline constexpr std::int64_t kNoPlace = -1;

// A place below `length`, or kNoPlace. Relaxed throughout: the place says nothing about what stands
// there, which was complete before the iterator existed.
[[nodiscard]] inline std::int64_t take_place(const ThreadState& thread, const Object& iterator,
                                             Atomic<std::int64_t>& place, std::int64_t length) {
  std::int64_t taken = place.load_relaxed();
  if (taken >= length) return kNoPlace;
  point("iterator.have_place");
  const bool is_alone =
      thread.is_alone() || (RT_MUTANT(place_owned_by_count) && is_unique(thread, &iterator));
  if (is_alone || RT_MUTANT(exhausted_iterator_comes_back)) {
    place.store_relaxed(taken + 1);
    return taken;
  }
  std::int64_t expected = taken;
  (void)place.compare_exchange_relaxed(expected, taken + 1);
  return taken;
}

// The same, where the only reference to the iterator stands in a place that no other thread can use,
// such as a register of the frame that runs.
[[nodiscard]] inline std::int64_t take_own_place(Atomic<std::int64_t>& place, std::int64_t length) {
  const std::int64_t taken = place.load_relaxed();
  if (taken >= length) return kNoPlace;
  place.store_relaxed(taken + 1);
  return taken;
}

}  // namespace runtime
