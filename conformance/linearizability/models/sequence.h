// Words in a row: what list, deque and queue states are made of.
//
// A buffer with room at both ends, so that taking and putting is cheap at either. Every change writes
// one undo entry and keeps the hash, which mixes each word with its absolute place: a place that does
// not move when something is put in or taken out at the left. Two equal sequences that were reached by
// different numbers of changes at the left have different hashes, which costs the memo a second visit
// and nothing else.
#pragma once

#include "conformance/linearizability/step.h"

namespace conformance {

class Sequence {
 public:
  void reset(std::span<const Word> items);

  std::int64_t size() const { return end_ - begin_; }
  bool empty() const { return end_ == begin_; }
  Word at(std::int64_t index) const { return buffer_[static_cast<std::size_t>(begin_ + index)]; }
  Hash128 hash() const { return hash_; }

  void insert(std::int64_t index, Word word, UndoLog& log) {
    put(index, word);
    log.push_back({kInserted, static_cast<std::int32_t>(index), {}});
  }
  Word erase(std::int64_t index, UndoLog& log) {
    const Word old = take(index);
    log.push_back({kErased, static_cast<std::int32_t>(index), old});
    return old;
  }
  void replace(std::int64_t index, Word word, UndoLog& log) {
    log.push_back({kReplaced, static_cast<std::int32_t>(index), at(index)});
    assign(index, word);
  }
  void reverse(UndoLog& log) {
    turn_round();
    log.push_back({kReversed, 0, {}});
  }
  void rotate_right(std::int64_t places, UndoLog& log) {  // 0 <= places < size()
    turn(places);
    log.push_back({kRotated, static_cast<std::int32_t>(places), {}});
  }
  void undo(const UndoEntry& entry);

 private:
  enum : std::uint32_t { kInserted, kErased, kReplaced, kReversed, kRotated };

  // The pair (absolute place, word) enters or leaves the hash.
  void toggle(std::int64_t slot, Word word) {
    hash_ ^= mix(static_cast<std::uint64_t>(slot + origin_), word.bits());
  }
  void put(std::int64_t index, Word word) {
    if (index == size()) {
      if (end_ == static_cast<std::int64_t>(buffer_.size())) make_room();
      toggle(end_, word);
      buffer_[static_cast<std::size_t>(end_++)] = word;
    } else {
      put_inside(index, word);
    }
  }
  Word take(std::int64_t index) {
    if (index + 1 == size()) {
      const Word word = buffer_[static_cast<std::size_t>(--end_)];
      toggle(end_, word);
      return word;
    }
    return take_inside(index);
  }
  void assign(std::int64_t index, Word word) {
    Word& slot = buffer_[static_cast<std::size_t>(begin_ + index)];
    toggle(begin_ + index, slot);
    slot = word;
    toggle(begin_ + index, word);
  }
  void put_inside(std::int64_t index, Word word);
  Word take_inside(std::int64_t index);
  void turn_round();
  void turn(std::int64_t places);
  void make_room();

  std::vector<Word> buffer_;
  std::int64_t begin_ = 0, end_ = 0;
  std::int64_t origin_ = 0;  // absolute place of buffer_[0]
  Hash128 hash_;
};

}  // namespace conformance
