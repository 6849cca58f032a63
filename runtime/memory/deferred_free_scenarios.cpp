#include "runtime/base/scenario.h"
#include "runtime/memory/deferred_free.h"
#include "runtime/memory/memory_test_support.h"
#include "runtime/threads/scenario_threads.h"

namespace runtime {
namespace {

// A place from which anybody reads a raw buffer without a lock.
class SharedBuffer {
 public:
  explicit SharedBuffer(ThreadState& thread) {
    place_.initialize(new (raw_allocate(thread, sizeof(Buffer))) Buffer(kAlive));
    name_address(&place_, "shared pointer");
  }
  // What a reader does between two quiescent points.
  void read() {
    Buffer* buffer = place_.load_acquire();
    point("reader.inside");
    if (buffer != nullptr) RT_CHECK(buffer->get() == kAlive, "a buffer lives while it is read");
  }
  void retire(ThreadState& thread) {
    Buffer* buffer = place_.exchange_acq_rel(nullptr);
    free_deferred(thread, buffer, sizeof(Buffer));
  }

 private:
  using Buffer = Plain<int>;
  static constexpr int kAlive = 7;
  Atomic<Buffer*> place_;
};

// A runtime with two shared buffers; its main thread stands aside, so that nobody waits for it.
struct Setting {
  World world;
  Memory memory{world};
  Puppet main{world};
  SharedBuffer first = main.run([](ThreadState& thread) { return SharedBuffer(thread); });
  SharedBuffer second = main.run([](ThreadState& thread) { return SharedBuffer(thread); });

