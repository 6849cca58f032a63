// zip, enumerate, reversed and items by index in the hands of two threads.
#include "runtime/base/scenario.h"
#include "runtime/containers/enumerate_iterator.h"
#include "runtime/containers/iterators_test_support.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/reversed_iterator.h"
#include "runtime/containers/zip_iterator.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/sequence_getitem_iterator.h"

namespace runtime {
namespace {

// What one step gave: the tuple, and what it said then.
struct Given {
  Ref<Object> tuple;
  std::int64_t first = 0;
  std::int64_t second = 0;

  static std::int64_t item(const Ref<Object>& tuple, std::int64_t index) {
    return as_int(as_tuple(tuple)->at(index))->small;
  }
  explicit Given(Ref<Object> given) : tuple(std::move(given)) {
    if (!tuple) return;
    first = item(tuple, 0);
    second = item(tuple, 1);
  }
  void check() const {
    if (!tuple) return;
    RT_CHECK(item(tuple, 0) == first && item(tuple, 1) == second,
             "a tuple that was given out stays as it is");
  }
};

RT_SCENARIO(zip_shared, "containers/zip_shared",
            "Two threads that share a zip get tuples that do not change, each item from its "
            "iterator.") {
  ValueKernel kernel;
  Ref<Object> zip;
  Semaphore made;
  const auto take = [&](ThreadState& thread) {
    Given given(must(next_of(thread, zip)));
    Given after(must(next_of(thread, zip)));
    given.check();
    for (const Given* one : {&given, &after}) {
      if (!one->tuple) continue;
      RT_CHECK(1 <= one->first && one->first <= 3, "the first item is of the first iterator");
      RT_CHECK(11 <= one->second && one->second <= 13, "the second item is of the second");
    }
  };
  run_attached(kernel.kernel,
               {[&](ThreadState& owner) {
                  Ref<Tuple> ones = number_tuple(owner, {1, 2, 3});
                  Ref<Tuple> tens = number_tuple(owner, {11, 12, 13});
                  zip = must(new_zip(owner, std::vector<Borrowed<Object>>{ones, tens}));
                  Ref<Object> mine = zip.duplicate(owner);
                  made.post();
                  take(owner);
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  take(other);
                }},
               ThreadEnd::kDetaches);
}

RT_SCENARIO(zip_handed_over, "containers/zip_result_handed_over",
            "A tuple that its owner has handed to another thread is not filled anew.") {
  ValueKernel kernel;
  Ref<Object> handed;
  Semaphore ready;
  run_attached(kernel.kernel,
               {[&](ThreadState& owner) {
                  Ref<Tuple> ones = number_tuple(owner, {1, 2, 3});
                  Ref<Object> zip = must(new_zip(owner, std::vector<Borrowed<Object>>{ones, ones}));
                  Ref<Object> first = must(next_of(owner, zip));
                  handed = first.duplicate(owner);
                  ready.post();
                  first.drop(owner);
                  Ref<Object> second = must(next_of(owner, zip));
                  Ref<Object> third = must(next_of(owner, zip));
                },
                [&](ThreadState& other) {
                  wait_detached(other, ready);
                  Given given(std::move(handed));
                  RT_CHECK(given.first == 1 && given.second == 1, "it is the first tuple");
                  Ref<Object> again = given.tuple.duplicate(other);
                  given.check();
                }},
               ThreadEnd::kDetaches);
}

RT_SCENARIO(enumerate_shared, "containers/enumerate_shared",
            "Two threads that share an enumerate get each number once.") {
  ValueKernel kernel;
  Ref<Object> enumerate;
  Semaphore made;
  Atomic<unsigned> numbers_given;
  const auto take = [&](ThreadState& thread) {
    for (int time = 0; time < 2; ++time) {
      Given given(must(next_of(thread, enumerate)));
      if (!given.tuple) return;
      RT_CHECK(0 <= given.first && given.first < 4, "there are as many numbers as steps");
      const unsigned bit = 1u << given.first;
      RT_CHECK((numbers_given.fetch_or_relaxed(bit) & bit) == 0, "a number is given once");
      given.check();
    }
  };
  run_attached(kernel.kernel,
               {[&](ThreadState& owner) {
                  enumerate = must(new_enumerate(owner, number_tuple(owner, {7, 8, 9, 10})));
                  Ref<Object> mine = enumerate.duplicate(owner);
                  made.post();
                  take(owner);
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  take(other);
                }},
               ThreadEnd::kDetaches);
}

// Two threads use up an enumerate that alone holds the iterator inside. Who was told that there are no
// more items is not given one later.
void enumerate_to_exhaustion(Result<Ref<Object>> (*make)(ThreadState& thread)) {
  ValueKernel kernel;
  Ref<Object> enumerate;
  Semaphore made;
  run_attached(kernel.kernel,
               {[&](ThreadState& owner) {
                  enumerate = must(make(owner));
                  Ref<Object> mine = enumerate.duplicate(owner);
                  made.post();
                  Ref<Object> pair = must(next_of(owner, mine));
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  while (Ref<Object> pair = must(next_of(other, enumerate))) {
                  }
                  RT_CHECK(!must(next_of(other, enumerate)), "what has ended stays so");
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(!must(next_of(kernel.here(), enumerate)), "what has ended stays so");
}

RT_SCENARIO(enumerate_ends, "containers/enumerate_shared_to_exhaustion",
            "An enumerate of a list that has said that there are no more items says so for ever, "
            "although it alone holds the iterator of the list.") {
  enumerate_to_exhaustion([](ThreadState& thread) -> Result<Ref<Object>> {
    Ref<List> list = must(new_list(thread));
    must(list_append(thread, list, shared_int(7)));
    return new_enumerate(thread, list);
  });
}

RT_SCENARIO(enumerate_of_tuple_ends, "containers/enumerate_of_tuple_to_exhaustion",
            "An enumerate of a tuple that has said that there are no more items says so for ever, "
            "although it alone holds the iterator of the tuple.") {
  enumerate_to_exhaustion([](ThreadState& thread) -> Result<Ref<Object>> {
    return new_enumerate(thread, must(new_tuple(thread, {shared_int(7), shared_int(8)})));
  });
}

RT_SCENARIO(enumerate_long, "containers/enumerate_shared_beyond_64_bits",
            "Two threads that share an enumerate get each number once, also where numbers become "
            "long.") {
  ValueKernel kernel;
  Ref<Object> enumerate = must(new_enumerate(kernel.here(), number_tuple(kernel.here(), {7, 8}),
                                             number(kernel.here(), INT64_MAX)));
  Ref<Object> given[2];
  const auto take = [&](ThreadState& thread, Ref<Object>& pair) {
    pair = must(next_of(thread, enumerate));
  };
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { take(thread, given[0]); },
                [&](ThreadState& thread) { take(thread, given[1]); }},
               ThreadEnd::kDetaches);
  const auto number_of = [](const Ref<Object>& pair) { return as_int(as_tuple(pair)->at(0)); };
  RT_CHECK(compare_ints(*number_of(given[0]), *number_of(given[1])) != 0, "a number is given once");
}

RT_SCENARIO(getitem_shared, "containers/getitem_iterator_shared",
            "Two threads that share the iterator of what has items by index alone get every item, "
            "nothing else, and an end that stays although the sequence grows.") {
  ValueKernel kernel;
  Atomic<int> length{1};
  Ref<Object> sequence = scripted(
      kernel.here(), {.item = [&](ThreadState& thread, std::int64_t index) -> Result<Ref<Object>> {
        if (index < length.load_relaxed()) return Ref<Object>(shared_int(index + 1));
        return raise_text(thread, index_error_type, "no such item");
      }});
  Ref<Object> iterator = must(new_getitem_iterator(kernel.here(), sequence));
  Atomic<unsigned> given;
  const auto take = [&](ThreadState& thread) {
    Ref<Object> item = must(next_of(thread, iterator));
    if (!item) return false;
    RT_CHECK(as_int(item)->small == 1, "what is given is an item");
    given.fetch_add_relaxed(1);
    return true;
  };
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { (void)take(thread); },
                [&](ThreadState& thread) {
                  while (take(thread)) {
                  }
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(given.peek() >= 1, "every item was given");
  length.store_relaxed(2);
  RT_CHECK(!must(next_of(kernel.here(), iterator)), "what has ended stays so");
}

RT_SCENARIO(reversed_shared, "containers/reversed_shared",
            "Two threads that share a reversed get items of the sequence and an end that stays.") {
  ValueKernel kernel;
  Ref<Object> iterator = must(new_reversed(kernel.here(), number_tuple(kernel.here(), {1, 2})));
  const auto drain = [&](ThreadState& thread) {
    while (Ref<Object> item = must(next_of(thread, iterator))) {
      const std::int64_t value = as_int(item)->small;
      RT_CHECK(value == 1 || value == 2, "what is given is an item");
    }
    RT_CHECK(!must(next_of(thread, iterator)), "what has ended stays so");
  };
  run_attached(kernel.kernel, {drain, drain}, ThreadEnd::kDetaches);
}

}  // namespace
}  // namespace runtime
