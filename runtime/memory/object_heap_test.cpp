#include "runtime/memory/object_heap.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "runtime/base/random.h"
#include "runtime/memory/memory_test_support.h"

namespace runtime {
namespace {

constexpr std::size_t kSize = 64;
constexpr std::size_t kOtherSize = 80;
constexpr std::size_t kBlocksPerPage = (kObjectPageBytes - kPageHeaderBytes) / kSize;

void* allocate(ThreadState& thread, std::size_t bytes = kSize) {
  void* block = allocate_object(thread, bytes, HeapKind::kPlain);
  RT_CHECK(block != nullptr, "there is memory");
  return block;
}

std::vector<void*> allocate_many(ThreadState& thread, std::size_t count,
                                 std::size_t bytes = kSize) {
  std::vector<void*> blocks(count);
  for (void*& block : blocks) block = allocate(thread, bytes);
  return blocks;
}

void free_all(ThreadState& thread, const std::vector<void*>& blocks) {
  for (void* block : blocks) free_object(thread, block);
}

std::set<void*> blocks_in(MemoryWorld& world, HeapKind kind) {
  std::set<void*> found;
  StoppedWorld stopped(world);
  world.memory.for_each_block(kind, [&](void* block) { found.insert(block); });
  return found;
}

TEST(ObjectHeap, BlocksAreAlignedAndLargeEnough) {
  MemoryWorld world;
  for (std::size_t bytes : {1, 24, 32, 33, 48, 512, 513, 8191, 8192, 8193, 70'000, 1'000'000}) {
    void* block = allocate(world, bytes);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(block) % kBlockAlignment, 0U);
    EXPECT_GE(usable_size(block), std::max(bytes, kSmallestBlock));
    std::memset(block, 0x5a, bytes);
    free_object(world, block);
  }
}

TEST(ObjectHeap, AFreedBlockKeepsItsHeader) {
  MemoryWorld world;
  for (std::size_t bytes : {std::size_t{32}, kSize, std::size_t{2000}, std::size_t{100'000}}) {
    auto* block = static_cast<unsigned char*>(allocate(world, bytes));
    auto* neighbour = static_cast<unsigned char*>(allocate(world, bytes));
    for (unsigned byte = 0; byte < kReadableHeaderBytes; ++byte) {
      block[byte] = neighbour[byte] = static_cast<unsigned char>(byte + 1);
    }
    free_object(world, neighbour);
    free_object(world, block);  // is linked to the other one
    for (unsigned byte = 0; byte < kReadableHeaderBytes; ++byte) EXPECT_EQ(block[byte], byte + 1);
  }
}

TEST(ObjectHeap, ABlockFreedElsewhereKeepsItsHeader) {
  MemoryWorld world;
  Puppet other(world.world);
  auto blocks = allocate_many(world, 2);
  for (void* block : blocks) std::memset(block, 0x77, kReadableHeaderBytes);
  other.run([&](ThreadState& thread) { free_all(thread, blocks); });
  for (void* block : blocks) {
    for (unsigned byte = 0; byte < kReadableHeaderBytes; ++byte) {
      EXPECT_EQ(static_cast<unsigned char*>(block)[byte], 0x77);
    }
  }
}

TEST(ObjectHeap, ABlockThatIsAllocatedAgainKeepsItsHeader) {
  MemoryWorld world;
  void* block = allocate(world);
  std::memset(block, 0x77, kSize);
  free_object(world, block);
  auto* again = static_cast<unsigned char*>(allocate(world));
  ASSERT_EQ(again, block) << "the block that was freed last comes first";
  for (unsigned byte = 0; byte < kReadableHeaderBytes; ++byte) EXPECT_EQ(again[byte], 0x77);
}

TEST(ObjectHeap, ThePageOfABlockIsKnown) {
  MemoryWorld world;
  ThreadState& thread = world;
  auto blocks = allocate_many(thread, 3 * kBlocksPerPage);
  for (void* block : blocks) {
    ASSERT_EQ(page_of(block)->owner.peek(), thread.serial());
    ASSERT_EQ(page_of(block)->block_bytes, kSize);
    ASSERT_TRUE(page_of(block)->is_block(block));
  }
  EXPECT_EQ(world.memory.statistics().pages_owned, 3U);
}

TEST(ObjectHeap, KindsLiveApart) {
  MemoryWorld world;
  void* plain = allocate_object(world, kSize, HeapKind::kPlain);
  void* collected = allocate_object(world, kSize, HeapKind::kCollected);
  EXPECT_NE(page_of(plain), page_of(collected));
  EXPECT_EQ(blocks_in(world, HeapKind::kPlain), std::set<void*>{plain});
  EXPECT_EQ(blocks_in(world, HeapKind::kCollected), std::set<void*>{collected});
}

TEST(ObjectHeap, WalkingFindsBlocksInUseWhereverTheirPagesAre) {
  MemoryWorld world;
  std::set<void*> expected;
  auto keep_every_third = [&](ThreadState& thread, ThreadState& freer, std::size_t bytes) {
    auto blocks = allocate_many(thread, 1000, bytes);
    for (std::size_t index = 0; index < blocks.size(); ++index) {
      if (index % 3 == 0) {
        expected.insert(blocks[index]);
      } else {
        free_object(&thread == &freer || index % 3 == 1 ? thread : freer, blocks[index]);
      }
    }
  };
  keep_every_third(world, world, 48);
  keep_every_third(world, world, 20'000);
  Puppet exits(world.world);
  exits.run([&](ThreadState& thread) { keep_every_third(thread, thread, 96); });
  exits.exit();
  EXPECT_EQ(blocks_in(world, HeapKind::kPlain), expected);
}

TEST(ObjectHeap, WhatOthersFreeIsUsedAgain) {
  MemoryWorld world;
  Puppet other(world.world);
  auto blocks = allocate_many(world, kBlocksPerPage);
  std::set<void*> freed(blocks.begin(), blocks.end());
  other.run([&](ThreadState& thread) { free_all(thread, blocks); });
  EXPECT_EQ(world.memory.statistics().objects, 0U);
  EXPECT_EQ(world.memory.statistics().remote_frees, kBlocksPerPage);
  for (void* block : allocate_many(world, kBlocksPerPage)) EXPECT_EQ(freed.erase(block), 1U);
  EXPECT_EQ(world.memory.statistics().pages_owned, 1U);
}

TEST(ObjectHeap, FullPagesFromWhichOthersFreeAreFound) {
  MemoryWorld world;
  Puppet other(world.world);
  constexpr std::size_t kPages = 5;
  auto blocks = allocate_many(world, kPages * kBlocksPerPage);
  other.run([&](ThreadState& thread) { free_all(thread, blocks); });
  allocate_many(world, kPages * kBlocksPerPage);
  EXPECT_EQ(world.memory.statistics().pages_owned, kPages);
}

TEST(ObjectHeap, AFullPageIsUsedAgainAfterAFree) {
  MemoryWorld world;
  auto blocks = allocate_many(world, 3 * kBlocksPerPage);
  free_object(world, blocks[0]);
  free_object(world, blocks[kBlocksPerPage]);
  std::set<void*> freed{blocks[0], blocks[kBlocksPerPage]};
  for (int count = 0; count < 2; ++count) EXPECT_EQ(freed.erase(allocate(world)), 1U);
}

TEST(ObjectHeap, AnEmptyPageKeepsItsSizeWhileSomebodyMayLook) {
  MemoryWorld world(MemoryOptions{.page_bytes_limit = kObjectPageBytes});
  Reader reader(world.memory);
  free_object(world, allocate(world));
  auto other_size = [&] { return allocate_object(world, kOtherSize, HeapKind::kPlain); };
  EXPECT_EQ(other_size(), nullptr) << "this thread may look";
  EXPECT_EQ(world.memory.statistics().pages_waiting, 1U);
  report_quiescent(world);
  EXPECT_EQ(other_size(), nullptr) << "the reader may look";
  reader.report();
  report_quiescent(world);
  EXPECT_NE(other_size(), nullptr);
  EXPECT_EQ(world.memory.statistics().pages_recycled, 1U);
}

TEST(ObjectHeap, AnEmptyPageServesItsOwnSizeAtOnce) {
  MemoryWorld world(MemoryOptions{.page_bytes_limit = 2 * kObjectPageBytes});
  Reader reader(world.memory);
  free_all(world, allocate_many(world, 2 * kBlocksPerPage));
  process_deferred(world);
  EXPECT_EQ(world.memory.statistics().pages_waiting, 1U) << "the other one is the current page";
  allocate_many(world, 2 * kBlocksPerPage);
  EXPECT_EQ(world.memory.statistics().pages_owned, 2U);
}

TEST(ObjectHeap, APageThatBecomesEmptyAgainWaitsForNewReaders) {
  MemoryWorld world(MemoryOptions{.page_bytes_limit = kObjectPageBytes});
  auto first = allocate_many(world, kBlocksPerPage);
  free_all(world, first);
  EXPECT_EQ(allocate_object(world, kOtherSize, HeapKind::kPlain), nullptr);  // gives it a goal,
  auto second = allocate_many(world, kBlocksPerPage);
  ASSERT_EQ(page_of(first[0]), page_of(second[0]));
  report_quiescent(world);  // which is reached while the page is in use.
  Reader reader(world.memory);
  free_all(world, second);
  EXPECT_EQ(allocate_object(world, kOtherSize, HeapKind::kPlain), nullptr)
      << "the reader came after the first time and before the second";
}

TEST(ObjectHeap, TooManyEmptyPagesAreGivenAwayAtQuiescentPoints) {
  MemoryWorld world;
  free_all(world, allocate_many(world, 20 * kBlocksPerPage));
  EXPECT_EQ(world.memory.statistics().pages_waiting, 19U);
  quiescent_point(world);  // they get their goal
  free_all(world, allocate_many(world, 10 * kBlocksPerPage, kOtherSize));
  quiescent_point(world);
  EXPECT_GE(world.memory.statistics().pages_recycled, 19U);
}

TEST(ObjectHeap, ALargeObjectOutlivesItsReaders) {
  MemoryWorld world;
  Reader reader(world.memory);
  constexpr std::size_t kLarge = 100'000;
  void* block = allocate(world, kLarge);
  std::memset(block, 0x77, kLarge);
  free_object(world, block);
  process_deferred(world);
  report_quiescent(world);
  process_deferred(world);
  ASSERT_EQ(world.memory.statistics().pages_waiting, 1U);
  EXPECT_EQ(*static_cast<unsigned char*>(block), 0x77);
  reader.report();
  process_deferred(world);
  EXPECT_EQ(world.memory.statistics().page_bytes, 0U);
}

TEST(ObjectHeap, ALargeObjectMayBeFreedByAnybody) {
  MemoryWorld world;
  Puppet other(world.world);
  void* block = other.run([](ThreadState& thread) { return allocate(thread, 100'000); });
  other.exit();
  EXPECT_EQ(world.memory.statistics().objects, 1U);
  Puppet third(world.world);
  third.run([&](ThreadState& thread) { free_object(thread, block); });
  EXPECT_EQ(world.memory.statistics().objects, 0U);
  third.exit();  // leaves it to the others
  process_deferred(world);
  quiescent_point(world);
  for (int round = 0; round < 30; ++round) process_deferred(world);
  EXPECT_EQ(world.memory.statistics().page_bytes, 0U);
}

TEST(ObjectHeap, PagesOfAnExitedThreadAreAdopted) {
  MemoryWorld world;
  Puppet short_lived(world.world);
  auto blocks = short_lived.run([](ThreadState& thread) { return allocate_many(thread, 10); });
  short_lived.exit();
  EXPECT_EQ(world.memory.statistics().pages_abandoned, 1U);
  EXPECT_EQ(page_of(blocks[0])->owner.peek(), ObjectPage::kNobody);
  void* block = allocate(world);
  EXPECT_EQ(page_of(block), page_of(blocks[0]));
  EXPECT_EQ(page_of(block)->owner.peek(), static_cast<ThreadState&>(world).serial());
  EXPECT_EQ(world.memory.statistics().pages_adopted, 1U);
  EXPECT_EQ(world.memory.statistics().pages_abandoned, 0U);
  EXPECT_EQ(world.memory.statistics().objects, 11U);
  free_all(world, blocks);
  EXPECT_EQ(world.memory.statistics().objects, 1U);
}

TEST(ObjectHeap, AnAdoptedPageBringsWhatOthersHadFreed) {
  MemoryWorld world;
  Puppet short_lived(world.world);
  auto blocks =
      short_lived.run([](ThreadState& thread) { return allocate_many(thread, kBlocksPerPage); });
  free_all(world, blocks);  // half of the story: nobody has collected them
  short_lived.exit();
  std::set<void*> freed(blocks.begin(), blocks.end());
  for (void* block : allocate_many(world, kBlocksPerPage)) EXPECT_EQ(freed.erase(block), 1U);
  EXPECT_EQ(world.memory.statistics().objects, kBlocksPerPage);
  EXPECT_EQ(world.memory.statistics().pages_owned, 1U);
}

TEST(ObjectHeap, AFullAbandonedPageIsNotAdoptedBeforeSomethingIsFreed) {
  MemoryWorld world;
  Puppet short_lived(world.world);
  auto blocks =
      short_lived.run([](ThreadState& thread) { return allocate_many(thread, kBlocksPerPage); });
  short_lived.exit();
  EXPECT_NE(page_of(allocate(world)), page_of(blocks[0]));
  free_object(world, blocks[7]);
  Puppet third(world.world);
  EXPECT_EQ(third.run([](ThreadState& thread) { return allocate(thread); }), blocks[7]);
}

TEST(ObjectHeap, EmptyAbandonedPagesGoToThePool) {
  MemoryWorld world;
  Puppet short_lived(world.world);
  auto blocks = short_lived.run([](ThreadState& thread) { return allocate_many(thread, 10, 352); });
  short_lived.exit();
  free_all(world, blocks);
  Reader reader(world.memory);
  for (int round = 0; round < 30; ++round) {
    quiescent_point(world);
    process_deferred(world);
  }
  EXPECT_EQ(world.memory.statistics().pages_abandoned, 1U) << "the reader may look";
  reader.report();
  for (int round = 0; round < 30; ++round) process_deferred(world);
  EXPECT_EQ(world.memory.statistics().pages_abandoned, 0U);
  EXPECT_EQ(world.memory.statistics().pages_pooled, 1U);
}

TEST(ObjectHeap, WithoutPagesThereIsNoMemoryUntilSomethingIsFreed) {
  MemoryWorld world(MemoryOptions{.page_bytes_limit = kObjectPageBytes});
  auto blocks = allocate_many(world, kBlocksPerPage);
  EXPECT_EQ(allocate_object(world, kSize, HeapKind::kPlain), nullptr);
  EXPECT_EQ(allocate_object(world, kOtherSize, HeapKind::kPlain), nullptr);
  EXPECT_EQ(allocate_object(world, 100'000, HeapKind::kPlain), nullptr);
  EXPECT_EQ(allocate_object(world, SIZE_MAX - 100, HeapKind::kPlain), nullptr);
  free_object(world, blocks[3]);
  EXPECT_EQ(allocate_object(world, kSize, HeapKind::kPlain), blocks[3]);
}

TEST(ObjectHeap, DrainingGivesMemoryBack) {
  MemoryWorld world;
  constexpr std::size_t kObjects = 200'000;
  auto blocks = allocate_many(world, kObjects);
  std::size_t most = world.memory.statistics().page_bytes;
  EXPECT_GE(most, kObjects * kSize);
  Puppet other(world.world);
  auto others = other.run([](ThreadState& thread) { return allocate_many(thread, kObjects); });
  free_all(world, others);
  other.run([&](ThreadState& thread) { free_all(thread, blocks); });
  drain_everything(world);
  MemoryStatistics after = world.memory.statistics();
  EXPECT_EQ(after.objects, 0U);
  EXPECT_EQ(after.pages_owned, 0U);
  EXPECT_EQ(after.pages_waiting, 0U);
  EXPECT_LE(after.page_bytes, 64 * kObjectPageBytes) << "what the pool keeps";
}

// The shadow: what was allocated and not freed, with what was written into it.
class Shadow {
 public:
  void allocated(void* block, std::size_t bytes, HeapKind kind, unsigned char fill) {
    auto begin = reinterpret_cast<std::uintptr_t>(block);
    auto after = blocks_.lower_bound(begin);
    ASSERT_TRUE(after == blocks_.end() || begin + bytes <= after->first) << "blocks overlap";
    if (after != blocks_.begin()) {
      auto before = std::prev(after);
      ASSERT_LE(before->first + before->second.bytes, begin) << "blocks overlap";
    }
    std::memset(block, fill, bytes);
    blocks_[begin] = {bytes, kind, fill};
    order_.push_back(begin);
  }
  [[nodiscard]] bool is_empty() const { return order_.empty(); }
  [[nodiscard]] std::size_t size() const { return order_.size(); }
  // Any of the blocks, which still has its bytes; then it is forgotten.
  void* take(Random& random) {
    std::swap(order_[random.below(order_.size())], order_.back());
    std::uintptr_t begin = order_.back();
    order_.pop_back();
    auto entry = blocks_.find(begin);
    auto* bytes = reinterpret_cast<unsigned char*>(begin);
    for (std::size_t index = 0; index < entry->second.bytes; ++index) {
      RT_CHECK(bytes[index] == entry->second.fill, "a block keeps its bytes");
    }
    blocks_.erase(entry);
    return bytes;
  }
  [[nodiscard]] std::set<void*> blocks(HeapKind kind) const {
    std::set<void*> result;
    for (const auto& [begin, block] : blocks_) {
      if (block.kind == kind) result.insert(reinterpret_cast<void*>(begin));
    }
    return result;
  }

 private:
  struct Block {
    std::size_t bytes;
    HeapKind kind;
    unsigned char fill;
  };
  std::map<std::uintptr_t, Block> blocks_;
  std::vector<std::uintptr_t> order_;
};

TEST(ObjectHeap, AgreesWithAMapOfWhatIsAllocated) {
  constexpr std::uint64_t kSeeds = 6;
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    MemoryWorld world;
    Shadow shadow;
    std::vector<std::optional<Puppet>> puppets(3);
    // A few sizes, so that pages fill and empty; sometimes any size.
    const std::size_t sizes[] = {32 + random.below(100), 200 + random.below(900),
                                 2000 + random.below(2000)};
    auto any_size = [&] {
      if (random.one_in(500)) return static_cast<std::size_t>(1 + random.below(40'000));
      return sizes[random.below(std::size(sizes))];
    };
    bool growing = true;
    for (int turn = 0; turn < 200; ++turn) {
      auto& puppet = puppets[random.below(puppets.size())];
      if (!puppet.has_value()) puppet.emplace(world.world);
      if (random.one_in(20)) growing = !growing;
      puppet->run([&](ThreadState& thread) {
        for (int step = 0; step < 100; ++step) {
          if (shadow.is_empty() || random.below(10) < (growing ? 7U : 3U)) {
            std::size_t bytes = any_size();
            HeapKind kind = random.one_in(3) ? HeapKind::kPlain : HeapKind::kCollected;
            void* block = allocate_object(thread, bytes, kind);
            ASSERT_NE(block, nullptr);
            shadow.allocated(block, bytes, kind, static_cast<unsigned char>(random.next()));
          } else {
            free_object(thread, shadow.take(random));
          }
          if (random.one_in(50)) quiescent_point(thread);
        }
        if (random.one_in(10)) process_deferred(thread);
      });
      if (random.one_in(30)) puppet.reset();
      if (random.one_in(40)) {
        report_quiescent(world);
        drain_everything(world);
      }
      ASSERT_EQ(world.memory.statistics().objects, shadow.size());
      if (random.one_in(10)) {
        for (HeapKind kind : {HeapKind::kPlain, HeapKind::kCollected}) {
          ASSERT_EQ(blocks_in(world, kind), shadow.blocks(kind));
        }
      }
    }
    while (!shadow.is_empty()) free_object(world, shadow.take(random));
    puppets.clear();
    drain_everything(world);
    EXPECT_EQ(world.memory.statistics().objects, 0U);
    EXPECT_EQ(world.memory.statistics().pages_owned, 0U);
  }
}

// Objects go round between real threads through a few shared places; threads exit and come again.
TEST(ObjectHeap, ThreadsExchangeObjects) {
  constexpr int kThreads = 3;
  constexpr int kLives = 4;
  constexpr int kSteps = 3000;
  struct Box {
    std::uint64_t header[3];
    std::uint64_t type;
    std::uint64_t value;
    std::uint64_t check;
  };
  MemoryWorld world;
  Atomic<Box*> places[8];
  for (int life = 0; life < kLives; ++life) {
    std::vector<std::unique_ptr<RunningThread>> threads;
    for (int number = 0; number < kThreads; ++number) {
      auto work = [&, number, life](ThreadState& thread) {
        Random random(static_cast<std::uint64_t>(life * kThreads + number));
        for (int step = 0; step < kSteps; ++step) {
          std::size_t bytes = sizeof(Box) + random.below(3) * 64;
          auto* box = static_cast<Box*>(allocate_object(thread, bytes, HeapKind::kPlain));
          box->value = random.next();
          box->check = ~box->value;
          Box* other = places[random.below(8)].exchange_acq_rel(box);
          if (other != nullptr) {
            RT_CHECK(other->check == ~other->value, "an object keeps its bytes");
            free_object(thread, other);
          }
          if (random.one_in(16)) quiescent_point(thread);
        }
      };
      threads.push_back(std::make_unique<RunningThread>(world.world, work));
    }
  }
  for (Atomic<Box*>& place : places) {
    if (Box* box = place.load()) free_object(world, box);
  }
  EXPECT_EQ(world.memory.statistics().objects, 0U);
  drain_everything(world);
  EXPECT_EQ(world.memory.statistics().pages_owned, 0U);
}

}  // namespace
}  // namespace runtime
