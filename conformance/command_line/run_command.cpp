// heddle run: specs and ports in, verdicts out.

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <unistd.h>

#include "conformance/command_line/commands.h"
#include "conformance/command_line/locations.h"
#include "conformance/command_line/output_file.h"
#include "conformance/command_line/progress.h"
#include "conformance/command_line/stop_signal.h"
#include "conformance/driver/history_plan.h"
#include "conformance/outcome/grading.h"
#include "conformance/report/expectations.h"
#include "conformance/report/report.h"
#include "conformance/runner/suite_runner.h"

namespace conformance {
namespace {

constexpr int kUsageError = 4;
constexpr int kInterrupted = 130;

void complain(const std::string& text) { std::fputs(("heddle: " + text + "\n").c_str(), stderr); }

void print(const Diagnostics& diagnostics) {
  for (const Diagnostic& one : diagnostics) std::fputs((to_string(one) + "\n").c_str(), stderr);
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

// In single quotes for a shell, unless nothing in it needs them.
std::string quoted(const std::string& text) {
  const bool plain = !text.empty() &&
                     text.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=-@+") ==
                         std::string::npos;
  if (plain) return text;
  std::string result = "'";
  for (char character : text)
    result += character == '\'' ? std::string("'\\''") : std::string(1, character);
  return result + "'";
}

// The ports to judge: those named; else the ones that the selected harness families are meant for;
// else python3.
std::vector<std::string> port_names(const RunCommand& command, const SpecSet& specs) {
  if (!command.ports.empty()) return command.ports;
  std::set<std::string> names;
  bool ordinary = false;
  for (const Family& family : specs.families) {
    names.insert(family.ports.begin(), family.ports.end());
    ordinary |= family.ports.empty();
  }
  if (ordinary || names.empty()) names.insert("python3");
  return {names.begin(), names.end()};
}

class Run {
 public:
  explicit Run(const RunCommand& command) : command_(command), places_(find_locations()) {}

  int perform() {
    if (!read_options()) return kUsageError;
    SpecSet specs = load_specs(command_.specs, places_.specs);
    for (const Family& family : specs.families) {
      for (const Scenario& scenario : family.scenarios) {
        check_rules(family, scenario, specs.diagnostics);
        check_history(family, scenario, specs.diagnostics);
      }
    }
    print(specs.diagnostics);
    if (has_errors(specs.diagnostics)) exit_ = kUsageError;
    drop_faulty(specs);
    if (specs.families.empty()) {
      if (exit_ == 0) complain("nothing selected: no family or case matches");
      return kUsageError;
    }
    if (!find_ports(port_names(command_, specs))) return kUsageError;
    if (command_.update_expectations && options_.ports.size() > 1) {
      complain("--update-expectations writes one file for one port; name one --port");
      return kUsageError;
    }
    open_outputs();
    const StopSignal guard;
    SuiteEnd end = run_suite(specs, options_, observer(), guard.flag());
    progress_->clear();
    if (end.port_failed) exit_ = stronger_exit(exit_, kUsageError);
    finish(end.interrupted);
    return end.interrupted ? kInterrupted : exit_;
  }

 private:
  bool read_options() {
    const std::optional<Tier> tier = parse_tier(command_.tier);
    if (!tier)
      return usage("--tier is sanity, quick, default or thorough, not '" + command_.tier + "'");
    options_.tier = *tier;
    if (!command_.budget.empty()) {
      options_.budget = parse_duration(command_.budget);
      if (!options_.budget)
        return usage("--budget is a time like 90s, 5m or 1h, not '" + command_.budget + "'");
    }
    if (!command_.shard.empty()) {
      const std::optional<Shard> shard = parse_shard(command_.shard);
      if (!shard) return usage("--shard is i/n with 1 <= i <= n, not '" + command_.shard + "'");
      options_.shard = *shard;
    }
    if (command_.jobs < 0) return usage("--jobs is a number from 1");
    options_.jobs = command_.jobs;
    options_.seed = command_.seed != 0 ? command_.seed : std::random_device{}() % 1000000 + 1;
    options_.selection = command_.specs;
    if (command_.update_expectations && command_.expectations.empty()) {
      return usage("--update-expectations needs --expectations FILE, the file to write");
    }
    options_.amend = [this](Result& result) { apply(expectations_[result.port], result, today()); };
    options_.repeat_command = [this](const std::string& port, const std::string& id) {
      return fmt::format("heddle run {} --port {} --tier {} --seed {}", quoted(id), quoted(port),
                         to_string(options_.tier), options_.seed);
    };
    return true;
  }

  static bool usage(const std::string& text) {
    complain(text);
    return false;
  }

  // A family whose rules are not sound is not run; the others are.
  static void drop_faulty(SpecSet& specs) {
    std::set<std::string> faulty;
    for (const Diagnostic& one : specs.diagnostics) {
      if (one.severity == Severity::Error) faulty.insert(one.file);
    }
    std::erase_if(specs.families,
                  [&](const Family& family) { return faulty.contains(family.file); });
  }

  bool find_ports(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      Diagnostics diagnostics;
      std::optional<Port> port = find_port(name, places_.ports, places_.fake_program, diagnostics);
      print(diagnostics);
      if (!port) {
        exit_ = kUsageError;
        continue;
      }
      expectations_[port->name] = read_expectations(*port);
      options_.ports.push_back(std::move(*port));
    }
    return !options_.ports.empty();
  }

  Expectations read_expectations(const Port& port) {
    std::string path = !command_.expectations.empty() ? command_.expectations : port.expectations;
    if (path.empty() && port.name == "fake") path = places_.specs + "/harness/expectations.yaml";
    if (path.empty()) return {};
    if (command_.update_expectations && ::access(path.c_str(), F_OK) != 0) return {path, {}};
    Diagnostics diagnostics;
    Expectations expectations = load_expectations(path, diagnostics);
    warn_of_expired(expectations, today(), diagnostics);
    print(diagnostics);
    if (has_errors(diagnostics)) exit_ = kUsageError;
    return expectations;
  }

  void open_outputs() {
    const bool terminal = ::isatty(STDERR_FILENO) != 0;
    const bool color = terminal && std::getenv("NO_COLOR") == nullptr;
    progress_ = std::make_unique<Progress>(choose_progress(command_.progress, terminal), color);
    style_.color = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    style_.verbose = command_.verbose;
    header_.heddle_version = HEDDLE_VERSION;
    header_.seed = options_.seed;
    header_.tier =
        command_.budget.empty() ? command_.tier : command_.tier + ", budget " + command_.budget;
    header_.shard = command_.shard;
    if (!command_.resume.empty()) {
      resume();
    } else if (!command_.jsonl.empty()) {
      lines_.push_back(std::make_unique<LineFile>(command_.jsonl, 0));
    }
  }

  // What a file of results holds is done; the file is continued behind its last whole line.
  void resume() {
    std::uint64_t keep = 0;
    if (::access(command_.resume.c_str(), F_OK) == 0) {
      Diagnostics diagnostics;
      ResultsFile before = read_results(command_.resume, diagnostics);
      print(diagnostics);
      if (has_errors(diagnostics))
        throw OutputError(command_.resume + " is not a file of results; nothing was run");
      keep = before.good_bytes;
      for (Result& result : before.results) {
        done_.insert({result.port, result.id});
        results_.push_back(std::move(result));
      }
    }
    lines_.push_back(std::make_unique<LineFile>(command_.resume, keep));
    if (!command_.jsonl.empty() && command_.jsonl != command_.resume)
      lines_.push_back(std::make_unique<LineFile>(command_.jsonl, 0));
    options_.already_done = [this](const std::string& port, const std::string& id) {
      return done_.contains({port, id});
    };
  }

  SuiteObserver observer() {
    SuiteObserver observer;
    observer.on_port = [this](const RunHeader::PortHeader& port) { header_.ports.push_back(port); };
    observer.on_trouble = [this](const std::string& text) {
      progress_->clear();
      complain(text);
    };
    observer.on_plan = [this](int total) {
      progress_->plan(total);
      write_line(to_json_line(header_));
    };
    observer.on_result = [this](Result result) { take(std::move(result)); };
    observer.on_tick = [this] { progress_->tick(); };
    return observer;
  }

  void take(Result result) {
    write_line(to_json_line(result));
    progress_->add(result.verdict);
    if (is_failure(result.verdict) || style_.verbose) {
      progress_->clear();
      std::fputs((to_text(result, style_) + "\n").c_str(), stdout);
      std::fflush(stdout);
    }
    results_.push_back(std::move(result));
  }

  void write_line(const std::string& line) {
    for (const std::unique_ptr<LineFile>& file : lines_) file->write_line(line);
  }

  void finish(bool interrupted) {
    for (const std::unique_ptr<LineFile>& file : lines_) file->close();
    if (!command_.junit.empty()) write_whole_file(command_.junit, to_junit(header_, results_));
    if (command_.update_expectations) {
      for (auto& [port, expectations] : expectations_) {
        std::vector<Result> own;
        std::copy_if(results_.begin(), results_.end(), std::back_inserter(own),
                     [&](const Result& one) { return one.port == port; });
        write_whole_file(command_.expectations, updated(expectations, own));
      }
    }
    for (const RunHeader::PortHeader& port : header_.ports) {
      std::vector<Result> own;
      std::copy_if(results_.begin(), results_.end(), std::back_inserter(own),
                   [&](const Result& one) { return one.port == port.name; });
      std::fputs(to_summary(header_, port.name, own, style_).c_str(), stdout);
    }
    if (interrupted)
      std::fputs(
          "Interrupted: what had finished is above and in the files; --resume goes on from "
          "there.\n",
          stdout);
    if (std::fflush(stdout) != 0) throw OutputError("cannot write to standard output");
    for (const Result& result : results_)
      exit_ = stronger_exit(exit_, exit_status(result.verdict, command_.require_witness));
  }

  const RunCommand& command_;
  Locations places_;
  SuiteOptions options_;
  std::map<std::string, Expectations> expectations_;  // by port
  std::unique_ptr<Progress> progress_;
  TextStyle style_;
  RunHeader header_;
  std::vector<std::unique_ptr<LineFile>> lines_;
  std::set<std::pair<std::string, std::string>> done_;
  std::vector<Result> results_;
  int exit_ = 0;
};

}  // namespace

int run(const RunCommand& command) {
  try {
    return Run(command).perform();
  } catch (const std::exception& error) {
    complain(error.what());
    return kUsageError;
  }
}

}  // namespace conformance
