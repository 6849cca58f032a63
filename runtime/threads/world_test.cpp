#include "runtime/threads/world.h"

#include <cerrno>
#include <cstdlib>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "runtime/threads/running_thread.h"

namespace runtime {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Notes what the hooks of one floor were told.
struct Diary {
  std::string floor;
  std::vector<std::string>& lines;

  ThreadHooks hooks() {
    return {this, [](void* diary, ThreadState& thread) { note(diary, "created", thread); },
            [](void* diary, ThreadState& thread) { note(diary, "attached", thread); },
            [](void* diary, ThreadState& thread) { note(diary, "detaching", thread); },
            [](void* diary, ThreadState& thread) { note(diary, "exiting", thread); }};
  }
  static void note(void* context, const char* what, ThreadState& thread) {
    auto* diary = static_cast<Diary*>(context);
    diary->lines.push_back(diary->floor + " " + what + " " + std::to_string(thread.serial()));
  }
};

TEST(World, SerialsCountFromOneAndAreNeverUsedAgain) {
  World world;
  ThreadState* first = world.create_thread();
  ThreadState* second = world.create_thread();
  EXPECT_EQ(first->serial(), 1u);
  EXPECT_EQ(second->serial(), 2u);
  world.destroy_thread(second);
  ThreadState* third = world.create_thread();
  EXPECT_EQ(third->serial(), 3u);
  EXPECT_EQ(&third->world(), &world);
  world.destroy_thread(first);
  world.destroy_thread(third);
}

TEST(World, VisitsItsThreadsOldestFirst) {
  World world;
  auto serials = [&] {
    std::vector<unsigned> all;
    world.for_each_thread([&](ThreadState& thread) { all.push_back(thread.serial()); });
    return all;
  };
  EXPECT_THAT(serials(), IsEmpty());
  ThreadState* states[] = {world.create_thread(), world.create_thread(), world.create_thread()};
  EXPECT_THAT(serials(), ElementsAre(1, 2, 3));
  EXPECT_EQ(world.thread_count(), 3u);
  world.destroy_thread(states[1]);
  EXPECT_THAT(serials(), ElementsAre(1, 3));
  world.destroy_thread(states[0]);
  EXPECT_THAT(serials(), ElementsAre(3));
  world.destroy_thread(states[2]);
  EXPECT_THAT(serials(), IsEmpty());
}

TEST(World, CallsHooksInOrderOnTheWayInAndInReverseOnTheWayOut) {
  std::vector<std::string> lines;
  Diary lower{"lower", lines};
  Diary upper{"upper", lines};
  World world;
  world.add_hooks(lower.hooks());
  world.add_hooks(upper.hooks());
  ThreadState* thread = world.create_thread();
  EXPECT_THAT(lines, ElementsAre("lower created 1", "upper created 1"));
  lines.clear();
  attach(*thread);
  EXPECT_THAT(lines, ElementsAre("lower attached 1", "upper attached 1"));
  lines.clear();
  detach(*thread);
  EXPECT_THAT(lines, ElementsAre("upper detaching 1", "lower detaching 1"));
  attach(*thread);
  lines.clear();
  world.destroy_thread(thread);
  EXPECT_THAT(lines, ElementsAre("upper exiting 1", "lower exiting 1"));
}

TEST(World, ShowsAThreadThatExistsAlreadyToNewHooks) {
  std::vector<std::string> lines;
  Diary late{"late", lines};
  World world;
  ThreadState* thread = world.create_thread();
  world.add_hooks(late.hooks());
  EXPECT_THAT(lines, ElementsAre("late created 1"));
  lines.clear();
  world.destroy_thread(thread);
  EXPECT_THAT(lines, ElementsAre("late exiting 1")) << "also for a thread that never ran";
}

TEST(World, AnExitingHookMayDetachAndAttach) {
  World world;
  ThreadHooks hooks;
  hooks.exiting = [](void*, ThreadState& thread) { Detached detached(thread); };
  world.add_hooks(hooks);
  ThreadState* thread = world.create_thread();
  attach(*thread);
  world.destroy_thread(thread);
  EXPECT_EQ(this_thread_or_null(), nullptr);
  EXPECT_EQ(world.thread_count(), 0u);
}

TEST(ThreadState, IsTheCurrentOneWhileAttached) {
  World world;
  ThreadState* thread = world.create_thread();
  EXPECT_EQ(this_thread_or_null(), nullptr);
  EXPECT_FALSE(thread->is_attached());
  {
    Attached attached(*thread);
    EXPECT_EQ(&this_thread(), thread);
    EXPECT_TRUE(thread->is_attached());
    {
      Detached detached(*thread);
      EXPECT_EQ(this_thread_or_null(), nullptr);
    }
    EXPECT_EQ(&this_thread(), thread);
  }
  EXPECT_EQ(this_thread_or_null(), nullptr);
  world.destroy_thread(thread);
}

TEST(ThreadState, KeepsOnePointerPerSlot) {
  constexpr ThreadSlot<int> kFirst{ThreadSlots::kQsbr};
  constexpr ThreadSlot<std::string> kLast{ThreadSlots::kCount - 1};
  World world;
  ThreadState* thread = world.create_thread();
  EXPECT_EQ(thread->slot(kFirst), nullptr);
  EXPECT_EQ(thread->slot(kLast), nullptr);
  int number = 5;
  std::string text = "six";
  thread->slot(kFirst) = &number;
  thread->slot(kLast) = &text;
  EXPECT_EQ(*thread->slot(kFirst), 5);
  EXPECT_EQ(*thread->slot(kLast), "six");
  world.destroy_thread(thread);
}

TEST(ThreadState, AttachingAndDetachingKeepErrno) {
  World world;
  ThreadHooks hooks;
  hooks.attached = [](void*, ThreadState&) { errno = EINVAL; };
  hooks.detaching = [](void*, ThreadState&) { errno = EINVAL; };
  world.add_hooks(hooks);
  ThreadState* thread = world.create_thread();
  errno = ENOENT;
  attach(*thread);
  EXPECT_EQ(errno, ENOENT);
  detach(*thread);
  EXPECT_EQ(errno, ENOENT);
  world.destroy_thread(thread);
}

// Notes which requests were answered.
struct Answers {
  std::vector<BreakerBit> bits;
  BreakerBit ask_again{};  // requested during its own answer, once

