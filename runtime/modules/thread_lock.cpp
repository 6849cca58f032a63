#include "runtime/modules/thread_lock.h"

#include "runtime/modules/thread_timeout.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/threads/attach.h"
#include "runtime/types/native.h"

namespace runtime {

namespace {

LockObject& lock_of(Borrowed<Object> object) { return *static_cast<LockObject*>(object.get()); }

Result<Ref<Object>> acquire(ThreadState& thread, Borrowed<Object> self,
                            const BoundArguments& arguments) {
  TRY_ASSIGN(Nanoseconds deadline, acquire_deadline(thread, arguments[0], arguments[1]));
  return boolean(lock_acquire(thread, Borrowed(&lock_of(self)), deadline));
}

Result<Ref<Object>> enter(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  return boolean(lock_acquire(thread, Borrowed(&lock_of(self)), kForever));
}

Result<Ref<Object>> release(ThreadState& thread, Borrowed<Object> self, const BoundArguments&) {
  TRY(lock_release(thread, Borrowed(&lock_of(self))));
  return none();
}

Result<Ref<Object>> locked(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  return boolean(lock_of(self).mutex.is_locked());
}

// After a fork only the thread that forked is there: whoever held it is not.
Result<Ref<Object>> reinitialize(ThreadState&, Borrowed<Object> self, const BoundArguments&) {
  static_cast<void>(lock_of(self).mutex.try_unlock());
  return none();
}

Result<Ref<Str>> repr_of_lock(ThreadState& thread, Borrowed<Object> self) {
  return new_str(thread, fmt::format("<{} {} object at {}>",
                                     lock_of(self).mutex.is_locked() ? "locked" : "unlocked",
                                     type_name(self), static_cast<const void*>(self.get())));
}

Result<Ref<Object>> make(ThreadState& thread, Borrowed<Object>, const BoundArguments&) {
  return new_lock(thread);
}

constexpr Protocol kLockProtocol{.hash = &hash_by_identity, .repr = &repr_of_lock};

constexpr NativeMethod kLockMethods[] = {
    {"acquire(blocking?, timeout?)", &acquire,
     "Lock the lock. True if it was acquired, False if the timeout came first."},
    {"acquire_lock(blocking?, timeout?)", &acquire, "An obsolete synonym of acquire()."},
    {"release()", &release, "Release the lock; any thread may."},
    {"release_lock()", &release, "An obsolete synonym of release()."},
    {"locked()", &locked, "True if the lock is held by some thread."},
    {"locked_lock()", &locked, "An obsolete synonym of locked()."},
    {"__enter__()", &enter, "Lock the lock."},
    {"__exit__(*exception)", &release, "Release the lock."},
    {"_at_fork_reinit()", &reinitialize},
};

}  // namespace

constinit Type lock_type(TypeSlots{
    .name = "_thread.lock",
    .size = sizeof(LockObject),
    .weak_references_offset = kWeakReferencesBehindHeader,
    .protocol = &kLockProtocol,
});

Result<Ref<Object>> new_lock(ThreadState& thread) {
  Ref<LockObject> lock = new_object<LockObject>(thread, lock_type);
  if (!lock) return raise_out_of_memory(thread);
  return lock;
}

bool lock_acquire(ThreadState& thread, Borrowed<LockObject> lock, Nanoseconds deadline) {
  return lock->mutex.lock_until(thread, deadline) == LockResult::kAcquired;
}

Result<Done> lock_release(ThreadState& thread, Borrowed<LockObject> lock) {
  if (lock->mutex.try_unlock()) return Done();
  return raise(thread, runtime_error_type, "release unlocked lock");
}

Result<Done> open_lock_type(ThreadState& thread) {
  return open_type(thread, NativeType{.type = lock_type,
                                      .module = "_thread",
                                      .documentation = "A lock: a synchronization primitive.",
                                      .methods = kLockMethods,
                                      .derivable = Derivable::kNo,
                                      .constructor = "lock()",
                                      .make = &make});
}

}  // namespace runtime
