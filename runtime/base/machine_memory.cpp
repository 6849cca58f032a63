#include "runtime/base/machine_memory.h"

#include <cstdint>
#include <sys/mman.h>

#include "runtime/base/check.h"

namespace runtime {

#if HEDDLE_SCHEDULED

void* map_pages(std::size_t bytes, std::size_t alignment) {
  return machine::arena_pages(bytes, alignment);
}
void unmap_pages(void* pages, std::size_t bytes) { machine::arena_return_pages(pages, bytes); }

#else

void* map_pages(std::size_t bytes, std::size_t alignment) {
  constexpr std::size_t kSystemPage = 4096;
  RT_CHECK(bytes % kSystemPage == 0 && (alignment & (alignment - 1)) == 0,
           "pages are mapped in whole system pages");
  // More than asked for, so that an aligned piece lies inside; the rest goes back.
  std::size_t slack = alignment > kSystemPage ? alignment - kSystemPage : 0;
  void* mapped =
      mmap(nullptr, bytes + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  auto begin = reinterpret_cast<std::uintptr_t>(mapped);
  std::uintptr_t aligned = (begin + alignment - 1) & ~(static_cast<std::uintptr_t>(alignment) - 1);
  std::size_t before = aligned - begin;
  if (before != 0) munmap(mapped, before);
  if (slack > before) munmap(reinterpret_cast<void*>(aligned + bytes), slack - before);
  return reinterpret_cast<void*>(aligned);
}

void unmap_pages(void* pages, std::size_t bytes) {
  memory_live(pages, bytes);  // the addresses may come back to somebody else
  RT_CHECK(munmap(pages, bytes) == 0, "pages that were mapped can be unmapped");
}

#endif

}  // namespace runtime
