#include "runtime/memory/size_class.h"

#include <gtest/gtest.h>

namespace runtime {
namespace {

// The slow way: the first class whose blocks are large enough.
unsigned first_class_that_fits(std::size_t bytes) {
  unsigned size_class = 2;
  while (block_bytes_of(size_class) < bytes) ++size_class;
  return size_class;
}

TEST(SizeClass, EverySizeGetsTheSmallestBlockThatHoldsIt) {
  for (std::size_t bytes = 1; bytes <= kLargestSmallBlock; ++bytes) {
    ASSERT_EQ(size_class_of(bytes), first_class_that_fits(bytes)) << bytes;
  }
}

TEST(SizeClass, BlocksAreAlignedAndHoldAHeader) {
  for (unsigned size_class = 0; size_class < kSizeClasses; ++size_class) {
    EXPECT_EQ(block_bytes_of(size_class) % kBlockAlignment, 0U);
    EXPECT_GE(block_bytes_of(size_class), kSmallestBlock);
  }
}

TEST(SizeClass, AtMostAFifthOfALargerBlockIsLost) {
  for (std::size_t bytes = kLargestFineBlock + 1; bytes <= kLargestSmallBlock; ++bytes) {
    std::size_t lost = block_bytes_of(size_class_of(bytes)) - bytes;
    ASSERT_LE(lost * 5, block_bytes_of(size_class_of(bytes))) << bytes;
  }
}

}  // namespace
}  // namespace runtime
