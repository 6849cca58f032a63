// Finding the facts of a port: one short process for each way of starting it that the run needs.
#pragma once

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "conformance/ports/port.h"
#include "conformance/runner/driver_run.h"
#include "conformance/spec/catalogue.h"

namespace conformance {

struct ProbeResult {
  std::string failure;  // empty: the facts are good. Otherwise one line: what the port did instead
                        // of answering
  bool start_failed = false;  // the command itself could not be started
  std::string implementation, version;
  Facts facts;
  double seconds = 0;  // start to end of the process
};

// Starts the port once with these options and environment, measures the facts and tries the
// features, takes away what the port file says it lacks.
ProbeResult probe(const Port& port, const std::vector<std::string>& options,
                  const std::map<std::string, std::string>& environment, const Catalogue& catalogue,
                  const std::atomic<bool>& stop);

}  // namespace conformance
