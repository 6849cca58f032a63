// Octets of whatever has some: bytes, a bytearray, or an iterable of numbers.
//
// Ancestry: PyBytes_FromObject of CPython's Objects/bytesobject.c.
#pragma once

#include <string>

#include "runtime/object/bytes_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

// bytes or bytearray, or what is derived from them.
[[nodiscard]] bool has_octets(const Object& object);
// Of what has octets, at one moment.
[[nodiscard]] std::string octets_in(ThreadState& thread, Borrowed<Object> object);
// The same; TypeError "a bytes-like object is required, not 'str'".
Result<std::string> required_octets(ThreadState& thread, Borrowed<Object> object);
// Of an iterable, too. TypeError "cannot convert 'str' object to bytes".
Result<std::string> octets_of_object(ThreadState& thread, Borrowed<Object> object);
// One number, 0 .. 255. ValueError.
Result<std::uint8_t> octet_of(ThreadState& thread, Borrowed<Object> object,
                              const char* range_error);

// bytes(source, encoding, errors); null: not given. `function` is who is asked, for messages.
Result<Ref<Bytes>> bytes_of_source(ThreadState& thread, const char* function, Object* source,
                                   Object* encoding, Object* errors);

// So many times the same octet. MemoryError.
Result<Ref<Bytes>> new_filled_bytes(ThreadState& thread, std::int64_t length, std::uint8_t octet);

}  // namespace runtime
