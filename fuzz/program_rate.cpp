// How many programs a second does one core run and judge? From random bytes, without libFuzzer.
//
//   program_rate [list|dict|set|deque|iterators] [SECONDS] [SEED]
//
// Three threads with six operations each, and a schedule of random runs. Prints programs per second of
// processor time and of the clock, and scheduling points per program. A failure is printed and is exit
// status 1.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

#include "fuzz/programs/iterators_container.h"
#include "fuzz/programs/scheduled_run.h"
#include "runtime/base/random.h"

namespace {

using fuzzing::ContainerKind;

const ContainerKind* kind_named(const char* name) {
  for (const ContainerKind* kind : {&fuzzing::list_kind, &fuzzing::dict_kind, &fuzzing::set_kind,
                                    &fuzzing::deque_kind, &fuzzing::iterators_kind}) {
    if (std::strcmp(kind->name, name) == 0) return kind;
  }
  return nullptr;
}

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Mostly short runs at the beginning, and a schedule that is not always long.
void draw(runtime::Random& random, std::vector<std::uint8_t>& bytes) {
  bytes.resize(fuzzing::kProgramBytes + 2 * (random.next() % 24));
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
  bytes[0] = 1;      // three threads
  bytes[1] &= 0x7f;  // only what is judged
  for (std::size_t i = fuzzing::kHeaderBytes; i < fuzzing::kProgramBytes; i += 2) bytes[i] |= 1;
  for (std::size_t i = fuzzing::kProgramBytes + 1; i < bytes.size(); i += 2) bytes[i] %= 40;
}

}  // namespace

int main(int argc, char** argv) {
  const ContainerKind* kind = kind_named(argc > 1 ? argv[1] : "list");
  const double seconds = argc > 2 ? std::atof(argv[2]) : 5;
  const auto seed = static_cast<std::uint64_t>(argc > 3 ? std::atoll(argv[3]) : 1);
  if (kind == nullptr || seconds <= 0) {
    std::fprintf(stderr, "program_rate [list|dict|set|deque|iterators] [SECONDS] [SEED]\n");
    return 4;
  }
  runtime::Random random(seed);
  std::vector<std::uint8_t> bytes;
  std::uint64_t programs = 0, points = 0;
  const auto begin = std::chrono::steady_clock::now();
  const double processor_begin = processor_seconds();
  double passed = 0;
  while (passed < seconds) {
    for (int i = 0; i < 64; ++i) {
      draw(random, bytes);
      const std::string wrong = fuzzing::run_scheduled(*kind, bytes);
      if (!wrong.empty()) {
        std::printf("%s", fuzzing::run_scheduled(*kind, bytes, {.record = true}).c_str());
        std::printf("found after %llu programs, %.1f s; seed %llu\n",
                    static_cast<unsigned long long>(programs), passed,
                    static_cast<unsigned long long>(seed));
        return 1;
      }
      ++programs;
      points += fuzzing::points_of_last_run();
    }
    passed = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  const double processor = processor_seconds() - processor_begin;
  const auto count = static_cast<double>(programs);
  std::printf("%s: %.0f programs/s of a processor (%.0f by the clock), %.0f points each\n",
              kind->name, count / processor, count / passed, static_cast<double>(points) / count);
  return 0;
}
