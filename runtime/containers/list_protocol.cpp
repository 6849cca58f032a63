// What Python's operators mean for lists.
#include "runtime/containers/list_protocol.h"

#include <algorithm>

#include "runtime/containers/constructor_arguments.h"
#include "runtime/containers/list_iterator.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/list_storage.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/recursion.h"
#include "runtime/object/singletons.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/str_object.h"

namespace runtime {

namespace {

// Where two lists begin to differ, and what stands there: null where one has ended.
struct Difference {
  Ref<Object> left;
  Ref<Object> right;
  std::int64_t left_size;
  std::int64_t right_size;
};

// Goes over what is the same in both, in sections of both. Returns the first place where the items
// must be asked.
std::int64_t skip_identical(ThreadState& thread, Borrowed<List> left, Borrowed<List> right,
                            std::int64_t from, Difference& different) {
  ObjectSection2 section(thread, left, right);
  note_access_locked(thread, left.get());
  note_access_locked(thread, right.get());
  different.left_size = list_size(*left);
  different.right_size = list_size(*right);
  const std::int64_t common = std::min(different.left_size, different.right_size);
  for (; from < common; ++from) {
    if (item_locked(*left, from) == item_locked(*right, from)) continue;
    different.left = share_item_locked(thread, *left, from);
    different.right = share_item_locked(thread, *right, from);
    break;
  }
  return from;
}

// Foreign code may change both meanwhile, so that their sizes are looked at again each time.
Result<Difference> first_difference(ThreadState& thread, Borrowed<List> left,
                                    Borrowed<List> right) {
  for (std::int64_t at = 0;; ++at) {
    Difference different;
    at = skip_identical(thread, left, right, at, different);
    if (!different.left) return different;
    TRY_ASSIGN(bool equal, are_equal(thread, different.left, different.right));
    if (!equal) return different;
  }
}

Result<Ref<Object>> compare_list(ThreadState& thread, Borrowed<Object> left, Borrowed<Object> right,
                                 CompareOp op) {
  if (!is_list(*right)) return not_implemented();
  const bool asks_equality = op == CompareOp::kEqual || op == CompareOp::kNotEqual;
  if (asks_equality && list_size(*as_list(left)) != list_size(*as_list(right))) {
    return boolean(op == CompareOp::kNotEqual);
  }
  TRY_ASSIGN(Difference different, first_difference(thread, as_list(left), as_list(right)));
  if (!different.left) {
    const std::int64_t first = different.left_size;
    const std::int64_t second = different.right_size;
    return boolean(holds(op, first < second ? -1 : first > second ? 1 : 0));
  }
  if (asks_equality) return boolean(op == CompareOp::kNotEqual);
  return compare(thread, different.left, different.right, op);
}

Result<Ref<Str>> repr(ThreadState& thread, Borrowed<Object> object) {
  Borrowed<List> list = as_list(object);
  if (list_size(*list) == 0) return new_str(thread, "[]");
  ReprFrame frame(thread, object);
  if (frame.is_inside_itself()) return new_str(thread, "[...]");
  StrBuilder built(thread);
  built.append("[");
  for (std::int64_t i = 0; Ref<Object> item = list_get(thread, list, i); ++i) {
    if (i != 0) built.append(", ");
    TRY_ASSIGN(Ref<Str> text, repr_of(thread, item));
    built.append(*text);
  }
  built.append("]");
  return built.finish();
}

Result<std::int64_t> length(ThreadState&, Borrowed<Object> object) {
  return list_size(*as_list(object));
}

Result<Ref<Object>> iterate(ThreadState& thread, Borrowed<Object> object) {
  return new_list_iterator(thread, as_list(object));
}

Result<std::int64_t> index_in_list(ThreadState& thread, Borrowed<Object> key) {
  if (!has_index(key)) {
    return raise(thread, type_error_type, "list indices must be integers or slices, not {}",
                 type_name(key));
  }
  return checked_index_of(thread, key, index_error_type);
}

Result<Ref<Object>> get_item_of_list(ThreadState& thread, Borrowed<Object> object,
                                     Borrowed<Object> key) {
  Borrowed<List> list = as_list(object);
  if (is_slice(*key)) return list_get_slice(thread, list, key);
  TRY_ASSIGN(std::int64_t index, index_in_list(thread, key));
  if (index < 0) index += list_size(*list);
  if (Ref<Object> item = list_get(thread, list, index)) return item;
  return raise_text(thread, index_error_type, "list index out of range");
}

Result<Done> set_item_of_list(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> key,
                              Object* value) {
  Borrowed<List> list = as_list(object);
  if (is_slice(*key)) return list_set_slice(thread, list, key, value);
  TRY_ASSIGN(std::int64_t index, index_in_list(thread, key));
  if (value == nullptr) {
    if (list_delete(thread, list, index)) return Done();
  } else {
    if (index < 0) index += list_size(*list);
    Ref<Object> item = Ref<Object>::share(thread, Borrowed<Object>(value));
    if (list_set(thread, list, index, std::move(item))) return Done();
  }
  return raise_text(thread, index_error_type, "list assignment index out of range");
}

Result<bool> contains_item(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> member) {
  return list_contains(thread, as_list(object), member);
}

Result<Ref<Object>> concatenate(ThreadState& thread, Borrowed<Object> left,
                                Borrowed<Object> right) {
  if (!is_list(*right)) {
    return raise(thread, type_error_type, "can only concatenate list (not \"{}\") to list",
                 type_name(right));
  }
  return list_concatenate(thread, as_list(left), as_list(right));
}

Result<Ref<Object>> inplace_concatenate(ThreadState& thread, Borrowed<Object> left,
                                        Borrowed<Object> right) {
  TRY(list_extend(thread, as_list(left), right));
  return Ref<Object>::share(thread, left);
}

Result<Ref<Object>> repeat(ThreadState& thread, Borrowed<Object> object, std::int64_t times) {
  return list_repeat(thread, as_list(object), times);
}

Result<Ref<Object>> inplace_repeat(ThreadState& thread, Borrowed<Object> object,
                                   std::int64_t times) {
  TRY(list_repeat_in_place(thread, as_list(object), times));
  return Ref<Object>::share(thread, object);
}

// list.__init__: begins anew.
Result<Done> initialize(ThreadState& thread, Borrowed<Object> object,
                        const CallArguments& arguments) {
  TRY_ASSIGN(Object * iterable, only_argument(thread, "list", arguments));
  Borrowed<List> list = as_list(object);
  if (list_size(*list) != 0) list_clear(thread, list);
  if (iterable == nullptr) return Done();
  return list_extend(thread, list, Borrowed<Object>(iterable));
}

}  // namespace

constinit const Protocol list_protocol{
    .compare = &compare_list,
    .repr = &repr,
    .length = &length,
    .iterate = &iterate,
    .get_item = &get_item_of_list,
    .set_item = &set_item_of_list,
    .contains = &contains_item,
    .concatenate = &concatenate,
    .inplace_concatenate = &inplace_concatenate,
    .repeat = &repeat,
    .inplace_repeat = &inplace_repeat,
    .initialize = &initialize,
};

}  // namespace runtime
