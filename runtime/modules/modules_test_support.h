// For tests and scenarios: a runtime in which threads, contexts and weak references have their types,
// without an interpreter: what threads run are C++ functions.
#pragma once

#include "runtime/modules/modules.h"
#include "runtime/modules/native_module.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/threads/scenario_threads.h"
#include "runtime/types/types_test_support.h"

namespace runtime {

Result<Done> open_thread_types(ThreadState& thread);
Result<Done> open_context_types(ThreadState& thread);
Result<Done> open_weak_types(ThreadState& thread);

struct ModulesKernel : TypesKernel {
  ModulesKernel() : modules(kernel) {
    must(open_thread_types(here()));
    must(open_context_types(here()));
    must(open_weak_types(here()));
  }

  Modules modules;
};

// Each body runs in a thread of its own, while the calling thread is detached; attached again it ends
// their states, with what still waits for them.
inline void run_in_threads(ModulesKernel& runtime, std::vector<AttachedBody> bodies) {
  run_attached(runtime.kernel, std::move(bodies), ThreadEnd::kDetaches);
}

}  // namespace runtime
