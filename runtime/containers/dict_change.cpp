#include "runtime/containers/dict_change.h"

#include <algorithm>
#include <utility>

#include "runtime/memory/deferred_free.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

constexpr std::int64_t kGrowth = 3;  // a new table has at least this many places per key

unsigned log2_size_to_grow_to(std::int64_t used, std::int64_t further) {
  unsigned log2_size = log2_size_for(used + further);
  while ((std::int64_t{1} << log2_size) < used * kGrowth) ++log2_size;
  return log2_size;
}

void count_used(Dict& dict, std::int64_t difference) {
  // Guarded by the dict's lock; a hint for everybody else.
  dict.used.store_relaxed(dict.used.load_relaxed() + difference);
}

// A table with what the dict has, in the same order, and room for more; it owns what the old one
// owned. Null: no memory.
DictKeys* copy_table_locked(ThreadState& thread, Dict& dict, std::int64_t further) {
  DictKeys* old = dict.keys.load_relaxed();
  const std::uint64_t number = old == nullptr || old->is_split ? 1 : old->number + 1;
  DictKeys* made =
      new_dict_keys(thread, log2_size_to_grow_to(dict.used.load_relaxed(), further), number);
  if (made == nullptr) return nullptr;
  if (RT_MUTANT(dict_table_published_empty)) {
    dict.keys.store_release(made);
    point("dict.table_published");
    if (old == nullptr || old->is_split) return made;
    for (std::int64_t i = 0; i < old->end; ++i) {
      DictEntry& entry = old->entry(i);
      if (Object* key = entry.key.load_relaxed()) {
        made->append(entry.hash, key, entry.value.load_relaxed());
      }
    }
    return made;
  }
  const bool names_stay_behind = old != nullptr && old->is_split;  // other dicts use them
  for_each_locked(dict, [&](std::int64_t hash, Object* key, Object* value) {
    if (names_stay_behind) increment(thread, key);
    made->append_unpublished(hash, key, value);
    return true;
  });
  return made;
}

// What was in the values lives elsewhere now: nobody finds it here any more.
void forget_values(DictValues& values) {
  values.are_valid.store_release(false);  // [valid-before-moved], instance_values.h
  for (unsigned i = 0; i < values.capacity; ++i) values.slot(i).store_release(nullptr);
  values.size = 0;
}

// The dict has a combined table and lets go of its split one.
void give_split_table_up_locked(ThreadState& thread, Dict& dict, DictKeys& split,
                                DictValues& values) {
  const bool is_in_instance = dict.holder.load_relaxed() != nullptr;  // guarded by the dict's lock
  dict.values.store_release(nullptr);  // readers who have the split table notice
  point("dict.values_unlinked");
  if (is_in_instance) {
    if (!RT_MUTANT(instance_values_stay_valid)) forget_values(values);
    dict.holder.store_release(nullptr);  // [holder-before-values]
  } else {
    retire_array(thread, &dict, &values, values.bytes());
  }
  let_go(thread, *SharedKeys::of(&split));
}

}  // namespace

RetiredTable::~RetiredTable() {
  for (unsigned i = 0; i < loose_count_; ++i) decrement(thread_, loose_[i]);
  if (keys_ == nullptr) return;
  // The table says what it said to readers: they look whether the dict still has it.
  if (keys_->is_split) {
    for (unsigned i = 0; i < values_->capacity; ++i) {
      if (Object* value = values_->slot(i).load_relaxed()) decrement(thread_, value);
    }
  } else {
    const std::int64_t count = keys_->entry_count.load_relaxed();
    for (std::int64_t i = 0; i < count; ++i) {
      DictEntry& entry = keys_->entry(i);
      Object* key = entry.key.load_relaxed();
      if (key == nullptr) continue;
      Object* value = entry.value.load_relaxed();
      decrement(thread_, key);
      decrement(thread_, value);
    }
  }
  void* array = keys_->is_split ? static_cast<void*>(values_) : keys_;
  const std::size_t bytes = keys_->is_split ? values_->bytes() : keys_->bytes();
  if (keys_->is_split) let_go(thread_, *SharedKeys::of(keys_));
  if (is_shared_ && !RT_MUTANT(dict_cleared_table_freed_at_once)) {
    free_deferred(thread_, array, bytes);
  } else {
    raw_free(thread_, array, bytes);
  }
}

