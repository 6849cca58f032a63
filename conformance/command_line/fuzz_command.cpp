// heddle fuzz: programs on one container of a port, from a seed, until one run has no explanation.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fmt/format.h>
#include <optional>
#include <random>
#include <sstream>

#include "conformance/command_line/commands.h"
#include "conformance/command_line/locations.h"
#include "conformance/command_line/output_file.h"
#include "conformance/command_line/stop_signal.h"
#include "conformance/driver/history_methods.h"
#include "conformance/history/history_writer.h"
#include "conformance/linearizability/answer_page.h"
#include "conformance/outcome/grading.h"
#include "conformance/outcome/wording.h"
#include "conformance/report/report.h"
#include "conformance/runner/fuzz.h"
#include "conformance/runner/history_spec.h"
#include "conformance/runner/history_text.h"
#include "conformance/runner/suite_runner.h"
#include "conformance/spec/advice.h"

namespace conformance {
namespace {

constexpr int kUsageError = 4, kVoid = 5, kInterrupted = 130;
constexpr std::int64_t kCoarseClock = 1000;  // nanoseconds

void complain(const std::string& text) { std::fputs(("heddle: " + text + "\n").c_str(), stderr); }

void say(const std::string& text) {
  std::fputs((text + "\n").c_str(), stdout);
  std::fflush(stdout);
}

void print(const Diagnostics& diagnostics) {
  for (const Diagnostic& one : diagnostics) std::fputs((to_string(one) + "\n").c_str(), stderr);
}

std::string percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? "none"
                    : fmt::format("{:.1f} %",
                                  100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string in_quotes(const std::string& text) {
  std::string result = "'";
  for (const char character : text)
    result += character == '\'' ? std::string("'\\''") : std::string(1, character);
  return result + "'";
}

std::string one_line_program(const Program& program) {
  std::string text = to_string(program);
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 3))
    text.replace(at, 1, " | ");
  return text;
}

std::string counts_text(const FuzzCounts& counts) {
  const double seconds = std::max(counts.seconds, 1e-3);
  return fmt::format(
      "{:.0f} s  {} ({:.0f}/s), {} ({:.0f}/s), {} overlapped; {} that differ checked{}",
      counts.seconds, counted(counts.programs, "program"),
      static_cast<double>(counts.programs) / seconds, counted(counts.runs, "run"),
      static_cast<double>(counts.runs) / seconds, percent(counts.overlapped, counts.runs),
      spaced(counts.histories) + (counts.histories == 1 ? " history" : " histories"),
      counts.undecided > 0 ? fmt::format(", {} undecided", spaced(counts.undecided)) : "");
}

class Fuzz {
 public:
  explicit Fuzz(const FuzzCommand& command) : command_(command), places_(find_locations()) {}

  int perform() {
    if (!read_options()) return kUsageError;
    Diagnostics diagnostics;
    catalogue_ = load_catalogue(places_.specs, diagnostics);
    port_ = find_port(command_.port, places_.ports, places_.fake_program, diagnostics);
    print(diagnostics);
    if (!port_ || has_errors(diagnostics)) return kUsageError;
    return command_.pairs || command_.triples ? perform_combinations() : perform_programs();
  }

 private:
  bool usage(const std::string& text) {
    complain(text);
    return false;
  }

  bool read_options() {
    model_ = find_model(command_.model);
    if (model_ == nullptr || !has_default_subject(*model_)) {
      return usage("fuzz knows list, dict, set, deque and queue, not '" + command_.model + "'");
    }
    const std::optional<double> budget = parse_duration(command_.budget);
    if (!budget)
      return usage("--budget is a time like 90s, 5m or 1h, not '" + command_.budget + "'");
    settings_.budget = *budget;
    settings_.shrink_budget = std::max(60.0, *budget);
    settings_.seed = command_.seed != 0 ? command_.seed : std::random_device{}() % 1000000 + 1;
    if (command_.threads < 2 || command_.threads > 16) return usage("--threads is from 2 to 16");
    if (command_.operations < 1 || command_.operations > 64)
      return usage("--operations is from 1 to 64, of each thread");
    settings_.claim.model = command_.model;
    settings_.claim.threads = command_.threads;
    settings_.claim.operations = command_.operations;
    settings_.claim.initial = command_.initial;
    if (command_.bound >= 0) settings_.claim.bound = command_.bound;
    std::string program = command_.program;
    for (std::size_t at = program.find(" | "); at != std::string::npos; at = program.find(" | "))
      program.replace(at, 3, "\n");
    settings_.claim.program = {program, 1};
    for (const std::string& name : command_.methods)
      settings_.claim.table.push_back({name, 1, {}, 1});
    Family family;
    family.file = "--methods, --program or --initial";
    Scenario scenario;
    scenario.history = settings_.claim;
    Diagnostics diagnostics;
    check_history(family, scenario, diagnostics);
    for (const Diagnostic& one : diagnostics)
      complain(one.file + ": " + one.message + (one.advice.empty() ? "" : "; " + one.advice));
    return diagnostics.empty();
  }

