// /proc is read twice where it matters: once to find a process, once behind an open pidfd to see
// that it still is the same.
#include "conformance/ports/process_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgot it
#include <sys/pidfd.h>
}

#include <cerrno>
#include <charconv>
#include <set>
#include <sstream>

namespace conformance {

namespace {

constexpr std::size_t kEnvironmentLimit = 4u << 20;
constexpr int kExecutionPatience = 100;  // milliseconds

std::string read_proc_file(pid_t pid, const char* name, std::size_t limit) {
  const std::string path = "/proc/" + std::to_string(pid) + "/" + name;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  std::string text;
  if (file < 0) return text;
  char buffer[4096];
  while (text.size() < limit) {
    const ssize_t got = ::read(file, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(file);
  return text;
}

// An open pidfd of exactly this process, or -1: a pid alone may meanwhile belong to somebody else.
int open_same_process(const ProcessEntry& entry) {
  const int handle = ::pidfd_open(entry.pid, 0);
  if (handle < 0) return -1;
  const ProcessEntry now = process_entry(entry.pid);
  if (now.pid != 0 && now.start_time == entry.start_time) return handle;
  ::close(handle);
  return -1;
}

}  // namespace

bool parse_process_stat(const std::string& text, ProcessEntry& entry) {
  const std::size_t command_end = text.rfind(')');
  if (command_end == std::string::npos) return false;
  std::istringstream before(text.substr(0, text.find('('))), after(text.substr(command_end + 1));
  before >> entry.pid;
  after >> entry.state >> entry.parent >> entry.group >> entry.session;
  std::string skipped;
  for (int field = 7; field < 22; ++field) after >> skipped;  // proc(5): starttime is the 22nd
  after >> entry.start_time;
  if (before.fail() || after.fail()) return false;
  for (int field = 23; field < 50; ++field) after >> skipped;
  if (!(after >> entry.environment_begin >> entry.environment_end)) entry.environment_end = 0;
  return true;
}

ProcessEntry process_entry(pid_t pid) {
  ProcessEntry entry;
  if (!parse_process_stat(read_proc_file(pid, "stat", 4096), entry)) return {};
  return entry;
}

std::vector<ProcessEntry> list_processes() {
  std::vector<ProcessEntry> all;
  DIR* directory = ::opendir("/proc");
  if (directory == nullptr) return all;
  while (const dirent* item = ::readdir(directory)) {
    const std::string_view name = item->d_name;
    pid_t pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error != std::errc() || end != name.data() + name.size()) continue;
    const ProcessEntry entry = process_entry(pid);
    if (entry.pid != 0) all.push_back(entry);  // else it has just gone
  }
  ::closedir(directory);
  return all;
}

bool has_mark(pid_t pid, const std::string& mark) {
  std::string environment = read_proc_file(pid, "environ", kEnvironmentLimit);
  // In the middle of execve() a process has no environment for a moment.
  for (int attempt = 0; environment.empty() && attempt < kExecutionPatience; ++attempt) {
    const ProcessEntry now = process_entry(pid);
    const bool really_empty =
        now.environment_end != 0 && now.environment_begin == now.environment_end;
    if (now.pid == 0 || !now.alive() || really_empty) return false;
    ::poll(nullptr, 0, 1);
    environment = read_proc_file(pid, "environ", kEnvironmentLimit);
  }
  environment.insert(0, 1, '\0');
  const std::string start = '\0' + std::string(kMarkVariable) + '=';
  const std::size_t at = environment.find(start);
  if (at == std::string::npos) return false;
  const std::size_t value = at + start.size();
  const std::string marks =
      ":" + environment.substr(value, environment.find('\0', value) - value) + ":";
  return marks.find(":" + mark + ":") != std::string::npos;
}

std::vector<ProcessEntry> descendants(const std::vector<ProcessEntry>& all, pid_t child,
                                      const std::string& mark, pid_t judge) {
  std::set<pid_t> family = {child};
  for (const ProcessEntry& entry : all) {
    const bool led_by_child = entry.group == child || entry.session == child;
    if (led_by_child || (entry.parent == judge && entry.pid != child && has_mark(entry.pid, mark)))
      family.insert(entry.pid);
  }
  for (bool grown = true; grown;) {
    grown = false;
    for (const ProcessEntry& entry : all) {
      if (family.contains(entry.parent) && family.insert(entry.pid).second) grown = true;
    }
  }
  family.erase(child);
  std::vector<ProcessEntry> found;
  for (const ProcessEntry& entry : all) {
    if (family.contains(entry.pid) && entry.pid != judge) found.push_back(entry);
  }
  return found;
}

bool kill_same_process(const ProcessEntry& entry) {
  const int handle = open_same_process(entry);
  if (handle < 0) return false;
  const bool sent = ::pidfd_send_signal(handle, SIGKILL, nullptr, 0) == 0;
  ::close(handle);
  return sent;
}

bool wait_for_end(const ProcessEntry& entry, int milliseconds) {
  const int handle = open_same_process(entry);
  if (handle < 0) return true;
  pollfd item = {handle, POLLIN, 0};
  const bool ended = ::poll(&item, 1, milliseconds) == 1;
  ::close(handle);
  return ended;
}

}  // namespace conformance
