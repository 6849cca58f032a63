// Tuples, lists, sets, dicts and strs made of registers: operation.h.
#include <fmt/format.h>
#include <vector>

#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/set_object.h"
#include "runtime/interpreter/arguments.h"
#include "runtime/interpreter/operation.h"
#include "runtime/methods/format.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/protocol.h"
#include "runtime/types/attributes.h"
#include "runtime/types/types.h"

namespace runtime {

namespace {

Borrowed<Object> item_of_window(const Operation& at, std::uint32_t index) {
  return Borrowed<Object>(at.place(at.b + index).object());
}

Result<Done> check_window(const Operation& at, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    if (at.place(at.b + i).is_empty()) return at.raise_empty_register(at.b + i);
  }
  return Done();
}

void close_window(const Operation& at, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) at.place(at.b + i).close(at.thread);
}

// The container that an instruction adds to, which stays in its register.
template <bool (*is_one)(const Object&)>
Result<Ref<Object>> container_of(const Operation& at, std::uint32_t number, const char* what) {
  TRY_ASSIGN(Ref<Object> container, at.share(number));
  if (!is_one(*container)) return raise_damaged(at.thread, what);
  return container;
}
Result<Ref<Object>> list_in(const Operation& at, std::uint32_t number) {
  return container_of<&is_list>(at, number, "what is appended to is no list");
}
bool is_plain_set(const Object& object) { return object.type == &set_type; }
Result<Ref<Object>> set_in(const Operation& at, std::uint32_t number) {
  return container_of<&is_plain_set>(at, number, "what is added to is no set");
}
Result<Ref<Object>> dict_in(const Operation& at, std::uint32_t number) {
  return container_of<&is_dict>(at, number, "what is put into is no dict");
}

Result<Ref<Object>> converted(ThreadState& thread, Ref<Object> object, std::uint32_t conversion) {
  switch (static_cast<FormatConversion>(conversion)) {
    case FormatConversion::kStr: {
      TRY_ASSIGN(Ref<Str> text, str_of(thread, object));
      return Ref<Object>(std::move(text));
    }
    case FormatConversion::kRepr: {
      TRY_ASSIGN(Ref<Str> text, repr_of(thread, object));
      return Ref<Object>(std::move(text));
    }
    case FormatConversion::kAscii: {
      TRY_ASSIGN(Ref<Str> text, ascii_of(thread, object));
      return Ref<Object>(std::move(text));
    }
    default:
      return object;
  }
}

bool is_mapping(ThreadState& thread, Borrowed<Object> object) {
  Result<Ref<Object>> keys = find_attribute(thread, object, Names::of(thread).keys());
  return !keys.is_raised() && static_cast<bool>(keys.value());
}

}  // namespace

Result<Done> build_tuple(const Operation& at) {
  if (at.c == 0) {
    at.put(at.a, empty_tuple());
    return Done();
  }
  TRY(check_window(at, at.c));
  TRY_ASSIGN(Ref<Tuple> tuple, allocate_tuple(at.thread, at.c));
  for (std::uint32_t i = 0; i < at.c; ++i) {
    tuple->items()[i] = at.place(at.b + i).to_heap(at.thread).release();
  }
  track(tuple.get());
  at.put(at.a, std::move(tuple));
  return Done();
}

Result<Done> build_list(const Operation& at) {
  TRY_ASSIGN(Ref<List> list, new_list(at.thread));
  for (std::uint32_t i = 0; i < at.c; ++i) {
    TRY_ASSIGN(Ref<Object> item, at.take_register(at.b + i));
    TRY(list_append(at.thread, list, std::move(item)));
  }
  at.put(at.a, std::move(list));
  return Done();
}

Result<Done> build_set(const Operation& at) {
  TRY_ASSIGN(Ref<Set> set, new_set(at.thread));
  for (std::uint32_t i = 0; i < at.c; ++i) {
    TRY_ASSIGN(Ref<Object> item, at.take_register(at.b + i));
    TRY(set_add(at.thread, set, item));
  }
  at.put(at.a, std::move(set));
  return Done();
}

Result<Done> build_map(const Operation& at) {
  TRY_ASSIGN(Ref<Dict> dict, new_dict(at.thread));
  for (std::uint32_t i = 0; i < at.c; ++i) {
    TRY_ASSIGN(Ref<Object> key, at.take_register(at.b + 2 * i));
    TRY_ASSIGN(Ref<Object> value, at.take_register(at.b + 2 * i + 1));
    TRY(dict_set(at.thread, dict, key, value));
  }
  at.put(at.a, std::move(dict));
  return Done();
}

