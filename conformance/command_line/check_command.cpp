// heddle check: has a recorded history a sequential explanation?

#include <cctype>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>

#include "conformance/command_line/commands.h"
#include "conformance/command_line/output_file.h"
#include "conformance/history/history_reader.h"
#include "conformance/linearizability/answer_page.h"
#include "conformance/linearizability/answer_text.h"
#include "conformance/outcome/verdict.h"
#include "conformance/runner/tier.h"

namespace conformance {
namespace {

constexpr int kUsageError = 4;
constexpr int kInterrupted = 130;

std::atomic<bool> interrupted = false;

int complain(const std::string& text) {
  std::fputs((text + "\n").c_str(), stderr);
  return kUsageError;
}

// "512M", "2G", "65536" as bytes.
std::optional<std::int64_t> parse_bytes(std::string_view text) {
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || number <= 0 || end - at > 1) return std::nullopt;
  int shift = 0;
  if (at != end) {
    const char unit = static_cast<char>(std::toupper(static_cast<unsigned char>(*at)));
    shift = unit == 'K' ? 10 : unit == 'M' ? 20 : unit == 'G' ? 30 : -1;
  }
  if (shift < 0 || number > (INT64_MAX >> shift)) return std::nullopt;
  return number << shift;
}

// Ctrl-C ends the search, not the report.
class Interruptible {
 public:
  Interruptible() : before_(std::signal(SIGINT, [](int) { interrupted = true; })) {}
  ~Interruptible() { std::signal(SIGINT, before_); }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  void (*before_)(int);
};

int exit_of(Linearizability answer) {
  switch (answer) {
    case Linearizability::Linearizable:
      return exit_status(Verdict::passed, false);
    case Linearizability::NotLinearizable:
      return exit_status(Verdict::not_linearizable, false);
    case Linearizability::Undecided:
      return interrupted ? kInterrupted : exit_status(Verdict::undecided, false);
    case Linearizability::Unusable:
      break;
  }
  return kUsageError;
}

}  // namespace

int check_history(const CheckCommand& command) {
  CheckOptions options;
  options.cancelled = &interrupted;
  if (!command.time_limit.empty()) {
    const std::optional<double> seconds = parse_duration(command.time_limit);
    if (!seconds) {
      return complain("--time-limit is a time like 90s, 5m or 1h, not '" + command.time_limit +
                      "'");
    }
    options.time_limit = std::chrono::nanoseconds(static_cast<std::int64_t>(*seconds * 1e9));
  }
  const std::optional<std::int64_t> memory = parse_bytes(command.memory_limit);
  if (!memory) {
    return complain("--memory-limit is a number of bytes like 512M or 2G, not '" +
                    command.memory_limit + "'");
  }
  options.memory_limit = *memory;
  Diagnostics diagnostics;
  HistoryLimits limits;
  limits.bytes = *memory;
  limits.operations = INT64_MAX;  // each takes bytes
  History history = read_history_file(command.history, limits, diagnostics);
  for (const Diagnostic& one : diagnostics) std::fputs((to_string(one) + "\n").c_str(), stderr);
  if (has_errors(diagnostics)) return kUsageError;
  if (!command.model.empty()) history.metadata.model = command.model;
  if (history.metadata.model.empty()) {
    return complain(command.history + ": error: the header names no model; --model names one");
  }
  const std::string wrong = complaint(history.metadata);
  if (!wrong.empty()) return complain(command.history + ": error: " + wrong);
  const Model& model = *find_model(history.metadata.model);
  CheckResult result;
  {
    const Interruptible interruptible;
    result = check(history, model, options);
  }
  std::fputs(answer_text(history, model, result).c_str(),
             result.answer == Linearizability::Unusable ? stderr : stdout);
  if (!command.html.empty() && result.answer != Linearizability::Unusable) {
    try {
      write_whole_file(command.html, answer_page(history, model, result));
    } catch (const OutputError& error) {
      return complain(error.what());
    }
  }
  return exit_of(result.answer);
}

}  // namespace conformance
