// Readers without a lock: they load a pointer, count, and look again.
#include "runtime/base/scenario.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

constexpr std::uint64_t kAlive = 0x600d;

void check_member(const Ref<Object>& found, const Type& type) {
  if (!found) return;
  RT_CHECK(found->type == &type, "what is read is something that was stored");
  RT_CHECK(static_cast<Probe*>(found.get())->plain == kAlive, "what is read is alive");
}

Ref<Probe> member(ThreadState& thread, unsigned* ends, Type& type = probe_type) {
  Ref<Probe> probe = new_probe(thread, ends, type);
  probe->plain = kAlive;
  return probe;
}

RT_SCENARIO(read_owner_drop, "object/read_vs_last_drop_by_owner",
            "A reader gets a living object or none while its owner drops the last reference.") {
  Kernel kernel;
  unsigned ends = 0;
  SharedCell cell;
  Semaphore stored;
  run_attached(kernel, {[&](ThreadState& owner) {
                          cell.store(owner, member(owner, &ends));
                          stored.post();
                          cell.clear(owner);
                          safe_point(owner);
                        },
                        [&](ThreadState& reader) {
                          wait_detached(reader, stored);
                          Ref<Object> found = cell.read(reader);
                          check_member(found, probe_type);
                          RT_CHECK(!found || ends == 0, "an object that is held has not ended");
                        }});
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(
    read_foreign_drop, "object/read_vs_last_drop_elsewhere",
    "A reader gets a living object or none while a third thread drops the last reference.") {
  Kernel kernel;
  ThreadState& owner = kernel.first_thread();
  unsigned ends = 0;
  SharedCell cell;
  cell.store(owner, member(owner, &ends));
  run_attached(kernel,
               {[&](ThreadState& writer) { cell.clear(writer); },
                [&](ThreadState& reader) {
                  Ref<Object> found = cell.read(reader);
                  check_member(found, probe_type);
                  RT_CHECK(!found || ends == 0, "an object that is held has not ended");
                }},
               ThreadEnd::kDetaches);
  safe_point(owner);
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(read_merged_drop, "object/read_vs_last_drop_of_a_merged_object",
            "A reader cannot bring back an object that another thread drops for the last time.") {
  Kernel kernel;
  ThreadState& first = kernel.first_thread();
  unsigned ends = 0;
  SharedCell cell;
  run_attached(kernel, {[&](ThreadState& gone) { cell.store(gone, member(gone, &ends)); }});
  cell.read(first).drop(first);
  run_attached(kernel,
               {[&](ThreadState& writer) { cell.clear(writer); },
                [&](ThreadState& reader) {
                  Ref<Object> found = cell.read(reader);
                  check_member(found, probe_type);
                  RT_CHECK(!found || ends == 0, "an object that is held has not ended");
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

// The state kInitial makes a reader without a reference give up: the owner may be freeing the object without another look.
RT_SCENARIO(uncounted_try, "object/try_increment_of_an_object_nobody_announced",
            "An attempt to count an object that was not announced fails and disturbs nobody.") {
  Kernel kernel;
  unsigned ends = 0;
  Semaphore made;
  Object* stale = nullptr;
  run_attached(kernel,
               {[&](ThreadState& owner) {
                  Ref<Probe> probe = member(owner, &ends);
                  stale = probe.get();
                  made.post();
                  probe.drop(owner);
                },
                [&](ThreadState& reader) {
                  wait_detached(reader, made);
                  if (!try_increment(reader, stale)) return;
                  RT_CHECK(ends == 0, "an object that is held has not ended");
                  decrement(reader, stale);
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

RT_SCENARIO(slot_overwritten, "object/read_vs_overwrite_and_reuse",
            "A reader never returns the object that has taken the block of the one it was about to "
            "count.") {
  Kernel kernel;
  unsigned ends = 0;
  SharedCell cell;
  SharedCell elsewhere;
  Semaphore stored;
  run_attached(kernel,
               {[&](ThreadState& writer) {
                  cell.store(writer, member(writer, &ends));
                  stored.post();
                  cell.clear(writer);
                  elsewhere.store(writer, member(writer, &ends, other_probe_type));
                },
                [&](ThreadState& reader) {
                  wait_detached(reader, stored);
                  check_member(cell.read(reader), probe_type);
                }},
               ThreadEnd::kDetaches);
  elsewhere.clear(kernel.first_thread());
  RT_CHECK(ends == 2, "objects without references have ended, each once");
}

// The trap: slots of an array that was replaced are never overwritten. See try_increment_from in biased_refcount.h.
RT_SCENARIO(array_replaced, "object/read_vs_growth_overwrite_and_reuse",
            "A reader of an array that was replaced never returns an object that was not in the "
            "container.") {
  Kernel kernel;
  unsigned ends = 0;
  SharedCell elsewhere;
  SharedArray* list = nullptr;
  Semaphore stored;
  Semaphore read;
  run_attached(kernel,
               {[&](ThreadState& writer) {
                  SharedArray array(writer, 1);
                  array.store(writer, 0, member(writer, &ends));
                  list = &array;
                  stored.post();
                  array.grow(writer);
                  array.store(writer, 0, nullptr);
                  elsewhere.store(writer, member(writer, &ends, other_probe_type));
                  wait_detached(writer, read);
                  array.clear(writer);
                },
                [&](ThreadState& reader) {
                  wait_detached(reader, stored);
                  check_member(list->read(reader, 0), probe_type);
                  read.post();
                }},
               ThreadEnd::kDetaches);
  elsewhere.clear(kernel.first_thread());
  RT_CHECK(ends == 2, "objects without references have ended, each once");
}

RT_SCENARIO(unique_weak, "object/change_in_place_vs_weak_reference",
            "An object that a weak reference may find is not changed in place.") {
  Kernel kernel;
  unsigned ends = 0;
  Ref<WeakReference> weak;
  Semaphore made;
  run_attached(kernel,
               {[&](ThreadState& owner) {
                  Ref<Probe> probe = member(owner, &ends);
                  weak = make_weak_reference(owner, probe);
                  made.post();
                  if (is_unique(owner, probe.get())) {
                    probe->plain = 0;
                    point("changed in place");
                    probe->plain = kAlive;
                  }
                  probe.drop(owner);
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  check_member(dereference(other, weak), probe_type);
                }},
               ThreadEnd::kDetaches);
  weak.drop(kernel.first_thread());
  RT_CHECK(ends == 1, "an object without references has ended, once");
}

}  // namespace
}  // namespace runtime
