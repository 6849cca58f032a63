// Groups: cases that share what it costs to start a process, and the runs it takes until each of
// them has its observation.
//
// A group is the litmus and script cases of one family and one row of `processes:` - or a single
// `unsafe`, process or command case. When its process dies or hangs, the culprit is the last case
// begun; it is run again alone to confirm, and the rest goes on in a new process: nothing that had
// ended is lost, and nothing is run twice but the culprit.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "conformance/outcome/result.h"
#include "conformance/ports/port.h"
#include "conformance/runner/probe.h"
#include "conformance/runner/tier.h"
#include "conformance/spec/catalogue.h"

namespace conformance {

enum class GroupKind { Shared, Unsafe, Process, Command };

struct Group {
  GroupKind kind = GroupKind::Shared;
  std::vector<Case> cases;  // never empty; one family, one row of processes
  int processors = 1;       // how many it keeps busy
  bool exclusive = false;   // needs the processors of the machine for itself
};

struct GroupSettings {
  const Port* port = nullptr;
  const ProbeResult* probe = nullptr;
  const Catalogue* catalogue = nullptr;
  Effort effort;
  std::uint64_t seed = 1;
};

using ResultSink = std::function<void(const Case&, Observation, const Canary&, const Facts&)>;

// Runs the group and hands over each case's observation as soon as it is certain. When `stop` is
// set, cases without one are not handed over.
void run_group(const Group& group, const GroupSettings& settings, const std::atomic<bool>& stop,
               const ResultSink& sink);

}  // namespace conformance
