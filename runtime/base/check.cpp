#include "runtime/base/check.h"

#include <cstdio>
#include <cstdlib>

#include "runtime/base/atomic.h"

namespace runtime {

namespace {
FailureHandler failure_handler = nullptr;
}

const char* law_sentence(Law law) {
  switch (law) {
    case Law::kCountsMatchReferences:
      return "law 1: the counts of an object add up to its references";
    case Law::kHeadersOutliveReaders:
      return "law 2: a block stays an object header while somebody may still read it as one";
    case Law::kOverwrittenBeforeDropped:
      return "law 3: a published slot is overwritten before the reference it owned is dropped";
    case Law::kReadersRevalidate:
      return "law 4: who read through an array checks slot and array again after the increment";
    case Law::kAttachedOnly:
      return "law 5: only an attached thread touches objects, and a stopped world has one";
    case Law::kNoForeignCodeUnderLock:
      return "law 6: no foreign code runs while a lock that cannot be suspended is held";
  }
  return "an unknown law";
}

void set_failure_handler(FailureHandler handler) { failure_handler = handler; }

void fail(const Failure& failure) {
  machine::abandon_execution(failure);  // returns where no scheduler runs this code
  if (failure_handler != nullptr) failure_handler(failure);
  std::fprintf(stderr, "%s:%d: this should have been true: %s", failure.file, failure.line,
               failure.sentence);
  if (failure.object != nullptr) std::fprintf(stderr, " (object %p)", failure.object);
  std::fputc('\n', stderr);
  std::fflush(stderr);
  std::abort();
}

}  // namespace runtime
