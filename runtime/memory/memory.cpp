#include "runtime/memory/memory.h"

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"

namespace runtime {

// Everything that one thread has; its slots point into it.
struct Memory::ThreadPart : DeferredFree {
  ThreadPart(Memory& of, ThreadState& thread)
      : DeferredFree(of), slot(of.qsbr_.take_slot()), heap(of.heap_, *slot, thread.serial()) {}

  QsbrSlot* slot;
  RawBuffers raw;
  ThreadHeap heap;
  ThreadPart* previous = nullptr;
  ThreadPart* next = nullptr;
};

Memory::Memory(World& world, MemoryOptions options) : heap_(qsbr_, options.page_bytes_limit) {
  ThreadHooks hooks;
  hooks.context = this;
  hooks.created = [](void* context, ThreadState& thread) {
    static_cast<Memory*>(context)->created(thread);
  };
  hooks.attached = [](void* context, ThreadState& thread) {
    static_cast<Memory*>(context)->attached(thread);
  };
  hooks.detaching = [](void* context, ThreadState& thread) {
    static_cast<Memory*>(context)->detaching(thread);
  };
  hooks.exiting = [](void* context, ThreadState& thread) {
    static_cast<Memory*>(context)->exiting(thread);
  };
  world.add_hooks(hooks);
}

Memory::~Memory() {
  RT_CHECK(first_part_ == nullptr, "memory goes when all threads have gone");
  left_behind_.free_all_uncounted();
}

void Memory::created(ThreadState& thread) {
  auto* part = new ThreadPart(*this, thread);
  thread.slot(kQsbrSlot) = part->slot;
  thread.slot(kRawBuffersSlot) = &part->raw;
  thread.slot(kDeferredFreeSlot) = part;
  thread.slot(kObjectHeapSlot) = &part->heap;
  // The first thread may be attached already when the hooks are added.
  if (thread.is_attached()) qsbr_.attach(*part->slot);
  RawMutexGuard guard(lock_);
  part->next = first_part_;
  if (first_part_ != nullptr) first_part_->previous = part;
  first_part_ = part;
}

void Memory::attached(ThreadState& thread) {
  QsbrSlot& slot = *thread.slot(kQsbrSlot);
  qsbr_.attach(slot);
  // What it had deferred before it detached is probably due.
  if (!thread.slot(kDeferredFreeSlot)->queue.is_empty()) slot.should_process = true;
}

void Memory::detaching(ThreadState& thread) {
  thread.slot(kDeferredFreeSlot)->queue.stamp(qsbr_);
  qsbr_.detach(*thread.slot(kQsbrSlot));
}

// Under the lock from beginning to end: the state of a thread that never ran may be destroyed while
// somebody else drains everything, this part too.
void Memory::exiting(ThreadState& thread) {
  auto* part = static_cast<ThreadPart*>(thread.slot(kDeferredFreeSlot));
  {
    RawMutexGuard guard(lock_);
    part->queue.stamp(qsbr_);
    if (RT_MUTANT(exit_frees_deferred_at_once)) part->queue.free_all(thread);
    if (!RT_MUTANT(exit_drops_deferred)) left_behind_.append(part->queue);
    part->heap.abandon();
    qsbr_.return_slot(part->slot);
    raw_bytes_of_exited_ += part->raw.bytes.value();
    (part->previous == nullptr ? first_part_ : part->previous->next) = part->next;
    if (part->next != nullptr) part->next->previous = part->previous;
  }
  thread.slot(kQsbrSlot) = nullptr;
  thread.slot(kRawBuffersSlot) = nullptr;
  thread.slot(kDeferredFreeSlot) = nullptr;
  thread.slot(kObjectHeapSlot) = nullptr;
  delete part;
}

void Memory::look_after_exited(ThreadState& thread) {
  // Who does not get the lock leaves it to who has it.
  if (!left_behind_.is_empty() && lock_.try_lock()) {
    left_behind_.free_due(thread, qsbr_);
    lock_.unlock();
  }
  heap_.release_abandoned_due();
}

void Memory::drain_stopped(ThreadState& thread) {
  RawMutexGuard guard(lock_);
  for (ThreadPart* part = first_part_; part != nullptr; part = part->next) {
    part->queue.free_all(thread);
    part->heap.release_all();
  }
  left_behind_.free_all(thread);
  heap_.release_abandoned_all();
}

MemoryStatistics Memory::statistics() {
  MemoryStatistics result;
  RawMutexGuard guard(lock_);
  std::int64_t raw_bytes = raw_bytes_of_exited_;
  for (ThreadPart* part = first_part_; part != nullptr; part = part->next) {
    raw_bytes += part->raw.bytes.value();
    result.deferred_buffers += part->queue.buffers();
    result.deferred_bytes += part->queue.bytes();
    result.remote_frees += part->heap.remote_frees();
  }
  // Below zero for a moment, when a buffer is counted where it was freed and not where it came
  // from.
  result.raw_bytes = raw_bytes > 0 ? static_cast<std::size_t>(raw_bytes) : 0;
  result.deferred_buffers += left_behind_.buffers();
  result.deferred_bytes += left_behind_.bytes();
  heap_.add_to(result);
  return result;
}

}  // namespace runtime
