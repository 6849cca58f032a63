#include "runtime/containers/dict_keys.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/base/check.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/laws.h"
#include "runtime/object/refcount.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

unsigned log2_index_bytes_for(unsigned log2_size) {
  // Of 2^8 places at most two thirds lead to entries: their numbers fit into a byte.
  return log2_size <= 8 ? 0 : log2_size <= 16 ? 1 : log2_size <= 32 ? 2 : 3;
}

void set_up(DictKeys& keys, unsigned log2_size, std::uint64_t number, bool is_split) {
  keys.log2_size = static_cast<std::uint8_t>(log2_size);
  keys.log2_index_bytes = static_cast<std::uint8_t>(log2_index_bytes_for(log2_size));
  keys.is_split = is_split;
  keys.number = number;
}

std::size_t bytes_of_table(unsigned log2_size) {
  DictKeys keys{};
  set_up(keys, log2_size, 0, false);
  return keys.bytes();
}

template <class Index, bool is_published>
void store_index(DictKeys& keys, std::size_t place, std::uint64_t index) {
  Atomic<Index>& at = reinterpret_cast<Atomic<Index>*>(&keys + 1)[place];
  if constexpr (is_published) {
    if (RT_MUTANT(dict_index_published_relaxed)) {
      at.store_relaxed(static_cast<Index>(index));
    } else {
      at.store_release(static_cast<Index>(index));  // [entry-before-index]
    }
  } else {
    at.initialize(static_cast<Index>(index));
  }
}

template <bool is_published>
void put_index(DictKeys& keys, std::size_t place, std::uint64_t index) {
  switch (keys.log2_index_bytes) {
    case 0:
      return store_index<std::uint8_t, is_published>(keys, place, index);
    case 1:
      return store_index<std::uint16_t, is_published>(keys, place, index);
    case 2:
      return store_index<std::uint32_t, is_published>(keys, place, index);
    default:
      return store_index<std::uint64_t, is_published>(keys, place, index);
  }
}

// Of a table that only the caller changes.
template <class Index>
bool is_empty_at(DictKeys& keys, std::size_t place) {
  return reinterpret_cast<Atomic<Index>*>(&keys + 1)[place].peek() == DictKeys::kEmpty;
}
std::size_t empty_place_for(DictKeys& keys, std::int64_t hash) {
  PlacesOf places(hash, keys.mask());
  const auto is_empty = keys.log2_index_bytes == 0   ? &is_empty_at<std::uint8_t>
                        : keys.log2_index_bytes == 1 ? &is_empty_at<std::uint16_t>
                        : keys.log2_index_bytes == 2 ? &is_empty_at<std::uint32_t>
                                                     : &is_empty_at<std::uint64_t>;
  while (!is_empty(keys, places.place())) places.next();
  return places.place();
}

}  // namespace

void DictKeys::set_index(std::size_t place, std::uint64_t index) {
  put_index<true>(*this, place, index);
}

void DictKeys::append(std::int64_t hash, Object* key, Object* value) {
  const std::int64_t number_of_entry = entry_count.load_relaxed();  // guarded by the owner's lock
  RT_INVARIANT(number_of_entry < capacity(), "a key is appended where there is room");
  version.store_relaxed(0);  // a cache that looks later sees it with the index, which releases
  DictEntry& entry = this->entry(number_of_entry);
  const std::size_t place = empty_place_for(*this, hash);
  const auto index = static_cast<std::uint64_t>(number_of_entry) + kFirstEntry;
  if (RT_MUTANT(dict_index_before_entry)) {
    set_index(place, index);
    point("dict.index_published");
  }
  entry.hash = hash;
  entry.key.store_relaxed(key);      // [entry-before-index]
  entry.value.store_relaxed(value);  // [entry-before-index]
  point("dict.entry_written");
  if (!RT_MUTANT(dict_index_before_entry)) set_index(place, index);
  end = number_of_entry + 1;
  entry_count.store_release(end);  // [entry-before-index]
}

