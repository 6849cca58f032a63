// Sets: each reader without a lock against each writer of the same set, and writers against each
// other.
#include "runtime/base/scenario.h"
#include "runtime/containers/set_iterator.h"
#include "runtime/containers/set_test_support.h"
#include "runtime/containers/sharing.h"

namespace runtime {
namespace {

// So many members that the next one makes the table grow.
constexpr std::size_t kFull = 4;

// A set that is read without a lock from the beginning.
Ref<Set> shared_set(ThreadState& thread, std::initializer_list<std::int64_t> values) {
  Ref<Set> set = must(new_set(thread));
  {
    ObjectSection section(thread, set);
    set_gc_bit(set.get(), kGcShared);
  }
  for (std::int64_t value : values) must(set_add(thread, set, number(thread, value)));
  return set;
}

bool has(ThreadState& thread, const Ref<Set>& set, Borrowed<Object> key) {
  return must(set_contains(thread, set, key));
}

RT_SCENARIO(contains_vs_add, "containers/set_contains_vs_add",
            "A member that was found once is found again, also by an equal key.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {1});
  Ref<Int> key = number(kernel.here(), 1000);
  Ref<Int> equal = number(kernel.here(), 1000);
  run_attached(kernel.kernel,
               {[&](ThreadState& writer) { must(set_add(writer, set, key)); },
                [&](ThreadState& reader) {
                  const bool is_there = has(reader, set, key);
                  RT_CHECK(!is_there || has(reader, set, equal), "a member stays one");
                  RT_CHECK(has(reader, set, shared_int(1)), "and so does another");
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(set_size(*set) == 2, "the key was added");
}

RT_SCENARIO(contains_vs_growth, "containers/set_contains_vs_growth",
            "While the table is replaced by a larger one every member is found.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {1, 2, 3, 1004});
  RT_CHECK(set->taken == kFull, "the next member makes the table grow");
  run_attached(kernel.kernel,
               {[&](ThreadState& writer) {
                  must(set_add(writer, set, shared_int(5)));
                  process_deferred(writer);
                },
                [&](ThreadState& reader) {
                  RT_CHECK(has(reader, set, shared_int(2)), "a member is found");
                  RT_CHECK(has(reader, set, number(reader, 1004)), "by an equal key, too");
                }},
               ThreadEnd::kDetaches);
}

RT_SCENARIO(contains_vs_remove, "containers/set_contains_vs_remove",
            "Removing a member hides no other one on the same path, and one that is removed and "
            "added again is found at its later place.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {8, 16});
  run_attached(kernel.kernel,
               {[&](ThreadState& writer) {
                  must(set_remove(writer, set, shared_int(8)));
                  must(set_add(writer, set, shared_int(8)));
                },
                [&](ThreadState& reader) {
                  RT_CHECK(has(reader, set, shared_int(16)), "a member is found");
                  RT_CHECK(!has(reader, set, shared_int(24)), "what is no member is not");
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(has(kernel.here(), set, shared_int(8)), "it is there again");
}

RT_SCENARIO(contains_vs_last_drop, "containers/set_contains_vs_last_drop",
            "A member that is compared while it is removed ends after the comparison, once.") {
  ValueKernel kernel;
  unsigned ends = 0;
  Ref<Set> set = shared_set(kernel.here(), {});
  Ref<Foreign> key = colliding(kernel.here(), 1);
  run_attached(kernel.kernel,
               {[&](ThreadState& writer) {
                  Ref<Foreign> member = colliding(writer, 1);
                  member->bodies->ends = &ends;
                  must(set_add(writer, set, member));
                  member.drop(writer);
                  must(set_discard(writer, set, key));
                },
                [&](ThreadState& reader) {
                  (void)has(reader, set, key);
                  safe_point(reader);
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "the member ended once");
}

// Equal to what is asked for, of the same hash, and never a member.
Ref<Foreign> stranger(ThreadState& thread) {
  Ref<Foreign> made = colliding(
      thread, 2, [](ThreadState&) { RT_CHECK(false, "what never was a member is not compared"); });
  set_maybe_weak(made.get());
  return made;
}

// The place still points to the block of a member that has ended, for a reader who has read it, and
// the block has become another object.
RT_SCENARIO(stale_entry, "containers/set_stale_entry",
            "What never was a member is not compared, though its block was that of a member.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {});
  Ref<Foreign> asked = colliding(kernel.here(), 2);
  Ref<Foreign> stays;
  run_attached(
      kernel.kernel,
      {[&](ThreadState& writer) {
         Ref<Foreign> member = colliding(writer, 1);
         must(set_add(writer, set, member));
         must(set_discard(writer, set, member));
         member.drop(writer);
         stays = stranger(writer);
       },
       [&](ThreadState& reader) { RT_CHECK(!has(reader, set, asked), "only members are found"); }},
      ThreadEnd::kDetaches);
}

// The same with a table that was replaced: its places are not overwritten when a member is removed
// from the new one.
RT_SCENARIO(stale_table, "containers/set_stale_table",
            "What never was a member is not compared, though an old table points to its block.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {2, 3, 4});
  Ref<Foreign> asked = colliding(kernel.here(), 2);
  Ref<Foreign> stays;
  run_attached(
      kernel.kernel,
      {[&](ThreadState& writer) {
         Ref<Foreign> member = colliding(writer, 1);
         must(set_add(writer, set, member));
         must(set_add(writer, set, shared_int(5)));
         must(set_discard(writer, set, member));
         member.drop(writer);
         stays = stranger(writer);
       },
       [&](ThreadState& reader) { RT_CHECK(!has(reader, set, asked), "only members are found"); }},
      ThreadEnd::kDetaches);
}

RT_SCENARIO(contains_vs_clear, "containers/set_contains_vs_clear",
            "A reader inside the table of a set that is cleared finds a member or none.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {8, 1016});
  run_attached(kernel.kernel,
               {[&](ThreadState& writer) {
                  set_clear(writer, set);
                  process_deferred(writer);
                },
                [&](ThreadState& reader) {
                  const bool first = has(reader, set, number(reader, 1016));
                  RT_CHECK(first || !has(reader, set, shared_int(8)), "a cleared set stays empty");
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(set_size(*set) == 0, "the set is empty");
}

RT_SCENARIO(contains_vs_intersection, "containers/set_contains_vs_intersection_update",
            "A member of both sets is in the one that is changed all the time.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {1, 2});
  Ref<Set> other = shared_set(kernel.here(), {2, 3});
  run_attached(kernel.kernel,
               {[&](ThreadState& writer) { must(set_intersection_update(writer, set, other)); },
                [&](ThreadState& reader) {
                  RT_CHECK(has(reader, set, shared_int(2)), "a common member is found");
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(set_size(*set) == 1, "the common member is left");
}

RT_SCENARIO(first_reader, "containers/set_first_foreign_reader",
            "The first reader that is not the owner shares the set while the owner changes it.") {
  ValueKernel kernel;
  Ref<Set> set;
  Semaphore made;
  run_attached(kernel.kernel,
               {[&](ThreadState& owner) {
                  set = must(new_set(owner));
                  must(set_add(owner, set, number(owner, 1000)));
                  made.post();
                  set_clear(owner, set);
                  must(set_add(owner, set, shared_int(1)));
                  RT_CHECK(has(owner, set, shared_int(1)), "the owner finds what it added");
                },
                [&](ThreadState& reader) {
                  wait_detached(reader, made);
                  (void)has(reader, set, number(reader, 1000));
                }},
               ThreadEnd::kDetaches);
}

RT_SCENARIO(add_vs_add, "containers/set_add_vs_add",
            "Two threads that add equal keys add one member.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {});
  const auto add = [&](ThreadState& thread) { must(set_add(thread, set, number(thread, 1000))); };
  run_attached(kernel.kernel, {add, add}, ThreadEnd::kDetaches);
  RT_CHECK(set_size(*set) == 1, "equal keys are one member");
}

RT_SCENARIO(remove_vs_remove, "containers/set_remove_vs_remove",
            "Of two threads that remove one member one gets a KeyError.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {1, 2});
  bool is_missed[2] = {};
  const auto remove = [&](ThreadState& thread, bool& missed) {
    missed = set_remove(thread, set, shared_int(1)).is_raised();
  };
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { remove(thread, is_missed[0]); },
                [&](ThreadState& thread) { remove(thread, is_missed[1]); }},
               ThreadEnd::kDetaches);
  RT_CHECK(is_missed[0] != is_missed[1], "one of them found it");
  RT_CHECK(set_size(*set) == 1, "the other member is left");
}

RT_SCENARIO(pop_vs_pop, "containers/set_pop_vs_pop",
            "Each member is popped once; who comes too late gets a KeyError.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {1, 2, 3});
  std::int64_t sums[2] = {};
  const auto pop = [&](ThreadState& thread, std::int64_t& sum) {
    for (int i = 0; i < 2; ++i) {
      Result<Ref<Object>> popped = set_pop(thread, set);
      if (!popped.is_raised()) sum += as_int(popped.value())->small;
    }
  };
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { pop(thread, sums[0]); },
                [&](ThreadState& thread) { pop(thread, sums[1]); }},
               ThreadEnd::kDetaches);
  RT_CHECK(sums[0] + sums[1] == 6, "each member was popped once");
  RT_CHECK(set_size(*set) == 0, "none is left");
}

RT_SCENARIO(update_crosswise, "containers/set_update_crosswise",
            "a |= b beside b |= a: in the end both have the members of both.") {
  ValueKernel kernel;
  Ref<Set> a = shared_set(kernel.here(), {1, 2});
  Ref<Set> b = shared_set(kernel.here(), {3});
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { must(set_update(thread, a, b)); },
                [&](ThreadState& thread) { must(set_update(thread, b, a)); }},
               ThreadEnd::kDetaches);
  RT_CHECK(must(set_equals(kernel.here(), a, b)) && set_size(*a) == 3, "both have all members");
}

RT_SCENARIO(difference_vs_add, "containers/set_difference_update_vs_add",
            "An operation on two sets sees what another thread adds to one of them, or not.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {1, 2});
  Ref<Set> other = shared_set(kernel.here(), {1});
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { must(set_difference_update(thread, set, other)); },
                [&](ThreadState& thread) { must(set_add(thread, other, shared_int(2))); }},
               ThreadEnd::kDetaches);
  RT_CHECK(!has(kernel.here(), set, shared_int(1)), "what both had is gone");
}

// What a __eq__ does that waits for something.
void block(ThreadState& thread) { Detached detached(thread); }

RT_SCENARIO(lookup_blocks, "containers/set_contains_whose_comparison_blocks",
            "A member is found although the set grows while its __eq__ blocks.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {2, 3, 4});
  must(set_add(kernel.here(), set, colliding(kernel.here(), 1, &block)));
  run_attached(kernel.kernel,
               {[&](ThreadState& reader) {
                  RT_CHECK(has(reader, set, colliding(reader, 1)), "a member is found");
                },
                [&](ThreadState& writer) {
                  must(set_add(writer, set, shared_int(5)));
                  process_deferred(writer);
                }},
               ThreadEnd::kDetaches);
}

RT_SCENARIO(add_blocks, "containers/set_add_whose_comparison_blocks",
            "Two threads that add equal keys add one member although __eq__ gives their sections "
            "up.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {});
  must(set_add(kernel.here(), set, colliding(kernel.here(), 1, &block)));
  Ref<Foreign> one = colliding(kernel.here(), 2);
  Ref<Foreign> other = colliding(kernel.here(), 2);
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { must(set_add(thread, set, one)); },
                [&](ThreadState& thread) { must(set_add(thread, set, other)); }},
               ThreadEnd::kDetaches);
  RT_CHECK(set_size(*set) == 2, "equal keys are one member");
}

RT_SCENARIO(shared_iterator, "containers/set_iterator_shared",
            "Two threads that share an iterator get every member, nothing else, and an end that "
            "stays.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {1, 2});
  Ref<Object> iterator = must(get_iterator(kernel.here(), set));
  Atomic<unsigned> seen;
  const auto drain = [&](ThreadState& thread) {
    while (Ref<Object> item = must(next_of(thread, iterator))) {
      const std::int64_t value = as_int(item)->small;
      RT_CHECK(value == 1 || value == 2, "what is given is a member");
      seen.fetch_or_relaxed(1u << value);
    }
    RT_CHECK(!must(next_of(thread, iterator)), "what has ended stays so");
  };
  run_attached(kernel.kernel, {drain, drain}, ThreadEnd::kDetaches);
  RT_CHECK(seen.peek() == 6, "every member was given");
}

RT_SCENARIO(
    iterate_vs_change, "containers/set_iterate_vs_change",
    "Iterating while a member is removed and the table replaced gives members, or raises.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {1, 2, 3, 4});
  run_attached(kernel.kernel,
               {[&](ThreadState& reader) {
                  Ref<Object> iterator = must(get_iterator(reader, set));
                  for (int i = 0; i < 3; ++i) {
                    Result<Ref<Object>> item = next_of(reader, iterator);
                    if (item.is_raised() || !item.value()) break;
                    const std::int64_t value = as_int(item.value())->small;
                    RT_CHECK(1 <= value && value <= 5, "what is given is a member");
                  }
                },
                [&](ThreadState& writer) {
                  must(set_add(writer, set, shared_int(5)));
                  must(set_remove(writer, set, shared_int(1)));
                }},
               ThreadEnd::kDetaches);
}

RT_SCENARIO(iterator_end, "containers/set_iterator_end_stays",
            "A thread that takes one item does not bring back an iterator that another used up.") {
  ValueKernel kernel;
  Ref<Set> set = shared_set(kernel.here(), {1, 2});
  Ref<Object> iterator = must(get_iterator(kernel.here(), set));
  Ref<Object> mine = iterator.duplicate(kernel.here());
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { must(next_of(thread, iterator)); },
                [&](ThreadState& thread) {
                  while (must(next_of(thread, iterator))) {
                  }
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(!must(next_of(kernel.here(), iterator)), "what has ended stays so");
}

RT_SCENARIO(iterate_vs_last_drop, "containers/set_iterate_vs_last_drop",
            "A member that an iterator gives out while it is popped ends once, after both.") {
  ValueKernel kernel;
  unsigned ends = 0;
  Ref<Set> set = shared_set(kernel.here(), {});
  Semaphore made;
  run_attached(kernel.kernel,
               {[&](ThreadState& writer) {
                  must(set_add(writer, set, new_probe(writer, &ends)));
                  made.post();
                  must(set_pop(writer, set));
                },
                [&](ThreadState& reader) {
                  wait_detached(reader, made);
                  Ref<Object> iterator = must(get_iterator(reader, set));
                  Result<Ref<Object>> item = next_of(reader, iterator);
                  if (!item.is_raised() && item.value()) {
                    RT_CHECK(ends == 0, "what is held lives");
                  }
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "the member ended once");
}

RT_SCENARIO(
    frozenset_hash, "containers/frozenset_hash_vs_hash",
    "Two threads ask for the hash of one frozenset that nobody has computed: both get it.") {
  ValueKernel kernel;
  Ref<Set> frozen = frozenset_of(kernel.here(), {1, 2, 3});
  const auto ask = [&](ThreadState& thread) {
    RT_CHECK(must(hash_of(thread, frozen)) == -272375401224217160, "a frozenset has one hash");
    RT_CHECK(has(thread, frozen, shared_int(2)), "and is read without a lock");
  };
  run_attached(kernel.kernel, {ask, ask}, ThreadEnd::kDetaches);
}

}  // namespace
}  // namespace runtime
