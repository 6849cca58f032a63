// Merge queues: how a thread asks the owner of an object to merge its two counts.
//
// A thread drops a reference that the owner had counted. It may not touch the owner's count, so it
// leaves the reference, undropped, in the owner's queue, and sets kMerge in the owner's eval
// breaker. At its next safe point the owner takes the queue's references back, merges each object's
// counts (explicit_merge) and frees what is left at zero. A thread that ends drains its queue and
// closes it; from then on its objects have no owner, and who would queue one merges it on the spot.
// Queues are found by the owner's serial, in a table of three levels that never moves, so finding
// one takes three loads.
//
// So an object whose last reference is dropped elsewhere dies at the owner's next safe point, on
// the owner's thread. An owner that is blocked in a system call keeps such objects until it wakes
// up, or until the collector merges for it.
//
// Life of an object here: kInitial or kMaybeWeak -> (decrement_shared_slow) kQueued -> queue ->
// (explicit_merge) kMerged.
//
// Orderings
//   [queue-before-serial]
//       The table gets a thread's queue before the thread makes its first object, and whoever has
//       the object got it from there; loads acquire and stores release, so that the insides of the
//       table are visible too.
//   [requested-before-handled]  (thread_state.h)
//       The bit is set after the push. Set first, it may be answered before there is anything to
//       merge, and nobody would come again.
//
// Each queue is guarded by a leaf lock. Its memory is freed by deferred_free.h: who looks a queue up
// is attached and passes no safe point until he is done with it. A leaf of the table whose threads
// have all ended serves younger threads, so a reader that is late may find a stranger's queue in it:
// he compares the serial.
//
// Not for objects that the collector alone may free (deferred.h): their count never asks for it.
//
// Ancestry: PEP 703, "Biased Reference Counting"; CPython's Python/brc.c. Departures:
// indexed by serial instead of hashed by thread address; merging for a dead owner needs no lock, because a serial never comes back and
// an object is queued at most once.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/raw_mutex.h"
#include "runtime/object/object_stack.h"
#include "runtime/threads/mutex.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

class MergeQueues;
class World;

// One thread's queue.
class MergeQueue {
 public:
  MergeQueue(MergeQueues& all, ThreadState& owner)
      : all_(all), owner_(owner), serial_(owner.serial()) {}

  [[nodiscard]] MergeQueues& all() const { return all_; }
  [[nodiscard]] std::uint32_t serial() const { return serial_; }

  // By any attached `thread`. Steals a reference to `object`, unless the queue is closed or memory
  // has run out.
  enum class PushResult { kPushed, kClosed, kOutOfMemory };
  [[nodiscard]] PushResult push(ThreadState& thread, Object* object);

  // By the owner, attached: merges what is queued now. Frees objects, so it runs foreign code,
  // which may come here again.
  void merge_all(ThreadState& thread);

  // By the owner as it exits, or for an owner that will never run again by `thread`, which is
  // attached: merges until nothing is left, then closes. Null, nobody is attached: only for an
  // owner that never made an object.
  void merge_all_and_close(ThreadState* thread);

  // World stopped, by the requester: merges what is queued. What is dead now goes to `dead`, which
  // the caller deallocates when the world runs again. False when memory for that ran out: then the
  // rest stays queued.
  [[nodiscard]] bool merge_in_stopped_world(ThreadState& requester, ObjectStack& dead);

 private:
  // Moves what others queued to being_merged_. True if there was something; if there was nothing,
  // may close.
  enum class WhenEmpty { kStayOpen, kClose };
  bool take_queued(WhenEmpty when_empty);
  void merge_taken(ThreadState& thread);

  MergeQueues& all_;
  ThreadState& owner_;  // lives until closed
  const std::uint32_t serial_;
  Mutex lock_;                // leaf
  bool is_closed_ = false;    // guarded by lock_
  ObjectStack queued_;        // guarded by lock_
  ObjectStack being_merged_;  // the owner's alone
};

inline constexpr ThreadSlot<MergeQueue> kMergeQueueSlot{ThreadSlots::kMergeQueue};

// All queues of one runtime. Registers hooks and the handler of kMerge with the world, which must
// outlive it.
class MergeQueues {
 public:
  explicit MergeQueues(World& world);
  ~MergeQueues();
  MergeQueues(const MergeQueues&) = delete;
  MergeQueues& operator=(const MergeQueues&) = delete;

  // The queue of the thread with this serial; null when it has ended. Valid until the caller's next
  // safe point. The caller is attached and got the serial from an object.
  [[nodiscard]] MergeQueue* find(std::uint32_t serial) const;

  // World stopped, by the requester: what is queued with all threads (MergeQueue). False without
  // memory.
  [[nodiscard]] bool merge_in_stopped_world(ThreadState& requester, ObjectStack& dead);

 private:
  static constexpr unsigned kLeafBits = 11;
  static constexpr unsigned kMiddleBits = 11;
  static constexpr unsigned kRootBits = 32 - kLeafBits - kMiddleBits;
  struct Leaf {
    Atomic<MergeQueue*> queues[1 << kLeafBits];
    std::uint32_t closed = 0;    // how many of them have come and gone; guarded by growing_
    Leaf* next_spare = nullptr;  // guarded by growing_
  };
  struct Middle {
    Atomic<Leaf*> leaves[1 << kMiddleBits];
  };

  static void thread_created(void* self, ThreadState& thread);
  static void thread_exiting(void* self, ThreadState& thread);
  static void merge_requested(void* self, ThreadState& thread);
  void insert(std::uint32_t serial, MergeQueue* queue);
  void remove(std::uint32_t serial);

  RawMutex growing_;
  Atomic<Middle*> root_[1 << kRootBits];  // written under growing_
  Leaf* spare_leaves_ = nullptr;          // guarded by growing_
};

// Steals a reference to `object`, whose state the caller has just made kQueued: hands it to the
// owner, or merges itself when there is no owner any more, or when the owner's queue is out of
// memory (which stops the world). May free the object and run foreign code.
void queue_for_merge(ThreadState& thread, Object* object);

}  // namespace runtime
