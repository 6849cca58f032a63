// Iterators that give several items of another at a time: groupby, pairwise, batched.
#include <vector>

#include "runtime/modules/iterator_support.h"
#include "runtime/modules/itertools_types.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

// -- groupby --

// Everything that changes is in the section.
struct GroupBy : Object {
  Object* source;        // constant
  Object* key_function;  // constant; null: the item is its key
  Object* target_key;    // of the group that was given out last
  Object* current_key;   // of `current_item`; null before the first
  Object* current_item;  // not given to any group yet; null: there is none
  std::uint64_t group;   // number of the group that was given out last
};

// One group of them. It ends when the groupby goes on to the next one.
struct Grouper : Object {
  Object* parent;        // a GroupBy; constant
  Object* key;           // constant
  std::uint64_t number;  // constant
};

extern Type grouper_type;

// Takes the next item and its key from the source. False: it has ended.
Result<bool> step(ThreadState& thread, GroupBy& groups) {
  if (groups.source == nullptr) return false;
  TRY_ASSIGN(Ref<Object> item, next_of(thread, Borrowed(groups.source)));
  if (!item) return false;
  Ref<Object> key = item.duplicate(thread);
  if (groups.key_function != nullptr) {
    const Borrowed<Object> arguments[] = {item};
    TRY_ASSIGN(key, call(thread, Borrowed(groups.key_function), arguments));
  }
  {
    ObjectSection section(thread, Borrowed<Object>(&groups));
    item = exchange_field(groups.current_item, std::move(item));
    key = exchange_field(groups.current_key, std::move(key));
  }
  return true;
}

struct Keys {
  Ref<Object> target;
  Ref<Object> current;
};

Keys keys_of(ThreadState& thread, GroupBy& groups) {
  ObjectSection section(thread, Borrowed<Object>(&groups));
  return Keys{share_field(thread, groups.target_key), share_field(thread, groups.current_key)};
}

Result<Ref<Object>> next_group(ThreadState& thread, Borrowed<Object> object) {
  GroupBy& groups = *static_cast<GroupBy*>(object.get());
  {
    ObjectSection section(thread, object);
    ++groups.group;  // whatever group was given out has ended
  }
  // What is left of the last group is passed over.
  Keys keys;
  for (;;) {
    keys = keys_of(thread, groups);
    if (keys.current) {
      if (!keys.target) break;
      TRY_ASSIGN(bool is_same, are_equal(thread, keys.target, keys.current));
      if (!is_same) break;
    }
    TRY_ASSIGN(bool has_item, step(thread, groups));
    if (!has_item) return Ref<Object>();
  }
  Ref<Grouper> grouper = new_object<Grouper>(thread, grouper_type);
  if (!grouper) return raise_out_of_memory(thread);
  grouper->parent = Ref<Object>::share(thread, object).release();
  grouper->key = keys.current.duplicate(thread).release();
  Ref<Object> before;
  {
    ObjectSection section(thread, object);
    grouper->number = groups.group;
    before = exchange_field(groups.target_key, keys.current.duplicate(thread));
  }
  track(grouper.get());
  return new_tuple(thread, {keys.current, grouper});
}

Result<Ref<Object>> next_of_group(ThreadState& thread, Borrowed<Object> object) {
  Grouper& grouper = *static_cast<Grouper*>(object.get());
  if (grouper.parent == nullptr) return Ref<Object>();
  GroupBy& groups = *static_cast<GroupBy*>(grouper.parent);
  bool has_item = false;
  {
    ObjectSection section(thread, Borrowed<Object>(&groups));
    if (groups.group != grouper.number) return Ref<Object>();
    has_item = groups.current_item != nullptr;
  }
  if (!has_item) {
    TRY_ASSIGN(bool has_next, step(thread, groups));
    if (!has_next) return Ref<Object>();
  }
  Keys keys = keys_of(thread, groups);
  if (!keys.current) return Ref<Object>();
  TRY_ASSIGN(bool is_mine, are_equal(thread, Borrowed(grouper.key), keys.current));
  if (!is_mine) return Ref<Object>();
  ObjectSection section(thread, Borrowed<Object>(&groups));
  if (RT_MUTANT(groupby_item_given_again)) return share_field(thread, groups.current_item);
  return exchange_field(groups.current_item, nullptr);
}

Result<Ref<Object>> make_groupby(ThreadState& thread, Borrowed<Object> type,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> source, get_iterator(thread, arguments.at(0)));
  TRY_ASSIGN(Ref<GroupBy> made, new_instance_of<GroupBy>(thread, type));
  if (arguments.has(1) && !is_none(arguments[1])) {
    made->key_function = Ref<Object>::share(thread, arguments.at(1)).release();
  }
  made->source = source.release();
  return made;
}

// -- pairwise --

