// Two threads that change a deque, or of which one reads what the other changes.
#include <vector>

#include "runtime/containers/deque_object.h"
#include "runtime/object/kernel_test_support.h"
#include "runtime/object/values_test_support.h"

namespace runtime {
namespace {

using Numbers = std::vector<std::int64_t>;

std::int64_t number_in(const Ref<Object>& item) { return static_cast<Int*>(item.get())->small; }

// A deque that two threads share. Its first items are small ints, which are never freed, or, from
// 1000 on, ints of the heap.
class SharedDeque {
 public:
  explicit SharedDeque(const Numbers& items, std::int64_t greatest_size = Deque::kUnlimited)
      : deque_(must(new_deque(kernel_.here(), greatest_size))) {
    for (const std::int64_t item : items) {
      must(deque_add(kernel_.here(), deque_, End::kRight, number(kernel_.here(), item)));
    }
  }
  [[nodiscard]] ThreadState& here() { return kernel_.here(); }
  Borrowed<Deque> operator*() { return deque_; }
  void run(AttachedBody one, AttachedBody other) {
    run_attached(kernel_.kernel, {std::move(one), std::move(other)}, ThreadEnd::kDetaches);
  }
  Numbers numbers(ThreadState& thread) { return numbers_of(thread, deque_); }
  static Numbers numbers_of(ThreadState& thread, Borrowed<Deque> deque) {
    Numbers numbers;
    for (const Ref<Object>& item : deque_items(thread, deque)) numbers.push_back(number_in(item));
    return numbers;
  }

