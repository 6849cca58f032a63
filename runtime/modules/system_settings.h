// What the command line and the environment say of a runtime: what the module sys shows of them.
//
// Ancestry: PEP 587 (PyConfig).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/object/ref.h"
#include "runtime/object/result.h"

namespace runtime {

struct SystemSettings {
  std::string executable;              // sys.executable
  std::vector<std::string> arguments;  // sys.argv
  std::vector<std::string> original;   // sys.orig_argv
  std::vector<std::string> paths;      // sys.path
  // -X name or -X name=value; without a value it is True.
  std::vector<std::pair<std::string, std::optional<std::string>>> options;
  std::vector<std::string> warn_options;  // -W
  bool is_interactive = false;
  bool writes_bytecode = true;       // false: -B
  bool ignores_environment = false;  // -E
  bool is_isolated = false;          // -I
  bool is_quiet = false;
  int verbosity = 0;
  int optimization = 0;
  bool is_developer_mode = false;
  int thread_inherit_context = -1;  // -1: as the profile says
  int context_aware_warnings = -1;
  int gil = -1;  // -X gil
  bool randomizes_hashes = true;
  bool is_unbuffered = false;  // -u
};

// Makes the module sys with everything that does not change, then what the settings say.
Result<Done> configure_sys(ThreadState& thread, const SystemSettings& settings);

}  // namespace runtime
