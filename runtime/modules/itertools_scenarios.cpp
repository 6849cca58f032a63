// Iterators of itertools that two threads share. Which thread gets which item is open; but what one
// thread did is neither undone nor done twice, nothing is used after its end, and an item that the
// source gives once is given once.
#include <string_view>
#include <vector>

#include "runtime/containers/iterators_test_support.h"
#include "runtime/modules/itertools_types.h"
#include "runtime/types/types_test_support.h"

namespace runtime {

Result<Done> open_itertools_types(ThreadState& thread);

namespace {

using Numbers = std::vector<std::int64_t>;

constexpr std::int64_t kNothing = -1;

// A runtime with the types of itertools, and one iterator that two threads share.
class Sharing {
 public:
  Sharing() { must(open_itertools_types(here())); }
  ~Sharing() { iterator.drop(here()); }
  [[nodiscard]] ThreadState& here() { return runtime_.here(); }

  // itertools.name(*arguments)
  Ref<Object> make(std::string_view name, std::initializer_list<Borrowed<Object>> arguments) {
    return make(here(), name, arguments);
  }
  static Ref<Object> make(ThreadState& thread, std::string_view name,
                          std::initializer_list<Borrowed<Object>> arguments) {
    for (const auto family : {&number_iterators, &selecting_iterators, &joining_iterators,
                              &grouping_iterators, &combining_iterators, &tee_iterators}) {
      for (const IteratorRow& row : family()) {
        if (std::string_view(row.type->slots.name) == "itertools." + std::string(name)) {
          return made_by(thread, as_base(*row.type), arguments);
        }
      }
    }
    RT_CHECK(false, "itertools has an iterator of this name");
    return nullptr;
  }
  Ref<Tuple> tuple(std::initializer_list<std::int64_t> values) { return tuple(here(), values); }
  static Ref<Tuple> tuple(ThreadState& thread, std::initializer_list<std::int64_t> values) {
    std::vector<Ref<Object>> items;
    for (const std::int64_t value : values) items.push_back(number(thread, value));
    return must(new_tuple_taking(thread, items));
  }
  // Gives 1, 2, ... up to `last`, each once, whoever asks.
  Ref<Object> exclusive(std::int64_t last) {
    return scripted(here(), {.next = [this, last](ThreadState&) -> Result<Ref<Object>> {
                      const std::int64_t number = taken_.fetch_add_relaxed(1) + 1;
                      if (number > last) return Ref<Object>();
                      return Ref<Object>(shared_int(number));
                    }});
  }
  void run(AttachedBody one, AttachedBody other) {
    run_attached(runtime_.kernel, {std::move(one), std::move(other)}, ThreadEnd::kDetaches);
  }
  // Each thread asks so many times at most, until there is nothing; what both got.
  Numbers ask(int first_times, int second_times) {
    Numbers given[2];
    const auto asking = [&](int times, Numbers& into) {
      return [&, times](ThreadState& thread) {
        for (int i = 0; i < times; ++i) {
          const std::int64_t number = next_number(thread);
          if (number == kNothing) return;
          into.push_back(number);
        }
      };
    };
    run(asking(first_times, given[0]), asking(second_times, given[1]));
    Numbers all = given[0];
    all.insert(all.end(), given[1].begin(), given[1].end());
    std::sort(all.begin(), all.end());
    return all;
  }
  std::int64_t next_number(ThreadState& thread) {
    Ref<Object> item = must(next_of(thread, iterator));
    return item ? as_int(item)->small : kNothing;
  }

  Ref<Object> iterator;

