#include "runtime/base/sequence_lock.h"

#include <gtest/gtest.h>
#include <utility>

namespace runtime {
namespace {

TEST(SequenceLock, AReaderLearnsThatSomebodyWrote) {
  SequenceLock lock;
  std::uint32_t begun = lock.begin_read();
  EXPECT_TRUE(lock.is_unchanged(begun));
  lock.begin_write();
  EXPECT_FALSE(lock.is_unchanged(begun));
  lock.end_write();
  EXPECT_FALSE(lock.is_unchanged(begun));
  EXPECT_TRUE(lock.is_unchanged(lock.begin_read()));
}

TEST(SequenceLock, AnAbandonedWriteDisturbsNobodyWhoBeganBefore) {
  SequenceLock lock;
  std::uint32_t begun = lock.begin_read();
  lock.begin_write();
  lock.abandon_write();
  EXPECT_TRUE(lock.is_unchanged(begun));
}

TEST(SequenceLock, AReadIsRepeatedUntilItIsUndisturbed) {
  SequenceLock lock;
  int tries = 0;
  int result = lock.read([&] {
    if (++tries < 3) {
      lock.begin_write();
      lock.end_write();
    }
    return tries;
  });
  EXPECT_EQ(result, 3);
}

TEST(SequenceLock, TwoWordsAreNeverTorn) {
  constexpr std::uint64_t kRounds = 20'000;
  SequenceLock lock;
  Atomic<std::uint64_t> left{0};
  Atomic<std::uint64_t> right{0};
  auto write = [&] {
    for (std::uint64_t i = 0; i < kRounds; ++i) {
      lock.begin_write();
      std::uint64_t value = left.load_relaxed() + 1;  // writers exclude each other
      left.store_release(value);
      right.store_release(value);
      lock.end_write();
    }
  };
  Thread first(write);
  Thread second(write);
  std::uint64_t newest = 0;
  while (newest < 2 * kRounds) {
    auto [one, other] =
        lock.read([&] { return std::pair(left.load_acquire(), right.load_acquire()); });
    ASSERT_EQ(one, other);
    ASSERT_GE(one, newest);
    newest = one;
  }
  first.join();
  second.join();
  EXPECT_EQ(newest, 2 * kRounds);
}

}  // namespace
}  // namespace runtime
