// The verbs, one small function each, and their table: dispatch, `--help` and the README all follow
// it.
#include "conformance/ports/fake_verbs.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <signal.h>
#include <sstream>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/ports/child_process.h"

namespace conformance {

namespace {

using nlohmann::json;

constexpr unsigned kLongestHang =
    3600;  // seconds: a judge that fails must not leave processes for ever
constexpr unsigned kOrphanLife = 600;
constexpr char kLinePrefix[] = "# fake:";

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1));
}

// Cuts the first word off.
std::string take_word(std::string& text) {
  const std::size_t end = std::min(text.find(' '), text.size());
  std::string word = text.substr(0, end);
  text = trimmed(std::string_view(text).substr(end));
  return word;
}

double seconds_in(const std::string& text, double otherwise) {
  if (text.empty()) return otherwise;
  char* end = nullptr;
  const double seconds = std::strtod(text.c_str(), &end);
  if (*end != '\0' || !(seconds >= 0)) fake_failure("no number of seconds: '" + text + "'");
  return seconds;
}

void sleep_for(double seconds) {
  timespec left = {
      static_cast<time_t>(seconds),
      static_cast<long>((seconds - static_cast<double>(static_cast<time_t>(seconds))) * 1e9)};
  while (::nanosleep(&left, &left) != 0 && errno == EINTR) {
  }
}

// A value of `lie`: JSON if it is (but 3.14 is a version), else text.
json value_of(const std::string& text) {
  json value = json::parse(text, nullptr, false);
  return value.is_discarded() || value.is_number_float() ? json(text) : value;
}

// Calls `act(verb, arguments)` for each line that tells us something.
template <typename Act>
void for_each_verb(std::string_view module, Act act) {
  std::istringstream lines{std::string(module)};
  for (std::string line; std::getline(lines, line);) {
    std::string text = trimmed(line);
    if (!text.starts_with(kLinePrefix)) continue;
    text = trimmed(text.substr(sizeof kLinePrefix - 1));
    const std::string name = take_word(text);
    const auto& all = FakePlayer::verbs();
    const auto verb = std::find_if(all.begin(), all.end(),
                                   [&](const FakePlayer::Verb& one) { return one.name == name; });
    if (verb == all.end())
      fake_failure("unknown verb '" + name + "'; heddle-fake-port --help lists them");
    act(*verb, text);
  }
}

// Where a sanitizer would write: TSAN_OPTIONS log_path, with the process id behind it.
std::string sanitizer_log_path() {
  const char* options = ::getenv("TSAN_OPTIONS");
  std::string all = options != nullptr ? options : "";
  std::replace_if(
      all.begin(), all.end(), [](char c) { return c == ' ' || c == ','; }, ':');
  std::istringstream parts(all);
  std::string path;
  for (std::string part; std::getline(parts, part, ':');) {
    if (part.starts_with("log_path=")) path = part.substr(sizeof "log_path=" - 1);
  }
  path.erase(std::remove_if(path.begin(), path.end(), [](char c) { return c == '"' || c == '\''; }),
             path.end());
  return path;
}

// The size of all logs there, as the driver says it at the end of a scenario.
std::int64_t bytes_of_logs() {
  const std::filesystem::path path = sanitizer_log_path();
  if (path.empty() || !path.has_parent_path()) return 0;
  std::int64_t sum = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path.parent_path(), error)) {
    if (entry.path().filename().string().starts_with(path.filename().string()))
      sum += static_cast<std::int64_t>(entry.file_size(error));
  }
  return sum;
}

std::string race_report(const std::string& first, const std::string& second) {
  std::ostringstream text;
  text << "==================\nWARNING: ThreadSanitizer: data race (pid=" << ::getpid() << ")\n"
       << "  Write of size 8 at 0x7b0400000010 by thread T2:\n    #0 " << first
       << " /fake/first.c:1:1 (fake+0x1)\n\n"
       << "  Previous atomic write of size 8 at 0x7b0400000010 by thread T1:\n    #0 " << second
       << " /fake/second.c:2:2 (fake+0x2)\n\n"
       << "SUMMARY: ThreadSanitizer: data race /fake/first.c:1:1 in " << first
       << "\n==================\n";
  return text.str();
}

}  // namespace

