#include "runtime/base/scheduled_memory.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/mman.h>

#include "runtime/base/check.h"
#include "runtime/base/machine_memory.h"
#include "runtime/base/scheduler.h"

// Where the linker put the static variables of the floors above; null when there are none.
extern "C" {
extern char heddle_zeros_begin[] __asm__("__start_heddle_static_zeros") __attribute__((weak));
extern char heddle_zeros_end[] __asm__("__stop_heddle_static_zeros") __attribute__((weak));
extern char heddle_values_begin[] __asm__("__start_heddle_static_values") __attribute__((weak));
extern char heddle_values_end[] __asm__("__stop_heddle_static_values") __attribute__((weak));
}

namespace runtime::machine {

namespace {

constexpr std::uintptr_t kShadowBase = kArenaBase + 0x10'0000'0000;
constexpr std::uint8_t kUnknown = 0, kLive = 1, kFreed = 2;
constexpr unsigned char kFreedPattern = 0xDD;
constexpr std::size_t kAlignment = 16;  // of every block

struct BlockHeader {
  std::uint32_t bytes;
  std::uint32_t step : 30;
  std::uint32_t live : 1;
  std::uint32_t global : 1;
  BlockHeader* next;  // in order of allocation, for the leak report
};
static_assert(sizeof(BlockHeader) == 16);

struct Arena {
  std::uintptr_t next = kArenaBase;
  BlockHeader* first = nullptr;
  BlockHeader* last = nullptr;
  std::size_t live_blocks = 0;
  std::size_t live_bytes = 0;
  std::size_t page_bytes = 0;

