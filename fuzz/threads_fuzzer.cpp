// Do two or three real threads ever do something to one container that no order of their operations
// explains, or that a sanitizer reports? Built once per container (HEDDLE_FUZZ_CONTAINER: list, dict,
// set, deque), for AddressSanitizer and for ThreadSanitizer (TSAN_OPTIONS=halt_on_error=1, without which
// libFuzzer would keep the input after the one that raced).
//
// The same bytes as of schedule_fuzzer.cpp; the schedule behind the program is left to the machine.
#include <cstdio>
#include <cstdlib>

#include "fuzz/programs/mutate.h"
#include "fuzz/programs/threads_run.h"
#include "runtime/base/check.h"
#include "runtime/base/machine_memory.h"

#define HEDDLE_JOIN_(left, right) left##right
#define HEDDLE_JOIN(left, right) HEDDLE_JOIN_(left, right)
#define HEDDLE_FUZZ_KIND fuzzing::HEDDLE_JOIN(HEDDLE_FUZZ_CONTAINER, _kind)

namespace {

void show_program() {
  std::fprintf(stderr, "the program:\n%s", fuzzing::program_on_threads_text().c_str());
}

const bool told = [] {
  runtime::set_failure_handler([](const runtime::Failure& failure) {
    std::fprintf(stderr, "this should have been true: %s (%s:%d)\n", failure.sentence, failure.file,
                 failure.line);
    show_program();
    std::abort();
  });
#if RT_HAS_ADDRESS_SANITIZER
  __asan_set_error_report_callback([](const char*) { show_program(); });
#endif
  return true;
}();

}  // namespace

// LeakSanitizer does not look into the pages of the object heap: a type that waits for readers holds
// buffers which it takes for lost. run_on_threads() counts objects and bytes instead.
extern "C" int __lsan_is_turned_off() { return 1; }

extern "C" void __tsan_on_report(void*) { show_program(); }

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string wrong =
      fuzzing::run_on_threads(HEDDLE_FUZZ_KIND, std::span<const std::uint8_t>(data, size));
  if (wrong.empty()) return 0;
  std::fprintf(stderr, "this should have been true: %s", wrong.c_str());
  std::abort();
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t capacity);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t capacity, unsigned seed) {
  if (seed % 4 == 0) return LLVMFuzzerMutate(data, size, capacity);
  return fuzzing::mutate_program(data, size, capacity, seed);
}
