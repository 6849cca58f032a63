// The locks of programs: `_thread.lock` and `_thread.RLock`.
//
// A lock is a mutex (threads/mutex.h) in an object. What programs may do beyond what the runtime does
// with a mutex: wait for a limited time, release what another thread acquired, release what nobody
// holds (RuntimeError). A thread that waits is detached.
//
// An RLock is a mutex, its owner and how often the owner has acquired it beyond the first time. Only
// the thread that finds itself the owner changes the count, so neither needs a lock: `owner` is a word
// that other threads read to learn that it is not them.
//
// Ancestry: https://docs.python.org/3/library/threading.html#lock-objects; CPython's
// Modules/_threadmodule.c and PyMutex, _PyRecursiveMutex (Python/lock.c).
#pragma once

#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/object/protocol.h"
#include "runtime/object/weak_reference.h"
#include "runtime/threads/mutex.h"

namespace runtime {

struct LockObject : WeaklyReferable {
  Mutex mutex;
};

struct RLockObject : WeaklyReferable {
  Mutex mutex;
  Atomic<std::uint32_t> owner;  // serial; 0: nobody. Written by who holds the mutex
  Atomic<std::uint64_t>
      further;  // how often beyond once; written by its owner alone, 0 without one
};

extern Type lock_type;
extern Type rlock_type;

Result<Ref<Object>> new_lock(ThreadState& thread);

// `deadline` as in Mutex::lock_until; false: it came first.
[[nodiscard]] bool lock_acquire(ThreadState& thread, Borrowed<LockObject> lock,
                                Nanoseconds deadline);
// RuntimeError "release unlocked lock".
Result<Done> lock_release(ThreadState& thread, Borrowed<LockObject> lock);

[[nodiscard]] bool rlock_acquire(ThreadState& thread, Borrowed<RLockObject> lock,
                                 Nanoseconds deadline);
// RuntimeError "cannot release un-acquired lock".
Result<Done> rlock_release(ThreadState& thread, Borrowed<RLockObject> lock);
// How often the calling thread holds it.
[[nodiscard]] std::uint64_t rlock_depth(const ThreadState& thread, const RLockObject& lock);
// Gives it up whatever its depth, which is returned; and takes it back so. For conditions.
Result<std::uint64_t> rlock_release_all(ThreadState& thread, Borrowed<RLockObject> lock);
void rlock_acquire_again(ThreadState& thread, Borrowed<RLockObject> lock, std::uint64_t depth);

}  // namespace runtime
