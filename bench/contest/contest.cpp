#include "bench/contest/contest.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <sched.h>
#include <sys/resource.h>
#include <thread>
#include <time.h>

namespace bench {

namespace {

Seconds read_clock(clockid_t clock) {
  timespec time;
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// As many rounds as fill about one slice. The shortest of some tries counts: a neighbour on the
// machine makes a few rounds look long, never short.
std::uint64_t calibrate(const Side& side, Seconds slice) {
  for (std::uint64_t rounds = 1024;;) {
    Seconds shortest = side(rounds);
    for (int i = 0; i < 4 && shortest >= slice / 4; ++i)
      shortest = std::min(shortest, side(rounds));
    if (shortest >= slice / 4)
      return static_cast<std::uint64_t>(static_cast<double>(rounds) * slice / shortest);
    rounds *= shortest > slice / 100 ? 2 : 8;
  }
}

// To the i-th of the processors that this process may use. Two threads on one processor would never
// meet.
void pin_to(std::size_t i) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  i %= static_cast<std::size_t>(CPU_COUNT(&allowed));
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (!CPU_ISSET(processor, &allowed) || i-- != 0) continue;
    cpu_set_t only;
    CPU_ZERO(&only);
    CPU_SET(processor, &only);
    sched_setaffinity(0, sizeof only, &only);
    return;
  }
}

// How often the system took the processor from the calling thread to give it to somebody else.
long times_disturbed() {
  rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  return usage.ru_nivcsw;
}

struct Try {
  Seconds took;
  bool disturbed;
};

Try try_together(const std::vector<std::function<void(const std::function<void()>&)>>& bodies) {
  std::atomic<std::size_t> ready{0};
  std::atomic<bool> go{false};
  std::vector<Seconds> ended(bodies.size());
  std::atomic<long> disturbed{0};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    threads.emplace_back([&, i] {
      pin_to(i);
      long before = 0;
      bodies[i]([&] {
        ready.fetch_add(1);
        while (!go.load(std::memory_order_acquire)) {
        }
        before = times_disturbed();
      });
      ended[i] = wall_time();
      disturbed.fetch_add(times_disturbed() - before);
    });
  }
  while (ready.load() != bodies.size()) std::this_thread::sleep_for(std::chrono::microseconds(50));
  Seconds begun = wall_time();
  go.store(true, std::memory_order_release);
  for (std::thread& thread : threads) thread.join();
  return {*std::max_element(ended.begin(), ended.end()) - begun, disturbed.load() != 0};
}

}  // namespace

Seconds processor_time() { return read_clock(CLOCK_THREAD_CPUTIME_ID); }
Seconds wall_time() { return read_clock(CLOCK_MONOTONIC); }

Seconds together(const std::vector<std::function<void(const std::function<void()>&)>>& bodies) {
  constexpr int kTries = 20;
  Seconds shortest = 0;
  for (int i = 0; i < kTries; ++i) {
    auto [took, disturbed] = try_together(bodies);
    if (!disturbed) return took;
    if (i == 0 || took < shortest) shortest = took;
  }
  return shortest;
}

bool Outcome::meets(const Contest& contest) const {
  if (contest.at_most != 0 && ratio > contest.at_most) return false;
  return contest.nanoseconds_at_most == 0 || ours <= contest.nanoseconds_at_most;
}

Outcome run(const Contest& contest, const Options& options) {
  const Seconds slice = options.slice;
  std::uint64_t our_rounds = calibrate(contest.ours, slice);
  std::uint64_t their_rounds = calibrate(contest.theirs, slice);
  std::vector<double> ours;
  std::vector<double> theirs;
  std::vector<double> ratios;
  for (unsigned pair = 0; pair < options.pairs; ++pair) {
    double our_time = 0;
    double their_time = 0;
    auto run_ours = [&] {
      our_time = 1e9 * contest.ours(our_rounds) / static_cast<double>(our_rounds);
    };
    auto run_theirs = [&] {
      their_time = 1e9 * contest.theirs(their_rounds) / static_cast<double>(their_rounds);
    };
    if (pair % 2 == 0) {
      run_ours();
      run_theirs();
    } else {
      run_theirs();
      run_ours();
    }
    ours.push_back(our_time);
    theirs.push_back(their_time);
    ratios.push_back(our_time / their_time);
  }
  Outcome outcome;
  outcome.ours = median(ours);
  outcome.theirs = median(theirs);
  outcome.ratio = outcome.ours / outcome.theirs;
  outcome.least = *std::min_element(ratios.begin(), ratios.end());
  outcome.greatest = *std::max_element(ratios.begin(), ratios.end());
  return outcome;
}

