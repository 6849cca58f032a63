// The rules of C++20 [intro.races], one by one; then random traces beside a model that builds the
// whole graph and looks for a path.
#include "runtime/base/happens_before.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "runtime/base/address_table.h"
#include "runtime/base/random.h"
#include "runtime/base/scheduled_memory.h"

namespace runtime::machine {
namespace {

constexpr std::uintptr_t kFlag = kArenaBase + 0x100;
constexpr std::uintptr_t kData = kArenaBase + 0x200;

// Threads 1, 2 and 3 exist, and nothing orders 2 and 3.
class HappensBeforeTest : public testing::Test {
 protected:
  HappensBeforeTest() {
    clocks.begin();
    clocks.started(1, 2);
    clocks.started(1, 3);
  }
  bool reading_races(unsigned thread) { return static_cast<bool>(clocks.read(thread, 9, kData)); }

  HappensBefore clocks;
};

TEST_F(HappensBeforeTest, AnAcquireOfAReleaseOrders) {
  EXPECT_FALSE(clocks.wrote(2, 1, kData));
  clocks.release(2, kFlag);
  clocks.acquire(3, kFlag);
  EXPECT_FALSE(reading_races(3));
}

TEST_F(HappensBeforeTest, WithoutOneOfTheTwoItIsARaceAndSaysWithWhom) {
  EXPECT_FALSE(clocks.wrote(2, 7, kData));
  clocks.acquire(3, kFlag);
  HappensBefore::Conflict conflict = clocks.read(3, 8, kData);
  EXPECT_EQ(conflict.thread, 2u);
  EXPECT_EQ(conflict.step, 7u);
  EXPECT_TRUE(conflict.wrote);
  clocks.release(2, kFlag);
  EXPECT_TRUE(reading_races(3));
}

TEST_F(HappensBeforeTest, WhatComesAfterTheReleaseIsNotOrdered) {
  clocks.release(2, kFlag);
  EXPECT_FALSE(clocks.wrote(2, 1, kData));
  clocks.acquire(3, kFlag);
  EXPECT_TRUE(reading_races(3));
}

TEST_F(HappensBeforeTest, AReadModifyWriteOfAnotherThreadContinuesTheReleaseSequence) {
  EXPECT_FALSE(clocks.wrote(2, 1, kData));
  clocks.release(2, kFlag);
  clocks.release_adding(1, kFlag);
  clocks.acquire(3, kFlag);
  EXPECT_FALSE(reading_races(3));
}

TEST_F(HappensBeforeTest, AnyStoreOfAnotherThreadEndsIt) {
  EXPECT_FALSE(clocks.wrote(2, 1, kData));
  clocks.release(2, kFlag);
  clocks.release(1, kFlag);
  clocks.acquire(3, kFlag);
  EXPECT_TRUE(reading_races(3));
}

TEST_F(HappensBeforeTest, ARelaxedStoreEndsIt) {
  EXPECT_FALSE(clocks.wrote(2, 1, kData));
  clocks.release(2, kFlag);
  clocks.stored_relaxed(kFlag);
  clocks.acquire(3, kFlag);
  EXPECT_TRUE(reading_races(3));
}

TEST_F(HappensBeforeTest, StartAndJoinOrder) {
  EXPECT_FALSE(clocks.wrote(2, 1, kData));
  clocks.started(2, 4);
  EXPECT_FALSE(reading_races(4));
  EXPECT_FALSE(clocks.wrote(4, 2, kData + 8));
  EXPECT_TRUE(clocks.read(2, 3, kData + 8));
  clocks.joined(1, 4);
  EXPECT_FALSE(clocks.wrote(1, 4, kData));
  EXPECT_FALSE(clocks.read(1, 4, kData + 8));
}

TEST_F(HappensBeforeTest, WhatAParentDoesAfterTheStartIsNotOrdered) {
  clocks.started(2, 4);
  EXPECT_FALSE(clocks.wrote(2, 1, kData));
  EXPECT_TRUE(reading_races(4));
}

TEST_F(HappensBeforeTest, NeighboursAreDifferentValues) {
  EXPECT_FALSE(clocks.wrote(2, 1, kData));
  EXPECT_FALSE(clocks.wrote(3, 1, kData + 1));
  EXPECT_FALSE(clocks.wrote(1, 1, kData + 4));
}

TEST_F(HappensBeforeTest, ReadersDoNotRaceAndAWriterRacesWithEachOfThem) {
  EXPECT_FALSE(clocks.read(2, 1, kData));
  EXPECT_FALSE(reading_races(3));
  clocks.release(2, kFlag);
  clocks.acquire(1, kFlag);
  EXPECT_EQ(clocks.wrote(1, 2, kData).thread, 3u);
}

TEST_F(HappensBeforeTest, AFreeRacesWithWhatNothingOrdersBeforeIt) {
  EXPECT_FALSE(clocks.read(2, 1, kData + 4));
  clocks.touched_atomically(3, 2, kData + 8);
  EXPECT_FALSE(clocks.freed(1, kData - 16, 16));
  EXPECT_FALSE(clocks.freed(1, kData, 4));
  EXPECT_EQ(clocks.freed(1, kData, 8).thread, 2u);
  EXPECT_EQ(clocks.freed(1, kData, 16).thread, 3u);
}

TEST_F(HappensBeforeTest, MemoryThatIsUsedAgainIsNew) {
  EXPECT_FALSE(clocks.wrote(2, 1, kData));
  clocks.release(2, kFlag);
  EXPECT_TRUE(clocks.freed(1, kFlag, kData - kFlag + 8));
  EXPECT_FALSE(reading_races(3));
  EXPECT_FALSE(clocks.wrote(2, 2, kData + 8));
  clocks.acquire(3, kFlag);  // of the new word nobody has released anything
  EXPECT_TRUE(clocks.read(3, 3, kData + 8));
}

TEST_F(HappensBeforeTest, ValuesOnStacksAreWatchedTheSameWay) {
  constexpr std::uintptr_t kStack = 0x7000'0000'1000;
  EXPECT_FALSE(clocks.wrote(2, 1, kStack + 4));
  EXPECT_TRUE(clocks.freed(3, kStack, 8));
  EXPECT_FALSE(clocks.read(3, 2, kStack + 4));
}

TEST_F(HappensBeforeTest, AnExecutionBeginsWithoutAnyPast) {
  EXPECT_FALSE(clocks.wrote(2, 1, kData));
  clocks.release(2, kFlag);
  clocks.begin();
  clocks.started(1, 2);
  clocks.started(1, 3);
  EXPECT_FALSE(reading_races(3));
  EXPECT_FALSE(clocks.freed(1, kFlag, 8));
}

TEST_F(HappensBeforeTest, ThousandsOfValuesAreRemembered) {
  for (unsigned i = 0; i < 5000; ++i) {
    EXPECT_FALSE(clocks.wrote(2, i + 1, kData + 8 * i));
    clocks.touched_atomically(3, i + 1, kData + 0x100000 + 8 * i);
  }
  for (unsigned i = 0; i < 5000; ++i) {
    HappensBefore::Conflict conflict = clocks.read(3, 9, kData + 8 * i);
    EXPECT_EQ(conflict.thread, 2u);
    EXPECT_EQ(conflict.step, i + 1);
    EXPECT_EQ(clocks.freed(2, kData + 0x100000 + 8 * i, 8).step, i + 1);
  }
}

TEST(AddressTable, ClearedMeansEmpty) {
  AddressTable<int> table;
  table.at(8) = 3;
  EXPECT_EQ(*table.find(8), 3);
  table.clear();
  EXPECT_EQ(table.find(8), nullptr);
  EXPECT_EQ(table.at(8), 0);
}

// --- beside the model ----------------------------------------------------------------------------

// Every step of a trace is a node; an edge means "happens before". Two steps are ordered when there
// is a path.
class Graph {
 public:
  struct Step {
    unsigned thread = 0;
    std::uintptr_t word = 0;  // that it modifies atomically
    bool read_modify_write = false, releases = false;
    std::uintptr_t plain = 0;  // that it uses
    bool writes = false;
    bool forgotten = false;          // what it used has been freed since
    std::vector<std::size_t> after;  // steps that happen right before this one
  };

