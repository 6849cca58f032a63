// Head by appending, tail by a ring; the text is put together only when somebody asks.
#include "conformance/ports/bounded_capture.h"

#include <algorithm>

namespace conformance {

void BoundedCapture::add(std::string_view bytes) {
  if (bytes.empty()) return;
  bytes_ += bytes.size();
  text_is_current_ = false;
  const std::size_t to_head = std::min(bytes.size(), head_limit_ - head_.size());
  head_.append(bytes.substr(0, to_head));
  bytes.remove_prefix(to_head);
  if (bytes.size() >= tail_limit_) {
    tail_.assign(bytes.substr(bytes.size() - tail_limit_));
    tail_begin_ = 0;
    return;
  }
  const std::size_t to_fill = std::min(bytes.size(), tail_limit_ - tail_.size());
  tail_.append(bytes.substr(0, to_fill));
  for (const char byte : bytes.substr(to_fill)) {
    tail_[tail_begin_] = byte;
    tail_begin_ = (tail_begin_ + 1) % tail_limit_;
  }
}

const std::string& BoundedCapture::text() const {
  if (text_is_current_) return text_;
  text_ = head_;
  const std::uint64_t left_out = bytes_ - head_.size() - tail_.size();
  if (left_out > 0) text_ += "\n... " + std::to_string(left_out) + " bytes left out ...\n";
  text_.append(tail_, tail_begin_);
  text_.append(tail_, 0, tail_begin_);
  text_is_current_ = true;
  return text_;
}

}  // namespace conformance