void RetiredTable::take_locked(Dict& dict) {
  RT_INVARIANT(holds_section(thread_, &dict), "who empties a dict has its section");
  RT_INVARIANT(keys_ == nullptr && loose_count_ == 0, "one table is retired at a time");
  if (dict.holder.load_relaxed() != nullptr) return take_from_instance_locked(dict);  // guarded
  is_shared_ = is_shared(&dict);
  keys_ = dict.keys.load_relaxed();  // guarded by the dict's lock
  if (keys_ == nullptr) return;
  values_ = dict.values.load_relaxed();
  dict.keys.store_release(nullptr);    // [table-before-pointer]
  dict.values.store_release(nullptr);  // readers who have the split table notice
  dict.used.store_relaxed(0);
}

void RetiredTable::take_from_instance_locked(Dict& dict) {
  DictKeys& keys = *dict.keys.load_relaxed();  // guarded by the dict's lock, as all that follows
  DictValues& values = *dict.values.load_relaxed();
  for (unsigned i = 0; i < values.size; ++i) {
    loose_[loose_count_++] = values.slot(values.order()[i]).load_relaxed();
  }
  if (!RT_MUTANT(instance_outlives_its_clear)) {
    values.are_valid.store_release(false);  // [valid-before-cleared], instance_values.h
  }
  point("dict.values_void");
  dict.keys.store_release(nullptr);  // [table-before-pointer]
  dict.used.store_relaxed(0);
  dict.values.store_release(nullptr);  // readers who have the split table notice
  forget_values(values);
  dict.holder.store_release(nullptr);  // [holder-before-values]
  let_go(thread_, *SharedKeys::of(&keys));
}

bool make_room_locked(ThreadState& thread, Dict& dict, std::int64_t further) {
  RT_INVARIANT(holds_section(thread, &dict), "who changes a dict has its section");
  DictKeys* old = dict.keys.load_relaxed();  // guarded by the dict's lock, as all that follows
  if (old != nullptr && !old->is_split &&
      old->entry_count.load_relaxed() + further <= old->capacity()) {
    return true;
  }
  DictKeys* made = copy_table_locked(thread, dict, further);
  if (made == nullptr) return false;
  DictValues* values = dict.values.load_relaxed();
  dict.keys.store_release(made);  // [table-before-pointer]
  point("dict.resize.published");
  if (old == nullptr) return true;
  if (old->is_split) {
    give_split_table_up_locked(thread, dict, *old, *values);
  } else {
    retire_array(thread, &dict, old, old->bytes());
  }
  return true;
}

bool insert_locked(ThreadState& thread, Dict& dict, Borrowed<Object> key, std::int64_t hash,
                   Borrowed<Object> value) {
  if (!make_room_locked(thread, dict, 1)) return false;
  make_findable(&dict, key.get());
  make_findable(&dict, value.get());
  dict.keys.load_relaxed()->append(hash, Ref<Object>::share(thread, key).release(),
                                   Ref<Object>::share(thread, value).release());
  count_used(dict, +1);
  return true;
}

namespace {

// A further value in a split table. False: it has no room for this key.
bool insert_split_locked(ThreadState& thread, Dict& dict, Borrowed<Object> key, std::int64_t hash,
                         Borrowed<Object> value) {
  if (key->type != &str_type) return false;
  Str& name = static_cast<Str&>(*key.get());
  // Acquire: interned by whoever did, and therefore immortal where there is no GIL.
  if (!name.is_interned.load_acquire()) return false;
  DictKeys& keys = *dict.keys.load_relaxed();        // guarded by the dict's lock
  DictValues& values = *dict.values.load_relaxed();  // likewise
  const std::int64_t number = SharedKeys::of(&keys)->find_or_insert(thread, name, hash);
  if (number < 0) return false;
  make_findable(&dict, value.get());
  Object* holder = dict.holder.load_relaxed();  // likewise
  if (holder != nullptr) make_findable(holder, value.get());
  values.append_to_order(number);
  values.slot(number).store_release(Ref<Object>::share(thread, value).release());
  count_used(dict, +1);
  return true;
}

}  // namespace