  Step& step(unsigned thread) {
    steps_.emplace_back().thread = thread;
    std::size_t at = steps_.size() - 1;
    if (last_[thread] != kNone) steps_[at].after.push_back(last_[thread]);
    last_[thread] = at;
    return steps_[at];
  }
  Step& present(unsigned thread) { return steps_[last_[thread]]; }
  void start(unsigned parent, unsigned child) {
    step(parent);
    step(child).after.push_back(last_[parent]);
  }
  void join(unsigned parent, unsigned child) { step(parent).after.push_back(last_[child]); }
  // The thread's present step acquires: from every release whose sequence the last store is in.
  void acquire(unsigned thread, std::uintptr_t word) {
    Step& reader = steps_[last_[thread]];
    for (std::size_t at = last_[thread]; at-- > 0;) {
      if (steps_[at].word != word) continue;
      if (steps_[at].releases) reader.after.push_back(at);
      if (!steps_[at].read_modify_write) return;
    }
  }
  [[nodiscard]] bool races(unsigned thread, std::uintptr_t plain, bool writes) const {
    for (std::size_t at = 0; at < last_[thread]; ++at) {
      const Step& one = steps_[at];
      if (one.plain == plain && !one.forgotten && (one.writes || writes) &&
          !reaches(last_[thread], at))
        return true;
    }
    return false;
  }
  [[nodiscard]] bool free_races(unsigned thread, std::uintptr_t address, std::size_t bytes) {
    bool any = false;
    for (std::size_t at = 0; at < last_[thread]; ++at) {
      Step& one = steps_[at];
      bool inside = (one.plain >= address && one.plain < address + bytes) ||
                    (one.word >= address && one.word < address + bytes);
      if (!inside || one.forgotten) continue;
      any = any || !reaches(last_[thread], at);
      one.forgotten = true;
      one.word = 0;
    }
    return any;
  }

