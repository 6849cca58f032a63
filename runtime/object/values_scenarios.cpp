// Values that several threads hold: tuples that may be filled anew, strings that may grow in place,
// iterators and exceptions that are shared.
#include <algorithm>
#include <array>

#include "runtime/base/scenario.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/range_object.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

RT_SCENARIO(
    reuse_handed_on, "object/reuse_of_tuple_vs_other_holder",
    "A tuple that was handed to another thread is not filled anew while that thread has it.") {
  ValueKernel kernel;
  Ref<Tuple> result;
  Semaphore is_made;
  Semaphore is_counted;
  run_attached(kernel.kernel,
               {[&](ThreadState& owner) {
                  result = must(new_tuple(owner, {shared_int(1)}));
                  is_made.post();
                  wait_detached(owner, is_counted);
                  // What zip() does for its next item.
                  if (try_reuse(owner, *result)) {
                    exchange_item(*result, 0, shared_int(2)).drop(owner);
                  }
                  result.drop(owner);
                },
                [&](ThreadState& other) {
                  wait_detached(other, is_made);
                  Ref<Tuple> mine = result.duplicate(other);
                  is_counted.post();
                  point("tuple.held");
                  RT_CHECK(mine->at(0).get() == shared_int(1).get(),
                           "a tuple that somebody holds does not change");
                  mine.drop(other);
                }},
               ThreadEnd::kDetaches);
}

RT_SCENARIO(reuse_after_drop, "object/reuse_of_tuple_vs_last_use_elsewhere",
            "A tuple is filled anew only after another thread's last look at it.") {
  ValueKernel kernel;
  Plain<int> looks;
  Ref<Tuple> handed;
  Semaphore is_handed;
  run_attached(kernel.kernel,
               {[&](ThreadState& owner) {
                  Ref<Tuple> mine = must(new_tuple(owner, {shared_int(1)}));
                  handed = mine.duplicate(owner);
                  is_handed.post();
                  for (int turn = 0; turn < 2; ++turn) {
                    if (try_reuse(owner, *mine)) looks.set(looks.get() + 1);
                    safe_point(owner);
                  }
                },
                [&](ThreadState& other) {
                  wait_detached(other, is_handed);
                  looks.set(looks.get() + 1);
                  handed.drop(other);
                }},
               ThreadEnd::kDetaches);
}

RT_SCENARIO(append_handed_on, "object/append_in_place_vs_other_holder",
            "A string that was handed to another thread does not grow while that thread has it.") {
  ValueKernel kernel;
  Ref<Str> handed;
  Semaphore is_handed;
  run_attached(kernel.kernel,
               {[&](ThreadState& owner) {
                  Ref<Str> mine = text(owner, "ab");
                  handed = mine.duplicate(owner);
                  is_handed.post();
                  mine = must(append_to(owner, std::move(mine), text(owner, "cd")));
                  RT_CHECK(equals_utf8(*mine, "abcd"), "what was appended is there");
                },
                [&](ThreadState& other) {
                  wait_detached(other, is_handed);
                  point("str.held");
                  RT_CHECK(equals_utf8(*handed, "ab"),
                           "a string that somebody holds does not change");
                  handed.drop(other);
                }},
               ThreadEnd::kDetaches);
}

// Counts what each of two threads got from one iterator. Every number at most once per thread, and
// all of them by somebody; nothing after the end.
class Drain {
 public:
  explicit Drain(Ref<Object> iterator) : iterator_(std::move(iterator)) {}
  void take(ThreadState& thread, unsigned who, unsigned turns) {
    bool is_exhausted = false;
    for (unsigned turn = 0; turn < turns; ++turn) {
      Ref<Object> item = must(next_of(thread, iterator_));
      RT_CHECK(!item || !is_exhausted, "an iterator that was exhausted stays so");
      is_exhausted |= !item;
      if (!item) continue;
      const std::int64_t value = *int64_of(*as_int(item));
      RT_CHECK(value >= 0 && value < kItems, "what an iterator gives is in the sequence");
      taken_[who][static_cast<std::size_t>(value)] += 1;
    }
  }
  void check(ThreadState& thread) {
    RT_CHECK(!must(next_of(thread, iterator_)), "one of the two has seen the end");
    for (std::size_t i = 0; i < kItems; ++i) {
      RT_CHECK(taken_[0][i] <= 1 && taken_[1][i] <= 1, "a thread gets an item once");
      RT_CHECK(taken_[0][i] + taken_[1][i] >= 1, "no item is lost");
    }
    iterator_.drop(thread);
  }

