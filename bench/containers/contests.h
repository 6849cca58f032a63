// What containers_bench measures, one function per file, and what its files have in common.
#pragma once

#include <utility>
#include <vector>

#include "bench/contest/contest.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/object/int_object.h"
#include "runtime/object/kernel.h"
#include "runtime/object/result.h"
#include "runtime/object/values.h"
#include "runtime/threads/attach.h"

namespace bench {

// one_thread.cpp: unshared list and dict against std::vector and std::unordered_map
void add_one_thread(Program& program);
// two_threads.cpp: shared list and dict, read and appended to by two threads
void add_two_threads(Program& program);

// A runtime with values; the calling thread is attached.
struct Runtime {
  runtime::Kernel kernel;
  runtime::Values values{kernel};
  runtime::ThreadState& here = kernel.first_thread();
};

template <class T>
T must(runtime::Result<T> result) {
  if (result.is_raised()) std::abort();
  return std::move(result).value();
}

// `rounds` operations in all, by `count` threads of the kernel, the calling thread being detached:
// operation(thread, number of the thread, number of the operation).
template <class Operation>
Seconds by_threads(runtime::Kernel& kernel, unsigned count, std::uint64_t rounds,
                   const Operation& operation) {
  std::vector<std::function<void(const std::function<void()>& start)>> bodies;
  for (unsigned number = 0; number < count; ++number) {
    bodies.push_back([&, number](const std::function<void()>& start) {
      runtime::ThreadState* thread = kernel.world().create_thread();
      runtime::attach(*thread);
      operation(*thread, number, 0);  // what happens only the first time is not timed
      start();
      for (std::uint64_t i = 0; i < rounds / count; ++i) {
        operation(*thread, number, i);
        // As between two steps of a program. Both sides pay for it.
        runtime::quiescent_point(*thread);
      }
      kernel.world().destroy_thread(thread);
    });
  }
  return together(bodies);
}

}  // namespace bench
