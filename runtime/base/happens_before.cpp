#include "runtime/base/happens_before.h"

#include <algorithm>

namespace runtime::machine {

template <class T>
std::size_t HappensBefore::Table<T>::slot(std::uintptr_t key) const {
  std::size_t mask = entries_.size() - 1;
  std::size_t at = (key * 0x9e3779b97f4a7c15) >> 20 & mask;
  while (entries_[at].generation == generation_ && entries_[at].key != key) at = (at + 1) & mask;
  return at;
}

template <class T>
T* HappensBefore::Table<T>::find(std::uintptr_t key) {
  Entry& entry = entries_[slot(key)];
  return entry.generation == generation_ ? &entry.value : nullptr;
}

template <class T>
T& HappensBefore::Table<T>::at(std::uintptr_t key) {
  Entry* entry = &entries_[slot(key)];
  if (entry->generation != generation_) {
    if (++used_ * 2 > entries_.size()) {
      grow();
      entry = &entries_[slot(key)];
    }
    *entry = Entry{key, generation_, T{}};
  }
  return entry->value;
}

template <class T>
void HappensBefore::Table<T>::grow() {
  std::vector<Entry> old(entries_.size() * 2);
  old.swap(entries_);
  for (Entry& entry : old) {
    if (entry.generation == generation_) entries_[slot(entry.key)] = entry;
  }
}

void HappensBefore::begin() {
  for (VectorClock& clock : threads_) clock = VectorClock{};
  count_ = 1;
  threads_[1].at[1] = 1;
  words_.begin();
  granules_.begin();
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
  const Released* released = words_.find(word);
  if (released != nullptr && released->any) join_into(threads_[thread], released->clock);
}

void HappensBefore::release(unsigned thread, std::uintptr_t word) {
  Released& released = words_.at(word);
  released.clock = threads_[thread];
  released.any = true;
  ++threads_[thread].at[thread];
}

void HappensBefore::release_adding(unsigned thread, std::uintptr_t word) {
  Released& released = words_.at(word);
  join_into(released.clock, threads_[thread]);
  released.any = true;
  ++threads_[thread].at[thread];
}

void HappensBefore::stored_relaxed(std::uintptr_t word) {
  Released* released = words_.find(word);
  if (released != nullptr) *released = Released{};
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
  granules_.at(address >> 3).atomic[thread] = now(thread, step);
}

HappensBefore::Conflict HappensBefore::read(unsigned thread, unsigned step,
                                            std::uintptr_t address) {
  Granule& granule = granules_.at(address >> 3);
  granule.reads[thread] = now(thread, step);
  return unordered(thread, granule.writes, true);
}

HappensBefore::Conflict HappensBefore::wrote(unsigned thread, unsigned step,
                                             std::uintptr_t address) {
  Granule& granule = granules_.at(address >> 3);
  granule.writes[thread] = now(thread, step);
  Conflict with_write = unordered(thread, granule.writes, true);
  return with_write ? with_write : unordered(thread, granule.reads, false);
}

HappensBefore::Conflict HappensBefore::freed(unsigned thread, std::uintptr_t address,
                                             std::size_t bytes) {
  Conflict conflict;
  for (std::uintptr_t key = address >> 3; key <= (address + bytes - 1) >> 3 && bytes != 0; ++key) {
    Granule* granule = granules_.find(key);
    if (granule == nullptr) continue;
    if (!conflict) conflict = unordered(thread, granule->writes, true);
    if (!conflict) conflict = unordered(thread, granule->reads, false);
    if (!conflict) conflict = unordered(thread, granule->atomic, false);
    *granule = Granule{};
  }
  return conflict;
}

}  // namespace runtime::machine
