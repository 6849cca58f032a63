#include "conformance/command_line/stop_signal.h"

#include <unistd.h>

namespace conformance {
namespace {

constexpr int kInterrupted = 130;

std::atomic<bool> stop_requested{false};

extern "C" void request_stop(int) {
  if (stop_requested.exchange(true)) ::_exit(kInterrupted);  // the second time: at once
}

}  // namespace

StopSignal::StopSignal() {
  struct sigaction action {};
  action.sa_handler = request_stop;
  ::sigaction(SIGINT, &action, &old_interrupt_);
  ::sigaction(SIGTERM, &action, &old_terminate_);
  ::signal(SIGPIPE, SIG_IGN);
}

StopSignal::~StopSignal() {
  ::sigaction(SIGINT, &old_interrupt_, nullptr);
  ::sigaction(SIGTERM, &old_terminate_, nullptr);
}

const std::atomic<bool>& StopSignal::flag() const { return stop_requested; }

}  // namespace conformance
