// list: its methods.
#include "runtime/containers/list_iterator.h"
#include "runtime/containers/list_object.h"
#include "runtime/methods/open_parts.h"

namespace runtime {

namespace {

Ref<Object> share(ThreadState& thread, const BoundArguments& arguments, unsigned parameter) {
  return Ref<Object>::share(thread, arguments.at(parameter));
}

Result<Ref<Object>> append(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  return none_after(list_append(thread, as_list(self), share(thread, arguments, 0)));
}

Result<Ref<Object>> insert(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t index, checked_index_of(thread, arguments.at(0), overflow_error_type));
  return none_after(list_insert(thread, as_list(self), index, share(thread, arguments, 1)));
}

Result<Ref<Object>> extend(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  return none_after(list_extend(thread, as_list(self), arguments.at(0)));
}

Result<Ref<Object>> pop(ThreadState& thread, Borrowed<Object> self,
                        const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t index, number_argument(thread, arguments[0], -1));
  return list_pop(thread, as_list(self), index);
}

Result<Ref<Object>> remove(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  return none_after(list_remove(thread, as_list(self), arguments.at(0)));
}

Result<Ref<Object>> clear(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  list_clear(thread, as_list(self));
  return none();
}

Result<Ref<Object>> copy(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return list_copy(thread, as_list(self));
}

Result<Ref<Object>> count(ThreadState& thread, Borrowed<Object> self,
                          const BoundArguments& arguments) {
  return number_of(thread, list_count(thread, as_list(self), arguments.at(0)));
}

Result<Ref<Object>> index(ThreadState& thread, Borrowed<Object> self,
                          const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t start, whole_bound_argument(thread, arguments[1], 0));
  TRY_ASSIGN(std::int64_t stop, whole_bound_argument(thread, arguments[2], INT64_MAX));
  return number_of(thread, list_index(thread, as_list(self), arguments.at(0), start, stop));
}

Result<Ref<Object>> reverse(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  list_reverse(thread, as_list(self));
  return none();
}

Result<Ref<Object>> sort(ThreadState& thread, Borrowed<Object> self,
                         const BoundArguments& arguments) {
  TRY_ASSIGN(bool is_reverse, truth_argument(thread, arguments[1], false));
  Object* key = arguments.has(0) && !is_none(arguments[0]) ? arguments[0] : nullptr;
  return none_after(list_sort(thread, as_list(self), key, is_reverse));
}

Result<Ref<Object>> reversed(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_list_reverse_iterator(thread, as_list(self));
}

constexpr NativeMethod kListMethods[] = {
    {"append(object, /)", &append, "Adds an item at the end."},
    {"insert(index, object, /)", &insert, "Adds an item before index."},
    {"extend(iterable, /)", &extend, "Adds all items of iterable at the end."},
    {"pop(index?, /)", &pop, "Removes the item at index, the last one by default, and returns it."},
    {"remove(value, /)", &remove, "Removes the first item that equals value."},
    {"clear()", &clear, "Removes all items."},
    {"copy()", &copy, "A list with the same items."},
    {"count(value, /)", &count, "How many items equal value."},
    {"index(value, start?, stop?, /)", &index, "Where the first item is that equals value."},
    {"reverse()", &reverse, "Turns the order round."},
    {"sort(*, key?, reverse?)", &sort, "Puts the items in order; equal ones stay in theirs."},
    {"__reversed__()", &reversed, "An iterator from the last item to the first."},
};

}  // namespace

Result<Done> open_list(ThreadState& thread) {
  return open_type(thread, {
                               .type = list_type,
                               .documentation = "list(iterable=(), /)",
                               .methods = kListMethods,
                               .constructor = "list(*iterable, **named)",
                               .make = &make_empty,
                           });
}

}  // namespace runtime
