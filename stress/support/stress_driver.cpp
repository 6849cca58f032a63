#include "stress/support/stress_driver.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "runtime/base/check.h"
#include "runtime/threads/attach.h"

namespace stress {

namespace {

using runtime::Failure;
using runtime::now;
using runtime::ThreadState;

// For the failure handler, which is told only what failed.
std::string command_line;

[[noreturn]] void give_up(const char* what) {
  std::fprintf(stderr, "%s\nagain: %s\n", what, command_line.c_str());
  std::fflush(nullptr);
  std::_Exit(1);
}

void report(const Failure& failure) {
  std::string text = std::string(failure.file) + ":" + std::to_string(failure.line) +
                     ": this should have been true: " + failure.sentence;
  give_up(text.c_str());
}

[[noreturn]] void usage(const char* program, const char* question, int status) {
  std::fprintf(status == 0 ? stdout : stderr, "%s [--seed N] [--threads N] [--seconds S]\n%s\n",
               program, question);
  std::exit(status);
}

// The whole text is one number, and `convert`, which stores it, allows it.
template <class Convert>
bool read(const char* text, Convert convert) {
  char* rest = nullptr;
  errno = 0;
  bool is_allowed = convert(text, &rest);
  return is_allowed && errno == 0 && rest != text && *rest == '\0' && *text != '-';
}

// A storm that takes this much longer than asked for hangs. Sanitizers and a busy machine are slow.
constexpr double kSlowness = 10;
constexpr double kGrace = 60;  // seconds

}  // namespace

StressRun::StressRun(int argc, char** argv, const char* question) {
  for (int index = 1; index < argc; index += 2) {
    std::string name = argv[index];
    if (name == "--help" || name == "-h") usage(argv[0], question, 0);
    const char* value = index + 1 < argc ? argv[index + 1] : "";
    bool is_known = false;
    if (name == "--seed") {
      is_known = read(value, [this](const char* text, char** rest) {
        seed_ = std::strtoull(text, rest, 10);
        return true;
      });
    } else if (name == "--threads") {
      is_known = read(value, [this](const char* text, char** rest) {
        threads_ = static_cast<unsigned>(std::strtoul(text, rest, 10));
        return threads_ > 0 && threads_ <= 1000;
      });
    } else if (name == "--seconds") {
      is_known = read(value, [this](const char* text, char** rest) {
        seconds_ = std::strtod(text, rest);
        return seconds_ > 0 && seconds_ < 1e6;
      });
    }
    if (!is_known) usage(argv[0], question, 4);
  }
  char command[512];
  std::snprintf(command, sizeof(command), "%s --seed %llu --threads %u --seconds %g", argv[0],
                static_cast<unsigned long long>(seed_), threads_, seconds_);
  command_line = command;
  std::printf("%s\n", command);
  std::fflush(stdout);
  runtime::set_failure_handler(report);
  end_ = now() + static_cast<Nanoseconds>(seconds_ * 1e9);
  Nanoseconds patience = static_cast<Nanoseconds>((seconds_ * kSlowness + kGrace) * 1e9);
  watchdog_ = runtime::Thread([this, deadline = now() + patience] {
    if (!is_finished_.wait_until(deadline)) give_up("the threads hang");
  });
}

StressRun::~StressRun() {
  is_finished_.post();
  watchdog_.join();
}

void StressRun::storm(runtime::World& world, const std::function<void(StressThread&)>& body,
                      Nanoseconds duration) {
  runtime::Atomic<unsigned> ready{0};
  runtime::Atomic<std::uint64_t> turns{0};
  // The same choices for the same seed, others in each storm and thread.
  runtime::Random seeds(seed_ + storms_++);
  std::vector<runtime::Thread> threads;
  for (unsigned index = 0; index < threads_; ++index) {
    std::uint64_t seed = seeds.next();
    ThreadState* state = world.create_thread();
    threads.emplace_back([&, index, seed, state] {
      ready.fetch_add(1);
      while (ready.load() != threads_) runtime::spin_pause();
      runtime::attach(*state);
      Nanoseconds begin = now();
      Nanoseconds end = duration < end_ - begin ? begin + duration : end_;
      StressThread self(index, seed, end, *state);
      body(self);
      turns.fetch_add(self.turns());
      world.destroy_thread(state);
    });
  }
  for (runtime::Thread& thread : threads) thread.join();
  turns_ += turns.load();
}

int StressRun::finish() {
  std::printf("%llu storms of %u threads, %llu turns: all held\n",
              static_cast<unsigned long long>(storms_), threads_,
              static_cast<unsigned long long>(turns_));
  return 0;
}

}  // namespace stress