  // --- programs

  int perform_programs() {
    const StopSignal guard;
    const ProbeResult found = probe(*port_, {}, {}, catalogue_, guard.flag());
    if (!found.failure.empty()) {
      complain("port " + port_->name + ": " + found.failure);
      return guard.flag().load() ? kInterrupted : kUsageError;
    }
    settings_.port = &*port_;
    settings_.probe = &found;
    say(fmt::format("fuzz {} on {}: {} {}, seed {}", command_.model, port_->name,
                    found.implementation, found.version.substr(0, found.version.find(' ')),
                    settings_.seed));
    FuzzObserver observer;
    observer.on_round = [](const FuzzCounts& counts) { say("  " + counts_text(counts)); };
    observer.on_smaller = [](const MeasuredProgram& one) {
      say(fmt::format("  smaller: {} of {} threads, fails in {} of {}",
                      counted(static_cast<std::int64_t>(one.operations()), "operation"),
                      one.program.size(), spaced(one.failing), counted(one.runs, "run")));
    };
    const FuzzReport report = fuzz(settings_, observer, guard.flag());
    return tell(report, found);
  }

  int tell(const FuzzReport& report, const ProbeResult& found) {
    const FuzzCounts& counts = report.counts;
    if (counts.resolution > kCoarseClock) {
      say(
          fmt::format("The clock {} ticks every {} us, coarser than 1 us: many operations count as "
                      "overlapping, so little could be refused.",
                      counts.clock, spaced(counts.resolution / 1000)));
    }
    if (report.found) {
      tell_failure(report);
      return 1;
    }
    if (!report.trouble.empty()) {
      complain("port " + port_->name + ": " + report.trouble);
      return report.died ? 2 : kUsageError;
    }
    if (report.interrupted) return kInterrupted;
    const auto parallel = found.facts.find("parallel");
    if (counts.overlapped == 0 && parallel != found.facts.end() && parallel->second == Fact(true)) {
      say("void: no two operations overlapped, so nothing was tried");
      return kVoid;
    }
    say(fmt::format("{}: every history of {} on {} has an explanation{}",
                    counts.undecided > 0 ? "undecided" : "clean",
                    counted(counts.programs, "program"), port_->name,
                    counts.undecided > 0 ? fmt::format(", but for {} that could not be decided",
                                                       spaced(counts.undecided))
                                         : ""));
    return 0;
  }

  void tell_failure(const FuzzReport& report) {
    const MeasuredProgram& one = report.smallest ? *report.smallest : *report.found;
    say("\nnot_linearizable: no order of its operations explains what this program showed");
    if (one.failing > 0) {
      say(fmt::format("  fails in {} of {}", spaced(one.failing), counted(one.runs, "run")));
    } else {
      say(fmt::format("  failed in {} of {} when it was found, and in none of {} since",
                      spaced(report.found->failing), counted(report.found->runs, "run"),
                      counted(one.runs, "more run")));
    }
    say("\n" + failure_text(*one.example));
    say(fmt::format(
        "repeat: heddle fuzz {} --port {} --program {}{}{}", command_.model,
        in_quotes(command_.port), in_quotes(one_line_program(one.program)),
        one.start.initial ? " --initial " + in_quotes(to_string(*one.start.initial)) : "",
        one.start.bound ? fmt::format(" --bound {}", *one.start.bound) : ""));
    if (command_.program.empty()) {
      say(fmt::format("found by: heddle fuzz {} --port {} --seed {} --threads {} --operations {}",
                      command_.model, in_quotes(command_.port), report.seed, command_.threads,
                      command_.operations));
    }
    if (!command_.emit_spec.empty()) {
      write_whole_file(command_.emit_spec, program_spec(one.start, one.program));
      say("spec: " + command_.emit_spec);
    }
    if (!command_.emit_history.empty()) {
      std::ostringstream stream;
      write_history(one.example->history, HistoryForm::Operations, stream);
      write_whole_file(command_.emit_history, stream.str());
      say("history: " + command_.emit_history);
    }
    if (!command_.html.empty()) {
      write_whole_file(command_.html,
                       answer_page(one.example->history, *model_, one.example->check));
      say("page: " + command_.html);
    }
  }

