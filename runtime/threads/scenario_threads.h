// For scenarios: threads of one world whose states exist before they start and live until all have
// ended, so that the schedules explored are those of what the threads do, not of how they come and
// go.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "runtime/base/scenario.h"
#include "runtime/threads/attach.h"
#include "runtime/threads/world.h"

namespace runtime {

// Each body runs attached, in a thread of its own.
inline void in_parallel_attached(World& world,
                                 std::vector<std::function<void(ThreadState&)>> bodies) {
  std::vector<ThreadState*> states;
  std::vector<std::function<void()>> threads;
  for (auto& body : bodies) {
    ThreadState* state = world.create_thread();
    states.push_back(state);
    threads.push_back([state, &body] {
      Attached attached(*state);
      body(*state);
    });
  }
  in_parallel(std::move(threads));
  for (ThreadState* state : states) world.destroy_thread(state);
}

// What one thread at a time does. The point inside is where another one would come in; the data is
// plain, so that coming in without what orders it after the one before is seen as well.
class OneAtATime {
 public:
  void pass() {
    RT_CHECK(inside_.get() == 0, "one thread at a time is inside");
    inside_.set(1);
    point("one_at_a_time.inside");
    passed_.set(passed_.get() + 1);
    RT_CHECK(inside_.get() == 1, "nobody came in meanwhile");
    inside_.set(0);
  }
  [[nodiscard]] int passed() const { return passed_.get(); }

 private:
  Plain<int> inside_;
  Plain<int> passed_;
};

}  // namespace runtime
