#include "runtime/object/per_thread_counts.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/laws.h"
#include "runtime/threads/world.h"

namespace runtime {

PerThreadCountIds::PerThreadCountIds(World& world) : world_(world) {
  world.add_hooks(ThreadHooks{this, &thread_created, nullptr, nullptr, &thread_exiting});
}

PerThreadCountIds::~PerThreadCountIds() {
  if (entries_ != nullptr) raw_free_uncounted(entries_);
}

void PerThreadCountIds::assign(ThreadCounted* object) {
  RT_INVARIANT(object->count_id.load_relaxed() == kNoCountId, "an object gets one id");
  LeafSection section(lock_);
  std::uint32_t id;
  if (first_free_ != kNoneFree) {
    id = static_cast<std::uint32_t>(first_free_ >> 1);
    first_free_ = entries_[id].next_free;
  } else {
    if (used_ == capacity_) {
      const std::uint32_t wanted = std::max(kFirstCapacity, capacity_ * 2);
      auto* larger = static_cast<Entry*>(raw_allocate_uncounted(wanted * sizeof(Entry)));
      if (larger == nullptr) return;
      if (entries_ != nullptr) {
        std::memcpy(larger, entries_, used_ * sizeof(Entry));
        raw_free_uncounted(entries_);
      }
      entries_ = larger;
      capacity_ = wanted;
    }
    id = used_++;
  }
  entries_[id].object = object;
  object->count_id.store_relaxed(id);  // published with the object
}

void PerThreadCountIds::release_in_stopped_world(ThreadCounted* object) {
  RT_INVARIANT(world_.is_stopped(), "an id is released in a stopped world");
  const std::uint32_t id = object->count_id.load_relaxed();  // the world stands
  if (id == kNoCountId) return;
  world_.for_each_thread([&](ThreadState& thread) {
    LeafSection section(lock_);  // a thread that never runs may be exiting even now
    PerThreadCounts* counts = thread.slot(kPerThreadCountsSlot);
    if (counts == nullptr || id >= counts->size || RT_MUTANT(count_id_released_before_merge))
      return;
    // Relaxed: no count of a deferred object says that it is dead.
    object->shared.fetch_add_relaxed(shared_word(std::exchange(counts->counts[id], 0), kInitial));
  });
  object->count_id.store_relaxed(kNoCountId);  // the world stands
  LeafSection section(lock_);
  entries_[id].next_free = first_free_;
  first_free_ = (std::uintptr_t{id} << 1) | 1;
  point("id.released");
}

void PerThreadCountIds::add_to_objects_locked(PerThreadCounts& counts) {
  for (std::uint32_t id = 0; id < counts.size; ++id) {
    if (counts.counts[id] == 0) continue;
    Entry entry = entries_[id];
    RT_INVARIANT((entry.next_free & 1) == 0, "a count belongs to an id that is in use");
    // Relaxed: no count of a deferred object says that it is dead.
    entry.object->shared.fetch_add_relaxed(shared_word(counts.counts[id], kInitial));
    counts.counts[id] = 0;
  }
}

void PerThreadCountIds::merge_in_stopped_world() {
  RT_INVARIANT(world_.is_stopped(), "other threads' counts are merged in a stopped world");
  point("ptrc.merge");
  world_.for_each_thread([this](ThreadState& thread) {
    LeafSection section(lock_);  // as above
    PerThreadCounts* counts = thread.slot(kPerThreadCountsSlot);
    if (counts != nullptr) add_to_objects_locked(*counts);
  });
}

std::int64_t PerThreadCountIds::sum_in_stopped_world(const ThreadCounted* object) {
  const std::uint32_t id = object->count_id.load_relaxed();  // the world stands
  std::int64_t sum = 0;
  if (id == kNoCountId) return sum;
  world_.for_each_thread([&](ThreadState& thread) {
    LeafSection section(lock_);
    const PerThreadCounts* counts = thread.slot(kPerThreadCountsSlot);
    if (counts != nullptr && id < counts->size) sum += counts->counts[id];
  });
  return sum;
}

std::uint32_t PerThreadCountIds::highest() {
  LeafSection section(lock_);
  return used_;
}

bool PerThreadCountIds::grow(ThreadState& thread, PerThreadCounts& counts, std::uint32_t id) {
  point("ptrc.grow");
  const std::uint32_t wanted = std::max({kFirstCapacity, counts.size * 2, id + 1});
  void* larger = raw_reallocate(thread, counts.counts, counts.size * sizeof(std::int64_t),
                                wanted * sizeof(std::int64_t));
  if (larger == nullptr) return false;
  counts.counts = static_cast<std::int64_t*>(larger);
  std::memset(counts.counts + counts.size, 0, (wanted - counts.size) * sizeof(std::int64_t));
  counts.size = wanted;
  return true;
}

void PerThreadCountIds::thread_created(void* self, ThreadState& thread) {
  void* bytes = raw_allocate(thread, sizeof(PerThreadCounts));
  RT_CHECK(bytes != nullptr, "there is memory for a new thread");
  thread.slot(kPerThreadCountsSlot) =
      new (bytes) PerThreadCounts{*static_cast<PerThreadCountIds*>(self)};
}

void PerThreadCountIds::thread_exiting(void* self, ThreadState& thread) {
  auto& ids = *static_cast<PerThreadCountIds*>(self);
  PerThreadCounts* counts = thread.slot(kPerThreadCountsSlot);
  {
    LeafSection section(ids.lock_);
    if (!RT_MUTANT(exit_forgets_per_thread_counts)) ids.add_to_objects_locked(*counts);
    // Who merges from now on finds no counts here. Under the lock, because he may be asking.
    thread.slot(kPerThreadCountsSlot) = nullptr;
  }
  raw_free(thread, counts->counts, counts->size * sizeof(std::int64_t));
  raw_free(thread, counts, sizeof(PerThreadCounts));
}

void count_per_thread(ThreadState& thread, ThreadCounted* object) {
  object->flags.initialize(kThreadCounted);
  object->count_id.initialize(kNoCountId);
  thread.slot(kPerThreadCountsSlot)->ids.assign(object);
}

void increment_per_thread_slow(ThreadState& thread, ThreadCounted* object) {
  PerThreadCounts& mine = *thread.slot(kPerThreadCountsSlot);
  const std::uint32_t id = object->count_id.load_relaxed();
  if (id == kNoCountId || !PerThreadCountIds::grow(thread, mine, id))
    return increment(thread, object);
  ++mine.counts[id];
}

void decrement_per_thread_slow(ThreadState& thread, ThreadCounted* object) {
  PerThreadCounts& mine = *thread.slot(kPerThreadCountsSlot);
  const std::uint32_t id = object->count_id.load_relaxed();
  if (id == kNoCountId || !PerThreadCountIds::grow(thread, mine, id))
    return decrement(thread, object);
  --mine.counts[id];
}

}  // namespace runtime
