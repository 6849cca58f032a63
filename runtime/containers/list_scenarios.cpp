// A reader of a list without a lock beside each writer of the same list.
//
// The reader may get any object that stood at the index at some moment, or none. What he never gets:
// an object that was not in the list, or one that has ended. In the lists are members; what a
// writer takes out he drops at once, and makes an object of another type, an intruder, that takes
// over the block and can be counted by anybody.
#include <utility>

#include "runtime/containers/list_test_support.h"

namespace runtime {
namespace {

constexpr std::uint64_t kAlive = 0x600d;

Ref<Probe> member(ThreadState& thread, unsigned* ends, Type& type = probe_type) {
  Ref<Probe> probe = new_probe(thread, ends, type);
  probe->plain = kAlive;
  return probe;
}

void check_member(const Ref<Object>& found) {
  if (!found || is_none(found.get())) return;
  RT_CHECK(found->type == &probe_type, "what is read from a list was in the list");
  RT_CHECK(static_cast<Probe*>(found.get())->plain == kAlive, "what is read is alive");
}

// A list that others have read before, with `count` members; everything is the first thread's.
class SharedList {
 public:
  explicit SharedList(std::int64_t count) : count_(static_cast<unsigned>(count)) {
    ThreadState& here = kernel_.here();
    list_ = must(new_list(here));
    for (std::int64_t i = 0; i < count; ++i) must(list_append(here, list_, member(here, &ends_)));
    set_gc_bit(list_.get(), kGcShared);  // as a reader would have
    for (std::int64_t i = 0; i < count; ++i) {
      set_maybe_weak(list_->items.load_relaxed()->slots()[i].load_relaxed());
    }
  }
  // All members have ended, each once.
  ~SharedList() {
    list_.drop(kernel_.here());
    safe_point(kernel_.here());
    RT_CHECK(ends_ == count_, "what was in the list has ended, each once");
  }

  [[nodiscard]] Borrowed<List> list() { return list_; }
  [[nodiscard]] ThreadState& here() { return kernel_.here(); }
  [[nodiscard]] unsigned* ends() { return &ends_; }
  Ref<Probe> another(ThreadState& thread) {
    ++count_;
    return member(thread, &ends_);
  }
  void run(AttachedBody one, AttachedBody another) {
    run_attached(kernel_.kernel, {std::move(one), std::move(another)}, ThreadEnd::kDetaches);
  }
  // Reads a place once while `write` is done.
  void read_beside(std::int64_t index, AttachedBody write) {
    run(std::move(write),
        [this, index](ThreadState& reader) { check_member(list_get(reader, list(), index)); });
  }

 private:
  ValueKernel kernel_;
  unsigned ends_ = 0;
  unsigned count_;
  Ref<List> list_;
};

// -- The stale array and the reused block --

// The list belongs to the writer, as do its items: what he drops ends at once, and its block is the
// next that he gets.
class WriterOwnsAll {
 public:
  // `change` takes the member at `index` out and drops it.
  void run(std::int64_t count, std::int64_t index, void (*change)(ThreadState&, Borrowed<List>)) {
    std::vector<unsigned> ends(1);
    Ref<Object> intruder;
    run_attached(kernel_.kernel,
                 {[&](ThreadState& writer) {
                    Ref<List> list = must(new_list(writer));
                    for (std::int64_t i = 0; i < count; ++i) {
                      must(list_append(writer, list, member(writer, &ends[0])));
                      set_maybe_weak(list_get(writer, list, i).get());
                    }
                    set_gc_bit(list.get(), kGcShared);
                    list_ = list.get();
                    stored_.post();
                    change(writer, list);
                    intruder = member(writer, &ends[0], other_probe_type);
                    set_maybe_weak(intruder.get());
                    wait_detached(writer, read_);
                  },
                  [&](ThreadState& reader) {
                    wait_detached(reader, stored_);
                    check_member(list_get(reader, Borrowed<List>(list_), index));
                    read_.post();
                  }},
                 ThreadEnd::kDetaches);
    intruder.drop(kernel_.here());
    RT_CHECK(ends[0] == static_cast<unsigned>(count) + 1, "everything has ended, each once");
  }

