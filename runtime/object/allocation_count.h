// How many collected objects a thread has made, less those that ended: what tells the collector that
// it is time.
//
// The count belongs to the thread, so it costs an addition; when it has gone far enough in either
// direction the thread tells whoever hung it into its slot. Without a collector the slot is empty.
//
// Ancestry: the alloc_count of CPython's _gc_thread_state (Python/gc_free_threading.c,
// record_allocation and record_deallocation).
#pragma once

#include <cstdint>

#include "runtime/threads/thread_state.h"

namespace runtime {

struct AllocationCount {
  // So many are told together. Few under the scheduler, so that scenarios get there.
  static constexpr std::int32_t kToldTogether = HEDDLE_SCHEDULED ? 4 : 512;

  std::int32_t pending = 0;  // not told yet; only its own thread
  void* context = nullptr;
  // Takes `pending` back to 0. Called where an object is made or ended: must not lock, block or run
  // foreign code.
  void (*tell)(ThreadState& thread, AllocationCount& count) = nullptr;
};

inline constexpr ThreadSlot<AllocationCount> kAllocationCountSlot{ThreadSlots::kCollector};

// By the thread that has made, or ended, a collected object.
inline void count_made(ThreadState& thread) {
  AllocationCount* count = thread.slot(kAllocationCountSlot);
  if (count != nullptr && ++count->pending >= AllocationCount::kToldTogether) {
    count->tell(thread, *count);
  }
}
inline void count_ended(ThreadState& thread) {
  AllocationCount* count = thread.slot(kAllocationCountSlot);
  if (count != nullptr && --count->pending <= -AllocationCount::kToldTogether) {
    count->tell(thread, *count);
  }
}

}  // namespace runtime
