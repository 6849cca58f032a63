// The world: all threads of one runtime.
//
// A runtime must know its threads: to stop them, to visit what each keeps for itself, to give every
// thread what the floors above need. The world keeps them in a list under one lock, hands out
// serials, and calls the hooks of the floors when a thread is created, attaches, detaches and
// exits. It also owns what exists once: the stop-the-world machinery and the optional GIL.
//
// It does not start threads of the system; whoever does creates a state before and attaches with
// it.
//
// Ancestry: CPython's PyInterpreterState.threads and _PyRuntime (Python/pystate.c). One world is
// one interpreter; there are no subinterpreters.
#pragma once

#include <cstdint>

#include "runtime/base/atomic.h"
#include "runtime/base/raw_mutex.h"
#include "runtime/threads/gil.h"
#include "runtime/threads/stop_the_world.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

struct WorldOptions {
  GilMode gil = GilMode::kOff;
  Nanoseconds switch_interval = 5'000'000;  // of the GIL; more than 0
};

// What a floor does at the turns of a thread's life. Each may be null.
//   created    by whoever creates the state, attached or not; before anybody can find the thread,
//              perhaps while the world is stopped by somebody else
//   attached   by the thread, attached, before its critical section is resumed
//   detaching  by the thread, still attached, after its critical sections were suspended; in
//   reverse
//              order of registration
//   exiting    the last one of a thread, in reverse order of registration, by whoever destroys the
//              state. Either the thread itself, attached: it may detach and attach again, and no
//              `detaching` follows. Or anybody else, for a thread that is not attached.
//   released   behind every `exiting`, in reverse order of registration: gives up what finalizers need
//              that run as late as that. No object ends here.
// attached and detaching must not block.
struct ThreadHooks {
  void* context = nullptr;
  void (*created)(void* context, ThreadState& thread) = nullptr;
  void (*attached)(void* context, ThreadState& thread) = nullptr;
  void (*detaching)(void* context, ThreadState& thread) = nullptr;
  void (*exiting)(void* context, ThreadState& thread) = nullptr;
  void (*released)(void* context, ThreadState& thread) = nullptr;
};

// Answers a request, attached; may do everything that an attached thread may.
using BreakerHandler = void (*)(void* context, ThreadState& thread);

class World {
 public:
  explicit World(WorldOptions options = {});
  // All thread states have been destroyed.
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // A new state, detached; suspended while the world is stopped. Any thread. Never null. For the
  // second one the world is stopped, unless the caller is the first; so it waits while the first has
  // stopped the world.
  ThreadState* create_thread();

  // Runs the exiting hooks, unlinks and frees. By its own thread, attached (which then is attached
  // nowhere), or by anybody for a state that is not attached and never will be.
  void destroy_thread(ThreadState* thread);

  // Calls fn(ThreadState&) for each thread, oldest first, under the registry lock: fn must
  // not create, destroy, attach, detach or block.
  template <class Function>
  void for_each_thread(Function&& fn) {
    RawMutexGuard guard(registry_lock_);
    for (ThreadState* thread = first_; thread != nullptr; thread = thread->later_) fn(*thread);
  }
  [[nodiscard]] unsigned thread_count();

  // Before the second thread is created. `created` runs at once for a thread that exists already.
  void add_hooks(const ThreadHooks& hooks);

  // Who answers this bit; by default nobody, and the request is dropped. Before the second thread
  // is created. Not for kStop and kGilDrop, which this floor answers itself.
  void set_breaker_handler(BreakerBit bit, BreakerHandler handler, void* context);

  // The program ends, and does not wait for the threads that are left (daemons). From now on
  // `survivor`, which is attached, is the only thread that ever runs attached: each other one sleeps
  // for ever as soon as it would attach or go on at a safe point. Their states stay, and so does what
  // stands on their stacks; so unless there are none (thread_count() is 1) this world can only end
  // with the process. Once.
  void begin_shutdown(ThreadState& survivor);
  [[nodiscard]] bool is_shutting_down() const { return survivor_ != nullptr; }

  Gil& gil() { return gil_; }

  // For assertions: the world stands, by this or another thread.
  [[nodiscard]] bool is_stopped() const { return stop_.is_stopped(); }

 private:
  friend class StopTheWorld;
  friend class StoppedWorld;
  friend struct Attachment;
  friend void stop_the_world(ThreadState& requester);
  friend void start_the_world(ThreadState& requester);

  static constexpr unsigned kMaximalHooks = 12;

  struct Handler {
    BreakerHandler function = nullptr;
    void* context = nullptr;
  };

  // False: it would be the second one, and the first, which is not alone from then on
  // (critical_section.h), may be running: the world must be stopped.
  [[nodiscard]] bool try_link(ThreadState& thread);

  // Calls this member of each hook, if it is not null.
  using Hook = void (*ThreadHooks::*)(void* context, ThreadState& thread);
  void run_hooks(Hook hook, ThreadState& thread);
  void run_hooks_in_reverse(Hook hook, ThreadState& thread);
  // Those who walk the list hold registry_lock_.
  void link_locked(ThreadState& thread);
  void unlink_locked(ThreadState& thread);

  // Set before the second thread, never changed after.
  ThreadHooks hooks_[kMaximalHooks];
  unsigned hook_count_ = 0;
  Handler handlers_[kBreakerBits];

  RawMutex registry_lock_;
  ThreadState* first_ = nullptr;  // guarded by registry_lock_, as the links in the states
  ThreadState* last_ = nullptr;   // likewise
  Atomic<std::uint32_t> last_serial_;
  bool had_second_thread_ = false;   // guarded by registry_lock_
  ThreadState* survivor_ = nullptr;  // written in a stopped world, read attached
  StopTheWorld stop_;
  Gil gil_;
};

}  // namespace runtime
