// tuple: its constructor and methods.
#include "runtime/containers/items_at_once.h"
#include "runtime/containers/list_object.h"
#include "runtime/methods/open_parts.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

Result<Ref<Tuple>> tuple_from(ThreadState& thread, Borrowed<Object> iterable) {
  if (iterable->type == &tuple_type) return Ref<Tuple>::share(thread, as_tuple(iterable));
  if (iterable->type == &list_type) return list_to_tuple(thread, as_list(iterable));
  TRY_ASSIGN(Ref<Tuple> at_once, items_at_once(thread, iterable));
  if (at_once) return at_once;
  TRY_ASSIGN(Ref<List> items, new_list_from(thread, iterable));
  return list_to_tuple(thread, items);
}

Result<Ref<Object>> make_tuple(ThreadState& thread, Borrowed<Object> self,
                               const BoundArguments& arguments) {
  Ref<Tuple> items = empty_tuple();
  if (arguments.has(0)) {
    RT_TRY_ASSIGN(made, items, tuple_from(thread, arguments.at(0)));
  }
  Type& type = type_argument(self);
  if (&type == &tuple_type) return items;
  return instance_with_value(thread, Borrowed<Type>(&type), std::move(items));
}

Result<Ref<Object>> count(ThreadState& thread, Borrowed<Object> self,
                          const BoundArguments& arguments) {
  Borrowed<Tuple> tuple = as_tuple(self);
  std::int64_t found = 0;
  for (std::int64_t i = 0; i < tuple->size; ++i) {
    TRY_ASSIGN(bool equal, are_equal(thread, tuple->at(i), arguments.at(0)));
    if (equal) ++found;
  }
  return new_int(thread, found);
}

Result<Ref<Object>> index(ThreadState& thread, Borrowed<Object> self,
                          const BoundArguments& arguments) {
  Borrowed<Tuple> tuple = as_tuple(self);
  TRY_ASSIGN(std::int64_t start, whole_bound_argument(thread, arguments[1], 0));
  TRY_ASSIGN(std::int64_t stop, whole_bound_argument(thread, arguments[2], INT64_MAX));
  adjust_bounds(start, stop, tuple->size);
  for (std::int64_t i = start; i < stop; ++i) {
    TRY_ASSIGN(bool equal, are_equal(thread, tuple->at(i), arguments.at(0)));
    if (equal) return new_int(thread, i);
  }
  return raise_text(thread, value_error_type, "tuple.index(x): x not in tuple");
}

Result<Ref<Object>> getnewargs(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY_ASSIGN(Ref<Tuple> items, tuple_slice(thread, as_tuple(self), 0, as_tuple(self)->size));
  return new_tuple(thread, {items});
}

constexpr NativeMethod kTupleMethods[] = {
    {"count(value, /)", &count, "How many items equal value."},
    {"index(value, start?, stop?, /)", &index, "Where the first item is that equals value."},
    {"__getnewargs__()", &getnewargs},
};

}  // namespace

Result<Done> open_tuple(ThreadState& thread) {
  return open_type(thread, {
                               .type = tuple_type,
                               .documentation = "tuple(iterable=(), /)",
                               .methods = kTupleMethods,
                               .constructor = "tuple(iterable?, /)",
                               .make = &make_tuple,
                           });
}

}  // namespace runtime
