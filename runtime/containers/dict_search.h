// Searching a dict: the part that reads without a lock, and what the locked part has in common with
// it. dict_object.h says why it is right.
//
// Not an interface: dict_object.h is. Here because dict_get() is inlined where it is called.
#pragma once

#include <cstdint>

#include "runtime/containers/dict_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/str_object.h"

namespace runtime {

enum class Search : std::uint8_t {
  kFound,
  kAbsent,
  kChanged,  // somebody changes it: start anew
  kUnsure,   // the first key with this hash can only be compared by what may be foreign code
};

// How many times a reader tries without the lock.
inline constexpr int kTriesWithoutLock = 3;

enum class Sameness : std::uint8_t { kEqual, kDifferent, kUnsure };
// Of keys whose comparison runs nothing foreign. Exact str, int and bool are known here.
[[nodiscard]] inline Sameness compare_plain(const Object& one, const Object& other) {
  const bool one_is_str = one.type == &str_type;
  const bool other_is_str = other.type == &str_type;
  const bool one_is_int = one.type == &int_type || one.type == &bool_type;
  const bool other_is_int = other.type == &int_type || other.type == &bool_type;
  if (!(one_is_str || one_is_int) || !(other_is_str || other_is_int)) return Sameness::kUnsure;
  if (one_is_str != other_is_str) return Sameness::kDifferent;
  const bool are_equal =
      one_is_str ? equal_strs(static_cast<const Str&>(one), static_cast<const Str&>(other))
                 : compare_ints(static_cast<const Int&>(one), static_cast<const Int&>(other)) == 0;
  return are_equal ? Sameness::kEqual : Sameness::kDifferent;
}

// Looks `key` up in `keys`, which was loaded from `dict` (acquire). `is_locked`: in a section of the
// dict, so that its keys need no counting. Without: may give a counted key back and so run foreign
// code if the result is kChanged or kUnsure, otherwise it does not.
template <bool is_locked>
[[nodiscard, gnu::always_inline]] inline Search search_plain(ThreadState& thread, Dict& dict,
                                                             DictKeys* keys, const Object& key,
                                                             std::int64_t hash,
                                                             std::int64_t* number) {
  point("dict.have_keys");
  for (PlacesOf places(hash, keys->mask());; places.next()) {
    const std::uint64_t index = keys->index_at(places.place());
    if (index == DictKeys::kEmpty) return Search::kAbsent;
    if (index == DictKeys::kDeleted) continue;
    *number = static_cast<std::int64_t>(index - DictKeys::kFirstEntry);
    DictEntry& entry = keys->entry(*number);
    if (entry.hash != hash) continue;
    Object* candidate = entry.key.load_acquire();
    if (candidate == &key) return Search::kFound;
    if (candidate == nullptr) continue;  // deleted since its index was read
    point("dict.have_key");
    // Only the header of a key that may be dead is read before it is counted.
    const bool needs_count = !is_locked && !is_immortal(candidate);
    if (needs_count && !try_increment_from(thread, entry.key, candidate, dict.keys, keys)) {
      return Search::kChanged;
    }
    const Sameness sameness = compare_plain(*candidate, key);
    if (needs_count) decrement(thread, candidate);
    if (sameness == Sameness::kEqual) return Search::kFound;
    if (sameness == Sameness::kUnsure) return Search::kUnsure;
  }
}

// The same for keys of any type; runs foreign code. kFound and kAbsent hold at the moment of return
// if the caller has a section of the dict: nothing foreign runs after the last look.
Result<Search> search_any(ThreadState& thread, Dict& dict, DictKeys* keys, Borrowed<Object> key,
                          std::int64_t hash, bool is_locked, std::int64_t* number);

// In a section of the dict, which may be suspended on the way: which entry has the key; -1: none.
// What it answers is true at the moment of return. The entry of a split table may be without value.
Result<std::int64_t> find_locked(ThreadState& thread, Dict& dict, Borrowed<Object> key,
                                 std::int64_t hash);

// Where the value of an entry is. In a section of the dict.
[[nodiscard]] inline Atomic<Object*>& value_slot_locked(Dict& dict, DictKeys& keys,
                                                        std::int64_t number) {
  return keys.is_split ? dict.values.load_relaxed()->slot(number) : keys.entry(number).value;
}

// Reads the value of an entry of `keys`, which was loaded from `dict`, without a lock. kFound: it is
// counted. kAbsent: only in split tables. kChanged: may have run foreign code.
[[nodiscard]] Search read_split_value(ThreadState& thread, Dict& dict, std::int64_t number,
                                      Ref<Object>* value);
[[nodiscard]] inline Search read_value(ThreadState& thread, Dict& dict, DictKeys* keys,
                                       std::int64_t number, Ref<Object>* value) {
  if (keys->is_split) [[unlikely]] {
    return read_split_value(thread, dict, number, value);
  }
  Atomic<Object*>& slot = keys->entry(number).value;
  Object* object = slot.load_acquire();
  if (object == nullptr) return Search::kChanged;  // deleted since
  point("dict.have_value");
  if (!try_increment_from(thread, slot, object, dict.keys, keys)) return Search::kChanged;
  *value = Ref<Object>::adopt(object);
  return Search::kFound;
}

// Steps 1 to 6 of dict_object.h; then the locked way.
Result<Ref<Object>> dict_get_hashed(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key,
                                    std::int64_t hash);
Result<Ref<Object>> dict_get_slow(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key,
                                  std::int64_t hash);

// The entry of this very key, if it is the one that its hash leads to first, as it mostly is with
// names; null: it must be searched for. Of a combined table that nobody changes meanwhile.
[[nodiscard]] inline DictEntry* entry_at_first_place(DictKeys& keys, const Object& key,
                                                     std::int64_t hash) {
  const std::uint64_t index = keys.index_at(PlacesOf(hash, keys.mask()).place());
  if (index < DictKeys::kFirstEntry) return nullptr;
  DictEntry& entry = keys.entry(static_cast<std::int64_t>(index - DictKeys::kFirstEntry));
  return entry.key.load_relaxed() == &key ? &entry : nullptr;
}

// By a thread that is alone: nobody can change it meanwhile, so nothing is counted or looked at
// twice.
inline Result<Ref<Object>> dict_get_alone(ThreadState& thread, Borrowed<Dict> dict,
                                          Borrowed<Object> key, std::int64_t hash) {
  DictKeys* keys = dict->keys.load_relaxed();
  if (keys == nullptr) return Ref<Object>(nullptr);
  std::int64_t number;
  const Search search = search_plain<true>(thread, *dict, keys, *key, hash, &number);
  if (search == Search::kAbsent) return Ref<Object>(nullptr);
  if (search != Search::kFound) return dict_get_slow(thread, dict, key, hash);
  Object* value = value_slot_locked(*dict, *keys, number).load_relaxed();
  if (value == nullptr) return Ref<Object>(nullptr);  // of a split table
  return Ref<Object>::share(thread, Borrowed(value));
}

// hash(key) where it costs nothing to know.
[[nodiscard]] inline bool knows_hash(const Object& key, std::int64_t* hash) {
  if (key.type == &str_type) {
    *hash = static_cast<const Str&>(key).hash.load_relaxed();
    return *hash != Str::kNoHash;
  }
  if (key.type == &int_type) {
    *hash = hash_of_int(static_cast<const Int&>(key));
    return true;
  }
  return false;
}

inline Result<Ref<Object>> dict_get(ThreadState& thread, Borrowed<Dict> dict,
                                    Borrowed<Object> key) {
  std::int64_t hash;
  if (!knows_hash(*key, &hash)) {
    RT_TRY_ASSIGN(hashed, hash, hash_of_key(thread, key));
  }
  if (thread.is_alone()) {
    DictKeys* keys = dict->keys.load_relaxed();
    if (keys != nullptr && !keys->is_split) [[likely]] {
      if (DictEntry* entry = entry_at_first_place(*keys, *key, hash)) [[likely]] {
        return Ref<Object>::share(thread, Borrowed(entry->value.load_relaxed()));
      }
    }
    return dict_get_alone(thread, dict, key, hash);
  }
  return dict_get_hashed(thread, dict, key, hash);
}

}  // namespace runtime
