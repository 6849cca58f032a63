// Size classes: which sizes of block the object heap hands out.
//
// Sixteen bytes apart up to 512, where nearly all objects are; then four sizes to each doubling, so
// that at most a fifth of a block is lost. What is larger than an eighth of a page gets a mapping
// of its own.
//
// Ancestry: Doug Lea's dlmalloc; mimalloc's bins.
#pragma once

#include <bit>
#include <cstddef>

namespace runtime {

inline constexpr std::size_t kBlockAlignment = 16;
inline constexpr std::size_t kSmallestBlock = 32;  // an object header
inline constexpr std::size_t kLargestFineBlock = 512;

#if HEDDLE_SCHEDULED
// Small pages make executions cheap, and scenarios reach their ends within a few allocations.
inline constexpr std::size_t kObjectPageBytes = std::size_t{4} << 10;
#else
inline constexpr std::size_t kObjectPageBytes = std::size_t{64} << 10;
#endif
inline constexpr std::size_t kLargestSmallBlock = kObjectPageBytes / 8;

inline constexpr unsigned kFineClasses = kLargestFineBlock / kBlockAlignment + 1;

// Class of up to kLargestFineBlock bytes: the number of steps. Classes 0 and 1 would be smaller
// than a header and stay empty.
constexpr unsigned fine_size_class(std::size_t bytes) {
  return static_cast<unsigned>((bytes + kBlockAlignment - 1) / kBlockAlignment);
}

// 1 .. kLargestSmallBlock bytes.
constexpr unsigned size_class_of(std::size_t bytes) {
  if (bytes < kSmallestBlock) bytes = kSmallestBlock;
  if (bytes <= kLargestFineBlock) return fine_size_class(bytes);
  // 512 * 2^doubling < bytes <= 1024 * 2^doubling, cut into four.
  std::size_t above = bytes - 1;
  unsigned doubling = static_cast<unsigned>(std::bit_width(above / kLargestFineBlock)) - 1;
  std::size_t step = (kLargestFineBlock << doubling) / 4;
  std::size_t quarter = (above - (kLargestFineBlock << doubling)) / step;
  return kFineClasses + doubling * 4 + static_cast<unsigned>(quarter);
}

constexpr std::size_t block_bytes_of(unsigned size_class) {
  if (size_class < kFineClasses) {
    return size_class * kBlockAlignment < kSmallestBlock ? kSmallestBlock
                                                         : size_class * kBlockAlignment;
  }
  unsigned coarse = size_class - kFineClasses;
  std::size_t base = kLargestFineBlock << (coarse / 4);
  return base + base / 4 * (coarse % 4 + 1);
}

inline constexpr unsigned kSizeClasses = size_class_of(kLargestSmallBlock) + 1;

static_assert(size_class_of(kLargestFineBlock) == kFineClasses - 1);
static_assert(block_bytes_of(kSizeClasses - 1) == kLargestSmallBlock);

}  // namespace runtime
