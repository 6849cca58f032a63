// bytes: octets that never change.
//
// In one block with their count. Read by any thread without a lock; the hash is remembered as in a
// str, and is that of a str with the same octets.
//
// Ancestry: CPython's Objects/bytesobject.c.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

struct Bytes : Object {
  std::int64_t length;
  Atomic<std::int64_t> hash;  // kNoHash until somebody asked

  static constexpr std::int64_t kNoHash = -1;

  // The empty one.
  constexpr explicit Bytes(Type* its_type) : Object(its_type), length(0), hash(0) {}

  [[nodiscard]] const char* data() const { return reinterpret_cast<const char*>(this + 1); }
  [[nodiscard]] char* data() { return reinterpret_cast<char*>(this + 1); }
  [[nodiscard]] std::string_view view() const { return {data(), static_cast<std::size_t>(length)}; }
};

extern Type bytes_type;

[[nodiscard]] inline bool is_bytes(const Object& object) {
  return object.type == &bytes_type || is_subtype(*object.type, bytes_type);
}
[[nodiscard]] inline Borrowed<Bytes> as_bytes(Borrowed<Object> object) {
  RT_INVARIANT(is_bytes(*object), "what is taken for bytes is bytes");
  return Borrowed<Bytes>(static_cast<Bytes*>(object.get()));
}

// For who writes the octets himself, before anybody else can know them; they are zero at first.
// MemoryError. length > 0.
Result<Ref<Bytes>> allocate_bytes(ThreadState& thread, std::int64_t length);
// The empty one exists once. MemoryError.
Result<Ref<Bytes>> new_bytes(ThreadState& thread, std::string_view octets);

}  // namespace runtime
