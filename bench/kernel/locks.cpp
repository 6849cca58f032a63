// The one-byte mutex against std::mutex.
#include <mutex>

#include "bench/kernel/contests.h"
#include "runtime/threads/attach.h"
#include "runtime/threads/mutex.h"
#include "runtime/threads/world.h"

namespace bench {

namespace {

using runtime::Attached;
using runtime::Mutex;
using runtime::ThreadState;
using runtime::World;

// Two threads that lock, change what the lock guards, unlock, and do a little by themselves, as
// threads that append to one list do. `rounds` in all.
template <class Lock, class Unlock>
Seconds contend(World& world, std::uint64_t rounds, Lock lock, Unlock unlock) {
  struct alignas(64) Guarded {
    std::uint64_t words[4] = {};
  } guarded;
  auto body = [&](const std::function<void()>& start) {
    ThreadState* thread = world.create_thread();
    runtime::attach(*thread);
    start();
    for (std::uint64_t i = 0; i < rounds / 2; ++i) {
      lock(*thread);
      for (std::uint64_t& word : guarded.words) ++word;
      keep_memory();
      unlock();
      for (int work = 0; work < 20; ++work) keep_memory();
    }
    world.destroy_thread(thread);
  };
  return together({body, body});
}

}  // namespace

void add_locks(Program& program) {
  World world;
  ThreadState* thread = world.create_thread();
  {
    Attached attached(*thread);
    Mutex mutex;
    std::mutex standard;
    program.add({.name = "locks/mutex_uncontended",
                 .operation = "lock and unlock",
                 .rival = "std::mutex",
                 .ours = repeat([thread, lock = &mutex] {
                   lock->lock(*thread);
                   keep_memory();
                   lock->unlock();
                   keep_memory();
                 }),
                 .theirs = repeat([lock = &standard] {
                   lock->lock();
                   keep_memory();
                   lock->unlock();
                   keep_memory();
                 }),
                 .at_most = 1.05});
  }
  Mutex mutex;
  std::mutex standard;
  program.add(
      {.name = "locks/mutex_two_threads",
       .operation = "one of two contending sections",
       .rival = "std::mutex",
       .ours =
           [&](std::uint64_t rounds) {
             return contend(
                 world, rounds, [&](ThreadState& by) { mutex.lock(by); }, [&] { mutex.unlock(); });
           },
       .theirs =
           [&](std::uint64_t rounds) {
             return contend(
                 world, rounds, [&](ThreadState&) { standard.lock(); }, [&] { standard.unlock(); });
           },
       .at_most = 1.05});
  world.destroy_thread(thread);
}

}  // namespace bench
