// The histories that a driver sent, checked against their model; and the one that shows best what is
// wrong.
//
// After the run, not while it goes on: a judge that searches takes processors away from threads that
// are to collide. Every distinct history goes through the checker's fast path; of those without an
// explanation a few are explained, and the smallest is kept.
//
// Errors: what no driver of ours would send (a method that the model has not, a value that is none)
// is `complaint`. Thread safety: a call shares nothing.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <span>
#include <string>

#include "conformance/linearizability/checker.h"
#include "conformance/outcome/observation.h"
#include "conformance/ports/protocol.h"
#include "conformance/spec/spec.h"

namespace conformance {

struct JudgeLimits {
  std::chrono::nanoseconds of_one = std::chrono::seconds(2);
  std::chrono::nanoseconds of_all = std::chrono::seconds(60);
  std::int64_t memory = std::int64_t{256} << 20;  // bytes
};

struct FailingHistory {
  History history;  // stamps are moments, in ticks
  CheckResult check;
  std::int64_t program = 0;                 // its number
  std::int64_t runs = 0, failing_runs = 0;  // of that program
};

struct HistoryVerdict {
  std::string complaint;  // not empty: the port sent what is no history
  HistoryEvidence evidence;
  std::optional<FailingHistory> failing;
};

HistoryVerdict judge_histories(const HistoryClaim& claim, const ClockEvent& clock,
                               std::span<const HistoryEvent> events, const JudgeLimits& limits,
                               const std::atomic<bool>& stop);

// One of them as the checker wants it.
std::optional<History> to_history(const HistoryClaim& claim, const HistoryEvent& event,
                                  const HistoryEvent::Seen& seen, std::string& complaint);

}  // namespace conformance
