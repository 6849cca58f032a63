#include "runtime/containers/set_iterator.h"

#include <algorithm>

#include "runtime/base/mutants.h"
#include "runtime/containers/set_locked.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"

namespace runtime {

namespace {

constexpr unsigned kAttemptsWithoutLock = 2;

void release_iterator(Object* object, DroppedFields& dropped) {
  dropped.take(static_cast<SetIterator*>(object)->set);
}

void traverse_iterator(Object* object, Visit visit, void* context) {
  auto* iterator = static_cast<SetIterator*>(object);
  if (iterator->set != nullptr) visit(context, iterator->set);
}

// From one place to a later one. If another thread was faster the place stays where that one put it.
// Relaxed: the place says nothing about what stands there.
void move_on(const ThreadState& thread, SetIterator& iterator, std::int64_t from, std::int64_t to) {
  // Not: who holds the only reference. It may be that of an iterator that others use too.
  const bool is_alone = thread.is_alone() && iterator.place.load_relaxed() == from;
  if (is_alone || RT_MUTANT(set_iterator_comes_back)) {
    iterator.place.store_relaxed(to);
  } else {
    (void)iterator.place.compare_exchange_relaxed(from, to);
  }
}

// How the members are kept while one of them is counted.
enum class Kept {
  kBySet,  // frozenset, or in the section of the set
  kMaybe   // without a lock
};

// Gives the next member, or none at the end of the table. False: the set changed meanwhile.
bool step(ThreadState& thread, SetIterator& iterator, Set& set, Kept kept, Ref<Object>* given) {
  const std::int64_t from = iterator.place.load_relaxed();  // see move_on
  if (from == SetIterator::kExhausted) return true;
  SetTable* table = set.table.load_acquire();  // [table-before-set]
  for (auto at = static_cast<std::size_t>(from); table != nullptr && at <= table->mask; ++at) {
    const SetEntry& entry = table->entries[at];
    Object* key = entry.key.load_acquire();  // [removed-before-drop]
    if (!is_key(key)) continue;
    point("set.iterator_has_key");
    if (kept == Kept::kBySet) {
      *given = Ref<Object>::share(thread, Borrowed(key));
      make_findable(&set, key);
    } else {
      if (!try_increment_from(thread, entry.key, key, set.table, table)) return false;
      *given = Ref<Object>::adopt(key);
    }
    move_on(thread, iterator, from, static_cast<std::int64_t>(at) + 1);
    iterator.given.fetch_add_relaxed(1);  // a hint
    return true;
  }
  // The greatest of all places: no compare-and-exchange of another thread undoes it.
  iterator.place.store_relaxed(SetIterator::kExhausted);
  return true;
}

Result<Ref<Object>> next_member(ThreadState& thread, Borrowed<Object> object) {
  auto& iterator = *static_cast<SetIterator*>(object.get());
  Borrowed<Set> set = as_set(Borrowed<Object>(iterator.set));
  if (iterator.place.load_relaxed() == SetIterator::kExhausted) return Ref<Object>();
  if (iterator.used.load_relaxed() != set_size(*set)) {  // a hint, if others change the set now
    if (!RT_MUTANT(set_iterator_forgets_change)) {
      iterator.used.store_relaxed(SetIterator::kChanged);
    }
    return raise_text(thread, runtime_error_type, "Set changed size during iteration");
  }
  Ref<Object> given;
  if (!is_frozenset(*set) && reads_without_lock(thread, set.get())) {
    for (unsigned attempt = 0; attempt < kAttemptsWithoutLock; ++attempt) {
      if (step(thread, iterator, *set, Kept::kMaybe, &given)) return given;
    }
  }
  SetSection section(thread, set);
  (void)step(thread, iterator, *set, Kept::kBySet, &given);
  return given;
}

constexpr Protocol kIteratorProtocol{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_member,
};

}  // namespace

constinit Type set_iterator_type(TypeSlots{
    .name = "set_iterator",
    .size = sizeof(SetIterator),
    .heap = HeapKind::kCollected,
    .release_fields = &release_iterator,
    .traverse = &traverse_iterator,
    .protocol = &kIteratorProtocol,
});

Result<Ref<Object>> new_set_iterator(ThreadState& thread, Borrowed<Set> set) {
  Ref<SetIterator> iterator = new_object<SetIterator>(thread, set_iterator_type);
  if (!iterator) return raise_out_of_memory(thread);
  iterator->set = Ref<Object>::share(thread, set).release();
  iterator->used.initialize(set_size(*set));
  track(iterator.get());
  return iterator;
}

std::int64_t length_hint(const SetIterator& iterator) {
  const auto& set = *static_cast<const Set*>(iterator.set);
  // Hints, all of them.
  if (iterator.place.load_relaxed() == SetIterator::kExhausted) return 0;
  const std::int64_t used = iterator.used.load_relaxed();
  if (used != set_size(set)) return 0;
  return std::max<std::int64_t>(0, used - iterator.given.load_relaxed());
}

}  // namespace runtime
