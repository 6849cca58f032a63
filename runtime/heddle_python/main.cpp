// heddle-python: reads its command line, runs what it says, ends.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>
#include <vector>

#include "runtime/embedding/python.h"
#include "runtime/heddle_python/command_line.h"
#include "runtime/heddle_python/scheduled_run.h"
#include "runtime/modules/version.h"

namespace {

std::string path_of_program(const char* name) {
  char path[4096];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof(path));
  return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : std::string(name);
}

int run(runtime::Python& python, const runtime::CommandLine& command) {
  using runtime::Action;
  if (command.action == Action::kFile && !command.disassembles)
    return python.run_file(command.text);
  if (command.action == Action::kText) {
    return command.disassembles ? python.disassemble_text(command.text, "<string>")
                                : python.run_text(command.text, "<string>");
  }
  if (command.action == Action::kFile) return python.disassemble_file(command.text);
  return python.run_prompt();
}

// The whole life of a runtime. The exit status.
int run_command(const runtime::CommandLine& command) {
  runtime::Python python(command.python);
  const int status = python.finish(run(python, command));
  if (python.leaves_objects()) {
    std::fflush(nullptr);
    ::_exit(status);
  }
  return status;
}

}  // namespace

int main(int count, char** values) {
  using runtime::Action;
  const std::vector<std::string> arguments(values, values + count);
  runtime::ParsedCommandLine parsed =
      runtime::parse_command_line(arguments, [](const char* name) { return std::getenv(name); });
  if (parsed.refusal) {
    std::fputs(parsed.refusal->message.c_str(), stderr);
    return parsed.refusal->status;
  }
  runtime::CommandLine& command = parsed.command;
  switch (command.action) {
    case Action::kShowHelp:
      std::fputs(runtime::usage_text().c_str(), stdout);
      return 0;
    case Action::kShowVersion:
      std::puts(runtime::short_version_text(command.python.profile).c_str());
      return 0;
    case Action::kShowLongVersion:
      std::printf("Python %s\n", runtime::version_text(command.python.profile).c_str());
      return 0;
    default:
      break;
  }
  command.python.settings.executable = path_of_program(values[0]);
#if HEDDLE_SCHEDULED
  return runtime::run_scheduled(command, &run_command);
#else
  return run_command(command);
#endif
}
