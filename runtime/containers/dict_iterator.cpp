#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_change.h"
#include "runtime/containers/dict_view.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

DictIterator& as_iterator(Borrowed<Object> object) {
  return *static_cast<DictIterator*>(object.get());
}

// One step: the entry at which an iterator stops, and what it found there.
struct Step {
  Search search = Search::kAbsent;  // kAbsent: the end
  std::int64_t at = 0;
  Ref<Object> key;
  Ref<Object> value;
};

// The first number from `place` on, in the iterator's direction, for which has(number); below 0 or
// not below `count`: none.
template <class Has>
std::int64_t seek(const DictIterator& iterator, std::int64_t place, std::int64_t count, Has&& has) {
  if (iterator.is_reversed) {
    if (place >= count) return -1;  // the table was replaced by a shorter one
    while (place >= 0 && !has(place)) --place;
  } else {
    while (place < count && !has(place)) ++place;
  }
  return place;
}

Step step_without_lock(ThreadState& thread, const DictIterator& iterator, std::int64_t place) {
  Step step;
  Dict& dict = *iterator.dict;
  DictKeys* keys = dict.keys.load_acquire();  // [table-before-pointer]
  if (keys == nullptr) return step;
  step.search = Search::kChanged;
  if (keys->is_split) return step;
  const std::int64_t count = keys->entry_count.load_acquire();  // [entry-before-index]
  Object* key = nullptr;
  Object* value = nullptr;
  step.at = seek(iterator, place, count, [&](std::int64_t number) {
    DictEntry& entry = keys->entry(number);
    key = entry.key.load_acquire();
    value = entry.value.load_acquire();
    return key != nullptr && value != nullptr;
  });
  if (step.at < 0 || step.at >= count) {
    step.search = Search::kAbsent;
    return step;
  }
  point("dict.iterator_have_entry");
  DictEntry& entry = keys->entry(step.at);
  // Each is given back when the other cannot be counted: under no lock.
  if (iterator.part != DictPart::kValues) {
    if (!try_increment_from(thread, entry.key, key, dict.keys, keys)) return step;
    step.key = Ref<Object>::adopt(key);
  }
  if (iterator.part != DictPart::kKeys) {
    if (!try_increment_from(thread, entry.value, value, dict.keys, keys)) return step;
    step.value = Ref<Object>::adopt(value);
  }
  step.search = Search::kFound;
  return step;
}

Step step_locked(ThreadState& thread, const DictIterator& iterator, std::int64_t place) {
  Step step;
  Dict& dict = *iterator.dict;
  ObjectSection section(thread, Borrowed<Dict>(&dict));
  note_access_locked(thread, &dict);
  DictKeys* keys = dict.keys.load_relaxed();  // guarded by the dict's lock, as all that follows
  if (keys == nullptr) return step;
  Object* key;
  Object* value;
  if (keys->is_split) {
    DictValues& values = *dict.values.load_relaxed();
    step.at = seek(iterator, place, values.size, [](std::int64_t) { return true; });
    if (step.at < 0 || step.at >= values.size) return step;
    const std::uint8_t number = values.order()[step.at];
    key = keys->entry(number).key.load_relaxed();
    value = values.slot(number).load_relaxed();
  } else {
    const std::int64_t count = keys->entry_count.load_relaxed();
    step.at = seek(iterator, place, count, [&](std::int64_t number) {
      return keys->entry(number).key.load_relaxed() != nullptr;
    });
    if (step.at < 0 || step.at >= count) return step;
    key = keys->entry(step.at).key.load_relaxed();
    value = keys->entry(step.at).value.load_relaxed();
  }
  set_maybe_weak(key);  // the next reader need not lock
  set_maybe_weak(value);
  step.key = Ref<Object>::share(thread, Borrowed(key));
  step.value = Ref<Object>::share(thread, Borrowed(value));
  step.search = Search::kFound;
  return step;
}

// The last word on an iterator, exhausted or changed: no late step replaces it.
void finish(DictIterator& iterator, std::int64_t state) { iterator.place.store_relaxed(state); }

// Moves on from `place`; the place is a number and says nothing about what stands there: relaxed.
// False: more keys than there were.
bool advance(const ThreadState& thread, DictIterator& iterator, std::int64_t place,
             std::int64_t at) {
  const std::int64_t next = iterator.is_reversed ? at - 1 : at + 1;
  // Not: who holds the only reference. It may be that of an iterator that others use too.
  const bool is_alone = thread.is_alone() && iterator.place.load_relaxed() == place;
  if (is_alone || RT_MUTANT(dict_iterator_comes_back)) {
    iterator.place.store_relaxed(next);
  } else {
    std::int64_t expected = place;
    // Another thread took this step, too, and was faster: it counts it.
    if (!iterator.place.compare_exchange_relaxed(expected, next)) return true;
  }
  const std::int64_t left = iterator.left.fetch_add_relaxed(-1);
  return left > 0;
}

Result<Ref<Object>> give_item(ThreadState& thread, DictIterator& iterator, Step step) {
  Tuple& pair = static_cast<Tuple&>(*iterator.result);
  if (try_reuse(thread, pair)) {
    Ref<Object> given = Ref<Object>::share(thread, Borrowed<Object>(&pair));
    Ref<Object> old_key = exchange_item(pair, 0, std::move(step.key));
    Ref<Object> old_value = exchange_item(pair, 1, std::move(step.value));
    return given;
  }
  Ref<Object> items[2] = {std::move(step.key), std::move(step.value)};
  return new_tuple_taking(thread, items);
}

