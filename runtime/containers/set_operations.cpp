#include "runtime/containers/set_operations.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/items_at_once.h"
#include "runtime/containers/set_locked.h"
#include "runtime/object/exception_object.h"

namespace runtime {

namespace {

Type& type_like(const Set& set) { return is_frozenset(set) ? frozenset_type : set_type; }

// -- In the section of the sets concerned; each may suspend it. --

Result<Done> merge_locked(ThreadState& thread, Set& set, SetSnapshot& added) {
  if (!make_room_locked(thread, set, added.items().size())) return raise_out_of_memory(thread);
  for (const SetSnapshot::Item& item : added.items()) {
    TRY_ASSIGN(SetPlace at, find_locked(thread, set, item.key, item.hash));
    if (at.is_there) continue;
    if (!insert_locked(thread, set, at, item.key, item.hash)) return raise_out_of_memory(thread);
  }
  return Done();
}

// Removes what is in both and adds what is in `other` alone.
Result<Done> toggle_locked(ThreadState& thread, Set& set, SetSnapshot& other) {
  for (SetSnapshot::Item& item : other.items()) {
    TRY_ASSIGN(SetPlace at, find_locked(thread, set, item.key, item.hash));
    if (at.is_there) {
      item.removed = remove_locked(set, at).release();
    } else if (!insert_locked(thread, set, at, item.key, item.hash)) {
      return raise_out_of_memory(thread);
    }
  }
  return Done();
}

// Puts into `chosen` what of `walked` is, or is not, in `asked`.
Result<Done> choose_locked(ThreadState& thread, SetSnapshot& walked, Set& asked, bool is_in,
                           LooseTable& chosen) {
  if (!chosen.begin(walked.items().size())) return raise_out_of_memory(thread);
  for (const SetSnapshot::Item& item : walked.items()) {
    TRY_ASSIGN(SetPlace at, find_locked(thread, asked, item.key, item.hash));
    if (at.is_there == is_in) chosen.insert(item.key, item.hash);
  }
  return Done();
}

// What both have. The smaller one is walked.
Result<Done> intersect_locked(ThreadState& thread, Set& set, Set& other, SetSnapshot& walked,
                              LooseTable& common) {
  const bool walks_other = set_size(other) <= set_size(set);
  if (!walked.take_locked(walks_other ? other : set)) return raise_out_of_memory(thread);
  return choose_locked(thread, walked, walks_other ? set : other, true, common);
}

// True if each of `walked` is, or if none is, in `asked`.
Result<bool> all_locked(ThreadState& thread, SetSnapshot& walked, Set& asked, bool is_in) {
  for (const SetSnapshot::Item& item : walked.items()) {
    TRY_ASSIGN(SetPlace at, find_locked(thread, asked, item.key, item.hash));
    if (at.is_there != is_in) return false;
  }
  return true;
}

// -- Without a section --

// Calls step(item) -> Result<bool> for each item of something iterable, until it says false; then
// this says false.
template <class Step>
Result<bool> for_each_item(ThreadState& thread, Borrowed<Object> iterable, Step&& step) {
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, iterable));
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) return true;
    TRY_ASSIGN(bool goes_on, step(Borrowed<Object>(item)));
    if (!goes_on) return false;
  }
}

// A set or frozenset with what is in `table`, which nobody else can see yet.
Result<Ref<Set>> begin_set(ThreadState& thread, Type& type, LooseTable& table) {
  Ref<Set> set = allocate_set(thread, type);
  if (!set) return raise_out_of_memory(thread);
  SetSection section(thread, set);
  table.exchange_locked(*set);
  return set;
}
Ref<Set> complete(Ref<Set> set) {
  track(set.get());
  return set;
}

Result<Done> update_with_set(ThreadState& thread, Borrowed<Set> set, Borrowed<Set> other) {
  if (set.get() == other.get()) return Done();
  LooseTable copy(thread);
  SetSnapshot added(thread);
  SetSection section(thread, set, other);
  if (set_size(*set) == 0) {
    // Members of one set differ, so nothing is compared.
    if (!copy.copy_locked(*other)) return raise_out_of_memory(thread);
    copy.exchange_locked(*set);
    return Done();
  }
  if (!added.take_locked(*other)) return raise_out_of_memory(thread);
  return merge_locked(thread, *set, added);
}

