#include "runtime/object/bytes_object.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "runtime/base/siphash.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/sequence_iterator.h"
#include "runtime/object/singletons.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/str_object.h"
#include "runtime/object/values.h"

namespace runtime {

namespace {

constinit Bytes empty(&bytes_type);  // is never written

Result<std::int64_t> hash(ThreadState& thread, Borrowed<Object> object) {
  Borrowed<Bytes> bytes = as_bytes(object);
  // Relaxed: the same for whoever computes it.
  std::int64_t hash = bytes->hash.load_relaxed();
  if (hash != Bytes::kNoHash) return hash;
  hash = static_cast<std::int64_t>(siphash13(Values::of(thread).hash_key(), bytes->data(),
                                             static_cast<std::size_t>(bytes->length)));
  if (hash == -1) hash = -2;
  bytes->hash.store_relaxed(hash);
  return hash;
}

Result<bool> equals(ThreadState&, Borrowed<Object> left, Borrowed<Object> right) {
  return as_bytes(left)->view() == as_bytes(right)->view();
}

Result<Ref<Object>> compare_bytes(ThreadState&, Borrowed<Object> left, Borrowed<Object> right,
                                  CompareOp op) {
  if (!is_bytes(*right)) return not_implemented();
  // As unsigned octets: char_traits compares so.
  return boolean(holds(op, as_bytes(left)->view().compare(as_bytes(right)->view())));
}

Result<Ref<Str>> repr(ThreadState& thread, Borrowed<Object> object) {
  const std::string_view octets = as_bytes(object)->view();
  const bool double_quotes =
      octets.find('\'') != std::string_view::npos && octets.find('"') == std::string_view::npos;
  const char quote = double_quotes ? '"' : '\'';
  StrBuilder built(thread);
  built.append("b");
  built.append(static_cast<CodePoint>(quote));
  for (char c : octets) {
    const auto octet = static_cast<std::uint8_t>(c);
    if (c == quote || c == '\\') {
      built.append('\\');
      built.append(octet);
    } else if (c == '\t') {
      built.append("\\t");
    } else if (c == '\n') {
      built.append("\\n");
    } else if (c == '\r') {
      built.append("\\r");
    } else if (octet >= 0x20 && octet < 0x7F) {
      built.append(octet);
    } else {
      built.append(fmt::format("\\x{:02x}", octet));
    }
  }
  built.append(static_cast<CodePoint>(quote));
  return built.finish();
}

Result<std::int64_t> length(ThreadState&, Borrowed<Object> object) {
  return as_bytes(object)->length;
}

Result<Ref<Object>> iterate(ThreadState& thread, Borrowed<Object> object) {
  return new_sequence_iterator(thread, bytes_iterator_type, object);
}

Result<Ref<Object>> get_slice(ThreadState& thread, Borrowed<Bytes> bytes, Borrowed<Slice> slice) {
  TRY_ASSIGN(SliceIndices indices, unpack(thread, slice));
  indices.adjust(bytes->length);
  if (indices.count == bytes->length && indices.step == 1 && bytes->type == &bytes_type) {
    return Ref<Object>::share(thread, bytes);
  }
  if (indices.count == 0) return Ref<Object>(Ref<Bytes>::adopt(&empty));
  TRY_ASSIGN(Ref<Bytes> made, allocate_bytes(thread, indices.count));
  for (std::int64_t i = 0; i < indices.count; ++i) {
    made->data()[i] = bytes->data()[indices.start + i * indices.step];
  }
  return made;
}

Result<Ref<Object>> get_item_of_bytes(ThreadState& thread, Borrowed<Object> object,
                                      Borrowed<Object> key) {
  Borrowed<Bytes> bytes = as_bytes(object);
  if (is_slice(*key)) return get_slice(thread, bytes, as_slice(key));
  if (!has_index(key)) {
    return raise(thread, type_error_type, "byte indices must be integers or slices, not {}",
                 type_name(key));
  }
  TRY_ASSIGN(std::int64_t index, checked_index_of(thread, key, index_error_type));
  if (index < 0) index += bytes->length;
  if (index < 0 || index >= bytes->length) {
    return raise(thread, index_error_type, "index out of range");
  }
  return Ref<Object>(shared_int(static_cast<std::uint8_t>(bytes->data()[index])));
}

Result<bool> contains_part(ThreadState& thread, Borrowed<Object> object, Borrowed<Object> part) {
  const std::string_view octets = as_bytes(object)->view();
  if (is_bytes(*part)) return octets.find(as_bytes(part)->view()) != std::string_view::npos;
  if (!has_index(part)) {
    return raise(thread, type_error_type, "a bytes-like object is required, not '{}'",
                 type_name(part));
  }
  TRY_ASSIGN(std::int64_t octet, checked_index_of(thread, part, value_error_type));
  if (octet < 0 || octet > 255) {
    return raise(thread, value_error_type, "byte must be in range(0, 256)");
  }
  return octets.find(static_cast<char>(octet)) != std::string_view::npos;
}

Result<Ref<Object>> concatenate(ThreadState& thread, Borrowed<Object> left,
                                Borrowed<Object> right) {
  if (!is_bytes(*right)) {
    return raise(thread, type_error_type, "can't concat {} to bytes", type_name(right));
  }
  const std::string_view first = as_bytes(left)->view();
  const std::string_view second = as_bytes(right)->view();
  if (first.empty() && right->type == &bytes_type) return Ref<Object>::share(thread, right);
  if (second.empty() && left->type == &bytes_type) return Ref<Object>::share(thread, left);
  TRY_ASSIGN(Ref<Bytes> made,
             allocate_bytes(thread, as_bytes(left)->length + as_bytes(right)->length));
  std::memcpy(made->data(), first.data(), first.size());
  std::memcpy(made->data() + first.size(), second.data(), second.size());
  return made;
}

Result<Ref<Object>> repeat(ThreadState& thread, Borrowed<Object> object, std::int64_t times) {
  Borrowed<Bytes> bytes = as_bytes(object);
  if (times <= 0 || bytes->length == 0) return Ref<Object>(Ref<Bytes>::adopt(&empty));
  if (times == 1 && bytes->type == &bytes_type) return Ref<Object>::share(thread, object);
  std::int64_t length;
  if (__builtin_mul_overflow(bytes->length, times, &length)) {
    return raise(thread, overflow_error_type, "repeated bytes are too long");
  }
  TRY_ASSIGN(Ref<Bytes> made, allocate_bytes(thread, length));
  for (std::int64_t i = 0; i < times; ++i) {
    std::memcpy(made->data() + i * bytes->length, bytes->data(),
                static_cast<std::size_t>(bytes->length));
  }
  return made;
}

constexpr Protocol kBytesProtocol{
    .hash = &hash,
    .equals = &equals,
    .compare = &compare_bytes,
    .repr = &repr,
    .length = &length,
    .iterate = &iterate,
    .get_item = &get_item_of_bytes,
    .contains = &contains_part,
    .concatenate = &concatenate,
    .repeat = &repeat,
};

}  // namespace

Result<Ref<Bytes>> allocate_bytes(ThreadState& thread, std::int64_t length) {
  if (length > (INT64_MAX >> 1)) return raise_out_of_memory(thread);
  auto* made = static_cast<Bytes*>(
      allocate_instance(thread, bytes_type, sizeof(Bytes) + static_cast<std::size_t>(length)));
  if (made == nullptr) return raise_out_of_memory(thread);
  made->length = length;
  made->hash.initialize(Bytes::kNoHash);
  return Ref<Bytes>::adopt(made);
}

constinit Type bytes_type(TypeSlots{
    .name = "bytes", .size = sizeof(Bytes), .protocol = &kBytesProtocol});

Result<Ref<Bytes>> new_bytes(ThreadState& thread, std::string_view octets) {
  if (octets.empty()) return Ref<Bytes>::adopt(&empty);
  TRY_ASSIGN(Ref<Bytes> made, allocate_bytes(thread, static_cast<std::int64_t>(octets.size())));
  std::memcpy(made->data(), octets.data(), octets.size());
  return made;
}

}  // namespace runtime
