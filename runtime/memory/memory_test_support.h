// For tests, scenarios and stress of this floor: a runtime with nothing but memory, and threads that
// take turns on one thread of the system.
#pragma once

#include <cstring>
#include <utility>

#include "runtime/memory/memory.h"
#include "runtime/threads/attach.h"
#include "runtime/threads/running_thread.h"
#include "runtime/threads/world.h"

namespace runtime {

// A world, its memory, and the calling thread attached.
struct MemoryWorld {
  explicit MemoryWorld(MemoryOptions options = {}) : memory(world, options), main(world) {}
  operator ThreadState&() { return main; }  // NOLINT(google-explicit-constructor): it is one

  World world;
  Memory memory;
  MainThread main;
};

// A thread of the runtime that runs whenever the test says so, on the test's thread of the system.
class Puppet {
 public:
  explicit Puppet(World& world) : state_(world.create_thread()) {}
  ~Puppet() {
    if (state_ != nullptr) exit();
  }
  Puppet(const Puppet&) = delete;
  Puppet& operator=(const Puppet&) = delete;

  // Runs fn(ThreadState&) as this thread, attached. Online for QSBR only meanwhile.
  template <class Function>
  auto run(Function&& fn) {
    ThreadState* caller = this_thread_or_null();
    if (caller != nullptr) detach(*caller);
    struct Back {
      ThreadState* state;
      ThreadState* caller;
      ~Back() {
        detach(*state);
        if (caller != nullptr) attach(*caller);
      }
    } back{state_, caller};
    attach(*state_);
    return std::forward<Function>(fn)(*state_);
  }
  void exit() { state_->world().destroy_thread(std::exchange(state_, nullptr)); }
  [[nodiscard]] ThreadState& state() { return *state_; }

 private:
  ThreadState* state_;
};

// Somebody who is inside of a structure: online, and not yet at a quiescent point. Only a slot, no
// thread.
class Reader {
 public:
  explicit Reader(Memory& memory) : qsbr_(memory.qsbr()), slot_(qsbr_.take_slot()) {
    qsbr_.attach(*slot_);
  }
  ~Reader() { qsbr_.return_slot(slot_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void report() { qsbr_.report(*slot_); }

 private:
  Qsbr& qsbr_;
  QsbrSlot* slot_;
};

}  // namespace runtime
