// Deferred free: buffers that were unlinked, and may be freed when no reader can be inside them any
// more.
//
// A container that replaces its backing array gives the old one to free_deferred(). It lies in a
// batch of the thread that has no goal yet; when the batch is full, when the thread detaches or
// when somebody wants the memory, one step of the write sequence stamps the whole batch with its
// goal (qsbr.h). At a later quiescent point the thread frees what is due. Who exits leaves the rest
// to a list of the runtime, which the others look after.
//
// Stamping late, rather than giving each buffer the goal that comes next, keeps the one expensive
// operation per batch and still puts every unlinking before the operation with which readers
// synchronize.
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

// What waits to be freed, oldest first. One thread at a time.
class DeferredQueue {
 public:
  // A batch is stamped when it has so many buffers or bytes.
#if HEDDLE_SCHEDULED
  static constexpr std::size_t kBatchBuffers = 3;  // scenarios fill a batch in a few steps
#else
  static constexpr std::size_t kBatchBuffers = 127;
#endif
  static constexpr std::size_t kBatchBytes = std::size_t{1} << 20;

  DeferredQueue() = default;
  ~DeferredQueue();  // is empty
  DeferredQueue(const DeferredQueue&) = delete;
  DeferredQueue& operator=(const DeferredQueue&) = delete;

  // False when there is no memory to remember it.
  [[nodiscard]] bool push(ThreadState& thread, void* buffer, std::size_t bytes);
  [[nodiscard]] bool batch_is_full() const;
  [[nodiscard]] bool has_batch() const { return batch_buffers_ != 0; }
  [[nodiscard]] bool is_empty() const { return buffers_.value() == 0; }

  // Gives the batch its goal. Everything in it was unlinked by the calling thread, or with the
  // world stopped.
  void stamp(Qsbr& qsbr);
  // Calls release(buffer, bytes) for each buffer whose goal is reached, oldest first, up to the
  // first that is not due.
  template <class Release>
  void free_due(Qsbr& qsbr, Release&& release);
  // Everything at once: nobody reads any more.
  template <class Release>
  void free_all(Release&& release);
  // Moves everything of `other`, which is stamped, behind what is here.
  void append(DeferredQueue& other);

  [[nodiscard]] std::size_t buffers() const { return buffers_.value(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_.value(); }

 private:
  struct Item {
    void* buffer;
    std::size_t bytes;
    Qsbr::Goal goal;  // 0 while in the batch
  };
  struct Chunk;

  void pop_front();
  Item* front();

  Chunk* first_ = nullptr;
  Chunk* last_ = nullptr;
  Chunk* batch_chunk_ = nullptr;  // where the batch begins
  std::size_t batch_index_ = 0;   // likewise, in that chunk
  std::size_t batch_buffers_ = 0;
  std::size_t batch_bytes_ = 0;
  Tally<std::size_t> buffers_;
  Tally<std::size_t> bytes_;
};

inline constexpr ThreadSlot<DeferredQueue> kDeferredFreeSlot{ThreadSlots::kDeferredFree};

// Frees `buffer`, which came from raw_allocate() with `bytes`, when no thread can read it any more.
// The caller has unlinked it: whoever looks now does not find it. Does not block and is no safe
// point, unless there is no memory even to remember the buffer: then it stops the world.
void free_deferred(ThreadState& thread, void* raw_buffer, std::size_t bytes);

// Frees what is due of this thread and of threads that have exited: buffers, and empty pages of the
// object heap. Looks whether goals are reached, waits for nobody.
void process_deferred(ThreadState& thread);

// Stops the world and frees everything that waits: then nobody reads. A safe point; the caller
// holds no pointer to protected memory. What gc.collect() does first.
void drain_everything(ThreadState& thread);

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
