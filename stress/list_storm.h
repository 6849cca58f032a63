// What the storms over lists share: kernels with a list that all threads know, and items whose
// marks tell whether they are what was put in, and alive.
#pragma once

#include <utility>
#include <vector>

#include "runtime/containers/list_iterator.h"
#include "runtime/containers/list_test_support.h"
#include "stress/support/stress_driver.h"

namespace stress {

using runtime::Borrowed;
using runtime::List;
using runtime::Object;
using runtime::Ref;
using runtime::ThreadState;

inline constexpr std::uint64_t kMark = 0x600d;

// Plain data, written before it is published: ThreadSanitizer sees whether readers are ordered.
inline Ref<Object> marked(ThreadState& thread) {
  Ref<runtime::Probe> probe = runtime::new_probe(thread);
  probe->plain = kMark;
  return probe;
}
// Of another type, so that a block that was used again is noticed.
inline Ref<Object> stranger(ThreadState& thread) {
  return runtime::new_probe(thread, nullptr, runtime::other_probe_type);
}
inline void check_marked(const Ref<Object>& item) {
  RT_CHECK(item->type == &runtime::probe_type, "what is read from a list was in the list");
  RT_CHECK(static_cast<runtime::Probe*>(item.get())->plain == kMark, "what is read is alive");
}

class ListStorm {
 public:
  ListStorm(int argc, char** argv, const char* question) : run_(argc, argv, question) {}

  [[nodiscard]] ThreadState& here() { return kernel_.here(); }
  [[nodiscard]] StressRun& run() { return run_; }
  // Each thread passes a quiescent point after each turn.
  template <class Turn>
  void storm(Turn turn) {
    runtime::Detached detached(here());
    run_.storm(kernel_.kernel.world(), [&](StressThread& thread) {
      while (thread.goes_on()) {
        turn(thread);
        runtime::quiescent_point(thread.state());
      }
    });
  }

 private:
  StressRun run_;
  runtime::ValueKernel kernel_;
};

}  // namespace stress
