// For tests, scenarios and stress: threads of a kernel, objects that tell how they end, and a bare
// slot and a bare array that are read without a lock, the way lists and dicts will be.
#pragma once

#include <cstdint>
#include <functional>
#include <new>
#include <utility>
#include <vector>

#include "runtime/base/scenario.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/kernel.h"
#include "runtime/object/laws.h"
#include "runtime/object/ref.h"
#include "runtime/object/type.h"
#include "runtime/object/weak_reference.h"
#include "runtime/threads/attach.h"

namespace runtime {

using AttachedBody = std::function<void(ThreadState& thread)>;

// Waits for what another thread posts, detached, so that nobody who stops the world waits for us.
inline void wait_detached(ThreadState& thread, Semaphore& semaphore) {
  Detached detached(thread);
  semaphore.wait();
}

// Each body runs on a thread of its own, attached; their serials follow one another. The calling
// thread, which is attached, is detached meanwhile. Returns when all have ended.
enum class ThreadEnd {
  kExits,     // each thread destroys its state
  kDetaches,  // the calling thread destroys all states, one after the other: fewer interleavings
};
inline void run_attached(Kernel& kernel, std::vector<AttachedBody> bodies,
                         ThreadEnd end = ThreadEnd::kExits) {
  std::vector<ThreadState*> states;
  std::vector<std::function<void()>> threads;
  for (AttachedBody& body : bodies) {
    ThreadState* state = kernel.world().create_thread();
    states.push_back(state);
    threads.push_back([&kernel, state, end, body = std::move(body)] {
      attach(*state);
      body(*state);
      if (end == ThreadEnd::kExits) {
        kernel.world().destroy_thread(state);
      } else {
        detach(*state);
      }
    });
  }
  {
    Detached detached(kernel.first_thread());
    in_parallel(std::move(threads));
  }
  if (end == ThreadEnd::kExits) return;
  for (ThreadState* state : states) kernel.world().destroy_thread(state);
}

// An object that counts its end, refers to one other, and may have a finalizer.
struct Probe : WeaklyReferable {
  Object* field;   // owned
  unsigned* ends;  // counted up when the object ends; may be null
  void (*finalizer)(ThreadState& thread, Probe& probe);
  void* context;        // of the finalizer
  std::uint64_t plain;  // written and read without any order of its own: ThreadSanitizer looks
  Atomic<std::uint64_t> relaxed;  // likewise under the scheduler, which sees atomics only
};

inline void release_probe(Object* object, DroppedFields& dropped) {
  auto* probe = static_cast<Probe*>(object);
  probe->plain = 0;  // a race with whoever still uses it
  if (probe->ends != nullptr) ++*probe->ends;
  dropped.take(probe->field);
}
inline void finalize_probe(ThreadState& thread, Borrowed<Object> object) {
  auto* probe = static_cast<Probe*>(object.get());
  if (probe->finalizer != nullptr) probe->finalizer(thread, *probe);
}
inline void traverse_probe(Object* object, Visit visit, void* context) {
  auto* probe = static_cast<Probe*>(object);
  if (probe->field != nullptr) visit(context, probe->field);
}

inline constexpr TypeSlots kProbeSlots{
    .name = "Probe",
    .size = sizeof(Probe),
    .heap = HeapKind::kCollected,
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_probe,
    .finalize = nullptr,
    .traverse = &traverse_probe,
};
inline constexpr TypeSlots kFinalizedProbeSlots = [] {
  TypeSlots slots = kProbeSlots;
  slots.name = "FinalizedProbe";
  slots.finalize = &finalize_probe;
  return slots;
}();
inline constinit Type probe_type(kProbeSlots);
inline constinit Type other_probe_type(kProbeSlots);  // equal, but another
inline constinit Type finalized_probe_type(kFinalizedProbeSlots);

inline Ref<Probe> new_probe(ThreadState& thread, unsigned* ends = nullptr,
                            Type& type = probe_type) {
  Ref<Probe> probe = new_object<Probe>(thread, type);
  RT_CHECK(static_cast<bool>(probe), "there is memory for a probe");
  probe->ends = ends;
  return probe;
}

inline void give_finalizer(Probe& probe, void (*finalizer)(ThreadState&, Probe&), void* context) {
  probe.finalizer = finalizer;
  probe.context = context;
}

// A slot that is read without a lock. Ends empty: see clear().
class SharedCell {
 public:
  SharedCell() = default;
  ~SharedCell() { RT_CHECK(slot_.peek() == nullptr, "a shared cell ends empty"); }

