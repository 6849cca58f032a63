#include "runtime/object/str_object.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/base/siphash.h"
#include "runtime/memory/object_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/values.h"

namespace runtime {

namespace {

constinit Str empty_string(&str_type);  // is never written

constexpr StrKind kind_for(CodePoint greatest) {
  return greatest < 0x100 ? StrKind::k1 : greatest < 0x10000 ? StrKind::k2 : StrKind::k4;
}

// The least number that asks for this kind and this much ASCII: what two strings joined must hold is
// the larger of theirs.
CodePoint greatest_like(const Str& text) {
  switch (text.kind) {
    case StrKind::k1:
      return text.is_ascii ? 0x7F : 0xFF;
    case StrKind::k2:
      return 0xFFFF;
    default:
      return kGreatestCodePoint;
  }
}

// Calls function(pointer to the first code point) with the type that the kind stands for.
template <class Function>
auto with_code_points(const Str& text, Function&& function) {
  switch (text.kind) {
    case StrKind::k1:
      return function(text.bytes());
    case StrKind::k2:
      return function(reinterpret_cast<const std::uint16_t*>(text.bytes()));
    default:
      return function(reinterpret_cast<const std::uint32_t*>(text.bytes()));
  }
}

// Writes one code point; the kind is large enough.
void put(Str& text, std::int64_t index, CodePoint code_point) {
  switch (text.kind) {
    case StrKind::k1:
      text.bytes()[index] = static_cast<std::uint8_t>(code_point);
      return;
    case StrKind::k2:
      reinterpret_cast<std::uint16_t*>(text.bytes())[index] =
          static_cast<std::uint16_t>(code_point);
      return;
    default:
      reinterpret_cast<std::uint32_t*>(text.bytes())[index] = code_point;
  }
}

// to[at...] = from[start, start + count); the kind of `to` is at least that of `from`.
void copy_code_points(Str& to, std::int64_t at, const Str& from, std::int64_t start,
                      std::int64_t count) {
  if (to.kind == from.kind) {
    const auto width = static_cast<std::int64_t>(to.kind);
    std::memcpy(to.bytes() + at * width, from.bytes() + start * width,
                static_cast<std::size_t>(count * width));
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) put(to, at + i, from.at(start + i));
}

// Takes the next code point from valid UTF-8.
CodePoint take_code_point(const char*& at) {
  const auto first = static_cast<std::uint8_t>(*at++);
  if (first < 0x80) return first;
  const unsigned more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  CodePoint code_point = first & (0x3Fu >> more);
  for (unsigned i = 0; i < more; ++i) {
    code_point = code_point << 6 | (static_cast<std::uint8_t>(*at++) & 0x3F);
  }
  return code_point;
}

void append_utf8(std::string& to, CodePoint code_point) {
  if (code_point < 0x80) {
    to += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    to += static_cast<char>(0xC0 | code_point >> 6);
    to += static_cast<char>(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    to += static_cast<char>(0xE0 | code_point >> 12);
    to += static_cast<char>(0x80 | (code_point >> 6 & 0x3F));
    to += static_cast<char>(0x80 | (code_point & 0x3F));
  } else {
    to += static_cast<char>(0xF0 | code_point >> 18);
    to += static_cast<char>(0x80 | (code_point >> 12 & 0x3F));
    to += static_cast<char>(0x80 | (code_point >> 6 & 0x3F));
    to += static_cast<char>(0x80 | (code_point & 0x3F));
  }
}

std::int64_t clip(std::int64_t value, std::int64_t least, std::int64_t greatest) {
  return std::max(least, std::min(value, greatest));
}

}  // namespace

Result<Ref<Str>> allocate_str(ThreadState& thread, std::int64_t length, CodePoint greatest) {
  RT_INVARIANT(length > 0, "the empty string exists once");
  const StrKind kind = kind_for(greatest);
  if (length > (INT64_MAX >> 3)) return raise_out_of_memory(thread);
  const std::size_t bytes =
      sizeof(Str) + static_cast<std::size_t>(length) * static_cast<std::size_t>(kind);
  auto* made = static_cast<Str*>(allocate_instance(thread, str_type, bytes));
  if (made == nullptr) return raise_out_of_memory(thread);
  made->length = length;
  made->hash.initialize(Str::kNoHash);
  made->kind = kind;
  made->is_ascii = greatest < 0x80;
  return Ref<Str>::adopt(made);
}

Result<Ref<Str>> copy_str(ThreadState& thread, Borrowed<Str> text) {
  TRY_ASSIGN(Ref<Str> made, allocate_str(thread, text->length, greatest_like(*text)));
  std::memcpy(made->bytes(), text->bytes(), text->byte_count());
  return made;
}

Ref<Str> empty_str() { return Ref<Str>::adopt(&empty_string); }

Result<Ref<Str>> new_str(ThreadState& thread, CodePoint code_point) {
  if (code_point < 0x100) {
    return Values::of(thread).character(thread, static_cast<std::uint8_t>(code_point));
  }
  TRY_ASSIGN(Ref<Str> made, allocate_str(thread, 1, code_point));
  put(*made, 0, code_point);
  return made;
}

Result<Ref<Str>> new_str(ThreadState& thread, std::string_view utf8) {
  const char* const end = utf8.data() + utf8.size();
  std::int64_t length = 0;
  CodePoint all_bits = 0;
  CodePoint last = 0;
  for (const char* at = utf8.data(); at != end; ++length) all_bits |= last = take_code_point(at);
  if (length == 0) return empty_str();
  if (length == 1) return new_str(thread, last);
  // The bits of all ask for the same kind as the largest does, unless they exceed what there is.
  TRY_ASSIGN(Ref<Str> made, allocate_str(thread, length, all_bits));
  const char* at = utf8.data();
  if (made->is_ascii) {
    std::memcpy(made->bytes(), at, utf8.size());
  } else {
    for (std::int64_t i = 0; i < length; ++i) put(*made, i, take_code_point(at));
  }
  return made;
}

Result<Ref<Str>> new_str(ThreadState& thread, std::u32string_view code_points) {
  if (code_points.empty()) return empty_str();
  if (code_points.size() == 1) return new_str(thread, static_cast<CodePoint>(code_points[0]));
  CodePoint all_bits = 0;
  for (char32_t code_point : code_points) all_bits |= code_point;
  TRY_ASSIGN(Ref<Str> made,
             allocate_str(thread, static_cast<std::int64_t>(code_points.size()), all_bits));
  for (std::size_t i = 0; i < code_points.size(); ++i) {
    put(*made, static_cast<std::int64_t>(i), code_points[i]);
  }
  return made;
}

bool equal_strs(const Str& left, const Str& right) {
  if (left.length != right.length || left.kind != right.kind) return false;
  return std::memcmp(left.bytes(), right.bytes(), left.byte_count()) == 0;
}

int compare_strs(const Str& left, const Str& right) {
  const std::int64_t common = std::min(left.length, right.length);
  if (left.kind == StrKind::k1 && right.kind == StrKind::k1) {
    const int order = std::memcmp(left.bytes(), right.bytes(), static_cast<std::size_t>(common));
    if (order != 0) return order < 0 ? -1 : 1;
  } else {
    for (std::int64_t i = 0; i < common; ++i) {
      if (left.at(i) != right.at(i)) return left.at(i) < right.at(i) ? -1 : 1;
    }
  }
  return left.length < right.length ? -1 : left.length > right.length ? 1 : 0;
}

std::int64_t hash_of_str(ThreadState& thread, const Str& text) {
  // Both relaxed: see the head of str_object.h.
  std::int64_t hash = text.hash.load_relaxed();
  if (hash != Str::kNoHash) return hash;
  point("str.hash.missing");
  hash = static_cast<std::int64_t>(
      siphash13(Values::of(thread).hash_key(), text.bytes(), text.byte_count()));
  if (hash == -1) hash = -2;
  auto& remembered = const_cast<Atomic<std::int64_t>&>(text.hash);
  if (RT_MUTANT(hash_stored_in_halves)) {
    remembered.store_relaxed(static_cast<std::int64_t>(static_cast<std::uint32_t>(hash)));
  }
  remembered.store_relaxed(hash);
  return hash;
}

std::string utf8_of(const Str& text) {
  std::string utf8;
  utf8.reserve(text.byte_count());
  for (std::int64_t i = 0; i < text.length; ++i) append_utf8(utf8, text.at(i));
  return utf8;
}

bool equals_utf8(const Str& text, std::string_view utf8) {
  const char* at = utf8.data();
  const char* const end = at + utf8.size();
  for (std::int64_t i = 0; i < text.length; ++i) {
    if (at == end || take_code_point(at) != text.at(i)) return false;
  }
  return at == end;
}

Result<Ref<Str>> concatenate_strs(ThreadState& thread, Borrowed<Str> left, Borrowed<Str> right) {
  if (left->length == 0 && right->type == &str_type) return Ref<Str>::share(thread, right);
  if (right->length == 0 && left->type == &str_type) return Ref<Str>::share(thread, left);
  const std::int64_t length = left->length + right->length;
  if (length == 0) return empty_str();
  TRY_ASSIGN(Ref<Str> made,
             allocate_str(thread, length, std::max(greatest_like(*left), greatest_like(*right))));
  copy_code_points(*made, 0, *left, 0, left->length);
  copy_code_points(*made, left->length, *right, 0, right->length);
  return made;
}

// Nobody else has the string, nobody can find it, and its block has room for what comes: then it may
// change. An interned string is immortal, hence not unique.
Result<Ref<Str>> append_to(ThreadState& thread, Ref<Str> left, Borrowed<Str> right) {
  const std::int64_t old_length = left->length;
  const std::int64_t more = right->length;
  const bool may_change =
      RT_MUTANT(append_to_shared_string) ? !is_immortal(left.get()) : is_unique(thread, left.get());
  const std::size_t bytes_after = sizeof(Str) + static_cast<std::size_t>(old_length + more) *
                                                    static_cast<std::size_t>(left->kind);
  if (!may_change || left->type != &str_type || right->kind > left->kind ||
      usable_size(left.get()) < bytes_after) {
    return concatenate_strs(thread, left, right);
  }
  copy_code_points(*left, old_length, *right, 0, more);
  left->length = old_length + more;
  left->is_ascii = left->is_ascii && right->is_ascii;
  if (!RT_MUTANT(append_keeps_hash))
    left->hash.store_relaxed(Str::kNoHash);  // nobody else reads it
  return left;
}

Result<Ref<Str>> substring(ThreadState& thread, Borrowed<Str> text, std::int64_t start,
                           std::int64_t end) {
  RT_INVARIANT(0 <= start && start <= end && end <= text->length, "a substring lies inside");
  if (start == 0 && end == text->length && text->type == &str_type) {
    return Ref<Str>::share(thread, text);
  }
  if (start == end) return empty_str();
  if (end - start == 1) return new_str(thread, text->at(start));
  // Where the text is not ASCII, its part may be of a smaller kind.
  CodePoint all_bits = 0;
  if (!text->is_ascii) {
    for (std::int64_t i = start; i < end; ++i) all_bits |= text->at(i);
  }
  TRY_ASSIGN(Ref<Str> made, allocate_str(thread, end - start, all_bits));
  if (made->kind == text->kind) {
    copy_code_points(*made, 0, *text, start, end - start);
  } else {
    for (std::int64_t i = start; i < end; ++i) put(*made, i - start, text->at(i));
  }
  return made;
}

Result<Ref<Str>> repeat_str(ThreadState& thread, Borrowed<Str> text, std::int64_t times) {
  if (times <= 0 || text->length == 0) return empty_str();
  if (times == 1 && text->type == &str_type) return Ref<Str>::share(thread, text);
  std::int64_t length;
  if (__builtin_mul_overflow(text->length, times, &length)) {
    return raise(thread, overflow_error_type, "repeated string is too long");
  }
  TRY_ASSIGN(Ref<Str> made, allocate_str(thread, length, greatest_like(*text)));
  for (std::int64_t i = 0; i < times; ++i) {
    copy_code_points(*made, i * text->length, *text, 0, text->length);
  }
  return made;
}

std::int64_t find_in_str(const Str& text, const Str& part, std::int64_t start, std::int64_t end) {
  end = clip(end, 0, text.length);
  start = std::max<std::int64_t>(start, 0);
  if (start > end || part.length > end - start) return -1;
  return with_code_points(text, [&](const auto* all) {
    return with_code_points(part, [&](const auto* sought) -> std::int64_t {
      const auto* const last = all + end;
      const auto* found = std::search(all + start, last, sought, sought + part.length);
      return found == last && part.length != 0 ? -1 : found - all;
    });
  });
}

std::int64_t find_last_in_str(const Str& text, const Str& part, std::int64_t start,
                              std::int64_t end) {
  end = clip(end, 0, text.length);
  start = std::max<std::int64_t>(start, 0);
  if (start > end || part.length > end - start) return -1;
  return with_code_points(text, [&](const auto* all) {
    return with_code_points(part, [&](const auto* sought) -> std::int64_t {
      const auto* const last = all + end;
      const auto* found = std::find_end(all + start, last, sought, sought + part.length);
      return found == last && part.length != 0 ? -1 : found - all;
    });
  });
}

Result<Ref<Str>> join_strs(ThreadState& thread, Borrowed<Str> separator, Arguments parts) {
  if (parts.empty()) return empty_str();
  std::int64_t length = 0;
  CodePoint greatest = parts.size() > 1 ? greatest_like(*separator) : 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!is_str(*parts[i])) {
      return raise(thread, type_error_type, "sequence item {}: expected str instance, {} found", i,
                   type_name(parts[i]));
    }
    const Str& part = *as_str(parts[i]);
    length += part.length + (i == 0 ? 0 : separator->length);
    greatest = std::max(greatest, greatest_like(part));
  }
  if (parts.size() == 1 && parts[0]->type == &str_type) {
    return Ref<Str>::share(thread, as_str(parts[0]));
  }
  if (length == 0) return empty_str();
  TRY_ASSIGN(Ref<Str> made, allocate_str(thread, length, greatest));
  std::int64_t at = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) {
      copy_code_points(*made, at, *separator, 0, separator->length);
      at += separator->length;
    }
    const Str& part = *as_str(parts[i]);
    copy_code_points(*made, at, part, 0, part.length);
    at += part.length;
  }
  return made;
}

}  // namespace runtime
