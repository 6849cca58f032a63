// A port: a command line that runs a Python, what to set around it, what it lacks. Nothing here
// knows any implementation.
//
// `--port` takes a name of conformance/ports/*.yaml, a path to such a file, or a command
// ("python3.14t -X gil=0"; quotes as in a shell). Two names are ours: `fake` is the fake port
// beside this program, `reference` is heddle-python,
// with what it is known to break (expectations/reference.yaml). A command that begins with the word heddle-python
// or heddle-python-gil means the one that was built beside this program, or by the preset `gil`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/spec/diagnostic.h"

namespace conformance {

struct MissingFeature {
  std::string feature;
  std::string because;
};

struct Port {
  std::string name;  // as typed, or the file's stem
  std::vector<std::string>
      command;  // interpreter and leading options; the driver's path is added behind
  std::map<std::string, std::string> environment;
  std::vector<MissingFeature> lacks;  // features taken away, each with a reason
  std::string expectations;           // path; empty: none
  std::string
      sanitizer;  // "", "thread", "address": time limits are 20 times longer, logs are collected
};

// Splits a command as a shell would, without expanding anything: blanks, '...', "...", backslash.
std::vector<std::string> split_command(std::string_view text, std::string& error);

// `directory` holds the port files and the fake port's program is `fake_program`. Null and
// diagnostics on failure.
std::optional<Port> find_port(const std::string& text, const std::string& directory,
                              const std::string& fake_program, Diagnostics& diagnostics);

}  // namespace conformance
