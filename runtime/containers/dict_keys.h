// The table of a dict: which keys it has, in the order in which they came, and where each stands.
//
// A hash decides where to look in a sparse row of small numbers (the indices); the number found
// there says which entry of a dense row holds hash, key and value. Entries are only ever appended
// and never used again, so an entry belongs to one key for as long as the table exists: who has found
// the key may take the value, without looking at the key once more. A deleted entry keeps its place,
// with key and value null, and the index that led to it says "deleted" for ever; an index that is
// empty becomes the number of an entry once. So a search that comes to an empty index has
// learnt that the key was not there at that moment. A table that is full is replaced as a whole by
// one that holds what is left; it stays as it was and is freed when no reader can be inside.
//
// An insertion writes the entry first and the index last. So who comes by an index finds a complete
// entry behind it, or a deleted one.
//
// Two kinds. A *combined* table belongs to one dict and holds its values. A *split* one belongs to a
// type whose instances have the same attributes (SharedKeys): it holds interned names only, never
// loses one, and the values are in an array of each dict or instance (DictValues).
//
// Not for sets, which have no order and no values.
//
// Ancestry: CPython's PyDictKeysObject and PyDictValues (Objects/dictobject.c), by Raymond
// Hettinger and INADA Naoki; PEP 412 for the shared keys. Departures: the entry is published by its
// index (there the index comes first); an entry that popitem() took is not used again; deleted
// indices are not either.
//
// Orderings in this file
//   [entry-before-index]  a writer stores hash, key and value of an entry, then its index (release),
//                         then the number of entries (release); a reader loads the index or the
//                         number (acquire) and reads the entry behind it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/mutants.h"
#include "runtime/object/object.h"
#include "runtime/threads/mutex.h"

namespace runtime {

class ThreadState;
struct Str;

struct DictEntry {
  std::int64_t hash;      // constant from [entry-before-index] on
  Atomic<Object*> key;    // null once deleted. Combined: owned; split: an interned Str
  Atomic<Object*> value;  // owned; null once deleted. Unused in split tables
};

struct DictKeys {
  static constexpr std::uint64_t kEmpty = 0;
  static constexpr std::uint64_t kDeleted = 1;
  static constexpr std::uint64_t kFirstEntry = 2;  // index of entry n: n + kFirstEntry
#if HEDDLE_SCHEDULED
  static constexpr unsigned kLeastLog2 = 2;  // scenarios fill a table in a few steps
#else
  static constexpr unsigned kLeastLog2 = 3;
#endif

  std::uint8_t log2_size;         // of the indices; constant
  std::uint8_t log2_index_bytes;  // of one index; constant
  bool is_split;                  // constant
  // Of what caches know about this table; 0: nothing they may rely on. Not 0 means that since it was
  // given no key was added or taken away.
  Atomic<std::uint32_t> version;
  // Of the tables of one dict each has its own number, so that who comes back to the same address
  // knows whether it is the same table. Constant.
  std::uint64_t number;
  // Entries in use, deleted ones included. Written by who holds the lock of the table's owner.
  Atomic<std::int64_t> entry_count;
  // No entry from here on holds a key. Guarded by the same lock.
  std::int64_t end;

  [[nodiscard]] std::size_t size() const { return std::size_t{1} << log2_size; }
  [[nodiscard]] std::size_t mask() const { return size() - 1; }
  // How many entries it has room for: two thirds, so that searches end soon.
  [[nodiscard]] static std::int64_t capacity_of(unsigned log2_size) {
    return static_cast<std::int64_t>((std::size_t{2} << log2_size) / 3);
  }
  [[nodiscard]] std::int64_t capacity() const { return capacity_of(log2_size); }
  [[nodiscard]] std::size_t indices_bytes() const {
    // Entries behind them are aligned.
    return ((std::size_t{1} << (log2_size + log2_index_bytes)) + 7) & ~std::size_t{7};
  }
  [[nodiscard]] std::size_t bytes() const {
    return sizeof(DictKeys) + indices_bytes() +
           static_cast<std::size_t>(capacity()) * sizeof(DictEntry);
  }
  [[nodiscard]] DictEntry* entries() {
    return reinterpret_cast<DictEntry*>(reinterpret_cast<char*>(this + 1) + indices_bytes());
  }
  [[nodiscard]] DictEntry& entry(std::int64_t number_of_entry) {
    return entries()[number_of_entry];
  }

