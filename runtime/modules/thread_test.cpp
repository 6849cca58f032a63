#include <gtest/gtest.h>

#include "runtime/modules/modules_test_support.h"
#include "runtime/modules/thread_lock.h"
#include "runtime/modules/thread_timeout.h"

namespace runtime {
namespace {

Ref<LockObject> lock_for_test(ThreadState& thread) {
  return Ref<LockObject>::adopt(static_cast<LockObject*>(must(new_lock(thread)).release()));
}
Ref<RLockObject> rlock_for_test(ThreadState& thread) {
  return new_object<RLockObject>(thread, rlock_type);
}

TEST(ThreadLock, IsReleasedByAnybodyButOnlyOnce) {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<LockObject> lock = lock_for_test(thread);
  EXPECT_EQ(raised_by(thread, lock_release(thread, lock)), "RuntimeError: release unlocked lock");
  EXPECT_TRUE(lock_acquire(thread, lock, kForever));
  EXPECT_FALSE(lock_acquire(thread, lock, 0));
  run_in_threads(runtime, {[&](ThreadState& other) { must(lock_release(other, lock)); }});
  EXPECT_TRUE(lock_acquire(thread, lock, 0));
}

TEST(ThreadLock, TellsWhichTimeoutsMakeNoSense) {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Object> no = boolean(false);
  Ref<Object> two = number(thread, -2);
  Ref<Object> much = must(new_float(thread, 1e18));
  Ref<Object> forever = number(thread, -1);
  EXPECT_EQ(raised_by(thread, acquire_deadline(thread, no.get(), two.get())),
            "ValueError: can't specify a timeout for a non-blocking call");
  EXPECT_EQ(raised_by(thread, acquire_deadline(thread, nullptr, two.get())),
            "ValueError: timeout value must be a non-negative number");
  EXPECT_NE(raised_by(thread, acquire_deadline(thread, nullptr, much.get())).find("OverflowError"),
            std::string::npos);
  EXPECT_EQ(must(acquire_deadline(thread, nullptr, forever.get())), kForever);
  EXPECT_EQ(must(acquire_deadline(thread, no.get(), nullptr)), 0);
}

TEST(ThreadRLock, IsFreeAfterAsManyReleasesAsItWasAcquired) {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<RLockObject> lock = rlock_for_test(thread);
  EXPECT_EQ(raised_by(thread, rlock_release(thread, lock)),
            "RuntimeError: cannot release un-acquired lock");
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rlock_acquire(thread, lock, kForever));
  EXPECT_EQ(rlock_depth(thread, *lock), 3u);
  run_in_threads(runtime, {[&](ThreadState& other) {
                   EXPECT_FALSE(rlock_acquire(other, lock, 0));
                   EXPECT_EQ(raised_by(other, rlock_release(other, lock)),
                             "RuntimeError: cannot release un-acquired lock");
                 }});
  for (int i = 0; i < 3; ++i) must(rlock_release(thread, lock));
  run_in_threads(runtime, {[&](ThreadState& other) {
                   EXPECT_TRUE(rlock_acquire(other, lock, 0));
                   must(rlock_release(other, lock));
                 }});
}

TEST(ThreadRLock, IsGivenUpWholeAndTakenBackAsDeep) {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<RLockObject> lock = rlock_for_test(thread);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(rlock_acquire(thread, lock, kForever));
  const std::uint64_t depth = must(rlock_release_all(thread, lock));
  EXPECT_EQ(depth, 3u);
  run_in_threads(runtime, {[&](ThreadState& other) {
                   EXPECT_TRUE(rlock_acquire(other, lock, 0));
                   EXPECT_EQ(rlock_depth(other, *lock), 1u);
                   must(rlock_release(other, lock));
                   EXPECT_EQ(rlock_depth(other, *lock), 0u);
                 }});
  rlock_acquire_again(thread, lock, depth);
  EXPECT_EQ(rlock_depth(thread, *lock), 3u);
  for (int i = 0; i < 3; ++i) must(rlock_release(thread, lock));
}

TEST(ThreadHandle, IsDoneWhenTheFunctionHasReturned) {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  for (int round = 0; round < 20; ++round) {
    bool has_run = false;  // written by the thread, read after the join
    Ref<ThreadHandle> handle = must(new_thread_handle(thread));
    const StartedThread& record = **handle->record;
    Ref<Object> body = function(thread, [&](ThreadState& runner, const CallArguments&) {
      for (int i = 0; i < 200; ++i) safe_point(runner);
      EXPECT_FALSE(record.has_ended.is_set());
      has_run = true;
      return Result<Ref<Object>>(none());
    });
    must(start_with_handle(thread, handle, body, CallArguments{}, false));
    EXPECT_EQ(raised_by(thread, start_with_handle(thread, handle, body, CallArguments{}, false)),
              "RuntimeError: thread already started");
    EXPECT_TRUE(ThreadRegistry::join(thread, **handle->record, kForever));
    EXPECT_TRUE(has_run);
  }
  EXPECT_EQ(runtime.kernel.world().thread_count(), 1u);
}

TEST(ThreadRegistry, WaitsForAllButDaemons) {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  ThreadRegistry& threads = runtime.modules.threads();
  Event may_end;
  Atomic<int> ended;
  Ref<Object> waits = function(thread, [&](ThreadState& runner, const CallArguments&) {
    ParkHooks hooks = detach_while_waiting(runner);
    may_end.wait(&hooks);
    ended.fetch_add(1);
    return Result<Ref<Object>>(none());
  });
  Ref<Object> counts = function(thread, [&](ThreadState&, const CallArguments&) {
    ended.fetch_add(10);
    return Result<Ref<Object>>(none());
  });
  Ref<ThreadHandle> daemon = must(new_thread_handle(thread));
  must(start_with_handle(thread, daemon, waits, CallArguments{}, true));
  for (int i = 0; i < 3; ++i) {
    Ref<ThreadHandle> handle = must(new_thread_handle(thread));
    must(start_with_handle(thread, handle, counts, CallArguments{}, false));
  }
  threads.join_all_but_daemons(thread);
  EXPECT_EQ(ended.load(), 30);
  EXPECT_EQ(threads.running(), 1u);
  may_end.set();
  ThreadRegistry::join(thread, **daemon->record, kForever);
}

TEST(ThreadLocal, HasAnotherNamespaceInEachThreadWhichEndsWithIt) {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Ref<Object> local = must(call(thread, Borrowed<Object>(&local_type), Arguments()));
  must(set_attribute(thread, local, "x", number(thread, 1).get()));
  unsigned ends = 0;
  run_in_threads(runtime, {[&](ThreadState& other) {
                   EXPECT_FALSE(must(find_attribute(other, local, "x")));
                   must(set_attribute(other, local, "x", new_probe(other, &ends).get()));
                   EXPECT_EQ(ends, 0u);
                 }});
  EXPECT_EQ(ends, 1u);
  EXPECT_EQ(told(thread, get_attribute(thread, local, "x")), "1");
  EXPECT_EQ(told(thread, get_attribute(thread, local, "__dict__")), "{'x': 1}");
  must(set_attribute(thread, local, "x", nullptr));
  EXPECT_EQ(told(thread, get_attribute(thread, local, "x")),
            "AttributeError: '_thread._local' object has no attribute 'x'");
}

TEST(ThreadLocal, EndsBeforeAThreadThatHasUsedIt) {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  unsigned ends = 0;
  run_in_threads(runtime, {[&](ThreadState& other) {
                   for (int i = 0; i < 100; ++i) {
                     Ref<Object> local =
                         must(call(other, Borrowed<Object>(&local_type), Arguments()));
                     must(set_attribute(other, local, "x", new_probe(other, &ends).get()));
                   }
                   EXPECT_EQ(ends, 100u);
                 }});
  static_cast<void>(thread);
}

}  // namespace
}  // namespace runtime
