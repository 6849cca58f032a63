// The table of a set: open addressing, and entries that are written once.
//
// A key stands at the first free place on a path through the table that its hash decides: ten places
// in a row, which are likely in one cache line or two, then a jump that uses more bits of the hash. A
// place goes from empty to its key, and from its key to "removed"; nothing is ever stored there
// again. New keys take empty places only, and when three fifths of the places are no longer empty
// the set makes a new table of the keys it still has. So whoever reads without a lock finds in a
// place what belonged to the set, and the hash beside a key is the hash of that key: it is stored
// before the key and stays. A path always ends, at an empty place.
//
// The table lies in a block of its own, even a small one. A small table inside the object would save
// an allocation, but it would have to be emptied and filled again while readers are inside, so that
// neither of the rules above would hold.
//
// Not for who reads or changes it: set_object.cpp (readers), set_locked.h (writers).
//
// Ancestry: CPython's Objects/setobject.c (setentry, set_lookkey, set_insert_clean), from which the
// path, and so the order of iteration, is taken. Departures: no table inside the object; the serial.
//
// Orderings, cited at both ends
//   [hash-before-key]      an entry's hash is stored, then its key with release; a reader loads the
//                          key with acquire, then the hash.
//   [table-before-set]     a table is complete when the set's pointer to it is stored with release;
//                          a reader loads the pointer with acquire.
//   [removed-before-drop]  a key is overwritten before its reference is dropped: the writer's end
//                          of [increment-before-recheck] (refcount.h).
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/object/object.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

// Stands where a key was removed. Static, so a reader who counts it does no harm.
extern Object removed_key;

[[nodiscard]] inline bool is_key(const Object* entry) {
  return entry != nullptr && entry != &removed_key;
}

struct SetEntry {
  Atomic<Object*> key;        // null: empty; owned by the table
  Atomic<std::int64_t> hash;  // of the key
};

struct SetTable {
  std::size_t mask;      // places - 1; places are a power of two
  std::uint64_t serial;  // no other table of its set has it: tells a new table in an old block
  SetEntry entries[1];

  static constexpr std::size_t kLeastPlaces = 8;

  static constexpr std::size_t bytes_for(std::size_t places) {
    return sizeof(SetTable) + (places - 1) * sizeof(SetEntry);
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_for(mask + 1); }
};

// How many places for so many keys, and as many more as its growth foresees.
[[nodiscard]] std::size_t places_for(std::size_t keys);
// The places of a table that is filled at once with so many keys.
[[nodiscard]] std::size_t places_for_copy(std::size_t keys);
// With so many places taken the table has to be replaced.
[[nodiscard]] inline bool is_crowded(std::size_t taken, std::size_t mask) {
  return taken * 5 >= mask * 3;
}

// Empty, and nobody's. Null when out of memory.
[[nodiscard]] SetTable* allocate_set_table(ThreadState& thread, std::size_t places);
// Into a table that nobody can know yet, that has room and no equal key. Takes the caller's
// reference over.
void insert_clean(SetTable& table, Object* key, std::int64_t hash);

// The path of one hash.
class SetPath {
 public:
  SetPath(std::int64_t hash, std::size_t mask)
      : mask_(mask), rest_(static_cast<std::size_t>(hash)), start_(rest_ & mask), place_(start_) {
    row_ends_ = end_of_row();
  }
  [[nodiscard]] std::size_t place() const { return place_; }
  void next() {
    if (place_ < row_ends_) {
      ++place_;
      return;
    }
    rest_ >>= kJumpBits;
    start_ = (start_ * 5 + 1 + rest_) & mask_;
    place_ = start_;
    row_ends_ = end_of_row();
  }

 private:
  static constexpr std::size_t kRow = 9;
  static constexpr unsigned kJumpBits = 5;

  // A row does not wrap around.
  [[nodiscard]] std::size_t end_of_row() const {
    return start_ + kRow <= mask_ ? start_ + kRow : start_;
  }

  const std::size_t mask_;
  std::size_t rest_;
  std::size_t start_;
  std::size_t place_;
  std::size_t row_ends_;
};

}  // namespace runtime
