// Who is importing what: so that of two threads one runs a module and the other waits.
//
// Each module that is being imported has a lock, by name, which its thread may take again (a module
// that imports itself by way of others). Locks are taken in the order in which modules import one
// another, which differs from thread to thread, so two threads may wait for each other; who would
// close such a circle does not wait.
//
// Ancestry: CPython's _ModuleLock (Lib/importlib/_bootstrap.py).
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/atomic.h"
#include "runtime/base/raw_mutex.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

// Thread safe.
class ModuleLocks {
 public:
  enum class Taken {
    kMine,
    kCircle,  // somebody who waits for this thread has it: it was not taken
  };

  // Waits, detached, while another thread has it.
  [[nodiscard]] Taken acquire(ThreadState& thread, std::string_view name);
  void release(ThreadState& thread, std::string_view name);

  // A thread is importing it at this moment: this one, or another. A hint.
  enum class Importer { kNobody, kThisThread, kAnother };
  [[nodiscard]] Importer importer(ThreadState& thread, std::string_view name) const;

 private:
  struct Waiter {
    std::uint32_t serial;
    Semaphore* semaphore;
  };
  struct Lock {
    std::uint32_t owner = 0;  // a serial; 0: free
    unsigned depth = 0;
    std::vector<Waiter> waiters;  // the oldest first
  };

  [[nodiscard]] bool closes_circle(std::uint32_t serial, const Lock& wanted) const;

  mutable RawMutex lock_;  // a leaf; guards what follows
  std::map<std::string, Lock, std::less<>> locks_;
  std::map<std::uint32_t, const Lock*> waits_for_;
  Atomic<unsigned> count_;  // of locks that are held; relaxed: a hint where nobody imports
};

}  // namespace runtime
