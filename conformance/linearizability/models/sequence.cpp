// The changes of a sequence that touch more than its right end.
#include "conformance/linearizability/models/sequence.h"

#include <algorithm>

namespace conformance {

void Sequence::reset(std::span<const Word> items) {
  hash_ = {};
  origin_ = 0;
  begin_ = static_cast<std::int64_t>(buffer_.size()) / 4;
  end_ = begin_;
  origin_ = -begin_;
  for (const Word word : items) put(size(), word);
}

void Sequence::make_room() {
  const std::int64_t count = size();
  std::vector<Word> larger(static_cast<std::size_t>(std::max<std::int64_t>(16, 4 * count)));
  const std::int64_t begin = static_cast<std::int64_t>(larger.size()) / 4;
  std::copy(buffer_.begin() + begin_, buffer_.begin() + end_, larger.begin() + begin);
  origin_ += begin_ - begin;
  buffer_.swap(larger);
  begin_ = begin;
  end_ = begin + count;
}

void Sequence::put_inside(std::int64_t index, Word word) {
  if (index == 0) {
    if (begin_ == 0) make_room();
    buffer_[static_cast<std::size_t>(--begin_)] = word;
    toggle(begin_, word);
    return;
  }
  if (end_ == static_cast<std::int64_t>(buffer_.size())) make_room();
  ++end_;
  for (std::int64_t slot = end_ - 1; slot > begin_ + index; --slot) {
    const Word moved = buffer_[static_cast<std::size_t>(slot - 1)];
    toggle(slot - 1, moved);
    toggle(slot, moved);
    buffer_[static_cast<std::size_t>(slot)] = moved;
  }
  buffer_[static_cast<std::size_t>(begin_ + index)] = word;
  toggle(begin_ + index, word);
}

Word Sequence::take_inside(std::int64_t index) {
  const Word word = at(index);
  toggle(begin_ + index, word);
  if (index == 0) {
    ++begin_;
    return word;
  }
  for (std::int64_t slot = begin_ + index; slot + 1 < end_; ++slot) {
    const Word moved = buffer_[static_cast<std::size_t>(slot + 1)];
    toggle(slot + 1, moved);
    toggle(slot, moved);
    buffer_[static_cast<std::size_t>(slot)] = moved;
  }
  --end_;
  return word;
}

void Sequence::turn_round() {
  for (std::int64_t left = 0, right = size() - 1; left < right; ++left, --right) {
    const Word word = at(left);
    assign(left, at(right));
    assign(right, word);
  }
}

void Sequence::turn(std::int64_t places) {
  const std::vector<Word> old(buffer_.begin() + begin_, buffer_.begin() + end_);
  for (std::int64_t index = 0; index < size(); ++index) {
    assign((index + places) % size(), old[static_cast<std::size_t>(index)]);
  }
}

void Sequence::undo(const UndoEntry& entry) {
  switch (entry.kind) {
    case kInserted:
      take(entry.place);
      break;
    case kErased:
      put(entry.place, entry.old);
      break;
    case kReplaced:
      assign(entry.place, entry.old);
      break;
    case kReversed:
      turn_round();
      break;
    default:
      turn((size() - entry.place) % size());
      break;
  }
}

}  // namespace conformance
