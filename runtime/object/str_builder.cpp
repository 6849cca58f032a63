#include <algorithm>
#include <utility>

#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/str_object.h"

namespace runtime {

StrBuilder::~StrBuilder() { raw_free(thread_, code_points_, capacity_ * sizeof(CodePoint)); }

bool StrBuilder::make_room(std::size_t more) {
  if (is_out_of_memory_ || more > (SIZE_MAX >> 4)) {
    is_out_of_memory_ = true;
    return false;
  }
  if (count_ + more <= capacity_) return true;
  const std::size_t larger = std::max<std::size_t>(count_ + more, capacity_ * 2 + 32);
  void* moved = capacity_ == 0
                    ? raw_allocate(thread_, larger * sizeof(CodePoint))
                    : raw_reallocate(thread_, code_points_, capacity_ * sizeof(CodePoint),
                                     larger * sizeof(CodePoint));
  if (moved == nullptr) {
    is_out_of_memory_ = true;
    return false;
  }
  code_points_ = static_cast<CodePoint*>(moved);
  capacity_ = larger;
  return true;
}

void StrBuilder::append(CodePoint code_point) {
  if (make_room(1)) code_points_[count_++] = code_point;
}

void StrBuilder::append_times(CodePoint code_point, std::int64_t times) {
  if (times <= 0 || !make_room(static_cast<std::size_t>(times))) return;
  std::fill_n(code_points_ + count_, times, code_point);
  count_ += static_cast<std::size_t>(times);
}

void StrBuilder::append_part(const Str& text, std::int64_t start, std::int64_t end) {
  if (!make_room(static_cast<std::size_t>(end - start))) return;
  for (std::int64_t i = start; i < end; ++i) code_points_[count_++] = text.at(i);
}

bool StrBuilder::reserve(std::int64_t more) {
  return more <= 0 || make_room(static_cast<std::size_t>(more));
}

void StrBuilder::append(std::string_view ascii) {
  if (!make_room(ascii.size())) return;
  for (char c : ascii) {
    RT_INVARIANT((c & 0x80) == 0, "what a builder is given as characters is ASCII");
    code_points_[count_++] = static_cast<CodePoint>(c);
  }
}

void StrBuilder::append(const Str& text) { append_part(text, 0, text.length); }

Result<Ref<Str>> StrBuilder::finish() {
  if (is_out_of_memory_) return raise_out_of_memory(thread_);
  const std::size_t count = std::exchange(count_, 0);
  return new_str(thread_,
                 std::u32string_view(reinterpret_cast<const char32_t*>(code_points_), count));
}

}  // namespace runtime
