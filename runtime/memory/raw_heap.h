// Raw buffers: backing arrays of containers, tables, text. Bytes that are no objects.
//
// No reader takes a raw buffer for an object header, so nothing stands in the way of an ordinary
// allocator: mimalloc, which is fast when one thread allocates and another frees. The caller says
// how many bytes it gives back, which every container knows; so the statistics cost an addition.
//
// Not for objects (object_heap.h). A buffer that other threads may still read goes through
// free_deferred() (deferred_free.h).
//
// In sanitizer builds the system's malloc, which the sanitizers know; under the scheduler operator
// new, which the shadow heap and the leak check know.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/memory/memory_statistics.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

// What one thread has to do with raw buffers.
struct RawBuffers {
  Tally<std::int64_t>
      bytes;  // allocated less freed; below zero where it frees what others allocated
  // For tests of running out of memory: so many allocations succeed, all later ones fail.
  static constexpr std::uint64_t kUnlimited = UINT64_MAX;
  std::uint64_t allocations_left = kUnlimited;

  bool may_allocate() {
    if (allocations_left == kUnlimited) [[likely]] {
      return true;
    }
    if (allocations_left == 0) return false;
    --allocations_left;
    return true;
  }
};

inline constexpr ThreadSlot<RawBuffers> kRawBuffersSlot{ThreadSlots::kRawBuffers};

// None of these blocks or reaches a safe point. By an attached thread; aligned to 16 bytes; bytes >
// 0. Null when there is no memory: what was given to raw_reallocate is then unchanged.
[[nodiscard]] void* raw_allocate(ThreadState& thread, std::size_t bytes);
[[nodiscard]] void* raw_allocate_zeroed(ThreadState& thread, std::size_t bytes);
[[nodiscard]] void* raw_reallocate(ThreadState& thread, void* buffer, std::size_t old_bytes,
                                   std::size_t new_bytes);
// `bytes` as it was allocated. Null is no buffer, and nothing happens.
void raw_free(ThreadState& thread, void* buffer, std::size_t bytes);

// Without a thread: for what outlives all of them. Not counted.
[[nodiscard]] void* raw_allocate_uncounted(std::size_t bytes);
void raw_free_uncounted(void* buffer);

}  // namespace runtime