  [[nodiscard]] std::uint64_t index_at(std::size_t place) {  // [entry-before-index]
    void* indices = this + 1;
    switch (log2_index_bytes) {
      case 0:
        return static_cast<Atomic<std::uint8_t>*>(indices)[place].load_acquire();
      case 1:
        return static_cast<Atomic<std::uint16_t>*>(indices)[place].load_acquire();
      case 2:
        return static_cast<Atomic<std::uint32_t>*>(indices)[place].load_acquire();
      default:
        return static_cast<Atomic<std::uint64_t>*>(indices)[place].load_acquire();
    }
  }
  void set_index(std::size_t place, std::uint64_t index);

  // Appends a key that is not there yet, with room for it, under the lock of the table's owner. Takes
  // over what it is given.
  void append(std::int64_t hash, Object* key, Object* value);
  // The same for a table that nobody knows yet.
  void append_unpublished(std::int64_t hash, Object* key, Object* value);
  // The index of this entry says "deleted" from now on; key and value are the caller's to take. Under
  // the lock.
  void delete_index(std::int64_t number_of_entry);
};

// Where a search goes after its first place. https://github.com/python/cpython/blob/main/Objects/
// dictobject.c explains why: all bits of the hash get their turn, and every place is visited.
class PlacesOf {
 public:
  PlacesOf(std::int64_t hash, std::size_t mask)
      : perturb_(static_cast<std::size_t>(hash)), mask_(mask), place_(perturb_ & mask) {}
  [[nodiscard]] std::size_t place() const { return place_; }
  void next() {
    perturb_ >>= 5;
    place_ = (place_ * 5 + perturb_ + 1) & mask_;
  }

 private:
  std::size_t perturb_;
  std::size_t mask_;
  std::size_t place_;
};

// The least table with room for so many entries.
[[nodiscard]] unsigned log2_size_for(std::int64_t entries);
// A combined one without entries. Null when out of memory.
[[nodiscard]] DictKeys* new_dict_keys(ThreadState& thread, unsigned log2_size,
                                      std::uint64_t number);

// The values of a dict or an instance with shared keys: value n is that of entry n of the keys.
// Slots are read without a lock; the rest is guarded by the lock of whoever has the values.
struct alignas(8) DictValues {
  // Only of those inside an instance: they are its attributes. Never true again. Read without a lock.
  Atomic<bool> are_valid;
  std::uint8_t capacity;  // constant
  std::uint8_t size;      // how many slots are not null
  // Behind it: `capacity` slots, then `capacity` bytes that say in which order they were filled.

  static constexpr unsigned kMost = 30;

  [[nodiscard]] static std::size_t bytes_for(unsigned capacity) {
    return sizeof(DictValues) + capacity * sizeof(Atomic<Object*>) + ((capacity + 7u) & ~7u);
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_for(capacity); }
  [[nodiscard]] Atomic<Object*>& slot(std::int64_t index) {
    return reinterpret_cast<Atomic<Object*>*>(this + 1)[index];
  }
  [[nodiscard]] std::uint8_t* order() { return reinterpret_cast<std::uint8_t*>(&slot(capacity)); }
  // The slot was null and is being filled.
  void append_to_order(std::int64_t index) { order()[size++] = static_cast<std::uint8_t>(index); }
  // The slot was emptied.
  void remove_from_order(std::int64_t index);
};
static_assert(sizeof(DictValues) == 8);

// The names of the attributes that instances of one type have, and their order. One raw buffer.
// Counted by the type and by each dict that uses it: readers without a lock may be inside when the
// last of them lets go, so it is freed as a replaced array is. The names are counted once, which only
// the build with a GIL notices: interned strs are immortal where there is none.
struct alignas(8) SharedKeys {
  Atomic<std::int64_t> references;
  Mutex mutex;            // a leaf: guards insertions
  std::uint8_t capacity;  // constant
  DictKeys keys;          // must be last: indices and entries follow

  [[nodiscard]] static SharedKeys* of(DictKeys* split) {
    return reinterpret_cast<SharedKeys*>(reinterpret_cast<char*>(split) -
                                         offsetof(SharedKeys, keys));
  }
  [[nodiscard]] std::size_t bytes() const {
    return sizeof(SharedKeys) - sizeof(DictKeys) + keys.bytes();
  }
  // Which value belongs to an interned name; -1: none. Locks nothing: names stay.
  [[nodiscard]] std::int64_t find(const Str& name, std::int64_t hash);
  // The same, and a new one if there is none yet and there is room.
  [[nodiscard]] std::int64_t find_or_insert(ThreadState& thread, Str& name, std::int64_t hash);
};

// For up to `capacity` names, 1 .. kMost; one reference. Null when out of memory.
[[nodiscard]] SharedKeys* new_shared_keys(ThreadState& thread, unsigned capacity);
inline void keep(SharedKeys& shared) {
  shared.references.fetch_add_relaxed(1);  // the caller's reference keeps it
}
void let_go(ThreadState& thread, SharedKeys& shared);

}  // namespace runtime