  void store(ThreadState& thread, Ref<Object> value) {
    if (value) set_maybe_weak(value.get());  // readers count it without a lock from now on
    Ref<Object> previous;
    {
      LeafSection section(lock_);
      previous =
          Ref<Object>::adopt(slot_.load_relaxed());  // guarded by lock_ against other writers
      slot_.store_release(value.release());          // [increment-before-recheck]
    }
    previous.drop(thread);  // after the slot was overwritten, and under no lock
  }
  void clear(ThreadState& thread) { store(thread, nullptr); }

  // What the slot held at some moment during the call; null if nothing.
  [[nodiscard]] Ref<Object> read(ThreadState& thread) {
    if (Object* object = slot_.load_acquire()) {
      point("read.have_ptr");
      if (try_increment_from(thread, slot_, object)) return Ref<Object>::adopt(object);
    }
    LeafSection section(lock_);
    Object* object = slot_.load_relaxed();  // guarded by lock_: the slot's own reference keeps it
    if (object == nullptr) return nullptr;
    return Ref<Object>::share(thread, Borrowed(object));
  }

 private:
  Mutex lock_;
  Atomic<Object*> slot_;
};

// A container whose backing array is replaced when it grows: the smallest thing in which law 4
// matters.
class SharedArray {
 public:
  // All threads that know it are attached to the kernel of `thread`. Ends empty: see clear().
  SharedArray(ThreadState& thread, std::size_t capacity) : items_(new_items(thread, capacity)) {}
  ~SharedArray() { RT_CHECK(items_.peek() == nullptr, "a shared array is cleared before it ends"); }

  void store(ThreadState& thread, std::size_t index, Ref<Object> value) {
    if (value) set_maybe_weak(value.get());
    Ref<Object> previous;
    {
      LeafSection section(lock_);
      Atomic<Object*>& slot = items_.load_relaxed()->slots[index];  // guarded by lock_
      previous = Ref<Object>::adopt(slot.load_relaxed());           // likewise
      slot.store_release(value.release());                          // [increment-before-recheck]
    }
    previous.drop(thread);
  }

  // Replaces the array by a larger one. The references move; the slots of the old one keep
  // pointing.
  void grow(ThreadState& thread) {
    Items* previous;
    {
      LeafSection section(lock_);
      previous = items_.load_relaxed();  // guarded by lock_
      Items* larger = new_items(thread, previous->capacity * 2);
      for (std::size_t i = 0; i < previous->capacity; ++i) {
        larger->slots[i].initialize(previous->slots[i].load_relaxed());  // likewise
      }
      items_.store_release(larger);  // [increment-before-recheck]
    }
    point("list.resize.published");
    free_deferred(thread, previous, size_of(previous->capacity));
  }

  // What the slot held at some moment during the call; null if nothing or out of range.
  [[nodiscard]] Ref<Object> read(ThreadState& thread, std::size_t index) {
    Items* items = items_.load_acquire();
    if (index < items->capacity) {
      Atomic<Object*>& slot = items->slots[index];
      if (Object* object = slot.load_acquire()) {
        point("read.have_ptr");
        if (try_increment_from(thread, slot, object, items_, items)) {
          return Ref<Object>::adopt(object);
        }
      }
    }
    LeafSection section(lock_);
    items = items_.load_relaxed();  // guarded by lock_, as the slot
    if (index >= items->capacity) return nullptr;
    Object* object = items->slots[index].load_relaxed();
    if (object == nullptr) return nullptr;
    return Ref<Object>::share(thread, Borrowed(object));
  }

  // By the last thread that knows it.
  void clear(ThreadState& thread) {
    Items* items = items_.load_relaxed();
    for (std::size_t i = 0; i < items->capacity; ++i) store(thread, i, nullptr);
    items_.store_release(nullptr);
    free_deferred(thread, items, size_of(items->capacity));
  }

 private:
  struct Items {
    std::size_t capacity;
    Atomic<Object*> slots[1];
  };
  static std::size_t size_of(std::size_t capacity) {
    return sizeof(Items) + (capacity - 1) * sizeof(Atomic<Object*>);
  }
  static Items* new_items(ThreadState& thread, std::size_t capacity) {
    void* bytes = raw_allocate_zeroed(thread, size_of(capacity));
    RT_CHECK(bytes != nullptr, "there is memory for an array");
    auto* items = static_cast<Items*>(bytes);
    items->capacity = capacity;
    return items;
  }

  Mutex lock_;
  Atomic<Items*> items_;
};

}  // namespace runtime
