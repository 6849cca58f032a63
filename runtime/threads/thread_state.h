// What the runtime knows about one thread.
//
// A thread of the system becomes a thread of the runtime through a ThreadState. Everything that the
// floors above keep per thread hangs in its slots, so that they pass `ThreadState&` along instead
// of looking into thread-local storage. Its status says whether the thread may touch objects at
// this moment: only while attached (attach.h). Its eval breaker is one word of requests from
// others, looked at between two steps of the program: "stop", "merge your queue", "drop the GIL".
//
// A thread state knows nothing of what hangs in its slots; the floors fill and empty them through
// the hooks of the world (world.h).
//
// Ancestry: CPython's PyThreadState and _PyThreadStateImpl; the breaker is its eval_breaker
// (Python/ceval_gil.c).
//
// Orderings in this file
//   [requested-before-handled]  request() sets its bit with release; the slow path of safe_point()
//                               (attach.cpp) clears it with acquire. What was written before the
//                               request is visible to the handler.
//
// The status of a thread, and who moves it (PEP 703, "Thread States"):
//   detached  -> attached    the thread itself (attach)
//   attached  -> detached    the thread itself (detach)
//   attached  -> suspended   the thread itself, when a stop was requested of it
//   detached  -> suspended   the stopper alone
//   suspended -> detached    the stopper alone
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/check.h"
#include "runtime/base/mutants.h"

namespace runtime {

class Gil;
class SectionFrame;
class StopTheWorld;
class ThreadState;
class World;

// What one thread may ask of another, in the order in which a safe point answers.
enum class BreakerBit : std::uint32_t {
  kStop = 1,      // stop the world: suspend yourself (stop_the_world.h)
  kSignals = 2,   // a signal of the system waits for the main thread
  kCalls = 4,     // pending calls
  kMerge = 8,     // others queued objects of yours: merge their counts
  kGc = 16,       // collect garbage
  kGilDrop = 32,  // somebody has waited for the GIL longer than the switch interval (gil.h)
  kAsync = 64,    // raise an exception that another thread sent
};
inline constexpr unsigned kBreakerBits = 7;

// The index of a per-thread pointer of a floor above. All indexes are given out here.
struct ThreadSlots {
  static constexpr unsigned kQsbr = 0;
  static constexpr unsigned kObjectHeap = 1;
  static constexpr unsigned kDeferredFree = 2;
  static constexpr unsigned kMergeQueue = 3;
  static constexpr unsigned kPerThreadCounts = 4;
  static constexpr unsigned kDying = 5;
  static constexpr unsigned kRawBuffers = 6;
  static constexpr unsigned kValues = 7;
  static constexpr unsigned kCollector = 8;
  static constexpr unsigned kTypes = 9;
  static constexpr unsigned kInterpreter = 10;
  static constexpr unsigned kModules = 11;
  static constexpr unsigned kConstants = 12;
  static constexpr unsigned kCount = 13;
};

// The index together with what the pointer points to: `constexpr ThreadSlot<Heap> kHeapSlot{...};`.
template <class T>
struct ThreadSlot {
  unsigned index;
};

// Created and destroyed by its world. Its own thread uses it freely; another thread may call
// serial(), world(), request() and look at the slots as long as it knows that the state lives:
// under the registry lock (World::for_each_thread) or in a stopped world.
class alignas(64) ThreadState {
 public:
  ThreadState(const ThreadState&) = delete;
  ThreadState& operator=(const ThreadState&) = delete;

  // 1, 2, ... in order of creation, never used again; 0 is nobody. It is the owner's number in the
  // header of an object.
  [[nodiscard]] std::uint32_t serial() const { return serial_; }
  [[nodiscard]] World& world() const { return world_; }

  // Bits of BreakerBit. Set by request(), tested by safe_point() (attach.h).
  Atomic<std::uint32_t>& eval_breaker() { return eval_breaker_; }

  // The pointer of a floor above; null at first. Whoever shares it with other threads orders the
  // accesses.
  template <class T>
  T*& slot(ThreadSlot<T> slot) {
    RT_INVARIANT(slot.index < ThreadSlots::kCount, "a slot has an index in the list");
    static_assert(sizeof(T*) == sizeof(void*));
    return reinterpret_cast<T*&>(slots_[slot.index]);
  }

  // For assertions: it may touch objects at this moment.
  [[nodiscard]] bool is_attached() const { return status_.peek() == kAttached; }
  // Its own thread alone may ask these.
  //
  // No other thread has ever been in its world; at the next call that may block or run foreign code
  // there may be one.
  [[nodiscard]] bool is_alone() const { return is_alone_; }
  [[nodiscard]] bool has_stopped_world() const { return has_stopped_world_; }
  [[nodiscard]] bool holds_gil() const { return holds_gil_; }

 private:
  friend class Gil;
  friend class SectionFrame;
  friend class StopTheWorld;
  friend class World;
  friend struct Attachment;

  enum Status : std::uint8_t { kDetached, kAttached, kSuspended };

  ThreadState(World& world, std::uint32_t serial) : serial_(serial), world_(world) {}
  ~ThreadState() = default;

  Atomic<std::uint32_t> eval_breaker_;
  const std::uint32_t serial_;
  // The only one its world ever had: its critical sections take no locks. Changes to false before
  // there is a second one, by the thread itself or while it is stopped.
  bool is_alone_ = false;
  SectionFrame* sections_ = nullptr;  // the newest one; only its own thread
  void* slots_[ThreadSlots::kCount] = {};
  World& world_;
  Atomic<std::uint8_t> status_{kDetached};
  bool holds_gil_ = false;          // only its own thread
  bool has_stopped_world_ = false;  // only its own thread
  ThreadState* earlier_ = nullptr;  // guarded by the registry lock of the world
  ThreadState* later_ = nullptr;    // likewise
};

// Sets the bit; the thread answers at its next safe point. Any thread that knows that `thread`
// lives.
inline void request(ThreadState& thread, BreakerBit bit) {
  if (RT_MUTANT(breaker_request_relaxed)) {
    thread.eval_breaker().fetch_or_relaxed(static_cast<std::uint32_t>(bit));
    return;
  }
  // [requested-before-handled]
  thread.eval_breaker().fetch_or_release(static_cast<std::uint32_t>(bit));
}

// The state with which the calling thread is attached; null if it is not.
struct CurrentThreadTag;
using CurrentThread = ThreadLocal<ThreadState*, CurrentThreadTag>;
inline ThreadState* this_thread_or_null() { return CurrentThread::get(); }
inline ThreadState& this_thread() {
  ThreadState* thread = this_thread_or_null();
  RT_LAW(Law::kAttachedOnly, thread != nullptr, nullptr);
  return *thread;
}

}  // namespace runtime
