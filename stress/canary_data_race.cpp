// A race on purpose: the canary of the storm.
//
// Threads change a plain word under no lock, in the same harness as every other driver. If
// ThreadSanitizer does not report it, either it is not connected or the harness orders what it
// should leave alone, and the silence of the other drivers means nothing. ci/stress and a test of
// the tsan build (CMakeLists.txt) insist on the report.
#include "stress/support/stress_driver.h"

int main(int argc, char** argv) {
  stress::StressRun run(argc, argv, "Is a race reported? (It must be, under ThreadSanitizer.)");
  runtime::World world;
  volatile int word = 0;  // volatile: the compiler keeps each access; it orders nothing
  run.storm(world, [&](stress::StressThread& thread) {
    while (thread.goes_on()) word = word + 1;
  });
  return run.finish();
}
