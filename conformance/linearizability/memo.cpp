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
    std::vector<Hash128>().swap(slots_);
  } else if (count_ > 0) {
    std::fill(slots_.begin(), slots_.end(), Hash128{});
  }
  count_ = 0;
}

bool Memo::grow() {
  const std::size_t wanted = slots_.empty() ? kSmall : 2 * slots_.size();
  // Old and new table exist side by side for a moment.
  const auto bytes = static_cast<std::int64_t>((wanted + slots_.size()) * sizeof(Hash128));
  if (bytes > limit_ && wanted > kSmall) return false;
  std::vector<Hash128> old(wanted);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Hash128& hash : old) {
    if (hash == Hash128{}) continue;
    std::size_t at = hash.low & mask;
    while (slots_[at] != Hash128{}) at = (at + 1) & mask;
    slots_[at] = hash;
  }
  return true;
}

}  // namespace conformance
