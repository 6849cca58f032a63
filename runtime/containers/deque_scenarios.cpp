#include "runtime/containers/deque_object.h"
#include "runtime/object/values_test_support.h"
#include "runtime/threads/scenario_threads.h"

namespace runtime {
namespace {

RT_SCENARIO(deque_queue, "containers/deque_as_a_queue",
            "What one thread appends on the right another pops on the left, once and in order.") {
  ValueKernel kernel;
  Ref<Deque> deque = must(new_deque(kernel.here()));
  std::int64_t last = -1;
  {
    Detached detached(kernel.here());
    in_parallel_attached(
        kernel.kernel.world(),
        {[&](ThreadState& thread) {
           for (int i = 0; i < 2; ++i) {
             must(deque_add(thread, deque, End::kRight, shared_int(i)));
           }
         },
         [&](ThreadState& thread) {
           for (int i = 0; i < 2; ++i) {
             Result<Ref<Object>> popped = deque_pop(thread, deque, End::kLeft);
             if (popped.is_raised()) continue;
             const std::int64_t value = static_cast<Int*>(popped.value().get())->small;
             RT_CHECK(value == last + 1, "they come in order, and none is missing");
             last = value;
           }
         }});
  }
  RT_CHECK(deque_size(*deque) == 1 - last, "what was not popped is there");
}

RT_SCENARIO(
    deque_clear, "containers/deque_clear_vs_iterate",
    "Who walks through a deque that is cleared is given items of it or told that it changed.") {
  ValueKernel kernel;
  Ref<Deque> deque = must(new_deque(kernel.here()));
  for (int i = 0; i < 2; ++i) {
    must(deque_add(kernel.here(), deque, End::kRight, number(kernel.here(), 1000 + i)));
  }
  Ref<Object> iterator = must(deque_iterator(kernel.here(), deque, End::kLeft));
  {
    Detached detached(kernel.here());
    in_parallel_attached(kernel.kernel.world(),
                         {[&](ThreadState& thread) { deque_clear(thread, deque); },
                          [&](ThreadState& thread) {
                            for (int i = 0; i < 2; ++i) {
                              Result<Ref<Object>> item = next_of(thread, iterator);
                              if (item.is_raised()) {
                                RT_CHECK(raised_by(thread, std::move(item)) ==
                                             "RuntimeError: deque mutated during iteration",
                                         "it says what happened");
                                return;
                              }
                              RT_CHECK(static_cast<Int*>(item.value().get())->small == 1000 + i,
                                       "an item of the deque");
                            }
                          }});
  }
}

RT_SCENARIO(deque_extend_left, "containers/deque_extend_left_vs_get",
            "Who looks at a deque that is extended finds all of what is added, or nothing.") {
  ValueKernel kernel;
  Ref<Deque> deque = must(new_deque(kernel.here()));
  Ref<Tuple> added = must(new_tuple(kernel.here(), {shared_int(1), shared_int(2)}));
  std::int64_t seen = 0;
  must(deque_add(kernel.here(), deque, End::kRight, shared_int(3)));
  {
    Detached detached(kernel.here());
    in_parallel_attached(
        kernel.kernel.world(),
        {[&](ThreadState& thread) { must(deque_extend(thread, deque, End::kLeft, added)); },
         [&](ThreadState& thread) {
           seen = static_cast<Int*>(must(deque_get(thread, deque, 0)).get())->small;
         }});
  }
  RT_CHECK(seen == 2 || seen == 3, "1 was never the first");
}

RT_SCENARIO(deque_removes, "containers/deque_remove_vs_append",
            "Taking out what can be compared without foreign code is one step.") {
  ValueKernel kernel;
  Ref<Deque> deque = must(new_deque(kernel.here()));
  for (int i = 1; i <= 2; ++i) must(deque_add(kernel.here(), deque, End::kRight, shared_int(i)));
  {
    Detached detached(kernel.here());
    in_parallel_attached(
        kernel.kernel.world(),
        {[&](ThreadState& thread) { must(deque_remove(thread, deque, shared_int(2))); },
         [&](ThreadState& thread) { must(deque_add(thread, deque, End::kRight, shared_int(3))); }});
  }
  RT_CHECK(deque_size(*deque) == 2, "one was taken out, and one added");
}

RT_SCENARIO(deque_length, "containers/deque_len_vs_rotate_and_append",
            "A deque that is rotated, or full and appended to, has at each moment as many items as "
            "before.") {
  ValueKernel kernel;
  Ref<Deque> deque = must(new_deque(kernel.here(), 3));
  for (int i = 0; i < 3; ++i) must(deque_add(kernel.here(), deque, End::kRight, shared_int(i)));
  {
    Detached detached(kernel.here());
    in_parallel_attached(
        kernel.kernel.world(),
        {[&](ThreadState& thread) {
           deque_rotate(thread, deque, 1);
           must(deque_add(thread, deque, End::kLeft, shared_int(3)));
         },
         [&](ThreadState&) { RT_CHECK(deque_size(*deque) == 3, "it has three items"); }});
  }
}

}  // namespace
}  // namespace runtime
