// Weak references that are made, followed, called back and dropped while their referents end.
//
// A few slots hold an object each, and a weak reference to it beside it. Threads replace both, look
// the weak references up, make further ones with and without callback, and drop. Checked: what a
// weak reference finds is alive as long as it is held, a callback runs exactly once if its weak
// reference is kept, and finds its referent gone.
#include <cinttypes>
#include <cstdio>
#include <vector>

#include "runtime/object/kernel_test_support.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using namespace runtime;

constexpr unsigned kSlots = 4;
constexpr std::uint64_t kAlive = 0x600d;

// What one callback is given. Written by the callback, read after the storm.
struct Watch : Object {
  unsigned calls;
};
constinit Type watch_type(TypeSlots{.name = "Watch", .size = sizeof(Watch)});

void called_back(ThreadState& thread, Borrowed<WeakReference> reference,
                 Borrowed<Object> argument) {
  RT_CHECK(!dereference(thread, reference), "a callback finds its weak reference empty");
  ++static_cast<Watch*>(argument.get())->calls;
}

struct Kept {
  Ref<WeakReference> reference;
  Ref<Watch> watch;
};

int run(int argc, char** argv) {
  StressRun storm(argc, argv,
                  "Does a weak reference find a living object or none, and call back once?");
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  SharedCell objects[kSlots];
  SharedCell references[kSlots];
  std::vector<std::vector<Kept>> kept(storm.threads());
  std::vector<std::uint64_t> found(storm.threads());
  detach(first);
  storm.storm(kernel.world(), [&](StressThread& thread) {
    ThreadState& state = thread.state();
    while (thread.goes_on()) {
      const std::uint64_t slot = thread.random().below(kSlots);
      switch (thread.random().below(6)) {
        case 0: {
          Ref<Probe> probe = new_probe(state);
          probe->plain = kAlive;
          Ref<WeakReference> weak = make_weak_reference(state, probe);
          objects[slot].store(state, std::move(probe));
          references[slot].store(state, std::move(weak));
          break;
        }
        case 1:
        case 2:
          if (Ref<Object> weak = references[slot].read(state)) {
            Ref<Object> object =
                dereference(state, Borrowed(static_cast<WeakReference*>(weak.get())));
            if (!object) break;
            RT_CHECK(static_cast<Probe*>(object.get())->plain == kAlive, "what is found is alive");
            ++found[thread.index()];
          }
          break;
        case 3:
          if (Ref<Object> object = objects[slot].read(state)) {
            make_weak_reference(state, object).drop(state);
          }
          break;
        case 4:
          if (Ref<Object> object = objects[slot].read(state)) {
            Ref<Watch> watch = new_object<Watch>(state, watch_type);
            Ref<WeakReference> weak =
                make_weak_reference(state, object, &called_back, watch.duplicate(state));
            if (thread.random().one_in(4) && kept[thread.index()].size() < 20'000) {
              kept[thread.index()].push_back({std::move(weak), std::move(watch)});
            }
          }
          break;
        default:
          quiescent_point(state);
      }
    }
  });
  attach(first);
  for (SharedCell& cell : objects) cell.clear(first);
  for (SharedCell& cell : references) cell.clear(first);
  quiescent_point(first);
  std::uint64_t finds = 0;
  std::uint64_t calls = 0;
  for (std::vector<Kept>& of_one : kept) {
    for (Kept& one : of_one) {
      RT_CHECK(one.watch->calls == 1,
               "the callback of a weak reference that was kept has run, once");
      ++calls;
    }
    of_one.clear();
  }
  for (std::uint64_t of_one : found) finds += of_one;
  std::printf("%" PRIu64 " objects found, %" PRIu64 " callbacks\n", finds, calls);
  quiescent_point(first);
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
