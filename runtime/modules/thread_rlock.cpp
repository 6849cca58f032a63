// Orderings in this file
//   The owner's serial is stored and loaded relaxed: a thread only asks whether it is its own, and
//   that only the thread itself writes. The count is its owner's; to others it is a glance.
#include "runtime/base/mutants.h"
#include "runtime/modules/thread_lock.h"
#include "runtime/modules/thread_timeout.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"
#include "runtime/types/native.h"

namespace runtime {

namespace {

RLockObject& rlock_of(Borrowed<Object> object) { return *static_cast<RLockObject*>(object.get()); }

bool is_owned(const ThreadState& thread, const RLockObject& lock) {
  return lock.owner.load_relaxed() == thread.serial();
}

Raised not_acquired(ThreadState& thread) {
  return raise(thread, runtime_error_type, "cannot release un-acquired lock");
}

Result<Ref<Object>> acquire(ThreadState& thread, Borrowed<Object> self,
                            const BoundArguments& arguments) {
  TRY_ASSIGN(Nanoseconds deadline, acquire_deadline(thread, arguments[0], arguments[1]));
  return boolean(rlock_acquire(thread, Borrowed(&rlock_of(self)), deadline));
}

Result<Ref<Object>> enter(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return boolean(rlock_acquire(thread, Borrowed(&rlock_of(self)), kForever));
}

Result<Ref<Object>> release(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY(rlock_release(thread, Borrowed(&rlock_of(self))));
  return none();
}

Result<Ref<Object>> locked(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return boolean(rlock_of(self).mutex.is_locked());
}

Result<Ref<Object>> is_owned_method(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments&) {
  return boolean(is_owned(thread, rlock_of(self)));
}

Result<Ref<Object>> recursion_count(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments&) {
  return new_int_unsigned(thread, rlock_depth(thread, rlock_of(self)));
}

// What a condition keeps while it waits: (count, owner).
Result<Ref<Object>> release_save(ThreadState& thread, Borrowed<Object> self,
                                 const BoundArguments&) {
  TRY_ASSIGN(std::uint64_t depth, rlock_release_all(thread, Borrowed(&rlock_of(self))));
  TRY_ASSIGN(Ref<Int> count, new_int_unsigned(thread, depth));
  TRY_ASSIGN(Ref<Int> owner, new_int_unsigned(thread, thread.serial()));
  return new_tuple(thread, {count, owner});
}

Result<Ref<Object>> acquire_restore(ThreadState& thread, Borrowed<Object> self,
                                    const BoundArguments& arguments) {
  const Borrowed<Object> state = arguments.at(0);
  if (!is_tuple(*state) || as_tuple(state)->size != 2 || !is_int(*as_tuple(state)->at(0))) {
    return raise(thread, type_error_type, "_acquire_restore() argument 1 must be tuple, not {}",
                 type_name(state));
  }
  const std::int64_t depth = clipped_int64_of(*as_int(as_tuple(state)->at(0)));
  if (depth > 0) {
    rlock_acquire_again(thread, Borrowed(&rlock_of(self)), static_cast<std::uint64_t>(depth));
  }
  return none();
}

Result<Ref<Object>> reinitialize(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  RLockObject& lock = rlock_of(self);
  lock.owner.store_relaxed(0);
  lock.further.store_relaxed(0);
  static_cast<void>(lock.mutex.try_unlock());
  return none();
}

// Of another thread's lock this is a glance.
Result<Ref<Str>> repr_of_rlock(ThreadState& thread, Borrowed<Object> self) {
  RLockObject& lock = rlock_of(self);
  const std::uint32_t owner = lock.owner.load_relaxed();
  const std::uint64_t count = owner == 0 ? 0 : lock.further.load_relaxed() + 1;
  return new_str(thread,
                 fmt::format("<{} {} object owner={} count={} at {}>",
                             lock.mutex.is_locked() ? "locked" : "unlocked", type_name(self), owner,
                             count, static_cast<const void*>(self.get())));
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Object> type, const BoundArguments&) {
  Ref<RLockObject> lock = new_object<RLockObject>(thread, *static_cast<Type*>(type.get()));
  if (!lock) return raise_out_of_memory(thread);
  return lock;
}

constexpr Protocol kRLockProtocol{.hash = &hash_by_identity, .repr = &repr_of_rlock};

constexpr NativeMethod kRLockMethods[] = {
    {"acquire(blocking?, timeout?)", &acquire,
     "Lock the lock; a thread that holds it already holds it once more."},
    {"release()", &release, "Give up one level."},
    {"locked()", &locked, "True if the lock is held by some thread."},
    {"__enter__()", &enter, "Lock the lock."},
    {"__exit__(*exception)", &release, "Release the lock."},
    {"_is_owned()", &is_owned_method, "For internal use by `threading.Condition`."},
    {"_recursion_count()", &recursion_count, "For internal use by reentrancy checks."},
    {"_release_save()", &release_save, "For internal use by `threading.Condition`."},
    {"_acquire_restore(state, /)", &acquire_restore, "For internal use by `threading.Condition`."},
    {"_at_fork_reinit()", &reinitialize},
};

}  // namespace

constinit Type rlock_type(TypeSlots{
    .name = "_thread.RLock",
    .size = sizeof(RLockObject),
    .weak_references_offset = kWeakReferencesBehindHeader,
    .protocol = &kRLockProtocol,
});

bool rlock_acquire(ThreadState& thread, Borrowed<RLockObject> lock, Nanoseconds deadline) {
  if (is_owned(thread, *lock)) {
    lock->further.store_relaxed(lock->further.load_relaxed() + 1);
    return true;
  }
  if (lock->mutex.lock_until(thread, deadline) != LockResult::kAcquired) return false;
  lock->owner.store_relaxed(thread.serial());
  return true;
}

Result<Done> rlock_release(ThreadState& thread, Borrowed<RLockObject> lock) {
  if (!is_owned(thread, *lock)) return not_acquired(thread);
  if (const std::uint64_t further = lock->further.load_relaxed(); further > 0) {
    lock->further.store_relaxed(further - 1);
    return Done();
  }
  lock->owner.store_relaxed(0);
  point("rlock.disowned");
  static_cast<void>(lock->mutex.try_unlock());
  return Done();
}

std::uint64_t rlock_depth(const ThreadState& thread, const RLockObject& lock) {
  return is_owned(thread, lock) ? lock.further.load_relaxed() + 1 : 0;
}

Result<std::uint64_t> rlock_release_all(ThreadState& thread, Borrowed<RLockObject> lock) {
  if (!is_owned(thread, *lock)) return not_acquired(thread);
  const std::uint64_t depth = lock->further.load_relaxed() + 1;
  if (!RT_MUTANT(rlock_count_not_cleared)) lock->further.store_relaxed(0);
  lock->owner.store_relaxed(0);
  static_cast<void>(lock->mutex.try_unlock());
  return depth;
}

void rlock_acquire_again(ThreadState& thread, Borrowed<RLockObject> lock, std::uint64_t depth) {
  static_cast<void>(lock->mutex.lock_until(thread, kForever));
  lock->owner.store_relaxed(thread.serial());
  lock->further.store_relaxed(depth - 1);
}

Result<Done> open_rlock_type(ThreadState& thread) {
  return open_type(thread, NativeType{.type = rlock_type,
                                      .module = "_thread",
                                      .documentation = "A lock that its owner may acquire again.",
                                      .methods = kRLockMethods,
                                      .constructor = "RLock()",
                                      .make = &make});
}

}  // namespace runtime
