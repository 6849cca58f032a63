// Who descends from a child of ours, also when parents died, sessions changed and groups were left?
//
// A process group is not enough: setsid() leaves it. A parent chain is not enough: it breaks where
// a parent dies, and the orphan goes to init. So the judge makes itself the *subreaper*: orphans
// become its own children, where /proc still shows them. Which child they came from is told by, in
// this order: their session or group (the child leads its own), a parent chain to somebody who is
// known, a mark in the environment they were started with.
//
// Not found are processes that did all of it: changed session, outlived their parent and wiped the
// mark. They are found when only one child is alive, as they can then be nobody else's
// (child_process.cpp).
#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>
#include <vector>

namespace conformance {

struct ProcessEntry {
  pid_t pid = 0, parent = 0, group = 0, session = 0;
  char state = '?';
  std::uint64_t start_time = 0;  // ticks since boot; with the pid it names one process for ever
  // Where its environment lies; both 0 while it is in execve(), and where we may not look.
  std::uint64_t environment_begin = 0, environment_end = 0;
  bool alive() const { return state != 'Z' && state != 'X'; }
};

// The variable that carries the mark. A judge inside a judge appends, so the outer one still finds
// its own.
inline constexpr char kMarkVariable[] = "HEDDLE_CHILD";

// The whole of /proc, as far as it can be read.
std::vector<ProcessEntry> list_processes();

// One process; its `pid` is 0 when there is none of that number.
ProcessEntry process_entry(pid_t pid);

// One line of /proc/PID/stat; false when it is none. The command in it may hold blanks and
// parentheses.
bool parse_process_stat(const std::string& text, ProcessEntry& entry);

// Descendants of `child`, without itself, living and dead. `judge` is the process that adopts
// orphans.
std::vector<ProcessEntry> descendants(const std::vector<ProcessEntry>& all, pid_t child,
                                      const std::string& mark, pid_t judge);

// Is `mark` in the environment that the process was started with?
bool has_mark(pid_t pid, const std::string& mark);

// SIGKILL, if the entry still is the same process. True when it was sent.
bool kill_same_process(const ProcessEntry& entry);

// Waits until the process has ended, at most so long. False when it lives on.
bool wait_for_end(const ProcessEntry& entry, int milliseconds);

}  // namespace conformance
