// Two ways of doing the same, timed in turns.
//
// A figure alone says little on a machine with neighbours: it moves by half from one minute to the
// next. So each figure has a rival, another way of doing the same work, and both run
// in the same process in short slices, A B B A A B ..., so that whatever disturbs one disturbs the
// other. What counts is the ratio of the two medians; the least and the greatest ratio of a pair
// say how far to trust it. A contest of one thread is timed by the processor time of that thread,
// one of several by the clock on the wall.
//
// Loops are kept honest by keep_memory(): the compiler must assume that all memory is read and
// written there, so it can neither merge two operations nor move them out of the loop. Both sides
// of a contest carry the same barriers.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

using Seconds = double;

// Does `rounds` operations and says how long they took.
using Side = std::function<Seconds(std::uint64_t rounds)>;

struct Contest {
  std::string name;       // floor/what
  std::string operation;  // what one round is
  std::string rival;      // what it is compared with
  Side ours;
  Side theirs;
  double at_most = 0;              // of ours / theirs; 0: no target
  double nanoseconds_at_most = 0;  // of ours; 0: no target
};

// A figure that has no rival.
struct Measurement {
  std::string name;
  std::string text;
};

struct Options {
  unsigned pairs = 41;      // at least 21
  Seconds slice = 0.002;    // about so long each side runs before it is the other's turn
  std::string_view filter;  // only contests whose name contains it
};

struct Outcome {
  double ours = 0;    // nanoseconds per operation, median
  double theirs = 0;  // likewise
  double ratio = 0;   // of the medians
  double least = 0;   // ratio of a pair
  double greatest = 0;
  [[nodiscard]] bool meets(const Contest& contest) const;
};

Outcome run(const Contest& contest, const Options& options);

// Collects what the files of the program have to offer, runs what the filter leaves and prints one
// table.
class Program {
 public:
  explicit Program(Options options);
  [[nodiscard]] bool wants(std::string_view name) const;
  // Runs at once, if wanted. `contest` may refer to what the caller has built.
  void add(const Contest& contest);
  void add(const Measurement& measurement);
  // How many figures were made, and how many targets were missed.
  [[nodiscard]] unsigned figures() const { return figures_; }
  [[nodiscard]] unsigned missed() const { return missed_; }

 private:
  Options options_;
  unsigned figures_ = 0;
  unsigned missed_ = 0;
};

// What a program of contests does with its arguments: [--pairs N] [--slice-ms N] [PART OF A NAME].
// Runs `add`, prints one table; the exit status: 1 when a target is missed, 2 for what it cannot
// use.
int main_of(std::string_view program_name, int count, char** arguments,
            const std::function<void(Program& program)>& add);

inline void keep_memory() { asm volatile("" ::: "memory"); }
// The compiler knows nothing about the value any more.
template <class T>
inline void keep_value(T& value) {
  asm volatile("" : "+r"(value));
}

Seconds processor_time();  // of the calling thread
Seconds wall_time();

// A side that repeats `body`, which does so many `operations` at a time, on the calling thread.
// What the body captures by value is in registers, as the arguments of a function would be.
template <class Body>
Side repeat(Body body, std::uint64_t operations = 1) {
  return [body, operations](std::uint64_t rounds) {
    Body mine = body;
    std::uint64_t calls = rounds / operations;
    Seconds begun = processor_time();
#pragma clang loop unroll_count(32)
    for (std::uint64_t i = 0; i < calls; ++i) mine();
    return processor_time() - begun;
  };
}

// Runs the bodies at the same time, one thread each, on different processors as far as there are,
// from a common start to the end of the last; the time in between. A body gets a function that
// waits for the start: what it does before that call is not timed. When the system gave one of the
// processors to somebody else meanwhile, everything is done again (twenty times at most; then the
// shortest try counts): two threads of which one stands still do not contend.
Seconds together(
    const std::vector<std::function<void(const std::function<void()>& start)>>& bodies);

}  // namespace bench
