// Deferred free: buffers that were unlinked, and may be freed when no reader can be inside them any
// more.
//
// A container that replaces its backing array gives the old one to free_deferred(). It lies in a
// batch of the thread that has no goal yet. When the batch is full the thread looks after it at its
// next quiescent point, when the thread detaches at once: one step of the write sequence stamps the
// whole batch with its goal (qsbr.h). At a later look the thread frees what is due. Who exits
// leaves the rest to a list of the runtime, which the others look after.
//
// Stamping late, rather than giving each buffer the goal that would come next, keeps the one
// expensive operation per batch and still puts every unlinking before the operation with which
// readers synchronize.
//
// In the GIL build a buffer is freed at once: who reads holds the GIL, and so does who frees.
//
// Not for objects, and not for buffers that only their owner could reach: raw_free().
//
// Ancestry: CPython's _PyMem_FreeDelayed and process_queue (Objects/obmalloc.c).
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/memory/memory_statistics.h"
#include "runtime/memory/qsbr.h"
#include "runtime/threads/attach.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

class Memory;

// What waits to be freed, oldest first. One thread at a time; its counts may be read at any time.
class DeferredQueue {
 public:
  // A batch is full when it has so many buffers or bytes.
#if HEDDLE_SCHEDULED
  static constexpr std::size_t kBatchBuffers = 2;  // scenarios fill a batch in a few steps
#else
  static constexpr std::size_t kBatchBuffers = 127;
#endif
  static constexpr std::size_t kBatchBytes = std::size_t{1} << 20;

  DeferredQueue() = default;
  ~DeferredQueue();  // forgets what is still here
  DeferredQueue(const DeferredQueue&) = delete;
  DeferredQueue& operator=(const DeferredQueue&) = delete;

  // False when there is no memory to remember it.
  [[nodiscard]] bool push(ThreadState& thread, void* buffer, std::size_t bytes);
  [[nodiscard]] bool batch_is_full() const {
    return batch_buffers_ >= kBatchBuffers || batch_bytes_ >= kBatchBytes;
  }
  [[nodiscard]] bool is_empty() const { return buffers_.value() == 0; }

  // Gives the batch, if there is one, its goal. Everything in it was unlinked by the calling
  // thread, or by one whose work the caller sees.
  void stamp(Qsbr& qsbr);
  // Frees each buffer whose goal is reached, oldest first, up to the first that is not due.
  void free_due(ThreadState& thread, Qsbr& qsbr);
  // Frees everything: nobody reads any more.
  void free_all(ThreadState& thread);
  // The same when there are no threads any more.
  void free_all_uncounted();
  // Moves everything of `other`, which is stamped, behind what is here, which is stamped.
  void append(DeferredQueue& other);

  [[nodiscard]] std::size_t buffers() const { return buffers_.value(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_.value(); }

 private:
  struct Item {
    void* buffer;
    std::size_t bytes;
    Qsbr::Goal goal;  // 0 in the batch
  };
  struct Chunk;

  [[nodiscard]] bool has_room(ThreadState& thread);
  // Null: empty.
  Item* oldest();
  void drop_oldest();

  Chunk* first_ = nullptr;
  Chunk* last_ = nullptr;
  // The items of the batch: the newest ones, from this place on.
  Chunk* batch_chunk_ = nullptr;
  std::size_t batch_index_ = 0;
  std::size_t batch_buffers_ = 0;
  std::size_t batch_bytes_ = 0;
  Tally<std::size_t> buffers_;
  Tally<std::size_t> bytes_;
};

// The part of one thread.
struct DeferredFree {
  explicit DeferredFree(Memory& of) : memory(of) {}
  Memory& memory;
  DeferredQueue queue;
};

inline constexpr ThreadSlot<DeferredFree> kDeferredFreeSlot{ThreadSlots::kDeferredFree};

// Frees `raw_buffer`, which came from raw_allocate() with `bytes`, when no thread can read it any
// more. The caller has unlinked it: whoever looks now does not find it. Does not block and is no
// safe point, unless there is no memory even to remember the buffer: then it stops the world.
void free_deferred(ThreadState& thread, void* raw_buffer, std::size_t bytes);

// Frees what is due of this thread and of threads that have exited: buffers, and empty pages of the
// object heap. Looks whether goals are reached, waits for nobody.
void process_deferred(ThreadState& thread);

// Stops the world and frees everything that waits: then nobody reads. A safe point; the caller
// holds no pointer to protected memory. What gc.collect() does first.
void drain_everything(ThreadState& thread);

// The same where the world stands already, by who stopped it.
void drain_in_stopped_world(ThreadState& requester);

// Where a thread is between two steps of its program: answers requests, reports that it holds no
// protected pointer, and now and then frees what is due. May do whatever safe_point() may.
inline void quiescent_point(ThreadState& thread) {
  safe_point(thread);
  QsbrSlot& slot = *thread.slot(kQsbrSlot);
  slot.qsbr.report(slot);
  if (slot.should_process) [[unlikely]] {
    process_deferred(thread);
  }
}

}  // namespace runtime
