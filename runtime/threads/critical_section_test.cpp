#include "runtime/threads/critical_section.h"

#include <array>
#include <gtest/gtest.h>
#include <optional>
#include <vector>

#include "runtime/base/random.h"
#include "runtime/threads/running_thread.h"

namespace runtime {
namespace {

struct CriticalSections : ::testing::Test {
  // The thread is not the only one its world ever had; sections of such a one have tests of their own.
  CriticalSections() { world.destroy_thread(world.create_thread()); }

  World world;
  MainThread self{world};
  std::array<Mutex, 3> mutexes;
  Mutex& a = mutexes[0];
  Mutex& b = mutexes[1];
  Mutex& c = mutexes[2];

  // Which of a, b, c are locked, as a word.
  std::string locked() const {
    std::string names;
    for (unsigned index = 0; index < mutexes.size(); ++index) {
      if (mutexes[index].is_locked()) names += static_cast<char>('a' + index);
    }
    return names;
  }
};

TEST_F(CriticalSections, LockFromBeginToEnd) {
  {
    CriticalSection section(self, a);
    EXPECT_EQ(locked(), "a");
    EXPECT_TRUE(SectionFrame::newest_holds(self, a));
    EXPECT_FALSE(SectionFrame::newest_holds(self, b));
    {
      CriticalSection2 inner(self, c, b);
      EXPECT_EQ(locked(), "abc");
      EXPECT_FALSE(SectionFrame::newest_holds(self, a));
    }
    EXPECT_EQ(locked(), "a");
  }
  EXPECT_EQ(locked(), "");
}

// In a world that has never had another thread.
struct SectionsOfTheOnlyThread : CriticalSections {
  SectionsOfTheOnlyThread() {
    detach(self);
    attach(only);
  }
  ~SectionsOfTheOnlyThread() override {
    lonely.destroy_thread(&only);
    attach(self);
  }

