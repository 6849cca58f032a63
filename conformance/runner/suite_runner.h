// The whole run: ports are probed, cases that do not apply are skipped, groups are dealt out to the
// processors, results come back.
//
// Everything the caller sees happens on the thread that calls run_suite(): results arrive there one
// by one, in the order in which they become certain.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/outcome/result.h"
#include "conformance/ports/port.h"
#include "conformance/report/report.h"
#include "conformance/runner/plan.h"
#include "conformance/runner/probe.h"
#include "conformance/runner/tier.h"
#include "conformance/spec/spec_loader.h"

namespace conformance {

struct SuiteOptions {
  std::vector<Port> ports;
  std::vector<std::string> selection;
  Tier tier = Tier::Default;
  std::optional<double>
      budget;  // seconds for everything; the tier then only decides the numbers of samples
  std::uint64_t seed = 1;
  Shard shard;
  int jobs = 0;  // 0: as many as there are processors
  std::function<bool(const std::string& port, const std::string& id)> already_done;  // resume
  std::function<std::string(const std::string& port, const std::string& id)> repeat_command;
  std::function<void(Result&)>
      amend;  // expectations; called from several threads, for one result at a time
};

// What was found out about ports; several runs may share one. Not for use by several threads.
using ProbeCache = std::map<std::string, ProbeResult>;

struct SuiteObserver {
  std::function<void(const RunHeader::PortHeader&)> on_port;
  std::function<void(int total)> on_plan;  // cases to come, once, after the probes
  std::function<void(Result)> on_result;
  std::function<void()> on_tick;  // a few times a second
  std::function<void(const std::string&)>
      on_trouble;  // a port that cannot be judged at all: one line
};

struct SuiteEnd {
  bool interrupted = false;
  bool port_failed = false;  // at least one port could not be judged
};

SuiteEnd run_suite(const SpecSet& specs, const SuiteOptions& options, const SuiteObserver& observer,
                   const std::atomic<bool>& stop);
SuiteEnd run_suite(const SpecSet& specs, const SuiteOptions& options, const SuiteObserver& observer,
                   const std::atomic<bool>& stop, ProbeCache& probes);

}  // namespace conformance
