// dict: keys and their values, in the order in which the keys came. Read without a lock.
//
// Why a reader without a lock is right
//
//   reader (dict_get)                                       writer, in a section of the dict
//   1 table := dict.keys                        acquire     insert: entry, then index
//   2 index := of the place the hash says       acquire     set:    entry.value := new, then drop
//   3 the entry's key: is it equal?                         delete: index := deleted, value := null,
//     (counted while it is compared, unless immortal)               key := null, then drop both
//   4 value := entry.value                      acquire     grow:   new table complete, dict.keys :=
//   5 count the value                                               new; the old one is retired
//   6 entry.value still the same? dict.keys still `table`?
//
// * What he reads is memory of a table: a table that was replaced is freed when no reader can be
//   inside any more (retire_array), and stays as it was until then.
// * An entry belongs to one key for ever (dict_keys.h), so the value of 4 is a value of the key of 3.
// * The count of 5 may hit a dead object, or another one in the same block. 6 finds out: while the
//   entry in the current table holds the value, the dict's own reference does; if the table was
//   replaced, its entries are never overwritten, so the entry alone would prove nothing (law 4).
// * A key that is compared could end meanwhile, so it is counted in the same way. Immortal keys (all
//   interned names) need no count.
// * The comparison may run foreign code, during which the table may be freed and another one come to
//   the same address: after it nothing is used before dict.keys is the same table with the same
//   number, and the entry has the same key.
// * An empty index ends the search: the key was not there at that moment (dict_keys.h).
// When a check fails the reader starts anew, and after a few times goes the locked way.
//
// Dicts of instances have *split* tables: the keys are those of all instances of a type, the values
// stand in an array of their own (DictValues), which may lie inside the instance (instance_values.h).
// Then `dict.values` plays the part of `dict.keys` in 6; and because the block of an instance is not
// freed like an array, a reader counts the instance before he reads values inside it.
//
// Foreign code (__eq__, __hash__, finalizers) may change the dict at any such call. The locked
// search starts anew when the table is not what it was, so that what it answers is true until the
// section is next suspended.
//
// Ancestry: CPython's Objects/dictobject.c (_Py_dict_lookup_threadsafe, insertdict, dictresize);
// PEP 703, "Optimistically Avoiding Locking". Departures: dict_keys.h; a missing table is a null
// pointer.
//
// Orderings in this file
//   [table-before-pointer]   a table or an array of values is complete before the pointer to it is
//                            stored (release); readers load the pointer (acquire).
//   [holder-before-values]   who takes the values out of an instance stores `values` (release), then
//                            clears `holder` (release); a reader loads `holder`, then `values` (both
//                            acquire): without a holder he cannot get values inside an instance.
//   [entry-before-index]     dict_keys.h; [increment-before-recheck]: refcount.h.
#pragma once

#include <cstdint>

#include "runtime/containers/dict_keys.h"
#include "runtime/containers/sharing.h"
#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Tuple;

struct Dict : Object {
  Atomic<std::int64_t> used;   // len()
  Atomic<DictKeys*> keys;      // null: empty
  Atomic<DictValues*> values;  // not null if and only if keys is split, but for a moment
  // The instance in which `values` lies; it owns this dict, not the other way round. Else null.
  Atomic<Object*> holder;
};
static_assert(sizeof(Dict) == kHeaderSize + 32);

extern Type dict_type;

[[nodiscard]] inline bool is_dict(const Object& object) {
  return object.type == &dict_type || is_subtype(*object.type, dict_type);
}
[[nodiscard]] inline Borrowed<Dict> as_dict(Borrowed<Object> object) {
  RT_INVARIANT(is_dict(*object), "what is taken for a dict is one");
  return Borrowed<Dict>(static_cast<Dict*>(object.get()));
}

// hash(key); TypeError "cannot use 'list' as a dict key (unhashable type: 'list')".
Result<std::int64_t> hash_of_key(ThreadState& thread, Borrowed<Object> key);

// -- making --
Result<Ref<Dict>> new_dict(ThreadState& thread);
// dict(mapping or iterable of pairs).
Result<Ref<Dict>> new_dict_from(ThreadState& thread, Borrowed<Object> source);
// dict.fromkeys(keys, value).
Result<Ref<Dict>> dict_from_keys(ThreadState& thread, Borrowed<Object> keys,
                                 Borrowed<Object> value);
// A snapshot.
Result<Ref<Dict>> copy_dict(ThreadState& thread, Borrowed<Dict> dict);

// -- single keys; each is one step for other threads if keys are compared without foreign code --
[[nodiscard]] inline std::int64_t dict_size(const Dict& dict) {
  return dict.used.load_relaxed();  // a number that may be out of date when it is looked at
}
// Null: absent. Inline in dict_search.h.
inline Result<Ref<Object>> dict_get(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key);
Result<bool> dict_contains(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key);
Result<Done> dict_set(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key,
                      Borrowed<Object> value);
// The value that was there; null: absent.
Result<Ref<Object>> dict_take(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key);
// del dict[key]; KeyError.
Result<Done> dict_delete(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key);
// dict.pop(key, fallback); KeyError when the fallback is null.
Result<Ref<Object>> dict_pop(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key,
                             Object* fallback);
// dict.popitem(): the newest; KeyError "popitem(): dictionary is empty".
Result<Ref<Tuple>> dict_pop_item(ThreadState& thread, Borrowed<Dict> dict);
// The value that is there afterwards. Of several threads one wins.
Result<Ref<Object>> dict_set_default(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key,
                                     Borrowed<Object> value);

// -- whole dicts; a dict as operand is locked together with the one that changes --
void dict_clear(ThreadState& thread, Borrowed<Dict> dict);
// dict.update(mapping or iterable of pairs).
Result<Done> dict_update(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> source);
Result<bool> dicts_are_equal(ThreadState& thread, Borrowed<Dict> left, Borrowed<Dict> right);

// -- for caches --
// Not 0, and the same as long as no key comes or goes: entry numbers that were found in between hold.
// 0: cannot be cached. Sections as above.
std::uint32_t dict_version(ThreadState& thread, Borrowed<Dict> dict);
// Which entry has the key; -1: none. Valid for as long as the version is.
Result<std::int64_t> dict_entry_of(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> key);
// The value of that entry, without search and lock. Null: the version is another, or it must be
// searched for once.
[[nodiscard]] Ref<Object> dict_get_at(ThreadState& thread, Borrowed<Dict> dict,
                                      std::uint32_t version, std::int64_t entry);

}  // namespace runtime

#include "runtime/containers/dict_search.h"
