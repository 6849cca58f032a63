// The iterators that iter() and reversed() make: how many items are left, and how to make another
// that goes on from here.
//
// Other threads may be moving an iterator on meanwhile. What `__reduce__` tells was true at some
// moment; `__setstate__` stores the place whatever the others do, unless the iterator is exhausted,
// which it stays. A place is looked at again whenever it is used, so none can do harm.
//
// Ancestry: the `__reduce__` methods of CPython's iterators.
#include <algorithm>
#include <initializer_list>

#include "runtime/containers/dict_view.h"
#include "runtime/containers/list_iterator.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/reversed_iterator.h"
#include "runtime/containers/set_iterator.h"
#include "runtime/methods/open_parts.h"
#include "runtime/object/bytes_object.h"
#include "runtime/object/range_iterator.h"
#include "runtime/object/range_object.h"
#include "runtime/object/sequence_getitem_iterator.h"
#include "runtime/object/sequence_iterator.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

template <class T>
T& self_as(Borrowed<Object> self) {
  return *static_cast<T*>(self.get());
}

Result<Ref<Object>> iterate(ThreadState& thread, Borrowed<Object>,
                            const BoundArguments& arguments) {
  return get_iterator(thread, arguments.at(0));
}
constexpr NativeMethod kIterFunction = {"iter(object, /)", &iterate, "An iterator of the object."};

// -- list --

Result<Ref<Object>> list_hint(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_int(thread, list_length_hint(self_as<ListIterator>(self)));
}

Result<Ref<Object>> reduced_to_empty_list(ThreadState& thread) {
  TRY_ASSIGN(Ref<List> nothing, new_list(thread));
  return reduced_to_iter(thread, nothing, -1);
}

Result<Ref<Object>> list_reduce(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  auto& iterator = self_as<ListIterator>(self);
  const std::int64_t place = iterator.place.load_relaxed();  // of some moment
  if (place == ListIterator::kExhausted) return reduced_to_empty_list(thread);
  return reduced_to_iter(thread, Borrowed<Object>(iterator.list), place);
}

Result<Ref<Object>> list_reverse_reduce(ThreadState& thread, Borrowed<Object> self,
                                        const BoundArguments&) {
  auto& iterator = self_as<ListIterator>(self);
  const std::int64_t place = iterator.place.load_relaxed();  // of some moment
  if (place == ListIterator::kExhausted) return reduced_to_empty_list(thread);
  TRY_ASSIGN(Ref<Tuple> arguments, new_tuple(thread, {Borrowed<Object>(iterator.list)}));
  TRY_ASSIGN(Ref<Int> number, new_int(thread, place));
  return new_tuple(thread, {Borrowed<Object>(&reversed_type), arguments, number});
}

// Stores the place, unless the iterator is, or becomes meanwhile, exhausted. Relaxed: it is one word.
void set_place(Atomic<std::int64_t>& place, std::int64_t wanted, std::int64_t exhausted) {
  std::int64_t before = place.load_relaxed();
  while (before != exhausted && !place.compare_exchange_relaxed(before, wanted)) {
  }
}

Result<Ref<Object>> list_setstate(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t wanted, checked_index_of(thread, arguments.at(0), overflow_error_type));
  set_place(self_as<ListIterator>(self).place, std::max<std::int64_t>(wanted, 0),
            ListIterator::kExhausted);
  return none();
}

Result<Ref<Object>> list_reverse_setstate(ThreadState& thread, Borrowed<Object> self,
                                          const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t wanted, checked_index_of(thread, arguments.at(0), overflow_error_type));
  auto& iterator = self_as<ListIterator>(self);
  if (iterator.list == nullptr) return none();
  const std::int64_t size = list_size(*as_list(Borrowed<Object>(iterator.list)));
  set_place(iterator.place, std::clamp<std::int64_t>(wanted, -1, size - 1),
            ListIterator::kExhausted);
  return none();
}

constexpr NativeMethod kListIterator[] = {{"__length_hint__()", &list_hint},
                                          {"__reduce__()", &list_reduce},
                                          {"__setstate__(state, /)", &list_setstate}};
constexpr NativeMethod kListReverseIterator[] = {
    {"__length_hint__()", &list_hint},
    {"__reduce__()", &list_reverse_reduce},
    {"__setstate__(state, /)", &list_reverse_setstate}};

// -- str, bytes, tuple --

std::int64_t length_of_sequence(const Object& sequence) {
  if (is_str(sequence)) return static_cast<const Str&>(sequence).length;
  if (is_bytes(sequence)) return static_cast<const Bytes&>(sequence).length;
  return static_cast<const Tuple&>(sequence).size;
}

Result<Ref<Object>> sequence_hint(ThreadState& thread, Borrowed<Object> self,
                                  const BoundArguments&) {
  return new_int(thread, length_hint(self_as<SequenceIterator>(self)));
}

