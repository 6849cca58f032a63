// Dicts made of dicts and of pairs: copy, update, fromkeys, and whether two are equal.
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_change.h"
#include "runtime/containers/dict_protocol.h"
#include "runtime/containers/dict_snapshot.h"
#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/object/values.h"

namespace runtime {

DictSnapshot::~DictSnapshot() {
  for (std::size_t i = 0; i < count_; ++i) items_[i].~DictItem();
  if (items_ != nullptr) raw_free(thread_, items_, capacity_ * sizeof(DictItem));
}

bool DictSnapshot::take_locked(Dict& dict) {
  RT_INVARIANT(holds_section(thread_, &dict), "who takes a snapshot has the dict's section");
  capacity_ = static_cast<std::size_t>(dict_size(dict));
  if (capacity_ == 0) return true;
  items_ = static_cast<DictItem*>(raw_allocate(thread_, capacity_ * sizeof(DictItem)));
  if (items_ == nullptr) return false;
  for_each_locked(dict, [&](std::int64_t hash, Object* key, Object* value) {
    RT_INVARIANT(count_ < capacity_, "a dict has as many items as it says");
    new (&items_[count_++]) DictItem{hash, Ref<Object>::share(thread_, Borrowed(key)),
                                     Ref<Object>::share(thread_, Borrowed(value)), nullptr};
    return true;
  });
  return true;
}

namespace {

// The keys of `source`, each with its value or with `value` if that is not null.
Result<Ref<Dict>> copy_with(ThreadState& thread, Borrowed<Dict> source, Object* value) {
  TRY_ASSIGN(Ref<Dict> made, new_dict(thread));
  {
    ObjectSection section(thread, source);
    note_access_locked(thread, source.get());
    const std::int64_t used = dict_size(*source);
    if (used == 0) return made;
    DictKeys* keys = new_dict_keys(thread, log2_size_for(used), 1);
    if (keys != nullptr) {
      for_each_locked(*source, [&](std::int64_t hash, Object* key, Object* its_value) {
        Object* kept = value == nullptr ? its_value : value;
        increment(thread, key);
        increment(thread, kept);
        keys->append_unpublished(hash, key, kept);
        return true;
      });
      made->keys.store_release(keys);  // [table-before-pointer]
      made->used.store_relaxed(used);
      return made;
    }
  }
  return raise_out_of_memory(thread);
}

Result<Done> update_from_dict(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Dict> source) {
  if (dict.get() == source.get()) return Done{};
  DictSnapshot snapshot(thread);
  if (RT_MUTANT(dict_updated_in_two_steps)) {
    ObjectSection section(thread, source);
    if (!snapshot.take_locked(*source)) return raise_out_of_memory(thread);
  }
  {
    ObjectSection2 section(thread, dict, source);
    note_access_locked(thread, dict.get());
    note_access_locked(thread, source.get());
    const DictKeys* keys = dict->keys.load_relaxed();  // guarded by the dict's lock
    const bool has_room = (keys != nullptr && keys->is_split) || dict_size(*source) == 0 ||
                          make_room_locked(thread, *dict, dict_size(*source));
    if (has_room && (RT_MUTANT(dict_updated_in_two_steps) || snapshot.take_locked(*source))) {
      for (DictItem& item : snapshot.items()) {
        TRY_ASSIGN(std::int64_t number, find_locked(thread, *dict, item.key, item.hash));
        // What was there before is dropped with the snapshot.
        if (!store_locked(thread, *dict, number, item.key, item.hash, item.value, &item.other)) {
          break;
        }
        if (&item == &snapshot.items().back()) return Done{};
      }
      if (snapshot.items().empty()) return Done{};
    }
  }
  return raise_out_of_memory(thread);
}

// The items of an element that should be a pair.
struct Pair {
  Ref<Object> key;
  Ref<Object> value;
};
Result<Pair> unpack_pair(ThreadState& thread, Borrowed<Object> element, std::int64_t index) {
  Pair pair;
  std::int64_t length = 0;
  if (element->type == &tuple_type) {
    Borrowed<Tuple> tuple = as_tuple(element);
    length = tuple->size;
    if (length == 2) {
      pair.key = Ref<Object>::share(thread, tuple->at(0));
      pair.value = Ref<Object>::share(thread, tuple->at(1));
    }
  } else {
    Result<Ref<Object>> iterator = get_iterator(thread, element);
    if (iterator.is_raised()) {
      Raised raised = std::move(iterator).raised();
      if (!matches(raised, type_error_type)) return raised;
      return raise_text(thread, type_error_type, "object is not iterable");
    }
    for (;; ++length) {
      TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator.value()));
      if (!item) break;
      if (length == 0) pair.key = std::move(item);
      if (length == 1) pair.value = std::move(item);
    }
  }
  if (length == 2) return pair;
  return raise(thread, value_error_type,
               "dictionary update sequence element #{} has length {}; 2 is required", index,
               length);
}

