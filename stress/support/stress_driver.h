// What every stress driver shares: arguments, threads that begin at once, and a failure that can be repeated.
//
// A storm lets threads of a world do as they like for some seconds and checks what must hold
// afterwards; ThreadSanitizer and AddressSanitizer watch meanwhile. The harness must not help: any
// synchronization of its own between the threads would order their accesses and hide the very races
// that are looked for. So between the common beginning and the end of a body it does none. Each
// thread draws from a random sequence of its own and looks at the clock by itself.
//
//   int main(int argc, char** argv) {
//     StressRun run(argc, argv, "Does a mutex let one thread in at a time?");
//     World world;
//     run.storm(world, [&](StressThread& thread) {
//       while (thread.goes_on()) { ... thread.random().below(10) ... }
//     });
//     RT_CHECK(count == expected, "nothing was lost");
//     return run.finish();
//   }
//
//   stress_NAME [--seed N] [--threads N] [--seconds S]
//
// The first line printed is the command that repeats the run: same seed, same choices of each
// thread, though not the same interleaving. Exit status: 0 all held; 1 something did not, or the
// threads hang; 4 wrong arguments. A sanitizer's report has the status that its options give it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "runtime/base/atomic.h"
#include "runtime/base/random.h"
#include "runtime/threads/world.h"

namespace stress {

using runtime::Nanoseconds;

// One thread's view of a storm. Used by that thread alone.
class StressThread {
 public:
  StressThread(unsigned index, std::uint64_t seed, Nanoseconds end, runtime::ThreadState& state)
      : index_(index), random_(seed), end_(end), state_(state) {}

  // Counts a turn; false when the time is over. Looks at the clock every 16th turn.
  [[nodiscard]] bool goes_on() {
    if (turns_++ % 16 == 0) is_over_ = runtime::now() >= end_;
    return !is_over_;
  }
  [[nodiscard]] unsigned index() const { return index_; }  // 0 .. threads - 1
  runtime::Random& random() { return random_; }
  runtime::ThreadState& state() { return state_; }  // attached
  [[nodiscard]] std::uint64_t turns() const { return turns_; }

 private:
  const unsigned index_;
  runtime::Random random_;
  const Nanoseconds end_;
  runtime::ThreadState& state_;
  std::uint64_t turns_ = 0;
  bool is_over_ = false;
};

class StressRun {
 public:
  // Reads the arguments and prints the command that repeats the run. `question` is what the driver asks, for --help.
  StressRun(int argc, char** argv, const char* question);
  ~StressRun();
  StressRun(const StressRun&) = delete;
  StressRun& operator=(const StressRun&) = delete;

  [[nodiscard]] unsigned threads() const { return threads_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  // When all storms of this run are to be over, as now().
  [[nodiscard]] Nanoseconds end() const { return end_; }

  // Runs the body in threads() threads of the world, each attached; returns when all have returned. A
  // storm lasts until end(), or for `duration` if that is less: drivers that watch how threads come
  // and go run many short ones. Called by a thread that is attached nowhere.
  void storm(runtime::World& world, const std::function<void(StressThread&)>& body,
             Nanoseconds duration = runtime::kForever);

  // Prints how much happened. The exit status of a driver that got here.
  int finish();

 private:
  std::uint64_t seed_ = 1;
  unsigned threads_ = 4;
  double seconds_ = 5;
  Nanoseconds end_ = 0;
  std::uint64_t storms_ = 0;
  std::uint64_t turns_ = 0;
  runtime::Semaphore is_finished_;
  runtime::Thread watchdog_;
};

}  // namespace stress
