// What is done to a set inside its section: looking up, inserting, removing, replacing the table.
//
// The functions ending in _locked want the newest section of the thread to be one of that set (a
// frozenset has no section: it is read as it is). Those that return Result compare members, so the
// section may be suspended on the way; when they return, what they say holds until it is suspended
// next. The others suspend nothing. None drops a reference: what a set gives up moves into a
// LooseTable, a SetSnapshot or a Ref that begins before the section and so ends after it.
//
// For the files of the set alone.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "runtime/containers/set_object.h"
#include "runtime/containers/sharing.h"
#include "runtime/object/object_section.h"

namespace runtime {

// The section of one set or of two, as far as they can change. Notes who has come (sharing.h).
class SetSection {
 public:
  SetSection(ThreadState& thread, Borrowed<Set> set);
  SetSection(ThreadState& thread, Borrowed<Set> one, Borrowed<Set> another);

 private:
  std::optional<ObjectSection> one_;
  std::optional<ObjectSection2> both_;
};

// Where a key stands, or would.
struct SetPlace {
  SetTable* table;    // null: the set has none
  std::size_t place;  // if `is_there` that of the key, else an empty one
  bool is_there;
};
Result<SetPlace> find_locked(ThreadState& thread, Set& set, Object* key, std::int64_t hash);

// Puts a key where find_locked has just not found it. Takes a reference of its own. False, and
// nothing has changed: no memory.
[[nodiscard]] bool insert_locked(ThreadState& thread, Set& set, const SetPlace& at, Object* key,
                                 std::int64_t hash);
// Makes room for so many more members at once. False: no memory.
[[nodiscard]] bool make_room_locked(ThreadState& thread, Set& set, std::size_t more);
// Takes the key out of where find_locked has just found it.
[[nodiscard]] Ref<Object> remove_locked(Set& set, const SetPlace& at);

// Compares what needs no foreign code: two str or two int of exact type. `equal` is valid on true.
[[nodiscard]] bool compare_natively(const Object& left, const Object& right, bool* equal);

// A table that belongs to no set yet or no more, with the references in it. Ends where nothing is
// locked.
class LooseTable {
 public:
  explicit LooseTable(ThreadState& thread) : thread_(thread) {}
  ~LooseTable();
  LooseTable(const LooseTable&) = delete;
  LooseTable& operator=(const LooseTable&) = delete;

  // Has room for so many keys. False: no memory.
  [[nodiscard]] bool begin(std::size_t keys);
  // One more key, unlike all others in it. Takes a reference of its own.
  void insert(Object* key, std::int64_t hash);
  // begin() and insert() everything in `set`.
  [[nodiscard]] bool copy_locked(const Set& set);

  // The set gets this table, and this gets the set's, in one step: no reader finds neither. An empty
  // one empties the set.
  void exchange_locked(Set& set);

 private:
  ThreadState& thread_;
  SetTable* table_ = nullptr;
  std::size_t keys_ = 0;
  bool has_readers_ = false;  // a reader without a lock may still be inside
};

// The members of a set at one moment, with a reference to each. Ends where nothing is locked.
class SetSnapshot {
 public:
  struct Item {
    Object* key;
    std::int64_t hash;
    Object* removed;  // null, or a reference that is to be dropped with the snapshot
  };

  explicit SetSnapshot(ThreadState& thread) : thread_(thread) {}
  ~SetSnapshot();
  SetSnapshot(const SetSnapshot&) = delete;
  SetSnapshot& operator=(const SetSnapshot&) = delete;

  // Once. False: no memory.
  [[nodiscard]] bool take_locked(const Set& set);
  [[nodiscard]] std::span<Item> items() { return {items_, count_}; }

 private:
  ThreadState& thread_;
  Item* items_ = nullptr;
  std::size_t count_ = 0;
  std::size_t capacity_ = 0;
};

// Untracked: for who fills it before anybody can see it. Null: no memory.
[[nodiscard]] Ref<Set> allocate_set(ThreadState& thread, Type& type);

// set_contains and set_add with the hash of the key, by whoever knows it. Without a section.
Result<bool> contains_hashed(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key,
                             std::int64_t hash);
Result<Done> add_hashed(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> key,
                        std::int64_t hash);

// hash(key), with the message that a set has for what is unhashable.
Result<std::int64_t> hash_of_element(ThreadState& thread, Borrowed<Object> key);

}  // namespace runtime
