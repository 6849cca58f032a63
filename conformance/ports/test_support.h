// For the tests of this floor: a folder that vanishes, files in it, drivers for the fake port, and
// waits with patience.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdlib.h>
#include <string>
#include <vector>

#include "conformance/ports/child_process.h"

namespace conformance {

inline constexpr std::chrono::seconds kPatience{
    60};  // for what surely happens, however busy the machine is
inline const std::string kFakePort = HEDDLE_BINARY_DIR "/heddle-fake-port";

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "heddle-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a folder");
    path_ = pattern;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(*this / name, std::ios::binary) << text;
    return *this / name;
  }
  std::string write_program(const std::string& name, const std::string& text) const {
    const std::string path = write(name, text);
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }

 private:
  std::string path_;
};

inline std::string read_whole_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline std::unique_ptr<ChildProcess> start_child(
    std::vector<std::string> arguments, std::map<std::string, std::string> environment = {}) {
  ChildCommand command;
  command.arguments = std::move(arguments);
  command.environment = std::move(environment);
  std::string error;
  std::unique_ptr<ChildProcess> child = ChildProcess::start(command, error);
  EXPECT_NE(child, nullptr) << error;
  return child;
}

// Waits on the child until `met`, which may look at its output. False when patience ran out.
inline bool wait_until(ChildProcess& child, const std::function<bool()>& met) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!met()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    child.wait(std::chrono::milliseconds(5));
  }
  return true;
}

// A driver that holds this plan and nothing else.
inline std::string driver_with(const nlohmann::json& plan) {
  return "import json\nPLAN = json.loads(r'''" + plan.dump(-1, ' ', true) + "''')\nmain()\n";
}

// A plan of one litmus scenario called "one" that is told to do `script`: lines without "# fake:".
inline nlohmann::json plan_for(const std::vector<std::string>& script,
                               const std::string& mode = "run") {
  std::string module;
  for (const std::string& line : script) module += "# fake: " + line + "\n";
  return {{"protocol", 1},
          {"mode", mode},
          {"seed", 1},
          {"canary_seconds", 1},
          {"facts", nlohmann::json::object()},
          {"features",
           {{"fake_port", {{"text", "return True"}, {"line", 1}}},
            {"threads", {{"text", "return True"}, {"line", 2}}}}},
          {"scenarios",
           {{{"id", "one"}, {"kind", "litmus"}, {"module", {{"text", module}, {"line", 1}}}}}}};
}

}  // namespace conformance