bool store_locked(ThreadState& thread, Dict& dict, std::int64_t number, Borrowed<Object> key,
                  std::int64_t hash, Borrowed<Object> value, Ref<Object>* previous) {
  RT_INVARIANT(holds_section(thread, &dict), "who changes a dict has its section");
  DictKeys* keys = dict.keys.load_relaxed();  // guarded by the dict's lock, as all that follows
  if (number < 0 || value_locked(dict, number) == nullptr) {
    if (keys != nullptr && keys->is_split) {
      // The name that the table has, if it has one that is equal.
      Borrowed<Object> name = number < 0 ? key : Borrowed(keys->entry(number).key.load_relaxed());
      if (insert_split_locked(thread, dict, name, hash, value)) return true;
    }
    return insert_locked(thread, dict, key, hash, value);
  }
  make_findable(&dict, value.get());
  Object* holder = dict.holder.load_relaxed();
  if (holder != nullptr) make_findable(holder, value.get());
  Atomic<Object*>& slot = value_slot_locked(dict, *keys, number);
  *previous = Ref<Object>::adopt(slot.load_relaxed());
  slot.store_release(Ref<Object>::share(thread, value).release());  // [increment-before-recheck]
  return true;
}

bool remove_locked(ThreadState& thread, Dict& dict, std::int64_t number, Ref<Object>* key,
                   Ref<Object>* value) {
  RT_INVARIANT(holds_section(thread, &dict), "who changes a dict has its section");
  DictKeys& keys = *dict.keys.load_relaxed();  // guarded by the dict's lock, as all that follows
  Atomic<Object*>& slot = value_slot_locked(dict, keys, number);
  Object* object = slot.load_relaxed();
  if (object == nullptr) return false;
  DictEntry& entry = keys.entry(number);
  *value = Ref<Object>::adopt(object);
  if (keys.is_split) {
    *key = Ref<Object>::share(thread, Borrowed(entry.key.load_relaxed()));
    slot.store_release(nullptr);  // [increment-before-recheck]
    dict.values.load_relaxed()->remove_from_order(number);
  } else {
    *key = Ref<Object>::adopt(entry.key.load_relaxed());
    keys.delete_index(number);
    point("dict.index_deleted");
    if (!RT_MUTANT(dict_deleted_entry_not_nulled)) {
      slot.store_release(nullptr);       // [increment-before-recheck]
      entry.key.store_release(nullptr);  // likewise
    }
  }
  count_used(dict, -1);
  return true;
}

std::int64_t newest_locked(Dict& dict) {
  DictKeys* keys = dict.keys.load_relaxed();  // guarded by the dict's lock, as all that follows
  if (keys == nullptr || dict.used.load_relaxed() == 0) return -1;
  if (keys->is_split) {
    DictValues& values = *dict.values.load_relaxed();
    return values.order()[values.size - 1];
  }
  // What was skipped once need not be skipped again: popitem() over and over takes linear time.
  while (keys->end > 0 && keys->entry(keys->end - 1).key.load_relaxed() == nullptr) --keys->end;
  return keys->end - 1;
}

Object* value_locked(Dict& dict, std::int64_t number) {
  return value_slot_locked(dict, *dict.keys.load_relaxed(), number).load_relaxed();
}

bool detach_values_locked(ThreadState& thread, Dict& dict) {
  RT_INVARIANT(holds_section(thread, &dict), "who changes a dict has its section");
  RT_INVARIANT(dict.holder.peek() != nullptr, "values that are detached lie in an instance");
  DictValues& inside = *dict.values.load_relaxed();  // guarded by the dict's lock
  auto* copied = static_cast<DictValues*>(raw_allocate_zeroed(thread, inside.bytes()));
  if (copied == nullptr) return false;
  copied->capacity = inside.capacity;
  copied->size = inside.size;
  for (unsigned i = 0; i < inside.capacity; ++i) {
    copied->slot(i).initialize(inside.slot(i).load_relaxed());
  }
  std::copy(inside.order(), inside.order() + inside.size, copied->order());
  if (RT_MUTANT(dict_holder_cleared_first)) {
    dict.holder.store_release(nullptr);
    point("dict.holder_cleared");
  }
  dict.values.store_release(copied);  // [table-before-pointer]
  point("dict.detached");
  forget_values(inside);
  dict.holder.store_release(nullptr);  // [holder-before-values]
  return true;
}

Result<Done> dict_set(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key,
                      Borrowed<Object> value) {
  std::int64_t hash;
  if (!knows_hash(*key, &hash)) {
    RT_TRY_ASSIGN(hashed, hash, hash_of_key(thread, key));
  }
  Ref<Object> previous;
  if (DictKeys* keys = dict->keys.load_relaxed();
      thread.is_alone() && keys != nullptr && !keys->is_split) {
    // Another value for a key that is found without foreign code: nobody could come in between.
    DictEntry* entry = entry_at_first_place(*keys, *key, hash);
    std::int64_t number;
    if (entry != nullptr ||
        search_plain<true>(thread, *dict, keys, *key, hash, &number) == Search::kFound) {
      Atomic<Object*>& slot = entry != nullptr ? entry->value : keys->entry(number).value;
      previous = Ref<Object>::adopt(slot.load_relaxed());
      slot.store_relaxed(Ref<Object>::share(thread, value).release());
      return Done{};
    }
  }
  {
    ObjectSection section(thread, dict);
    note_access_locked(thread, dict.get());
    TRY_ASSIGN(std::int64_t number, find_locked(thread, *dict, key, hash));
    if (store_locked(thread, *dict, number, key, hash, value, &previous)) return Done{};
  }
  return raise_out_of_memory(thread);
}

