// The methods of deque: https://docs.python.org/3/library/collections.html#collections.deque
#include "runtime/containers/deque_object.h"
#include "runtime/modules/class_getitem.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/object_section.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/class_type.h"
#include "runtime/types/native.h"
#include "runtime/types/type_body.h"

namespace runtime {

namespace {

template <End end>
Result<Ref<Object>> add(ThreadState& thread, Borrowed<Object> self,
                        const BoundArguments& arguments) {
  TRY(deque_add(thread, as_deque(self), end, Ref<Object>::share(thread, arguments.at(0))));
  return none();
}

template <End end>
Result<Ref<Object>> extend(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  TRY(deque_extend(thread, as_deque(self), end, arguments.at(0)));
  return none();
}

template <End end>
Result<Ref<Object>> pop(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return deque_pop(thread, as_deque(self), end);
}

Result<Ref<Object>> clear(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  deque_clear(thread, as_deque(self));
  return none();
}

// Of a derived class: what calling the class makes of it.
Result<Ref<Object>> copy(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  if (self->type == &deque_type) return deque_copy(thread, as_deque(self));
  Ref<Object> type = Ref<Object>::share(thread, Borrowed<Object>(self->type));
  const std::int64_t greatest = as_deque(self)->greatest_size();
  if (greatest == Deque::kUnlimited) {
    const Borrowed<Object> arguments[] = {self};
    return call(thread, type, arguments);
  }
  TRY_ASSIGN(Ref<Int> limit, new_int(thread, greatest));
  const Borrowed<Object> arguments[] = {self, limit};
  return call(thread, type, arguments);
}

Result<Ref<Object>> count(ThreadState& thread, Borrowed<Object> self,
                          const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t found, deque_count(thread, as_deque(self), arguments.at(0)));
  return new_int(thread, found);
}

Result<Ref<Object>> index(ThreadState& thread, Borrowed<Object> self,
                          const BoundArguments& arguments) {
  std::int64_t start = 0;
  std::int64_t stop = INT64_MAX;
  if (arguments.has(1)) {
    TRY_ASSIGN(start, clipped_index_of(thread, arguments.at(1)));
  }
  if (arguments.has(2)) {
    TRY_ASSIGN(stop, clipped_index_of(thread, arguments.at(2)));
  }
  TRY_ASSIGN(std::int64_t found, deque_find(thread, as_deque(self), arguments.at(0), start, stop));
  if (found >= 0) return new_int(thread, found);
  return raise(thread, value_error_type, "deque.index(x): x not in deque");
}

Result<Ref<Object>> insert(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t place, clipped_index_of(thread, arguments.at(0)));
  TRY(deque_insert(thread, as_deque(self), place, Ref<Object>::share(thread, arguments.at(1))));
  return none();
}

Result<Ref<Object>> remove(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  TRY(deque_remove(thread, as_deque(self), arguments.at(0)));
  return none();
}

Result<Ref<Object>> reverse(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  deque_reverse(thread, as_deque(self));
  return none();
}

Result<Ref<Object>> rotate(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  std::int64_t steps = 1;
  if (arguments.has(0)) {
    TRY_ASSIGN(steps, checked_index_of(thread, arguments.at(0), overflow_error_type));
  }
  deque_rotate(thread, as_deque(self), steps);
  return none();
}

Result<Ref<Object>> reversed(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return deque_iterator(thread, as_deque(self), End::kRight);
}

Result<Ref<Object>> reduce(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  Ref<Object> type = Ref<Object>::share(thread, Borrowed<Object>(self->type));
  const std::int64_t greatest = as_deque(self)->greatest_size();
  Ref<Tuple> arguments = empty_tuple();
  if (greatest != Deque::kUnlimited) {
    TRY_ASSIGN(Ref<Int> limit, new_int(thread, greatest));
    RT_TRY_ASSIGN(both, arguments,
                  new_tuple(thread, {Ref<Object>(empty_tuple()), Ref<Object>(std::move(limit))}));
  }
  TRY_ASSIGN(Ref<Dict> attributes, attributes_dict_of(thread, self));
  Ref<Object> state = attributes ? Ref<Object>(std::move(attributes)) : none();
  TRY_ASSIGN(Ref<Object> items, get_iterator(thread, self));
  return new_tuple(thread, {type, arguments, state, items});
}

Result<Ref<Object>> greatest_length(ThreadState& thread, Borrowed<Object> self) {
  const std::int64_t greatest = as_deque(self)->greatest_size();
  if (greatest == Deque::kUnlimited) return none();
  return new_int(thread, greatest);
}

Result<Ref<Object>> items_left(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_int(thread, deque_iterator_left(thread, self));
}

// What it is called with is its __init__'s business.
Result<Ref<Object>> make_empty(ThreadState& thread, Borrowed<Object> type, const BoundArguments&) {
  return new_empty_instance(thread, as_type(type));
}

constexpr NativeMethod kDequeMethods[] = {
    {"append(item, /)", &add<End::kRight>, "Add an element to the right side of the deque."},
    {"appendleft(item, /)", &add<End::kLeft>, "Add an element to the left side of the deque."},
    {"clear()", &clear, "Remove all elements from the deque."},
    {"copy()", &copy, "Return a shallow copy of a deque."},
    {"__copy__()", &copy, "Return a shallow copy of a deque."},
    {"count(value, /)", &count, "Return number of occurrences of value."},
    {"extend(iterable, /)", &extend<End::kRight>,
     "Extend the right side of the deque with elements from the iterable."},
    {"extendleft(iterable, /)", &extend<End::kLeft>,
     "Extend the left side of the deque with elements from the iterable."},
    {"index(value, start?, stop?, /)", &index, "Return first index of value."},
    {"insert(index, value, /)", &insert, "Insert value before index."},
    {"pop()", &pop<End::kRight>, "Remove and return the rightmost element."},
    {"popleft()", &pop<End::kLeft>, "Remove and return the leftmost element."},
    {"remove(value, /)", &remove, "Remove first occurrence of value."},
    {"reverse()", &reverse, "Reverse *IN PLACE*."},
    {"rotate(n?, /)", &rotate, "Rotate the deque n steps to the right."},
    {"__reversed__()", &reversed, "Return a reverse iterator over the deque."},
    {"__reduce__()", &reduce, "Return state information for pickling."},
    {"__class_getitem__(item, /)", &class_getitem, "See PEP 585", NativeKind::kOfClass},
};

constexpr NativeAttribute kDequeAttributes[] = {
    {"maxlen", &greatest_length, nullptr, "maximum size of a deque or None if unbounded"},
};

constexpr NativeMethod kIteratorMethods[] = {
    {"__length_hint__()", &items_left, "Private method returning an estimate of len(list(it))."},
};

}  // namespace

Result<Done> open_deque_types(ThreadState& thread) {
  TRY(open_type(thread, NativeType{.type = deque_type,
                                   .module = "collections",
                                   .documentation = "A list-like sequence optimized for data "
                                                    "accesses near its endpoints.",
                                   .methods = kDequeMethods,
                                   .attributes = kDequeAttributes,
                                   .constructor = "deque(*arguments, **named)",
                                   .make = &make_empty}));
  for (Type* type : {&deque_iterator_type, &deque_reverse_iterator_type}) {
    TRY(open_type(thread, NativeType{.type = *type,
                                     .module = "_collections",
                                     .methods = kIteratorMethods,
                                     .derivable = Derivable::kNo}));
  }
  return Done();
}

}  // namespace runtime
