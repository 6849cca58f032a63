// The two ends of a stream of any length, in memory of a fixed size.
//
// What a process prints last says why it died and what it prints first says what it is; the middle
// of a flood says nothing. The first half of the limit is kept as it comes, the last half is a ring
// that later bytes overwrite.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace conformance {

class BoundedCapture {
 public:
  explicit BoundedCapture(std::size_t limit)
      : head_limit_(limit - limit / 2), tail_limit_(limit / 2) {}

  void add(std::string_view bytes);

  // Everything, or both ends with "... 1234567 bytes left out ..." on a line between them.
  const std::string& text() const;
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::size_t head_limit_, tail_limit_;
  std::uint64_t bytes_ = 0;
  std::string head_;
  std::string tail_;            // a ring once it is full
  std::size_t tail_begin_ = 0;  // where the oldest byte of the ring stands
  mutable std::string text_;
  mutable bool text_is_current_ = true;
};

}  // namespace conformance