void DictKeys::append_unpublished(std::int64_t hash, Object* key, Object* value) {
  const std::int64_t number_of_entry = entry_count.peek();
  RT_INVARIANT(number_of_entry < capacity(), "a key is appended where there is room");
  DictEntry& entry = this->entry(number_of_entry);
  entry.hash = hash;
  entry.key.initialize(key);
  entry.value.initialize(value);
  put_index<false>(*this, empty_place_for(*this, hash),
                   static_cast<std::uint64_t>(number_of_entry) + kFirstEntry);
  end = number_of_entry + 1;
  entry_count.initialize(end);
}

void DictKeys::delete_index(std::int64_t number_of_entry) {
  const auto index = static_cast<std::uint64_t>(number_of_entry) + kFirstEntry;
  PlacesOf places(entry(number_of_entry).hash, mask());
  while (index_at(places.place()) != index) places.next();
  version.store_relaxed(0);  // as in append()
  set_index(places.place(), RT_MUTANT(dict_deleted_index_is_empty) ? kEmpty : kDeleted);
}

unsigned log2_size_for(std::int64_t entries) {
  unsigned log2_size = DictKeys::kLeastLog2;
  while (DictKeys::capacity_of(log2_size) < entries) ++log2_size;
  return log2_size;
}

DictKeys* new_dict_keys(ThreadState& thread, unsigned log2_size, std::uint64_t number) {
  if (log2_size > 56) return nullptr;
  auto* keys = static_cast<DictKeys*>(raw_allocate_zeroed(thread, bytes_of_table(log2_size)));
  if (keys != nullptr) set_up(*keys, log2_size, number, false);
  return keys;
}

void DictValues::remove_from_order(std::int64_t index) {
  std::uint8_t* end = order() + size;
  std::uint8_t* at = std::find(order(), end, static_cast<std::uint8_t>(index));
  RT_INVARIANT(at != end, "a slot that was filled has its place in the order");
  std::copy(at + 1, end, at);
  --size;
}

SharedKeys* new_shared_keys(ThreadState& thread, unsigned capacity) {
  RT_INVARIANT(capacity > 0 && capacity <= DictValues::kMost, "as many as instances have room for");
  const unsigned log2_size = log2_size_for(capacity);
  const std::size_t bytes = sizeof(SharedKeys) - sizeof(DictKeys) + bytes_of_table(log2_size);
  auto* shared = static_cast<SharedKeys*>(raw_allocate_zeroed(thread, bytes));
  if (shared == nullptr) return nullptr;
  set_up(shared->keys, log2_size, 0, true);
  shared->references.initialize(1);
  shared->capacity = static_cast<std::uint8_t>(capacity);
  return shared;
}

void let_go(ThreadState& thread, SharedKeys& shared) {
  // Acquire and release: what everybody did with it happens before it is freed.
  if (shared.references.fetch_sub_acq_rel(1) != 1) return;
  const std::int64_t count = shared.keys.entry_count.load_relaxed();  // nobody inserts any more
  for (std::int64_t i = 0; i < count; ++i) {
    decrement(thread, shared.keys.entry(i).key.load_relaxed());
  }
  free_deferred(thread, &shared, shared.bytes());
}

std::int64_t SharedKeys::find(const Str& name, std::int64_t hash) {
  for (PlacesOf places(hash, keys.mask());; places.next()) {
    const std::uint64_t index = keys.index_at(places.place());
    if (index == DictKeys::kEmpty) return -1;
    const auto number = static_cast<std::int64_t>(index - DictKeys::kFirstEntry);
    // Interned names are equal only to themselves. Relaxed: see [entry-before-index].
    if (keys.entry(number).key.load_relaxed() == &name) return number;
  }
}

std::int64_t SharedKeys::find_or_insert(ThreadState& thread, Str& name, std::int64_t hash) {
  const std::int64_t found = find(name, hash);
  if (found >= 0) return found;
  point("shared_keys.not_found");
  LeafSection section(mutex);
  const std::int64_t second = RT_MUTANT(shared_key_inserted_twice) ? -1 : find(name, hash);
  if (second >= 0) return second;                               // somebody was faster
  const std::int64_t number = keys.entry_count.load_relaxed();  // guarded by the mutex
  if (number == capacity) return -1;
  increment(thread, &name);
  keys.append(hash, &name, nullptr);
  return number;
}

}  // namespace runtime
