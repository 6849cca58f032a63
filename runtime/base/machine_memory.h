// Pages from the machine, and what the watchers of memory are told about them.
//
// Three watchers want to know which bytes mean something: AddressSanitizer (poisoned bytes), the
// scheduler's shadow heap (every atomic access is checked against it; scheduled_memory.h) and the
// leak check at the end of an execution. The object heap tells them all through the three functions
// below, which cost nothing where nobody listens.
//
// Under the scheduler pages come from an arena at a fixed address that begins anew in each
// execution, so that addresses repeat. Thread safe.
#pragma once

#include <cstddef>

#if HEDDLE_SCHEDULED
#include "runtime/base/scheduled_memory.h"
#endif

#if defined(__SANITIZE_ADDRESS__)
#define RT_HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RT_HAS_ADDRESS_SANITIZER 1
#endif
#endif
#ifndef RT_HAS_ADDRESS_SANITIZER
#define RT_HAS_ADDRESS_SANITIZER 0
#endif

#if RT_HAS_ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#endif

namespace runtime {

// Zeroed memory; both arguments are multiples of 4096, alignment a power of two. Null when there is
// none.
[[nodiscard]] void* map_pages(std::size_t bytes, std::size_t alignment);
void unmap_pages(void* pages, std::size_t bytes);

// These bytes hold a value now.
inline void memory_live([[maybe_unused]] const void* block, [[maybe_unused]] std::size_t bytes) {
#if HEDDLE_SCHEDULED
  machine::shadow_live(block, bytes);
#elif RT_HAS_ADDRESS_SANITIZER
  ASAN_UNPOISON_MEMORY_REGION(block, bytes);
#endif
}

// A freed object: its first header_bytes may still be read by who holds a stale pointer, the rest
// is nobody's.
inline void memory_header_only([[maybe_unused]] const void* block,
                               [[maybe_unused]] std::size_t header_bytes,
                               [[maybe_unused]] std::size_t bytes) {
#if HEDDLE_SCHEDULED
  machine::shadow_header_only(block, header_bytes, bytes);
#elif RT_HAS_ADDRESS_SANITIZER
  ASAN_POISON_MEMORY_REGION(static_cast<const char*>(block) + header_bytes, bytes - header_bytes);
#endif
}

// Nobody may touch these bytes.
inline void memory_dead([[maybe_unused]] const void* block, [[maybe_unused]] std::size_t bytes) {
#if HEDDLE_SCHEDULED
  machine::shadow_dead(block, bytes);
#elif RT_HAS_ADDRESS_SANITIZER
  ASAN_POISON_MEMORY_REGION(block, bytes);
#endif
}

}  // namespace runtime
