// set and frozenset: members without order, looked up by hash; `in` takes no lock.
//
// A set refers to a table (set_table.h) that writers change under the set's lock and replace when it
// is full; an empty set may have none. A reader without the lock (sharing.h) follows the path of the
// hash through the table that he found. In each place he finds nothing (then the key is not in the
// set), a removed key, or a key; one with the right hash he counts, looks at the place and at the
// set's table again (law 4), and only then compares, which may run foreign code, which may change
// this very set. So after the comparison he looks again: is it still this table, and does the key
// still stand there? If not he begins anew, and after a few attempts under the lock.
//
//   Why "not there" is right without a lock: a place never becomes empty again, and a key that is
//   removed and added again takes a later place on its path. If the key was in the set all the time
//   the reader was under way, then it stood in the table he walks through, at a place on his path
//   before the first empty one (if the table was replaced meanwhile: at that moment it did).
//   Why "there" is right: the key stood in its place in the set's current table when it was looked
//   at again. A key that is the very object asked for needs no counting: its place held it, in the
//   current table or in the one that was current until a moment ago.
//
// A frozenset is complete before anybody else sees it and never changes, so it is read without any of
// this, and its members may be borrowed from whoever holds it. Its hash is remembered; two threads
// that compute it find the same.
//
// What is one step to other threads: add, discard, remove, pop, clear, copy and update with another
// set, as long as members are compared without foreign code.
//
// Ancestry: CPython's Objects/setobject.c; lookup without a lock as there from 3.15 on. Departures:
// tables are never inside the object, removed places are not used again (set_table.h).
#pragma once

#include <cstdint>

#include "runtime/containers/set_table.h"
#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/type.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

struct Set : WeaklyReferable {
  Atomic<SetTable*> table;    // null: empty; written under the lock
  Atomic<std::int64_t> used;  // members; written under the lock
  Atomic<std::int64_t> hash;  // of a frozenset; kNoHash until somebody asked
  // Guarded by the lock.
  std::size_t taken;           // places of the table that are not empty
  std::size_t finger;          // where pop() looks first
  std::uint64_t table_serial;  // of the newest table

  static constexpr std::int64_t kNoHash = -1;
};

extern Type set_type;
extern Type frozenset_type;

[[nodiscard]] inline bool is_frozenset(const Object& object) {
  return object.type == &frozenset_type || is_subtype(*object.type, frozenset_type);
}
// set or frozenset.
[[nodiscard]] inline bool is_any_set(const Object& object) {
  return object.type == &set_type || is_frozenset(object) || is_subtype(*object.type, set_type);
}
[[nodiscard]] inline Borrowed<Set> as_set(Borrowed<Object> object) {
  RT_INVARIANT(is_any_set(*object), "what is taken for a set is one");
  return Borrowed<Set>(static_cast<Set*>(object.get()));
}

// How many members at this moment.
[[nodiscard]] inline std::int64_t set_size(const Set& set) {
  return set.used.load_relaxed();  // one word, which nothing else depends on
}

// MemoryError.
Result<Ref<Set>> new_set(ThreadState& thread);
// set(iterable), frozenset(iterable): an exact frozenset is given back as it is.
Result<Ref<Set>> new_set_of(ThreadState& thread, Borrowed<Object> iterable);
Result<Ref<Set>> new_frozenset_of(ThreadState& thread, Borrowed<Object> iterable);

// TypeError "cannot use 'list' as a set element (unhashable type: 'list')" throughout. A set that is
// asked for is looked up as the frozenset of its members.
Result<bool> set_contains(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key);
Result<Done> set_add(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key);
// True: it was there.
Result<bool> set_discard(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key);
// KeyError(key).
Result<Done> set_remove(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key);
// KeyError "pop from an empty set".
Result<Ref<Object>> set_pop(ThreadState& thread, Borrowed<Set> set);
void set_clear(ThreadState& thread, Borrowed<Set> set);
// Of the same kind; a frozenset of exact type is its own copy.
Result<Ref<Set>> set_copy(ThreadState& thread, Borrowed<Set> set);

// tuple(set), in one step. MemoryError.
Result<Ref<Tuple>> set_to_tuple(ThreadState& thread, Borrowed<Set> set);

// hash(frozenset): the same whatever the order of the members.
[[nodiscard]] std::int64_t hash_of_frozenset(const Set& set);

}  // namespace runtime
