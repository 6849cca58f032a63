#include "runtime/base/real_machine.h"

#include <cerrno>
#include <linux/futex.h>
#include <sched.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "runtime/base/check.h"

namespace runtime::machine {

namespace {

std::atomic<unsigned> thread_numbers{0};

// Returns when woken, interrupted, too late, or when the word is not zero; the caller looks again.
void sleep_while_zero(std::atomic<std::uint32_t>& word, Nanoseconds deadline) {
  static_assert(sizeof(word) == sizeof(std::uint32_t));
  timespec until{};
  timespec* timeout = nullptr;
  if (deadline != kForever) {
    until.tv_sec = deadline / 1'000'000'000;
    until.tv_nsec = deadline % 1'000'000'000;
    timeout = &until;
  }
  // FUTEX_WAIT_BITSET takes an absolute time of the monotonic clock (futex(2)).
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, timeout, nullptr, FUTEX_BITSET_MATCH_ANY);
}

bool take_one(std::atomic<std::uint32_t>& count) {
  std::uint32_t seen = count.load(std::memory_order_relaxed);
  while (seen != 0) {
    if (count.compare_exchange_weak(seen, seen - 1, std::memory_order_acquire,
                                    std::memory_order_relaxed))
      return true;
  }
  return false;
}

}  // namespace

namespace {

Nanoseconds read_clock(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return static_cast<Nanoseconds>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

Nanoseconds now() { return read_clock(CLOCK_MONOTONIC); }
Nanoseconds time_of_day() { return read_clock(CLOCK_REALTIME); }
Nanoseconds thread_time() { return read_clock(CLOCK_THREAD_CPUTIME_ID); }
Nanoseconds process_time() { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

void give_way() { sched_yield(); }

unsigned processors() {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  int count = CPU_COUNT(&set);
  return count < 1 ? 1 : static_cast<unsigned>(count);
}

unsigned thread_number() {
  static thread_local const unsigned number =
      thread_numbers.fetch_add(1, std::memory_order_relaxed) + 1;
  return number;
}

void Semaphore::post() {
  // The waiter may destroy the semaphore as soon as it sees the count, so the address is taken
  // before and the wake touches no memory of it: a wake of an address where nobody sleeps is
  // harmless (futex(2)).
  std::atomic<std::uint32_t>* word = &count_;
  word->fetch_add(1, std::memory_order_release);
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
}

void Semaphore::wait() {
  bool taken = wait_until(kForever);
  RT_CHECK(taken, "a wait without a deadline ends only with a post");
}

bool Semaphore::wait_until(Nanoseconds deadline) {
  for (;;) {
    if (take_one(count_)) return true;
    if (deadline != kForever && now() >= deadline) return false;
    sleep_while_zero(count_, deadline);
  }
}

}  // namespace runtime::machine
