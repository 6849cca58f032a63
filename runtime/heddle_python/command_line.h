// The command line of heddle-python: Python's own, where it has the option.
//
//   heddle-python [options] [-c CODE | FILE | -] [arguments]
//
// What follows -c CODE, FILE or - belongs to the program. The environment says what options do not
// (PYTHON_GIL, PYTHONHASHSEED, ...), unless -E or -I tells to leave it alone. What makes no sense
// stops the start with a reason.
//
// Ancestry: https://docs.python.org/3/using/cmdline.html; CPython's Python/initconfig.c.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/embedding/python.h"

namespace runtime {

enum class Action { kText, kFile, kPrompt, kShowVersion, kShowLongVersion, kShowHelp };

struct CommandLine {
  Action action = Action::kPrompt;
  std::string text;  // of -c, or the path of the file
  bool disassembles = false;
  PythonOptions python;
  // Scheduled builds: which schedule the program runs under.
  std::uint64_t schedule_seed = 1;
  bool schedules_by_priority = false;  // PCT instead of uniform choices
};

// Why the program does not start: what to print to standard error, and the exit status.
struct Refusal {
  std::string message;
  int status;
};

struct ParsedCommandLine {
  CommandLine command;
  std::optional<Refusal> refusal;
};

using Environment = std::function<const char*(const char* name)>;

// `arguments` begins with the name of the program.
[[nodiscard]] ParsedCommandLine parse_command_line(const std::vector<std::string>& arguments,
                                                   const Environment& environment);

[[nodiscard]] std::string usage_text();

}  // namespace runtime
