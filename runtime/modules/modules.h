// What the modules keep per runtime and per thread.
//
// A module has no global variables: what `_thread` must remember of all threads (who is to be waited
// for at the end), and what each thread has of its own (the context in which it runs, its part of
// every thread-local object) hangs here, found through a slot of the thread.
//
// Made after the interpreter, gone before it:
//   Modules modules(kernel);
// A thread that ends empties its part first of all, while it can still run Python code. The part
// itself stays until the last finalizers of the thread have run, for they may ask for it; what they
// leave there is dropped by the next thread that ends, or at the end of the modules.
//
// Ancestry: CPython's PyInterpreterState.threads, and PyThreadState.context and .dict.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/base/raw_mutex.h"
#include "runtime/modules/thread_locals.h"
#include "runtime/modules/thread_registry.h"
#include "runtime/object/kernel.h"
#include "runtime/object/ref.h"
#include "runtime/threads/thread_state.h"

namespace runtime {

class Modules;

// The part of one thread; only for that thread.
struct ModulesOfThread {
  Modules& modules;
  Ref<Object> context;  // a Context (contexts_object.h); null: none was asked for yet
  LocalsOfThread locals;

  [[nodiscard]] bool is_empty() const { return !context && locals.is_empty(); }
};

inline constexpr ThreadSlot<ModulesOfThread> kModulesSlot{ThreadSlots::kModules};

class Modules {
 public:
  // By the first thread of the kernel, before the second; `kernel` outlives it.
  explicit Modules(Kernel& kernel);
  // By the same thread, when the others have been destroyed.
  ~Modules();
  Modules(const Modules&) = delete;
  Modules& operator=(const Modules&) = delete;

  [[nodiscard]] static ModulesOfThread& part_of(ThreadState& thread) {
    ModulesOfThread* part = thread.slot(kModulesSlot);
    RT_INVARIANT(part != nullptr, "a kernel whose threads use modules has a Modules");
    return *part;
  }
  [[nodiscard]] static Modules& of(ThreadState& thread) { return part_of(thread).modules; }

  [[nodiscard]] Kernel& kernel() { return kernel_; }
  [[nodiscard]] ThreadRegistry& threads() { return threads_; }
  // 0, 1, 2, ...: for hashes of context variables. Relaxed: only that no two are equal matters.
  [[nodiscard]] std::uint64_t next_variable_number() {
    return variable_number_.fetch_add_relaxed(1);
  }

 private:
  static void thread_created(void* self, ThreadState& thread);
  static void thread_exiting(void* self, ThreadState& thread);
  static void thread_released(void* self, ThreadState& thread);
  // Of a thread that has ended.
  struct LeftBehind {
    std::uint32_t serial;
    ModulesOfThread part;
  };
  static void give_up(ThreadState& runner, std::uint32_t serial, ModulesOfThread& part);
  void drop_left_behind(ThreadState& runner);

  Kernel& kernel_;
  ThreadRegistry threads_;
  RawMutex left_behind_lock_;  // guards the next
  std::vector<LeftBehind> left_behind_;
  Atomic<std::uint64_t> variable_number_;
};

}  // namespace runtime
