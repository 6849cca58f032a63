// Configurations that were visited and led nowhere: a set of 128-bit hashes.
//
// Open addressing with linear probing, doubled at five eighths of its room. It holds hashes only, so
// two configurations with one hash would be taken for one; README.md says why that may be neglected.
// Bounded: insert() answers Full when growing would pass the limit.
#pragma once

#include <cstdint>
#include <vector>

#include "conformance/linearizability/step.h"

namespace conformance {

class Memo {
 public:
  enum class Answer { New, Known, Full };

  // Forgets everything. Keeps small tables, gives large ones back.
  void reset(std::int64_t byte_limit);
  Answer insert(Hash128 hash);
  std::int64_t size() const { return count_; }
  std::int64_t bytes() const { return static_cast<std::int64_t>(slots_.size() * sizeof(Hash128)); }

 private:
  bool grow();

  std::vector<Hash128> slots_;
  std::int64_t count_ = 0;
  std::int64_t limit_ = 0;
};

inline Memo::Answer Memo::insert(Hash128 hash) {
  if (hash == Hash128{}) hash.low = 1;  // all zero marks an empty slot
  if (8 * count_ >= 5 * static_cast<std::int64_t>(slots_.size()) && !grow()) return Answer::Full;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash.low & mask;; at = (at + 1) & mask) {
    if (slots_[at] == hash) return Answer::Known;
    if (slots_[at] == Hash128{}) {
      slots_[at] = hash;
      ++count_;
      return Answer::New;
    }
  }
}

}  // namespace conformance
