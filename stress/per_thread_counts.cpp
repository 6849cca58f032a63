// Types that all threads make instances of, that come and go, and whose counts are merged meanwhile.
//
// Many short storms, so that threads exit with counts of their own. In each, threads make and drop
// instances of a few types, hand them to each other, make new types, and now and then stop the world
// and merge everybody's counts. Checked, after each storm: every type has as many references as it
// has living instances, itself, and its bias; types without instances end and their ids are used
// again.
#include <cinttypes>
#include <cstdio>
#include <vector>

#include "runtime/object/deferred.h"
#include "runtime/object/kernel_test_support.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using namespace runtime;

constexpr unsigned kTypes = 5;
constexpr unsigned kSlots = 16;
constexpr Nanoseconds kShort = 5'000'000;

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Do counts that each thread keeps for itself add up?");
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  std::uint64_t types_made = 0;
  do {
    Ref<Type> types[kTypes];
    for (Ref<Type>& type : types) type = new_type(first, kProbeSlots);
    types_made += kTypes;
    Atomic<Object*> slots[kSlots];
    std::vector<std::vector<Ref<Type>>> own(storm.threads());
    detach(first);
    storm.storm(
        kernel.world(),
        [&](StressThread& thread) {
          ThreadState& state = thread.state();
          while (thread.goes_on()) {
            Atomic<Object*>& slot = slots[thread.random().below(kSlots)];
            Type& type = *types[thread.random().below(kTypes)];
            switch (thread.random().below(8)) {
              case 0:
              case 1:
              case 2:
                new_probe(state, nullptr, type).drop(state);
                break;
              case 3:
              case 4: {
                Object* made = new_probe(state, nullptr, type).release();
                Ref<Object>::adopt(slot.exchange_acq_rel(made)).drop(state);
                break;
              }
              case 5:
                if (thread.random().one_in(100)) {
                  own[thread.index()].push_back(new_type(state, kProbeSlots));
                }
                break;
              case 6:
                if (thread.random().one_in(200)) {
                  StoppedWorld stopped(state);
                  kernel.count_ids().merge_in_stopped_world();
                }
                break;
              default:
                quiescent_point(state);
            }
          }
        },
        kShort);
    attach(first);
    quiescent_point(first);
    std::int64_t living[kTypes] = {};
    for (Atomic<Object*>& slot : slots) {
      if (slot.peek() == nullptr) continue;
      for (unsigned i = 0; i < kTypes; ++i) living[i] += slot.peek()->type == types[i].get();
    }
    {
      StoppedWorld stopped(first);
      kernel.count_ids().merge_in_stopped_world();
      for (unsigned i = 0; i < kTypes; ++i) {
        RT_CHECK(reference_count(types[i].get()) - kDeferredBias == living[i] + 1,
                 "a type is referred to by its instances and its maker");
      }
      // Types are the collector's; without one, whoever made them takes the bias away.
      for (std::vector<Ref<Type>>& of_one : own) {
        for (Ref<Type>& type : of_one) {
          RT_CHECK(undefer_in_stopped_world(first, type.get()) == 1, "it has no instances");
        }
        types_made += of_one.size();
      }
      for (Ref<Type>& type : types) (void)undefer_in_stopped_world(first, type.get());
    }
    own.clear();
    for (Ref<Type>& type : types) type.drop(first);
    for (Atomic<Object*>& slot : slots) Ref<Object>::adopt(slot.exchange(nullptr)).drop(first);
    quiescent_point(first);
    RT_CHECK(kernel.memory().statistics().objects == 0, "types end with their last instances");
  } while (now() < storm.end());
  std::printf("%" PRIu64 " types with %" PRIu32 " ids\n", types_made, kernel.count_ids().highest());
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
