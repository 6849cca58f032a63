#include "runtime/object/weak_reference.h"

#include <cstdint>
#include <utility>

#include "runtime/base/check.h"
#include "runtime/base/mutants.h"
#include "runtime/object/finalization.h"
#include "runtime/object/laws.h"
#include "runtime/threads/world.h"

namespace runtime {

namespace {

// A prime, as in CPython: objects lie at multiples of 16.
constexpr std::size_t kStripes = 127;

struct Stripes {
  Mutex locks[kStripes];
};
Global<Stripes> stripes;

Mutex& stripe_of(const Object* referent) {
  return stripes->locks[(reinterpret_cast<std::uintptr_t>(referent) / 16) % kStripes];
}

// Guarded by the stripe; read without it only by who is alone with the object.
Atomic<WeakReference*>& newest_of(const Object* referent) {
  auto address = reinterpret_cast<std::uintptr_t>(referent);
  return *reinterpret_cast<Atomic<WeakReference*>*>(address +
                                                    referent->type->slots.weak_references_offset);
}

// The shared ones stand first, that of exact type before any other, so that they are found at once; the
// others stand newest first.
enum class Rank { kPlain, kShared, kOther };

Rank rank_of(const WeakReference* reference) {
  if (!reference->is_shared) return Rank::kOther;
  return reference->type == &weak_reference_type ? Rank::kPlain : Rank::kShared;
}

// The shared one of this type, or null.
WeakReference* shared_locked(const Object* referent, const Type& type) {
  WeakReference* reference = newest_of(referent).load_relaxed();  // guarded by the stripe
  while (reference != nullptr && reference->is_shared) {
    if (reference->type == &type) return reference;
    reference = reference->older;
  }
  return nullptr;
}

void link_locked(Object* referent, WeakReference* reference) {
  Atomic<WeakReference*>& head = newest_of(referent);
  WeakReference* newer = nullptr;
  WeakReference* older = head.load_relaxed();  // guarded by the stripe
  while (older != nullptr && rank_of(older) < rank_of(reference)) {
    newer = older;
    older = older->older;
  }
  reference->referent.store_relaxed(referent);  // published with the reference
  reference->newer = newer;
  reference->older = older;
  if (newer != nullptr) {
    newer->older = reference;
  } else {
    head.store_relaxed(reference);  // guarded by the stripe
  }
  if (older != nullptr) older->newer = reference;
}

void unlink_locked(Object* referent, WeakReference* reference) {
  if (reference->newer != nullptr) {
    reference->newer->older = reference->older;
  } else {
    Atomic<WeakReference*>& head = newest_of(referent);
    if (RT_MUTANT(weak_list_unlinked_relaxed)) {
      head.store_relaxed(reference->older);
    } else {
      head.store_release(reference->older);  // [unlinked-before-freed]
    }
  }
  if (reference->older != nullptr) reference->older->newer = reference->newer;
  reference->newer = nullptr;
  reference->older = nullptr;
  reference->referent.store_release(nullptr);  // who finds it empty looks no further
}

void release_weak_reference(Object* object, DroppedFields& dropped) {
  auto* reference = static_cast<WeakReference*>(object);
  if (reference->stripe != nullptr) {
    LeafSection section(*reference->stripe);
    if (Object* referent = reference->referent.load_relaxed()) {  // guarded by the stripe
      unlink_locked(referent, reference);
    }
  }
  dropped.take(reference->argument);
}

void traverse_weak_reference(Object* object, Visit visit, void* context) {
  auto* reference = static_cast<WeakReference*>(object);
  if (reference->argument != nullptr) visit(context, reference->argument);
}

void clear_weak_reference(Object* object, DroppedFields& dropped) {
  release_weak_reference(object, dropped);
}

// What is constant in it, before anybody can find it from its referent.
void prepare(WeakReference* fresh, const Object* referent, WeakCallback callback,
             Ref<Object> argument) {
  fresh->stripe = &stripe_of(referent);
  fresh->callback = callback;
  fresh->argument = argument.release();
  // It can be found from its referent without a reference.
  set_maybe_weak(fresh);
}

void append(DueCallbacks& due, WeakReference* reference) {
  (due.last == nullptr ? due.first : due.last->older) = reference;
  due.last = reference;
}

// Newest first. A callback that is due has its weak reference held for it.
void empty_locked(ThreadState& thread, Object* object,
                  bool (*is_called)(const WeakReference* reference), DueCallbacks& due) {
  while (WeakReference* reference = newest_of(object).load_relaxed()) {  // guarded by the stripe
    unlink_locked(object, reference);
    if (reference->callback == nullptr || !is_called(reference)) continue;
    // One that is ending itself is not called.
    if (try_increment(thread, reference)) append(due, reference);
  }
}

}  // namespace

constinit Type weak_reference_type(TypeSlots{
    .name = "weakref.ReferenceType",
    .size = sizeof(WeakReference),
    .heap = HeapKind::kCollected,
    .release_fields = &release_weak_reference,
    .traverse = &traverse_weak_reference,
    .clear = &clear_weak_reference,
});

Ref<WeakReference> make_weak_reference(ThreadState& thread, Borrowed<Object> referent) {
  return make_shared_weak_reference(thread, weak_reference_type, referent);
}

Ref<WeakReference> make_shared_weak_reference(ThreadState& thread, Type& type,
                                              Borrowed<Object> referent) {
  check_attached(thread, referent.get());
  RT_INVARIANT(can_be_weakly_referenced(*referent->type),
               "the referent's type allows weak references");
  Mutex& stripe = stripe_of(referent.get());
  {
    LeafSection section(stripe);
    WeakReference* existing = shared_locked(referent.get(), type);
    // It may be ending at this moment.
    if (existing != nullptr && try_increment(thread, existing)) {
      return Ref<WeakReference>::adopt(existing);
    }
  }
  Ref<WeakReference> fresh = new_object<WeakReference>(thread, type);
  if (!fresh) return nullptr;
  prepare(fresh.get(), referent.get(), nullptr, nullptr);
  fresh->is_shared = true;
  track(fresh.get());
  if (!RT_MUTANT(weak_reference_sets_no_state)) set_maybe_weak(referent.get());
  point("wr.before_link");
  // Declared before the section, so that what is not used is dropped after it.
  Ref<WeakReference> result;
  {
    LeafSection section(stripe);
    WeakReference* existing = shared_locked(referent.get(), type);
    if (existing != nullptr && !RT_MUTANT(weak_reference_made_twice) &&
        try_increment(thread, existing)) {
      result = Ref<WeakReference>::adopt(existing);
    } else {
      link_locked(referent.get(), fresh.get());
      result = std::move(fresh);
    }
  }
  return result;
}

Ref<WeakReference> make_weak_reference(ThreadState& thread, Borrowed<Object> referent,
                                       WeakCallback callback, Ref<Object> argument) {
  RT_INVARIANT(callback != nullptr, "a weak reference with a callback has one");
  Ref<WeakReference> fresh = new_object<WeakReference>(thread, weak_reference_type);
  if (!fresh) return nullptr;
  track(fresh.get());
  attach_weak_reference(thread, fresh, referent, callback, std::move(argument));
  return fresh;
}

void attach_weak_reference(ThreadState& thread, Borrowed<WeakReference> fresh,
                           Borrowed<Object> referent, WeakCallback callback, Ref<Object> argument) {
  check_attached(thread, referent.get());
  RT_INVARIANT(can_be_weakly_referenced(*referent->type),
               "the referent's type allows weak references");
  RT_INVARIANT(fresh->stripe == nullptr, "a weak reference is attached once");
  prepare(fresh.get(), referent.get(), callback, std::move(argument));
  set_maybe_weak(referent.get());
  LeafSection section(*fresh->stripe);
  link_locked(referent.get(), fresh.get());
}

Ref<Object> callback_argument(ThreadState& thread, Borrowed<WeakReference> reference) {
  if (reference->stripe == nullptr) return nullptr;
  LeafSection section(*reference->stripe);
  // Once the referent has gone the argument belongs to the thread that ended it.
  if (reference->referent.load_relaxed() == nullptr || reference->argument == nullptr) {
    return nullptr;
  }
  return Ref<Object>::share(thread, Borrowed(reference->argument));
}

Ref<Object> dereference(ThreadState& thread, Borrowed<WeakReference> reference) {
  check_attached(thread, reference.get());
  if (reference->referent.load_acquire() == nullptr) return nullptr;  // and stays so
  LeafSection section(*reference->stripe);
  point("wr.locked");
  Object* referent = reference->referent.load_relaxed();  // guarded by the stripe
  if (referent == nullptr) return nullptr;
  // Its memory is an object still: whoever ends it needs this lock first. But it may be dead.
  if (RT_MUTANT(dereference_counts_unconditionally)) {
    increment(thread, referent);
  } else if (!try_increment(thread, referent)) {
    return nullptr;
  }
  return Ref<Object>::adopt(referent);
}

bool has_weak_references(const Object* object) {
  return can_be_weakly_referenced(*object->type) &&
         newest_of(object).load_acquire() != nullptr;  // [unlinked-before-freed]
}

void clear_weak_references(ThreadState& thread, Object* object, Callbacks callbacks) {
  DueCallbacks due;
  {
    LeafSection section(stripe_of(object));
    point("wr.clearing");
    const bool runs = callbacks == Callbacks::kRun;
    empty_locked(
        thread, object,
        runs ? [](const WeakReference*) { return true; }
             : [](const WeakReference*) { return false; },
        due);
    if (RT_MUTANT(callback_under_lock)) run_callbacks(thread, due);
  }
  point("wr.callbacks_taken");
  run_callbacks(thread, due);
}

void empty_weak_references_in_stopped_world(ThreadState& thread, Object* object,
                                            bool (*is_called)(const WeakReference* reference),
                                            DueCallbacks& due) {
  RT_INVARIANT(thread.world().is_stopped(),
               "weak references to garbage are emptied in a stopped world");
  LeafSection section(stripe_of(object));
  empty_locked(thread, object, is_called, due);
}

// No lock: an emptied reference is looked at by who emptied it alone.
void run_callbacks(ThreadState& thread, DueCallbacks& due) {
  due.last = nullptr;
  while (due.first != nullptr) {
    Ref<WeakReference> reference = Ref<WeakReference>::adopt(due.first);
    due.first = std::exchange(reference->older, nullptr);
    Ref<Object> argument = Ref<Object>::adopt(std::exchange(reference->argument, nullptr));
    reference->callback(thread, reference, argument);
    if (RT_MUTANT(callback_twice)) reference->callback(thread, reference, argument);
  }
}

unsigned weak_reference_count(Borrowed<Object> object) {
  if (!can_be_weakly_referenced(*object->type)) return 0;
  LeafSection section(stripe_of(object.get()));
  unsigned count = 0;
  for (WeakReference* reference = newest_of(object.get()).load_relaxed(); reference != nullptr;
       reference = reference->older) {
    ++count;
  }
  return count;
}

std::vector<Ref<WeakReference>> weak_references_of(ThreadState& thread, Borrowed<Object> object) {
  std::vector<Ref<WeakReference>> references;
  // Room is made outside of the lock; there may be more by the time it is taken again.
  while (weak_reference_count(object) > references.size()) {
    for (Ref<WeakReference>& reference : references) reference.drop(thread);
    references.clear();
    references.reserve(weak_reference_count(object));
    LeafSection section(stripe_of(object.get()));
    WeakReference* reference = newest_of(object.get()).load_relaxed();  // guarded by the stripe
    for (; reference != nullptr && references.size() < references.capacity();
         reference = reference->older) {
      // One that is ending is none any more.
      if (try_increment(thread, reference)) {
        references.push_back(Ref<WeakReference>::adopt(reference));
      }
    }
    if (reference == nullptr) break;
  }
  return references;
}

}  // namespace runtime
