// Start, watch, kill.
//
// The child leads a session of its own (so also a group): it cannot read our terminal, and whoever
// carries its session number is its. It is not reaped before everything it started is gone: as long
// as it is a zombie its number cannot be given to another process, so a signal to the group hits
// nobody else. Nothing here waits for "any child": other ChildProcesses live in other threads.
//
// Two things are the whole process's and are set at the first start: the judge adopts orphans
// (PR_SET_CHILD_SUBREAPER), and a register of living children, by which an orphan without any mark
// is told from another thread's child.
#include "conformance/ports/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgot it
#include <sys/pidfd.h>
}

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <set>
#include <utility>

#include "conformance/ports/bounded_capture.h"
#include "conformance/ports/process_tree.h"
#include "conformance/ports/program_lookup.h"

namespace conformance {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// For children that are just ending when their parent has ended.
constexpr milliseconds kGrace{100};
constexpr milliseconds kKillPatience{10'000};
// Milliseconds between two looks at what should be dying.
constexpr int kLookAgain = 50;

int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
  return static_cast<int>(std::clamp<long long>(left, 0, 1 << 30));
}

// A file descriptor that closes itself and never is 0, 1 or 2, so that the child's dup2() cannot
// hit it.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {
    if (number_ < 0 || number_ > 2) return;
    number_ = ::fcntl(number, F_DUPFD_CLOEXEC, 3);
    ::close(number);
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  int number() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// One stream of the child: the reading end and what is kept of it.
class Stream {
 public:
  explicit Stream(std::size_t limit) : capture(limit) {}

  bool make(Descriptor& writing_end) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    reading_end = Descriptor(ends[0]);
    writing_end = Descriptor(ends[1]);
    if (!reading_end.open() || !writing_end.open()) return false;
    return ::fcntl(reading_end.number(), F_SETFL, O_NONBLOCK) == 0;
  }

  // Reads once. False when there is nothing now, or nothing any more.
  bool move() {
    if (!reading_end.open()) return false;
    std::array<char, 64 * 1024> buffer;
    const ssize_t got = ::read(reading_end.number(), buffer.data(), buffer.size());
    if (got > 0) {
      capture.add({buffer.data(), static_cast<std::size_t>(got)});
      return true;
    }
    const bool again = got < 0 && (errno == EAGAIN || errno == EINTR);
    if (!again) reading_end.close();
    return false;
  }

  // What stands in the pipe now: a grandchild that writes for ever must not keep us.
  void drain() {
    if (!reading_end.open()) return;
    const int size = ::fcntl(reading_end.number(), F_GETPIPE_SZ);
    const std::uint64_t end = capture.bytes() + static_cast<std::uint64_t>(std::max(size, 0));
    while (capture.bytes() < end && move()) {
    }
  }

  Descriptor reading_end;
  BoundedCapture capture;
};

// The children that are started and not yet reaped.
class Register {
 public:
  static Register& instance() {
    static Register the_register;
    return the_register;
  }
  std::mutex& mutex() { return mutex_; }
  void add_locked(pid_t pid, std::uint64_t start_time) {
    living_.insert(pid);
    if (first_start_time_ == 0) first_start_time_ = start_time;
  }
  // Whoever is older cannot come from any child.
  std::uint64_t first_start_time_locked() const { return first_start_time_; }
  bool holds_locked(pid_t pid) const { return living_.contains(pid); }
  std::size_t size_locked() const { return living_.size(); }
  void remove(pid_t pid) {
    const std::lock_guard lock(mutex_);
    living_.erase(pid);
  }

 private:
  std::mutex mutex_;
  std::set<pid_t> living_;
  std::uint64_t first_start_time_ = 0;
};

std::map<std::string, std::string> environment_of(const ChildCommand& command,
                                                  const std::string& mark) {
  std::map<std::string, std::string> all;
  for (char** item = environ; item != nullptr && *item != nullptr; ++item) {
    const std::string_view text = *item;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos)
      all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  for (const auto& [name, value] : command.environment) {
    if (value.empty() && name.starts_with('-')) {
      all.erase(name.substr(1));
    } else {
      all[name] = value;
    }
  }
  std::string& marks = all[kMarkVariable];
  marks += (marks.empty() ? "" : ":") + mark;
  return all;
}

std::string search_path(const std::map<std::string, std::string>& environment) {
  const auto found = environment.find("PATH");
  return found != environment.end() ? found->second : "/usr/local/bin:/usr/bin:/bin";
}

bool holds_nul(const ChildCommand& command) {
  const auto bad = [](const std::string& text) { return text.find('\0') != std::string::npos; };
  return std::any_of(command.arguments.begin(), command.arguments.end(), bad) ||
         bad(command.directory) ||
         std::any_of(command.environment.begin(), command.environment.end(),
                     [&](const auto& row) { return bad(row.first) || bad(row.second); });
}

// Pointers for a C interface; the strings must live on.
class Pointers {
 public:
  void add(std::string& text) { pointers_.insert(pointers_.end() - 1, text.data()); }
  char* const* data() const { return pointers_.data(); }

 private:
  std::vector<char*> pointers_ = {nullptr};
};

