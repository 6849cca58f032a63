// The optional global interpreter lock (GIL).
//
// Some programs, and extension modules that never thought of threads, need that only one thread
// runs at a time. So attaching takes one lock more while the GIL is enabled. It can be enabled
// while threads run: the world is stopped, the counter raised, and from then on nobody attaches
// without the lock. A thread that has waited for a switch interval asks the holder to let go, by a
// bit in its eval breaker; by then it has waited long enough for the mutex to be handed over.
//
// Enabling changes no object and no lock of an object: reference counts stay biased, critical
// sections stay in use.
//
// Ancestry: PEP 703, "Py_mod_gil Slot" and "PYTHONGIL Environment Variable"; CPython's Python/ceval_gil.c (take_gil, drop_gil,
// _PyEval_EnableGILTransient, _PyEval_DisableGIL). Unlike there, the lock is the one-byte mutex and
// a forced switch is its hand-off.
#pragma once

#include <cstdint>
#include <limits>

#include "runtime/base/atomic.h"
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
  void set_switch_interval(Nanoseconds interval) { switch_interval_.store_relaxed(interval); }
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
  void ask_to_let_go(World& world, std::uint32_t holder);
  // By an attached thread, which holds the GIL afterwards. Stops the world.
  void raise(ThreadState& thread, bool for_good);

  Mutex mutex_;
  // 0: disabled; n: n threads need it at this moment; kPermanent. Raised in a stopped world,
  // lowered by the holder.
  Atomic<int> enabled_;
  Atomic<std::uint32_t> holder_{
      0};  // serial of the holding thread, 0 if nobody; a hint for requests
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
