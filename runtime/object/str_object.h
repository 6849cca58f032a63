// str: text, as a sequence of code points that never changes.
//
// Most text is ASCII, so a code point takes one, two or four bytes, as few as the largest one in
// the string needs; equal strings therefore have equal bytes. Text, length and kind are written
// before the string is published and never again (but see append_to): any thread reads them without
// a lock. The hash is computed when somebody asks and remembered in the string: two threads may both
// compute it, they find the same number, and it does not matter whose store comes last. Interned
// strings (intern.h) exist once, and are immortal.
//
// Not for bytes (bytes_object.h).
//
// Ancestry: PEP 393; CPython's Objects/unicodeobject.c.
//
// Orderings in this file
//   The hash is loaded and stored relaxed: it is one word that depends on nothing but the text,
//   which whoever reads the hash could read himself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/object/protocol.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/type.h"

namespace runtime {

using CodePoint = std::uint32_t;
inline constexpr CodePoint kGreatestCodePoint = 0x10FFFF;

// Bytes per code point.
enum class StrKind : std::uint8_t { k1 = 1, k2 = 2, k4 = 4 };

struct Str : Object {
  std::int64_t length;        // in code points
  Atomic<std::int64_t> hash;  // kNoHash until somebody asked
  StrKind kind;               // the least that holds its largest code point
  bool is_ascii;
  Atomic<bool> is_interned;  // this very object is in the table, and stays there while it lives

  static constexpr std::int64_t kNoHash = -1;

  // The empty string.
  constexpr explicit Str(Type* its_type)
      : Object(its_type),
        length(0),
        hash(0),
        kind(StrKind::k1),
        is_ascii(true),
        is_interned(true) {}

  [[nodiscard]] const std::uint8_t* bytes() const {
    return reinterpret_cast<const std::uint8_t*>(this + 1);
  }
  [[nodiscard]] std::uint8_t* bytes() { return reinterpret_cast<std::uint8_t*>(this + 1); }
  [[nodiscard]] std::size_t byte_count() const {
    return static_cast<std::size_t>(length) * static_cast<std::size_t>(kind);
  }
  // 0 <= index < length.
  [[nodiscard]] CodePoint at(std::int64_t index) const {
    switch (kind) {
      case StrKind::k1:
        return bytes()[index];
      case StrKind::k2:
        return reinterpret_cast<const std::uint16_t*>(bytes())[index];
      default:
        return reinterpret_cast<const std::uint32_t*>(bytes())[index];
    }
  }
};

extern Type str_type;

[[nodiscard]] inline bool is_str(const Object& object) {
  return object.type == &str_type || is_subtype(*object.type, str_type);
}
[[nodiscard]] inline Borrowed<Str> as_str(Borrowed<Object> object) {
  RT_INVARIANT(is_str(*object), "what is taken for a str is one");
  return Borrowed<Str>(static_cast<Str*>(object.get()));
}

// Making strings: MemoryError. The empty one and those of one code point below 256 exist once.
// `utf8` is valid UTF-8, or has surrogates encoded as if they were code points.
Result<Ref<Str>> new_str(ThreadState& thread, std::string_view utf8);
Result<Ref<Str>> new_str(ThreadState& thread, std::u32string_view code_points);
Result<Ref<Str>> new_str(ThreadState& thread, CodePoint code_point);
[[nodiscard]] Ref<Str> empty_str();

// For who writes the text himself, before anybody else can know the string: `length` code points,
// of which the largest is `greatest` (or of the same kind and as much ASCII). length > 0.
Result<Ref<Str>> allocate_str(ThreadState& thread, std::int64_t length, CodePoint greatest);

// Another object with the same text, of exact type, not interned. length > 0.
Result<Ref<Str>> copy_str(ThreadState& thread, Borrowed<Str> text);

// Reading them; none of these can fail, unless they say Result.
[[nodiscard]] bool equal_strs(const Str& left, const Str& right);
// By code points; -1, 0 or 1.
[[nodiscard]] int compare_strs(const Str& left, const Str& right);
// Computed once, by the key of the runtime (PYTHONHASHSEED); 0 for the empty string.
[[nodiscard]] std::int64_t hash_of_str(ThreadState& thread, const Str& text);
// Surrogates are written as if they were characters: for messages and for comparison with literals.
[[nodiscard]] std::string utf8_of(const Str& text);
[[nodiscard]] bool equals_utf8(const Str& text, std::string_view utf8);

Result<Ref<Str>> concatenate_strs(ThreadState& thread, Borrowed<Str> left, Borrowed<Str> right);
// left += right: changes the text of `left` in place if nobody else can hold or find it and its
// block has room, else makes a new string.
Result<Ref<Str>> append_to(ThreadState& thread, Ref<Str> left, Borrowed<Str> right);
// From `start` to `end`, 0 <= start <= end <= length.
Result<Ref<Str>> substring(ThreadState& thread, Borrowed<Str> text, std::int64_t start,
                           std::int64_t end);
// Of the first occurrence in [start, end), which are clipped; -1: none.
[[nodiscard]] std::int64_t find_in_str(const Str& text, const Str& part, std::int64_t start,
                                       std::int64_t end);
[[nodiscard]] std::int64_t find_last_in_str(const Str& text, const Str& part, std::int64_t start,
                                            std::int64_t end);
// separator.join(parts), each of which is a str.
Result<Ref<Str>> join_strs(ThreadState& thread, Borrowed<Str> separator, Arguments parts);
// text * times; what is not positive gives the empty one.
Result<Ref<Str>> repeat_str(ThreadState& thread, Borrowed<Str> text, std::int64_t times);
// str.isprintable() of one: neither a control nor unassigned nor a separator but the blank.
[[nodiscard]] bool is_printable(CodePoint code_point);
// str.isspace() of one: what strip(), split(), int() and float() leave out.
[[nodiscard]] bool is_blank(CodePoint code_point);
// Quoted and escaped as Python writes it.
Result<Ref<Str>> repr_of_str(ThreadState& thread, Borrowed<Str> text);

// Text that grows: what the repr of a container is written into. Holds no objects, so it may live
// across calls that run foreign code. One thread at a time.
class StrBuilder {
 public:
  explicit StrBuilder(ThreadState& thread) : thread_(thread) {}
  ~StrBuilder();
  StrBuilder(const StrBuilder&) = delete;
  StrBuilder& operator=(const StrBuilder&) = delete;

  void append(CodePoint code_point);
  void append(std::string_view ascii);
  void append(const Str& text);
  // The same one so often; nothing if `times` is not positive.
  void append_times(CodePoint code_point, std::int64_t times);
  // text[start:end], 0 <= start <= end <= length.
  void append_part(const Str& text, std::int64_t start, std::int64_t end);
  // Makes room at once. False: there is no memory, and finish() will say so; who would append in a
  // long loop need not.
  [[nodiscard]] bool reserve(std::int64_t more);
  // In code points.
  [[nodiscard]] std::int64_t length() const { return static_cast<std::int64_t>(count_); }
  // MemoryError if memory ran out on the way. Empties the builder.
  Result<Ref<Str>> finish();

 private:
  [[nodiscard]] bool make_room(std::size_t more);

  ThreadState& thread_;
  CodePoint* code_points_ = nullptr;
  std::size_t count_ = 0;
  std::size_t capacity_ = 0;
  bool is_out_of_memory_ = false;
};

}  // namespace runtime
