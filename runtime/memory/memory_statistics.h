// How much memory a runtime uses, and for what; may be asked at any time.
//
// Each number has one writer at a time, so counting costs an addition and no lock. Readers see
// values of about now that need not fit together exactly while threads run; in a stopped world they
// are exact.
//
// Ancestry: CPython's sys._debugmallocstats and _PyMem statistics; mimalloc's mi_stats.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/base/atomic.h"

namespace runtime {

// A number with one writer at a time and readers at any time. No order: it counts, it publishes
// nothing. Not a scheduling point, so that counting does not lengthen what the scheduler explores.
template <class T>
class Tally {
 public:
  constexpr Tally() = default;
  explicit constexpr Tally(T value) : value_(value) {}

  [[nodiscard]] T value() const { return value_.peek(); }
  void set(T value) { value_.initialize(value); }
  void add(T amount) { set(static_cast<T>(value() + amount)); }
  void subtract(T amount) { set(static_cast<T>(value() - amount)); }

 private:
  Atomic<T> value_;
};

struct MemoryStatistics {
  // Objects: blocks that were allocated and not freed, and their bytes (of whole blocks).
  std::size_t objects = 0;
  std::size_t object_bytes = 0;
  // Raw buffers that were allocated and not freed, bytes as asked for. Those that wait for readers
  // are among them.
  std::size_t raw_bytes = 0;
  std::size_t deferred_buffers = 0;  // given to free_deferred() and not yet freed
  std::size_t deferred_bytes = 0;

  // Pages of the object heap by state; large objects have one of their own.
  std::size_t pages_owned = 0;      // by a thread, some block may be in use
  std::size_t pages_waiting = 0;    // empty, but a stale pointer may still be read
  std::size_t pages_abandoned = 0;  // their thread has exited, nobody has adopted them
  std::size_t pages_pooled = 0;     // free for any use
  std::size_t page_bytes = 0;       // mapped, all states

  // Events since the beginning.
  std::uint64_t remote_frees = 0;  // objects freed by another thread than the owner of their page
  std::uint64_t pages_adopted = 0;
  std::uint64_t pages_recycled = 0;  // returned to the pool after their readers were gone
};

}  // namespace runtime
