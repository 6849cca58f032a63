#include "runtime/object/merge_queue.h"

#include <new>

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/finalization.h"
#include "runtime/object/laws.h"
#include "runtime/object/refcount.h"
#include "runtime/threads/stop_the_world.h"
#include "runtime/threads/world.h"

namespace runtime {

MergeQueue::PushResult MergeQueue::push(ThreadState& thread, Object* object) {
  if (RT_MUTANT(merge_requested_before_push)) {
    request(owner_, BreakerBit::kMerge);
    point("brc.requested_not_pushed");
  }
  LeafSection section(lock_);
  point("brc.locked");
  if (is_closed_) return PushResult::kClosed;
  if (!queued_.push(thread, object)) return PushResult::kOutOfMemory;
  if (!RT_MUTANT(merge_not_requested) && !RT_MUTANT(merge_requested_before_push)) {
    request(owner_,
            BreakerBit::kMerge);  // [requested-before-handled]; the owner lives until closed
  }
  return PushResult::kPushed;
}

bool MergeQueue::take_queued(WhenEmpty when_empty) {
  LeafSection section(lock_);
  if (queued_.is_empty()) {
    if (when_empty == WhenEmpty::kClose) is_closed_ = true;
    return false;
  }
  being_merged_.splice(queued_);
  return true;
}

void MergeQueue::merge_taken(ThreadState& thread) {
  point("brc.spliced");
  // One at a time: the end of an object may run code that comes to a safe point, and so here again.
  while (Object* object = being_merged_.pop(thread)) {
    if (explicit_merge(object, -1) == 0) deallocate(thread, object);
  }
}

void MergeQueue::merge_all(ThreadState& thread) {
  check_attached(thread, nullptr);
  if (RT_MUTANT(merge_under_lock)) {
    LeafSection section(lock_);
    being_merged_.splice(queued_);
    merge_taken(thread);
    return;
  }
  take_queued(WhenEmpty::kStayOpen);
  merge_taken(thread);  // also what a stopped world has left behind
}

void MergeQueue::merge_all_and_close(ThreadState* thread) {
  if (RT_MUTANT(exit_drains_once)) {
    if (take_queued(WhenEmpty::kStayOpen)) merge_taken(*thread);
    point("brc.exit.drained");
    LeafSection section(lock_);
    is_closed_ = true;
    return;
  }
  // What ends here may queue further objects of this thread, and so may others until it is closed.
  while (take_queued(WhenEmpty::kClose)) {
    RT_CHECK(thread != nullptr, "who destroys a thread that made objects is attached");
    merge_taken(*thread);
  }
  point("brc.exit.closed");
}

bool MergeQueue::merge_in_stopped_world(ThreadState& requester, ObjectStack& dead) {
  RT_INVARIANT(requester.world().is_stopped(),
               "another thread's queue is merged in a stopped world");
  take_queued(WhenEmpty::kStayOpen);
  while (Object* object = being_merged_.youngest()) {
    // Room first: after the merge nobody else would find it.
    if (!dead.push(requester, object)) return false;
    (void)being_merged_.pop(requester);
    if (explicit_merge(object, -1) != 0) (void)dead.pop(requester);
  }
  return true;
}

MergeQueues::MergeQueues(World& world) {
  world.set_breaker_handler(BreakerBit::kMerge, &merge_requested, this);
  world.add_hooks(ThreadHooks{this, &thread_created, nullptr, nullptr, &thread_exiting});
}

MergeQueues::~MergeQueues() {
  while (Leaf* leaf = spare_leaves_) {
    spare_leaves_ = leaf->next_spare;
    raw_free_uncounted(leaf);
  }
  for (Atomic<Middle*>& entry : root_) {
    Middle* middle = entry.peek();
    if (middle == nullptr) continue;
    for (Atomic<Leaf*>& leaf : middle->leaves) {
      if (leaf.peek() != nullptr) raw_free_uncounted(leaf.peek());
    }
    raw_free_uncounted(middle);
  }
}

MergeQueue* MergeQueues::find(std::uint32_t serial) const {
  // All acquire: [queue-before-serial].
  const Middle* middle = root_[serial >> (kLeafBits + kMiddleBits)].load_acquire();
  if (middle == nullptr) return nullptr;
  const Leaf* leaf = middle->leaves[(serial >> kLeafBits) % (1u << kMiddleBits)].load_acquire();
  if (leaf == nullptr) return nullptr;
  MergeQueue* queue = leaf->queues[serial % (1u << kLeafBits)].load_acquire();
  // The leaf may serve younger threads by now.
  if (queue == nullptr || queue->serial() != serial) return nullptr;
  return queue;
}

bool MergeQueues::merge_in_stopped_world(ThreadState& requester, ObjectStack& dead) {
  bool all_merged = true;
  requester.world().for_each_thread([&](ThreadState& thread) {
    // A state that never ran may be destroyed by a thread without one, even now; it leaves the table
    // under this lock before its queue is freed.
    RawMutexGuard guard(growing_);
    MergeQueue* queue = find(thread.serial());
    if (queue != nullptr && !queue->merge_in_stopped_world(requester, dead)) all_merged = false;
  });
  return all_merged;
}

void MergeQueues::insert(std::uint32_t serial, MergeQueue* queue) {
  RawMutexGuard guard(growing_);
  Atomic<Middle*>& middle_entry = root_[serial >> (kLeafBits + kMiddleBits)];
  Middle* middle = middle_entry.load_relaxed();  // guarded by growing_
  if (middle == nullptr) {
    void* bytes = raw_allocate_uncounted(sizeof(Middle));
    RT_CHECK(bytes != nullptr, "there is memory for the table of merge queues");
    middle = new (bytes) Middle();
    middle_entry.store_release(middle);  // [queue-before-serial]
  }
  Atomic<Leaf*>& leaf_entry = middle->leaves[(serial >> kLeafBits) % (1u << kMiddleBits)];
  Leaf* leaf = leaf_entry.load_relaxed();  // guarded by growing_
  if (leaf == nullptr) {
    leaf = spare_leaves_;
    if (leaf != nullptr) {
      spare_leaves_ = leaf->next_spare;
    } else {
      void* bytes = raw_allocate_uncounted(sizeof(Leaf));
      RT_CHECK(bytes != nullptr, "there is memory for the table of merge queues");
      leaf = new (bytes) Leaf();
    }
    // Serial 0 is nobody, so the first leaf has one thread less.
    leaf->closed = serial < (1u << kLeafBits) ? 1 : 0;
    leaf_entry.store_release(leaf);  // [queue-before-serial]
  }
  leaf->queues[serial % (1u << kLeafBits)].store_release(queue);  // [queue-before-serial]
}

void MergeQueues::remove(std::uint32_t serial) {
  RawMutexGuard guard(growing_);
  Middle* middle =
      root_[serial >> (kLeafBits + kMiddleBits)].load_relaxed();  // guarded by growing_
  Atomic<Leaf*>& leaf_entry = middle->leaves[(serial >> kLeafBits) % (1u << kMiddleBits)];
  Leaf* leaf = leaf_entry.load_relaxed();                           // likewise
  leaf->queues[serial % (1u << kLeafBits)].store_release(nullptr);  // [queue-before-serial]
  if (++leaf->closed < (1u << kLeafBits)) return;
  leaf_entry.store_release(nullptr);
  leaf->next_spare = spare_leaves_;
  spare_leaves_ = leaf;
}

void MergeQueues::thread_created(void* self, ThreadState& thread) {
  auto& queues = *static_cast<MergeQueues*>(self);
  void* bytes = raw_allocate(thread, sizeof(MergeQueue));
  RT_CHECK(bytes != nullptr, "there is memory for a new thread");
  auto* queue = new (bytes) MergeQueue(queues, thread);
  thread.slot(kMergeQueueSlot) = queue;
  queues.insert(thread.serial(), queue);
}

void MergeQueues::thread_exiting(void* self, ThreadState& thread) {
  auto& queues = *static_cast<MergeQueues*>(self);
  MergeQueue* queue = thread.slot(kMergeQueueSlot);
  ThreadState* running = this_thread_or_null();
  queue->merge_all_and_close(running);
  queues.remove(thread.serial());
  thread.slot(kMergeQueueSlot) = nullptr;
  if (running != nullptr) {
    free_deferred(*running, queue, sizeof(MergeQueue));  // others may be about to lock it
  } else {
    raw_free(thread, queue,
             sizeof(MergeQueue));  // it never made an object, so nobody looked for it
  }
}

void MergeQueues::merge_requested(void*, ThreadState& thread) {
  thread.slot(kMergeQueueSlot)->merge_all(thread);
}

void queue_for_merge(ThreadState& thread, Object* object) {
  point("brc.flagged_not_queued");
  // Relaxed: an old value leads to the queue of an owner that has merged meanwhile, which does no
  // harm there; 0 is final, and the drop below orders itself by the word it changes.
  const std::uint32_t owner = object->owner.load_relaxed();
  if (owner == 0) {
    // Merged meanwhile, or about to be by the compare-exchange that follows: an ordinary reference.
    decrement_shared_slow(thread, object);
    return;
  }
  MergeQueue* queue = thread.slot(kMergeQueueSlot)->all().find(owner);
  switch (queue == nullptr ? MergeQueue::PushResult::kClosed : queue->push(thread, object)) {
    case MergeQueue::PushResult::kPushed:
      return;
    case MergeQueue::PushResult::kClosed: {
      // The owner has ended, so `local` is nobody's, and only this thread holds the queue's
      // reference.
      if (explicit_merge(object, -1) == 0) deallocate(thread, object);
      return;
    }
    case MergeQueue::PushResult::kOutOfMemory: {
      std::int64_t count;
      {
        StoppedWorld stopped(thread);
        count = explicit_merge(object, -1);
      }
      if (count == 0) deallocate(thread, object);
      return;
    }
  }
}

}  // namespace runtime
