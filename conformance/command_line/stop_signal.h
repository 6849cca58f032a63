// While one of these lives, the first SIGINT or SIGTERM sets a flag and the second ends the program
// at once; SIGPIPE is an error of write. One at a time.
#pragma once

#include <atomic>
#include <signal.h>

namespace conformance {

class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  const std::atomic<bool>& flag() const;

 private:
  struct sigaction old_interrupt_ {
  }, old_terminate_{};
};

}  // namespace conformance
