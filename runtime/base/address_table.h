// A table from addresses to values that begins anew in no time.
//
// Each execution of the scheduler starts with empty tables and looks into them at every scheduling
// point. So entries carry the number of the execution they belong to: those of earlier ones are
// empty without being cleared, and nothing is ever taken out alone. Open addressing, at most half
// full. Addresses only find entries, their order decides nothing. A value stays where it is until
// the next at() of a new address. Not thread safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace runtime::machine {

template <class T>
class AddressTable {
 public:
  // Null when nobody has asked for this address with at() since the last clear().
  [[nodiscard]] T* find(std::uintptr_t address) {
    Entry& entry = entries_[place_of(address)];
    return entry.generation == generation_ ? &entry.value : nullptr;
  }
  // The value of the address, T{} at first.
  [[nodiscard]] T& at(std::uintptr_t address) {
    Entry* entry = &entries_[place_of(address)];
    if (entry->generation != generation_) {
      if (++used_ * 2 > entries_.size()) {
        grow();
        entry = &entries_[place_of(address)];
      }
      *entry = Entry{address, generation_, T{}};
    }
    return entry->value;
  }
  void clear() {
    ++generation_;
    used_ = 0;
  }

 private:
  struct Entry {
    std::uintptr_t address = 0;
    std::uint64_t generation = 0;
    T value{};
  };

  [[nodiscard]] std::size_t place_of(std::uintptr_t address) const {
    std::size_t mask = entries_.size() - 1;
    std::size_t at = (address * 0x9e3779b97f4a7c15) >> 20 & mask;
    while (entries_[at].generation == generation_ && entries_[at].address != address)
      at = (at + 1) & mask;
    return at;
  }
  void grow() {
    std::vector<Entry> old(entries_.size() * 2);
    old.swap(entries_);
    for (Entry& entry : old) {
      if (entry.generation == generation_) entries_[place_of(entry.address)] = entry;
    }
  }

  std::vector<Entry> entries_ = std::vector<Entry>(1024);
  std::uint64_t generation_ = 1;
  std::size_t used_ = 0;
};

}  // namespace runtime::machine
