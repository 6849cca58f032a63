// a, b = c; a, *b = c: operation.h.
#include "runtime/containers/dict_object.h"
#include "runtime/containers/list_object.h"
#include "runtime/interpreter/operation.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/protocol.h"

namespace runtime {

namespace {

Raised raise_too_few(ThreadState& thread, const char* least, std::uint32_t expected,
                     std::uint32_t found) {
  return raise(thread, value_error_type, "not enough values to unpack (expected {}{}, got {})",
               least, expected, found);
}

// With their number where it is known without asking the program.
Raised raise_too_many(ThreadState& thread, Borrowed<Object> source, std::uint32_t expected) {
  std::int64_t size = -1;
  if (source->type == &list_type) size = list_size(*as_list(source));
  if (source->type == &tuple_type) size = as_tuple(source)->size;
  if (source->type == &dict_type) size = dict_size(*as_dict(source));
  if (size > expected) {
    return raise(thread, value_error_type, "too many values to unpack (expected {}, got {})",
                 expected, size);
  }
  return raise(thread, value_error_type, "too many values to unpack (expected {})", expected);
}

Result<Ref<Object>> iterator_of(ThreadState& thread, Borrowed<Object> source) {
  const Protocol& protocol = protocol_of(source);
  if (protocol.iterate == nullptr && protocol.get_item == nullptr) {
    return raise(thread, type_error_type, "cannot unpack non-iterable {} object",
                 type_name(source));
  }
  return get_iterator(thread, source);
}

// Takes `count` items into registers from `first` on.
Result<Done> take_items(const Operation& at, Borrowed<Object> iterator, std::uint32_t first,
                        std::uint32_t count, const char* least, std::uint32_t expected) {
  for (std::uint32_t i = 0; i < count; ++i) {
    TRY_ASSIGN(Ref<Object> item, next_of(at.thread, iterator));
    if (!item) return raise_too_few(at.thread, least, expected, i);
    at.put(first + i, std::move(item));
  }
  return Done();
}

}  // namespace

Result<Done> unpack(const Operation& at) {
  TRY_ASSIGN(Ref<Object> source, at.take_register(at.b));
  if (source->type == &tuple_type && as_tuple(source)->size == at.c) {
    const Borrowed<Tuple> tuple = as_tuple(source);
    for (std::uint32_t i = 0; i < at.c; ++i) {
      put_register(at.thread, at.place(at.a + i), StackRef::load(at.thread, tuple->at(i)));
    }
    return Done();
  }
  TRY_ASSIGN(Ref<Object> iterator, iterator_of(at.thread, source));
  TRY(take_items(at, iterator, at.a, at.c, "", at.c));
  TRY_ASSIGN(Ref<Object> further, next_of(at.thread, iterator));
  if (further) return raise_too_many(at.thread, source, at.c);
  return Done();
}

Result<Done> unpack_star(const Operation& at) {
  const std::uint32_t before = at.c;
  const std::uint32_t after = extra_of(at.behind[0]);
  TRY_ASSIGN(Ref<Object> source, at.take_register(at.b));
  TRY_ASSIGN(Ref<Object> iterator, iterator_of(at.thread, source));
  const char* const least = "at least ";
  TRY(take_items(at, iterator, at.a, before, least, before + after));
  TRY_ASSIGN(Ref<List> rest, new_list_from(at.thread, iterator));
  const std::int64_t size = list_size(*rest);
  if (size < after) {
    return raise_too_few(at.thread, least, before + after,
                         before + static_cast<std::uint32_t>(size));
  }
  for (std::uint32_t i = after; i > 0; --i) {
    TRY_ASSIGN(Ref<Object> item, list_pop(at.thread, rest));
    at.put(at.a + before + i, std::move(item));
  }
  at.put(at.a + before, std::move(rest));
  return Done();
}

}  // namespace runtime
