// Collections that come by themselves, and by request, while threads make, tie, hand on and drop.
//
// A few cells hold an object each. Threads make small cycles, some with finalizers that put their
// object back into a cell, some with weak references; they put them into cells, take them out, read
// them without a lock, look weak references up. The thresholds are low, so each thread collects now
// and then; and sometimes one asks for all objects.
//
// Checked: what somebody holds was never emptied and says who it is; every finalizer runs at most
// once; in the end nothing is left. AddressSanitizer sees what ends too early, ThreadSanitizer what
// is read without an order.
#include <cinttypes>
#include <cstdio>

#include "runtime/collector/collector_test_support.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using namespace runtime;

constexpr unsigned kCells = 8;
constexpr std::uint64_t kAlive = 0x600d;

SharedCell* random_cell(SharedCell* cells, Random& random) { return &cells[random.below(kCells)]; }

// Comes back once, into the cell that it was given.
void come_back(ThreadState& thread, Node& node) {
  RT_CHECK(node.number == kAlive && !node.is_emptied, "a finalizer sees its object whole, once");
  ++node.number;
  static_cast<SharedCell*>(node.context)
      ->store(thread, Ref<Object>::share(thread, Borrowed<Object>(&node)));
}

void check_whole(const Object* object) {
  const auto* node = static_cast<const Node*>(object);
  RT_CHECK(!node->is_emptied, "what is held is whole");
  RT_CHECK(node->number == kAlive || node->number == kAlive + 1, "what is held is an object");
}

Ref<Node> new_cycle(ThreadState& thread, Random& random, SharedCell* cells) {
  const bool comes_back = random.one_in(8);
  Ref<Node> first = new_node(thread, nullptr, comes_back ? finalized_node_type : node_type);
  first->number = kAlive;
  first->finalizer = &come_back;
  first->context = random_cell(cells, random);
  Ref<Node> last = first.duplicate(thread);
  for (std::uint64_t length = random.below(4); length > 0; --length) {
    Ref<Node> next = new_node(thread);
    next->number = kAlive;
    refer(thread, *last, 0, next);
    last = std::move(next);
  }
  refer(thread, *last, 0, first);
  return first;
}

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Does the collector end what nobody holds, and nothing else?");
  CollectorOptions options;
  options.thresholds = {1000, 10, 0};
  CollectedKernel runtime(options);
  ThreadState& first = runtime.here();
  SharedCell cells[kCells];
  SharedCell weak[kCells];
  detach(first);
  storm.storm(runtime.kernel.world(), [&](StressThread& thread) {
    ThreadState& state = thread.state();
    Random& random = thread.random();
    while (thread.goes_on()) {
      const std::uint64_t at = random.below(kCells);
      switch (random.below(10)) {
        case 0:
        case 1:
        case 2: {
          Ref<Node> cycle = new_cycle(state, random, cells);
          if (random.one_in(2)) weak[at].store(state, make_weak_reference(state, cycle));
          if (random.one_in(3)) cells[at].store(state, std::move(cycle));
          break;
        }
        case 3:
        case 4:
          if (Ref<Object> found = cells[at].read(state)) {
            check_whole(found.get());
            quiescent_point(state);
            check_whole(found.get());
          }
          break;
        case 5:
        case 6:
          if (Ref<Object> reference = weak[at].read(state)) {
            Ref<Object> found =
                dereference(state, Borrowed(static_cast<WeakReference*>(reference.get())));
            if (!found) break;
            check_whole(found.get());
            quiescent_point(state);
            check_whole(found.get());
          }
          break;
        case 7:
          cells[at].clear(state);
          break;
        case 8:
          if (random.one_in(200)) {
            runtime.collector.collect(state);
          } else if (random.one_in(200)) {
            for (Ref<Object>& object : runtime.collector.objects(state)) {
              if (object->type != &weak_reference_type) check_whole(object.get());
            }
          }
          break;
        default:
          quiescent_point(state);
      }
    }
  });
  attach(first);
  // What comes back does so once.
  for (int turn = 0; turn < 2; ++turn) {
    for (SharedCell& cell : cells) cell.clear(first);
    for (SharedCell& cell : weak) cell.clear(first);
    quiescent_point(first);
    runtime.collector.collect(first);
  }
  for (SharedCell& cell : cells) cell.clear(first);
  quiescent_point(first);
  runtime.collector.collect(first);
  RT_CHECK(runtime.collector.objects(first).empty(), "nothing is left that nobody holds");
  const auto by_itself = runtime.collector.statistics()[0];
  const auto asked = runtime.collector.statistics()[2];
  std::printf("%" PRId64 " collections by themselves ended %" PRId64 " objects, %" PRId64
              " asked for ended %" PRId64 "\n",
              by_itself.collections, by_itself.collected, asked.collections, asked.collected);
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