  World lonely;
  ThreadState& only = *lonely.create_thread();
};

TEST_F(SectionsOfTheOnlyThread, LockNothingUntilThereIsASecondOne) {
  {
    CriticalSection outer(only, a);
    CriticalSection2 middle(only, b, c);
    CriticalSection again(only, b);
    EXPECT_EQ(locked(), "");
    EXPECT_TRUE(SectionFrame::newest_holds(only, c));
    lonely.destroy_thread(lonely.create_thread());
    EXPECT_EQ(locked(), "abc");
  }
  EXPECT_EQ(locked(), "");
  {
    CriticalSection section(only, a);
    EXPECT_EQ(locked(), "a") << "it never is alone again";
  }
}

TEST_F(SectionsOfTheOnlyThread, AreSuspendedAndResumedLikeAny) {
  {
    CriticalSection outer(only, a);
    CriticalSection inner(only, b);
    detach(only);
    ThreadState* second = lonely.create_thread();
    EXPECT_EQ(locked(), "") << "suspended sections hold nothing";
    attach(only);
    EXPECT_EQ(locked(), "b") << "the newest is resumed by lock";
    detach(only);
    lonely.destroy_thread(second);
    attach(only);
  }
  EXPECT_EQ(locked(), "");
}

TEST_F(SectionsOfTheOnlyThread, ThatMeetAgainBelongToTheNewest) {
  {
    CriticalSection oldest(only, c);
    CriticalSection older(only, a);
    CriticalSection newer(only, b);
    {
      CriticalSection newest(only, a);
      lonely.destroy_thread(lonely.create_thread());
      EXPECT_EQ(locked(), "ab")
          << "the older one with the same object is suspended, and its elders";
    }
    EXPECT_EQ(locked(), "b");
  }
  EXPECT_EQ(locked(), "");
}

TEST_F(CriticalSections, TwoObjectsMayBeOne) {
  CriticalSection2 section(self, a, a);
  EXPECT_EQ(locked(), "a");
}

TEST_F(CriticalSections, BeginningAgainWhatTheNewestHoldsIsNothing) {
  CriticalSection outer(self, a);
  {
    CriticalSection inner(self, a);
    CriticalSection innermost(self, a);
    EXPECT_EQ(locked(), "a");
  }
  EXPECT_EQ(locked(), "a");
  {
    CriticalSection2 both(self, b, c);
    {
      CriticalSection one(self, b);
      CriticalSection2 same(self, c, b);
      EXPECT_EQ(locked(), "abc");
    }
    EXPECT_EQ(locked(), "abc");
  }
  EXPECT_EQ(locked(), "a");
}

TEST_F(CriticalSections, BeginningAgainWhatAnOlderOneHoldsSuspendsTheOlder) {
  CriticalSection outer(self, a);
  {
    CriticalSection middle(self, b);
    {
      CriticalSection2 inner(self, c, a);
      EXPECT_EQ(locked(), "ac") << "waiting for a, which its own thread held, suspended all others";
    }
    EXPECT_EQ(locked(), "b") << "only the newest is resumed";
  }
  EXPECT_EQ(locked(), "a");
}

TEST_F(CriticalSections, DetachingSuspendsAllAndAttachingResumesTheNewest) {
  CriticalSection outer(self, a);
  {
    CriticalSection inner(self, b);
    {
      Detached detached(self);
      EXPECT_EQ(locked(), "");
    }
    EXPECT_EQ(locked(), "b");
    {
      CriticalSection2 innermost(self, a, c);
      EXPECT_EQ(locked(), "abc") << "a is free for a new section, the outer one is suspended";
    }
    EXPECT_EQ(locked(), "b");
  }
  EXPECT_EQ(locked(), "a") << "the outer one is resumed when it becomes the newest";
}

TEST_F(CriticalSections, OfTwoObjectsAreSuspendedAndResumedAsOne) {
  CriticalSection2 section(self, a, b);
  {
    Detached detached(self);
    EXPECT_EQ(locked(), "");
  }
  EXPECT_EQ(locked(), "ab");
}

TEST_F(CriticalSections, ResumingWaitsForWhoTookTheLockMeanwhile) {
  Semaphore taken;
  int turns = 0;  // guarded by a
  CriticalSection section(self, a);
  ++turns;
  RunningThread other(world, [&](ThreadState& thread) {
    CriticalSection inner(thread, a);
    ++turns;
    taken.post();
    for (int round = 0; round < 1'000; ++round) spin_pause();
    ++turns;
  });
  {
    Detached detached(self);
    taken.wait();
  }
  EXPECT_EQ(turns, 3) << "the section of the other thread was over before this one was resumed";
}

TEST_F(CriticalSections, OppositeOrdersDoNotDeadlock) {
  constexpr int kTurns = 5'000;
  int a_turns = 0;
  int b_turns = 0;
  auto body = [&](Mutex& outer, int& outer_turns, Mutex& inner, int& inner_turns) {
    return [&](ThreadState& thread) {
      for (int turn = 0; turn < kTurns; ++turn) {
        CriticalSection outer_section(thread, outer);
        ++outer_turns;
        CriticalSection inner_section(thread, inner);
        ++inner_turns;
      }
    };
  };
  {
    RunningThread one(world, body(a, a_turns, b, b_turns));
    RunningThread another(world, body(b, b_turns, a, a_turns));
  }
  EXPECT_EQ(a_turns, 2 * kTurns);
  EXPECT_EQ(b_turns, 2 * kTurns);
  EXPECT_EQ(locked(), "");
}

TEST_F(CriticalSections, OfTwoObjectsInOppositeOrdersDoNotDeadlock) {
  constexpr int kTurns = 5'000;
  int turns = 0;
  auto body = [&](Mutex& one, Mutex& another) {
    return [&](ThreadState& thread) {
      for (int turn = 0; turn < kTurns; ++turn) {
        CriticalSection2 section(thread, one, another);
        ++turns;
      }
    };
  };
  {
    RunningThread one(world, body(a, b));
    RunningThread another(world, body(b, a));
  }
  EXPECT_EQ(turns, 2 * kTurns);
}

// The model: sections as sets of objects. A section whose objects the newest one holds is nothing;
// one that meets an object its own thread holds suspends everything before it waits.
class Model {
 public:
  explicit Model(ThreadState& thread, std::array<Mutex, 3>& mutexes)
      : thread_(thread), mutexes_(mutexes) {}

  void run(Random& random, unsigned depth) {
    for (unsigned step = 0; step < 6; ++step) {
      switch (random.below(depth < 5 ? 4 : 1)) {
        case 0: {
          detach(thread_);
          for (Frame& frame : frames_) frame.is_held = false;
          expect_equal("detached");
          attach(thread_);
          if (!frames_.empty()) frames_.back().is_held = true;
          expect_equal("attached");
          break;
        }
        case 1:
        case 2: {
          unsigned index = static_cast<unsigned>(random.below(3));
          bool is_pushed = begin(1u << index);
          CriticalSection section(thread_, mutexes_[index]);
          expect_equal("begun");
          run(random, depth + 1);
          end(is_pushed);
          break;
        }
        default: {
          unsigned one = static_cast<unsigned>(random.below(3));
          unsigned another = static_cast<unsigned>(random.below(3));
          bool is_pushed = begin((1u << one) | (1u << another));
          CriticalSection2 section(thread_, mutexes_[one], mutexes_[another]);
          expect_equal("both begun");
          run(random, depth + 1);
          end(is_pushed);
        }
      }
      if (::testing::Test::HasFailure()) return;
    }
  }

 private:
  struct Frame {
    unsigned objects;
    bool is_held;
  };

  bool begin(unsigned objects) {
    if (!frames_.empty() && (frames_.back().objects & objects) == objects) return false;
    if ((held() & objects) != 0) {
      for (Frame& frame : frames_) frame.is_held = false;
    }
    frames_.push_back({objects, true});
    return true;
  }
  void end(bool is_pushed) {
    if (!is_pushed) return;
    frames_.pop_back();
    if (!frames_.empty()) frames_.back().is_held = true;
  }
  [[nodiscard]] unsigned held() const {
    unsigned all = 0;
    for (const Frame& frame : frames_) all |= frame.is_held ? frame.objects : 0;
    return all;
  }
  void expect_equal(const char* when) const {
    for (unsigned index = 0; index < 3; ++index) {
      EXPECT_EQ(mutexes_[index].is_locked(), ((held() >> index) & 1) != 0)
          << when << ", object " << index << ", depth " << frames_.size();
    }
  }

  ThreadState& thread_;
  std::array<Mutex, 3>& mutexes_;
  std::vector<Frame> frames_;
};

TEST_F(CriticalSections, HoldWhatTheModelHolds) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    Model(self, mutexes).run(random, 0);
    ASSERT_EQ(locked(), "");
    ASSERT_FALSE(HasFailure());
  }
}

}  // namespace
}  // namespace runtime