  Arena() {
    reserve(kArenaBase, kArenaBytes);
    reserve(kShadowBase, kArenaBytes / 8);
  }
  static void reserve(std::uintptr_t at, std::size_t bytes) {
    void* wanted = reinterpret_cast<void*>(at);
    void* got = mmap(wanted, bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (got != wanted) {
      std::fprintf(stderr,
                   "the scheduler's arena needs the addresses from %p on, which are taken\n",
                   wanted);
      std::exit(4);
    }
  }
};

Arena& arena() {
  static Arena* the_arena = new (std::malloc(sizeof(Arena))) Arena;
  return *the_arena;
}

std::uint8_t* shadow_of(const void* address) {
  return reinterpret_cast<std::uint8_t*>(
      kShadowBase + (reinterpret_cast<std::uintptr_t>(address) - kArenaBase) / 8);
}

// Plain accesses are AddressSanitizer's to see, where it is there.
void tell_sanitizer([[maybe_unused]] const void* block, [[maybe_unused]] std::size_t bytes,
                    [[maybe_unused]] std::uint8_t state) {
#if RT_HAS_ADDRESS_SANITIZER
  if (state == kFreed) {
    ASAN_POISON_MEMORY_REGION(block, bytes);
  } else {
    ASAN_UNPOISON_MEMORY_REGION(block, bytes);
  }
#endif
}

void mark(const void* block, std::size_t bytes, std::uint8_t state) {
  if (!in_arena(block) || bytes == 0) return;
  // The end of what was there, and the beginning of what is new, must come after every access to
  // what was.
  memory_changes_hands(block, bytes);
  std::uint8_t* first = shadow_of(block);
  std::uint8_t* last = shadow_of(static_cast<const char*>(block) + bytes - 1);
  std::memset(first, state, static_cast<std::size_t>(last - first) + 1);
  tell_sanitizer(block, bytes, state);
}

// An aligned piece with room for `header_bytes` right before it. Null when the arena is full.
void* take(std::size_t bytes, std::size_t alignment, std::size_t header_bytes = 0) {
  Arena& a = arena();
  std::uintptr_t at =
      (a.next + header_bytes + alignment - 1) & ~(static_cast<std::uintptr_t>(alignment) - 1);
  std::uintptr_t end = kArenaBase + kArenaBytes;
  if (at > end || bytes > end - at) return nullptr;
  a.next = at + ((bytes + 15) & ~std::size_t{15});
  return reinterpret_cast<void*>(at);
}

void* allocate(std::size_t bytes, std::size_t alignment, bool global) {
  Arena& a = arena();
  void* block = take(bytes, alignment, sizeof(BlockHeader));
  if (block == nullptr) return nullptr;
  BlockHeader* header = static_cast<BlockHeader*>(block) - 1;
  header->bytes = static_cast<std::uint32_t>(bytes);
  header->step = current_step() & 0x3fffffff;
  header->live = 1;
  header->global = global;
  header->next = nullptr;
  (a.last == nullptr ? a.first : a.last->next) = header;
  a.last = header;
  if (!global) {
    ++a.live_blocks;
    a.live_bytes += bytes;
  }
  mark(block, bytes == 0 ? 1 : bytes, kLive);
  return block;
}

}  // namespace

bool in_arena(const void* address) {
  return reinterpret_cast<std::uintptr_t>(address) - kArenaBase < kArenaBytes;
}

void* arena_pages(std::size_t bytes, std::size_t alignment) {
  void* pages = take(bytes, alignment);
  if (pages == nullptr) return nullptr;
  arena().page_bytes += bytes;
  mark(pages, bytes, kLive);
  return pages;
}

void arena_return_pages(void* pages, std::size_t bytes) {
  arena().page_bytes -= bytes;
  std::memset(pages, kFreedPattern, bytes);
  mark(pages, bytes, kFreed);
}

void* arena_allocate(std::size_t bytes, std::size_t alignment) {
  return allocate(bytes, std::max(alignment, kAlignment), false);
}
void* arena_allocate_global(std::size_t bytes) { return allocate(bytes, kAlignment, true); }

void arena_free(void* block) {
  auto* header = static_cast<BlockHeader*>(block) - 1;
  RT_CHECK(header->live, "a block is freed once");
  header->live = 0;
  if (!header->global) {
    --arena().live_blocks;
    arena().live_bytes -= header->bytes;
  }
  std::memset(block, kFreedPattern, header->bytes);
  mark(block, header->bytes == 0 ? 1 : header->bytes, kFreed);
}

// What is live at its beginning already, the header of a freed object, does not change hands: readers
// with a stale pointer may be in it.
void shadow_live(const void* block, std::size_t bytes) {
  auto* first = static_cast<const char*>(block);
  while (bytes >= 8 && in_arena(first) && *shadow_of(first) == kLive) {
    first += 8;
    bytes -= 8;
  }
  mark(first, bytes, kLive);
}

void shadow_header_only(const void* block, std::size_t header_bytes, std::size_t bytes) {
  mark(static_cast<const char*>(block) + header_bytes, bytes - header_bytes, kFreed);
}

void shadow_dead(const void* block, std::size_t bytes) { mark(block, bytes, kFreed); }

bool shadow_allows(const void* address, std::size_t bytes) {
  if (!in_arena(address)) return true;
  return *shadow_of(address) == kLive &&
         *shadow_of(static_cast<const char*>(address) + bytes - 1) == kLive;
}

void arena_reset() {
  Arena& a = arena();
  std::size_t used = a.next - kArenaBase;
  tell_sanitizer(reinterpret_cast<void*>(kArenaBase), used, kUnknown);
  std::memset(reinterpret_cast<void*>(kArenaBase), 0, used);
  std::memset(reinterpret_cast<void*>(kShadowBase), kUnknown, used / 8 + 1);
  a.next = kArenaBase;
  a.first = a.last = nullptr;
  a.live_blocks = a.live_bytes = a.page_bytes = 0;
}

void statics_reset() {
  static char* picture = nullptr;
  const auto zeros = static_cast<std::size_t>(heddle_zeros_end - heddle_zeros_begin);
  const auto values = static_cast<std::size_t>(heddle_values_end - heddle_values_begin);
  if (zeros + values == 0) return;
  if (picture == nullptr) {
    picture = static_cast<char*>(std::malloc(zeros + values));
    RT_CHECK(picture != nullptr, "there is memory for a picture of the static variables");
    std::memcpy(picture, heddle_zeros_begin, zeros);
    std::memcpy(picture + zeros, heddle_values_begin, values);
    return;
  }
  std::memcpy(heddle_zeros_begin, picture, zeros);
  std::memcpy(heddle_values_begin, picture + zeros, values);
}

ArenaUse arena_use() {
  Arena& a = arena();
  ArenaUse use;
  use.blocks = a.live_blocks;
  use.bytes = a.live_bytes;
  use.page_bytes = a.page_bytes;
  for (BlockHeader* header = a.first; header != nullptr; header = header->next) {
    if (!header->live || header->global) continue;
    use.oldest = header + 1;
    use.oldest_bytes = header->bytes;
    use.oldest_step = header->step;
    break;
  }
  return use;
}

namespace {

void* allocate_anywhere(std::size_t bytes, std::size_t alignment = kAlignment) {
  bytes = std::max<std::size_t>(bytes, 1);
  if (ArenaScope::on()) return arena_allocate(bytes, alignment);
  if (alignment <= kAlignment) return std::malloc(bytes);
  return std::aligned_alloc(alignment, (bytes + alignment - 1) & ~(alignment - 1));
}

void* allocate_or_fail(std::size_t bytes, std::size_t alignment = kAlignment) {
  void* block = allocate_anywhere(bytes, alignment);
  RT_CHECK(block != nullptr, "an execution needs no more memory than the 256 MB of its arena");
  return block;
}

void free_anywhere(void* block) {
  if (block == nullptr) return;
  if (in_arena(block)) {
    arena_free(block);
  } else {
    std::free(block);
  }
}

}  // namespace

}  // namespace runtime::machine

void* operator new(std::size_t bytes) { return runtime::machine::allocate_or_fail(bytes); }
void* operator new[](std::size_t bytes) { return runtime::machine::allocate_or_fail(bytes); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept {
  return runtime::machine::allocate_anywhere(bytes);
}
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept {
  return runtime::machine::allocate_anywhere(bytes);
}
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return runtime::machine::allocate_or_fail(bytes, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t bytes, std::align_val_t alignment) {
  return runtime::machine::allocate_or_fail(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* block) noexcept { runtime::machine::free_anywhere(block); }
void operator delete[](void* block) noexcept { runtime::machine::free_anywhere(block); }
void operator delete(void* block, std::size_t) noexcept { runtime::machine::free_anywhere(block); }
void operator delete[](void* block, std::size_t) noexcept {
  runtime::machine::free_anywhere(block);
}
void operator delete(void* block, const std::nothrow_t&) noexcept {
  runtime::machine::free_anywhere(block);
}
void operator delete[](void* block, const std::nothrow_t&) noexcept {
  runtime::machine::free_anywhere(block);
}
void operator delete(void* block, std::align_val_t) noexcept {
  runtime::machine::free_anywhere(block);
}
void operator delete[](void* block, std::align_val_t) noexcept {
  runtime::machine::free_anywhere(block);
}
void operator delete(void* block, std::size_t, std::align_val_t) noexcept {
  runtime::machine::free_anywhere(block);
}
void operator delete[](void* block, std::size_t, std::align_val_t) noexcept {
  runtime::machine::free_anywhere(block);
}
