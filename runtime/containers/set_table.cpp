#include "runtime/containers/set_table.h"

#include "runtime/memory/raw_heap.h"
#include "runtime/object/singletons.h"

namespace runtime {

constinit Object removed_key(&none_type);

std::size_t places_for(std::size_t keys) {
  std::size_t places = SetTable::kLeastPlaces;
  while (places <= keys) places *= 2;
  return places;
}

std::size_t places_for_copy(std::size_t keys) {
  return is_crowded(keys, SetTable::kLeastPlaces - 1) ? places_for(keys * 2)
                                                      : SetTable::kLeastPlaces;
}

SetTable* allocate_set_table(ThreadState& thread, std::size_t places) {
  if (places > (PTRDIFF_MAX - sizeof(SetTable)) / sizeof(SetEntry)) return nullptr;
  auto* table = static_cast<SetTable*>(raw_allocate_zeroed(thread, SetTable::bytes_for(places)));
  if (table != nullptr) table->mask = places - 1;
  return table;
}

void insert_clean(SetTable& table, Object* key, std::int64_t hash) {
  SetPath path(hash, table.mask);
  while (table.entries[path.place()].key.peek() != nullptr) path.next();
  SetEntry& entry = table.entries[path.place()];
  entry.hash.initialize(hash);
  entry.key.initialize(key);
}

}  // namespace runtime
