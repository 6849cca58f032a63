#include "runtime/memory/object_page.h"

#include <algorithm>

namespace runtime {

void ObjectPage::format(HeapKind new_kind, unsigned new_size_class, std::size_t new_block_bytes) {
  RT_INVARIANT(used.value() == 0 && remote.peek() == 0, "an unused page is formatted");
  kind = new_kind;
  size_class = new_size_class;
  block_bytes = new_block_bytes;
  capacity = static_cast<std::uint32_t>(blocks_bytes() / new_block_bytes);
  free = nullptr;
  event = kNoEvent;
  carved = 0;
  goal = 0;
}

bool ObjectPage::is_block(const void* block) const {
  auto offset = static_cast<std::size_t>(static_cast<const char*>(block) - blocks());
  return offset % block_bytes == 0 && offset / block_bytes < capacity;
}

bool ObjectPage::carve() {
  RT_INVARIANT(free == nullptr, "blocks are carved when there is no other");
  if (carved == capacity) return false;
  // About a page of the machine: memory that was never needed is never touched.
  constexpr std::uint32_t kCarvedBytes = 4096;
  auto wanted = static_cast<std::uint32_t>(kCarvedBytes / block_bytes);
  std::uint32_t count = std::clamp<std::uint32_t>(wanted, 1, capacity - carved);
  for (std::uint32_t index = carved + count; index-- > carved;) {
    void* block = block_at(index);
    set_link(block, free);
    free = block;
  }
  carved += count;
  return true;
}

// A push only needs the word it replaces, whatever happened in between: if the newest block is the
// same one again, then it is the right one to link to.
void ObjectPage::push_remote(void* block) {
  auto steps =
      static_cast<std::uint32_t>((static_cast<char*>(block) - mapping()) / kBlockAlignment);
  memory_header_only(block, kReadableHeaderBytes, block_bytes);
  std::uint32_t before = remote.load_relaxed();  // the exchange checks it
  for (;;) {
    set_link(block, remote_block(before));
    std::uint32_t after = steps << kRemoteBlockShift | ((before & kRemoteCountMask) + 1);
    if (RT_MUTANT(remote_free_stores)) return remote.store_release(after);
    if (RT_MUTANT(remote_free_relaxed) ? remote.compare_exchange_relaxed(before, after)
                                       : remote.compare_exchange_release(before, after)) {
      return;  // [freed-before-collected]
    }
  }
}

bool ObjectPage::take_remote() {
  // Relaxed: a block that is missed is found next time.
  if (remote.load_relaxed() == 0) return false;
  std::uint32_t taken = 0;
  if (RT_MUTANT(remote_list_read_then_cleared)) {
    taken = remote.load_acquire();
    remote.store_relaxed(0);
  } else {
    taken = remote.exchange_acquire(0);  // [freed-before-collected]
  }
  void* newest = remote_block(taken);
  if (free != nullptr) {
    void* oldest = newest;
    while (void* link = link_of(oldest)) oldest = link;
    set_link(oldest, free);
  }
  free = newest;
  used.subtract(taken & kRemoteCountMask);
  return true;
}

void* ObjectPage::remote_block(std::uint32_t word) const {
  std::uintptr_t steps = word >> kRemoteBlockShift;
  if (steps == 0) return nullptr;
  return mapping() + steps * kBlockAlignment;
}

}  // namespace runtime