  // Both were retired by somebody.
  void check_that_nothing_is_left() {
    main.run([](ThreadState& thread) { drain_everything(thread); });
    MemoryStatistics statistics = memory.statistics();
    RT_CHECK(statistics.deferred_buffers == 0, "nothing waits after everything was drained");
    RT_CHECK(statistics.raw_bytes == 0, "each buffer was freed once");
  }
};

void free_what_is_due(ThreadState& thread) {
  process_deferred(thread);  // gives the batch its goal
  quiescent_point(thread);
  process_deferred(thread);
}

RT_SCENARIO(deferred_vs_reader, "memory/deferred_vs_reader",
            "A buffer that was given to free_deferred() outlives who reads it.") {
  Setting setting;
  in_parallel_attached(setting.world, {[&](ThreadState& thread) {
                                         setting.first.read();
                                         quiescent_point(thread);
                                         setting.first.read();
                                       },
                                       [&](ThreadState& thread) {
                                         setting.first.retire(thread);
                                         free_what_is_due(thread);
                                       }});
  setting.main.run([&](ThreadState& thread) { setting.second.retire(thread); });
  setting.check_that_nothing_is_left();
}

RT_SCENARIO(deferred_vs_blocking_reader, "memory/deferred_vs_blocking_reader",
            "A reader that detaches delays nobody and is safe again when it attaches.") {
  Setting setting;
  in_parallel_attached(setting.world, {[&](ThreadState& thread) {
                                         setting.first.read();
                                         { Detached detached(thread); }
                                         setting.first.read();
                                       },
                                       [&](ThreadState& thread) {
                                         setting.first.retire(thread);
                                         free_what_is_due(thread);
                                       }});
  setting.main.run([&](ThreadState& thread) { setting.second.retire(thread); });
  setting.check_that_nothing_is_left();
}

RT_SCENARIO(deferred_two_batches, "memory/deferred_two_batches",
            "What is unlinked after a batch was stamped does not become due with that batch.") {
  Setting setting;
  in_parallel_attached(setting.world, {[&](ThreadState& thread) {
                                         quiescent_point(thread);
                                         setting.second.read();
                                       },
                                       [&](ThreadState& thread) {
                                         setting.first.retire(thread);
                                         process_deferred(thread);
                                         setting.second.retire(thread);
                                         quiescent_point(thread);
                                         process_deferred(thread);
                                       }});
  setting.check_that_nothing_is_left();
}

RT_SCENARIO(deferred_full_batch, "memory/deferred_full_batch",
            "A full batch is stamped once for all of its buffers.") {
  static_assert(!HEDDLE_SCHEDULED || DeferredQueue::kBatchBuffers == 2);
  Setting setting;
  in_parallel_attached(setting.world, {[&](ThreadState& thread) {
                                         setting.first.read();
                                         setting.second.read();
                                         quiescent_point(thread);
                                         setting.second.read();
                                       },
                                       [&](ThreadState& thread) {
                                         setting.first.retire(thread);
                                         setting.second.retire(thread);
                                         quiescent_point(thread);
                                         process_deferred(thread);
                                       }});
  setting.check_that_nothing_is_left();
}

RT_SCENARIO(deferred_both_retire, "memory/deferred_both_retire",
            "Two threads that read what the other one retires free both, each in its time.") {
  Setting setting;
  in_parallel_attached(setting.world, {[&](ThreadState& thread) {
                                         setting.second.read();
                                         setting.first.retire(thread);
                                         free_what_is_due(thread);
                                       },
                                       [&](ThreadState& thread) {
                                         setting.first.read();
                                         setting.second.retire(thread);
                                         free_what_is_due(thread);
                                       }});
  setting.check_that_nothing_is_left();
}

RT_SCENARIO(deferred_vs_exit, "memory/deferred_vs_exit",
            "What an exiting thread has deferred is freed by another one, when it is due.") {
  Setting setting;
  ThreadState* leaving = setting.world.create_thread();
  ThreadState* staying = setting.world.create_thread();
  in_parallel({[&] {
                 attach(*leaving);
                 setting.first.retire(*leaving);
                 setting.second.retire(*leaving);
                 setting.world.destroy_thread(leaving);
               },
               [&] {
                 Attached attached(*staying);
                 setting.first.read();
                 quiescent_point(*staying);
                 process_deferred(*staying);
               }});
  setting.world.destroy_thread(staying);
  setting.check_that_nothing_is_left();
}

RT_SCENARIO(deferred_exit_vs_reader, "memory/deferred_exit_vs_reader",
            "A thread that exits frees nothing that somebody still reads.") {
  Setting setting;
  ThreadState* leaving = setting.world.create_thread();
  ThreadState* reading = setting.world.create_thread();
  in_parallel({[&] {
                 attach(*leaving);
                 setting.first.retire(*leaving);
                 setting.world.destroy_thread(leaving);
               },
               [&] {
                 Attached attached(*reading);
                 setting.first.read();
               }});
  setting.world.destroy_thread(reading);
  setting.main.run([&](ThreadState& thread) { setting.second.retire(thread); });
  setting.check_that_nothing_is_left();
}

RT_SCENARIO(drain_vs_reader, "memory/drain_vs_reader",
            "Draining frees what every thread has deferred, and disturbs no reader.") {
  Setting setting;
  in_parallel_attached(setting.world, {[&](ThreadState& thread) {
                                         setting.first.read();
                                         setting.second.retire(thread);
                                         quiescent_point(thread);
                                         setting.first.read();
                                       },
                                       [&](ThreadState& thread) {
                                         setting.first.retire(thread);
                                         drain_everything(thread);
                                         RT_CHECK(thread.slot(kDeferredFreeSlot)->queue.is_empty(),
                                                  "nothing waits when everything was drained");
                                       }});
  setting.check_that_nothing_is_left();
}

RT_SCENARIO(drain_vs_end_of_a_state, "memory/drain_vs_end_of_a_state",
            "While everything is drained, somebody may destroy a state that is not attached.") {
  Setting setting;
  Puppet idle(setting.world);
  idle.run([&](ThreadState& thread) {
    setting.first.retire(thread);
    free_object(thread, allocate_object(thread, 64, HeapKind::kPlain));
  });
  ThreadState* draining = setting.world.create_thread();
  in_parallel({[&] { idle.exit(); },
               [&] {
                 Attached attached(*draining);
                 drain_everything(*draining);
               }});
  setting.world.destroy_thread(draining);
  setting.main.run([&](ThreadState& thread) { setting.second.retire(thread); });
  setting.check_that_nothing_is_left();
}

RT_SCENARIO(deferred_without_memory, "memory/deferred_without_memory",
            "Where there is no memory to remember a buffer, the world stops before it is freed.") {
  Setting setting;
  in_parallel_attached(setting.world, {[&](ThreadState& thread) {
                                         setting.first.read();
                                         quiescent_point(thread);
                                         setting.first.read();
                                       },
                                       [&](ThreadState& thread) {
                                         thread.slot(kRawBuffersSlot)->allocations_left = 0;
                                         setting.first.retire(thread);
                                         thread.slot(kRawBuffersSlot)->allocations_left =
                                             RawBuffers::kUnlimited;
                                       }});
  setting.main.run([&](ThreadState& thread) { setting.second.retire(thread); });
  setting.check_that_nothing_is_left();
}

}  // namespace
}  // namespace runtime
