// Attaching and detaching: when may a thread touch objects?
//
// Only while it is attached. A thread detaches around everything that may block, so that nobody who
// stops the world waits for it. Detaching gives up what others could be waiting for: its critical
// sections, its part in reclamation (through the hooks of the world), the GIL. Attaching takes them
// back, and waits while the world is stopped. A running thread looks at its eval breaker at safe
// points and does there what others asked of it.
//
// After anything that may detach, every conclusion drawn from shared objects before is void.
//
// Ancestry: CPython's _PyThreadState_Attach, _Detach and _Suspend (Python/pystate.c).
#pragma once

#include "runtime/base/parking_lot.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

// Makes the calling thread the one that runs as `thread`. Takes the GIL if it is enabled; waits
// while the world is stopped; re-locks the newest critical section. The calling thread is attached
// nowhere, `thread` is attached by nobody. Keeps errno.
void attach(ThreadState& thread);

// Suspends the critical sections, tells the hooks, gives up the GIL. Only by the thread that
// attached, and not while it has stopped the world. Keeps errno.
void detach(ThreadState& thread);

class Attached {
 public:
  explicit Attached(ThreadState& thread) : thread_(thread) { attach(thread_); }
  ~Attached() { detach(thread_); }
  Attached(const Attached&) = delete;
  Attached& operator=(const Attached&) = delete;

 private:
  ThreadState& thread_;
};

// Around a call that may block and touches no object.
class Detached {
 public:
  explicit Detached(ThreadState& thread) : thread_(thread) { detach(thread_); }
  ~Detached() { attach(thread_); }
  Detached(const Detached&) = delete;
  Detached& operator=(const Detached&) = delete;

 private:
  ThreadState& thread_;
};

// Detaches around the sleep of a park, an event or a once.
ParkHooks detach_while_waiting(ThreadState& thread);

void safe_point_slow(ThreadState& thread);

// Does what others asked of this attached thread: may detach, wait, and run whatever the handlers
// of the floors above run. One load when nobody asked.
inline void safe_point(ThreadState& thread) {
  RT_INVARIANT(!thread.has_stopped_world(), "who stopped the world does not wait before it starts");
  // Relaxed: a request that is seen one safe point later came one safe point later.
  if (thread.eval_breaker().load_relaxed() != 0) [[unlikely]] {
    safe_point_slow(thread);
  }
}

}  // namespace runtime
