#include "runtime/modules/modules_test_support.h"
#include "runtime/modules/thread_lock.h"

namespace runtime {
namespace {

RT_SCENARIO(rlock_two, "modules/rlock_excludes_two",
            "An RLock that one thread acquires twice lets another one in after two releases.") {
  ModulesKernel runtime;
  Ref<RLockObject> lock = new_object<RLockObject>(runtime.here(), rlock_type);
  OneAtATime inside;
  auto body = [&](ThreadState& thread) {
    RT_CHECK(rlock_acquire(thread, lock, kForever), "it is acquired in the end");
    RT_CHECK(rlock_acquire(thread, lock, kForever), "its owner may acquire it again");
    inside.pass();
    must(rlock_release(thread, lock));
    RT_CHECK(rlock_depth(thread, *lock) == 1, "one level is left");
    inside.pass();
    must(rlock_release(thread, lock));
  };
  run_in_threads(runtime, {body, body});
  RT_CHECK(inside.passed() == 4, "both came in");
}

RT_SCENARIO(lock_foreign, "modules/lock_released_by_two",
            "A lock that was acquired once is released once, whoever tries.") {
  ModulesKernel runtime;
  Ref<Object> made = must(new_lock(runtime.here()));
  Borrowed<LockObject> lock(static_cast<LockObject*>(made.get()));
  RT_CHECK(lock_acquire(runtime.here(), lock, 0), "it was free");
  Atomic<int> released;
  auto release = [&](ThreadState& thread) {
    if (!lock_release(thread, lock).is_raised()) released.fetch_add(1);
  };
  run_in_threads(runtime, {release, release});
  RT_CHECK(released.load() == 1, "one of the two released it");
}

RT_SCENARIO(thread_joined, "modules/thread_joined_by_two",
            "Two threads that join a third both find that it has run.") {
  ModulesKernel runtime;
  ThreadState& thread = runtime.here();
  Plain<int> result;
  Ref<Object> body = function(thread, [&](ThreadState&, const CallArguments&) {
    result.set(7);
    return Result<Ref<Object>>(none());
  });
  Ref<ThreadHandle> handle = must(new_thread_handle(thread));
  must(start_with_handle(thread, handle, body, CallArguments{}, false));
  auto join = [&](ThreadState& runner) {
    RT_CHECK(ThreadRegistry::join(runner, **handle->record, kForever), "it has ended");
    RT_CHECK(result.get() == 7, "what it did is visible");
  };
  run_in_threads(runtime, {join, join});
}

}  // namespace
}  // namespace runtime
