// A kernel of the compiler for fuzz targets. Code ends in collections only, so there is a collector; and
// what programs have left behind is counted here, for LeakSanitizer does not look into the pages of the
// object heap and takes for lost what code in there owns.
#pragma once

#include <cstddef>
#include <optional>

#include "runtime/base/check.h"
#include "runtime/collector/collector.h"
#include "runtime/compiler/compiler_test_support.h"

extern "C" int __lsan_is_turned_off();

namespace fuzzing {

class CollectedKernel : public runtime::CompilerKernel {
 public:
  CollectedKernel() : collector_(values.kernel, runtime::CollectorOptions{.is_enabled = false}) {}
  // Ends all code. What is left may not be more than after the first round of the process, but for
  // `slack`: names are interned for ever and may be many.
  void end_round(std::size_t slack) {
    collector_.collect(here());
    runtime::safe_point(here());
    const std::size_t left = values.kernel.memory().statistics().raw_bytes;
    if (!after_first_.has_value()) after_first_ = left;
    RT_CHECK(left <= *after_first_ + slack, "what code owns ends with it (leak)");
  }

 private:
  runtime::Collector collector_;
  inline static std::optional<std::size_t> after_first_;  // bytes
};

}  // namespace fuzzing
