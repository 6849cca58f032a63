// References that travel between threads: taken here, handed over there, dropped anywhere.
//
// Every thread makes objects, puts them into slots that all threads exchange, reads slots without a
// lock, and drops what it gets. Checked: every object ends exactly once, nothing ends while it is
// held, and what a thread wrote into an object before it dropped it is ordered before its end (plain
// data, so that ThreadSanitizer looks).
#include <cinttypes>
#include <cstdio>
#include <vector>

#include "runtime/object/kernel_test_support.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using namespace runtime;

constexpr unsigned kSlots = 8;
constexpr std::uint64_t kAlive = 0x600d;

struct Traveller : WeaklyReferable {
  std::uint64_t alive;
  std::uint64_t* ends;  // of the thread that made it; see run()
  Mutex* mutex;         // guards `visits` and, at the end, *ends
  std::uint64_t visits;
};

void release_traveller(Object* object, DroppedFields&) {
  auto* traveller = static_cast<Traveller*>(object);
  RT_CHECK(traveller->alive == kAlive, "an object ends once");
  traveller->alive = 0;
  LeafSection section(*traveller->mutex);
  ++*traveller->ends;
}

constinit Type traveller_type(TypeSlots{
    .name = "Traveller",
    .size = sizeof(Traveller),
    .weak_references_offset = kWeakReferencesBehindHeader,
    .release_fields = &release_traveller,
});

struct alignas(64) Maker {
  Mutex mutex;
  std::uint64_t made = 0;
  std::uint64_t ended = 0;  // guarded by mutex
};

Traveller* as_traveller(const Ref<Object>& object) {
  auto* traveller = static_cast<Traveller*>(object.get());
  RT_CHECK(traveller->alive == kAlive, "what is held has not ended");
  return traveller;
}

int run(int argc, char** argv) {
  StressRun storm(argc, argv,
                  "Do objects whose references travel between threads end exactly once?");
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  std::vector<Maker> makers(storm.threads());
  SharedCell cells[kSlots];        // read without a lock
  Atomic<Object*> handed[kSlots];  // each holds a reference that moves by exchange
  detach(first);
  storm.storm(kernel.world(), [&](StressThread& thread) {
    ThreadState& state = thread.state();
    Maker& maker = makers[thread.index()];
    std::vector<Ref<Object>> held;
    while (thread.goes_on()) {
      Random& random = thread.random();
      const std::uint64_t slot = random.below(kSlots);
      switch (random.below(8)) {
        case 0:
        case 1: {
          Ref<Traveller> made = new_object<Traveller>(state, traveller_type);
          made->alive = kAlive;
          made->ends = &maker.ended;
          made->mutex = &maker.mutex;
          ++maker.made;
          held.push_back(std::move(made));
          break;
        }
        case 2:
          if (!held.empty()) cells[slot].store(state, held.back().duplicate(state));
          break;
        case 3:
        case 4:
          if (Ref<Object> found = cells[slot].read(state)) {
            as_traveller(found);
            held.push_back(std::move(found));
          }
          break;
        case 5:
          if (!held.empty()) {
            // Ordered by the exchange only as far as the reference goes: the rest is the counts' business.
            Object* previous = handed[slot].exchange_acq_rel(held.back().release());
            held.pop_back();
            if (previous != nullptr) held.push_back(Ref<Object>::adopt(previous));
          }
          break;
        case 6:
          if (!held.empty()) {
            std::swap(held.back(), held[random.below(held.size())]);
            Traveller* traveller = as_traveller(held.back());
            {
              LeafSection section(*traveller->mutex);
              ++traveller->visits;
            }
            held.pop_back();
          }
          break;
        default:
          quiescent_point(state);
      }
      if (held.size() > 50) held.clear();
    }
  });
  attach(first);
  for (SharedCell& cell : cells) cell.clear(first);
  for (Atomic<Object*>& slot : handed) Ref<Object>::adopt(slot.exchange(nullptr)).drop(first);
  safe_point(first);
  std::uint64_t made = 0;
  std::uint64_t ended = 0;
  for (const Maker& maker : makers) {
    made += maker.made;
    ended += maker.ended;
  }
  RT_CHECK(made == ended, "every object has ended, once");
  std::printf("%" PRIu64 " objects\n", made);
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
