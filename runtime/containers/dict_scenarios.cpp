// Dicts: each way to read without a lock against each way to change the same dict.
#include "runtime/base/scenario.h"
#include "runtime/containers/dict_test_support.h"
#include "runtime/object/foreign_object_test_support.h"
#include "runtime/object/kernel_test_support.h"

namespace runtime {
namespace {

// A dict with up to two keys, which was shared before, so that readers do not lock. Values are
// numbers that everybody has.
struct SharedDict {
  explicit SharedDict(std::initializer_list<std::pair<std::int64_t, std::int64_t>> items) {
    dict = must(new_dict(kernel.here()));
    for (const auto& [key, value] : items) set(kernel.here(), dict, shared_int(key), value);
    set_gc_bit(dict.get(), kGcShared);
  }

  void run(AttachedBody writer, AttachedBody reader) {
    run_attached(kernel.kernel, {std::move(writer), std::move(reader)}, ThreadEnd::kDetaches);
  }

  ValueKernel kernel;
  Ref<Dict> dict;
};

std::int64_t look(ThreadState& thread, SharedDict& shared, std::int64_t key) {
  return get(thread, shared.dict, shared_int(key));
}

RT_SCENARIO(dict_get_set, "containers/dict_get_vs_set",
            "A reader finds the old value or the new one, and a value that was dropped never.") {
  ValueKernel kernel;
  ThreadState& here = kernel.here();
  Ref<Dict> dict = must(new_dict(here));
  unsigned ends = 0;
  Ref<Probe> old_value = new_probe(here, &ends);
  Probe* first = old_value.get();
  must(dict_set(here, dict, shared_int(1), old_value));
  old_value.drop(here);
  Ref<Probe> new_value = new_probe(here, &ends);
  set_gc_bit(dict.get(), kGcShared);
  (void)explicit_merge(first, 0);  // nobody's: it ends where it is dropped
  run_attached(
      kernel.kernel,
      {[&](ThreadState& thread) { must(dict_set(thread, dict, shared_int(1), new_value)); },
       [&](ThreadState& thread) {
         Ref<Object> value = must(dict_get(thread, dict, shared_int(1)));
         RT_CHECK(value.get() == first || value.get() == new_value.get(), "what is read was set");
         RT_CHECK(static_cast<Probe&>(*value).type == &probe_type, "and it is alive");
       }},
      ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "the old value has ended once");
}

// A dict whose keys are 1 and, if the table is to be full, 2; it belongs to the writer, as does the
// value of 1: when `change` has dropped that, its block is the next that the writer gets, for an
// object of another type that anybody can count.
void read_beside_reuse(bool is_full, void (*change)(ThreadState&, Borrowed<Dict>)) {
  ValueKernel kernel;
  unsigned ends = 0;
  Dict* known = nullptr;
  Ref<Object> intruder;
  Semaphore stored;
  Semaphore read;
  run_attached(kernel.kernel,
               {[&](ThreadState& writer) {
                  Ref<Dict> dict = must(new_dict(writer));
                  {
                    Ref<Probe> value = new_probe(writer, &ends);
                    set_maybe_weak(value.get());
                    must(dict_set(writer, dict, shared_int(1), value));
                  }
                  if (is_full) must(dict_set(writer, dict, shared_int(2), none()));
                  set_gc_bit(dict.get(), kGcShared);
                  known = dict.get();
                  stored.post();
                  change(writer, dict);
                  intruder = new_probe(writer, &ends, other_probe_type);
                  set_maybe_weak(intruder.get());
                  wait_detached(writer, read);
                },
                [&](ThreadState& reader) {
                  wait_detached(reader, stored);
                  Ref<Object> value = must(dict_get(reader, Borrowed<Dict>(known), shared_int(1)));
                  RT_CHECK(value && (is_none(value.get()) || value->type == &probe_type),
                           "what is read from a dict was in the dict");
                  value.drop(reader);
                  read.post();
                }},
               ThreadEnd::kDetaches);
  intruder.drop(kernel.here());
  RT_CHECK(ends == 2, "everything has ended, each once");
}

RT_SCENARIO(dict_stale_table, "containers/dict_stale_table",
            "A reader of a table that was replaced never returns an object that was not in the "
            "dict, although that has taken the block of one that was.") {
  read_beside_reuse(true, [](ThreadState& writer, Borrowed<Dict> dict) {
    const DictKeys* full = dict->keys.peek();
    must(dict_set(writer, dict, shared_int(3), none()));
    RT_CHECK(dict->keys.peek() != full, "the third key is put into a new table");
    must(dict_set(writer, dict, shared_int(1), none()));
  });
}

RT_SCENARIO(dict_stale_entry, "containers/dict_stale_entry",
            "A reader of an entry whose value is replaced does not return what has taken the block "
            "of that value.") {
  read_beside_reuse(false, [](ThreadState& writer, Borrowed<Dict> dict) {
    must(dict_set(writer, dict, shared_int(1), none()));
  });
}

RT_SCENARIO(dict_get_insert, "containers/dict_get_vs_insert",
            "A key that is being inserted is absent or complete.") {
  SharedDict shared({{1, 10}});
  shared.run([&](ThreadState& thread) { set(thread, shared.dict, shared_int(2), 20); },
             [&](ThreadState& thread) {
               const std::int64_t first = look(thread, shared, 2);
               const std::int64_t second = look(thread, shared, 2);
               RT_CHECK(first == kAbsent || first == 20, "a key has its value");
               RT_CHECK(second == 20 || first == kAbsent, "what was inserted stays");
               RT_CHECK(look(thread, shared, 1) == 10, "what nobody deletes is there");
             });
  RT_CHECK(dict_size(*shared.dict) == 2, "one key was added");
}

RT_SCENARIO(dict_get_resize, "containers/dict_get_vs_resize",
            "While the table is replaced every key that nobody deletes is found.") {
  SharedDict shared({{1, 10}, {2, 20}});
  shared.run(
      [&](ThreadState& thread) {
        set(thread, shared.dict, shared_int(3), 30);
        process_deferred(thread);
      },
      [&](ThreadState& thread) {
        RT_CHECK(look(thread, shared, 1) == 10, "what nobody deletes is there");
        RT_CHECK(look(thread, shared, 2) == 20, "what nobody deletes is there");
      });
  RT_CHECK(dict_size(*shared.dict) == 3, "one key was added");
}

RT_SCENARIO(dict_get_delete, "containers/dict_get_vs_delete",
            "A key that is being deleted has its value or is absent; another one is there.") {
  SharedDict shared({{1, 10}, {5, 50}});
  shared.run([&](ThreadState& thread) { must(dict_delete(thread, shared.dict, shared_int(1))); },
             [&](ThreadState& thread) {
               const std::int64_t first = look(thread, shared, 1);
               RT_CHECK(first == 10 || first == kAbsent, "a key has its value");
               RT_CHECK(look(thread, shared, 5) == 50, "the key behind a deleted one is found");
               if (first == kAbsent)
                 RT_CHECK(look(thread, shared, 1) == kAbsent, "it stays deleted");
             });
}

RT_SCENARIO(dict_get_clear, "containers/dict_get_vs_clear",
            "Who sees a dict that was cleared sees nothing of it any more.") {
  SharedDict shared({{1, 10}, {2, 20}});
  shared.run(
      [&](ThreadState& thread) {
        dict_clear(thread, shared.dict);
        process_deferred(thread);
      },
      [&](ThreadState& thread) {
        const std::int64_t first = look(thread, shared, 1);
        const std::int64_t second = look(thread, shared, 2);
        RT_CHECK(first == 10 || first == kAbsent, "a key has its value");
        RT_CHECK(second == 20 || second == kAbsent, "a key has its value");
        if (first == kAbsent) RT_CHECK(second == kAbsent, "all or nothing");
      });
}

RT_SCENARIO(dict_get_popitem, "containers/dict_get_vs_popitem",
            "An item that is popped is with the reader or with the popper's tuple, unharmed.") {
  SharedDict shared({{1, 10}, {2, 20}});
  shared.run(
      [&](ThreadState& thread) {
        Ref<Tuple> item = must(dict_pop_item(thread, shared.dict));
        RT_CHECK(*int64_of(*as_int(item->at(1))) == 20, "the newest item is popped");
        set(thread, shared.dict, shared_int(2), 21);
      },
      [&](ThreadState& thread) {
        const std::int64_t value = look(thread, shared, 2);
        RT_CHECK(value == 20 || value == 21 || value == kAbsent, "a key has a value of its own");
      });
}

RT_SCENARIO(dict_get_key_ends, "containers/dict_get_vs_end_of_its_key",
            "A key that is compared without a lock does not end meanwhile.") {
  ValueKernel kernel;
  ThreadState& here = kernel.here();
  Ref<Dict> dict = must(new_dict(here));
  {
    Ref<Str> key = text(here, "key");
    set(here, dict, key, 1);
    (void)explicit_merge(key.get(), 0);  // nobody's: it ends where it is dropped
  }
  set_gc_bit(dict.get(), kGcShared);
  Ref<Str> mine = text(here, "key");
  Ref<Str> theirs = text(here, "key");
  (void)hash_of_str(here, *mine);
  (void)hash_of_str(here, *theirs);
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) {
                  must(dict_delete(thread, dict, theirs));
                  // Takes the block of the key, if it was freed.
                  Ref<Str> another = text(thread, "yek");
                },
                [&](ThreadState& thread) {
                  const std::int64_t value = get(thread, dict, mine);
                  RT_CHECK(value == 1 || value == kAbsent, "a key has its value");
                }},
               ThreadEnd::kDetaches);
}

