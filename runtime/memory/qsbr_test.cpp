#include "runtime/memory/qsbr.h"

#include <cstdlib>
#include <gtest/gtest.h>
#include <set>
#include <vector>

#include "runtime/base/random.h"
#include "runtime/memory/memory_test_support.h"

namespace runtime {
namespace {

TEST(Qsbr, AGoalIsReachedWhenEveryAttachedThreadHasReported) {
  Qsbr qsbr;
  QsbrSlot* first = qsbr.take_slot();
  QsbrSlot* second = qsbr.take_slot();
  qsbr.attach(*first);
  qsbr.attach(*second);
  Qsbr::Goal goal = qsbr.advance();
  EXPECT_FALSE(qsbr.reached(goal));
  qsbr.report(*first);
  EXPECT_FALSE(qsbr.reached(goal));
  qsbr.report(*second);
  EXPECT_TRUE(qsbr.reached(goal));
}

TEST(Qsbr, AReportBeforeTheGoalSaysNothingAboutIt) {
  Qsbr qsbr;
  QsbrSlot* slot = qsbr.take_slot();
  qsbr.attach(*slot);
  qsbr.report(*slot);
  Qsbr::Goal goal = qsbr.advance();
  EXPECT_FALSE(qsbr.reached(goal));
}

TEST(Qsbr, WhoIsNotAttachedDelaysNobody) {
  Qsbr qsbr;
  QsbrSlot* blocked = qsbr.take_slot();
  qsbr.attach(*blocked);
  qsbr.detach(*blocked);
  EXPECT_TRUE(qsbr.reached(qsbr.advance()));
}

TEST(Qsbr, WhoAttachesAfterTheGoalDelaysNobody) {
  Qsbr qsbr;
  Qsbr::Goal goal = qsbr.advance();
  QsbrSlot* late = qsbr.take_slot();
  qsbr.attach(*late);
  EXPECT_TRUE(qsbr.reached(goal));
  EXPECT_FALSE(qsbr.reached(qsbr.advance()));
}

TEST(Qsbr, AGoalOnceReachedStaysReached) {
  Qsbr qsbr;
  Qsbr::Goal goal = qsbr.advance();
  ASSERT_TRUE(qsbr.reached(goal));
  QsbrSlot* slot = qsbr.take_slot();
  qsbr.attach(*slot);
  qsbr.advance();
  EXPECT_TRUE(qsbr.reached(goal));
}

TEST(Qsbr, SlotsOfThreadsThatExitedAreUsedAgain) {
  Qsbr qsbr;
  QsbrSlot* slot = qsbr.take_slot();
  qsbr.attach(*slot);
  Qsbr::Goal goal = qsbr.advance();
  qsbr.return_slot(slot);
  EXPECT_TRUE(qsbr.reached(goal)) << "who exited delays nobody";
  EXPECT_EQ(qsbr.take_slot(), slot);
}

// The slow obvious model: who was online when the goal was given and has not been heard of since.
class Model {
 public:
  void attach(unsigned reader) { online_.insert(reader); }
  void leave(unsigned reader) {
    online_.erase(reader);
    report(reader);
  }
  void report(unsigned reader) {
    for (std::set<unsigned>& waiting : waiting_for_) waiting.erase(reader);
  }
  void advance() { waiting_for_.push_back(online_); }
  [[nodiscard]] bool is_online(unsigned reader) const { return online_.count(reader) != 0; }
  [[nodiscard]] bool reached(std::size_t goal) const { return waiting_for_[goal].empty(); }
  [[nodiscard]] std::size_t goals() const { return waiting_for_.size(); }

 private:
  std::set<unsigned> online_;
  std::vector<std::set<unsigned>> waiting_for_;  // per goal
};

TEST(Qsbr, AgreesWithAListOfWhoHasNotBeenHeardOf) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    constexpr unsigned kReaders = 5;
    Random random(seed);
    Qsbr qsbr;
    Model model;
    std::vector<Qsbr::Goal> goals;
    QsbrSlot* slots[kReaders];
    for (QsbrSlot*& slot : slots) slot = qsbr.take_slot();
    for (int step = 0; step < 200; ++step) {
      auto reader = static_cast<unsigned>(random.below(kReaders));
      switch (random.below(4)) {
        case 0:
          if (model.is_online(reader)) {
            qsbr.detach(*slots[reader]);
            model.leave(reader);
          } else {
            qsbr.attach(*slots[reader]);
            model.attach(reader);
          }
          break;
        case 1:
          if (!model.is_online(reader)) break;
          qsbr.report(*slots[reader]);
          model.report(reader);
          break;
        case 2:
          goals.push_back(qsbr.advance());
          model.advance();
          break;
        default:
          if (goals.empty()) break;
          std::size_t goal = random.below(goals.size());
          ASSERT_EQ(qsbr.reached(goals[goal]), model.reached(goal));
      }
    }
  }
}

TEST(Qsbr, TheWorldPutsThreadsOnlineAndOffline) {
  MemoryWorld world;
  Qsbr& qsbr = world.memory.qsbr();
  Qsbr::Goal goal = qsbr.advance();
  EXPECT_FALSE(qsbr.reached(goal)) << "this thread is attached";
  {
    Detached detached(world);
    EXPECT_TRUE(qsbr.reached(goal));
  }
  goal = qsbr.advance();
  EXPECT_FALSE(qsbr.reached(goal));
  report_quiescent(world);
  EXPECT_TRUE(qsbr.reached(goal));
}

}  // namespace
}  // namespace runtime
