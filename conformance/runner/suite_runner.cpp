#include "conformance/runner/suite_runner.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <fmt/format.h>
#include <iterator>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "conformance/outcome/grading.h"
#include "conformance/runner/machine_lock.h"
#include "conformance/runner/probe.h"

namespace conformance {
namespace {

using Clock = std::chrono::steady_clock;

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

bool is_parallel(const Facts& facts) {
  const auto found = facts.find("parallel");
  return found != facts.end() && std::get_if<bool>(&found->second) != nullptr &&
         std::get<bool>(found->second);
}

// Is it run for a time and not for a number of samples?
bool takes_time(const Case& one) {
  return one.scenario->kind == Kind::Litmus || one.scenario->kind == Kind::History;
}

// A case of specs/harness/ says which verdict it must get: exactly that is a pass of the judge.
void judge_the_judge(const Scenario& scenario, Result& result) {
  if (scenario.expect_verdict.empty()) return;
  const std::string got(to_string(result.verdict));
  if (got == scenario.expect_verdict) {
    result.reason = fmt::format("judged {}, as it must be{}{}", got,
                                result.reason.empty() ? "" : ": ", result.reason);
    result.verdict = Verdict::passed;
  } else if (result.verdict != Verdict::skipped) {
    result.reason =
        fmt::format("judged {}, and must be judged {}{}{}", got, scenario.expect_verdict,
                    result.reason.empty() ? "" : ": ", result.reason);
    result.verdict = Verdict::harness_error;
  }
}

// A group with what it needs to run; owned by the queue until it is done.
struct Job {
  Group group;
  const Port* port = nullptr;
  const ProbeResult* probe = nullptr;
};

class Suite {
 public:
  Suite(const SpecSet& specs, const SuiteOptions& options, const SuiteObserver& observer,
        const std::atomic<bool>& stop, ProbeCache& probes)
      : specs_(specs),
        options_(options),
        observer_(observer),
        stop_(stop),
        began_(Clock::now()),
        probes_(probes) {}

  SuiteEnd run() {
    SuiteEnd end;
    for (const Port& port : options_.ports) {
      if (stop_.load()) break;
      end.port_failed |= !plan_port(port);
    }
    int total = static_cast<int>(immediate_.size());
    for (const Job& job : jobs_) total += static_cast<int>(job.group.cases.size());
    if (observer_.on_plan) observer_.on_plan(total);
    for (Result& result : immediate_) observer_.on_result(std::move(result));
    // Groups that need several processors first: one after the other; the single ones then fill the
    // machine.
    jobs_.sort([](const Job& left, const Job& right) {
      return left.group.processors > right.group.processors;
    });
    for (const Job& job : jobs_) {
      for (const Case& one : job.group.cases) litmus_left_ += takes_time(one);
    }
    execute();
    end.interrupted = stop_.load();
    return end;
  }

 private:
  // --- planning

  const ProbeResult& probed(const Port& port, const ProcessRow& row) {
    std::string key = port.name + "\n" + joined(row.options);
    for (const auto& [name, value] : row.environment) key += "\n" + name + "=" + value;
    auto found = probes_.find(key);
    if (found == probes_.end()) {
      found =
          probes_.emplace(key, probe(port, row.options, row.environment, specs_.catalogue, stop_))
              .first;
    }
    return found->second;
  }

  // Does the family's default ports (harness) leave this port out?
  static bool meant_for(const Family& family, const Port& port) {
    return family.ports.empty() ||
           std::find(family.ports.begin(), family.ports.end(), port.name) != family.ports.end();
  }

  bool plan_port(const Port& port) {
    const ProbeResult& plain = probed(port, ProcessRow{});
    if (!plain.failure.empty()) {
      if (!stop_.load() && observer_.on_trouble)
        observer_.on_trouble(fmt::format("port {}: {}", port.name, plain.failure));
      return false;
    }
    if (observer_.on_port)
      observer_.on_port(
          {port.name, joined(port.command), plain.implementation, plain.version, plain.facts});
    for (const Family& family : specs_.families) {
      if (!meant_for(family, port)) continue;
      const std::vector<Case> cases = cases_to_run(family, port);
      for (const ProcessRow& row : family.processes) {
        std::vector<Case> of_row;
        std::copy_if(cases.begin(), cases.end(), std::back_inserter(of_row),
                     [&](const Case& one) { return one.process == &row; });
        if (!of_row.empty()) plan_row(port, plain, row, of_row);
      }
    }
    return true;
  }

  std::vector<Case> cases_to_run(const Family& family, const Port& port) const {
    std::vector<Case> cases;
    for (const Case& one : cases_of(family)) {
      if (!selected(options_.selection, one) || !in_shard(options_.shard, port.name, one.id()))
        continue;
      if (options_.already_done && options_.already_done(port.name, one.id())) continue;
      cases.push_back(one);
    }
    return cases;
  }

  void plan_row(const Port& port, const ProbeResult& plain, const ProcessRow& row,
                const std::vector<Case>& cases) {
    if (stop_.load()) return;
    const bool row_applies =
        row.where.holds(plain.facts) &&
        std::all_of(row.requirements.begin(), row.requirements.end(),
                    [&](const std::string& feature) {
                      const auto found = plain.facts.find(feature);
                      return found != plain.facts.end() && found->second == Fact(true);
                    });
    const ProbeResult& probe = row_applies ? probed(port, row) : plain;
    std::vector<Case> running;
    for (const Case& one : cases) {
      if (!probe.failure.empty()) {
        Observation observation;
        observation.ending = Observation::Ending::HarnessError;
        observation.ending_detail = fmt::format("with {} {}", joined(row.options), probe.failure);
        immediate_.push_back(graded(port, one, std::move(observation), {}, plain.facts));
      } else if (const std::string reason = why_skipped(one, probe.facts); !reason.empty()) {
        immediate_.push_back(graded(port, one, {}, {}, probe.facts));
      } else {
        running.push_back(one);
      }
    }
    for (Group& group : make_groups(running, probe.facts))
      jobs_.push_back({std::move(group), &port, &probe});
  }