Result<Ref<Object>> dict_set_default(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key,
                                     Borrowed<Object> value) {
  TRY_ASSIGN(std::int64_t hash, hash_of_key(thread, key));
  if (RT_MUTANT(dict_set_default_in_two_steps)) {
    TRY_ASSIGN(Ref<Object> there, dict_get_hashed(thread, dict, key, hash));
    if (there) return there;
    TRY(dict_set(thread, dict, key, value));
    return Ref<Object>::share(thread, value);
  }
  {
    ObjectSection section(thread, dict);
    note_access_locked(thread, dict.get());
    TRY_ASSIGN(std::int64_t number, find_locked(thread, *dict, key, hash));
    if (number >= 0) {
      if (Object* there = value_locked(*dict, number)) {
        return Ref<Object>::share(thread, Borrowed(there));
      }
    }
    Ref<Object> none_before;
    if (store_locked(thread, *dict, number, key, hash, value, &none_before)) {
      return Ref<Object>::share(thread, value);
    }
  }
  return raise_out_of_memory(thread);
}

Result<Ref<Object>> dict_take(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key) {
  TRY_ASSIGN(std::int64_t hash, hash_of_key(thread, key));
  Ref<Object> its_key;
  Ref<Object> value;
  {
    ObjectSection section(thread, dict);
    note_access_locked(thread, dict.get());
    TRY_ASSIGN(std::int64_t number, find_locked(thread, *dict, key, hash));
    if (number >= 0) (void)remove_locked(thread, *dict, number, &its_key, &value);
  }
  return value;
}

Result<Done> dict_delete(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> value, dict_take(thread, dict, key));
  if (!value) return raise_with(thread, key_error_type, key);
  return Done{};
}

Result<Ref<Object>> dict_pop(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key,
                             Object* fallback) {
  if (dict_size(*dict) != 0) {  // an empty one does not ask for the hash
    if (RT_MUTANT(dict_pop_in_two_steps)) {
      TRY_ASSIGN(Ref<Object> there, dict_get(thread, dict, key));
      if (!there && fallback == nullptr) return raise_with(thread, key_error_type, key);
      if (there) TRY(dict_take(thread, dict, key));
      return there ? std::move(there) : Ref<Object>::share(thread, Borrowed(fallback));
    }
    TRY_ASSIGN(Ref<Object> value, dict_take(thread, dict, key));
    if (value) return value;
  }
  if (fallback == nullptr) return raise_with(thread, key_error_type, key);
  return Ref<Object>::share(thread, Borrowed(fallback));
}

Result<Ref<Tuple>> dict_pop_item(ThreadState& thread, Borrowed<Dict> dict) {
  // First, so that nothing is lost when there is no memory for it.
  TRY_ASSIGN(Ref<Tuple> item, allocate_tuple(thread, 2));
  Ref<Object> key;
  Ref<Object> value;
  std::int64_t early = -1;
  if (RT_MUTANT(dict_popitem_newest_read_too_early)) {
    ObjectSection section(thread, dict);
    early = newest_locked(*dict);
  }
  {
    ObjectSection section(thread, dict);
    note_access_locked(thread, dict.get());
    const std::int64_t number =
        RT_MUTANT(dict_popitem_newest_read_too_early) && early >= 0 ? early : newest_locked(*dict);
    if (number >= 0) (void)remove_locked(thread, *dict, number, &key, &value);
  }
  if (!key) return raise_text(thread, key_error_type, "popitem(): dictionary is empty");
  item->items()[0] = key.release();
  item->items()[1] = value.release();
  track(item.get());
  return item;
}

void dict_clear(ThreadState& thread, Borrowed<Dict> dict) {
  RetiredTable retired(thread);
  ObjectSection section(thread, dict);
  note_access_locked(thread, dict.get());
  retired.take_locked(*dict);
}

}  // namespace runtime