 private:
  TypesKernel runtime_;
  Atomic<std::int64_t> taken_;
};

bool each_once(const Numbers& sorted) {
  return std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
}

RT_SCENARIO(count_shared, "modules/itertools_count_shared",
            "Two threads that share a count get each number once.") {
  Sharing sharing;
  sharing.iterator = sharing.make("count", {shared_int(7)});
  RT_CHECK(sharing.ask(2, 1) == (Numbers{7, 8, 9}), "three numbers");
}

RT_SCENARIO(repeat_shared, "modules/itertools_repeat_shared",
            "A repeat gives its object as often as it was told, however many threads ask.") {
  Sharing sharing;
  sharing.iterator = sharing.make("repeat", {shared_int(7), shared_int(2)});
  RT_CHECK(sharing.ask(2, 2) == (Numbers{7, 7}), "two times");
}

RT_SCENARIO(cycle_shared, "modules/itertools_cycle_shared",
            "Two threads that share a cycle in its second round get its items in turn.") {
  Sharing sharing;
  sharing.iterator = sharing.make("cycle", {sharing.tuple({1, 2})});
  for (std::int64_t item = 1; item <= 2; ++item) {
    RT_CHECK(sharing.next_number(sharing.here()) == item, "the first round");
  }
  // The source is asked once more by whoever comes first.
  RT_CHECK(sharing.next_number(sharing.here()) == 1, "the second round");
  RT_CHECK(sharing.ask(1, 1) == (Numbers{1, 2}), "each item once");
}

RT_SCENARIO(cycle_begins, "modules/itertools_cycle_shared_from_the_beginning",
            "Two threads that share a cycle get items of it, for ever.") {
  Sharing sharing;
  sharing.iterator = sharing.make("cycle", {sharing.exclusive(2)});
  const Numbers given = sharing.ask(2, 2);
  RT_CHECK(given.size() == 4, "a cycle that has given something does not end");
  for (const std::int64_t item : given) RT_CHECK(item == 1 || item == 2, "an item of it");
}

// Who asks for the next iterable while another thread does gets it for himself, and one item of it. So
// here there is one further iterable.
RT_SCENARIO(
    chain_shared, "modules/itertools_chain_shared",
    "Two threads that come to the end of an input of a chain leave out nothing of the next.") {
  Sharing sharing;
  sharing.iterator = sharing.make("chain", {sharing.tuple({1}), sharing.tuple({2, 3, 4})});
  RT_CHECK(sharing.next_number(sharing.here()) == 1, "the first input");
  Numbers given = sharing.ask(1, 1);
  for (std::int64_t number; (number = sharing.next_number(sharing.here())) != kNothing;) {
    given.push_back(number);
  }
  given.erase(std::unique(given.begin(), given.end()), given.end());
  RT_CHECK(given == (Numbers{2, 3, 4}), "all items");
}

// Made by one of the two: what it replaces in the zip_longest ends at once.
RT_SCENARIO(zip_longest_shared, "modules/itertools_zip_longest_shared",
            "Two threads that share a zip_longest get tuples with items at their places, and an "
            "end.") {
  Sharing sharing;
  Semaphore made;
  Semaphore is_asked;
  const auto drain = [&](ThreadState& thread) {
    while (Ref<Object> given = must(next_of(thread, sharing.iterator))) {
      const Tuple& items = *as_tuple(given);
      RT_CHECK(items.size == 2, "an item of each");
      const Borrowed<Object> left = items.at(0);
      const Borrowed<Object> right = items.at(1);
      RT_CHECK(is_none(left.get()) || as_int(left)->small == 1, "of the first, or None");
      RT_CHECK(is_none(right.get()) || as_int(right)->small == 11 || as_int(right)->small == 12,
               "of the second, or None");
    }
  };
  sharing.run(
      [&](ThreadState& thread) {
        sharing.iterator = sharing.make(
            thread, "zip_longest", {sharing.tuple(thread, {1}), sharing.tuple(thread, {11, 12})});
        made.post();
        wait_detached(thread, is_asked);
        drain(thread);
      },
      [&](ThreadState& thread) {
        wait_detached(thread, made);
        is_asked.post();
        drain(thread);
      });
}

RT_SCENARIO(accumulate_shared, "modules/itertools_accumulate_shared",
            "The last sum of an accumulate that two threads share is the sum of all items.") {
  Sharing sharing;
  sharing.iterator = sharing.make("accumulate", {sharing.exclusive(3)});
  const Numbers given = sharing.ask(2, 2);
  RT_CHECK(given.size() == 3 && given.back() == 6, "no item is forgotten");
  RT_CHECK(each_once(given), "each sum once");
}

RT_SCENARIO(islice_shared, "modules/itertools_islice_shared",
            "A slice gives as many items as it has places, however many threads ask.") {
  Sharing sharing;
  sharing.iterator =
      sharing.make("islice", {sharing.exclusive(9), shared_int(1), shared_int(4), shared_int(2)});
  const Numbers given = sharing.ask(2, 2);
  RT_CHECK(given.size() == 2 && each_once(given), "two items");
}

RT_SCENARIO(pairwise_shared, "modules/itertools_pairwise_shared",
            "Two threads that share a pairwise get pairs of items, and an end.") {
  Sharing sharing;
  sharing.iterator = sharing.make("pairwise", {sharing.exclusive(3)});
  const auto drain = [&](ThreadState& thread) {
    while (Ref<Object> pair = must(next_of(thread, sharing.iterator))) {
      for (std::int64_t i = 0; i < 2; ++i) {
        const std::int64_t item = as_int(as_tuple(pair)->at(i))->small;
        RT_CHECK(item >= 1 && item <= 3, "an item of the source");
      }
    }
  };
  sharing.run(drain, drain);
}

RT_SCENARIO(combinations_shared, "modules/itertools_combinations_shared",
            "Two threads that share combinations get each of them once.") {
  Sharing sharing;
  sharing.iterator = sharing.make("combinations", {sharing.tuple({1, 2, 3}), shared_int(2)});
  Atomic<std::int64_t> sums;
  const auto take = [&](ThreadState& thread) {
    for (int i = 0; i < 2; ++i) {
      Ref<Object> chosen = must(next_of(thread, sharing.iterator));
      if (!chosen) return;
      const Tuple& items = *as_tuple(chosen);
      sums.fetch_add_relaxed(as_int(items.at(0))->small * 10 + as_int(items.at(1))->small);
    }
  };
  sharing.run(take, take);
  RT_CHECK(sums.peek() == 12 + 13 + 23, "each once");
}

RT_SCENARIO(groupby_shared, "modules/itertools_groupby_shared",
            "Two threads that share a groupby and what it gives get each item once at most.") {
  Sharing sharing;
  Ref<Object> same = constant_function(sharing.here(), shared_int(0));
  sharing.iterator = sharing.make("groupby", {sharing.exclusive(2), same});
  Atomic<unsigned> given;
  const auto take = [&](ThreadState& thread) {
    Ref<Object> pair = must(next_of(thread, sharing.iterator));
    if (!pair) return;
    Ref<Object> group = Ref<Object>::share(thread, as_tuple(pair)->at(1));
    for (int i = 0; i < 3; ++i) {
      Ref<Object> item = must(next_of(thread, group));
      if (!item) return;
      const unsigned bit = 1u << as_int(item)->small;
      RT_CHECK((given.fetch_or_relaxed(bit) & bit) == 0, "an item is given once");
    }
    RT_CHECK(false, "a group ends");
  };
  sharing.run(take, take);
}

// Two branches over 1, 2, 3. The first one is the iterator that is shared.
struct TwoBranches {
  explicit TwoBranches(Sharing& sharing) {
    sharing.iterator = sharing.make("_tee", {sharing.exclusive(3)});
    other = sharing.make("_tee", {sharing.iterator});
  }
  Ref<Object> other;
};

// Asks the branch so often, or to its end, and adds what it gives. Who is refused is refused for a good
// reason, and asks no more.
constexpr int kToItsEnd = 9;
void ask_branch(ThreadState& thread, const Ref<Object>& branch, int times, Numbers& into) {
  for (; times > 0; --times) {
    Result<Ref<Object>> item = next_of(thread, branch);
    if (item.is_raised()) {
      RT_CHECK(
          raised_by(thread, std::move(item)) == "RuntimeError: cannot re-enter the tee iterator",
          "it says what is wrong");
      return;
    }
    if (!item.value()) return;
    into.push_back(as_int(item.value())->small);
  }
}

RT_SCENARIO(tee_branches, "modules/itertools_tee_branches",
            "Two branches of a tee in two threads give the items of the source in order; one may "
            "be refused.") {
  Sharing sharing;
  TwoBranches branches(sharing);
  Numbers given[2];
  sharing.run([&](ThreadState& thread) { ask_branch(thread, sharing.iterator, 1, given[0]); },
              [&](ThreadState& thread) { ask_branch(thread, branches.other, 1, given[1]); });
  ask_branch(sharing.here(), sharing.iterator, kToItsEnd, given[0]);
  ask_branch(sharing.here(), branches.other, kToItsEnd, given[1]);
  RT_CHECK(given[0] == (Numbers{1, 2, 3}) && given[1] == given[0], "all items, in order");
  branches.other.drop(sharing.here());
}

RT_SCENARIO(
    tee_shared, "modules/itertools_tee_branch_shared",
    "A branch of a tee that one thread has brought to its end stays there, although another "
    "one is late with an item of it.") {
  Sharing sharing;
  TwoBranches branches(sharing);
  Numbers all;
  ask_branch(sharing.here(), branches.other, kToItsEnd, all);
  Numbers given[2];
  sharing.run(
      [&](ThreadState& thread) { ask_branch(thread, sharing.iterator, 1, given[0]); },
      [&](ThreadState& thread) { ask_branch(thread, sharing.iterator, kToItsEnd, given[1]); });
  RT_CHECK(std::is_sorted(given[1].begin(), given[1].end()) && each_once(given[1]),
           "who has seen an item sees later ones");
  RT_CHECK(!must(next_of(sharing.here(), sharing.iterator)), "what has ended stays so");
  branches.other.drop(sharing.here());
}

}  // namespace
}  // namespace runtime
