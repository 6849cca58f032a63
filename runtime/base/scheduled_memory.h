// Memory of one execution: an arena at a fixed address that begins anew each time.
//
// Exploration runs a scenario thousands of times, and abandons most runs in the middle. So
// everything that an execution allocates, by operator new or as pages, comes from one arena which
// is simply reset: abandoned fibers leak nothing, and the same schedule sees the same addresses.
// Nothing is handed out twice within an execution, so that whoever touches freed memory is always
// noticed; re-use is the business of the object heap, which stands on pages.
//
// The shadow holds one byte per eight: every atomic access is checked against it (scheduler.cpp).
// Freed memory is filled with a pattern, so that plain readers see nonsense too; AddressSanitizer,
// where it is compiled in, is told the same as the shadow and catches them.
#pragma once

#include <cstddef>
#include <cstdint>

namespace runtime::machine {

inline constexpr std::uintptr_t kArenaBase = 0x2000'0000'0000;
inline constexpr std::size_t kArenaBytes = std::size_t{256} << 20;

void* arena_pages(std::size_t bytes, std::size_t alignment);
void arena_return_pages(void* pages, std::size_t bytes);
// Null when the arena is full. Blocks are aligned to 16 at least.
void* arena_allocate(std::size_t bytes, std::size_t alignment);
void* arena_allocate_global(std::size_t bytes);  // outlives the body: no leak
void arena_free(void* block);
bool in_arena(const void* address);

void shadow_live(const void* block, std::size_t bytes);
void shadow_header_only(const void* block, std::size_t header_bytes, std::size_t bytes);
void shadow_dead(const void* block, std::size_t bytes);
// False when the arena knows these bytes and nobody may touch them.
bool shadow_allows(const void* address, std::size_t bytes);

void arena_reset();
// The static variables of the floors above are what they were when this was called first
// (scheduled_statics.h).
void statics_reset();

// In scheduler.cpp: fails when somebody's access to these bytes is not ordered before now.
void memory_changes_hands(const void* block, std::size_t bytes);

struct ArenaUse {
  std::size_t blocks = 0;  // allocated and not freed, without globals
  std::size_t bytes = 0;
  std::size_t page_bytes = 0;  // pages mapped and not returned
  const void* oldest = nullptr;
  std::size_t oldest_bytes = 0;
  unsigned oldest_step = 0;  // the scheduling point at which it was allocated
};
ArenaUse arena_use();

// Whether operator new draws from the arena: while code of a scenario runs, not while the
// scheduler's own does.
class ArenaScope {
 public:
  explicit ArenaScope(bool on) : before_(use_arena_) { use_arena_ = on; }
  ~ArenaScope() { use_arena_ = before_; }
  ArenaScope(const ArenaScope&) = delete;
  ArenaScope& operator=(const ArenaScope&) = delete;
  static bool on() { return use_arena_; }
  static void set(bool on) { use_arena_ = on; }

 private:
  static inline bool use_arena_ = false;
  bool before_;
};

}  // namespace runtime::machine
