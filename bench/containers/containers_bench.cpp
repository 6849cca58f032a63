// The figures of the shared containers: containers_bench [--pairs N]
// [--slice-ms N] [PART OF A NAME]. Prints one table; exits 1 when a target is missed. Meaningful in
// release builds only.
#include "bench/containers/contests.h"

int main(int count, char** arguments) {
  return bench::main_of("containers_bench", count, arguments, [](bench::Program& program) {
    bench::add_one_thread(program);
    bench::add_two_threads(program);
  });
}