void fake_failure(const std::string& message) {
  std::fprintf(stderr, "heddle-fake-port: %s\n", message.c_str());
  ::_exit(64);
}

long long number_in(const std::string& text) {
  long long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    fake_failure("no number: '" + text + "'");
  return number;
}

void die_of_signal(const std::string& name) {
  const std::string wanted = name.starts_with("SIG") ? name : "SIG" + name;
  for (int number = 1; number < 32; ++number) {
    if (signal_name(number) != wanted) continue;
    const rlimit no_core = {0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    ::signal(number, SIG_DFL);
    sigset_t only;
    ::sigemptyset(&only);
    ::sigaddset(&only, number);
    ::sigprocmask(SIG_UNBLOCK, &only, nullptr);
    ::kill(::getpid(), number);
    return;
  }
  fake_failure("unknown signal '" + name + "'");
}

void hang_for_ever() {
  ::alarm(kLongestHang);
  for (;;) ::pause();
}

void flood_file(int file, long long bytes) {
  std::string block(64 * 1024, 'x');
  for (std::size_t at = 79; at < block.size(); at += 80) block[at] = '\n';
  while (bytes > 0) {
    const ssize_t written = ::write(
        file, block.data(),
        static_cast<std::size_t>(std::min<long long>(bytes, static_cast<long long>(block.size()))));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    bytes -= written;
  }
}

// In a session of its own, its parent dead: neither the group nor a chain of parents leads to it.
void leave_orphan() {
  const pid_t between = ::fork();
  if (between < 0) fake_failure("cannot fork");
  if (between > 0) {
    ::waitpid(between, nullptr, 0);
    return;
  }
  ::setsid();
  if (::fork() != 0) ::_exit(0);
  ::alarm(kOrphanLife);
  for (;;) ::pause();
}

void FakeEvents::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

const std::vector<FakePlayer::Verb>& FakePlayer::verbs() {
  using Settings = FakeSettings;
  using Text = std::string;
  static const std::vector<Verb> all = {
      {"outcome", "N TEXT", "adds N samples with this outcome", nullptr, &FakePlayer::outcome},
      {"when", "RULE true|false|MESSAGE",
       "what `when` rule number RULE says of the last outcome; a message is its error", nullptr,
       &FakePlayer::when},
      {"samples", "N", "the number of samples; default: the sum of the outcomes", nullptr,
       &FakePlayer::samples},
      {"overlapped", "N|none", "how many samples overlapped; default none", nullptr,
       &FakePlayer::overlapped},
      {"note", "KIND TEXT", "a note at the end of the scenario", nullptr, &FakePlayer::note},
      {"problem", "PHASE LINE MESSAGE",
       "says that the spec is wrong; of phase `compile` also when only checking", nullptr,
       &FakePlayer::problem},
      {"race", "FIRST SECOND",
       "prints a ThreadSanitizer report of these functions to log_path of TSAN_OPTIONS, or "
       "standard error",
       nullptr, &FakePlayer::race},
      {"counts", "", "says the counts so far", nullptr, &FakePlayer::counts},
      {"sleep", "SECONDS", "is alive but slow", nullptr, &FakePlayer::sleep},
      {"say", "TEXT", "writes this line among the events", nullptr, &FakePlayer::say},
      {"garbage", "N", "writes N lines of garbage among the events", nullptr, &FakePlayer::garbage},
      {"long-line", "N", "writes a line of N bytes among the events", nullptr,
       &FakePlayer::long_line},
      {"flood", "N", "writes N bytes to standard output", nullptr, &FakePlayer::flood},
      {"flood-error", "N", "writes N bytes to standard error", nullptr, &FakePlayer::flood_error},
      {"flood-protocol", "N", "repeats the counts until N bytes of events are written", nullptr,
       &FakePlayer::flood_protocol},
      {"orphan", "", "leaves a sleeping grandchild behind, in a session of its own", nullptr,
       &FakePlayer::orphan},
      {"truncate", "", "writes half a line and exits with status 0", nullptr, &FakePlayer::truncate,
       true},
      {"exit", "STATUS", "exits at once", nullptr, &FakePlayer::exit, true},
      {"signal", "NAME", "dies of this signal: SEGV, ABRT, BUS, ...", nullptr, &FakePlayer::signal,
       true},
      {"out-of-memory", "", "dies as if the system had run out of memory", nullptr,
       &FakePlayer::out_of_memory, true},
      {"crash-once", "[NAME]",
       "dies of a signal (SEGV) the first time only; remembers in HEDDLE_FAKE_STATE or beside DIR",
       nullptr, &FakePlayer::crash_once, true},
      {"crash-in-company", "[NAME]",
       "dies of a signal (SEGV) unless it is the only scenario of the plan", nullptr,
       &FakePlayer::crash_in_company, true},
      {"hang", "", "says nothing more (SIGUSR1 writes its stacks)", nullptr, &FakePlayer::hang,
       true},
      {"ignore-term-and-hang", "", "the same, and ignores the polite signals", nullptr,
       &FakePlayer::ignore_term_and_hang, true},
      {"lie", "FACT VALUE", "early: hello differs from what was said when probed; also `protocol`",
       [](Settings& settings, const Text& arguments) {
         Text value = arguments;
         const Text name = take_word(value);
         settings.lies[name] = value_of(value);
       }},
      {"canary-fails", "", "early: the canary is not provoked",
       [](Settings& settings, const Text&) { settings.canary_fails = true; }},
      {"no-bye", "", "early: exits with status 0 without a bye",
       [](Settings& settings, const Text&) { settings.no_bye = true; }},
      {"nothing", "", "early: never says anything",
       [](Settings& settings, const Text&) { settings.nothing = true; }},
      {"sleep-before-hello", "[SECONDS]", "early: is slow to start; default 1",
       [](Settings& settings, const Text& arguments) {
         settings.sleep_before_hello = seconds_in(arguments, 1);
       }},
  };
  return all;
}

void read_early_verbs(std::string_view module, FakeSettings& settings) {
  for_each_verb(module, [&](const FakePlayer::Verb& verb, const std::string& arguments) {
    if (verb.early != nullptr) verb.early(settings, arguments);
  });
}

FakePlayer::FakePlayer(FakeEvents& events, std::string directory, std::string id, bool check_only,
                       bool alone)
    : events_(events),
      directory_(std::move(directory)),
      id_(std::move(id)),
      check_only_(check_only),
      alone_(alone) {}

void FakePlayer::begin() { events_.say({{"event", "begin"}, {"scenario", id_}}); }

void FakePlayer::play(std::string_view module) {
  for_each_verb(module, [this](const Verb& verb, const std::string& arguments) {
    if (verb.play == nullptr || (check_only_ && verb.play != &FakePlayer::problem)) return;
    if (verb.fatal && !outcomes_.empty()) counts("");
    (this->*verb.play)(arguments);
  });
}

void FakePlayer::end() {
  if (!outcomes_.empty()) counts("");
  json event = counts_event("end");
  event["notes"] = notes_;
  event["sanitizer_bytes"] = bytes_of_logs();
  events_.say(event);
}

json FakePlayer::counts_event(const char* name) const {
  json rows = json::array();
  long long sum = 0;
  for (const Outcome& outcome : outcomes_) {
    rows.push_back({outcome.text, outcome.count, outcome.when_true, outcome.when_errors});
    sum += outcome.count;
  }
  return {{"event", name},
          {"scenario", id_},
          {"samples", samples_.value_or(sum)},
          {"overlapped", overlapped_},
          {"seconds", 0.01},
          {"counts", rows}};
}

void FakePlayer::outcome(const std::string& arguments) {
  std::string text = arguments;
  const long long count = number_in(take_word(text));
  outcomes_.push_back({text, count});
}

void FakePlayer::when(const std::string& arguments) {
  std::string verdict = arguments;
  const long long rule = number_in(take_word(verdict));
  if (outcomes_.empty()) fake_failure("`when` before any outcome");
  if (verdict == "true") {
    outcomes_.back().when_true.push_back(rule);
  } else if (verdict != "false") {
    outcomes_.back().when_errors[std::to_string(rule)] = verdict;
  }
}

void FakePlayer::samples(const std::string& arguments) { samples_ = number_in(arguments); }

void FakePlayer::overlapped(const std::string& arguments) {
  overlapped_ = arguments == "none" ? json(nullptr) : json(number_in(arguments));
}

void FakePlayer::note(const std::string& arguments) {
  std::string text = arguments;
  const std::string kind = take_word(text);
  notes_.push_back({kind, text});
}

void FakePlayer::problem(const std::string& arguments) {
  std::string message = arguments;
  const std::string phase = take_word(message);
  const long long line = number_in(take_word(message));
  if (check_only_ && phase != "compile") return;
  events_.say({{"event", "problem"},
               {"scenario", id_},
               {"phase", phase},
               {"line", line},
               {"message", message}});
}

void FakePlayer::race(const std::string& arguments) {
  std::string second = arguments;
  const std::string first = take_word(second);
  const std::string report = race_report(first, second.empty() ? first : second);
  const std::string path = sanitizer_log_path();
  int file = STDERR_FILENO;
  if (!path.empty() && path != "stderr" && path != "stdout") {
    file = ::open((path + "." + std::to_string(::getpid())).c_str(),
                  O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) fake_failure("cannot write " + path);
  } else if (path == "stdout") {
    file = STDOUT_FILENO;
  }
  FakeEvents(file).write(report);
  if (file > STDERR_FILENO) ::close(file);
}

void FakePlayer::counts(const std::string&) { events_.say(counts_event("counts")); }

void FakePlayer::say(const std::string& arguments) { events_.write(arguments + "\n"); }

void FakePlayer::garbage(const std::string& arguments) {
  for (long long left = number_in(arguments); left > 0; --left)
    events_.write("\x01\xff garbage {\"event\": [\n");
}

void FakePlayer::long_line(const std::string& arguments) {
  const std::string block(64 * 1024, 'y');
  for (long long left = number_in(arguments); left > 0;
       left -= static_cast<long long>(block.size())) {
    events_.write(std::string_view(block).substr(
        0,
        static_cast<std::size_t>(std::min<long long>(left, static_cast<long long>(block.size())))));
  }
  events_.write("\n");
}

void FakePlayer::flood(const std::string& arguments) {
  flood_file(STDOUT_FILENO, number_in(arguments));
}

void FakePlayer::flood_error(const std::string& arguments) {
  flood_file(STDERR_FILENO, number_in(arguments));
}

void FakePlayer::flood_protocol(const std::string& arguments) {
  const std::string line = counts_event("counts").dump(-1, ' ', true) + "\n";
  for (long long left = number_in(arguments); left > 0; left -= static_cast<long long>(line.size()))
    events_.write(line);
}

void FakePlayer::truncate(const std::string&) {
  const std::string line = counts_event("counts").dump(-1, ' ', true);
  events_.write(std::string_view(line).substr(0, line.size() / 2));
  ::_exit(0);
}

void FakePlayer::orphan(const std::string&) { leave_orphan(); }

void FakePlayer::sleep(const std::string& arguments) { sleep_for(seconds_in(arguments, 1)); }

void FakePlayer::exit(const std::string& arguments) {
  ::_exit(static_cast<int>(number_in(arguments)));
}

void FakePlayer::signal(const std::string& arguments) { die_of_signal(arguments); }

void FakePlayer::out_of_memory(const std::string&) { die_of_signal("KILL"); }

void FakePlayer::crash_once(const std::string& arguments) {
  const char* state = ::getenv("HEDDLE_FAKE_STATE");
  std::filesystem::path folder =
      state != nullptr ? state : std::filesystem::path(directory_).parent_path();
  if (folder.empty()) fake_failure("crash-once needs DIR or HEDDLE_FAKE_STATE to remember");
  std::string name = "crashed-" + id_;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '-');
  const int marker = ::open((folder / name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (marker < 0 && errno == EEXIST) return;
  if (marker < 0) fake_failure("cannot write " + (folder / name).string());
  die_of_signal(arguments.empty() ? "SEGV" : arguments);
}

void FakePlayer::crash_in_company(const std::string& arguments) {
  if (!alone_) die_of_signal(arguments.empty() ? "SEGV" : arguments);
}

void FakePlayer::hang(const std::string&) { hang_for_ever(); }

void FakePlayer::ignore_term_and_hang(const std::string&) {
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGQUIT}) ::signal(number, SIG_IGN);
  hang_for_ever();
}

}  // namespace conformance
