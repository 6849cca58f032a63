// The threads that programs start: from the start to the join.
//
// A started thread outlives whoever holds a handle to it, and a handle outlives the thread. So what
// both need stands in a record of its own, which is shared by the handle, the thread and a list of
// all: the event that says that the thread has ended, and the thread of the system. Whoever asks
// first joins that one, when the event is set. Records of threads that nobody joins are taken off the
// list when the next thread starts, or when the runtime ends.
//
// The event is set when the thread has given back its state: who waited for it finds nothing of the
// thread left in the runtime.
//
// Not here: `threading.Thread`, which is Python over this.
//
// Ancestry: CPython's ThreadHandle (Modules/_threadmodule.c) and thread_shutdown.
#pragma once

#include <cstdint>
#include <list>
#include <memory>

#include "runtime/base/atomic.h"
#include "runtime/base/event.h"
#include "runtime/base/once.h"
#include "runtime/base/raw_mutex.h"
#include "runtime/object/ref.h"
#include "runtime/object/result.h"
#include "runtime/object/weak_reference.h"

namespace runtime {

struct CallArguments;

// One thread.
struct StartedThread {
  Event is_complete;  // what is below was written; the thread itself waits for it first of all
  Event has_ended;
  Once joined;
  Thread system_thread;     // none: it was started by somebody else
  std::uint32_t ident = 0;  // serial
  bool is_daemon = true;
};

class ThreadRegistry {
 public:
  // Calls function(*positional, **named) in a new thread, which reports what is raised there.
  // PythonFinalizationError "can't create new thread at interpreter shutdown".
  Result<Done> start(ThreadState& thread, const std::shared_ptr<StartedThread>& record,
                     Borrowed<Object> function, const CallArguments& arguments);

  // False: `deadline` came first. Waits detached.
  static bool join(ThreadState& thread, StartedThread& record, Nanoseconds deadline);

  // Waits for each thread that is not a daemon, those included that are started meanwhile.
  void join_all_but_daemons(ThreadState& thread);
  // Those that were started here and run: `_thread._count()`.
  [[nodiscard]] unsigned running();

  // What programs ask for, and nobody follows: bytes of the stack of new threads; 0: as it is.
  [[nodiscard]] Atomic<std::int64_t>& stack_size() { return stack_size_; }

  // Joins the threads of the system that have ended. When the runtime ends there are no others.
  void collect_ended();

 private:
  std::shared_ptr<StartedThread> one_to_wait_for(const ThreadState& thread);

  Atomic<std::int64_t> stack_size_;
  RawMutex lock_;
  std::list<std::shared_ptr<StartedThread>> started_;  // guarded by lock_
};

// `_thread._ThreadHandle`. A handle is used for one thread.
struct ThreadHandle : WeaklyReferable {
  enum State : std::uint8_t { kNotStarted, kStarting, kRunning };

  Atomic<std::uint8_t> state;
  std::shared_ptr<StartedThread>* record;  // constant; owned
};

extern Type thread_handle_type;

Result<Ref<ThreadHandle>> new_thread_handle(ThreadState& thread);
// As start(); RuntimeError "thread already started".
Result<Done> start_with_handle(ThreadState& thread, Borrowed<ThreadHandle> handle,
                               Borrowed<Object> function, const CallArguments& arguments,
                               bool is_daemon);
// Of a thread that runs already.
Result<Ref<ThreadHandle>> handle_of_running_thread(ThreadState& thread, std::uint32_t ident);

}  // namespace runtime
