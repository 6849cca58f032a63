// Configurations that were visited and led nowhere: a set of 128-bit hashes.
//
// Open addressing with linear probing, doubled at five eighths of its room. It holds hashes only, so
// two configurations with one hash would be taken for one; README.md says why that may be neglected.
// Bounded: insert() answers Full when growing would pass the limit.
//
// Operations that never returned need not go. Of two configurations that differ only in which of those
// have gone, the one that has used fewer can do all that the other can: so they are kept out of the hash,
// as a mask beside it, and a configuration is known when one with a subset of its mask was visited.
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
  Answer insert(Hash128 hash, std::uint64_t optional);
  std::int64_t size() const { return count_; }
  std::int64_t bytes() const { return static_cast<std::int64_t>(slots_.size() * sizeof(Slot)); }

 private:
  struct Slot {
    Hash128 hash;
    std::uint64_t optional = 0;
  };
  bool grow();

  std::vector<Slot> slots_;
  std::int64_t count_ = 0;
  std::int64_t limit_ = 0;
};

inline Memo::Answer Memo::insert(Hash128 hash, std::uint64_t optional) {
  if (hash == Hash128{}) hash.low = 1;  // all zero marks an empty slot
  if (8 * count_ >= 5 * static_cast<std::int64_t>(slots_.size()) && !grow()) return Answer::Full;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash.low & mask;; at = (at + 1) & mask) {
    Slot& slot = slots_[at];
    if (slot.hash == hash && (slot.optional & ~optional) == 0) return Answer::Known;
    if (slot.hash == Hash128{}) {
      slot = {hash, optional};
      ++count_;
      return Answer::New;
    }
  }
}

}  // namespace conformance