Result<Done> subtract_set(ThreadState& thread, Borrowed<Set> set, Borrowed<Set> other) {
  SetSnapshot walked(thread);
  SetSection section(thread, set, other);
  const bool walks_other = set_size(*other) <= set_size(*set);
  if (!walked.take_locked(walks_other ? *other : *set)) return raise_out_of_memory(thread);
  for (SetSnapshot::Item& item : walked.items()) {
    if (!walks_other) {
      TRY_ASSIGN(SetPlace in_other, find_locked(thread, *other, item.key, item.hash));
      if (!in_other.is_there) continue;
    }
    TRY_ASSIGN(SetPlace at, find_locked(thread, *set, item.key, item.hash));
    if (at.is_there) item.removed = remove_locked(*set, at).release();
  }
  return Done();
}

// The other operand as a set: itself, or a new one of its items.
Result<Ref<Set>> as_a_set(ThreadState& thread, Borrowed<Object> other) {
  if (is_any_set(*other)) return Ref<Set>::share(thread, as_set(other));
  return new_set_of(thread, other);
}

// True if the two sizes stand in this relation, and each member of `set` is in `other`.
template <class Sizes>
Result<bool> is_contained(ThreadState& thread, Borrowed<Set> set, Borrowed<Set> other,
                          Sizes&& sizes) {
  SetSnapshot walked(thread);
  SetSection section(thread, set, other);
  if (!sizes(set_size(*set), set_size(*other))) return false;
  if (!walked.take_locked(*set)) return raise_out_of_memory(thread);
  return all_locked(thread, walked, *other, true);
}

// `set` gets all that `result` has; what it had is dropped.
void exchange_members(ThreadState& thread, Borrowed<Set> set, Borrowed<Set> result) {
  LooseTable members(thread);
  SetSection section(thread, set, result);
  members.exchange_locked(*result);
  members.exchange_locked(*set);
}

}  // namespace

Result<Done> set_update(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other) {
  if (is_any_set(*other)) return update_with_set(thread, set, as_set(other));
  if (other->type == &dict_type) {
    // Its keys at one moment, and then all of them in one step.
    TRY_ASSIGN(Ref<Tuple> keys, items_at_once(thread, other));
    if (keys) {
      TRY_ASSIGN(Ref<Set> added, new_set_of(thread, keys));
      return update_with_set(thread, set, added);
    }
  }
  TRY(for_each_item(thread, other, [&](Borrowed<Object> item) -> Result<bool> {
    TRY(set_add(thread, set, item));
    return true;
  }));
  return Done();
}

Result<Done> set_intersection_update(ThreadState& thread, Borrowed<Set> set,
                                     Borrowed<Object> other) {
  if (set.get() == other.get()) return Done();
  if (!is_any_set(*other)) {
    TRY_ASSIGN(Ref<Set> common, set_intersection(thread, set, other));
    exchange_members(thread, set, common);
    return Done();
  }
  LooseTable common(thread);
  SetSnapshot walked(thread);
  SetSection section(thread, set, as_set(other));
  TRY(intersect_locked(thread, *set, *as_set(other), walked, common));
  common.exchange_locked(*set);
  return Done();
}

Result<Done> set_difference_update(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other) {
  if (set.get() == other.get()) {
    set_clear(thread, set);
    return Done();
  }
  if (is_any_set(*other)) return subtract_set(thread, set, as_set(other));
  TRY(for_each_item(thread, other, [&](Borrowed<Object> item) -> Result<bool> {
    TRY(set_discard(thread, set, item));
    return true;
  }));
  return Done();
}

Result<Done> set_symmetric_difference_update(ThreadState& thread, Borrowed<Set> set,
                                             Borrowed<Object> other) {
  if (set.get() == other.get()) {
    set_clear(thread, set);
    return Done();
  }
  TRY_ASSIGN(Ref<Set> others, as_a_set(thread, other));
  SetSnapshot toggled(thread);
  SetSection section(thread, set, others);
  if (!toggled.take_locked(*others)) return raise_out_of_memory(thread);
  return toggle_locked(thread, *set, toggled);
}

Result<Ref<Set>> set_union(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other) {
  LooseTable copy(thread);
  SetSnapshot added(thread);
  const bool is_other_set = is_any_set(*other);
  {
    SetSection section(thread, set, is_other_set ? as_set(other) : set);
    if (!copy.copy_locked(*set)) return raise_out_of_memory(thread);
    if (is_other_set && !added.take_locked(*as_set(other))) return raise_out_of_memory(thread);
  }
  TRY_ASSIGN(Ref<Set> result, begin_set(thread, type_like(*set), copy));
  if (!is_other_set) {
    TRY(set_update(thread, result, other));
    return complete(std::move(result));
  }
  {
    SetSection section(thread, result);
    TRY(merge_locked(thread, *result, added));
  }
  return complete(std::move(result));
}