Program::Program(Options options) : options_(options) {
  std::printf(
      "%u pairs of about %.0f ms each; nanoseconds are medians, pairs: least and greatest ratio of "
      "one pair\n\n",
      options_.pairs, 1e3 * options_.slice);
  std::printf("| %-34s | %-52s | %9s | %9s | %6s | %-15s | %-20s |\n", "contest",
              "one operation, against", "ours ns", "rival ns", "ratio", "pairs", "target");
  std::printf("|%s|%s|%s|%s|%s|%s|%s|\n", std::string(36, '-').c_str(),
              std::string(54, '-').c_str(), std::string(11, '-').c_str(),
              std::string(11, '-').c_str(), std::string(8, '-').c_str(),
              std::string(17, '-').c_str(), std::string(22, '-').c_str());
}

bool Program::wants(std::string_view name) const {
  return name.find(options_.filter) != std::string_view::npos;
}

void Program::add(const Contest& contest) {
  if (!wants(contest.name)) return;
  Outcome outcome = run(contest, options_);
  ++figures_;
  bool met = outcome.meets(contest);
  if (!met) ++missed_;
  char pairs[40];
  std::snprintf(pairs, sizeof pairs, "%.2f .. %.2f", outcome.least, outcome.greatest);
  char target[60] = "";
  if (contest.at_most != 0) {
    std::snprintf(target, sizeof target, "%.2f %s", contest.at_most, met ? "met" : "MISSED");
  } else if (contest.nanoseconds_at_most != 0) {
    std::snprintf(target, sizeof target, "%.2f ns %s", contest.nanoseconds_at_most,
                  met ? "met" : "MISSED");
  }
  std::string what = contest.operation + ", " + contest.rival;
  std::printf("| %-34s | %-52s | %9.2f | %9.2f | %6.3f | %-15s | %-20s |\n", contest.name.c_str(),
              what.c_str(), outcome.ours, outcome.theirs, outcome.ratio, pairs, target);
  std::fflush(stdout);
}

void Program::add(const Measurement& measurement) {
  ++figures_;
  std::printf("| %-34s | %-123s |\n", measurement.name.c_str(), measurement.text.c_str());
  std::fflush(stdout);
}

int main_of(std::string_view program_name, int count, char** arguments,
            const std::function<void(Program& program)>& add) {
  const auto refuse = [&](const std::string& reason) {
    std::fprintf(stderr, "%s: %s\nusage: %s [--pairs N] [--slice-ms N] [PART OF A NAME]\n",
                 std::string(program_name).c_str(), reason.c_str(),
                 std::string(program_name).c_str());
    return 2;
  };
  Options options;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--pairs" && i + 1 < count) {
      options.pairs = static_cast<unsigned>(std::atoi(arguments[++i]));
      if (options.pairs < 21)
        return refuse("--pairs: a median of fewer than 21 pairs says nothing");
    } else if (argument == "--slice-ms" && i + 1 < count) {
      options.slice = 1e-3 * std::atof(arguments[++i]);
      if (options.slice <= 0) return refuse("--slice-ms: a slice takes time");
    } else if (argument.substr(0, 1) == "-") {
      return refuse("there is no option " + std::string(argument));
    } else {
      options.filter = argument;
    }
  }
  Program program(options);
  add(program);
  if (program.figures() == 0) {
    return refuse("no figure has '" + std::string(options.filter) + "' in its name");
  }
  if (program.missed() != 0) std::printf("\n%u targets missed\n", program.missed());
  return program.missed() == 0 ? 0 : 1;
}

}  // namespace bench
