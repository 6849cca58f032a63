#include "runtime/containers/set_locked.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

constexpr std::size_t kManyMembers = 50'000;  // from here on a table grows less at a time

[[maybe_unused]] bool may_read(const ThreadState& thread, const Set& set) {
  return is_frozenset(set) || holds_section(thread, &set);
}

void publish_table(Set& set, SetTable* table) {
  if (table != nullptr) table->serial = ++set.table_serial;
  set.table.store_release(table);  // [table-before-set]
}

// Moves all members into a larger table. The references move; the places of the old one keep
// pointing, for who is inside.
void move_to(ThreadState& thread, Set& set, SetTable* larger) {
  SetTable* old = set.table.load_relaxed();  // guarded by the section, as everything below
  if (RT_MUTANT(set_table_published_empty)) publish_table(set, larger);
  for (std::size_t i = 0; old != nullptr && i <= old->mask; ++i) {
    Object* key = old->entries[i].key.load_relaxed();
    if (is_key(key)) insert_clean(*larger, key, old->entries[i].hash.load_relaxed());
  }
  if (!RT_MUTANT(set_table_published_empty)) publish_table(set, larger);
  point("set.table_replaced");
  if (old == nullptr) return;
  if (is_frozenset(set)) {
    raw_free(thread, old, old->bytes());  // is being made: nobody else knows it
  } else {
    retire_array(thread, &set, old, old->bytes());
  }
}

}  // namespace

SetSection::SetSection(ThreadState& thread, Borrowed<Set> set) {
  if (is_frozenset(*set)) return;
  one_.emplace(thread, set);
  note_access_locked(thread, set.get());
}

SetSection::SetSection(ThreadState& thread, Borrowed<Set> one, Borrowed<Set> another) {
  if (is_frozenset(*one) || is_frozenset(*another)) {
    Borrowed<Set> changeable = is_frozenset(*one) ? another : one;
    if (is_frozenset(*changeable)) return;
    one_.emplace(thread, changeable);
    note_access_locked(thread, changeable.get());
    return;
  }
  both_.emplace(thread, one, another);
  note_access_locked(thread, one.get());
  note_access_locked(thread, another.get());
}

bool compare_natively(const Object& left, const Object& right, bool* equal) {
  if (left.type != right.type) return false;
  if (left.type == &str_type) {
    *equal = equal_strs(static_cast<const Str&>(left), static_cast<const Str&>(right));
    return true;
  }
  if (left.type == &int_type) {
    *equal = compare_ints(static_cast<const Int&>(left), static_cast<const Int&>(right)) == 0;
    return true;
  }
  return false;
}

Result<SetPlace> find_locked(ThreadState& thread, Set& set, Object* key, std::int64_t hash) {
  for (;;) {
    RT_INVARIANT(may_read(thread, set), "who looks into a set has its section");
    SetTable* table = set.table.load_relaxed();  // guarded by the section, as everything below
    if (table == nullptr) return SetPlace{nullptr, 0, false};
    const std::uint64_t serial = table->serial;
    bool changed = false;
    for (SetPath path(hash, table->mask); !changed; path.next()) {
      const SetEntry& entry = table->entries[path.place()];
      Object* candidate = entry.key.load_relaxed();
      if (candidate == nullptr) return SetPlace{table, path.place(), false};
      if (candidate == key) return SetPlace{table, path.place(), true};
      if (candidate == &removed_key || entry.hash.load_relaxed() != hash) continue;
      make_findable(&set, candidate);
      bool equal = false;
      if (!compare_natively(*candidate, *key, &equal)) {
        Ref<Object> counted = Ref<Object>::share(thread, Borrowed(candidate));
        TRY_ASSIGN(equal, are_equal(thread, counted, Borrowed(key)));
        counted.drop(thread);
        // Foreign code has run, and the section may have been suspended. The serial is read only if
        // the table is still the set's, so it exists.
        changed = set.table.load_relaxed() != table || table->serial != serial ||
                  entry.key.load_relaxed() != candidate;
        if (RT_MUTANT(set_not_looked_at_again_locked)) changed = false;
      }
      if (equal && !changed) return SetPlace{table, path.place(), true};
    }
  }
}

bool insert_locked(ThreadState& thread, Set& set, const SetPlace& at, Object* key,
                   std::int64_t hash) {
  RT_INVARIANT(may_read(thread, set), "who changes a set has its section");
  RT_INVARIANT(!at.is_there && set.table.peek() == at.table, "a key is inserted where it is not");
  const auto used = static_cast<std::size_t>(set.used.load_relaxed());  // guarded by the section
  SetTable* larger = nullptr;
  if (at.table == nullptr || is_crowded(set.taken + 1, at.table->mask)) {
    larger = allocate_set_table(
        thread, at.table == nullptr ? SetTable::kLeastPlaces
                                    : places_for((used + 1) * (used < kManyMembers ? 4 : 2)));
    if (larger == nullptr) return false;
  }
  increment(thread, key);
  make_findable(&set, key);
  if (at.table != nullptr) {
    SetEntry& entry = at.table->entries[at.place];
    if (RT_MUTANT(set_key_before_hash)) entry.key.store_release(key);
    entry.hash.store_relaxed(hash);  // [hash-before-key]
    point("set.hash_written");
    if (!RT_MUTANT(set_key_before_hash)) entry.key.store_release(key);  // [hash-before-key]
    ++set.taken;
  } else {
    insert_clean(*larger, key, hash);
  }
  if (larger != nullptr) {
    move_to(thread, set, larger);
    set.taken = used + 1;
  }
  set.used.store_relaxed(static_cast<std::int64_t>(used + 1));
  return true;
}

