#include "runtime/memory/deferred_free.h"

#include <new>

#include "runtime/base/build.h"
#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/memory/memory.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/threads/stop_the_world.h"

namespace runtime {

// Four kilobytes, so that remembering a buffer costs an allocation less than once in a hundred
// times.
struct DeferredQueue::Chunk {
#if HEDDLE_SCHEDULED
  static constexpr std::size_t kItems = 3;
#else
  static constexpr std::size_t kItems = 169;
#endif
  Chunk* next = nullptr;
  std::size_t begin = 0;  // what lies before was freed
  std::size_t end = 0;
  Item items[kItems];
};

DeferredQueue::~DeferredQueue() {
  while (first_ != nullptr) {
    Chunk* chunk = first_;
    first_ = chunk->next;
    raw_free_uncounted(chunk);
  }
}

bool DeferredQueue::has_room(ThreadState& thread) {
  static_assert(sizeof(Chunk) <= 4096);
  if (last_ != nullptr && last_->end != Chunk::kItems) return true;
  if (!thread.slot(kRawBuffersSlot)->may_allocate()) return false;
  void* place = raw_allocate_uncounted(sizeof(Chunk));
  if (place == nullptr) return false;
  auto* chunk = new (place) Chunk;
  (last_ == nullptr ? first_ : last_->next) = chunk;
  last_ = chunk;
  return true;
}

bool DeferredQueue::push(ThreadState& thread, void* buffer, std::size_t bytes) {
  if (!has_room(thread)) return false;
  Qsbr::Goal goal = 0;
  if (RT_MUTANT(deferred_joins_stamped_batch) && last_->end > last_->begin) {
    goal = last_->items[last_->end - 1].goal;
  }
  if (goal == 0) {
    if (batch_buffers_ == 0) {
      batch_chunk_ = last_;
      batch_index_ = last_->end;
    }
    ++batch_buffers_;
    batch_bytes_ += bytes;
  }
  last_->items[last_->end++] = {buffer, bytes, goal};
  buffers_.add(1);
  bytes_.add(bytes);
  return true;
}

void DeferredQueue::stamp(Qsbr& qsbr) {
  if (batch_buffers_ == 0) return;
  const Qsbr::Goal goal = qsbr.advance();
  point("qsbr.stamped");
  std::size_t index = batch_index_;
  for (Chunk* chunk = batch_chunk_; chunk != nullptr; chunk = chunk->next, index = 0) {
    for (; index < chunk->end; ++index) chunk->items[index].goal = goal;
  }
  batch_chunk_ = nullptr;
  batch_buffers_ = 0;
  batch_bytes_ = 0;
}

DeferredQueue::Item* DeferredQueue::oldest() {
  if (is_empty()) return nullptr;
  while (first_->begin == first_->end) {
    Chunk* chunk = first_;
    first_ = chunk->next;
    raw_free_uncounted(chunk);
  }
  return &first_->items[first_->begin];
}

void DeferredQueue::drop_oldest() {
  buffers_.subtract(1);
  bytes_.subtract(first_->items[first_->begin++].bytes);
  // The last chunk is kept and filled again from its beginning.
  if (first_ == last_ && first_->begin == first_->end) first_->begin = first_->end = 0;
}

void DeferredQueue::free_due(ThreadState& thread, Qsbr& qsbr) {
  for (Item* item = oldest(); item != nullptr; item = oldest()) {
    if (item->goal == 0 || !qsbr.reached(item->goal)) return;
    point("qsbr.free");
    raw_free(thread, item->buffer, item->bytes);
    drop_oldest();
  }
}

void DeferredQueue::free_all(ThreadState& thread) {
  for (Item* item = oldest(); item != nullptr; item = oldest()) {
    raw_free(thread, item->buffer, item->bytes);
    drop_oldest();
  }
  batch_chunk_ = nullptr;
  batch_buffers_ = 0;
  batch_bytes_ = 0;
}

void DeferredQueue::free_all_uncounted() {
  for (Item* item = oldest(); item != nullptr; item = oldest()) {
    raw_free_uncounted(item->buffer);
    drop_oldest();
  }
}

void DeferredQueue::append(DeferredQueue& other) {
  RT_INVARIANT(batch_buffers_ == 0 && other.batch_buffers_ == 0,
               "what is moved to another queue has its goal");
  if (other.first_ == nullptr) return;
  (last_ == nullptr ? first_ : last_->next) = other.first_;
  last_ = other.last_;
  buffers_.add(other.buffers());
  bytes_.add(other.bytes());
  other.first_ = other.last_ = nullptr;
  other.buffers_.set(0);
  other.bytes_.set(0);
}

void free_deferred(ThreadState& thread, void* raw_buffer, std::size_t bytes) {
  // With the GIL there is nobody inside.
  if (!kFreeThreaded || RT_MUTANT(deferred_freed_at_once))
    return raw_free(thread, raw_buffer, bytes);
  DeferredQueue& queue = thread.slot(kDeferredFreeSlot)->queue;
  if (!queue.push(thread, raw_buffer, bytes)) [[unlikely]] {
    StoppedWorld stopped(thread);
    return raw_free(thread, raw_buffer, bytes);
  }
  if (queue.batch_is_full()) thread.slot(kQsbrSlot)->should_process = true;
}

void process_deferred(ThreadState& thread) {
  DeferredFree& deferred = *thread.slot(kDeferredFreeSlot);
  Qsbr& qsbr = thread.slot(kQsbrSlot)->qsbr;
  thread.slot(kQsbrSlot)->should_process = false;
  deferred.queue.stamp(qsbr);
  deferred.queue.free_due(thread, qsbr);
  thread.slot(kObjectHeapSlot)->release_due();
  deferred.memory.look_after_exited(thread);
}

void drain_everything(ThreadState& thread) {
  StoppedWorld stopped(thread);
  drain_in_stopped_world(thread);
}

void drain_in_stopped_world(ThreadState& requester) {
  RT_INVARIANT(requester.world().is_stopped(), "nobody reads where the world stands");
  Memory::of(requester).drain_stopped(requester);
}

}  // namespace runtime
