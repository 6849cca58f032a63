// The optional global interpreter lock (GIL).
//
// Some programs, and extension modules that never thought of threads, need that only one thread
// runs at a time. So attaching takes one lock more while the GIL is enabled. It can be enabled while
// threads run: the world is stopped, the counter raised, and from then on nobody attaches without
// the lock. A thread that has waited for a switch interval asks the holder to let go, by a bit in
// its eval breaker; who lets go on request does not come back before somebody else was in.
//
// Enabling changes no object and no lock of an object: reference counts stay biased, critical
// sections stay in use.
//
// Ancestry: PEP 703, "Py_mod_gil Slot" and "PYTHONGIL Environment Variable"; CPython's
// Python/ceval_gil.c (take_gil, drop_gil, _PyEval_EnableGILTransient, _PyEval_DisableGIL). Unlike
// there, the lock is the one-byte mutex, handed over like any other to whoever has waited longest.
#pragma once

#include <cstdint>
#include <limits>

#include "runtime/base/atomic.h"
#include "runtime/base/check.h"
#include "runtime/threads/mutex.h"

namespace runtime {

class ThreadState;
class World;

enum class GilMode { kOff, kOn };  // kOn is permanent

class Gil {
 public:
  Gil(GilMode mode, Nanoseconds switch_interval)
      : enabled_(mode == GilMode::kOn ? kPermanent : 0), switch_interval_(switch_interval) {}

  [[nodiscard]] bool is_enabled() const { return enabled_.load() != 0; }

  // Time after which a waiting thread asks the holder to let go; more than 0. Any thread.
  // sys.setswitchinterval, https://docs.python.org/3/library/sys.html#sys.setswitchinterval
  void set_switch_interval(Nanoseconds interval) {
    RT_CHECK(interval > 0, "the switch interval is longer than nothing");
    switch_interval_.store_relaxed(interval);  // nothing depends on it but times
  }
  [[nodiscard]] Nanoseconds switch_interval() const { return switch_interval_.load_relaxed(); }

 private:
  friend class World;
  friend struct Attachment;
  friend void enable_gil(ThreadState& thread);
  friend void enable_gil_for_good(ThreadState& thread);
  friend void disable_gil(ThreadState& thread);

  static constexpr int kPermanent = std::numeric_limits<int>::max();

  // Takes the GIL for a detached thread, unless it is not enabled.
  void acquire(ThreadState& thread);
  // Nothing if the thread does not hold it. The thread is no longer attached.
  void release(ThreadState& thread);
  void wait(World& world);
  // By a detached thread that has let go on request: returns when another one has had the GIL, at
  // once if nobody waits for it.
  void yield(const ThreadState& thread);
  void ask_to_let_go(World& world, std::uint32_t holder);
  // By an attached thread, which holds the GIL afterwards. Stops the world.
  void raise(ThreadState& thread, bool for_good);

  Mutex mutex_;
  // 0: disabled; n: n threads need it at this moment; kPermanent. Raised in a stopped world,
  // lowered by the holder.
  Atomic<int> enabled_;
  // Serial of who took the GIL last; 0 before the first.
  Atomic<std::uint32_t> last_holder_;
  // Threads in wait(): each takes the GIL in the end, or finds it disabled.
  Atomic<std::uint32_t> waiting_;
  // Threads in yield(): they watch last_holder_.
  Atomic<std::uint32_t> yielding_;
  Atomic<Nanoseconds> switch_interval_;
};

// Enables the GIL until the same number of disable_gil(); on return the calling thread, which is
// attached, holds it and every other thread runs only while this one does not. Stops the world.
void enable_gil(ThreadState& thread);
// Likewise, but until the end of the world.
void enable_gil_for_good(ThreadState& thread);
// Takes back one enable_gil(). The last one lets everybody run again; nothing if it is permanent.
void disable_gil(ThreadState& thread);

}  // namespace runtime
