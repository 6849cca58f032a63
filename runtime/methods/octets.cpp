#include "runtime/methods/octets.h"

#include <cstring>

#include "runtime/methods/bytearray_object.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/str_object.h"
#include "runtime/types/attributes.h"

namespace runtime {

bool has_octets(const Object& object) { return is_bytes(object) || is_bytearray(object); }

std::string octets_in(ThreadState& thread, Borrowed<Object> object) {
  if (is_bytes(*object)) return std::string(as_bytes(object)->view());
  return octets_of(thread, as_bytearray(object));
}

Result<std::string> required_octets(ThreadState& thread, Borrowed<Object> object) {
  if (has_octets(*object)) return octets_in(thread, object);
  return raise(thread, type_error_type, "a bytes-like object is required, not '{}'",
               type_name(object));
}

Result<std::uint8_t> octet_of(ThreadState& thread, Borrowed<Object> object,
                              const char* range_error) {
  TRY_ASSIGN(std::int64_t number, clipped_index_of(thread, object));
  if (number < 0 || number > 255) return raise_text(thread, value_error_type, range_error);
  return static_cast<std::uint8_t>(number);
}

Result<std::string> octets_of_object(ThreadState& thread, Borrowed<Object> object) {
  if (has_octets(*object)) return octets_in(thread, object);
  TRY_ASSIGN(Method method, find_special(thread, object, "__bytes__"));
  if (method.function) {
    TRY_ASSIGN(Ref<Object> made, call_method(thread, method, Arguments()));
    if (is_bytes(*made)) return std::string(as_bytes(made)->view());
    return raise(thread, type_error_type, "__bytes__ returned non-bytes (type {})",
                 type_name(made));
  }
  const Protocol& protocol = protocol_of(object);
  if (is_str(*object) || (protocol.iterate == nullptr && protocol.get_item == nullptr)) {
    return raise(thread, type_error_type, "cannot convert '{}' object to bytes", type_name(object));
  }
  TRY_ASSIGN(Ref<Object> iterator, get_iterator(thread, object));
  std::string octets;
  for (;;) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, iterator));
    if (!item) return octets;
    TRY_ASSIGN(std::uint8_t octet, octet_of(thread, item, "bytes must be in range(0, 256)"));
    octets += static_cast<char>(octet);
  }
}

Result<Ref<Bytes>> new_filled_bytes(ThreadState& thread, std::int64_t length, std::uint8_t octet) {
  if (length == 0) return new_bytes(thread, "");
  TRY_ASSIGN(Ref<Bytes> made, allocate_bytes(thread, length));
  if (octet != 0) std::memset(made->data(), octet, static_cast<std::size_t>(length));
  return made;
}

}  // namespace runtime