Result<Ref<Set>> set_intersection(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other) {
  LooseTable common(thread);
  if (is_any_set(*other)) {
    SetSnapshot walked(thread);
    SetSection section(thread, set, as_set(other));
    TRY(intersect_locked(thread, *set, *as_set(other), walked, common));
  }
  TRY_ASSIGN(Ref<Set> result, begin_set(thread, type_like(*set), common));
  if (is_any_set(*other)) return complete(std::move(result));
  TRY(for_each_item(thread, other, [&](Borrowed<Object> item) -> Result<bool> {
    TRY_ASSIGN(std::int64_t hash, hash_of(thread, item));  // without the message of a set
    TRY_ASSIGN(bool is_there, contains_hashed(thread, set, item, hash));
    if (is_there) TRY(add_hashed(thread, result, item, hash));
    return true;
  }));
  return complete(std::move(result));
}

Result<Ref<Set>> set_difference(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other) {
  if (!is_any_set(*other)) {
    LooseTable copy(thread);
    {
      SetSection section(thread, set);
      if (!copy.copy_locked(*set)) return raise_out_of_memory(thread);
    }
    TRY_ASSIGN(Ref<Set> result, begin_set(thread, type_like(*set), copy));
    TRY(set_difference_update(thread, result, other));
    return complete(std::move(result));
  }
  LooseTable rest(thread);
  {
    SetSnapshot walked(thread);
    SetSection section(thread, set, as_set(other));
    if (!walked.take_locked(*set)) return raise_out_of_memory(thread);
    TRY(choose_locked(thread, walked, *as_set(other), false, rest));
  }
  TRY_ASSIGN(Ref<Set> result, begin_set(thread, type_like(*set), rest));
  return complete(std::move(result));
}

Result<Ref<Set>> set_symmetric_difference(ThreadState& thread, Borrowed<Set> set,
                                          Borrowed<Object> other) {
  TRY_ASSIGN(Ref<Set> others, as_a_set(thread, other));
  LooseTable copy(thread);
  SetSnapshot toggled(thread);
  {
    SetSection section(thread, set, others);
    if (!copy.copy_locked(*others)) return raise_out_of_memory(thread);
    if (!toggled.take_locked(*set)) return raise_out_of_memory(thread);
  }
  TRY_ASSIGN(Ref<Set> result, begin_set(thread, type_like(*set), copy));
  {
    SetSection section(thread, result);
    TRY(toggle_locked(thread, *result, toggled));
  }
  return complete(std::move(result));
}

Result<bool> set_is_disjoint(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other) {
  if (!is_any_set(*other)) {
    return for_each_item(thread, other, [&](Borrowed<Object> item) -> Result<bool> {
      TRY_ASSIGN(bool is_there, set_contains(thread, set, item));
      return !is_there;
    });
  }
  Borrowed<Set> others = as_set(other);
  SetSnapshot walked(thread);
  SetSection section(thread, set, others);
  const bool walks_other = set_size(*others) <= set_size(*set);
  if (!walked.take_locked(walks_other ? *others : *set)) return raise_out_of_memory(thread);
  return all_locked(thread, walked, walks_other ? *set : *others, false);
}

Result<bool> set_is_subset(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other) {
  TRY_ASSIGN(Ref<Set> others, as_a_set(thread, other));
  return is_contained(thread, set, others, [](std::int64_t size, std::int64_t other_size) {
    return size <= other_size;
  });
}

Result<bool> set_is_proper_subset(ThreadState& thread, Borrowed<Set> set, Borrowed<Set> other) {
  return is_contained(thread, set, other,
                      [](std::int64_t size, std::int64_t other_size) { return size < other_size; });
}

Result<bool> set_is_superset(ThreadState& thread, Borrowed<Set> set, Borrowed<Object> other) {
  if (is_any_set(*other)) return set_is_subset(thread, as_set(other), set);
  return for_each_item(thread, other,
                       [&](Borrowed<Object> item) { return set_contains(thread, set, item); });
}

Result<bool> set_equals(ThreadState& thread, Borrowed<Set> set, Borrowed<Set> other) {
  if (is_frozenset(*set) && is_frozenset(*other)) {
    const std::int64_t hash = set->hash.load_relaxed();  // as in hash_of_frozenset
    const std::int64_t other_hash = other->hash.load_relaxed();
    if (hash != Set::kNoHash && other_hash != Set::kNoHash && hash != other_hash) return false;
  }
  return is_contained(thread, set, other, [](std::int64_t size, std::int64_t other_size) {
    return size == other_size;
  });
}

}  // namespace runtime
