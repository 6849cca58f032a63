// Growing and forgetting.
#include "conformance/linearizability/memo.h"

#include <algorithm>

namespace conformance {

namespace {
constexpr std::size_t kSmall = 256;
constexpr std::size_t kKept = 4096;
}  // namespace

void Memo::reset(std::int64_t byte_limit) {
  limit_ = byte_limit;
  if (slots_.size() > kKept) {
    std::vector<Slot>().swap(slots_);
  } else if (count_ > 0) {
    std::fill(slots_.begin(), slots_.end(), Slot{});
  }
  count_ = 0;
}

bool Memo::grow() {
  const std::size_t wanted = slots_.empty() ? kSmall : 2 * slots_.size();
  // Old and new table exist side by side for a moment.
  const auto bytes = static_cast<std::int64_t>((wanted + slots_.size()) * sizeof(Slot));
  if (bytes > limit_ && wanted > kSmall) return false;
  std::vector<Slot> old(wanted);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.hash == Hash128{}) continue;
    std::size_t at = slot.hash.low & mask;
    while (slots_[at].hash != Hash128{}) at = (at + 1) & mask;
    slots_[at] = slot;
  }
  return true;
}

}  // namespace conformance