 private:
  ValueKernel kernel_;
  List* list_ = nullptr;
  Semaphore stored_;
  Semaphore read_;
};

RT_SCENARIO(stale_array, "containers/list_stale_array",
            "A reader of an array that was replaced never returns an object that was not in the "
            "list, although that has taken the block of one that was.") {
  WriterOwnsAll().run(4, 0, [](ThreadState& writer, Borrowed<List> list) {
    must(list_append(writer, list, none()));  // to a larger array
    RT_CHECK(list_set(writer, list, 0, none()), "the list has a first item");
  });
}

RT_SCENARIO(vacated_slot, "containers/list_get_vs_pop_and_reuse",
            "A reader of a slot that pop() has emptied does not return what has taken the block of "
            "its item.") {
  WriterOwnsAll().run(
      4, 3, [](ThreadState& writer, Borrowed<List> list) { (void)must(list_pop(writer, list)); });
}

RT_SCENARIO(
    overwritten_slot, "containers/list_get_vs_set_and_reuse",
    "A reader of a slot that is overwritten does not return what has taken the block of its "
    "item.") {
  WriterOwnsAll().run(1, 0, [](ThreadState& writer, Borrowed<List> list) {
    RT_CHECK(list_set(writer, list, 0, none()), "the list has a first item");
  });
}

RT_SCENARIO(cleared_array, "containers/list_get_vs_clear_and_reuse",
            "A reader of an array that clear() gave up does not return what has taken the block of "
            "its item.") {
  WriterOwnsAll().run(2, 0,
                      [](ThreadState& writer, Borrowed<List> list) { list_clear(writer, list); });
}

// -- A reader beside each writer --

RT_SCENARIO(get_append, "containers/list_get_vs_append",
            "A reader finds an item that is being appended whole, or not at all.") {
  SharedList shared(0);
  shared.read_beside(0, [&](ThreadState& writer) {
    must(list_append(writer, shared.list(), shared.another(writer)));
  });
}

RT_SCENARIO(get_resize, "containers/list_read_vs_resize",
            "A reader finds an item that stays, while the list moves to a larger array.") {
  SharedList shared(4);
  shared.run(
      [&](ThreadState& writer) {
        must(list_append(writer, shared.list(), none()));
        process_deferred(writer);
      },
      [&](ThreadState& reader) {
        Ref<Object> found = list_get(reader, shared.list(), 3);
        RT_CHECK(static_cast<bool>(found), "an item that stays is found");
        check_member(found);
      });
}

RT_SCENARIO(get_pop, "containers/list_get_vs_pop",
            "A reader gets the item that is popped, alive, or none.") {
  SharedList shared(2);
  shared.read_beside(1, [&](ThreadState& writer) { must(list_pop(writer, shared.list())); });
}

RT_SCENARIO(get_pop_first, "containers/list_get_vs_pop_of_the_first",
            "A reader finds some item at a place that is never empty while the items move down.") {
  SharedList shared(3);
  shared.run([&](ThreadState& writer) { must(list_pop(writer, shared.list(), 0)); },
             [&](ThreadState& reader) {
               Ref<Object> found = list_get(reader, shared.list(), 1);
               RT_CHECK(static_cast<bool>(found), "two items are always there");
               check_member(found);
             });
}

RT_SCENARIO(get_insert, "containers/list_get_vs_insert",
            "A reader finds some item at a place that is never empty while the items move up.") {
  SharedList shared(2);
  shared.run(
      [&](ThreadState& writer) {
        must(list_insert(writer, shared.list(), 0, shared.another(writer)));
      },
      [&](ThreadState& reader) {
        Ref<Object> found = list_get(reader, shared.list(), 1);
        RT_CHECK(static_cast<bool>(found), "two items are always there");
        check_member(found);
      });
}

RT_SCENARIO(get_set, "containers/list_get_vs_set",
            "A reader gets the item before or the item after, alive.") {
  SharedList shared(1);
  shared.run(
      [&](ThreadState& writer) {
        RT_CHECK(list_set(writer, shared.list(), 0, shared.another(writer)), "there is an item");
      },
      [&](ThreadState& reader) {
        Ref<Object> found = list_get(reader, shared.list(), 0);
        RT_CHECK(static_cast<bool>(found), "there is always an item");
        check_member(found);
      });
}

RT_SCENARIO(get_clear, "containers/list_get_vs_clear",
            "A reader gets an item, alive, or none, while the list is cleared and freed.") {
  SharedList shared(2);
  shared.read_beside(1, [&](ThreadState& writer) {
    list_clear(writer, shared.list());
    drain_everything(writer);
  });
}

RT_SCENARIO(get_sort, "containers/list_get_vs_sort",
            "A reader of a list that is sorted finds it as it was, empty, or sorted.") {
  ValueKernel kernel;
  Ref<List> list = numbers(kernel.here(), {3, 1, 2});
  set_gc_bit(list.get(), kGcShared);
  run_attached(kernel.kernel,
               {[&](ThreadState& writer) { must(list_sort(writer, list, nullptr, false)); },
                [&](ThreadState& reader) {
                  const std::int64_t first = value_of(list_get(reader, list, 0));
                  RT_CHECK(first == 3 || first == -1 || first == 1,
                           "the first item is that before or that after, or there is none");
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(values_of(kernel.here(), list) == (std::vector<std::int64_t>{1, 2, 3}), "it is sorted");
}

RT_SCENARIO(get_reverse, "containers/list_get_vs_reverse",
            "A reader finds an item of the list at each place while it is reversed.") {
  SharedList shared(2);
  shared.run([&](ThreadState& writer) { list_reverse(writer, shared.list()); },
             [&](ThreadState& reader) {
               Ref<Object> found = list_get(reader, shared.list(), 0);
               RT_CHECK(static_cast<bool>(found), "the list is never empty");
               check_member(found);
             });
}

RT_SCENARIO(
    get_slice_assign, "containers/list_get_vs_slice_assignment",
    "A reader finds an item of before or of after while a slice is replaced, in the array or "
    "in a new one.") {
  SharedList shared(3);
  Ref<Slice> range = slice(shared.here(), 0, 2);
  Ref<Tuple> one = must(new_tuple(shared.here(), {shared.another(shared.here())}));
  shared.run(
      [&](ThreadState& writer) {
        must(list_set_slice(writer, shared.list(), range, one.get()));
        must(list_set_slice(writer, shared.list(), range, nullptr));
      },
      [&](ThreadState& reader) { check_member(list_get(reader, shared.list(), 0)); });
  one.drop(shared.here());
}

RT_SCENARIO(first_share, "containers/list_first_foreign_read_vs_append",
            "The first reader from elsewhere comes while the owner, who knows nothing of him, "
            "replaces the array.") {
  ValueKernel kernel;
  unsigned ends = 0;
  List* known = nullptr;
  Semaphore stored;
  Semaphore read;
  run_attached(kernel.kernel,
               {[&](ThreadState& owner) {
                  Ref<List> list = must(new_list(owner));
                  must(list_append(owner, list, member(owner, &ends)));
                  for (int i = 0; i < 3; ++i) must(list_append(owner, list, none()));
                  known = list.get();
                  stored.post();
                  must(list_append(owner, list, none()));  // to a larger array
                  wait_detached(owner, read);
                },
                [&](ThreadState& reader) {
                  wait_detached(reader, stored);
                  for (int i = 0; i < 2; ++i) {
                    Ref<Object> found = list_get(reader, Borrowed<List>(known), 0);
                    RT_CHECK(static_cast<bool>(found), "an item that stays is found");
                    check_member(found);
                  }
                  read.post();
                }},
               ThreadEnd::kDetaches);
  RT_CHECK(ends == 1, "the item has ended, once");
}

}  // namespace
}  // namespace runtime