 private:
  ValueKernel kernel_;
  Ref<Deque> deque_;
};

RT_SCENARIO(deque_pop_pop, "containers/deque_pop_vs_pop_of_the_last",
            "Of two threads that pop the last item one gets it and one gets IndexError.") {
  SharedDeque deque({1000});
  Atomic<int> popped;
  const auto pop = [&](End end) {
    return [&, end](ThreadState& thread) {
      Result<Ref<Object>> item = deque_pop(thread, *deque, end);
      if (item.is_raised()) {
        RT_CHECK(raised_by(thread, std::move(item)) == "IndexError: pop from an empty deque",
                 "it says what is wrong");
        return;
      }
      RT_CHECK(number_in(item.value()) == 1000, "it is the item");
      popped.fetch_add_relaxed(1);
    };
  };
  deque.run(pop(End::kLeft), pop(End::kRight));
  RT_CHECK(popped.peek() == 1 && deque_size(**deque) == 0, "one item is popped once");
}

RT_SCENARIO(deque_iterate_append, "containers/deque_iterate_vs_append",
            "Who walks through a deque to which another thread appends gets its items, or is told "
            "that it changed, and after that it has ended.") {
  SharedDeque deque({1000, 1001});
  Ref<Object> iterator = must(deque_iterator(deque.here(), *deque, End::kLeft));
  deque.run(
      [&](ThreadState& thread) {
        must(deque_add(thread, *deque, End::kRight, number(thread, 1002)));
      },
      [&](ThreadState& thread) {
        for (int i = 0; i < 3; ++i) {
          Result<Ref<Object>> item = next_of(thread, iterator);
          if (item.is_raised()) {
            RT_CHECK(raised_by(thread, std::move(item)) ==
                         "RuntimeError: deque mutated during iteration",
                     "it says what happened");
            return;
          }
          if (!item.value()) {
            RT_CHECK(i == 2, "an iterator that is not disturbed gives all items");
            return;
          }
          RT_CHECK(number_in(item.value()) == 1000 + i, "the items come in order");
        }
        RT_CHECK(false, "no item comes that was not there when the walk began");
      });
}

RT_SCENARIO(deque_bound, "containers/deque_append_vs_append_at_maximum",
            "A deque with a greatest length never keeps more, whoever appends at which end.") {
  SharedDeque deque({1000, 1001}, 2);
  deque.run(
      [&](ThreadState& thread) {
        must(deque_add(thread, *deque, End::kRight, number(thread, 2000)));
      },
      [&](ThreadState& thread) {
        must(deque_add(thread, *deque, End::kRight, number(thread, 3000)));
        RT_CHECK(deque.numbers(thread).size() == 2, "there are no more than two");
      });
  const Numbers left = deque.numbers(deque.here());
  RT_CHECK((left == Numbers{2000, 3000} || left == Numbers{3000, 2000}), "the newest two are left");
}

RT_SCENARIO(deque_bound_begins, "containers/deque_append_vs_append_below_maximum",
            "Of two items that reach the greatest length together neither is too many.") {
  SharedDeque deque({}, 1);
  const auto append = [&](std::int64_t item) {
    return [&, item](ThreadState& thread) {
      must(deque_add(thread, *deque, End::kRight, number(thread, item)));
    };
  };
  deque.run(append(2000), append(3000));
  RT_CHECK(deque_size(**deque) == 1, "one is left");
}

RT_SCENARIO(deque_copy_append, "containers/deque_copy_vs_append",
            "A copy is the deque of one moment, and never says that the deque was changed.") {
  SharedDeque deque({1000, 1001});
  deque.run(
      [&](ThreadState& thread) {
        must(deque_add(thread, *deque, End::kLeft, number(thread, 1002)));
      },
      [&](ThreadState& thread) {
        Ref<Deque> copy = must(deque_copy(thread, *deque));
        const Numbers copied = SharedDeque::numbers_of(thread, copy);
        RT_CHECK((copied == Numbers{1000, 1001} || copied == Numbers{1002, 1000, 1001}),
                 "before or after");
      });
}

RT_SCENARIO(deque_clear_copy, "containers/deque_clear_vs_copy",
            "Who copies a deque that is cleared gets everything or nothing.") {
  SharedDeque deque({1000, 1001});
  deque.run([&](ThreadState& thread) { deque_clear(thread, *deque); },
            [&](ThreadState& thread) {
              const Numbers copied = deque.numbers(thread);
              RT_CHECK(copied.empty() || copied == (Numbers{1000, 1001}), "before or after");
            });
  RT_CHECK(deque_size(**deque) == 0, "it is empty");
}

RT_SCENARIO(deque_rotate_get, "containers/deque_rotate_vs_get",
            "Who reads a deque that is rotated finds its items, and each once in a copy.") {
  SharedDeque deque({1000, 1001, 1002});
  deque.run([&](ThreadState& thread) { deque_rotate(thread, *deque, 1); },
            [&](ThreadState& thread) {
              const std::int64_t first = number_in(must(deque_get(thread, *deque, 0)));
              RT_CHECK(first == 1000 || first == 1002, "before or after");
              const Numbers copied = deque.numbers(thread);
              RT_CHECK((copied == Numbers{1000, 1001, 1002} || copied == Numbers{1002, 1000, 1001}),
                       "all items, in the order of one moment");
              RT_CHECK(first == 1000 || copied[0] == 1002, "what was turned stays so");
            });
}

RT_SCENARIO(deque_extend_pop, "containers/deque_extend_vs_pop",
            "What a deque is extended by is popped in order, or is still there.") {
  SharedDeque deque({1000});
  Ref<Tuple> more =
      must(new_tuple(deque.here(), {number(deque.here(), 1001), number(deque.here(), 1002)}));
  std::int64_t next = 1000;
  deque.run([&](ThreadState& thread) { must(deque_extend(thread, *deque, End::kRight, more)); },
            [&](ThreadState& thread) {
              for (int i = 0; i < 2; ++i) {
                Result<Ref<Object>> item = deque_pop(thread, *deque, End::kLeft);
                if (item.is_raised()) continue;
                RT_CHECK(number_in(item.value()) == next,
                         "they come in order, and none is missing");
                ++next;
              }
            });
  Numbers left;
  for (; next <= 1002; ++next) left.push_back(next);
  RT_CHECK(deque.numbers(deque.here()) == left, "what was not popped is there");
}

RT_SCENARIO(deque_extend_itself, "containers/deque_extend_by_itself_vs_append",
            "A deque is extended by the items that it had at one moment.") {
  SharedDeque deque({1, 2});
  deque.run(
      [&](ThreadState& thread) { must(deque_extend(thread, *deque, End::kRight, *deque)); },
      [&](ThreadState& thread) { must(deque_add(thread, *deque, End::kRight, shared_int(9))); });
  const Numbers left = deque.numbers(deque.here());
  unsigned ones = 0;
  for (const std::int64_t item : left) ones += item == 1 ? 1 : 0;
  RT_CHECK(ones == 2 && (left.size() == 5 || left.size() == 6), "each item is there twice");
}

RT_SCENARIO(deque_remove_append, "containers/deque_remove_vs_append_on_the_left",
            "remove() takes out what it found, or says that the deque was changed.") {
  SharedDeque deque({1000, 1001});
  Ref<Int> wanted = number(deque.here(), 1001);
  bool is_removed = false;
  deque.run(
      [&](ThreadState& thread) {
        must(deque_add(thread, *deque, End::kLeft, number(thread, 2000)));
      },
      [&](ThreadState& thread) {
        Result<Done> removed = deque_remove(thread, *deque, wanted);
        is_removed = !removed.is_raised();
        if (is_removed) return;
        RT_CHECK(
            raised_by(thread, std::move(removed)) == "IndexError: deque mutated during remove().",
            "it says what happened");
      });
  const Numbers left = deque.numbers(deque.here());
  RT_CHECK(left == (is_removed ? Numbers{2000, 1000} : Numbers{2000, 1000, 1001}),
           "nothing else was removed");
}

RT_SCENARIO(deque_insert_pop, "containers/deque_insert_vs_pop",
            "Where an item is inserted is counted from the end that the deque has then.") {
  SharedDeque deque({1, 2});
  deque.run([&](ThreadState& thread) { must(deque_insert(thread, *deque, -1, shared_int(9))); },
            [&](ThreadState& thread) {
              RT_CHECK(number_in(must(deque_pop(thread, *deque, End::kLeft))) == 1, "the first");
            });
  RT_CHECK(deque.numbers(deque.here()) == (Numbers{9, 2}), "before the last item, in either order");
}

// The item belongs to the thread that takes it out: it ends at once, and its block is used again.
RT_SCENARIO(deque_get_pop, "containers/deque_get_vs_pop",
            "What is read from a deque lives, although another thread takes it out and drops it.") {
  SharedDeque deque({});
  Semaphore made;
  Semaphore is_read;
  deque.run(
      [&](ThreadState& thread) {
        must(deque_add(thread, *deque, End::kLeft, number(thread, 1000)));
        made.post();
        wait_detached(thread, is_read);
        must(deque_pop(thread, *deque, End::kLeft)).drop(thread);
        Ref<Int> other = number(thread, 5000);
        point("block.used_again");
      },
      [&](ThreadState& thread) {
        wait_detached(thread, made);
        is_read.post();
        Result<Ref<Object>> item = deque_get(thread, *deque, 0);
        RT_CHECK(item.is_raised() || number_in(item.value()) == 1000, "the item, or none");
      });
}

}  // namespace
}  // namespace runtime
