// Iterators that several threads share: which there are, and what is promised of them.
//
// Promised of every one: what it gives was in the container; whoever asks after somebody was told of the
// end is told of the end (list_iterator.h, shared_place.h). Of enumerate: each number once. Of a deque
// that nobody changes: each item once, as each step is one section. Of lists, deques and the keys of
// dicts that nobody changes: when somebody was told of the end, each item was given or is on its way.
// Not promised: that a list or a dict gives an item once.
#pragma once

#include <string>

#include "fuzz/programs/container.h"

namespace fuzzing {

enum class IteratorKind : std::uint8_t {
  kList,
  kListReverse,
  kSet,
  kDictKeys,
  kDictValues,
  kDeque,
  kEnumerate,
  kReversed,
  kZip
};
inline constexpr unsigned kIteratorKinds = 9;
inline IteratorKind iterator_kind(std::uint8_t kind) {
  return static_cast<IteratorKind>(kind % 64 % kIteratorKinds);
}

extern const ContainerKind iterators_kind;

// "" or the sentence that does not hold.
std::string iterator_complaint(const Program& program, const Recorder& recorder,
                               std::span<const std::int64_t> initial);

}  // namespace fuzzing
