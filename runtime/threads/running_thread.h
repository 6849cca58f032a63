// A thread of the system that runs a function attached to a world, for tests, scenarios and stress.
//
// The state is created by whoever starts the thread, and destroyed by the thread itself when the
// function returns. Who joins and is attached detaches meanwhile, so that the thread can stop the
// world.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "runtime/base/atomic.h"
#include "runtime/threads/attach.h"
#include "runtime/threads/world.h"

namespace runtime {

class RunningThread {
 public:
  RunningThread(World& world, std::function<void(ThreadState&)> body)
      : state_(world.create_thread()),
        serial_(state_->serial()),
        thread_([state = state_, body = std::move(body)] {
          attach(*state);
          body(*state);
          state->world().destroy_thread(state);
        }) {}
  ~RunningThread() {
    if (thread_.joinable()) join();
  }
  RunningThread(const RunningThread&) = delete;
  RunningThread& operator=(const RunningThread&) = delete;

  void join() {
    if (ThreadState* self = this_thread_or_null()) {
      Detached detached(*self);
      thread_.join();
    } else {
      thread_.join();
    }
  }

  [[nodiscard]] std::uint32_t serial() const { return serial_; }
  // Lives until the function has returned.
  [[nodiscard]] ThreadState& state() { return *state_; }

 private:
  ThreadState* const state_;
  const std::uint32_t serial_;
  Thread thread_;
};

// The calling thread, attached with a state of its own while this lives.
class MainThread {
 public:
  explicit MainThread(World& world) : state_(world.create_thread()) { attach(*state_); }
  ~MainThread() { state_->world().destroy_thread(state_); }
  MainThread(const MainThread&) = delete;
  MainThread& operator=(const MainThread&) = delete;
  operator ThreadState&() { return *state_; }  // NOLINT(google-explicit-constructor): it is one
  ThreadState* operator->() { return state_; }

 private:
  ThreadState* const state_;
};

}  // namespace runtime