Result<Ref<Object>> sequence_reduce(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments&) {
  auto& iterator = self_as<SequenceIterator>(self);
  const std::int64_t place = iterator.place.load_relaxed();  // of some moment
  if (iterator.sequence != nullptr && place < length_of_sequence(*iterator.sequence)) {
    return reduced_to_iter(thread, Borrowed<Object>(iterator.sequence), place);
  }
  if (self->type == &str_iterator_type) return reduced_to_iter(thread, empty_str(), -1);
  if (self->type == &tuple_iterator_type) return reduced_to_iter(thread, empty_tuple(), -1);
  TRY_ASSIGN(Ref<Bytes> nothing, new_bytes(thread, ""));
  return reduced_to_iter(thread, nothing, -1);
}

Result<Ref<Object>> sequence_setstate(ThreadState& thread, Borrowed<Object> self,
                                      const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t wanted, checked_index_of(thread, arguments.at(0), overflow_error_type));
  auto& iterator = self_as<SequenceIterator>(self);
  if (iterator.sequence == nullptr) return none();
  const std::int64_t length = length_of_sequence(*iterator.sequence);
  std::int64_t before = iterator.place.load_relaxed();  // relaxed: one word
  wanted = std::clamp<std::int64_t>(wanted, 0, length);
  while (before < length && !iterator.place.compare_exchange_relaxed(before, wanted)) {
  }
  return none();
}

constexpr NativeMethod kSequenceIterator[] = {{"__length_hint__()", &sequence_hint},
                                              {"__reduce__()", &sequence_reduce},
                                              {"__setstate__(state, /)", &sequence_setstate}};

// -- what has items by index --

Result<Ref<Object>> getitem_hint(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  auto& iterator = self_as<GetItemIterator>(self);
  const std::int64_t place = iterator.place.load_relaxed();  // a hint
  if (place == GetItemIterator::kExhausted) return new_int(thread, 0);
  if (protocol_of(Borrowed<Object>(iterator.sequence)).length == nullptr) return not_implemented();
  TRY_ASSIGN(std::int64_t length, length_of(thread, Borrowed<Object>(iterator.sequence)));
  return new_int(thread, std::max<std::int64_t>(length - place, 0));
}

Result<Ref<Object>> getitem_reduce(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments&) {
  auto& iterator = self_as<GetItemIterator>(self);
  const std::int64_t place = iterator.place.load_relaxed();  // of some moment
  if (place == GetItemIterator::kExhausted) {
    return reduced_to_iter(thread, empty_tuple(), -1);
  }
  return reduced_to_iter(thread, Borrowed<Object>(iterator.sequence), place);
}

Result<Ref<Object>> getitem_setstate(ThreadState& thread, Borrowed<Object> self,
                                     const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t wanted, checked_index_of(thread, arguments.at(0), overflow_error_type));
  set_place(self_as<GetItemIterator>(self).place, std::max<std::int64_t>(wanted, 0),
            GetItemIterator::kExhausted);
  return none();
}

constexpr NativeMethod kGetItemIterator[] = {{"__length_hint__()", &getitem_hint},
                                             {"__reduce__()", &getitem_reduce},
                                             {"__setstate__(state, /)", &getitem_setstate}};

// -- range --

Result<Ref<Object>> range_hint(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return range_length_hint(thread, self);
}

// The numbers that are left are a range, too.
Result<Ref<Object>> range_reduce(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  Ref<Int> start;
  Ref<Int> step;
  Ref<Int> length;
  TRY_ASSIGN(Ref<Object> left, range_length_hint(thread, self));
  if (self->type == &range_iterator_type) {
    auto& iterator = self_as<RangeIterator>(self);
    RT_TRY_ASSIGN(first, start, new_int(thread, iterator.start));
    RT_TRY_ASSIGN(width, step, new_int(thread, iterator.step));
    RT_TRY_ASSIGN(count, length, new_int(thread, iterator.length));
  } else {
    auto& iterator = self_as<LongRangeIterator>(self);
    start = Ref<Int>::share(thread, Borrowed<Int>(iterator.start));
    step = Ref<Int>::share(thread, Borrowed<Int>(iterator.step));
    length = Ref<Int>::share(thread, Borrowed<Int>(iterator.length));
  }
  TRY_ASSIGN(Ref<Int> extent, int_operation(thread, length, step, BinaryOp::kMultiply));
  TRY_ASSIGN(Ref<Int> stop, int_operation(thread, start, extent, BinaryOp::kAdd));
  TRY_ASSIGN(Ref<Int> rest, int_operation(thread, as_int(left), step, BinaryOp::kMultiply));
  TRY_ASSIGN(Ref<Int> now, int_operation(thread, stop, rest, BinaryOp::kSubtract));
  TRY_ASSIGN(Ref<Range> range, new_range(thread, now, stop, step));
  TRY_ASSIGN(Ref<Tuple> arguments, new_tuple(thread, {range}));
  TRY_ASSIGN(Ref<Object> iter, iter_function(thread));
  return new_tuple(thread, {iter, arguments, none()});
}

