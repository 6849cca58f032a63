#include "conformance/runner/driver_run.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <set>
#include <signal.h>
#include <stdexcept>
#include <stdlib.h>

#include "conformance/ports/sanitizer_log.h"

namespace conformance {
namespace {

using Clock = std::chrono::steady_clock;
namespace files = std::filesystem;

constexpr int kKeptProtocolErrors = 5;
constexpr double kExitPatience = 10;  // seconds from `bye` to the end of the process

std::string read_file(const files::path& path, std::size_t limit) {
  std::ifstream stream(path, std::ios::binary);
  std::string text(limit, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(limit));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Turns events into case records, and sanitizer logs into races of the case that was running.
class Watcher {
 public:
  Watcher(DriverRun& run, const std::string& directory)
      : run_(run), directory_(directory), reader_(directory + "/events.jsonl") {}

  // True when there was news.
  bool poll(bool at_end) {
    bool news = false;
    for (const Event& event : reader_.poll(at_end)) {
      std::visit([this](const auto& one) { take(one); }, event);
      news = true;
    }
    return news;
  }

  bool flooded() const { return reader_.bytes_read() >= kProtocolFileLimit; }

  // What the sanitizers have written since the last time, up to `limit` bytes of all their logs,
  // belongs to the case now running. Events are read late and several at once: the driver says with
  // the end of each case how long the logs were then.
  void collect_races(std::size_t limit) {
    if (run_.current.empty()) return;
    const std::string text = all_logs();
    limit = std::min(limit, text.size());
    if (limit <= collected_) return;
    merge_races(run_.cases[run_.current].observation.races,
                parse_sanitizer_log(std::string_view(text).substr(collected_, limit - collected_)));
    collected_ = limit;
  }

 private:
  // One log a process, in the order of their names; a port is one process but for what its cases
  // start.
  std::string all_logs() const {
    std::set<files::path> logs;
    std::error_code error;
    for (const files::directory_entry& entry : files::directory_iterator(directory_, error)) {
      if (entry.path().filename().string().starts_with("sanitizer")) logs.insert(entry.path());
    }
    std::string text;
    for (const files::path& log : logs) text += read_file(log, 16u << 20);
    return text;
  }

  void take(const HelloEvent& event) { run_.hello = event; }
  void take(const CanaryEvent& event) { run_.canary = event.canary; }
  void take(const ByeEvent&) { run_.bye = true; }

  void take(const BeginEvent& event) {
    run_.current = event.scenario;
    run_.cases[event.scenario].begun = true;
  }

  void take(const CountsEvent& event) {
    CaseRecord& record = run_.cases[event.scenario];
    if (event.final) {
      record.ended = true;
      if (event.scenario == run_.current) collect_races(event.sanitizer_bytes.value_or(0));
    }
    Observation& observation = record.observation;
    observation.samples = event.samples;
    observation.overlapped = event.overlapped;
    observation.seconds = event.seconds;
    observation.outcomes = event.outcomes;
    observation.notes.insert(observation.notes.end(), event.notes.begin(), event.notes.end());
    if (event.final) {
      observation.ending = observation.problems.empty() ? Observation::Ending::Finished
                                                        : Observation::Ending::SpecProblem;
    }
  }

  void take(const ProblemEvent& event) {
    run_.cases[event.scenario].observation.problems.push_back(event.problem);
  }

  void take(const ClockEvent& event) { run_.cases[event.scenario].clock = event; }
  void take(const HistoryEvent& event) { run_.cases[event.scenario].histories.push_back(event); }

  void take(const ProtocolError& error) {
    if (error.unknown_event) return;  // a newer driver may say more
    ++run_.protocol_error_count;
    if (run_.protocol_errors.size() < kKeptProtocolErrors) {
      run_.protocol_errors.push_back(fmt::format("line {}: {}", error.line, error.message));
    }
  }

  DriverRun& run_;
  std::string directory_;
  ProtocolReader reader_;
  std::size_t collected_ = 0;  // bytes of the logs
};

ChildCommand command_for(const DriverRunSettings& settings, const std::string& directory) {
  ChildCommand command;
  command.arguments = settings.port->command;
  command.arguments.insert(command.arguments.end(), settings.options.begin(),
                           settings.options.end());
  command.arguments.insert(
      command.arguments.end(),
      {directory + "/driver.py", directory + "/events.jsonl", directory + "/modules"});
  for (const char* name : {"TSAN_OPTIONS", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
    const char* inherited = ::getenv(name);
    const auto own = settings.port->environment.find(name);
    std::string text = own != settings.port->environment.end() ? own->second
                       : inherited != nullptr                  ? inherited
                                                               : "";
    if (!text.empty()) text += ":";
    command.environment[name] = text + "log_path=" + directory + "/sanitizer:halt_on_error=0";
  }
  for (const auto& [name, value] : settings.port->environment) {
    if (!command.environment.contains(name)) command.environment[name] = value;
  }
  for (const auto& [name, value] : settings.environment) command.environment[name] = value;
  return command;
}

void write_driver(const std::string& directory, const DriverPlan& plan) {
  files::create_directory(directory + "/modules");
  std::ofstream stream(directory + "/driver.py", std::ios::binary);
  stream << driver_program(plan);
  stream.close();
  if (!stream)
    throw std::runtime_error("cannot write " + directory + "/driver.py: " + std::strerror(errno));
}

// Asks a runtime that hangs for the stacks of its threads (the driver registers SIGUSR1 where it
// can).
void dump_stacks(ChildProcess& child, DriverRun& run, const std::string& directory) {
  const files::path path = directory + "/events.jsonl.stacks";
  std::error_code error;
  if (!files::exists(path, error)) return;  // no handler: the signal would kill
  child.signal_child(SIGUSR1);
  for (int attempt = 0; attempt < 20 && !child.wait(std::chrono::milliseconds(25)); ++attempt) {
    run.stacks = read_file(path, 64 * 1024);
    if (!run.stacks.empty() && attempt > 2) break;
  }
}

// How long it may be silent where it is now.
double patience_now(const DriverRunSettings& settings, const DriverRun& run) {
  if (run.bye) return kExitPatience;
  if (run.current.empty()) return run.hello ? settings.canary_patience : settings.start_patience;
  const auto own = settings.patience_of_case.find(run.current);
  return own != settings.patience_of_case.end() ? own->second : settings.patience;
}

void watch(ChildProcess& child, Watcher& watcher, const DriverRunSettings& settings,
           const std::atomic<bool>& stop, DriverRun& run, const std::string& directory) {
  const double scale = settings.port->sanitizer.empty() ? 1 : 20;
  Clock::time_point last_sign = Clock::now();
  while (!child.wait(std::chrono::milliseconds(20))) {
    if (watcher.poll(false)) last_sign = Clock::now();
    if (stop.load()) {
      run.interrupted = true;
      return;
    }
    if (seconds_since(last_sign) > patience_now(settings, run) * scale || watcher.flooded()) {
      run.hung = true;
      dump_stacks(child, run, directory);
      return;
    }
  }
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::error_code error;
  files::path base = files::temp_directory_path(error);
  if (error) base = "/tmp";
  std::string pattern = (base / "heddle-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::runtime_error("cannot make a directory in " + base.string() + ": " +
                             std::strerror(errno));
  }
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code error;
  files::remove_all(path_, error);
}

std::string DriverRun::how_it_ended() const {
  if (!start_error.empty()) return start_error;
  std::string text = hung ? "no sign of life" : ending ? ending->to_string() : "still running";
  if (!protocol_errors.empty()) {
    text += fmt::format("; {} bad line{} in its events, {}", protocol_error_count,
                        protocol_error_count == 1 ? "" : "s", protocol_errors.front());
  }
  std::string last = error_output.empty() ? output : error_output;
  while (!last.empty() && (last.back() == '\n' || last.back() == ' ')) last.pop_back();
  const std::size_t newline = last.rfind('\n');
  if (newline != std::string::npos) last = last.substr(newline + 1);
  if (!last.empty()) text += "; it said: " + last.substr(0, 300);
  return text;
}

DriverRun run_driver(const DriverRunSettings& settings, const DriverPlan& plan,
                     const std::atomic<bool>& stop) {
  DriverRun run;
  const Clock::time_point began = Clock::now();
  TemporaryDirectory directory;
  write_driver(directory.path(), plan);
  Watcher watcher(run, directory.path());
  std::unique_ptr<ChildProcess> child =
      ChildProcess::start(command_for(settings, directory.path()), run.start_error);
  if (child == nullptr) return run;
  watch(*child, watcher, settings, stop, run, directory.path());
  child->kill_group();
  watcher.poll(true);
  watcher.collect_races(std::string::npos);
  run.ending = child->ending();
  run.left_children = child->left_children_behind();
  run.output = child->output();
  run.error_output = child->error_output();
  run.output_bytes = child->output_bytes();
  if (run.stacks.empty())
    run.stacks = read_file(directory.path() + "/events.jsonl.stacks", 64 * 1024);
  if (!run.current.empty()) {
    merge_races(run.cases[run.current].observation.races, parse_sanitizer_log(run.error_output));
  }
  run.seconds = seconds_since(began);
  return run;
}

}  // namespace conformance
