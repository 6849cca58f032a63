// Collections while others drop, find, make and bring back what is collected.
#include "runtime/base/scenario.h"
#include "runtime/collector/collector_test_support.h"

namespace runtime {
namespace {

// Two that refer to each other; the first one is returned and is all that holds them.
Ref<Node> new_cycle(ThreadState& thread, unsigned* ends) {
  Ref<Node> one = new_node(thread, ends);
  Ref<Node> other = new_node(thread, ends);
  tie(thread, *one, *other);
  return one;
}

// The least that only a collection ends.
Ref<Node> new_ring(ThreadState& thread, unsigned* ends) {
  Ref<Node> node = new_node(thread, ends);
  refer(thread, *node, 0, node);
  return node;
}

// What is left when all threads have ended.
void collect_the_rest(CollectedKernel& runtime) {
  safe_point(runtime.here());
  runtime.collector.collect(runtime.here());
}

void check_whole(const Ref<Object>& found) {
  RT_CHECK(!found || !static_cast<Node*>(found.get())->is_emptied, "what is held is whole");
}

// Two threads that are attached both before either begins. So a stopped world finds the other one
// running or ended, and not on its way: else every step of a collection would be explored once more
// with a thread that attaches and is turned away.
void run_together(CollectedKernel& runtime, AttachedBody left, AttachedBody right) {
  Semaphore is_left_there;
  Semaphore is_right_there;
  run_attached(runtime.kernel,
               {[&](ThreadState& thread) {
                  is_left_there.post();
                  is_right_there.wait();  // attached: nobody stops the world yet
                  left(thread);
                },
                [&](ThreadState& thread) {
                  is_right_there.post();
                  is_left_there.wait();
                  right(thread);
                }},
               ThreadEnd::kDetaches);
}

RT_SCENARIO(collect_drop, "collector/collect_vs_drop_elsewhere",
            "A cycle ends once, whether the collector comes before or after the last drop.") {
  CollectedKernel runtime;
  unsigned ends = 0;
  Ref<Node> cycle;
  run_attached(runtime.kernel, {[&](ThreadState& gone) { cycle = new_cycle(gone, &ends); }});
  run_together(
      runtime, [&](ThreadState& thread) { cycle.drop(thread); },
      [&](ThreadState& thread) {
        const auto collected = runtime.collector.collect(thread).collected;
        RT_CHECK(collected == 0 || collected == 2, "a cycle is garbage or is not");
      });
  collect_the_rest(runtime);
  RT_CHECK(ends == 2, "both have ended, each once");
}

// The owner lives and is asked to merge while the collector merges for it.
RT_SCENARIO(collect_queue, "collector/collect_vs_drop_of_an_owned_object",
            "A reference that waits in its owner's queue keeps nothing from being collected.") {
  CollectedKernel runtime;
  unsigned ends = 0;
  Ref<Node> cycle;
  Semaphore made;
  run_attached(runtime.kernel,
               {[&](ThreadState& owner) {
                  cycle = new_cycle(owner, &ends);
                  made.post();
                  safe_point(owner);
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  cycle.drop(other);
                  RT_CHECK(runtime.collector.collect(other).collected == 2, "it was garbage");
                  RT_CHECK(ends == 2, "and has ended");
                }},
               ThreadEnd::kDetaches);
}

RT_SCENARIO(collect_exit, "collector/collect_vs_exit_of_the_owner",
            "What lies in the queue of a thread that exits is merged once.") {
  CollectedKernel runtime;
  unsigned ends = 0;
  Ref<Node> ring;
  Semaphore made;
  run_attached(runtime.kernel, {[&](ThreadState& owner) {
                                  ring = new_ring(owner, &ends);
                                  made.post();
                                },
                                [&](ThreadState& other) {
                                  wait_detached(other, made);
                                  ring.drop(other);
                                  runtime.collector.collect(other);
                                }});
  collect_the_rest(runtime);
  RT_CHECK(ends == 1, "it has ended, once");
}

RT_SCENARIO(collect_dereference, "collector/collect_vs_dereference",
            "Weak references to garbage are emptied all at once; what they find is whole.") {
  CollectedKernel runtime;
  ThreadState& first = runtime.here();
  unsigned ends = 0;
  Ref<WeakReference> to_one;
  Ref<WeakReference> to_other;
  {
    Ref<Node> one = new_node(first, &ends);
    Ref<Node> other = new_node(first, &ends);
    tie(first, *one, *other);
    to_one = make_weak_reference(first, one);
    to_other = make_weak_reference(first, other);
  }
  run_together(
      runtime, [&](ThreadState& thread) { runtime.collector.collect(thread); },
      [&](ThreadState& thread) {
        safe_point(thread);  // here the first pause may find it
        Ref<Object> one = dereference(thread, to_one);
        check_whole(one);
        const bool is_gone = !one;
        one.drop(thread);
        Ref<Object> other = dereference(thread, to_other);
        RT_CHECK(!is_gone || !other, "of a cycle that is garbage nothing is found");
        check_whole(other);
      });
  collect_the_rest(runtime);
  RT_CHECK(ends == 2, "both have ended, each once");
  to_one.drop(first);
  to_other.drop(first);
}

RT_SCENARIO(collect_resurrect, "collector/collect_vs_reader_of_what_a_finalizer_keeps",
            "What a finalizer hands to another thread stays whole, as long as that one holds it.") {
  CollectedKernel runtime;
  ThreadState& first = runtime.here();
  unsigned ends = 0;
  SharedCell cell;
  {
    Ref<Node> node = new_finalized_node(
        first, &ends,
        [](ThreadState& thread, Node& mine) {
          static_cast<SharedCell*>(mine.context)
              ->store(thread, Ref<Object>::share(thread, Borrowed<Object>(&mine)));
        },
        &cell);
    tie(first, *node, *node);
  }
  run_together(
      runtime, [&](ThreadState& thread) { runtime.collector.collect(thread); },
      [&](ThreadState& thread) {
        Ref<Object> found = cell.read(thread);
        cell.clear(thread);
        safe_point(thread);
        check_whole(found);
      });
  cell.clear(first);
  collect_the_rest(runtime);
  RT_CHECK(ends == 1, "it has ended, once");
}

RT_SCENARIO(
    collect_slot, "collector/collect_vs_reader_of_a_slot",
    "A reader without a lock gets a whole object, or nothing, while cycles are collected.") {
  CollectedKernel runtime;
  ThreadState& first = runtime.here();
  unsigned ends = 0;
  SharedCell cell;
  cell.store(first, new_cycle(first, &ends));
  run_together(
      runtime,
      [&](ThreadState& thread) {
        cell.clear(thread);
        runtime.collector.collect(thread);
      },
      [&](ThreadState& thread) {
        Ref<Object> found = cell.read(thread);
        safe_point(thread);
        check_whole(found);
      });
  collect_the_rest(runtime);
  RT_CHECK(ends == 2, "both have ended, each once");
}

// The callbacks run on the thread that collects, the first before and the second after everything.
RT_SCENARIO(two_collect, "collector/two_threads_collect",
            "One collection at a time: who comes second finds nothing and waits for nobody.") {
  CollectedKernel runtime;
  unsigned ends = 0;
  Plain<int> inside;
  runtime.collector.add_callback(
      &inside, [](void* context, ThreadState&, CollectionPhase phase, const CollectionInfo&) {
        auto& collecting = *static_cast<Plain<int>*>(context);
        RT_CHECK(collecting.get() == (phase == CollectionPhase::kStart ? 0 : 1),
                 "one collection at a time");
        collecting.set(phase == CollectionPhase::kStart ? 1 : 0);
      });
  new_cycle(runtime.here(), &ends).drop(runtime.here());
  std::int64_t collected[2];
  run_together(
      runtime,
      [&](ThreadState& thread) { collected[0] = runtime.collector.collect(thread).collected; },
      [&](ThreadState& thread) { collected[1] = runtime.collector.collect(thread).collected; });
  RT_CHECK(collected[0] + collected[1] == 2 && ends == 2, "what is garbage is collected once");
}

RT_SCENARIO(collect_making, "collector/collect_vs_making",
            "An object is not looked at before its maker has finished it.") {
  CollectedKernel runtime;
  unsigned ends = 0;
  run_together(
      runtime,
      [&](ThreadState& maker) {
        Ref<Node> node = new_object<Node>(maker, node_type);
        node->ends = &ends;
        node->fields[0] = reinterpret_cast<Object*>(16);  // not yet
        safe_point(maker);
        node->fields[0] = nullptr;
        refer(maker, *node, 0, node);
        track(node.get());
      },
      [&](ThreadState& thread) { runtime.collector.collect(thread); });
  collect_the_rest(runtime);
  RT_CHECK(ends == 1, "it has ended, once");
}

RT_SCENARIO(collect_dying, "collector/collect_vs_end_by_count",
            "An object that ends by its count ends once, though the collector comes meanwhile.") {
  CollectedKernel runtime;
  ThreadState& first = runtime.here();
  unsigned ends = 0;
  Ref<Node> node = new_node(first, &ends);
  refer(first, *node, 0, new_node(first, &ends));
  Ref<WeakReference> weak = make_weak_reference(
      first, node,
      [](ThreadState& thread, Borrowed<WeakReference>, Borrowed<Object>) { safe_point(thread); },
      new_node(first));
  run_together(
      runtime, [&](ThreadState& thread) { runtime.collector.collect(thread); },
      [&](ThreadState& thread) {
        node.drop(thread);
        safe_point(thread);
      });
  collect_the_rest(runtime);
  RT_CHECK(ends == 2, "both have ended, each once");
  weak.drop(first);
}

// The witness is not tracked, so it is no garbage of the collector's; it ends while a cycle is being
// emptied, and its finalizer lets others come.
Ref<Probe> new_witness(ThreadState& thread) {
  Ref<Probe> witness = new_probe(thread, nullptr, finalized_probe_type);
  give_finalizer(
      *witness, [](ThreadState& mine, Probe&) { safe_point(mine); }, nullptr);
  return witness;
}

RT_SCENARIO(collect_shown, "collector/collect_vs_list_of_all_objects",
            "Who asks for all objects gets none that is being emptied.") {
  CollectedKernel runtime;
  unsigned ends = 0;
  run_attached(runtime.kernel, {[&](ThreadState& gone) {
                 Ref<Node> cycle = new_cycle(gone, &ends);
                 refer(gone, *cycle, 1, new_witness(gone));
               }});
  run_together(
      runtime, [&](ThreadState& thread) { runtime.collector.collect(thread); },
      [&](ThreadState& thread) {
        std::vector<Ref<Object>> all = runtime.collector.objects(thread);
        for (Ref<Object>& object : all) check_whole(object);
      });
  collect_the_rest(runtime);
  RT_CHECK(ends == 2, "both have ended, each once");
}

RT_SCENARIO(collect_late, "collector/collect_vs_weak_reference_made_by_a_finalizer",
            "A weak reference that a finalizer makes finds its object whole, or not at all.") {
  CollectedKernel runtime;
  ThreadState& first = runtime.here();
  unsigned ends = 0;
  SharedCell cell;
  {
    Ref<Node> node = new_finalized_node(
        first, &ends,
        [](ThreadState& thread, Node& mine) {
          static_cast<SharedCell*>(mine.context)
              ->store(thread, make_weak_reference(thread, Borrowed<Object>(&mine)));
        },
        &cell);
    refer(first, *node, 0, node);
  }
  run_together(
      runtime, [&](ThreadState& thread) { runtime.collector.collect(thread); },
      [&](ThreadState& thread) {
        safe_point(thread);  // here the first pause may find it
        Ref<Object> weak = cell.read(thread);
        if (!weak) return;
        check_whole(dereference(thread, Borrowed(static_cast<WeakReference*>(weak.get()))));
      });
  cell.clear(first);
  collect_the_rest(runtime);
  RT_CHECK(ends == 1, "it has ended, once");
}

RT_SCENARIO(threshold_passed, "collector/threshold_vs_making",
            "A collection that comes by itself leaves alone what another thread has just made.") {
  CollectorOptions options;
  options.thresholds = {AllocationCount::kToldTogether - 1, 10, 0};
  CollectedKernel runtime(options);
  run_together(
      runtime,
      [&](ThreadState& thread) {
        Ref<Node> kept[AllocationCount::kToldTogether - 1];
        for (Ref<Node>& node : kept) node = new_node(thread);
        new_ring(thread, nullptr).drop(thread);
        safe_point(thread);
        RT_CHECK(runtime.collector.statistics()[0].collections == 1, "it has come");
      },
      [&](ThreadState& thread) {
        Ref<Node> lives = new_ring(thread, nullptr);
        safe_point(thread);
        RT_CHECK(!lives->is_emptied, "what is held is whole");
      });
  collect_the_rest(runtime);
  RT_CHECK(runtime.collector.objects(runtime.here()).empty(), "nothing is left");
}

}  // namespace
}  // namespace runtime