  static constexpr std::int64_t kItems = 2;

 private:
  Ref<Object> iterator_;
  std::array<std::array<int, kItems>, 2> taken_{};
};

void drain_by_two(ValueKernel& kernel, Ref<Object> iterator) {
  Drain drain(std::move(iterator));
  // The first may come late with what it saw at the beginning; the second goes on after the end.
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { drain.take(thread, 0, 1); },
                [&](ThreadState& thread) { drain.take(thread, 1, 4); }},
               ThreadEnd::kDetaches);
  drain.check(kernel.here());
}

RT_SCENARIO(
    drain_tuple, "object/tuple_iterator_shared",
    "Two threads drain one tuple iterator: none is skipped, none invented, the end is final.") {
  ValueKernel kernel;
  Ref<Tuple> pair = must(new_tuple(kernel.here(), {shared_int(0), shared_int(1)}));
  drain_by_two(kernel, must(get_iterator(kernel.here(), pair)));
}

RT_SCENARIO(
    drain_range, "object/range_iterator_shared",
    "Two threads drain one range iterator: none is skipped, none invented, the end is final.") {
  ValueKernel kernel;
  Ref<Range> range = must(new_range(kernel.here(), shared_int(0), shared_int(2), shared_int(1)));
  drain_by_two(kernel, must(get_iterator(kernel.here(), range)));
}

RT_SCENARIO(drain_long_range, "object/long_range_iterator_shared",
            "Two threads drain an iterator of large numbers: each is given out once.") {
  ValueKernel kernel;
  ThreadState& here = kernel.here();
  Ref<Int> large = must(int_operation(here, shared_int(1), shared_int(70), BinaryOp::kLeftShift));
  Ref<Int> end = must(int_operation(here, large, shared_int(2), BinaryOp::kAdd));
  Ref<Range> range = must(new_range(here, large, end, shared_int(1)));
  Ref<Object> iterator = must(get_iterator(here, range));
  std::array<Ref<Object>, 4> got;
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) {
                  got[0] = must(next_of(thread, iterator));
                  got[1] = must(next_of(thread, iterator));
                },
                [&](ThreadState& thread) {
                  got[2] = must(next_of(thread, iterator));
                  got[3] = must(next_of(thread, iterator));
                }},
               ThreadEnd::kDetaches);
  std::size_t found = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (!got[i]) continue;
    ++found;
    for (std::size_t j = 0; j < i; ++j) {
      RT_CHECK(!got[j] || compare_ints(*as_int(got[i]), *as_int(got[j])) != 0,
               "a number is given out once");
    }
  }
  RT_CHECK(found == 2, "every number is given out");
  for (Ref<Object>& number : got) number.drop(here);
  iterator.drop(here);
}

RT_SCENARIO(exception_fields, "object/set_context_vs_read_context",
            "A reader of a shared exception gets the old context or the new one, alive.") {
  ValueKernel kernel;
  ThreadState& here = kernel.here();
  Ref<ExceptionObject> shared = must(new_exception(here, value_error_type, empty_tuple()));
  run_attached(kernel.kernel,
               {[&](ThreadState& writer) {
                  set_exception_context(writer, shared,
                                        must(new_exception(writer, key_error_type, empty_tuple())));
                  set_exception_context(
                      writer, shared, must(new_exception(writer, index_error_type, empty_tuple())));
                },
                [&](ThreadState& reader) {
                  Ref<Object> context = exception_context(reader, shared);
                  RT_CHECK(!context || context->type == &key_error_type ||
                               context->type == &index_error_type,
                           "what is read is something that was stored");
                }},
               ThreadEnd::kDetaches);
  shared.drop(here);
}

}  // namespace
}  // namespace runtime
