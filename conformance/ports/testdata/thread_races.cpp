// What ThreadSanitizer says about races of every wording. Recorded with record.sh; the argument chooses the race.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>

#define NOINLINE __attribute__((noinline))

static long shared_count;
static long* shared_heap;
static std::mutex first_lock, second_lock;

// Orders the two accesses in real time without a happens-before edge: the sanitizer ignores what it does not see.
static volatile int turn;
__attribute__((no_sanitize("thread"), noinline)) static void wait_for_turn(int number) {
  while (turn != number) {
  }
}
__attribute__((no_sanitize("thread"), noinline)) static void give_turn(int number) { turn = number; }

NOINLINE void plain_writer() { shared_count = 1; }
NOINLINE long plain_reader() { return shared_count; }
NOINLINE void atomic_writer() { __atomic_store_n(&shared_count, 2, __ATOMIC_RELAXED); }
NOINLINE long atomic_reader() { return __atomic_load_n(&shared_count, __ATOMIC_RELAXED); }
NOINLINE void block_copier() {
  long from[4] = {1, 2, 3, 4};
  memcpy(shared_heap, from, sizeof from);
}
NOINLINE void block_clearer() { memset(shared_heap, 0, 4 * sizeof(long)); }
NOINLINE void block_owner() { free(shared_heap); }
NOINLINE void late_writer() { shared_heap[0] = 5; }
NOINLINE void lock_forward() {
  std::lock_guard<std::mutex> first(first_lock);
  std::lock_guard<std::mutex> second(second_lock);
}
NOINLINE void lock_backward() {
  std::lock_guard<std::mutex> second(second_lock);
  std::lock_guard<std::mutex> first(first_lock);
}

template <typename First, typename Second>
static void race(First first, Second second) {
  std::thread one([=] {
    first();
    give_turn(1);
  });
  std::thread two([=] {
    wait_for_turn(1);
    second();
    give_turn(2);
  });
  wait_for_turn(2);
  one.join();
  two.join();
}

int main(int, char** arguments) {
  const char* which = arguments[1];
  shared_heap = static_cast<long*>(calloc(4, sizeof(long)));
  if (!strcmp(which, "read_after_write")) race(plain_writer, plain_reader);
  if (!strcmp(which, "write_after_read")) race(plain_reader, plain_writer);
  if (!strcmp(which, "write_after_write")) race(plain_writer, plain_writer);
  if (!strcmp(which, "atomic_write_after_read")) race(plain_reader, atomic_writer);
  if (!strcmp(which, "write_after_atomic_write")) race(atomic_writer, plain_writer);
  if (!strcmp(which, "write_after_atomic_read")) race(atomic_reader, plain_writer);
  if (!strcmp(which, "copy_and_clear")) race(block_copier, block_clearer);
  if (!strcmp(which, "use_after_free")) {
    block_owner();
    late_writer();
  }
  if (!strcmp(which, "race_with_free")) race(late_writer, block_owner);
  if (!strcmp(which, "lock_order")) {
    std::thread(lock_forward).join();
    std::thread(lock_backward).join();
  }
  if (!strcmp(which, "two_races")) {
    race(plain_writer, plain_reader);
    give_turn(0);
    race(block_copier, block_clearer);
  }
}
