// A few mutexes under all their ways of locking, with and without deadlines.
//
// Checked: one thread at a time is inside; what an acquisition reports is true (as many entries as
// acquisitions, and at the end nobody holds anything); nobody starves although others re-lock at
// once, because a mutex is handed over after a millisecond.
#include <cinttypes>
#include <cstdio>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/threads/mutex.h"
#include "stress/support/stress_driver.h"

namespace stress {
namespace {

using runtime::LockResult;
using runtime::Mutex;
using runtime::now;

constexpr unsigned kMutexes = 3;
// Far more than a hand-over takes; a machine that is busy otherwise can stop a thread for long.
constexpr Nanoseconds kStarved = 20'000'000'000;

struct alignas(64) Guarded {
  Mutex mutex;
  unsigned inside = 0;
  std::uint64_t entries = 0;
};

struct alignas(64) Tally {
  std::uint64_t acquired = 0;
  std::uint64_t declined = 0;
  Nanoseconds longest_wait = 0;
};

void enter(Guarded& guarded, runtime::Random& random) {
  RT_CHECK(guarded.inside == 0, "one thread at a time is inside");
  guarded.inside = 1;
  ++guarded.entries;
  // Now and then long enough for the others to park.
  if (random.one_in(200)) {
    Nanoseconds until = now() + 20'000;
    while (now() < until) runtime::spin_pause();
  }
  RT_CHECK(guarded.inside == 1, "nobody came in meanwhile");
  guarded.inside = 0;
}

bool acquire(Mutex& mutex, StressThread& thread) {
  switch (thread.random().below(4)) {
    case 0:
      return mutex.try_lock();
    case 1:
      mutex.lock_leaf();
      return true;
    case 2: {
      // From "at once" to "longer than the wait for a hand-over".
      Nanoseconds patience = static_cast<Nanoseconds>(1 << thread.random().below(22));
      return mutex.lock_until(thread.state(), now() + patience) == LockResult::kAcquired;
    }
    default:
      mutex.lock(thread.state());
      return true;
  }
}

int run(int argc, char** argv) {
  StressRun storm(argc, argv, "Does a mutex let one thread in at a time, and everybody in time?");
  runtime::World world;
  Guarded guarded[kMutexes];
  std::vector<Tally> tallies(storm.threads());
  storm.storm(world, [&](StressThread& thread) {
    Tally& tally = tallies[thread.index()];
    while (thread.goes_on()) {
      Guarded& one = guarded[thread.random().below(kMutexes)];
      Nanoseconds begin = now();
      if (!acquire(one.mutex, thread)) {
        ++tally.declined;
        continue;
      }
      Nanoseconds waited = now() - begin;
      if (waited > tally.longest_wait) tally.longest_wait = waited;
      ++tally.acquired;
      enter(one, thread.random());
      one.mutex.unlock();
    }
  });
  std::uint64_t acquired = 0;
  std::uint64_t entries = 0;
  Nanoseconds longest_wait = 0;
  for (const Tally& tally : tallies) {
    acquired += tally.acquired;
    RT_CHECK(tally.acquired != 0, "everybody comes in");
    if (tally.longest_wait > longest_wait) longest_wait = tally.longest_wait;
  }
  for (const Guarded& one : guarded) {
    RT_CHECK(!one.mutex.is_locked(), "nobody holds a mutex at the end");
    entries += one.entries;
  }
  RT_CHECK(acquired == entries, "there are as many entries as acquisitions");
  RT_CHECK(longest_wait < kStarved, "nobody starves");
  std::printf("%" PRIu64 " acquisitions, the longest wait took %.3f ms\n", acquired,
              static_cast<double>(longest_wait) / 1e6);
  return storm.finish();
}

}  // namespace
}  // namespace stress

int main(int argc, char** argv) { return stress::run(argc, argv); }