Result<Ref<Object>> next_step(ThreadState& thread, Borrowed<Object> object) {
  DictIterator& iterator = as_iterator(object);
  const std::int64_t place = iterator.place.load_relaxed();  // see advance()
  if (place == DictIterator::kExhausted) return Ref<Object>(nullptr);
  if (place == DictIterator::kChanged || dict_size(*iterator.dict) != iterator.used) {
    finish(iterator, DictIterator::kChanged);
    return raise_text(thread, runtime_error_type, "dictionary changed size during iteration");
  }
  point("iterator.have_place");
  Step step;
  step.search = Search::kChanged;
  if (reads_without_lock(thread, iterator.dict)) {
    step = step_without_lock(thread, iterator, place);
  }
  if (step.search == Search::kChanged) step = step_locked(thread, iterator, place);
  if (step.search == Search::kAbsent) {
    finish(iterator, DictIterator::kExhausted);
    return Ref<Object>(nullptr);
  }
  if (!advance(thread, iterator, place, step.at)) {
    finish(iterator, DictIterator::kExhausted);
    return raise_text(thread, runtime_error_type, "dictionary keys changed during iteration");
  }
  switch (iterator.part) {
    case DictPart::kKeys:
      return std::move(step.key);
    case DictPart::kValues:
      return std::move(step.value);
    default:
      return give_item(thread, iterator, std::move(step));
  }
}

void release_iterator(Object* object, DroppedFields& dropped) {
  auto* iterator = static_cast<DictIterator*>(object);
  dropped.take(iterator->result);
  if (Dict* dict = std::exchange(iterator->dict, nullptr)) {
    Object* owned = dict;
    dropped.take(owned);
  }
}

void traverse_iterator(Object* object, Visit visit, void* context) {
  auto* iterator = static_cast<DictIterator*>(object);
  if (iterator->dict != nullptr) visit(context, iterator->dict);
  if (iterator->result != nullptr) visit(context, iterator->result);
}

constexpr Protocol kIteratorProtocol{
    .iterate = &iterate_itself,
    .next = &next_step,
};

constexpr TypeSlots iterator_slots(const char* name) {
  return TypeSlots{
      .name = name,
      .size = sizeof(DictIterator),
      .heap = HeapKind::kCollected,
      .release_fields = &release_iterator,
      .traverse = &traverse_iterator,
      .protocol = &kIteratorProtocol,
  };
}

}  // namespace

constinit Type dict_key_iterator_type(iterator_slots("dict_keyiterator"));
constinit Type dict_value_iterator_type(iterator_slots("dict_valueiterator"));
constinit Type dict_item_iterator_type(iterator_slots("dict_itemiterator"));
constinit Type dict_reverse_key_iterator_type(iterator_slots("dict_reversekeyiterator"));
constinit Type dict_reverse_value_iterator_type(iterator_slots("dict_reversevalueiterator"));
constinit Type dict_reverse_item_iterator_type(iterator_slots("dict_reverseitemiterator"));

Result<Ref<Object>> new_dict_iterator(ThreadState& thread, Borrowed<Dict> dict, DictPart part,
                                      Direction direction) {
  static constexpr Type* kTypes[2][3] = {
      {&dict_key_iterator_type, &dict_value_iterator_type, &dict_item_iterator_type},
      {&dict_reverse_key_iterator_type, &dict_reverse_value_iterator_type,
       &dict_reverse_item_iterator_type}};
  const bool is_reversed = direction == Direction::kReversed;
  Type& type = *kTypes[is_reversed][static_cast<unsigned>(part)];
  Ref<DictIterator> made = new_object<DictIterator>(thread, type);
  if (!made) return raise_out_of_memory(thread);
  if (part == DictPart::kItems) {
    Borrowed<Object> nothing(&none_object);
    TRY_ASSIGN(Ref<Tuple> pair, new_tuple(thread, {nothing, nothing}));
    made->result = pair.release();
  }
  made->part = part;
  made->is_reversed = is_reversed;
  {
    ObjectSection section(thread, dict);
    note_access_locked(thread, dict.get());
    const std::int64_t used = dict_size(*dict);
    made->used = used;
    made->left.initialize(used);
    if (is_reversed) {
      DictKeys* keys = dict->keys.load_relaxed();  // guarded by the dict's lock
      const std::int64_t count = keys == nullptr  ? 0
                                 : keys->is_split ? used
                                                  : keys->entry_count.load_relaxed();
      made->place.initialize(count - 1);  // kExhausted if it is empty
    }
  }
  made->dict = Ref<Dict>::share(thread, dict).release();
  track(made.get());
  return made;
}

std::int64_t length_hint(const DictIterator& iterator) {
  // A hint: relaxed.
  const bool goes_on = iterator.place.load_relaxed() >= 0;
  const bool is_same = dict_size(*iterator.dict) == iterator.used;
  const std::int64_t left = iterator.left.load_relaxed();
  return goes_on && is_same && left > 0 ? left : 0;
}

}  // namespace runtime
