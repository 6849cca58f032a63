// Two writers of lists, and iterators that two threads share.
#include <algorithm>
#include <utility>

#include "runtime/containers/list_test_support.h"

namespace runtime {
namespace {

using Values = std::vector<std::int64_t>;

class TwoThreads {
 public:
  [[nodiscard]] ThreadState& here() { return kernel_.here(); }
  Ref<List> shared(std::initializer_list<std::int64_t> values) {
    Ref<List> list = numbers(kernel_.here(), values);
    set_gc_bit(list.get(), kGcShared);
    return list;
  }
  Values values(const Ref<List>& list) { return values_of(kernel_.here(), list); }
  void run(AttachedBody one, AttachedBody another) {
    run_attached(kernel_.kernel, {std::move(one), std::move(another)}, ThreadEnd::kDetaches);
  }

 private:
  ValueKernel kernel_;
};

RT_SCENARIO(append_append, "containers/list_append_vs_append",
            "What two threads append is in the list, each once, and in the order of each.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({0, 0, 0});
  const auto append = [&](std::int64_t first) {
    return [&list, first](ThreadState& thread) {
      must(list_append(thread, list, shared_int(first)));
      must(list_append(thread, list, shared_int(first + 1)));
    };
  };
  threads.run(append(1), append(11));
  const Values values = threads.values(list);
  RT_CHECK(values.size() == 7, "nothing is lost and nothing is there twice");
  const auto at = [&](std::int64_t value) {
    return std::find(values.begin(), values.end(), value) - values.begin();
  };
  RT_CHECK(at(1) < at(2) && at(2) < 7 && at(11) < at(12) && at(12) < 7,
           "what a thread appended first comes first");
}

RT_SCENARIO(pop_pop, "containers/list_pop_vs_pop", "No item is popped twice.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({1, 2, 3, 4});
  std::int64_t one = -1;
  std::int64_t other = -1;
  threads.run([&](ThreadState& thread) { one = value_of(must(list_pop(thread, list))); },
              [&](ThreadState& thread) { other = value_of(must(list_pop(thread, list))); });
  RT_CHECK(one + other == 7 && one != other, "two threads pop the last two items");
}

RT_SCENARIO(pop_last, "containers/list_pop_vs_pop_of_the_last",
            "Of two threads that pop the last item one gets it and one gets IndexError.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({1});
  unsigned raised = 0;
  const auto pop = [&](ThreadState& thread) {
    if (list_pop(thread, list).is_raised()) ++raised;
  };
  threads.run(pop, pop);
  RT_CHECK(raised == 1, "one item is popped once");
}

RT_SCENARIO(extend_extend, "containers/list_extend_vs_extend_crosswise",
            "a.extend(b) beside b.extend(a): one comes first, and nobody waits for ever.") {
  TwoThreads threads;
  Ref<List> a = threads.shared({1});
  Ref<List> b = threads.shared({2, 3});
  threads.run([&](ThreadState& thread) { must(list_extend(thread, a, b)); },
              [&](ThreadState& thread) { must(list_extend(thread, b, a)); });
  const Values left = threads.values(a);
  const Values right = threads.values(b);
  RT_CHECK((left == Values{1, 2, 3} && right == Values{2, 3, 1, 2, 3}) ||
               (left == Values{1, 2, 3, 1} && right == Values{2, 3, 1}),
           "each list is extended by all of the other, as it was before or after");
}

RT_SCENARIO(extend_append, "containers/list_extend_vs_append",
            "What a list is extended by is one run, which an append does not split.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({});
  Ref<List> more = threads.shared({1, 2, 3});
  threads.run([&](ThreadState& thread) { must(list_extend(thread, list, more)); },
              [&](ThreadState& thread) { must(list_append(thread, list, shared_int(9))); });
  const Values values = threads.values(list);
  RT_CHECK((values == Values{1, 2, 3, 9} || values == Values{9, 1, 2, 3}), "the run is whole");
}

RT_SCENARIO(copy_extend, "containers/list_copy_vs_extend", "A copy is the list of one moment.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({1});
  Ref<List> more = threads.shared({2, 3});
  Ref<List> copy;
  threads.run([&](ThreadState& thread) { must(list_extend(thread, list, more)); },
              [&](ThreadState& thread) { copy = must(list_copy(thread, list)); });
  const Values values = threads.values(copy);
  RT_CHECK((values == Values{1} || values == Values{1, 2, 3}), "before or after");
  copy.drop(threads.here());
}

RT_SCENARIO(slice_slice, "containers/list_slice_assignment_crosswise",
            "a[:] = b beside b[:] = a: afterwards they are equal.") {
  TwoThreads threads;
  Ref<List> a = threads.shared({1});
  Ref<List> b = threads.shared({3});
  Ref<Slice> all = slice(threads.here(), kNo, kNo);
  threads.run([&](ThreadState& thread) { must(list_set_slice(thread, a, all, b.get())); },
              [&](ThreadState& thread) { must(list_set_slice(thread, b, all, a.get())); });
  const Values left = threads.values(a);
  RT_CHECK(left == threads.values(b), "one comes first, and makes them equal");
  RT_CHECK((left == Values{1} || left == Values{3}), "nothing is mixed");
}

RT_SCENARIO(
    sort_append, "containers/list_sort_vs_append",
    "What is appended to a list that is sorted is in it afterwards, or the sort says that it "
    "was changed.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({});
  // A comparison that blocks, and so lets others in.
  const ForeignBodies blocks{.less = [](ThreadState& thread, Borrowed<Object>) {
    Detached detached(thread);
    return Result<bool>(false);
  }};
  must(list_append(threads.here(), list, new_foreign(threads.here(), blocks)));
  must(list_append(threads.here(), list, new_foreign(threads.here(), blocks)));
  Ref<Object> item = new_foreign(threads.here(), blocks);
  bool raised = false;
  threads.run(
      [&](ThreadState& thread) { raised = list_sort(thread, list, nullptr, false).is_raised(); },
      [&](ThreadState& thread) { must(list_append(thread, list, item.duplicate(thread))); });
  RT_CHECK(list_size(*list) == (raised ? 2 : 3), "an append is not lost without a word");
  RT_CHECK(must(list_contains(threads.here(), list, item)) != raised, "it is there, or undone");
}

RT_SCENARIO(remove_insert, "containers/list_remove_vs_insert",
            "remove() removes what it has compared, although that has moved meanwhile.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({1, 2});
  bool raised = false;
  threads.run(
      [&](ThreadState& thread) { raised = list_remove(thread, list, shared_int(1)).is_raised(); },
      [&](ThreadState& thread) { must(list_insert(thread, list, 0, shared_int(7))); });
  const Values values = threads.values(list);
  RT_CHECK((values == Values{7, 2} && !raised) || (values == Values{7, 1, 2} && raised),
           "what is not equal stays");
}

RT_SCENARIO(remove_remove, "containers/list_remove_vs_remove",
            "Of two equal items two threads remove both.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({1, 5, 1});
  const auto remove = [&](ThreadState& thread) {
    (void)list_remove(thread, list, shared_int(1)).is_raised();
  };
  threads.run(remove, remove);
  const Values values = threads.values(list);
  RT_CHECK(std::count(values.begin(), values.end(), 5) == 1, "what is not equal stays");
}

// -- Iterators --

RT_SCENARIO(iterator_shared, "containers/list_iterator_shared_to_exhaustion",
            "Two threads that share an iterator get items of the list, in order, and together all; "
            "whom it has told that there are no more it gives none.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({1, 2});
  Ref<Object> iterator = must(get_iterator(threads.here(), list));
  Values got[2];
  const auto take = [&](int who) {
    return [&, who](ThreadState& thread) {
      for (;;) {
        const std::int64_t value = value_of(must(next_of(thread, iterator)));
        if (value == -1) break;
        got[who].push_back(value);
      }
      RT_CHECK(!must(next_of(thread, iterator)), "an exhausted iterator stays so");
    };
  };
  threads.run(take(0), take(1));
  for (const Values& values : got) {
    RT_CHECK(std::is_sorted(values.begin(), values.end()), "a thread gets items in order");
  }
  for (const std::int64_t value : {1, 2}) {
    RT_CHECK(std::count(got[0].begin(), got[0].end(), value) +
                     std::count(got[1].begin(), got[1].end(), value) >=
                 1,
             "no item is passed over");
  }
}

RT_SCENARIO(iterator_late, "containers/list_iterator_vs_late_step",
            "A thread that took an item long ago does not bring an exhausted iterator back.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({1, 2});
  Ref<Object> iterator = must(get_iterator(threads.here(), list));
  threads.run([&](ThreadState& thread) { (void)must(next_of(thread, iterator)); },
              [&](ThreadState& thread) {
                while (must(next_of(thread, iterator))) continue;
                RT_CHECK(!must(next_of(thread, iterator)), "an exhausted iterator stays so");
              });
}

RT_SCENARIO(iterate_append, "containers/list_iterate_vs_append",
            "An iterator that has said that there are no more items says so although the list "
            "grows.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({});
  Ref<Object> iterator = must(get_iterator(threads.here(), list));
  const auto take = [&](ThreadState& thread) {
    if (!must(next_of(thread, iterator))) {
      RT_CHECK(!must(next_of(thread, iterator)), "an exhausted iterator stays so");
    }
  };
  threads.run(
      [&](ThreadState& thread) {
        must(list_append(thread, list, shared_int(1)));
        take(thread);
        must(list_append(thread, list, shared_int(2)));
      },
      take);
}

RT_SCENARIO(reversed_shared, "containers/list_reverse_iterator_vs_pop",
            "A shared iterator backwards over a list that becomes shorter ends, and stays so.") {
  TwoThreads threads;
  Ref<List> list = threads.shared({1, 2});
  Ref<Object> iterator = must(new_list_reverse_iterator(threads.here(), list));
  const auto take = [&](ThreadState& thread) {
    while (must(next_of(thread, iterator))) continue;
    RT_CHECK(!must(next_of(thread, iterator)), "an exhausted iterator stays so");
  };
  threads.run(
      [&](ThreadState& thread) {
        must(list_pop(thread, list));
        take(thread);
      },
      take);
}

}  // namespace
}  // namespace runtime
