// Keys as numbers: open addressing, grown at half load.
#include "conformance/linearizability/step.h"

#include <algorithm>

namespace conformance {

void KeyNumbers::clear() {
  std::fill(slots_.begin(), slots_.end(), Slot{});
  words_.clear();
}

std::int32_t KeyNumbers::find(Word key) const {
  if (slots_.empty()) return -1;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = mix_lane(key.bits(), 0, 1) & mask;; at = (at + 1) & mask) {
    if (slots_[at].number < 0) return -1;
    if (slots_[at].key == key) return slots_[at].number;
  }
}

std::int32_t KeyNumbers::add(Word key) {
  if (2 * words_.size() >= slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = mix_lane(key.bits(), 0, 1) & mask;; at = (at + 1) & mask) {
    if (slots_[at].number < 0) {
      slots_[at] = {key, static_cast<std::int32_t>(words_.size())};
      words_.push_back(key);
      return slots_[at].number;
    }
    if (slots_[at].key == key) return slots_[at].number;
  }
}

void KeyNumbers::grow() {
  std::vector<Slot> old(std::max<std::size_t>(16, 2 * slots_.size()));
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number < 0) continue;
    std::size_t at = mix_lane(slot.key.bits(), 0, 1) & mask;
    while (slots_[at].number >= 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace conformance
