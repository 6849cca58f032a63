// The figures of the kernel: kernel_bench [--pairs N] [--slice-ms N] [PART OF A NAME]. Prints one
// table; exits 1 when a target is missed. Meaningful in release builds only.
#include "bench/contest/contest.h"
#include "bench/kernel/contests.h"

int main(int count, char** arguments) {
  return bench::main_of("kernel_bench", count, arguments, [](bench::Program& program) {
    bench::add_counts(program);
    bench::add_locks(program);
    bench::add_memory(program);
    bench::add_stops(program);
  });
}
