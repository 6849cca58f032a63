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

// The one without callback stands first, so that it is found at once.
WeakReference* plain_locked(const Object* referent) {
  WeakReference* first = newest_of(referent).load_relaxed();  // guarded by the stripe
  return first != nullptr && first->callback == nullptr ? first : nullptr;
}

void link_locked(Object* referent, WeakReference* reference) {
  Atomic<WeakReference*>& head = newest_of(referent);
  WeakReference* first = head.load_relaxed();  // guarded by the stripe
  WeakReference* plain = plain_locked(referent);
  reference->referent.store_relaxed(referent);  // published with the reference
  if (reference->callback != nullptr && plain != nullptr) {
    reference->newer = plain;
    reference->older = plain->older;
    plain->older = reference;
  } else {
    reference->newer = nullptr;
    reference->older = first;
    head.store_relaxed(reference);  // guarded by the stripe
  }
  if (reference->older != nullptr) reference->older->newer = reference;
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
  {
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

Ref<WeakReference> new_weak_reference(ThreadState& thread, Object* referent, WeakCallback callback,
                                      Ref<Object> argument) {
  Ref<WeakReference> fresh = new_object<WeakReference>(thread, weak_reference_type);
  if (!fresh) return nullptr;
  fresh->stripe = &stripe_of(referent);
  fresh->callback = callback;
  fresh->argument = argument.release();
  // It can be found from its referent without a reference.
  set_maybe_weak(fresh.get());
  track(fresh.get());
  return fresh;
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
  check_attached(thread, referent.get());
  RT_INVARIANT(can_be_weakly_referenced(*referent->type),
               "the referent's type allows weak references");
  Mutex& stripe = stripe_of(referent.get());
  {
    LeafSection section(stripe);
    WeakReference* existing = plain_locked(referent.get());
    // It may be ending at this moment.
    if (existing != nullptr && try_increment(thread, existing)) {
      return Ref<WeakReference>::adopt(existing);
    }
  }
  Ref<WeakReference> fresh = new_weak_reference(thread, referent.get(), nullptr, nullptr);
  if (!fresh) return nullptr;
  if (!RT_MUTANT(weak_reference_sets_no_state)) set_maybe_weak(referent.get());
  point("wr.before_link");
  // Declared before the section, so that what is not used is dropped after it.
  Ref<WeakReference> result;
  {
    LeafSection section(stripe);
    WeakReference* existing = plain_locked(referent.get());
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
  check_attached(thread, referent.get());
  RT_INVARIANT(can_be_weakly_referenced(*referent->type),
               "the referent's type allows weak references");
  RT_INVARIANT(callback != nullptr, "a weak reference with a callback has one");
  Ref<WeakReference> fresh =
      new_weak_reference(thread, referent.get(), callback, std::move(argument));
  if (!fresh) return nullptr;
  set_maybe_weak(referent.get());
  LeafSection section(*fresh->stripe);
  link_locked(referent.get(), fresh.get());
  return fresh;
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

}  // namespace runtime