RT_SCENARIO(dict_set_default_twice, "containers/dict_setdefault_vs_setdefault",
            "Of two threads that set a default one wins, and both get its value.") {
  SharedDict shared({});
  std::int64_t got[2] = {};
  const auto body = [&](std::size_t who) {
    return [&, who](ThreadState& thread) {
      Ref<Object> value = must(dict_set_default(thread, shared.dict, shared_int(1),
                                                shared_int(static_cast<std::int64_t>(who) + 10)));
      got[who] = *int64_of(*as_int(value));
    };
  };
  shared.run(body(0), body(1));
  RT_CHECK(got[0] == got[1], "both have the value of the winner");
  RT_CHECK(look(shared.kernel.here(), shared, 1) == got[0], "and so has the dict");
}

RT_SCENARIO(dict_insert_insert, "containers/dict_insert_vs_insert",
            "Two threads insert different keys: both are there.") {
  SharedDict shared({});
  shared.run([&](ThreadState& thread) { set(thread, shared.dict, shared_int(1), 10); },
             [&](ThreadState& thread) { set(thread, shared.dict, shared_int(2), 20); });
  ThreadState& here = shared.kernel.here();
  RT_CHECK(dict_size(*shared.dict) == 2, "nothing was lost");
  RT_CHECK(look(here, shared, 1) == 10 && look(here, shared, 2) == 20, "each has its value");
}

