#include "runtime/base/raw_mutex.h"

#include "runtime/base/check.h"

namespace runtime {

namespace {

// On the stack of a waiting thread; linked from the word until an unlock() takes it off.
struct Waiter {
  Plain<Waiter*> next;  // came before this one; written before the node is linked, never after
  Semaphore woken;
};

}  // namespace

void RawMutex::lock_slow() {
  static_assert(alignof(Waiter) > kLocked, "the low bit of a node's address is free");
  Waiter waiter;
  std::uintptr_t seen = word_.load_relaxed();  // only a guess; the exchanges check it
  for (;;) {
    if ((seen & kLocked) == 0) {
      // Free, perhaps with waiters: overtaking is allowed.
      if (word_.compare_exchange_acquire(seen, seen | kLocked)) return;  // [unlocked-before-locked]
      continue;
    }
    waiter.next.set(reinterpret_cast<Waiter*>(seen & ~kLocked));
    std::uintptr_t linked = reinterpret_cast<std::uintptr_t>(&waiter) | kLocked;
    if (RT_MUTANT(raw_mutex_links_relaxed)
            ? !word_.compare_exchange_relaxed(seen, linked)
            : !word_.compare_exchange_release(seen, linked)) {  // [linked-before-woken]
      continue;
    }
    point("raw_mutex.linked");
    lock_wanted(this);
    waiter.woken.wait();
    seen = word_.load_relaxed();  // only a guess, as above
  }
}

void RawMutex::unlock_slow() {
  std::uintptr_t seen = word_.load_acquire();  // [linked-before-woken]
  for (;;) {
    RT_CHECK((seen & kLocked) != 0, "a mutex that is unlocked was locked");
    auto* waiter = reinterpret_cast<Waiter*>(seen & ~kLocked);
    if (waiter == nullptr) {
      if (word_.compare_exchange_acq_rel(seen, kUnlocked)) return;  // [unlocked-before-locked]
      continue;
    }
    // Only who holds the lock takes nodes off, so this one stays while we read it.
    auto rest = reinterpret_cast<std::uintptr_t>(waiter->next.get());
    if (RT_MUTANT(raw_mutex_unlock_drops_list)) rest = kUnlocked;
    if (!word_.compare_exchange_acq_rel(seen, rest)) continue;  // both of the above
    if (RT_MUTANT(raw_mutex_unlock_wakes_nobody)) return;
    waiter->woken.post();  // the node and its stack are the waiter's again
    return;
  }
}

}  // namespace runtime