Result<Done> update_from_pairs(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> source) {
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, source));
  for (std::int64_t index = 0;; ++index) {
    TRY_ASSIGN(Ref<Object> element, next_of(thread, iterator));
    if (!element) return Done{};
    TRY_ASSIGN(Pair pair, unpack_pair(thread, element, index));
    TRY(dict_set(thread, dict, pair.key, pair.value));
  }
}

// dict[key] = source[key] for each of the keys.
Result<Done> update_from_mapping(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> source,
                                 Borrowed<Object> keys) {
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, keys));
  for (;;) {
    TRY_ASSIGN(Ref<Object> key, next_of(thread, iterator));
    if (!key) return Done{};
    TRY_ASSIGN(Ref<Object> value, get_item(thread, source, key));
    TRY(dict_set(thread, dict, key, value));
  }
}

}  // namespace

Result<Ref<Dict>> copy_dict(ThreadState& thread, Borrowed<Dict> dict) {
  return copy_with(thread, dict, nullptr);
}

Result<Done> dict_update(ThreadState& thread, Borrowed<Dict> dict, Borrowed<Object> source) {
  // A derived type that iterates in its own way is asked like any other mapping.
  if (is_dict(*source) && protocol_of(source).iterate == dict_protocol.iterate) {
    return update_from_dict(thread, dict, as_dict(source));
  }
  if (const auto keys_of = Values::of(thread).hooks().keys_of) {
    TRY_ASSIGN(Ref<Object> keys, keys_of(thread, source));
    if (keys) return update_from_mapping(thread, dict, source, keys);
  }
  return update_from_pairs(thread, dict, source);
}

Result<Ref<Dict>> new_dict_from(ThreadState& thread, Borrowed<Object> source) {
  if (is_dict(*source)) return copy_dict(thread, as_dict(source));
  TRY_ASSIGN(Ref<Dict> made, new_dict(thread));
  TRY(update_from_pairs(thread, made, source));
  return made;
}

Result<Ref<Dict>> dict_from_keys(ThreadState& thread, Borrowed<Object> keys,
                                 Borrowed<Object> value) {
  if (is_dict(*keys)) return copy_with(thread, as_dict(keys), value.get());
  TRY_ASSIGN(Ref<Dict> made, new_dict(thread));
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, keys));
  for (;;) {
    TRY_ASSIGN(Ref<Object> key, next_of(thread, iterator));
    if (!key) return made;
    TRY(dict_set(thread, made, key, value));
  }
}

Result<bool> dicts_are_equal(ThreadState& thread, Borrowed<Dict> left, Borrowed<Dict> right) {
  DictSnapshot snapshot(thread);
  {
    ObjectSection2 section(thread, left, right);
    note_access_locked(thread, left.get());
    note_access_locked(thread, right.get());
    if (dict_size(*left) != dict_size(*right)) return false;
    if (snapshot.take_locked(*left)) {
      for (DictItem& item : snapshot.items()) {
        TRY_ASSIGN(std::int64_t number, find_locked(thread, *right, item.key, item.hash));
        Object* value = number < 0 ? nullptr : value_locked(*right, number);
        if (value == nullptr) return false;
        item.other = Ref<Object>::share(thread, Borrowed(value));
        TRY_ASSIGN(bool are_same, are_equal(thread, item.other, item.value));
        if (!are_same) return false;
      }
      return true;
    }
  }
  return raise_out_of_memory(thread);
}

}  // namespace runtime