RT_SCENARIO(dict_pop_pop, "containers/dict_pop_vs_pop",
            "Of two threads that pop one key one gets the value.") {
  SharedDict shared({{1, 10}});
  int winners = 0;
  Atomic<int> won;
  const auto body = [&](ThreadState& thread) {
    if (must(dict_take(thread, shared.dict, shared_int(1)))) won.fetch_add(1);
  };
  shared.run(body, body);
  winners = won.peek();
  RT_CHECK(winners == 1, "a value is given to one");
}

RT_SCENARIO(dict_first_reader, "containers/dict_first_reader_vs_owner",
            "The first thread that comes and is not the owner makes the dict shared in time.") {
  ValueKernel kernel;
  Ref<Dict> dict;
  Semaphore made;
  run_attached(kernel.kernel,
               {[&](ThreadState& owner) {
                  dict = must(new_dict(owner));
                  set(owner, dict, shared_int(1), 10);
                  set(owner, dict, shared_int(2), 20);
                  made.post();
                  set(owner, dict, shared_int(3), 30);  // replaces the table
                },
                [&](ThreadState& other) {
                  wait_detached(other, made);
                  RT_CHECK(get(other, dict, shared_int(1)) == 10, "what nobody deletes is there");
                }},
               ThreadEnd::kDetaches);
  dict.drop(kernel.here());
}

