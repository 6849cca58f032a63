// Programs from a seed, played on a port until one of its runs cannot be explained or the time is
// up; then the smallest program that still fails there.
//
// The port is started anew every few seconds: each start has a seed of its own, so what is found can
// be sought again, and a process that dies takes little with it. A real port fails now and then, not
// always: a smaller program is taken when at least one of its re-runs failed, and the rate is told.
// After Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE TSE 28(2),
// 2002, with one operation, one thread or one element of the start taken away at a time.
//
// Not for use by several threads.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "conformance/driver/history_plan.h"
#include "conformance/runner/history_judge.h"
#include "conformance/runner/probe.h"

namespace conformance {

struct FuzzSettings {
  const Port* port = nullptr;
  const ProbeResult* probe = nullptr;
  HistoryClaim claim;  // model, threads, operations, table; or one program
  std::uint64_t seed = 1;
  double budget = 30;         // seconds of looking
  double shrink_budget = 60;  // seconds of making it smaller, and of measuring it
};

struct FuzzCounts {
  double seconds = 0;
  std::int64_t programs = 0, runs = 0, overlapped = 0;
  std::int64_t histories = 0, undecided = 0;
  std::string clock;
  std::int64_t resolution = 0;
};

struct MeasuredProgram {
  HistoryMetadata start;
  Program program;
  std::int64_t runs = 0, failing = 0;
  std::optional<FailingHistory> example;
  std::size_t operations() const;
};

struct FuzzReport {
  FuzzCounts counts;
  std::string trouble;  // the port could not be judged: one line
  bool died = false;    // ... because it crashed or gave no sign of life
  bool interrupted = false;
  std::uint64_t seed = 0;                // of the start in which it was found
  std::optional<MeasuredProgram> found;  // as it was found
  std::optional<MeasuredProgram> smallest;
};

struct FuzzObserver {
  std::function<void(const FuzzCounts&)> on_round;
  std::function<void(const MeasuredProgram&)> on_smaller;
};

FuzzReport fuzz(const FuzzSettings& settings, const FuzzObserver& observer,
                const std::atomic<bool>& stop);

// All programs that are smaller by one thing: an operation, a thread, an element of the start.
std::vector<MeasuredProgram> smaller_by_one(const MeasuredProgram& program);
// One half of one thread left out.
std::vector<MeasuredProgram> without_halves(const MeasuredProgram& program);
// What the smallest failing part of its example needs: that part alone, and with all that overlapped
// it.
std::vector<MeasuredProgram> cuts_of(const MeasuredProgram& program);

}  // namespace conformance