struct Pairwise : Object {
  Object* source;  // null: it has ended
  Object* last;    // the item that was given out last; null: none; in the section
};

Result<Ref<Object>> next_two(ThreadState& thread, Borrowed<Object> object) {
  Pairwise& self = *static_cast<Pairwise*>(object.get());
  Ref<Object> source = read_field(thread, self, &Pairwise::source);
  if (!source) return Ref<Object>();
  Ref<Object> first = read_field(thread, self, &Pairwise::last);
  if (!first) {
    TRY_ASSIGN(first, next_of(thread, source));
    if (first) {
      Ref<Object> before;
      ObjectSection section(thread, object);
      before = exchange_field(self.last, first.duplicate(thread));
    }
  }
  Ref<Object> second;
  if (first) {
    TRY_ASSIGN(second, next_of(thread, source));
  }
  Ref<Object> before;
  {
    ObjectSection section(thread, object);
    before = exchange_field(self.last, second ? second.duplicate(thread) : nullptr);
  }
  if (!second) {
    forget_field(thread, self, &Pairwise::source, source);
    return second;
  }
  return new_tuple(thread, {first, second});
}

Result<Ref<Object>> make_pairwise(ThreadState& thread, Borrowed<Object> type,
                                  const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> source, get_iterator(thread, arguments.at(0)));
  TRY_ASSIGN(Ref<Pairwise> made, new_instance_of<Pairwise>(thread, type));
  made->source = source.release();
  return made;
}

// -- batched --

struct Batched : Object {
  Object* source;     // null: it has ended
  std::int64_t size;  // constant, as the next one
  bool is_strict;
};

Result<Ref<Object>> next_batch(ThreadState& thread, Borrowed<Object> object) {
  Batched& self = *static_cast<Batched*>(object.get());
  Ref<Object> source = read_field(thread, self, &Batched::source);
  if (!source) return Ref<Object>();
  std::vector<Ref<Object>> items;
  while (static_cast<std::int64_t>(items.size()) < self.size) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, source));
    if (!item) break;
    items.push_back(std::move(item));
  }
  const bool is_whole = static_cast<std::int64_t>(items.size()) == self.size;
  if (!is_whole) forget_field(thread, self, &Batched::source, source);
  if (items.empty()) return Ref<Object>();
  if (!is_whole && self.is_strict) {
    return raise(thread, value_error_type, "batched(): incomplete batch");
  }
  return new_tuple_taking(thread, items);
}

Result<Ref<Object>> make_batched(ThreadState& thread, Borrowed<Object> type,
                                 const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t size, checked_index_of(thread, arguments.at(1), overflow_error_type));
  if (size < 1) return raise(thread, value_error_type, "n must be at least one");
  bool is_strict = false;
  if (arguments.has(2)) {
    TRY_ASSIGN(is_strict, is_true(thread, arguments.at(2)));
  }
  TRY_ASSIGN(Ref<Object> source, get_iterator(thread, arguments.at(0)));
  TRY_ASSIGN(Ref<Batched> made, new_instance_of<Batched>(thread, type));
  made->size = size;
  made->is_strict = is_strict;
  made->source = source.release();
  return made;
}

constexpr Protocol kGroupByProtocol = iterator_protocol(&next_group);
constexpr Protocol kGrouperProtocol = iterator_protocol(&next_of_group);
constexpr Protocol kPairwiseProtocol = iterator_protocol(&next_two);
constexpr Protocol kBatchedProtocol = iterator_protocol(&next_batch);

constinit Type groupby_type(
    iterator_slots<GroupBy, &GroupBy::source, &GroupBy::key_function, &GroupBy::target_key,
                   &GroupBy::current_key, &GroupBy::current_item>("itertools.groupby",
                                                                  &kGroupByProtocol));
constinit Type grouper_type(iterator_slots<Grouper, &Grouper::parent, &Grouper::key>(
    "itertools._grouper", &kGrouperProtocol));
constinit Type pairwise_type(iterator_slots<Pairwise, &Pairwise::source, &Pairwise::last>(
    "itertools.pairwise", &kPairwiseProtocol));
constinit Type batched_type(iterator_slots<Batched, &Batched::source>("itertools.batched",
                                                                      &kBatchedProtocol));

constexpr IteratorRow kRows[] = {
    {&groupby_type, "groupby(iterable, key?)", &make_groupby,
     "Keys and groups: items that follow one another and have the same key."},
    {&grouper_type, nullptr, nullptr, "One group of groupby().", {}, false},
    {&pairwise_type, "pairwise(iterable, /)", &make_pairwise,
     "Each item together with the one behind it."},
    {&batched_type, "batched(iterable, n, *, strict?)", &make_batched,
     "Tuples of n items; the last one may be shorter, unless strict."},
};

}  // namespace

std::span<const IteratorRow> grouping_iterators() { return kRows; }

}  // namespace runtime