RT_SCENARIO(dict_iterate_insert, "containers/dict_iterate_vs_insert",
            "An iterator gives out what is in the dict, and is told of the change.") {
  SharedDict shared({{1, 10}, {2, 20}});
  Ref<Object> items = must(
      new_dict_iterator(shared.kernel.here(), shared.dict, DictPart::kItems, Direction::kForward));
  shared.run([&](ThreadState& thread) { set(thread, shared.dict, shared_int(3), 30); },
             [&](ThreadState& thread) {
               for (;;) {
                 Result<Ref<Object>> item = next_of(thread, items);
                 if (item.is_raised()) {
                   RT_CHECK(
                       raised_by(thread, std::move(item)).starts_with("RuntimeError: dictionary"),
                       "the change is named");
                   return;
                 }
                 if (!item.value()) return;
                 Borrowed<Tuple> pair = as_tuple(item.value());
                 RT_CHECK(*int64_of(*as_int(pair->at(0))) * 10 == *int64_of(*as_int(pair->at(1))),
                          "a key comes with its value");
               }
             });
}

RT_SCENARIO(dict_shared_iterator, "containers/dict_iterator_vs_itself",
            "Two threads exhaust one iterator: it stays exhausted, and nothing is left out.") {
  SharedDict shared({{1, 10}, {2, 20}});
  Ref<Object> keys = must(
      new_dict_iterator(shared.kernel.here(), shared.dict, DictPart::kKeys, Direction::kForward));
  Atomic<int> seen;
  const auto body = [&](ThreadState& thread) {
    while (Ref<Object> key = must(next_of(thread, keys))) {
      seen.fetch_or(1 << *int64_of(*as_int(key)));
    }
    RT_CHECK(!must(next_of(thread, keys)), "an exhausted iterator stays so");
  };
  shared.run(body, body);
  RT_CHECK(seen.peek() == 6, "each key was given out");
}

RT_SCENARIO(dict_foreign_equality, "containers/dict_get_vs_equality_that_clears",
            "A comparison that blocks lets others change the dict, and the search starts anew.") {
  SharedDict shared({{1, 10}});
  ThreadState& here = shared.kernel.here();
  Semaphore comparing;
  Semaphore cleared;
  bool asked = false;
  Ref<Foreign> key =
      new_foreign(here, {.hash = [](ThreadState&) { return Result<std::int64_t>(1); },
                         .equals =
                             [&](ThreadState& thread, Borrowed<Object>) {
                               if (!std::exchange(asked, true)) {
                                 comparing.post();
                                 wait_detached(thread, cleared);
                               }
                               return Result<bool>(true);
                             }});
  set_maybe_weak(key.get());
  shared.run(
      [&](ThreadState& thread) {
        wait_detached(thread, comparing);
        dict_clear(thread, shared.dict);
        set(thread, shared.dict, shared_int(1), 11);
        cleared.post();
      },
      [&](ThreadState& thread) {
        RT_CHECK(get(thread, shared.dict, key) == 11, "the answer is of the table there is");
      });
}

RT_SCENARIO(dict_update_crosswise, "containers/dict_update_vs_update",
            "Two dicts are updated from one another: both have all, and nobody waits for ever.") {
  ValueKernel kernel;
  Ref<Dict> one = must(new_dict(kernel.here()));
  Ref<Dict> other = must(new_dict(kernel.here()));
  set(kernel.here(), one, shared_int(1), 1);
  set(kernel.here(), other, shared_int(2), 2);
  run_attached(kernel.kernel,
               {[&](ThreadState& thread) { must(dict_update(thread, one, other)); },
                [&](ThreadState& thread) { must(dict_update(thread, other, one)); }},
               ThreadEnd::kDetaches);
  RT_CHECK(dict_size(*one) == 2 && dict_size(*other) == 2, "both have both keys");
}

}  // namespace
}  // namespace runtime