  template <BreakerBit bit>
  static void answer(void* context, ThreadState& thread) {
    auto* answers = static_cast<Answers*>(context);
    EXPECT_TRUE(thread.is_attached());
    answers->bits.push_back(bit);
    if (answers->ask_again == bit) {
      answers->ask_again = {};
      request(thread, bit);
    }
  }
};

TEST(SafePoint, AnswersEachRequestOnceAndInTheOrderOfTheBits) {
  Answers answers;
  World world;
  world.set_breaker_handler(BreakerBit::kMerge, Answers::answer<BreakerBit::kMerge>, &answers);
  world.set_breaker_handler(BreakerBit::kGc, Answers::answer<BreakerBit::kGc>, &answers);
  world.set_breaker_handler(BreakerBit::kSignals, Answers::answer<BreakerBit::kSignals>, &answers);
  MainThread self(world);
  safe_point(self);
  EXPECT_THAT(answers.bits, IsEmpty());
  request(self, BreakerBit::kGc);
  request(self, BreakerBit::kSignals);
  request(self, BreakerBit::kMerge);
  request(self, BreakerBit::kMerge);
  safe_point(self);
  EXPECT_THAT(answers.bits, ElementsAre(BreakerBit::kSignals, BreakerBit::kMerge, BreakerBit::kGc));
  safe_point(self);
  EXPECT_EQ(answers.bits.size(), 3u);
}

// The bit is cleared before its answer, so a request that comes during the answer has another.
TEST(SafePoint, ARequestDuringItsOwnAnswerIsAnsweredAgain) {
  Answers answers;
  answers.ask_again = BreakerBit::kMerge;
  World world;
  world.set_breaker_handler(BreakerBit::kMerge, Answers::answer<BreakerBit::kMerge>, &answers);
  MainThread self(world);
  request(self, BreakerBit::kMerge);
  safe_point(self);
  safe_point(self);
  EXPECT_THAT(answers.bits, ElementsAre(BreakerBit::kMerge, BreakerBit::kMerge));
}

TEST(SafePoint, DropsWhatNobodyAnswers) {
  World world;
  MainThread self(world);
  request(self, BreakerBit::kAsync);
  safe_point(self);
  EXPECT_EQ(self->eval_breaker().load(), 0u);
}

TEST(SafePoint, AStaleStopIsNoStop) {
  World world;
  MainThread self(world);
  request(self, BreakerBit::kStop);
  request(self, BreakerBit::kGilDrop);
  safe_point(self);
  EXPECT_TRUE(self->is_attached());
  EXPECT_EQ(self->eval_breaker().load(), 0u);
}

// What the requester wrote before is visible to the answer: ThreadSanitizer watches `note`.
TEST(SafePoint, AnAnswerSeesWhatWasWrittenBeforeTheRequest) {
  struct Mail {
    int note = 0;
    bool is_read = false;
  } mail;
  World world;
  world.set_breaker_handler(
      BreakerBit::kCalls,
      [](void* context, ThreadState&) {
        auto* received = static_cast<Mail*>(context);
        EXPECT_EQ(received->note, 7);
        received->is_read = true;
      },
      &mail);
  MainThread self(world);
  Thread sender([&mail, &thread = static_cast<ThreadState&>(self)] {
    mail.note = 7;
    request(thread, BreakerBit::kCalls);
  });
  while (!mail.is_read) safe_point(self);
  sender.join();
}

TEST(WorldDeathTest, MistakesAreCaught) {
  World world;
  EXPECT_DEATH(
      {
        World other;
        other.create_thread();
      },
      "a world ends after its threads");
  EXPECT_DEATH(world.set_breaker_handler(BreakerBit::kStop, nullptr, nullptr),
               "this floor answers those");
  ThreadState* thread = world.create_thread();
  EXPECT_DEATH(detach(*thread), "a thread is detached by who attached it");
  attach(*thread);
  EXPECT_DEATH(attach(*thread), "a thread that attaches is attached nowhere");
  ThreadState* second = world.create_thread();
  EXPECT_DEATH(world.add_hooks({}), "hooks are added before the second thread");
  world.destroy_thread(second);
  world.destroy_thread(thread);
}

// In a process of its own, since the other threads sleep until it ends.
void shut_down_while_others_run(GilMode gil) {
  auto* world = new World({.gil = gil});
  ThreadState& self = *world->create_thread();
  attach(self);
  struct Shared {
    Atomic<int> rounds;
    Atomic<int> came_back;
    Semaphore may_come_back;
    Atomic<bool> sleeps;
  };
  auto* shared = new Shared;
  ThreadState* runs = world->create_thread();
  new Thread([=] {
    attach(*runs);
    for (;;) {
      shared->rounds.fetch_add(1);
      safe_point(*runs);
    }
  });
  ThreadState* sleeps = world->create_thread();
  new Thread([=] {
    attach(*sleeps);
    detach(*sleeps);
    shared->sleeps.store(true);
    shared->may_come_back.wait();
    attach(*sleeps);
    shared->came_back.store(1);
  });
  while (shared->rounds.load() == 0 || !shared->sleeps.load()) {
    Detached detached(self);
    spin_pause();
  }
  world->begin_shutdown(self);
  const int rounds = shared->rounds.load();
  shared->may_come_back.post();
  for (int i = 0; i < 10'000; ++i) {
    Detached detached(self);
    spin_pause();
  }
  { StoppedWorld stopped(self); }
  std::_Exit(shared->rounds.load() == rounds && shared->came_back.load() == 0 ? 0 : 1);
}

TEST(WorldShutdownDeathTest, LeavesOneThreadThatRuns) {
  EXPECT_EXIT(shut_down_while_others_run(GilMode::kOff), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(shut_down_while_others_run(GilMode::kOn), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace runtime