class SpawnSettings {
 public:
  SpawnSettings(const std::string& directory, int output, int error_output) {
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions, output, 1);
    ::posix_spawn_file_actions_adddup2(&actions, error_output, 2);
    ::posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (!directory.empty()) ::posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
    sigset_t every, none;
    ::sigfillset(&every);
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes, &every);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setflags(&attributes,
                               POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~SpawnSettings() {
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
};

std::string next_mark() {
  static std::atomic<int> count{0};
  return std::to_string(::getpid()) + "." + std::to_string(++count);
}

void adopt_orphans() {
  static std::once_flag once;
  std::call_once(once, [] { ::prctl(PR_SET_CHILD_SUBREAPER, 1); });
}

}  // namespace

struct ChildProcess::State {
  explicit State(std::size_t output_limit) : output(output_limit), error_output(output_limit) {}

  bool spawn(const ChildCommand& command, std::string& error);
  bool wait(Clock::time_point deadline);
  void finish();

  void note_end();
  void drain() {
    output.drain();
    error_output.drain();
  }
  std::vector<ProcessEntry> family() const;
  bool somebody_stays(const std::vector<ProcessEntry>& entries) const;
  void kill_everybody();
  static void reap(const ProcessEntry& entry);

  std::string mark;
  pid_t pid = -1;
  std::uint64_t start_time = 0;
  Descriptor handle;  // the pidfd
  Stream output, error_output;
  std::optional<ChildEnding> ending;
  std::set<int> signals_sent;
  double cpu_seconds = 0;
  bool finished = false;
  bool left_children_behind = false;
};

bool ChildProcess::State::spawn(const ChildCommand& command, std::string& error) {
  if (command.arguments.empty() || command.arguments[0].empty()) {
    error = "the command is empty";
    return false;
  }
  if (holds_nul(command)) {
    error = "a NUL byte in the command, its directory or its environment";
    return false;
  }
  struct stat status = {};
  if (!command.directory.empty() &&
      (::stat(command.directory.c_str(), &status) != 0 || !S_ISDIR(status.st_mode))) {
    error = "no such directory: " + command.directory;
    return false;
  }
  mark = next_mark();
  std::vector<std::string> arguments = command.arguments;
  std::map<std::string, std::string> environment = environment_of(command, mark);
  std::string program = find_program(arguments[0], search_path(environment), error);
  if (program.empty()) return false;
  if (!command.directory.empty()) {
    // A relative word is the caller's, not the child's. Python derives sys.executable from it, so
    // it changes as well.
    program = std::filesystem::absolute(program);
    if (arguments[0].find('/') != std::string::npos) arguments[0] = program;
  }
  Descriptor child_output, child_error_output;
  if (!output.make(child_output) || !error_output.make(child_error_output)) {
    error = std::string("cannot make a pipe: ") + std::strerror(errno);
    return false;
  }
  Pointers argument_pointers, environment_pointers;
  for (std::string& argument : arguments) argument_pointers.add(argument);
  std::vector<std::string> rows;
  for (const auto& [name, value] : environment) rows.push_back(name + "=" + value);
  for (std::string& row : rows) environment_pointers.add(row);
  const SpawnSettings settings(command.directory, child_output.number(),
                               child_error_output.number());

  adopt_orphans();
  const std::lock_guard lock(Register::instance().mutex());
  const int failure = ::posix_spawn(&pid, program.c_str(), &settings.actions, &settings.attributes,
                                    argument_pointers.data(), environment_pointers.data());
  if (failure != 0) {
    error = explain_start_failure(program, failure);
    return false;
  }
  handle = Descriptor(::pidfd_open(pid, 0));
  if (!handle.open()) {
    error = std::string("cannot watch the child: ") + std::strerror(errno);
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return false;
  }
  start_time = process_entry(pid).start_time;
  Register::instance().add_locked(pid, start_time);
  return true;
}