bool make_room_locked(ThreadState& thread, Set& set, std::size_t more) {
  RT_INVARIANT(may_read(thread, set), "who changes a set has its section");
  const SetTable* table = set.table.load_relaxed();  // guarded by the section
  if (more == 0 || (table != nullptr && !is_crowded(set.taken + more, table->mask))) return true;
  const auto used = static_cast<std::size_t>(set.used.load_relaxed());
  SetTable* larger = allocate_set_table(thread, places_for_copy(used + more));
  if (larger == nullptr) return false;
  move_to(thread, set, larger);
  set.taken = used;
  return true;
}

Ref<Object> remove_locked(Set& set, const SetPlace& at) {
  RT_INVARIANT(at.is_there && set.table.peek() == at.table, "a key is removed where it is");
  SetEntry& entry = at.table->entries[at.place];
  Ref<Object> removed = Ref<Object>::adopt(entry.key.load_relaxed());  // guarded by the section
  point("set.removing");
  // An empty place would end the paths of others that go on behind it.
  entry.key.store_release(
      RT_MUTANT(set_removed_place_is_empty) ? nullptr : &removed_key);  // [removed-before-drop]
  set.used.store_relaxed(set.used.load_relaxed() - 1);
  return removed;
}

LooseTable::~LooseTable() {
  if (table_ == nullptr) return;
  for (std::size_t i = 0; i <= table_->mask; ++i) {
    Object* key = table_->entries[i].key.peek();  // nobody changes it any more
    if (is_key(key)) decrement(thread_, key);
  }
  if (has_readers_ && !RT_MUTANT(set_cleared_table_freed_at_once)) {
    free_deferred(thread_, table_, table_->bytes());
  } else {
    raw_free(thread_, table_, table_->bytes());
  }
}

bool LooseTable::begin(std::size_t keys) {
  RT_INVARIANT(table_ == nullptr, "a table is begun once");
  if (keys == 0) return true;
  table_ = allocate_set_table(thread_, places_for_copy(keys));
  return table_ != nullptr;
}

void LooseTable::insert(Object* key, std::int64_t hash) {
  increment(thread_, key);
  insert_clean(*table_, key, hash);
  ++keys_;
}

bool LooseTable::copy_locked(const Set& set) {
  RT_INVARIANT(may_read(thread_, set), "who copies a set has its section");
  const SetTable* table = set.table.load_relaxed();  // guarded by the section, as the entries
  if (!begin(static_cast<std::size_t>(set.used.load_relaxed()))) return false;
  for (std::size_t i = 0; table_ != nullptr && i <= table->mask; ++i) {
    Object* key = table->entries[i].key.load_relaxed();
    if (is_key(key)) insert(key, table->entries[i].hash.load_relaxed());
  }
  return true;
}

void LooseTable::exchange_locked(Set& set) {
  RT_INVARIANT(may_read(thread_, set), "who exchanges the table of a set has its section");
  SetTable* old = set.table.load_relaxed();  // guarded by the section, as the rest
  const auto old_keys = static_cast<std::size_t>(set.used.load_relaxed());
  for (std::size_t i = 0; table_ != nullptr && is_shared(&set) && i <= table_->mask; ++i) {
    Object* key = table_->entries[i].key.peek();  // not published yet
    if (is_key(key)) make_findable(&set, key);
  }
  if (RT_MUTANT(set_updated_in_two_steps)) set.table.store_release(nullptr);
  publish_table(set, table_);  // also [removed-before-drop], for all members
  set.used.store_relaxed(static_cast<std::int64_t>(keys_));
  set.taken = keys_;
  set.finger = 0;
  table_ = old;
  keys_ = old_keys;
  has_readers_ = is_shared(&set);
}

SetSnapshot::~SetSnapshot() {
  for (Item& item : items()) {
    if (!RT_MUTANT(set_snapshot_borrows)) decrement(thread_, item.key);
    if (item.removed != nullptr) decrement(thread_, item.removed);
  }
  raw_free(thread_, items_, capacity_ * sizeof(Item));
}

bool SetSnapshot::take_locked(const Set& set) {
  RT_INVARIANT(may_read(thread_, set) && items_ == nullptr,
               "a snapshot is taken once, in a section");
  const SetTable* table = set.table.load_relaxed();  // guarded by the section, as the entries
  capacity_ = static_cast<std::size_t>(set.used.load_relaxed());
  if (capacity_ == 0) return true;
  items_ = static_cast<Item*>(raw_allocate(thread_, capacity_ * sizeof(Item)));
  if (items_ == nullptr) return false;
  for (std::size_t i = 0; i <= table->mask; ++i) {
    Object* key = table->entries[i].key.load_relaxed();
    if (!is_key(key)) continue;
    if (!RT_MUTANT(set_snapshot_borrows)) increment(thread_, key);
    items_[count_++] = {key, table->entries[i].hash.load_relaxed(), nullptr};
  }
  return true;
}

Ref<Set> allocate_set(ThreadState& thread, Type& type) {
  Ref<Set> set = new_object<Set>(thread, type);
  if (set) set->hash.initialize(Set::kNoHash);
  return set;
}

Result<std::int64_t> hash_of_element(ThreadState& thread, Borrowed<Object> key) {
  Result<std::int64_t> hash = hash_of(thread, key);
  if (!hash.is_raised()) return hash;
  Raised raised = std::move(hash).raised();
  if (raised.exception()->type != &type_error_type) return raised;
  TRY_ASSIGN(Ref<Str> reason, str_of(thread, raised.exception()));
  return raise(thread, type_error_type, "cannot use '{}' as a set element ({})", type_name(key),
               utf8_of(*reason));
}

}  // namespace runtime
