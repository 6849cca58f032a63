// The interpreter: what running Python needs once per runtime, and once per thread.
//
// Stands beside kernel, values, types and collector, made after them and gone before them:
//   Kernel kernel; Values values(kernel, ...); Types types(kernel, values);
//   Collector collector(kernel, ...); Interpreter interpreter(kernel, values, types, collector);
// It holds sys.modules and the module `builtins`, both empty at first: the floor above fills them.
// Each thread has its chain of frames, the exception that it handles, how deep it stands in calls,
// and an exception that somebody sent. The collector sees all frames: what registers refer to
// without counting is added by the interpreter.
//
// Ancestry: CPython's PyInterpreterState (imports, builtins, ceval) and PyThreadState.
#pragma once

#include <cstdint>
#include <memory>

#include "runtime/collector/collector.h"
#include "runtime/interpreter/frame.h"
#include "runtime/interpreter/handled_exception.h"
#include "runtime/interpreter/import.h"
#include "runtime/object/kernel.h"
#include "runtime/object/values.h"

namespace runtime {

class Interpreter;
class ModuleLocks;
class SourceTexts;
class Types;
struct Dict;

struct InterpreterOptions {
  unsigned recursion_limit = 1000;  // sys.setrecursionlimit()
  // For fuzzing: so many safe points, then RuntimeError. 0: any number.
  std::uint64_t step_limit = 0;
  // Bytes of the machine's stack that a thread may use below its first call.
  std::size_t native_stack = HEDDLE_SCHEDULED ? 160 * 1024 : 6 * 1024 * 1024;
};

// Of one thread; only for that thread, but for `sent`, and in a stopped world.
struct InterpreterOfThread {
  explicit InterpreterOfThread(Interpreter& its_interpreter)
      : interpreter(its_interpreter), base{nullptr, nullptr}, handled(&base) {}

  Interpreter& interpreter;
  Frame* current = nullptr;  // the newest; null: no Python runs
  FrameStack stack;
  HandledException base;
  HandledException* handled;
  unsigned depth = 0;               // frames
  unsigned native_depth = 0;        // loops inside one another
  std::uintptr_t lowest_stack = 0;  // the machine's stack may not go below; known while it runs
  std::uint64_t steps = 0;
  bool has_yielded = false;  // how the generator was left that run_frame() ran last
  Atomic<Object*> sent;      // owned: an exception to be raised at the next safe point
};

inline constexpr ThreadSlot<InterpreterOfThread> kInterpreterSlot{ThreadSlots::kInterpreter};

class Interpreter {
 public:
  // By the first thread, before the second. Opens the types of this floor; those below are open:
  // open_basic_types(), open_methods().
  Interpreter(Kernel& kernel, Values& values, Types& types, Collector& collector,
              const InterpreterOptions& options = {});
  // By the first thread, when all others have been destroyed and no frame is left.
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  [[nodiscard]] static Interpreter& of(ThreadState& thread) {
    InterpreterOfThread* part = thread.slot(kInterpreterSlot);
    RT_INVARIANT(part != nullptr, "a kernel whose threads run Python has an Interpreter");
    return part->interpreter;
  }

  // sys.modules.
  [[nodiscard]] Borrowed<Dict> modules() const { return Borrowed<Dict>(modules_.get()); }
  // The dict of the module `builtins`, which is in sys.modules.
  [[nodiscard]] Borrowed<Dict> builtins() const { return Borrowed<Dict>(builtins_.get()); }
  [[nodiscard]] Borrowed<Object> builtins_module() const { return builtins_module_; }

  // Before the second thread.
  void set_finders(const ModuleFinders& finders) { finders_ = finders; }
  [[nodiscard]] const ModuleFinders& finders() const { return finders_; }

  // Of all threads. RecursionError when a thread is deeper already is the caller's business.
  [[nodiscard]] unsigned recursion_limit() const { return recursion_limit_.load_relaxed(); }
  void set_recursion_limit(unsigned limit) { recursion_limit_.store_relaxed(limit); }

  // Forgets all modules: before the last collection. Runs foreign code.
  void forget_modules(ThreadState& thread);

  [[nodiscard]] const InterpreterOptions& options() const { return options_; }
  [[nodiscard]] ModuleLocks& module_locks() { return *module_locks_; }
  [[nodiscard]] SourceTexts& source_texts() { return *source_texts_; }

 private:
  static void thread_created(void* self, ThreadState& thread);
  static void thread_exiting(void* self, ThreadState& thread);
  static void thread_released(void* self, ThreadState& thread);
  static void visit_roots(void* self, Visit visit, void* context);
  static void visit_stacks(void* self, Visit visit, void* context);

  const InterpreterOptions options_;
  Kernel& kernel_;
  Ref<Dict> modules_;
  Ref<Object> builtins_module_;
  Ref<Dict> builtins_;
  ModuleFinders finders_;
  Atomic<unsigned> recursion_limit_;
  std::unique_ptr<ModuleLocks> module_locks_;
  std::unique_ptr<SourceTexts> source_texts_;
};

// `exception` (an instance or an exception type) will be raised in `target` at its next safe point;
// one that was sent before is forgotten. The caller knows that the thread lives.
void send_exception(ThreadState& thread, ThreadState& target, Ref<Object> exception);

// How many Python frames the thread stands in.
[[nodiscard]] inline unsigned depth_of(ThreadState& thread) {
  return thread.slot(kInterpreterSlot)->depth;
}

}  // namespace runtime