// The raw system call, as only it tells the times of one child; WNOWAIT leaves the zombie, see the
// head of this file.
void ChildProcess::State::note_end() {
  if (ending) return;
  siginfo_t information = {};
  rusage usage = {};
  const long result = ::syscall(SYS_waitid, P_PIDFD, handle.number(), &information,
                                WEXITED | WNOHANG | WNOWAIT, &usage);
  if (result != 0 || information.si_pid == 0) return;
  ChildEnding end;
  end.exited = information.si_code == CLD_EXITED;
  end.status = information.si_status;
  end.killed_by_us = !end.exited && signals_sent.contains(end.status);
  ending = end;
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

bool ChildProcess::State::wait(Clock::time_point deadline) {
  while (!ending) {
    std::array<pollfd, 3> items = {
        {{handle.number(), POLLIN, 0},
         {output.reading_end.number(), POLLIN, 0},  // a negative one is not looked at
         {error_output.reading_end.number(), POLLIN, 0}}};
    const int ready = ::poll(items.data(), items.size(), milliseconds_until(deadline));
    if (ready > 0) {
      if (items[1].revents != 0) output.move();
      if (items[2].revents != 0) error_output.move();
      if (items[0].revents != 0) note_end();
    }
    if (!ending && Clock::now() >= deadline) return false;
  }
  drain();
  return true;
}

// Everybody who came from this child, without itself; for the last child also whom nobody owns.
std::vector<ProcessEntry> ChildProcess::State::family() const {
  const pid_t judge = ::getpid();
  const std::vector<ProcessEntry> all = list_processes();
  std::vector<ProcessEntry> found = descendants(all, pid, mark, judge);
  const pid_t our_session = ::getsid(0);
  const std::lock_guard lock(Register::instance().mutex());
  const bool alone = Register::instance().size_locked() == 1;
  for (const ProcessEntry& entry : all) {
    const bool orphan = entry.parent == judge && entry.session != our_session &&
                        !Register::instance().holds_locked(entry.pid);
    if (!orphan || entry.start_time < Register::instance().first_start_time_locked()) continue;
    if (entry.alive() && !alone) continue;
    found.push_back(entry);  // maybe twice, which does no harm
  }
  return found;
}

bool ChildProcess::State::somebody_stays(const std::vector<ProcessEntry>& entries) const {
  const Clock::time_point deadline = Clock::now() + kGrace;
  return std::any_of(entries.begin(), entries.end(), [&](const ProcessEntry& entry) {
    const bool may_be_ours = entry.start_time >= start_time;  // else an earlier child left it
    return may_be_ours && entry.alive() && !wait_for_end(entry, milliseconds_until(deadline));
  });
}

void ChildProcess::State::reap(const ProcessEntry& entry) {
  siginfo_t information = {};
  if (entry.parent == ::getpid())
    ::waitid(P_PID, static_cast<id_t>(entry.pid), &information, WEXITED | WNOHANG);
}

// Somebody may fork while we look, so: kill whom we see, until nobody is seen.
void ChildProcess::State::kill_everybody() {
  const Clock::time_point deadline = Clock::now() + kKillPatience;
  for (bool alive = true; alive && Clock::now() < deadline;) {
    if (!ending) signals_sent.insert(SIGKILL);
    ::kill(-pid, SIGKILL);
    ::pidfd_send_signal(handle.number(), SIGKILL, nullptr, 0);
    const std::vector<ProcessEntry> entries = family();
    std::optional<ProcessEntry> dying;
    for (const ProcessEntry& entry : entries) {
      if (!entry.alive()) {
        reap(entry);
      } else if (kill_same_process(entry)) {
        dying = entry;
      }
    }
    alive = dying.has_value();
    if (dying) wait_for_end(*dying, kLookAgain);
    if (!wait(Clock::now() + milliseconds(alive ? 0 : kLookAgain))) alive = true;
  }
}

void ChildProcess::State::finish() {
  if (finished) return;
  finished = true;
  note_end();
  const std::vector<ProcessEntry> entries = family();
  const bool nobody = std::none_of(entries.begin(), entries.end(),
                                   [](const ProcessEntry& entry) { return entry.alive(); });
  if (ending && nobody) {
    std::for_each(entries.begin(), entries.end(), reap);
  } else {
    if (ending) left_children_behind = somebody_stays(entries);
    kill_everybody();
  }
  drain();
  siginfo_t information = {};
  ::waitid(P_PIDFD, static_cast<id_t>(handle.number()), &information, WEXITED | WNOHANG);
  Register::instance().remove(pid);
}

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(number);
}

std::string ChildEnding::name() const {
  return exited ? "exit status " + std::to_string(status) : signal_name(status);
}

std::string ChildEnding::to_string() const {
  if (killed_by_us) return name() + " (from us)";
  if (!exited && status == SIGKILL) return "SIGKILL (out of memory?)";
  return name();
}

ChildProcess::ChildProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}

std::unique_ptr<ChildProcess> ChildProcess::start(const ChildCommand& command, std::string& error) {
  auto state = std::make_unique<State>(command.output_limit);
  if (!state->spawn(command, error)) return nullptr;
  return std::unique_ptr<ChildProcess>(new ChildProcess(std::move(state)));
}

ChildProcess::~ChildProcess() { kill_group(); }

bool ChildProcess::wait(std::chrono::milliseconds patience) {
  return state_->wait(Clock::now() + patience);
}

const std::optional<ChildEnding>& ChildProcess::ending() const { return state_->ending; }

void ChildProcess::signal_child(int number) {
  if (state_->ending) return;
  state_->signals_sent.insert(number);
  ::pidfd_send_signal(state_->handle.number(), number, nullptr, 0);
}

void ChildProcess::kill_group() { state_->finish(); }

bool ChildProcess::left_children_behind() const { return state_->left_children_behind; }

const std::string& ChildProcess::output() const { return state_->output.capture.text(); }

const std::string& ChildProcess::error_output() const {
  return state_->error_output.capture.text();
}

std::uint64_t ChildProcess::output_bytes() const {
  return state_->output.capture.bytes() + state_->error_output.capture.bytes();
}

int ChildProcess::pid() const { return state_->pid; }

double ChildProcess::cpu_seconds() const { return state_->cpu_seconds; }

}  // namespace conformance
