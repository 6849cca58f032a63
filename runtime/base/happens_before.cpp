#include "runtime/base/happens_before.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/base/scheduled_memory.h"

namespace runtime::machine {

void HappensBefore::begin() {
  for (VectorClock& clock : threads_) clock = VectorClock{};
  count_ = 1;
  threads_[1].at[1] = 1;
  words_.clear();
  plain_.clear();
  for (std::size_t place : known_places_) known_[place] = 0;
  known_places_.clear();
}

void HappensBefore::join_into(VectorClock& left, const VectorClock& right) const {
  for (unsigned i = 1; i <= count_; ++i) left.at[i] = std::max(left.at[i], right.at[i]);
}

void HappensBefore::started(unsigned parent, unsigned child) {
  count_ = std::max(count_, child);
  threads_[child] = threads_[parent];
  threads_[child].at[child] = 1;
  ++threads_[parent].at[parent];
}

void HappensBefore::joined(unsigned parent, unsigned child) {
  join_into(threads_[parent], threads_[child]);
}

void HappensBefore::acquire(unsigned thread, std::uintptr_t word) {
  const Word* found = words_.find(word);
  if (found != nullptr && found->any_released) join_into(threads_[thread], found->released);
}

void HappensBefore::release(unsigned thread, std::uintptr_t word) {
  Word& entry = words_.at(word);
  entry.released = threads_[thread];
  entry.any_released = true;
  remember(word);
  ++threads_[thread].at[thread];
}

void HappensBefore::release_adding(unsigned thread, std::uintptr_t word) {
  Word& entry = words_.at(word);
  join_into(entry.released, threads_[thread]);
  entry.any_released = true;
  remember(word);
  ++threads_[thread].at[thread];
}

void HappensBefore::stored_relaxed(std::uintptr_t word) {
  Word* found = words_.find(word);
  if (found == nullptr) return;
  found->released = VectorClock{};
  found->any_released = false;
}

HappensBefore::Conflict HappensBefore::unordered(unsigned thread,
                                                 const Access (&accesses)[kThreads],
                                                 bool wrote) const {
  for (unsigned other = 1; other <= count_; ++other) {
    if (other != thread && accesses[other].epoch > threads_[thread].at[other]) {
      return Conflict{other, accesses[other].step, wrote};
    }
  }
  return {};
}

void HappensBefore::touched_atomically(unsigned thread, unsigned step, std::uintptr_t address) {
  words_.at(address).touches[thread] = now(thread, step);
  remember(address);
}

HappensBefore::Conflict HappensBefore::read(unsigned thread, unsigned step,
                                            std::uintptr_t address) {
  PlainValue& value = plain_.at(address);
  value.reads[thread] = now(thread, step);
  remember(address);
  return unordered(thread, value.writes, true);
}

HappensBefore::Conflict HappensBefore::wrote(unsigned thread, unsigned step,
                                             std::uintptr_t address) {
  PlainValue& value = plain_.at(address);
  value.writes[thread] = now(thread, step);
  remember(address);
  Conflict with_write = unordered(thread, value.writes, true);
  return with_write ? with_write : unordered(thread, value.reads, false);
}

void HappensBefore::remember(std::uintptr_t address) {
  if (!in_arena(reinterpret_cast<void*>(address))) return;
  std::size_t place = (address - kArenaBase) / 8;
  if (place >= known_.size()) known_.resize(std::max(place + 1, known_.size() * 2));
  if (known_[place] == 0) known_places_.push_back(place);
  known_[place] |= static_cast<std::uint8_t>(1u << address % 8);
}

HappensBefore::Conflict HappensBefore::forget(unsigned thread, std::uintptr_t address) {
  Conflict conflict;
  if (PlainValue* value = plain_.find(address)) {
    conflict = unordered(thread, value->writes, true);
    if (!conflict) conflict = unordered(thread, value->reads, false);
    *value = PlainValue{};
  }
  if (Word* word = words_.find(address)) {
    if (!conflict) conflict = unordered(thread, word->touches, false);
    *word = Word{};
  }
  return conflict;
}

HappensBefore::Conflict HappensBefore::freed(unsigned thread, std::uintptr_t address,
                                             std::size_t bytes) {
  Conflict first;
  auto end_life = [&](std::uintptr_t at) {
    Conflict conflict = forget(thread, at);
    if (!first) first = conflict;
  };
  if (!in_arena(reinterpret_cast<void*>(address))) {
    for (std::uintptr_t at = address; at < address + bytes; ++at) end_life(at);
    return first;
  }
  std::size_t place = (address - kArenaBase) / 8;
  std::size_t end = std::min((address + bytes - kArenaBase + 7) / 8, known_.size());
  for (; place < end; ++place) {
    std::uint64_t eight = 0;
    if (place + 8 <= end) std::memcpy(&eight, &known_[place], 8);
    if (place + 8 <= end && eight == 0) {
      place += 7;
      continue;
    }
    for (unsigned bits = known_[place]; bits != 0; bits &= bits - 1) {
      std::uintptr_t at = kArenaBase + place * 8 + static_cast<unsigned>(std::countr_zero(bits));
      if (at >= address && at < address + bytes) end_life(at);
    }
  }
  return first;
}

}  // namespace runtime::machine