Result<Done> build_string(const Operation& at) {
  TRY(check_window(at, at.c));
  std::vector<Borrowed<Object>> parts;
  parts.reserve(at.c);
  for (std::uint32_t i = 0; i < at.c; ++i) {
    parts.push_back(item_of_window(at, i));
    if (!is_str(*parts.back())) return raise_damaged(at.thread, "what is joined is no str");
  }
  TRY_ASSIGN(Ref<Str> text, join_strs(at.thread, empty_str(), parts));
  close_window(at, at.c);
  at.put(at.a, std::move(text));
  return Done();
}

Result<Done> append_to_list(const Operation& at) {
  TRY_ASSIGN(Ref<Object> list, list_in(at, at.a));
  TRY_ASSIGN(Ref<Object> item, at.take(at.b));
  return list_append(at.thread, as_list(list), std::move(item));
}

Result<Done> add_to_set(const Operation& at) {
  TRY_ASSIGN(Ref<Object> set, set_in(at, at.a));
  TRY_ASSIGN(Ref<Object> item, at.take(at.b));
  TRY(set_add(at.thread, as_set(set), item));
  return Done();
}

Result<Done> put_into_map(const Operation& at) {
  TRY_ASSIGN(Ref<Object> dict, dict_in(at, at.a));
  TRY_ASSIGN(Ref<Object> key, at.take(at.b));
  TRY_ASSIGN(Ref<Object> value, at.take(at.c));
  return dict_set(at.thread, as_dict(dict), key, value);
}

Result<Done> extend_list(const Operation& at) {
  TRY_ASSIGN(Ref<Object> list, list_in(at, at.a));
  TRY_ASSIGN(Ref<Object> iterable, at.take(at.b));
  const Protocol& protocol = protocol_of(iterable);
  if (protocol.iterate == nullptr && protocol.get_item == nullptr) {
    return raise(at.thread, type_error_type, "Value after * must be an iterable, not {}",
                 type_name(iterable));
  }
  return list_extend(at.thread, as_list(list), iterable);
}

Result<Done> update_set(const Operation& at) {
  TRY_ASSIGN(Ref<Object> set, set_in(at, at.a));
  TRY_ASSIGN(Ref<Object> iterable, at.take(at.b));
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(at.thread, iterable));
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(at.thread, iterator));
    if (!item) return Done();
    TRY(set_add(at.thread, as_set(set), item));
  }
}

Result<Done> update_dict(const Operation& at) {
  TRY_ASSIGN(Ref<Object> dict, dict_in(at, at.a));
  TRY_ASSIGN(Ref<Object> source, at.take_register(at.b));
  if (!is_dict(*source) && !is_mapping(at.thread, source)) {
    return raise(at.thread, type_error_type, "'{}' object is not a mapping", type_name(source));
  }
  return update_from_mapping(at.thread, as_dict(dict), source);
}

Result<Done> merge_dict(const Operation& at) {
  TRY_ASSIGN(Ref<Object> dict, dict_in(at, at.a));
  TRY_ASSIGN(Ref<Object> source, at.take_register(at.b));
  TRY_ASSIGN(Ref<Object> callee, at.share(at.c));
  return merge_named_arguments(at.thread, as_dict(dict), source, callee);
}

Result<Done> list_into_tuple(const Operation& at) {
  TRY_ASSIGN(Ref<Object> list, at.take_register(at.b));
  if (!is_list(*list)) return raise_damaged(at.thread, "what becomes a tuple is no list");
  TRY_ASSIGN(Ref<Tuple> tuple, list_to_tuple(at.thread, as_list(list)));
  at.put(at.a, std::move(tuple));
  return Done();
}

Result<Done> format(const Operation& at) {
  TRY_ASSIGN(Ref<Object> object, at.take(at.b));
  RT_TRY_ASSIGN(conversion, object, converted(at.thread, std::move(object), at.c));
  if (object->type != &str_type) {
    TRY_ASSIGN(Ref<Str> text, format_value(at.thread, object, empty_str()));
    object = std::move(text);
  }
  at.put(at.a, std::move(object));
  return Done();
}

Result<Done> format_with(const Operation& at) {
  TRY_ASSIGN(Ref<Object> object, at.take_register(at.b));
  TRY_ASSIGN(Ref<Object> spec, at.take_register(at.b + 1));
  RT_TRY_ASSIGN(conversion, object, converted(at.thread, std::move(object), at.c));
  if (!is_str(*spec)) return raise_damaged(at.thread, "a format is no str");
  TRY_ASSIGN(Ref<Str> text, format_value(at.thread, object, as_str(spec)));
  at.put(at.a, std::move(text));
  return Done();
}

}  // namespace runtime