  // --- pairs and triples

  bool load_combinations(int threads, SpecSet& specs) {
    for (const GeneratedFamily& one : combinations(*model_, threads)) {
      Family family;
      Diagnostics diagnostics;
      const std::string id = "fuzz/" + one.name;
      const bool good = load_family(one.text, one.name, id, catalogue_, family, diagnostics);
      if (good) {
        for (const Scenario& scenario : family.scenarios)
          check_rules(family, scenario, diagnostics);
      }
      print(diagnostics);
      if (has_errors(diagnostics)) return false;
      specs.families.push_back(std::move(family));
    }
    return true;
  }

  // All families as one file of scenarios with names of their own.
  std::string one_file(int threads) const {
    std::string text = fmt::format(
        "heddle: 1\ntitle: {} of operations on one {}\nrequires: [threads]\nscenarios:\n",
        threads == 3 ? "Triples" : "Pairs", command_.model);
    for (const GeneratedFamily& one : combinations(*model_, threads)) {
      std::string scenarios = one.text.substr(one.text.find("scenarios:\n") + 11);
      const std::string suffix =
          one.name.substr(one.name.rfind(command_.model) + command_.model.size());
      for (std::size_t at = scenarios.find("  - name: "); at != std::string::npos;
           at = scenarios.find("\n  - name: ", at + 1)) {
        const std::size_t end = scenarios.find('\n', at + 1);
        scenarios.insert(end, suffix);
        at = end;
      }
      text += scenarios;
    }
    return text;
  }

  int perform_combinations() {
    const int threads = command_.triples ? 3 : 2;
    SpecSet specs;
    specs.catalogue = catalogue_;
    if (!load_combinations(threads, specs)) return kUsageError;
    std::size_t scenarios = 0;
    for (const Family& family : specs.families) scenarios += family.scenarios.size();
    if (scenarios == 0) {
      complain("no " + std::string(threads == 3 ? "triples" : "pairs") + " of " + command_.model);
      return kUsageError;
    }
    if (!command_.emit_spec.empty()) {
      write_whole_file(command_.emit_spec, one_file(threads));
      say(fmt::format("spec: {}, {} scenarios", command_.emit_spec, scenarios));
    }
    say(fmt::format("fuzz {} on {}: {} {} of operations, seed {}", command_.model, port_->name,
                    scenarios, threads == 3 ? "triples" : "pairs", settings_.seed));
    SuiteOptions options;
    options.ports = {*port_};
    options.tier = Tier::Quick;
    options.budget = settings_.budget;
    options.seed = settings_.seed;
    return run_combinations(specs, options);
  }

  int run_combinations(const SpecSet& specs, const SuiteOptions& options) {
    const StopSignal guard;
    int exit = 0;
    std::int64_t samples = 0, overlapped = 0;
    VerdictCounts verdicts;
    SuiteObserver observer;
    observer.on_trouble = [](const std::string& trouble) { complain(trouble); };
    observer.on_result = [&](Result result) {
      samples += result.observation.samples;
      overlapped += result.observation.overlapped.value_or(0);
      verdicts.add(result.verdict);
      exit = stronger_exit(exit, exit_status(result.verdict, false));
      TextStyle style;
      if (is_failure(result.verdict)) say(to_text(result, style));
    };
    const SuiteEnd end = run_suite(specs, options, observer, guard.flag());
    if (end.port_failed) exit = stronger_exit(exit, kUsageError);
    std::string text;
    for (const Verdict verdict : all_verdicts()) {
      if (const int number = verdicts.counts[verdict]; number > 0)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, to_string(verdict));
    }
    say(fmt::format("{}; {}, {} overlapped", text.empty() ? "nothing ran" : text,
                    counted(samples, "sample"), spaced(overlapped)));
    return end.interrupted ? kInterrupted : exit;
  }

  const FuzzCommand& command_;
  Locations places_;
  Catalogue catalogue_;
  std::optional<Port> port_;
  const Model* model_ = nullptr;
  FuzzSettings settings_;
};

}  // namespace

int fuzz(const FuzzCommand& command) {
  try {
    return Fuzz(command).perform();
  } catch (const std::exception& error) {
    complain(error.what());
    return kUsageError;
  }
}

}  // namespace conformance
