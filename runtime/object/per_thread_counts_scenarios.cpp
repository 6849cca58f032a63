// Counts that each thread keeps for itself, against those who add them up.
#include "runtime/base/scenario.h"
#include "runtime/object/deferred.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/per_thread_counts.h"

namespace runtime {
namespace {

std::int64_t merged_count(Kernel& kernel, Type& type) {
  StoppedWorld stopped(kernel.first_thread());
  kernel.count_ids().merge_in_stopped_world();
  return reference_count(&type) - kDeferredBias;
}

RT_SCENARIO(counts_merge, "object/per_thread_counts_vs_merge",
            "A merge in a stopped world neither loses nor doubles what threads have counted.") {
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  Ref<Type> type = new_type(first, kProbeSlots);
  Ref<Probe> kept;
  run_attached(kernel, {[&](ThreadState& thread) {
                          new_probe(thread, nullptr, *type).drop(thread);
                          safe_point(thread);
                          kept = new_probe(thread, nullptr, *type);
                        },
                        [&](ThreadState& thread) {
                          StoppedWorld stopped(thread);
                          kernel.count_ids().merge_in_stopped_world();
                        }});
  RT_CHECK(merged_count(kernel, *type) == 2, "the type and one instance are counted");
  kept.drop(first);
  RT_CHECK(merged_count(kernel, *type) == 1, "the type is counted");
}

RT_SCENARIO(counts_exit, "object/per_thread_counts_vs_exit",
            "A thread that exits while another merges leaves its counts behind, once.") {
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  Ref<Type> type = new_type(first, kProbeSlots);
  Ref<Probe> kept;
  run_attached(kernel, {[&](ThreadState& thread) { kept = new_probe(thread, nullptr, *type); },
                        [&](ThreadState& thread) {
                          StoppedWorld stopped(thread);
                          kernel.count_ids().merge_in_stopped_world();
                        }});
  RT_CHECK(merged_count(kernel, *type) == 2, "the type and one instance are counted");
  kept.drop(first);
}

RT_SCENARIO(id_reused, "object/count_id_used_again_vs_instances",
            "An id that is taken from one type and given to the next carries no counts along.") {
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  Type* former = new_type(first, kProbeSlots).release();
  Ref<Type> next;
  run_attached(kernel, {[&](ThreadState& thread) {
                          increment_per_thread(thread, former);
                          safe_point(thread);
                          increment_per_thread(thread, former);
                          decrement_per_thread(thread, former);
                          decrement_per_thread(thread, former);
                        },
                        [&](ThreadState& thread) {
                          {
                            StoppedWorld stopped(thread);
                            RT_CHECK(undefer_in_stopped_world(thread, former) > 0,
                                     "this thread holds it");
                          }
                          next = new_type(thread, kProbeSlots);
                        }});
  RT_CHECK(next->count_id.peek() == 0, "the id is used again");
  RT_CHECK(merged_count(kernel, *next) == 1, "the new type is counted once");
  RT_CHECK(reference_count(former) == 1, "and so is the former one");
  decrement(first, former);
}

RT_SCENARIO(ids_assigned, "object/two_threads_make_types",
            "Two types that are made at the same time have two ids.") {
  Kernel kernel;
  Ref<Type> made[2];
  Ref<Probe> probes[2];
  AttachedBody bodies[2];
  for (int side = 0; side < 2; ++side) {
    bodies[side] = [&, side](ThreadState& thread) {
      made[side] = new_type(thread, kProbeSlots);
      probes[side] = new_probe(thread, nullptr, *made[side]);
    };
  }
  run_attached(kernel, {bodies[0], bodies[1]});
  RT_CHECK(made[0]->count_id.peek() != made[1]->count_id.peek(), "two types have two ids");
  RT_CHECK(merged_count(kernel, *made[0]) == 2, "a type and one instance are counted");
  RT_CHECK(merged_count(kernel, *made[1]) == 2, "a type and one instance are counted");
}

}  // namespace
}  // namespace runtime
