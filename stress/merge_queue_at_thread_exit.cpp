// Threads that come and go while others drop what they made.
//
// Many short storms: each thread makes objects, gives them to the others through slots, drops what it
// finds there, and exits, while its own objects are still being dropped. Checked: after the last
// storm every object has ended exactly once, whoever merged it, and the kernel ends empty.
#include <cinttypes>
#include <cstdio>
#include <vector>

#include "runtime/object/kernel_test_support.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using namespace runtime;

constexpr unsigned kSlots = 16;
constexpr Nanoseconds kShort = 2'000'000;

struct alignas(64) Made {
  std::vector<unsigned*> ends;  // one per object, of any thread that ends it
};

int run(int argc, char** argv) {
  StressRun storm(argc, argv,
                  "Does nothing get lost when a thread exits while others queue for it?");
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  std::uint64_t objects = 0;
  detach(first);
  do {
    Atomic<Object*> slots[kSlots];
    std::vector<Made> made(storm.threads());
    storm.storm(
        kernel.world(),
        [&](StressThread& thread) {
          ThreadState& state = thread.state();
          while (thread.goes_on()) {
            Atomic<Object*>& slot = slots[thread.random().below(kSlots)];
            if (thread.random().one_in(2)) {
              auto* ends = new unsigned(0);
              made[thread.index()].ends.push_back(ends);
              Ref<Probe> probe = new_probe(state, ends);
              probe->plain = thread.index();
              Ref<Object>::adopt(slot.exchange_acq_rel(probe.release())).drop(state);
            } else if (Object* found = slot.exchange_acq_rel(nullptr)) {
              ++static_cast<Probe*>(found)->plain;
              decrement(state, found);
            }
            if (thread.random().one_in(20)) quiescent_point(state);
            if (thread.random().one_in(500)) return;  // some exit early
          }
        },
        kShort);
    attach(first);
    for (Atomic<Object*>& slot : slots) Ref<Object>::adopt(slot.exchange(nullptr)).drop(first);
    quiescent_point(first);
    for (const Made& one : made) {
      for (unsigned* ends : one.ends) {
        RT_CHECK(*ends == 1, "every object has ended, once");
        delete ends;
      }
      objects += one.ends.size();
    }
    detach(first);
  } while (now() < storm.end());
  attach(first);
  std::printf("%" PRIu64 " objects\n", objects);
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
