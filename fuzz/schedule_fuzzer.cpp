// Do two or three threads ever do something to one container that no order of their operations
// explains, that breaks a law of the runtime, or that leaves memory behind? The schedule is part of the
// input. Built once per container (HEDDLE_FUZZ_CONTAINER: list, dict, set, deque, iterators); README.md.
//
// A failure prints the program as columns with what everybody was told, and the schedule.
#include <cstdio>
#include <cstdlib>

#include "fuzz/programs/iterators_container.h"
#include "fuzz/programs/mutate.h"
#include "fuzz/programs/scheduled_run.h"
#include "runtime/base/machine_memory.h"

#define HEDDLE_JOIN_(left, right) left##right
#define HEDDLE_JOIN(left, right) HEDDLE_JOIN_(left, right)
#define HEDDLE_FUZZ_KIND fuzzing::HEDDLE_JOIN(HEDDLE_FUZZ_CONTAINER, _kind)

namespace {

#if RT_HAS_ADDRESS_SANITIZER
const bool told = [] {
  __asan_set_error_report_callback([](const char*) {
    std::fprintf(stderr, "the program:\n%s", fuzzing::running_program_text().c_str());
  });
  return true;
}();
#endif

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  if (fuzzing::run_scheduled(HEDDLE_FUZZ_KIND, bytes).empty()) return 0;
  const std::string again = fuzzing::run_scheduled(HEDDLE_FUZZ_KIND, bytes, {.record = true});
  std::fprintf(stderr, "%s",
               again.empty() ? "the same input ended well when it was run again\n" : again.c_str());
  std::abort();
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t capacity);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t capacity, unsigned seed) {
  if (seed % 4 == 0) return LLVMFuzzerMutate(data, size, capacity);
  return fuzzing::mutate_program(data, size, capacity, seed);
}
