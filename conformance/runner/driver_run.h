// One start of a port on one driver, watched from outside until it ends or gives no sign of life.
//
// The judge keeps all time limits itself; nothing the port says is believed without a second look.
// Events become, case by case, an Observation that is complete as far as the process came.
#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/driver/driver_program.h"
#include "conformance/outcome/observation.h"
#include "conformance/ports/child_process.h"
#include "conformance/ports/port.h"
#include "conformance/ports/protocol.h"

namespace conformance {

struct DriverRunSettings {
  const Port* port = nullptr;
  std::vector<std::string> options;                // behind the port's command, before the driver
  std::map<std::string, std::string> environment;  // over the port's
  double patience = 20;                            // seconds without an event while a case runs ...
  std::map<std::string, double>
      patience_of_case;         // ... and those that have their own, by driver id
  double start_patience = 60;   // until the first event
  double canary_patience = 30;  // from there to the first case
};

struct CaseRecord {
  bool begun = false;
  bool ended = false;
  ClockEvent clock;                     // of a history
  std::vector<HistoryEvent> histories;  // bounded by what a driver may write
  Observation observation;
};

struct DriverRun {
  std::string start_error;  // the command could not even be started
  std::optional<HelloEvent> hello;
  Canary canary;
  bool bye = false;
  bool hung = false;         // we killed it for want of a sign of life
  bool interrupted = false;  // we killed it because the run was stopped
  std::optional<ChildEnding> ending;
  std::string current;  // driver id of the last case begun; empty before the first
  std::map<std::string, CaseRecord> cases;
  std::vector<std::string> protocol_errors;  // the first few
  int protocol_error_count = 0;
  std::string stacks;
  std::string output, error_output;
  std::uint64_t output_bytes = 0;
  bool left_children = false;
  double seconds = 0;

  // In one line, for a person: "exit status 3; standard error: ...".
  std::string how_it_ended() const;
};

DriverRun run_driver(const DriverRunSettings& settings, const DriverPlan& plan,
                     const std::atomic<bool>& stop);

// A directory of our own below the one for temporary files, removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace conformance
