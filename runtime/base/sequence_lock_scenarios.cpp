#include <utility>

#include "runtime/base/scenario.h"
#include "runtime/base/sequence_lock.h"

namespace runtime {
namespace {

// Two words that are equal whenever nobody writes.
struct Pair {
  SequenceLock lock;
  Atomic<int> left{0};
  Atomic<int> right{0};

  Pair() {
    name_address(&lock, "lock");
    name_address(&left, "left");
    name_address(&right, "right");
  }
  void increment() {
    lock.begin_write();
    int value = left.load_relaxed() + 1;  // writers exclude each other
    left.store_release(value);
    right.store_release(value);
    lock.end_write();
  }
  int read() const {
    auto [one, other] =
        lock.read([&] { return std::pair(left.load_acquire(), right.load_acquire()); });
    RT_CHECK(one == other, "words read together belong together");
    return one;
  }
};

RT_SCENARIO(sequence_reader_writer, "base/sequence_lock_reader_vs_writer",
            "A reader sees the words before or after a write, never some of each.") {
  Pair pair;
  in_parallel({[&] { pair.increment(); },
               [&] {
                 int first = pair.read();
                 RT_CHECK(pair.read() >= first, "a later read is not older");
               }});
  RT_CHECK(pair.read() == 1, "the write is there in the end");
}

RT_SCENARIO(sequence_writers, "base/sequence_lock_two_writers",
            "Two writers change the words one after the other.") {
  Pair pair;
  in_parallel({[&] { pair.increment(); }, [&] { pair.increment(); }});
  RT_CHECK(pair.read() == 2, "no write is lost");
}

RT_SCENARIO(sequence_abandoned, "base/sequence_lock_abandoned_write",
            "A writer that changes nothing does not make a reader believe in a change.") {
  Pair pair;
  in_parallel({[&] {
                 pair.lock.begin_write();
                 pair.lock.abandon_write();
                 pair.increment();
               },
               [&] { pair.read(); }});
  RT_CHECK(pair.read() == 1, "the write is there in the end");
}

}  // namespace
}  // namespace runtime
