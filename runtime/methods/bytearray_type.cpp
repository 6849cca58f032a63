// bytearray: the methods that change it, and its table.
#include <algorithm>
#include <cstring>

#include "runtime/base/mutants.h"
#include "runtime/methods/bytearray_object.h"
#include "runtime/methods/bytes_methods.h"
#include "runtime/methods/octets.h"
#include "runtime/methods/open_parts.h"
#include "runtime/object/object_section.h"

namespace runtime {

namespace {

constexpr const char* kOutOfRange = "byte must be in range(0, 256)";

Result<Ref<Object>> append(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  TRY_ASSIGN(std::uint8_t octet, octet_of(thread, arguments.at(0), kOutOfRange));
  const char added = static_cast<char>(octet);
  return none_after(replace_octets(thread, as_bytearray(self), INT64_MAX, 0, {&added, 1}));
}

Result<Ref<Object>> insert(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t index, checked_index_of(thread, arguments.at(0), overflow_error_type));
  TRY_ASSIGN(std::uint8_t octet, octet_of(thread, arguments.at(1), kOutOfRange));
  const char added = static_cast<char>(octet);
  if (RT_MUTANT(bytearray_inserts_by_old_length) && index < 0) {
    TRY_ASSIGN(std::int64_t length, length_of(thread, self));
    index = std::max<std::int64_t>(index + length, 0);
  }
  return none_after(replace_octets(thread, as_bytearray(self), index, 0, {&added, 1}));
}

Result<Ref<Object>> extend(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  Borrowed<Object> given = arguments.at(0);
  if (is_str(*given)) {
    return raise_text(thread, type_error_type, "expected iterable of integers; got: 'str'");
  }
  const Protocol& protocol = protocol_of(given);
  if (!has_octets(*given) && protocol.iterate == nullptr && protocol.get_item == nullptr) {
    return raise(thread, type_error_type, "can't extend bytearray with {}", type_name(given));
  }
  std::string octets;
  if (has_octets(*given)) {
    octets = octets_in(thread, given);
  } else {
    TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, given));
    for (;;) {
      TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
      if (!item) break;
      TRY_ASSIGN(std::uint8_t octet, octet_of(thread, item, kOutOfRange));
      octets += static_cast<char>(octet);
    }
  }
  return none_after(replace_octets(thread, as_bytearray(self), INT64_MAX, 0, octets));
}

Result<Ref<Object>> pop(ThreadState& thread, Borrowed<Object> self,
                        const BoundArguments& arguments) {
  TRY_ASSIGN(std::int64_t index, number_argument(thread, arguments[0], -1));
  std::uint8_t octet = 0;
  if (take_octet(thread, as_bytearray(self), index, &octet)) {
    return Ref<Object>(shared_int(octet));
  }
  TRY_ASSIGN(std::int64_t length, length_of(thread, self));
  return raise_text(thread, index_error_type,
                    length == 0 ? "pop from empty bytearray" : "pop index out of range");
}

Result<Ref<Object>> remove(ThreadState& thread, Borrowed<Object> self,
                           const BoundArguments& arguments) {
  TRY_ASSIGN(std::uint8_t octet, octet_of(thread, arguments.at(0), kOutOfRange));
  bool is_found = false;
  {
    ObjectSection section(thread, self);
    ByteArray& array = *as_bytearray(self);
    char* const end = array.octets + array.length;
    char* const at = std::find(array.octets, end, static_cast<char>(octet));
    is_found = at != end;
    if (is_found) {
      std::memmove(at, at + 1, static_cast<std::size_t>(end - at - 1));
      --array.length;
    }
  }
  if (!is_found) return raise_text(thread, value_error_type, "value not found in bytearray");
  return none();
}

Result<Ref<Object>> clear(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return none_after(replace_octets(thread, as_bytearray(self), 0, INT64_MAX, ""));
}

Result<Ref<Object>> copy(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return new_bytearray(thread, octets_in(thread, self));
}

Result<Ref<Object>> reverse(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  ObjectSection section(thread, self);
  ByteArray& array = *as_bytearray(self);
  std::reverse(array.octets, array.octets + array.length);
  return none();
}

constexpr NativeMethod kByteArrayMethods[] = {
    RT_METHODS_OF_OCTETS,
    {"append(item, /)", &append, "Adds an octet at the end."},
    {"insert(index, item, /)", &insert, "Adds an octet before index."},
    {"extend(iterable, /)", &extend, "Adds all octets of iterable at the end."},
    {"pop(index?, /)", &pop, "Removes the octet at index, the last by default."},
    {"remove(value, /)", &remove, "Removes the first octet that is value."},
    {"clear()", &clear, "Removes all octets."},
    {"copy()", &copy, "A bytearray with the same octets."},
    {"reverse()", &reverse, "Turns the order round."},
};

}  // namespace

Result<Done> open_bytearray(ThreadState& thread) {
  return open_type(thread, {
                               .type = bytearray_type,
                               .documentation = "bytearray(source=b'', encoding, errors)",
                               .methods = kByteArrayMethods,
                               .constructor = "bytearray(*source, **named)",
                               .make = &make_empty,
                           });
}

}  // namespace runtime
