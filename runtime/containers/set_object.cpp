#include "runtime/containers/set_object.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_search.h"
#include "runtime/containers/set_locked.h"
#include "runtime/containers/set_operations.h"
#include "runtime/object/exception_object.h"

namespace runtime {

namespace {

enum class Looked { kThere, kAbsent, kChanged };

constexpr unsigned kAttemptsWithoutLock = 3;

// `in` without a lock; the file's header says why it is right. kChanged: somebody changed the set
// meanwhile, or the member is not prepared for readers without a lock (sharing.h).
Result<Looked> look_without_lock(ThreadState& thread, const Set& set, Object* key,
                                 std::int64_t hash) {
  SetTable* table = set.table.load_acquire();  // [table-before-set]
  if (table == nullptr) return Looked::kAbsent;
  const std::uint64_t serial = table->serial;
  point("set.have_table");
  for (SetPath path(hash, table->mask);; path.next()) {
    const SetEntry& entry = table->entries[path.place()];
    Object* candidate = entry.key.load_acquire();  // [hash-before-key]
    if (candidate == nullptr) return Looked::kAbsent;
    if (RT_MUTANT(set_reader_stops_at_removed) && candidate == &removed_key) return Looked::kAbsent;
    if (candidate == key) return Looked::kThere;
    if (candidate == &removed_key || entry.hash.load_relaxed() != hash) continue;
    point("set.have_key");
    if (!try_increment_from(thread, entry.key, candidate, set.table, table)) {
      return Looked::kChanged;
    }
    Ref<Object> counted = Ref<Object>::adopt(candidate);
    bool equal = false;
    if (!compare_natively(*candidate, *key, &equal)) {
      TRY_ASSIGN(equal, are_equal(thread, counted, Borrowed(key)));
    }
    counted.drop(thread);
    // Foreign code may have run, and this thread may have been at a quiescent point: the table is
    // read on only if it is still, or again, the set's; and if again, its serial is another.
    if (!RT_MUTANT(set_not_looked_at_again) &&
        (set.table.load_acquire() != table || table->serial != serial ||  // [table-before-set]
         entry.key.load_acquire() != candidate)) {
      return Looked::kChanged;
    }
    if (equal) return Looked::kThere;
  }
}

// What is looked for in the place of a key: a set has no hash, the frozenset of its members has.
Result<Ref<Object>> sought(ThreadState& thread, Borrowed<Object> key) {
  if (is_any_set(*key) && protocol_of(key).hash == nullptr) return new_frozenset_of(thread, key);
  return Ref<Object>::share(thread, key);
}

Result<Ref<Set>> new_set_of_type(ThreadState& thread, Type& type, Borrowed<Object> iterable) {
  Ref<Set> set = allocate_set(thread, type);
  if (!set) return raise_out_of_memory(thread);
  TRY(set_update(thread, set, iterable));
  track(set.get());
  return set;
}

}  // namespace

Result<bool> contains_hashed(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key,
                             std::int64_t hash) {
  if (!is_frozenset(*set) && reads_without_lock(thread, set.get())) {
    for (unsigned attempt = 0; attempt < kAttemptsWithoutLock; ++attempt) {
      TRY_ASSIGN(Looked looked, look_without_lock(thread, *set, key.get(), hash));
      if (looked != Looked::kChanged) return looked == Looked::kThere;
    }
  }
  SetSection section(thread, set);
  TRY_ASSIGN(SetPlace found, find_locked(thread, *set, key.get(), hash));
  return found.is_there;
}

Result<Ref<Set>> new_set(ThreadState& thread) {
  Ref<Set> set = allocate_set(thread, set_type);
  if (!set) return raise_out_of_memory(thread);
  track(set.get());
  return set;
}

Result<Ref<Set>> new_set_of(ThreadState& thread, Borrowed<Object> iterable) {
  return new_set_of_type(thread, set_type, iterable);
}

Result<Ref<Set>> new_frozenset_of(ThreadState& thread, Borrowed<Object> iterable) {
  if (iterable->type == &frozenset_type) return Ref<Set>::share(thread, as_set(iterable));
  return new_set_of_type(thread, frozenset_type, iterable);
}

Result<bool> set_contains(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> asked, sought(thread, key));
  TRY_ASSIGN(std::int64_t hash, hash_of_element(thread, asked));
  return contains_hashed(thread, set, asked, hash);
}

Result<Done> add_hashed(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key,
                        std::int64_t hash) {
  bool has_memory = true;
  {
    SetSection section(thread, set);
    TRY_ASSIGN(SetPlace at, find_locked(thread, *set, key.get(), hash));
    if (!at.is_there) has_memory = insert_locked(thread, *set, at, key.get(), hash);
  }
  if (!has_memory) return raise_out_of_memory(thread);
  return Done();
}