  Result graded(const Port& port, const Case& one, Observation observation, const Canary& canary,
                const Facts& facts) {
    GradingContext context{facts, canary, is_parallel(facts)};
    Result result = grade(one, std::move(observation), context);
    result.port = port.name;
    if (options_.amend) {
      const std::lock_guard<std::mutex> guard(amending_);
      options_.amend(result);
    }
    judge_the_judge(*one.scenario, result);
    if (options_.repeat_command) result.repeat = options_.repeat_command(port.name, result.id);
    return result;
  }

  // --- running

  int processors() const {
    return options_.jobs > 0 ? options_.jobs : std::max(1u, std::thread::hardware_concurrency());
  }

  void execute() {
    free_ = processors();
    std::list<std::thread> threads;
    std::unique_lock<std::mutex> lock(mutex_);
    while (true) {
      start_what_fits(threads);
      changed_.wait_for(lock, std::chrono::milliseconds(100));
      deliver(lock);
      if (running_ == 0 && (jobs_.empty() || stop_.load())) break;
    }
    lock.unlock();
    for (std::thread& thread : threads) thread.join();
    lock.lock();
    deliver(lock);
  }

  void start_what_fits(std::list<std::thread>& threads) {
    for (auto job = jobs_.begin(); job != jobs_.end() && !stop_.load();) {
      const int wanted = std::min(job->group.processors, processors());
      if (wanted > free_ || (job->group.exclusive && exclusive_running_)) {
        ++job;
        continue;
      }
      free_ -= wanted;
      ++running_;
      exclusive_running_ |= job->group.exclusive;
      threads.emplace_back([this, mine = std::move(*job), wanted] { perform(mine, wanted); });
      job = jobs_.erase(job);
    }
  }

  void deliver(std::unique_lock<std::mutex>& lock) {
    while (!results_.empty()) {
      Result result = std::move(results_.front());
      results_.pop_front();
      lock.unlock();
      observer_.on_result(std::move(result));
      lock.lock();
    }
    lock.unlock();
    if (observer_.on_tick) observer_.on_tick();
    lock.lock();
  }

  Effort effort_for(const Job& job) {
    Effort effort = effort_of(options_.tier);
    if (!options_.budget) return effort;
    const double left =
        *options_.budget - std::chrono::duration<double>(Clock::now() - began_).count();
    const double lanes = job.group.exclusive ? 1 : processors();
    const std::lock_guard<std::mutex> guard(mutex_);
    effort.litmus_seconds = std::clamp(0.8 * left * lanes / std::max(1, litmus_left_), 0.02, 60.0);
    for (const Case& one : job.group.cases) litmus_left_ -= takes_time(one);
    return effort;
  }

  void perform(const Job& job, int processors_taken) {
    std::set<std::string> handed_over;  // a case gets one result, whatever goes wrong after it
    try {
      std::optional<MachineLock> machine;
      std::string trouble;
      if (job.group.exclusive) machine.emplace(machine_lock_path(), stop_, trouble);
      GroupSettings settings{job.port, job.probe, &specs_.catalogue, effort_for(job),
                             options_.seed};
      run_group(
          job.group, settings, stop_,
          [&](const Case& one, Observation observation, const Canary& canary, const Facts& facts) {
            handed_over.insert(one.id());
            push(graded(*job.port, one, std::move(observation), canary, facts));
          });
    } catch (const std::exception& error) {
      for (const Case& one : job.group.cases) {
        if (handed_over.contains(one.id())) continue;
        Observation observation;
        observation.ending = Observation::Ending::HarnessError;
        observation.ending_detail = error.what();
        push(graded(*job.port, one, std::move(observation), {}, job.probe->facts));
      }
    }
    const std::lock_guard<std::mutex> guard(mutex_);
    free_ += processors_taken;
    --running_;
    if (job.group.exclusive) exclusive_running_ = false;
    changed_.notify_all();
  }

  void push(Result result) {
    const std::lock_guard<std::mutex> guard(mutex_);
    results_.push_back(std::move(result));
    changed_.notify_all();
  }

  const SpecSet& specs_;
  const SuiteOptions& options_;
  const SuiteObserver& observer_;
  const std::atomic<bool>& stop_;
  const Clock::time_point began_;
  ProbeCache& probes_;  // node-based: references stay good
  std::vector<Result> immediate_;

  std::mutex amending_;
  std::mutex mutex_;  // guards everything below
  std::condition_variable changed_;
  std::list<Job> jobs_;
  std::deque<Result> results_;
  int free_ = 1;
  int running_ = 0;
  bool exclusive_running_ = false;
  int litmus_left_ = 0;
};

}  // namespace

SuiteEnd run_suite(const SpecSet& specs, const SuiteOptions& options, const SuiteObserver& observer,
                   const std::atomic<bool>& stop) {
  ProbeCache probes;
  return run_suite(specs, options, observer, stop, probes);
}

SuiteEnd run_suite(const SpecSet& specs, const SuiteOptions& options, const SuiteObserver& observer,
                   const std::atomic<bool>& stop, ProbeCache& probes) {
  return Suite(specs, options, observer, stop, probes).run();
}

}  // namespace conformance
