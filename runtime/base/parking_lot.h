// Waiting until somebody changes a word, without paying for it in the word.
//
// A lock that is one byte of an object has no room for a queue of waiters. So the queues stand
// elsewhere: in a table of buckets, chosen by the address of the word. park() puts the calling
// thread to sleep if the word still has the expected value; unpark_one() and unpark_all() wake who
// sleeps at that address, oldest first. Both work under the lock of the bucket, so a change of the
// word followed by an unpark cannot slip between the check and the sleep. The nodes of the queues
// live on the stacks of the waiters.
//
// Not for short leaf sections (raw_mutex.h), and not for conditions that are no single word.
//
// Ancestry: WebKit's WTF::ParkingLot; CPython's Python/parking_lot.c. Unlike there, `more_waiters`
// counts those of the same word alone, and the hooks stand around the whole wait, the withdrawal
// after a timeout included.
#pragma once

#include <cstdint>
#include <type_traits>

#include "runtime/base/atomic.h"

namespace runtime {

enum class ParkResult {
  kWoken,     // an unpark chose this thread, perhaps in the moment in which its time ran out
  kTimedOut,  // the deadline came, and no unpark has chosen or will choose this thread
  kChanged,   // the word was not as expected; the thread never slept
};

// What the waiting thread does around its sleep, for example detaching from its runtime. Called by
// the waiting thread, without the bucket lock, in pairs, and only if it sleeps. after_wait may
// itself block.
struct ParkHooks {
  void* context;
  void (*before_wait)(void* context);
  void (*after_wait)(void* context);
};

// Sleeps while nobody unparks `word`, if it is still `expected`. `deadline` is a time of now(),
// kForever never comes; one that has passed still lets a thread be chosen by an unpark that came
// first. `argument` is shown to the callback of the unpark that chooses this thread. Everything
// done before that unpark is visible after a return of kWoken. The caller looks at its condition
// again: an unpark of an earlier word at the same address can wake it without reason. Defined for
// 1, 4 and 8 bytes: std::uint8_t, int, std::uint32_t, std::uint64_t.
template <class T>
ParkResult park(const Atomic<T>& word, std::type_identity_t<T> expected,
                Nanoseconds deadline = kForever, void* argument = nullptr,
                const ParkHooks* hooks = nullptr);

// Refers to a function `void(void* argument, bool more_waiters)` of the caller for as long as the
// call lasts.
class UnparkCallback {
 public:
  template <class Function>
  requires(!std::is_same_v<std::remove_cvref_t<Function>, UnparkCallback>)
      UnparkCallback(Function&& function)  // not explicit: a lambda is written at the call
      : context_(const_cast<void*>(static_cast<const void*>(&function))),
        call_([](void* context, void* argument, bool more_waiters) {
          (*static_cast<std::remove_reference_t<Function>*>(context))(argument, more_waiters);
        }) {}
  void operator()(void* argument, bool more_waiters) const {
    call_(context_, argument, more_waiters);
  }

 private:
  void* context_;
  void (*call_)(void*, void*, bool);
};

// Chooses the thread that has waited longest at `word`, runs `callback` under the bucket lock with
// that thread's argument (null if nobody waits) and whether others wait at the same word, and wakes
// it after the lock is released. The callback is the place to change the word, since nobody can
// begin or end waiting meanwhile; it must not block, park or unpark. `word` is only an address
// here; the word may be gone.
void unpark_one(const void* word, UnparkCallback callback);

// Wakes all that wait at `word`; how many. `word` is only an address here; the word may be gone.
unsigned unpark_all(const void* word);

}  // namespace runtime