Result<Done> set_add(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key) {
  std::int64_t hash;
  if (!knows_hash(*key, &hash)) {
    RT_TRY_ASSIGN(hashed, hash, hash_of_element(thread, key));
  }
  // The very element that is there already, found without foreign code: nobody could come in between.
  if (const SetTable* table = set->table.load_relaxed(); thread.is_alone() && table != nullptr) {
    const std::size_t first = static_cast<std::size_t>(hash) & table->mask;
    if (table->entries[first].key.load_relaxed() == key.get()) return Done();
  }
  return add_hashed(thread, set, key, hash);
}

Result<bool> set_discard(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> asked, sought(thread, key));
  TRY_ASSIGN(std::int64_t hash, hash_of_element(thread, asked));
  Ref<Object> removed;  // dropped after the section
  SetSection section(thread, set);
  TRY_ASSIGN(SetPlace at, find_locked(thread, *set, asked.get(), hash));
  if (at.is_there) removed = remove_locked(*set, at);
  return at.is_there;
}

Result<Done> set_remove(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key) {
  TRY_ASSIGN(bool was_there, set_discard(thread, set, key));
  if (!was_there) return raise_with(thread, key_error_type, key);
  return Done();
}

Result<Ref<Object>> set_pop(ThreadState& thread, Borrowed<Set> set) {
  {
    const bool had_members = RT_MUTANT(set_pop_trusts_old_size) && set_size(*set) != 0;
    SetSection section(thread, set);
    if (had_members || set_size(*set) != 0) {
      SetTable* table = set->table.load_relaxed();  // guarded by the section
      std::size_t place = set->finger & table->mask;
      while (!is_key(table->entries[place].key.load_relaxed())) place = (place + 1) & table->mask;
      set->finger = place + 1;
      return remove_locked(*set, {table, place, true});
    }
  }
  return raise_text(thread, key_error_type, "pop from an empty set");
}

void set_clear(ThreadState& thread, Borrowed<Set> set) {
  LooseTable given_up(thread);
  SetSection section(thread, set);
  given_up.exchange_locked(*set);
}

Result<Ref<Set>> set_copy(ThreadState& thread, Borrowed<Set> set) {
  if (set->type == &frozenset_type) return Ref<Set>::share(thread, set);
  return is_frozenset(*set) ? new_frozenset_of(thread, set) : new_set_of(thread, set);
}

Result<Ref<Tuple>> set_to_tuple(ThreadState& thread, Borrowed<Set> set) {
  // The tuple is made without a section, for a size that may have changed when it is filled.
  for (;;) {
    const std::int64_t size = set_size(*set);
    if (size == 0) return empty_tuple();
    TRY_ASSIGN(Ref<Tuple> made, allocate_tuple(thread, size));
    {
      SetSection section(thread, set);
      if (set_size(*set) != size) continue;
      const SetTable* table = set->table.load_relaxed();  // guarded by the section, as the keys
      Object** to = made->items();
      for (std::size_t i = 0; i <= table->mask; ++i) {
        Object* key = table->entries[i].key.load_relaxed();
        if (!is_key(key)) continue;
        make_findable(set.get(), key);
        *to++ = Ref<Object>::share(thread, Borrowed(key)).release();
      }
    }
    track(made.get());
    return made;
  }
}

// frozenset_hash: mixes the hashes of the members so that neither their order nor the places
// between them matter.
std::int64_t hash_of_frozenset(const Set& set) {
  // Relaxed: the same for whoever computes it, as nothing in the frozenset changes.
  const std::int64_t known = set.hash.load_relaxed();
  if (known != Set::kNoHash) return known;
  std::uint64_t mixed = 0;
  const SetTable* table = set.table.load_relaxed();  // complete before the set was published
  for (std::size_t i = 0; table != nullptr && i <= table->mask; ++i) {
    if (!is_key(table->entries[i].key.load_relaxed())) continue;
    const auto hash = static_cast<std::uint64_t>(table->entries[i].hash.load_relaxed());
    if (RT_MUTANT(frozenset_hash_depends_on_order)) mixed *= 3;
    mixed ^= ((hash ^ 89869747u) ^ (hash << 16)) * 3644798167u;
  }
  mixed ^= (static_cast<std::uint64_t>(set_size(set)) + 1) * 1927868237u;
  mixed ^= (mixed >> 11) ^ (mixed >> 25);
  mixed = mixed * 69069u + 907133923u;
  if (mixed == UINT64_MAX) mixed = 590923713u;
  const_cast<Set&>(set).hash.store_relaxed(static_cast<std::int64_t>(mixed));
  return static_cast<std::int64_t>(mixed);
}

}  // namespace runtime
