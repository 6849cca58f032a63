// bytearray: octets that change.
//
// An array with room to grow, read and changed in a section of the object: unlike a list nobody
// reads it without the lock, as nothing in a program's inner loops does.
//
// Ancestry: CPython's Objects/bytearrayobject.c.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

// The fields are guarded by the object's lock.
struct ByteArray : Object {
  char* octets;  // from raw_allocate(); null: none
  std::int64_t length;
  std::int64_t capacity;
};

extern Type bytearray_type;

[[nodiscard]] inline bool is_bytearray(const Object& object) {
  return object.type == &bytearray_type || is_subtype(*object.type, bytearray_type);
}
[[nodiscard]] inline Borrowed<ByteArray> as_bytearray(Borrowed<Object> object) {
  RT_INVARIANT(is_bytearray(*object), "what is taken for a bytearray is one");
  return Borrowed<ByteArray>(static_cast<ByteArray*>(object.get()));
}

Result<Ref<ByteArray>> new_bytearray(ThreadState& thread, std::string_view octets);
// array[start : start + count] = octets; both are clipped to what is there now. A start below 0 counts
// from the end. MemoryError.
Result<Done> replace_octets(ThreadState& thread, Borrowed<ByteArray> array, std::int64_t start,
                            std::int64_t count, std::string_view octets);
// Takes `count` octets out, if they are there; false: they are not.
[[nodiscard]] bool take_octet(ThreadState& thread, Borrowed<ByteArray> array, std::int64_t index,
                              std::uint8_t* taken);
// The octets at one moment.
[[nodiscard]] std::string octets_of(ThreadState& thread, Borrowed<ByteArray> array);

}  // namespace runtime
