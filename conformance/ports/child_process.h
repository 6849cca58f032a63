// A child process that cannot hurt us: own session and group, bounded output, killed with
// everything it started.
//
// posix_spawn, pidfd, poll; packaged libraries know neither process groups nor floods. One
// ChildProcess is used by one thread; distinct ones are independent. Output moves only while
// somebody waits: a child that floods stands still between two waits.
//
// The first start makes this process adopt the orphans among its descendants
// (PR_SET_CHILD_SUBREAPER), so that they can be found. A program that starts children by other
// means must leave them in its own session.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace conformance {

struct ChildCommand {
  std::vector<std::string> arguments;  // the first one is looked up in PATH
  std::map<std::string, std::string>
      environment;        // added to ours; an empty value with name "-NAME" removes NAME
  std::string directory;  // working directory; empty: ours
  std::size_t output_limit =
      64 * 1024;  // of each stream the first half and the last half of this many bytes are kept
};

// How a child ended.
struct ChildEnding {
  bool exited = false;
  int status = 0;  // exit status when exited, otherwise the signal's number
  bool killed_by_us = false;
  std::string name()
      const;  // "exit status 3", "SIGSEGV", "SIGKILL": what was seen and nothing more, for outcomes
  std::string to_string()
      const;  // for a person: the same, and "SIGKILL (out of memory?)", "SIGTERM (from us)"
  bool crashed() const { return !exited; }
};

// "SIGSEGV" for 11; "signal 77" for one without a name.
std::string signal_name(int number);

class ChildProcess {
 public:
  // Starts it; on failure returns null and `error` says what a person can do: "command not found:
  // pytohn3", "not executable: ...".
  static std::unique_ptr<ChildProcess> start(const ChildCommand& command, std::string& error);
  ~ChildProcess();  // kills the whole group, reaps
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Moves output, waits at most `patience`; returns true once the child itself has ended (its
  // children may live on until kill).
  bool wait(std::chrono::milliseconds patience);
  const std::optional<ChildEnding>& ending() const;

  void signal_child(int number);  // the child alone (stack dumps)
  void kill_group();  // SIGKILL to the group and to what escaped into sessions of its own, as far
                      // as they can be found; reaps
  bool left_children_behind()
      const;  // known after kill_group(): somebody of the group was alive after the child had ended

  const std::string& output()
      const;  // bounded; "... 1234567 bytes left out ..." in the middle where it flooded
  const std::string& error_output() const;
  std::uint64_t output_bytes() const;  // all that was written, kept or not
  int pid() const;
  double cpu_seconds() const;  // of the child, once ended

 private:
  struct State;
  explicit ChildProcess(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace conformance