Result<Ref<Object>> range_setstate(ThreadState& thread, Borrowed<Object> self,
                                   const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t wanted, checked_index_of(thread, arguments.at(0), overflow_error_type));
  auto& iterator = self_as<RangeIterator>(self);
  iterator.place.store_relaxed(std::clamp<std::int64_t>(wanted, 0, iterator.length));  // one word
  return none();
}

constexpr NativeMethod kRangeIterator[] = {{"__length_hint__()", &range_hint},
                                           {"__reduce__()", &range_reduce},
                                           {"__setstate__(state, /)", &range_setstate}};
constexpr NativeMethod kLongRangeIterator[] = {{"__length_hint__()", &range_hint},
                                               {"__reduce__()", &range_reduce}};

// -- dict and set: what is left, as a list --

Result<Ref<Object>> reduced_to_rest(ThreadState& thread, Borrowed<Object> iterator) {
  TRY_ASSIGN(Ref<List> rest, new_list_from(thread, iterator));
  return reduced_to_iter(thread, rest, -1);
}

Result<Ref<Object>> dict_hint(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_int(thread, length_hint(self_as<DictIterator>(self)));
}

Result<Ref<Object>> dict_reduce(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  auto& iterator = self_as<DictIterator>(self);
  TRY_ASSIGN(Ref<Object> copy,
             new_dict_iterator(thread, Borrowed<Dict>(iterator.dict), iterator.part,
                               iterator.is_reversed ? Direction::kReversed : Direction::kForward));
  // The copy is ours alone.
  auto& twin = self_as<DictIterator>(copy);
  twin.used = iterator.used;
  twin.place.store_relaxed(iterator.place.load_relaxed());
  twin.left.store_relaxed(iterator.left.load_relaxed());
  return reduced_to_rest(thread, copy);
}

Result<Ref<Object>> set_hint(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_int(thread, length_hint(self_as<SetIterator>(self)));
}

Result<Ref<Object>> set_reduce(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  auto& iterator = self_as<SetIterator>(self);
  TRY_ASSIGN(Ref<Object> copy, new_set_iterator(thread, as_set(Borrowed<Object>(iterator.set))));
  // The copy is ours alone.
  auto& twin = self_as<SetIterator>(copy);
  twin.used.store_relaxed(iterator.used.load_relaxed());
  twin.place.store_relaxed(iterator.place.load_relaxed());
  return reduced_to_rest(thread, copy);
}

constexpr NativeMethod kDictIterator[] = {{"__length_hint__()", &dict_hint},
                                          {"__reduce__()", &dict_reduce}};
constexpr NativeMethod kSetIterator[] = {{"__length_hint__()", &set_hint},
                                         {"__reduce__()", &set_reduce}};

}  // namespace

Result<Ref<Object>> iter_function(ThreadState& thread) {
  TRY_ASSIGN(Ref<Str> module, new_str(thread, "builtins"));
  return new_native_function(thread, kIterFunction, nullptr, module.get());
}

Result<Ref<Object>> reduced_to_iter(ThreadState& thread, Borrowed<Object> object,
                                    std::int64_t place) {
  TRY_ASSIGN(Ref<Object> iter, iter_function(thread));
  TRY_ASSIGN(Ref<Tuple> arguments, new_tuple(thread, {object}));
  if (place < 0) return new_tuple(thread, {iter, arguments});
  TRY_ASSIGN(Ref<Int> number, new_int(thread, place));
  return new_tuple(thread, {iter, arguments, number});
}

Result<Done> open_iterators(ThreadState& thread) {
  struct Row {
    Type& type;
    std::span<const NativeMethod> methods;
  };
  const Row rows[] = {
      {list_iterator_type, kListIterator},
      {list_reverse_iterator_type, kListReverseIterator},
      {str_iterator_type, kSequenceIterator},
      {bytes_iterator_type, kSequenceIterator},
      {tuple_iterator_type, kSequenceIterator},
      {getitem_iterator_type, kGetItemIterator},
      {range_iterator_type, kRangeIterator},
      {long_range_iterator_type, kLongRangeIterator},
      {dict_key_iterator_type, kDictIterator},
      {dict_value_iterator_type, kDictIterator},
      {dict_item_iterator_type, kDictIterator},
      {dict_reverse_key_iterator_type, kDictIterator},
      {dict_reverse_value_iterator_type, kDictIterator},
      {dict_reverse_item_iterator_type, kDictIterator},
      {set_iterator_type, kSetIterator},
  };
  for (const Row& row : rows) {
    TRY(open_type(thread, {.type = row.type, .methods = row.methods, .derivable = Derivable::kNo}));
  }
  return Done{};
}

}  // namespace runtime
