// Changing a dict: the steps that its operations are made of, each in a section of the dict.
//
// Not an interface: dict_object.h is. What an operation takes out of a dict is dropped after its
// section has ended, so it declares what holds it (Ref, RetiredTable) before the section.
#pragma once

#include <cstdint>

#include "runtime/containers/dict_search.h"

namespace runtime {

// A table that a dict no longer has, with everything that it owned. Dropped and freed at the end of
// its life, under no lock; readers may be inside until then and after.
class RetiredTable {
 public:
  explicit RetiredTable(ThreadState& thread) : thread_(thread) {}
  ~RetiredTable();
  RetiredTable(const RetiredTable&) = delete;
  RetiredTable& operator=(const RetiredTable&) = delete;

  // Takes everything out of the dict, which is empty then; out of its instance, too, if its values
  // lie in one. In a section of the dict. Needs no memory.
  void take_locked(Dict& dict);

 private:
  void take_from_instance_locked(Dict& dict);

  ThreadState& thread_;
  DictKeys* keys_ = nullptr;
  DictValues* values_ = nullptr;  // of a split table
  bool is_shared_ = false;        // readers may be inside
  // What lay in an instance.
  unsigned loose_count_ = 0;
  Object* loose_[DictValues::kMost];
};

// All of the following: in a section of the dict, and they do not suspend it.

// The table has room for so many further keys, and is combined. False: no memory, nothing changed.
[[nodiscard]] bool make_room_locked(ThreadState& thread, Dict& dict, std::int64_t further);
// A key that is not there. False: no memory.
[[nodiscard]] bool insert_locked(ThreadState& thread, Dict& dict, Borrowed<Object> key,
                                 std::int64_t hash, Borrowed<Object> value);
// `number` is what find_locked() has just answered; `previous` gets the value that was there.
// False: no memory.
[[nodiscard]] bool store_locked(ThreadState& thread, Dict& dict, std::int64_t number,
                                Borrowed<Object> key, std::int64_t hash, Borrowed<Object> value,
                                Ref<Object>* previous);
// Takes key and value of an entry out. False: there is no value in that entry of a split table.
[[nodiscard]] bool remove_locked(ThreadState& thread, Dict& dict, std::int64_t number,
                                 Ref<Object>* key, Ref<Object>* value);
// The entry with the newest key; -1: empty.
[[nodiscard]] std::int64_t newest_locked(Dict& dict);
// The value that an entry has; null: none.
[[nodiscard]] Object* value_locked(Dict& dict, std::int64_t number);

// The values of the dict lie in an instance: from now on it has its own, and the instance none. In
// sections as above. False: no memory.
[[nodiscard]] bool detach_values_locked(ThreadState& thread, Dict& dict);

// Visits the entries in order: visit(hash, key, value), which suspends nothing; until it says false.
template <class Function>
void for_each_locked(Dict& dict, Function&& visit) {
  DictKeys* keys = dict.keys.load_relaxed();  // guarded by the dict's lock, as all that follows
  if (keys == nullptr) return;
  if (keys->is_split) {
    DictValues& values = *dict.values.load_relaxed();
    for (unsigned i = 0; i < values.size; ++i) {
      const std::uint8_t number = values.order()[i];
      DictEntry& entry = keys->entry(number);
      if (!visit(entry.hash, entry.key.load_relaxed(), values.slot(number).load_relaxed())) return;
    }
    return;
  }
  const std::int64_t count = keys->end;
  for (std::int64_t i = 0; i < count; ++i) {
    DictEntry& entry = keys->entry(i);
    Object* key = entry.key.load_relaxed();
    if (key == nullptr) continue;
    if (!visit(entry.hash, key, entry.value.load_relaxed())) return;
  }
}

}  // namespace runtime