 private:
  static constexpr std::size_t kNone = ~std::size_t{0};

  [[nodiscard]] bool reaches(std::size_t from, std::size_t to) const {
    std::vector<bool> seen(steps_.size());
    std::vector<std::size_t> open{from};
    while (!open.empty()) {
      std::size_t at = open.back();
      open.pop_back();
      if (at == to) return true;
      if (seen[at]) continue;
      seen[at] = true;
      for (std::size_t before : steps_[at].after) open.push_back(before);
    }
    return false;
  }

  std::vector<Step> steps_;
  // Of each thread; kNone: it has done nothing yet.
  std::vector<std::size_t> last_ = std::vector<std::size_t>(HappensBefore::kThreads, kNone);
};

TEST(HappensBefore, RandomTracesRaceExactlyWhereTheGraphHasNoPath) {
  unsigned races = 0, ordered = 0;
  HappensBefore clocks;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    Random random(seed);
    Graph graph;
    clocks.begin();
    graph.step(1);
    std::vector<unsigned> running{1};
    unsigned threads = 1;
    for (unsigned step = 1; step <= 60; ++step) {
      unsigned thread = running[random.below(running.size())];
      std::uintptr_t word = kFlag + 8 * random.below(3);
      std::uintptr_t plain = kData + 2 * random.below(4);
      bool fast = false, slow = false;
      switch (random.below(9)) {
        case 0:
          if (threads == 5) break;
          ++threads;
          clocks.started(thread, threads);
          graph.start(thread, threads);
          running.push_back(threads);
          break;
        case 1: {
          unsigned other = running[random.below(running.size())];
          if (other == thread || other == 1 || random.below(3) != 0) break;
          clocks.joined(thread, other);
          graph.join(thread, other);
          std::erase(running, other);
          break;
        }
        case 2: {  // store
          bool releases = random.below(2) == 0;
          clocks.touched_atomically(thread, step, word);
          releases ? clocks.release(thread, word) : clocks.stored_relaxed(word);
          Graph::Step& one = graph.step(thread);
          one.word = word;
          one.releases = releases;
          break;
        }
        case 3: {  // read-modify-write
          bool acquires = random.below(2) == 0, releases = random.below(2) == 0;
          clocks.touched_atomically(thread, step, word);
          if (acquires) clocks.acquire(thread, word);
          if (releases) clocks.release_adding(thread, word);
          graph.step(thread);
          if (acquires) graph.acquire(thread, word);
          Graph::Step& one = graph.present(thread);
          one.word = word;
          one.read_modify_write = true;
          one.releases = releases;
          break;
        }
        case 4:
          clocks.acquire(thread, word);
          graph.step(thread);
          graph.acquire(thread, word);
          break;
        case 5: {
          std::uintptr_t block = random.below(2) == 0 ? word : plain;
          fast = static_cast<bool>(clocks.freed(thread, block, 8));
          graph.step(thread);
          slow = graph.free_races(thread, block, 8);
          break;
        }
        default: {
          bool writes = random.below(3) == 0;
          fast = static_cast<bool>(writes ? clocks.wrote(thread, step, plain)
                                          : clocks.read(thread, step, plain));
          Graph::Step& one = graph.step(thread);
          one.plain = plain;
          one.writes = writes;
          slow = graph.races(thread, plain, writes);
          ++(slow ? races : ordered);
          break;
        }
      }
      ASSERT_EQ(fast, slow) << "seed " << seed << ", step " << step;
    }
  }
  EXPECT_GT(races, 1000u);
  EXPECT_GT(ordered, 1000u);
}

}  // namespace
}  // namespace runtime::machine
