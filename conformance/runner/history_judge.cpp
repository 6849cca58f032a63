#include "conformance/runner/history_judge.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

#include "conformance/runner/history_text.h"

namespace conformance {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMostExplained = 5;

std::string_view reason_name(WhyUndecided why) {
  switch (why) {
    case WhyUndecided::Decided:
      return "";
    case WhyUndecided::Time:
      return "time ran out";
    case WhyUndecided::Memory:
      return "memory ran out";
    case WhyUndecided::Cancelled:
      return "it was stopped";
  }
  return "";
}

std::optional<Value> value_in(const std::string& text, std::string& complaint) {
  ValueError error;
  std::optional<Value> value = parse_value(text, error);
  if (!value) complaint = fmt::format("'{}' is no value: {}", text.substr(0, 200), error.message);
  return value;
}

class Judge {
 public:
  Judge(const HistoryClaim& claim, const JudgeLimits& limits, const std::atomic<bool>& stop)
      : claim_(claim), limits_(limits), stop_(stop), began_(Clock::now()) {}

  HistoryVerdict judge(const ClockEvent& clock, std::span<const HistoryEvent> events) {
    HistoryEvidence& evidence = verdict_.evidence;
    evidence.model = claim_.model;
    evidence.clock = clock.name;
    evidence.resolution = clock.resolution;
    std::set<std::int64_t> programs;
    for (const HistoryEvent& event : events) {
      programs.insert(event.program);
      for (const HistoryEvent::Seen& seen : event.seen) {
        look_at(event, seen);
        if (!verdict_.complaint.empty()) return std::move(verdict_);
      }
    }
    evidence.programs = static_cast<std::int64_t>(programs.size());
    if (verdict_.failing) {
      FailingHistory& failing = *verdict_.failing;
      const auto& [runs, failed] = runs_of_[failing.program];
      failing.runs = runs;
      failing.failing_runs = failed;
      evidence.failure = failure_text(failing);
      evidence.failure_reason = failure_sentence(failing);
    }
    return std::move(verdict_);
  }

 private:
  void look_at(const HistoryEvent& event, const HistoryEvent::Seen& seen) {
    std::optional<History> history = to_history(claim_, event, seen, verdict_.complaint);
    if (!history) return;
    HistoryEvidence& evidence = verdict_.evidence;
    ++evidence.distinct;
    auto& [runs, failed] = runs_of_[event.program];
    runs += seen.count;
    CheckOptions options;
    options.time_limit = limits_.of_one;
    options.memory_limit = limits_.memory;
    options.cancelled = &stop_;
    options.explain = false;
    CheckResult result;
    if (Clock::now() - began_ > limits_.of_all) {
      result.why_undecided = WhyUndecided::Time;
    } else {
      result = check(*history, *find_model(claim_.model), options);
    }
    switch (result.answer) {
      case Linearizability::Linearizable:
        ++evidence.linearizable;
        break;
      case Linearizability::Undecided:
        ++evidence.undecided;
        evidence.why_undecided = reason_name(result.why_undecided);
        break;
      case Linearizability::Unusable:
        verdict_.complaint = result.complaints.empty() ? "a history that cannot be checked"
                                                       : result.complaints.front();
        break;
      case Linearizability::NotLinearizable:
        ++evidence.not_linearizable;
        evidence.failing_samples += seen.count;
        failed += seen.count;
        explain(std::move(*history), event.program, options);
        break;
    }
  }

  void explain(History history, std::int64_t program, CheckOptions options) {
    if (++explained_ > kMostExplained) return;
    options.explain = true;
    CheckResult result = check(history, *find_model(claim_.model), options);
    if (result.answer != Linearizability::NotLinearizable) return;
    const auto size = [](const FailingHistory& one) {
      return std::pair(one.check.core.size(), one.history.operations.size());
    };
    FailingHistory found{std::move(history), std::move(result), program, 0, 0};
    if (!verdict_.failing || size(found) < size(*verdict_.failing)) {
      verdict_.failing = std::move(found);
    }
  }

  const HistoryClaim& claim_;
  const JudgeLimits& limits_;
  const std::atomic<bool>& stop_;
  const Clock::time_point began_;
  HistoryVerdict verdict_;
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> runs_of_;  // all, failing
  int explained_ = 0;
};

}  // namespace

std::optional<History> to_history(const HistoryClaim& claim, const HistoryEvent& event,
                                  const HistoryEvent::Seen& seen, std::string& complaint) {
  History history;
  history.metadata.model = claim.model;
  history.metadata.unit = "ticks";
  history.metadata.bound = claim.bound;
  if (event.initial) {
    history.metadata.initial = value_in(*event.initial, complaint);
    if (!history.metadata.initial) return std::nullopt;
  }
  std::size_t at = 0;
  int last = 0, number = 0;
  const auto add = [&](int thread, const HistoryEvent::Call& call, const std::string& result,
                       int called, int returned) {
    Operation& operation = history.operations.emplace_back();
    operation.thread = thread;
    operation.method = call.method;
    for (const std::string& text : call.arguments) {
      std::optional<Value> value = value_in(text, complaint);
      if (!value) return false;
      operation.arguments.push_back(std::move(*value));
    }
    std::optional<Value> value = value_in(result, complaint);
    if (!value) return false;
    operation.result = std::move(*value);
    operation.called_at = called;
    operation.returned_at = returned;
    last = std::max(last, returned);
    return true;
  };
  for (const std::vector<HistoryEvent::Call>& thread : event.threads) {
    for (const HistoryEvent::Call& call : thread) {
      if (!add(number, call, seen.results[at], seen.calls[at], seen.returns[at])) {
        return std::nullopt;
      }
      ++at;
    }
    ++number;
  }
  for (const std::string& result : seen.final) {
    const int moment = last + 1;
    if (!add(number, {event.final, {}}, result, moment, moment)) return std::nullopt;
  }
  return history;
}

HistoryVerdict judge_histories(const HistoryClaim& claim, const ClockEvent& clock,
                               std::span<const HistoryEvent> events, const JudgeLimits& limits,
                               const std::atomic<bool>& stop) {
  return Judge(claim, limits, stop).judge(clock, events);
}

}  // namespace conformance
