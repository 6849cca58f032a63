// Per-thread reference counts: for the few objects that every thread counts all the time.
//
// Each instance holds a reference to its type. If many threads make and drop instances of one type,
// its shared count would travel between their caches at every turn. So such an object (a type;
// later code and module dictionaries) gets a small number, its count id, and each thread has an
// array in which it counts its references to object `id` with plain additions: one thread may take
// a reference that another gives back, so entries may be negative, and only the sum over all
// threads and the object's own count means something. Nobody sums while threads run: the arrays are
// added to the objects' shared counts in a stopped world, or by a thread that exits. An object with
// an id is therefore also deferred (deferred.h): only the collector can find that its count is
// zero.
//
// An id is given to another object only after it was zero in all arrays, in the same stopped world;
// ids are dense, so that the arrays stay short.
//
// Not for ordinary objects: every thread pays eight bytes per id.
//
// Ancestry: CPython's Python/uniqueid.c and
// Include/internal/pycore_uniqueid.h.
#pragma once

#include <cstdint>

#include "runtime/object/object.h"
#include "runtime/object/refcount.h"
#include "runtime/threads/mutex.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

#if HEDDLE_GIL
// One count serves all threads.
using ThreadCounted = Object;
inline void count_per_thread(ThreadState&, ThreadCounted*) {}
inline void increment_per_thread(ThreadState& thread, ThreadCounted* object) {
  increment(thread, object);
}
inline void decrement_per_thread(ThreadState& thread, ThreadCounted* object) {
  decrement(thread, object);
}
#else

class World;
class PerThreadCountIds;

inline constexpr std::uint32_t kNoCountId = 0xFFFFFFFFu;

// The base of every object that can be counted per thread.
struct ThreadCounted : Object {
  // Set before publication, taken away in a stopped world: so relaxed everywhere.
  Atomic<std::uint32_t> count_id{kNoCountId};

  constexpr ThreadCounted() = default;
  constexpr explicit ThreadCounted(Type* its_type) : Object(its_type) {}
};

// One thread's array. Its own thread's, or the requester's of a stopped world.
struct PerThreadCounts {
  PerThreadCountIds& ids;
  std::int64_t* counts = nullptr;  // [0, size)
  std::uint32_t size = 0;
};

inline constexpr ThreadSlot<PerThreadCounts> kPerThreadCountsSlot{ThreadSlots::kPerThreadCounts};

// The ids of one runtime. Registers hooks with the world, which must outlive it.
class PerThreadCountIds {
 public:
  explicit PerThreadCountIds(World& world);
  ~PerThreadCountIds();
  PerThreadCountIds(const PerThreadCountIds&) = delete;
  PerThreadCountIds& operator=(const PerThreadCountIds&) = delete;

  // Gives an object, not yet published, an id. Without memory it stays without one and is counted
  // in the ordinary way.
  void assign(ThreadCounted* object);
  // World stopped: adds every thread's count of the object to it and takes its id away, for
  // another.
  void release_in_stopped_world(ThreadCounted* object);
  // World stopped: adds every thread's counts to the objects, and leaves the arrays zero.
  void merge_in_stopped_world();

  // World stopped, for censuses: what all threads together have counted for `object`.
  [[nodiscard]] std::int64_t sum_in_stopped_world(const ThreadCounted* object);

  // How many ids have ever been in use at the same time. Any thread.
  [[nodiscard]] std::uint32_t highest();

 private:
  friend void increment_per_thread_slow(ThreadState& thread, ThreadCounted* object);
  friend void decrement_per_thread_slow(ThreadState& thread, ThreadCounted* object);
  static void thread_created(void* self, ThreadState& thread);
  static void thread_exiting(void* self, ThreadState& thread);
  // Makes the calling thread's array long enough for `id`; false without memory.
  [[nodiscard]] static bool grow(ThreadState& thread, PerThreadCounts& counts, std::uint32_t id);
  void add_to_objects_locked(PerThreadCounts& counts);

  // An id in use points to its object; a free one, tagged, to the next free id.
  union Entry {
    ThreadCounted* object;
    std::uintptr_t next_free;  // 2 * id + 1; kNoneFree ends the list
  };
  static constexpr std::uintptr_t kNoneFree = ~std::uintptr_t{0};
  static constexpr std::uint32_t kFirstCapacity = 16;

  World& world_;
  Mutex lock_;                // leaf; guards all below
  Entry* entries_ = nullptr;  // [0, used_)
  std::uint32_t capacity_ = 0;
  std::uint32_t used_ = 0;
  std::uintptr_t first_free_ = kNoneFree;
};

// From now on an object that was not yet published is counted per thread.
void count_per_thread(ThreadState& thread, ThreadCounted* object);

void increment_per_thread_slow(ThreadState& thread, ThreadCounted* object);
void decrement_per_thread_slow(ThreadState& thread, ThreadCounted* object);

// As increment and decrement; an object without an id is counted as any other. With an id decrement
// frees nothing.
inline void increment_per_thread(ThreadState& thread, ThreadCounted* object) {
  PerThreadCounts& mine = *thread.slot(kPerThreadCountsSlot);
  const std::uint32_t id = object->count_id.load_relaxed();
  if (id < mine.size) {
    ++mine.counts[id];
  } else {
    increment_per_thread_slow(thread, object);
  }
}
inline void decrement_per_thread(ThreadState& thread, ThreadCounted* object) {
  PerThreadCounts& mine = *thread.slot(kPerThreadCountsSlot);
  const std::uint32_t id = object->count_id.load_relaxed();
  if (id < mine.size) {
    --mine.counts[id];
  } else {
    decrement_per_thread_slow(thread, object);
  }
}
#endif

}  // namespace runtime
