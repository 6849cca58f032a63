// dict.keys(), dict.values(), dict.items(): windows on a dict, and the iterators over them.
//
// A view holds the dict and nothing else. An iterator holds the dict, how many keys it had, and a
// place: the number of the next entry to look at. It reads without a lock, entry by entry, as
// dict_get() does; values of a split table are read in a section. Each step compares the number of
// keys with that of the beginning, so whoever iterates while keys come and go is told; while other
// threads do that at the same moment an iterator may also end early or be told without need, but it
// never gives out what was not in the dict.
//
// Several threads may share an iterator. Who takes a step moves the place on by one
// compare-and-exchange; who was slower gives out what the other gave out. "Exhausted" and "changed"
// are values of the place that no late store replaces.
//
// Ancestry: CPython's dictiter_iternext_threadsafe (Objects/dictobject.c). Departure: the iterator
// keeps its dict until it ends itself.
#pragma once

#include <cstdint>

#include "runtime/containers/dict_object.h"

namespace runtime {

enum class DictPart : std::uint8_t { kKeys, kValues, kItems };

struct DictView : Object {
  Dict* dict;  // owned, constant
};

extern Type dict_keys_type;
extern Type dict_values_type;
extern Type dict_items_type;

Result<Ref<Object>> new_dict_view(ThreadState& thread, Borrowed<Dict> dict, DictPart part);
// A view of any part.
[[nodiscard]] bool is_dict_view(const Object& object);

struct DictIterator : Object {
  static constexpr std::int64_t kExhausted = -1;
  static constexpr std::int64_t kChanged = -2;

  Dict* dict;         // owned, constant
  DictPart part;      // constant
  bool is_reversed;   // constant
  std::int64_t used;  // keys at the beginning; constant
  Object* result;     // for items: the pair that is given out again if nobody has it; constant
  Atomic<std::int64_t> place;  // of the next entry to look at, or one of the above
  Atomic<std::int64_t> left;   // keys not yet given out
};

extern Type dict_key_iterator_type;
extern Type dict_value_iterator_type;
extern Type dict_item_iterator_type;
extern Type dict_reverse_key_iterator_type;
extern Type dict_reverse_value_iterator_type;
extern Type dict_reverse_item_iterator_type;

enum class Direction : bool { kForward, kReversed };
Result<Ref<Object>> new_dict_iterator(ThreadState& thread, Borrowed<Dict> dict, DictPart part,
                                      Direction direction);
// iterator.__length_hint__().
[[nodiscard]] std::int64_t length_hint(const DictIterator& iterator);

// What list(dict.keys()) and its like make: all at one moment.
Result<Ref<Tuple>> dict_part_as_tuple(ThreadState& thread, Borrowed<Dict> dict, DictPart part);
Result<Ref<Tuple>> dict_view_as_tuple(ThreadState& thread, Borrowed<Object> view);

}  // namespace runtime
