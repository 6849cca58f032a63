// The figures of the kernel: kernel_bench [--pairs N] [--slice-ms N] [PART OF A NAME]. Prints one
// table; exits 1 when a target is missed. Meaningful in release builds only.
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "bench/kernel/contest.h"
#include "bench/kernel/contests.h"

int main(int count, char** arguments) {
  bench::Options options;
  for (int i = 1; i < count; ++i) {
    if (std::strcmp(arguments[i], "--pairs") == 0 && i + 1 < count) {
      options.pairs = static_cast<unsigned>(std::atoi(arguments[++i]));
      if (options.pairs < 21) {
        std::fprintf(stderr, "--pairs: a median of fewer than 21 pairs says nothing\n");
        return 2;
      }
    } else if (std::strcmp(arguments[i], "--slice-ms") == 0 && i + 1 < count) {
      options.slice = 1e-3 * std::atof(arguments[++i]);
      if (options.slice <= 0) {
        std::fprintf(stderr, "--slice-ms: a slice takes time\n");
        return 2;
      }
    } else if (arguments[i][0] == '-') {
      std::fprintf(stderr, "usage: kernel_bench [--pairs N] [--slice-ms N] [PART OF A NAME]\n");
      return 2;
    } else {
      options.filter = arguments[i];
    }
  }
  bench::Program program(options);
  bench::add_counts(program);
  bench::add_locks(program);
  bench::add_memory(program);
  bench::add_stops(program);
  if (program.figures() == 0) {
    std::fprintf(stderr, "no figure has '%s' in its name\n", std::string(options.filter).c_str());
    return 2;
  }
  if (program.missed() != 0) std::printf("\n%u targets missed\n", program.missed());
  return program.missed() == 0 ? 0 : 1;
}
