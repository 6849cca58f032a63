#include "runtime/containers/dict_object.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_protocol.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"

namespace runtime {

namespace {

// Counts the versions of all tables. Never 0 for long enough: who gets 0 caches nothing.
Global<Atomic<std::uint32_t>> versions;

// Who reads first under the lock makes sure that others need not.
Ref<Object> share_locked(ThreadState& thread, Object* object) {
  set_maybe_weak(object);
  return Ref<Object>::share(thread, Borrowed(object));
}

// Moves what a table that nobody reads owns to `dropped`.
void take_entries(DictKeys& keys, DroppedFields& dropped) {
  const std::int64_t count = keys.entry_count.load_relaxed();
  for (std::int64_t i = 0; i < count; ++i) {
    dropped.take(keys.entry(i).key);
    dropped.take(keys.entry(i).value);
  }
}

void release_dict(Object* object, DroppedFields& dropped) {
  auto* dict = static_cast<Dict*>(object);
  RT_INVARIANT(dict->holder.peek() == nullptr, "a dict ends after it was detached");
  ThreadState& thread = this_thread();
  // Nobody can find it; whoever read it before has dropped his reference: relaxed.
  DictKeys* keys = dict->keys.load_relaxed();
  if (keys == nullptr) return;
  if (keys->is_split) {
    DictValues* values = dict->values.load_relaxed();
    for (unsigned i = 0; i < values->capacity; ++i) dropped.take(values->slot(i));
    raw_free(thread, values, values->bytes());
    let_go(thread, *SharedKeys::of(keys));
  } else {
    take_entries(*keys, dropped);
    raw_free(thread, keys, keys->bytes());
  }
}

void clear_dict_fields(Object* object, DroppedFields&) {
  dict_clear(this_thread(), Borrowed<Dict>(static_cast<Dict*>(object)));
}

// Values inside an instance are visited by the dict, not by the instance: they live as long as
// either of them can be reached.
void traverse_dict(Object* object, Visit visit, void* context) {
  auto* dict = static_cast<Dict*>(object);
  DictKeys* keys = dict->keys.peek();
  if (keys == nullptr) return;
  if (keys->is_split) {
    DictValues* values = dict->values.peek();
    for (unsigned i = 0; i < values->capacity; ++i) {
      if (Object* value = values->slot(i).peek()) visit(context, value);
    }
    return;
  }
  const std::int64_t count = keys->entry_count.peek();
  for (std::int64_t i = 0; i < count; ++i) {
    if (Object* key = keys->entry(i).key.peek()) visit(context, key);
    if (Object* value = keys->entry(i).value.peek()) visit(context, value);
  }
}

}  // namespace

constinit Type dict_type(TypeSlots{
    .name = "dict",
    .size = sizeof(Dict),
    .heap = HeapKind::kCollected,
    .release_fields = &release_dict,
    .traverse = &traverse_dict,
    .clear = &clear_dict_fields,
    .protocol = &dict_protocol,
});

Result<std::int64_t> hash_of_key(ThreadState& thread, Borrowed<Object> key) {
  Result<std::int64_t> hash = hash_of(thread, key);
  if (!hash.is_raised()) return hash;
  Raised raised = std::move(hash).raised();
  if (raised.exception()->type != &type_error_type) return raised;
  TRY_ASSIGN(Ref<Str> reason, str_of(thread, raised.exception()));
  return raise(thread, type_error_type, "cannot use '{}' as a dict key ({})", type_name(key),
               utf8_of(*reason));
}

Result<Ref<Dict>> new_dict(ThreadState& thread) {
  Ref<Dict> dict = new_object<Dict>(thread, dict_type);
  if (!dict) return raise_out_of_memory(thread);
  track(dict.get());
  return dict;
}

Result<Search> search_any(ThreadState& thread, Dict& dict, DictKeys* keys, Borrowed<Object> key,
                          std::int64_t hash, bool is_locked, std::int64_t* number) {
  const std::uint64_t table_number = keys->number;
  for (PlacesOf places(hash, keys->mask());; places.next()) {
    const std::uint64_t index = keys->index_at(places.place());
    if (index == DictKeys::kEmpty) return Search::kAbsent;
    if (index == DictKeys::kDeleted) continue;
    *number = static_cast<std::int64_t>(index - DictKeys::kFirstEntry);
    DictEntry& entry = keys->entry(*number);
    if (entry.hash != hash) continue;
    Object* candidate = entry.key.load_acquire();
    if (candidate == key.get()) return Search::kFound;
    if (candidate == nullptr) continue;
    if (is_locked) {
      increment(thread, candidate);
    } else if (!try_increment_from(thread, entry.key, candidate, dict.keys, keys)) {
      return Search::kChanged;
    }
    bool are_same;
    {
      Ref<Object> counted = Ref<Object>::adopt(candidate);
      RT_TRY_ASSIGN(compared, are_same, are_equal(thread, counted, key));
    }
    point("dict.compared");
    // Foreign code ran: `keys` may be free by now, or another table at the same address.
    if (!RT_MUTANT(dict_foreign_equality_trusted)) {
      if (dict.keys.load_acquire() != keys) return Search::kChanged;  // [table-before-pointer]
      if (keys->number != table_number) return Search::kChanged;
      if (entry.key.load_acquire() != candidate) return Search::kChanged;
    }
    if (are_same) return Search::kFound;
  }
}

Result<std::int64_t> find_locked(ThreadState& thread, Dict& dict, Borrowed<Object> key,
                                 std::int64_t hash) {
  for (;;) {
    RT_INVARIANT(holds_section(thread, &dict), "the locked search has the dict's section");
    DictKeys* keys = dict.keys.load_relaxed();  // guarded by the dict's lock
    if (keys == nullptr) return -1;
    std::int64_t number;
    Search search = search_plain<true>(thread, dict, keys, *key, hash, &number);
    if (search == Search::kUnsure) {
      RT_TRY_ASSIGN(searched, search, search_any(thread, dict, keys, key, hash, true, &number));
    }
    if (search == Search::kAbsent) return -1;
    if (search == Search::kFound) return number;
  }
}

Result<Ref<Object>> dict_get_hashed(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key,
                                    std::int64_t hash) {
  if (reads_without_lock(thread, dict.get())) [[likely]] {
    DictKeys* keys = dict->keys.load_acquire();  // [table-before-pointer]
    if (keys == nullptr) return Ref<Object>(nullptr);
    std::int64_t number;
    const Search search = search_plain<false>(thread, *dict, keys, *key, hash, &number);
    if (search == Search::kAbsent) return Ref<Object>(nullptr);
    if (search == Search::kFound) {
      Ref<Object> value;
      const Search read = read_value(thread, *dict, keys, number, &value);
      if (read != Search::kChanged) [[likely]] {
        return value;
      }
    }
  }
  return dict_get_slow(thread, dict, key, hash);
}

Search read_split_value(ThreadState& thread, Dict& dict, std::int64_t number, Ref<Object>* value) {
  Object* holder = dict.holder.load_acquire();  // [holder-before-values]
  Ref<Object> counted_holder;                   // dropped last
  if (holder != nullptr && !RT_MUTANT(dict_holder_not_counted)) {
    if (!try_increment_from(thread, dict.holder, holder)) return Search::kChanged;
    counted_holder = Ref<Object>::adopt(holder);
  }
  point("dict.have_holder");
  DictValues* values = dict.values.load_acquire();  // [table-before-pointer]
  if (values == nullptr) return Search::kChanged;
  point("dict.have_values");
  Atomic<Object*>& slot = values->slot(number);
  Object* object = slot.load_acquire();
  if (object == nullptr) {
    // Absent, if these are the values still: those that were taken out are nulled.
    return dict.values.load_acquire() == values ? Search::kAbsent : Search::kChanged;
  }
  if (!try_increment_from(thread, slot, object, dict.values, values)) return Search::kChanged;
  *value = Ref<Object>::adopt(object);
  return Search::kFound;
}

Result<Ref<Object>> dict_get_slow(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key,
                                  std::int64_t hash) {
  for (int i = 1; i < kTriesWithoutLock && reads_without_lock(thread, dict.get()); ++i) {
    DictKeys* keys = dict->keys.load_acquire();  // [table-before-pointer]
    if (keys == nullptr) return Ref<Object>(nullptr);
    std::int64_t number;
    TRY_ASSIGN(Search search, search_any(thread, *dict, keys, key, hash, false, &number));
    if (search == Search::kAbsent) return Ref<Object>(nullptr);
    if (search == Search::kChanged) continue;
    Ref<Object> value;
    const Search read = read_value(thread, *dict, keys, number, &value);
    if (read != Search::kChanged) return value;
  }
  ObjectSection section(thread, dict);
  note_access_locked(thread, dict.get());
  TRY_ASSIGN(std::int64_t number, find_locked(thread, *dict, key, hash));
  if (number < 0) return Ref<Object>(nullptr);
  DictKeys& keys = *dict->keys.load_relaxed();  // guarded by the dict's lock, as what follows
  if (!keys.is_split) set_maybe_weak(keys.entry(number).key.load_relaxed());
  Object* value = value_slot_locked(*dict, keys, number).load_relaxed();
  if (value == nullptr) return Ref<Object>(nullptr);
  return share_locked(thread, value);
}

Result<bool> dict_contains(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key) {
  TRY_ASSIGN(Ref<Object> value, dict_get(thread, dict, key));
  return static_cast<bool>(value);
}

std::uint32_t dict_version(ThreadState& thread, Borrowed<Dict> dict) {
  ObjectSection section(thread, dict);
  note_access_locked(thread, dict.get());
  DictKeys* keys = dict->keys.load_relaxed();  // guarded by the dict's lock
  // Shared keys change under a lock of their own, and of one instance they say little.
  if (keys == nullptr || keys->is_split) return 0;
  std::uint32_t version = keys->version.load_relaxed();  // likewise
  if (version != 0) return version;
  version = versions->fetch_add_relaxed(1) + 1;  // a number, nothing more
  keys->version.store_relaxed(version);
  return version;
}

Result<std::int64_t> dict_entry_of(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key) {
  TRY_ASSIGN(std::int64_t hash, hash_of_key(thread, key));
  ObjectSection section(thread, dict);
  note_access_locked(thread, dict.get());
  return find_locked(thread, *dict, key, hash);
}

Ref<Object> dict_get_at(ThreadState& thread, Borrowed<Dict> dict, std::uint32_t version,
                        std::int64_t entry) {
  if (version == 0 || entry < 0 || !reads_without_lock(thread, dict.get())) return nullptr;
  DictKeys* keys = dict->keys.load_acquire();  // [table-before-pointer]
  // Relaxed: an entry belongs to its key for ever, so at worst a value is found that was there.
  if (keys == nullptr || keys->version.load_relaxed() != version) return nullptr;
  Ref<Object> value;
  if (read_value(thread, *dict, keys, entry, &value) != Search::kFound) return nullptr;
  return value;
}

}  // namespace runtime
