#include <algorithm>
#include <utility>

#include "runtime/memory/raw_heap.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/str_object.h"

namespace runtime {

StrBuilder::~StrBuilder() { raw_free(thread_, code_points_, capacity_ * sizeof(CodePoint)); }

bool StrBuilder::make_room(std::size_t more) {
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

void StrBuilder::append(std::string_view ascii) {
  if (!make_room(ascii.size())) return;
  for (char c : ascii) {
    RT_INVARIANT((c & 0x80) == 0, "what a builder is given as characters is ASCII");
    code_points_[count_++] = static_cast<CodePoint>(c);
  }
}

void StrBuilder::append(const Str& text) {
  if (!make_room(static_cast<std::size_t>(text.length))) return;
  for (std::int64_t i = 0; i < text.length; ++i) code_points_[count_++] = text.at(i);
}

Result<Ref<Str>> StrBuilder::finish() {
  if (is_out_of_memory_) return raise_out_of_memory(thread_);
  const std::size_t count = std::exchange(count_, 0);
  return new_str(thread_,
                 std::u32string_view(reinterpret_cast<const char32_t*>(code_points_), count));
}

}  // namespace runtime
