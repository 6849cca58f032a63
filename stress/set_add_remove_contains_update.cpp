// Threads that add, remove, look up, pop, merge, clear and iterate on a few shared sets.
//
// Some numbers are members of one set for ever, some are never members: whoever asks must find the
// former and not the latter, while the table grows, is cleared of others, or is replaced by that of
// an intersection. Keys are made anew for each question, so that members are counted and compared.
// A second set passes tokens on: each is added by one thread and popped by one. What its maker wrote
// into a token is plain data, so ThreadSanitizer sees whether the one who pops it is ordered behind
// him. A third set is filled from the first, subtracted, cleared.
//
// Checked besides: every token comes out once; an iterator gives members or raises; in the end each
// set has as many members as its iterator gives.
#include <cinttypes>
#include <cstdio>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/containers/set_test_support.h"
#include "runtime/threads/attach.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using runtime::Borrowed;
using runtime::must;
using runtime::number;
using runtime::Object;
using runtime::Ref;
using runtime::Result;
using runtime::Set;
using runtime::ThreadState;

// 1000 and above: objects, not shared constants. Every eighth is a member for ever, every ninth
// never.
constexpr std::int64_t kFirst = 1000;
constexpr std::int64_t kNumbers = 400;
bool is_for_ever(std::int64_t value) { return value % 8 == 0; }
bool is_never(std::int64_t value) { return value % 9 == 0 && !is_for_ever(value); }

// Per thread, each on lines of its own; added up afterwards.
struct alignas(128) Totals {
  std::uint64_t added = 0;
  std::uint64_t popped = 0;
  std::uint64_t sum_added = 0;
  std::uint64_t sum_popped = 0;
};

struct Sets {
  explicit Sets(ThreadState& thread)
      : numbers(must(runtime::new_set(thread))),
        tokens(must(runtime::new_set(thread))),
        others(must(runtime::new_set(thread))),
        all(must(runtime::new_set(thread))) {
    for (std::int64_t value = kFirst; value < kFirst + kNumbers; ++value) {
      if (is_for_ever(value)) must(set_add(thread, numbers, number(thread, value)));
      if (!is_never(value)) must(set_add(thread, all, number(thread, value)));
    }
  }
  Ref<Set> numbers;
  Ref<Set> tokens;
  Ref<Set> others;
  Ref<Set> all;
};

std::int64_t draw(StressThread& thread) {
  return kFirst + static_cast<std::int64_t>(thread.random().below(kNumbers));
}

void look_up(StressThread& thread, Sets& sets) {
  const std::int64_t value = draw(thread);
  const bool is_there =
      must(set_contains(thread.state(), sets.numbers, number(thread.state(), value)));
  RT_CHECK(is_there || !is_for_ever(value), "what is a member for ever is found");
  RT_CHECK(!is_there || !is_never(value), "what never was a member is not found");
}

void change(StressThread& thread, Sets& sets) {
  const std::int64_t value = draw(thread);
  if (is_never(value) || is_for_ever(value)) return;
  Ref<runtime::Int> key = number(thread.state(), value);
  if (thread.random().one_in(2)) {
    must(set_add(thread.state(), sets.numbers, key));
  } else {
    must(set_discard(thread.state(), sets.numbers, key));
  }
}

void iterate(StressThread& thread, Sets& sets) {
  Ref<Object> iterator = must(get_iterator(thread.state(), sets.numbers));
  for (;;) {
    Result<Ref<Object>> item = next_of(thread.state(), iterator);
    if (item.is_raised() || !item.value()) return;
    RT_CHECK(!is_never(runtime::as_int(item.value())->small), "an iterator gives members");
  }
}

void combine(StressThread& thread, Sets& sets) {
  ThreadState& state = thread.state();
  switch (thread.random().below(6)) {
    case 0:
      must(set_update(state, sets.others, sets.numbers));
      break;
    case 1:
      must(set_update(state, sets.numbers, sets.others));
      break;
    case 2:
      must(set_intersection_update(state, sets.numbers, sets.all));
      break;
    case 3:
      must(set_symmetric_difference_update(state, sets.others, sets.numbers));
      break;
    case 4:
      RT_CHECK(must(set_is_subset(state, sets.numbers, sets.all)), "all is all");
      break;
    default:
      set_clear(state, sets.others);
  }
}

void pass_on(StressThread& thread, Sets& sets, Totals& totals) {
  ThreadState& state = thread.state();
  if (thread.random().one_in(2)) {
    Ref<runtime::Probe> token = runtime::new_probe(state);
    token->plain = thread.random().below(1000) + 1;
    totals.sum_added += token->plain;
    ++totals.added;
    must(set_add(state, sets.tokens, token));
    return;
  }
  Result<Ref<Object>> popped = set_pop(state, sets.tokens);
  if (popped.is_raised()) return;
  auto* token = static_cast<runtime::Probe*>(popped.value().get());
  totals.sum_popped += token->plain;
  token->plain = 0;
  ++totals.popped;
}

int run(int argc, char** argv) {
  StressRun storm(argc, argv,
                  "Does a shared set have the members that were added and not removed?");
  runtime::ValueKernel kernel;
  ThreadState& here = kernel.here();
  Sets sets(here);
  std::vector<Totals> totals(storm.threads());
  {
    runtime::Detached detached(here);
    storm.storm(kernel.kernel.world(), [&](StressThread& thread) {
      while (thread.goes_on()) {
        const std::uint64_t choice = thread.random().below(100);
        if (choice < 50) {
          look_up(thread, sets);
        } else if (choice < 75) {
          change(thread, sets);
        } else if (choice < 95) {
          pass_on(thread, sets, totals[thread.index()]);
        } else if (choice < 98) {
          combine(thread, sets);
        } else {
          iterate(thread, sets);
        }
        runtime::quiescent_point(thread.state());
      }
    });
  }
  Totals all;
  for (const Totals& one : totals) {
    all.added += one.added;
    all.popped += one.popped;
    all.sum_added += one.sum_added;
    all.sum_popped += one.sum_popped;
  }
  while (set_size(*sets.tokens) != 0) {
    Ref<Object> token = must(set_pop(here, sets.tokens));
    all.sum_popped += static_cast<runtime::Probe*>(token.get())->plain;
    ++all.popped;
  }
  RT_CHECK(all.added == all.popped, "every token that was added came out once");
  RT_CHECK(all.sum_added == all.sum_popped, "and was the same");
  for (const Ref<Set>* set : {&sets.numbers, &sets.others}) {
    RT_CHECK(static_cast<std::int64_t>(runtime::all_items(here, *set).size()) == set_size(**set),
             "an iterator gives every member");
  }
  std::printf("%" PRIu64 " tokens\n", all.added);
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
