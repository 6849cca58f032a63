// What an execution does wrong with memory is a failure with a name, never a crash.
#include "runtime/base/scheduled_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "runtime/base/strategies.h"

namespace runtime::machine {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

ExecutionResult run(void (*body)()) {
  Replay strategy({});
  return run_execution(body, strategy, {});
}

std::string sentence_of(void (*body)()) { return run(body).sentence; }

TEST(ScheduledMemory, ALeakSaysHowMuchIsLeftAndWhenTheOldestWasAllocated) {
  ExecutionResult result = run([] {
    ::operator delete(::operator new(4));  // new-expressions may be optimized away
    Atomic<int> word{0};
    Thread other([&] { word.store(1); });
    other.join();
    (void)::operator new(8);
    (void)::operator new(8);
  });
  EXPECT_THAT(result.sentence, HasSubstr("leak"));
  EXPECT_THAT(result.details, HasSubstr("2 blocks of 16 bytes and 0 bytes of pages"));
  EXPECT_THAT(result.details, HasSubstr("allocated after step 5"));
}

// As variables of the floors above are.
__attribute__((section("heddle_static_values"))) int static_value = 7;
__attribute__((section("heddle_static_zeros"))) int static_zero;

TEST(ScheduledMemory, StaticVariablesOfTheFloorsAboveBeginAnewInEachExecution) {
  for (int time = 0; time < 3; ++time) {
    EXPECT_EQ(sentence_of([] {
                RT_CHECK(static_value == 7 && static_zero == 0, "nothing of the one before");
                static_value = static_zero = 1;
                RT_CHECK(false, "abandoned in the middle");
              }),
              "abandoned in the middle");
  }
}

TEST(ScheduledMemory, PagesThatAreNotReturnedAreALeak) {
  ExecutionResult result = run([] { (void)arena_pages(8192, 4096); });
  EXPECT_THAT(result.sentence, HasSubstr("leak"));
  EXPECT_THAT(result.details, HasSubstr("8192 bytes of pages"));
}

TEST(ScheduledMemory, ABlockIsFreedOnce) {
  EXPECT_EQ(sentence_of([] {
              void* block = ::operator new(4);
              ::operator delete(block);
              ::operator delete(block);
            }),
            "a block is freed once");
}

TEST(ScheduledMemory, FreedBytesAreNonsenseAndAreNotHandedOutAgain) {
  EXPECT_EQ(sentence_of([] {
              auto* block = new std::uint64_t(1);
              auto volatile* stale = block;
              delete block;
              RT_CHECK(*stale == 0xdddd'dddd'dddd'dddd, "freed bytes are filled with a pattern");
              std::unique_ptr<std::uint64_t> other(new std::uint64_t(2));
              RT_CHECK(other.get() != stale, "freed memory is not handed out again");
            }),
            "");
}

TEST(ScheduledMemory, OverAlignedBlocksAreAlignedAndFreedLikeOthers) {
  EXPECT_EQ(sentence_of([] {
              struct alignas(64) Line {
                char bytes[64];
              };
              struct alignas(4096) Page {
                char bytes[4096];
              };
              for (int turn = 0; turn < 20; ++turn) {
                auto line = std::make_unique<Line>();
                auto lines = std::make_unique<Line[]>(3);
                auto page = std::make_unique<Page>();
                RT_CHECK(reinterpret_cast<std::uintptr_t>(line.get()) % 64 == 0, "aligned to 64");
                RT_CHECK(reinterpret_cast<std::uintptr_t>(lines.get()) % 64 == 0, "array to 64");
                RT_CHECK(reinterpret_cast<std::uintptr_t>(page.get()) % 4096 == 0, "to 4096");
                // Forty-eight bytes and their header are one line: no step changes the remainder.
                void* block = ::operator new (48, std::align_val_t{64});
                RT_CHECK(reinterpret_cast<std::uintptr_t>(block) % 64 == 0, "48 bytes to 64");
                ::operator delete (block, std::align_val_t{64});
              }
            }),
            "");
}

TEST(ScheduledMemory, AnArenaThatIsUsedUpIsAFailureWithItsSize) {
  EXPECT_THAT(sentence_of([] {
                for (;;) (void)new char[std::size_t{16} << 20];
              }),
              HasSubstr("256 MB of its arena"));
  EXPECT_THAT(sentence_of([] { (void)::operator new (~std::size_t{0} - 8); }),
              HasSubstr("256 MB of its arena"));
  EXPECT_EQ(sentence_of([] {
              RT_CHECK(arena_pages(kArenaBytes + 4096, 4096) == nullptr, "there are no such pages");
            }),
            "");
}

TEST(ScheduledMemory, AnExecutionStartsWithZeroedMemoryAtTheSameAddresses) {
  static const void* place;
  auto body = [] {
    auto* block = new std::uint64_t[4];
    RT_CHECK(block[0] == 0 && block[3] == 0, "memory starts zeroed");
    block[0] = block[3] = 7;
    place = block;
    delete[] block;
  };
  EXPECT_EQ(sentence_of(body), "");
  const void* first = place;
  EXPECT_EQ(sentence_of(body), "");
  EXPECT_EQ(place, first);
}

int deep(int depth) {
  char volatile room[512] = {};
  room[depth % 512] = 1;
  return depth == 0 ? room[0] : deep(depth - 1) + room[1];
}

TEST(ScheduledMemory, AStackThatIsUsedUpIsAFailureAndTheNextExecutionRuns) {
  for (int turn = 0; turn < 3; ++turn) {
    ExecutionResult result = run([] {
      Thread thread([] { RT_CHECK(deep(100'000) == 0, "is deeper than any stack"); });
      thread.join();
    });
    EXPECT_EQ(result.sentence, "a thread of a scenario needs less than 256 KB of stack");
    EXPECT_EQ(sentence_of([] { delete new int(1); }), "");
  }
}

TEST(ScheduledMemory, ANullPointerIsAFailureThatSaysAfterWhichOperation) {
  for (int turn = 0; turn < 3; ++turn) {
    ExecutionResult result = run([] {
      Atomic<int volatile*> nowhere{nullptr};
      *nowhere.load() = 1;
    });
    EXPECT_THAT(result.sentence, HasSubstr("segmentation fault"));
    EXPECT_THAT(result.place, HasSubstr("runtime/base/scheduled_memory_test.cpp:"));
  }
}

TEST(ScheduledMemoryDeathTest, OutsideAnExecutionAFaultEndsTheProcessAsUsual) {
  EXPECT_EQ(sentence_of([] {}), "");
  EXPECT_DEATH(*static_cast<int volatile*>(nullptr) = 1, "");
}

}  // namespace
}  // namespace runtime::machine
