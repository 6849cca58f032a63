// heddle-fake-port: stands in for a Python and misbehaves by script, so that the judge can be
// judged.
//
//   heddle-fake-port [OPTION...] driver.py OUT.jsonl [DIR]
//
// It runs no Python. It reads the plan in the driver, speaks the protocol of specs/README.md, and
// does in each scenario what the comment lines "# fake: VERB ARGUMENTS" of its module say
// (fake_verbs.cpp). The driver as such is not looked at.
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <signal.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "conformance/ports/fake_verbs.h"

namespace conformance {

namespace {

using nlohmann::json;

constexpr long long kProbeFlood = 100'000'000;

int stacks_file = -1;  // a signal handler has no other way to know it

extern "C" void write_stacks(int) {
  constexpr char kText[] =
      "Thread 0x00000001 (most recent call first):\n  File \"fake\", line 1 in hang\n";
  if (::write(stacks_file, kText, sizeof kText - 1) < 0) return;
}

void print_help() {
  std::puts(
      "heddle-fake-port [OPTION...] driver.py OUT.jsonl [DIR]\n"
      "\n"
      "Takes the place of a Python for tests of the judge. It reads the plan in driver.py and "
      "answers to OUT.jsonl. A scenario\n"
      "does what lines of its module text say, in order:\n"
      "\n"
      "  # fake: VERB ARGUMENTS\n");
  for (const FakePlayer::Verb& verb : FakePlayer::verbs()) {
    const std::string form =
        std::string(verb.name) + (verb.arguments.empty() ? "" : " ") + std::string(verb.arguments);
    std::printf("  %-34s %s\n", form.c_str(), std::string(verb.meaning).c_str());
  }
  std::puts(
      "\n"
      "Early verbs hold from the start, wherever they stand. It has the features fake_port and "
      "python3 and no others.\n"
      "\n"
      "Environment:\n"
      "  HEDDLE_FAKE_PROBE=exit|garbage|nothing|flood|not-python   how it misbehaves when it is "
      "probed\n"
      "  HEDDLE_FAKE_STATE=DIRECTORY                               where crash-once remembers\n"
      "\n"
      "Options, carried out in order; without a driver it then exits with status 0:\n"
      "  --print TEXT  --print-error TEXT  --flood N  --orphan  --exit STATUS  --signal NAME  "
      "--hang\n"
      "  --version -V -VV   its version         -X VALUE -W VALUE and other options are ignored");
}

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) {
    std::fprintf(stderr, "heddle-fake-port: can't open file '%s'\n", path.c_str());
    ::_exit(2);  // as Python does
  }
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

json plan_of(const std::string& driver) {
  constexpr std::string_view kStart = "PLAN = json.loads(r'''";
  constexpr std::string_view kEnd = "''')";
  const std::string text = "\n" + driver;
  const std::size_t start = text.find("\n" + std::string(kStart));
  if (start == std::string::npos) fake_failure("the driver holds no plan");
  const std::size_t begin = start + 1 + kStart.size();
  std::string line = text.substr(begin, text.find('\n', begin) - begin);
  if (!line.ends_with(kEnd)) fake_failure("the plan has no end");
  line.resize(line.size() - kEnd.size());
  json plan = json::parse(line, nullptr, false);
  if (!plan.is_object()) fake_failure("the plan is not JSON");
  return plan;
}

class FakePort {
 public:
  FakePort(json plan, FakeEvents events, std::string directory)
      : plan_(std::move(plan)),
        events_(events),
        directory_(std::move(directory)),
        mode_(plan_.value("mode", "run")) {}

  int run() {
    for (const json& scenario : scenarios()) read_early_verbs(module_of(scenario), settings_);
    if (mode_ == "probe") misbehave_when_probed();
    if (settings_.nothing) hang_for_ever();
    ::usleep(static_cast<useconds_t>(settings_.sleep_before_hello * 1e6));
    say_hello();
    if (mode_ != "probe") {
      if (mode_ == "run") say_canary();
      for (const json& scenario : scenarios()) perform(scenario);
    }
    if (!settings_.no_bye) events_.say({{"event", "bye"}});
    return 0;
  }

 private:
  json scenarios() const { return plan_.value("scenarios", json::array()); }

  static std::string module_of(const json& scenario) {
    const auto module = scenario.find("module");
    return module != scenario.end() && module->is_object() ? module->value("text", "") : "";
  }

  void misbehave_when_probed() {
    const char* wish = ::getenv("HEDDLE_FAKE_PROBE");
    const std::string how = wish != nullptr ? wish : "";
    if (how == "exit") ::_exit(3);
    if (how == "nothing") hang_for_ever();
    if (how == "flood") flood_file(STDOUT_FILENO, kProbeFlood);
    if (how == "garbage") {
      for (int line = 0; line < 20; ++line) events_.write("\x01\xff garbage {\"event\": [\n");
      ::_exit(0);
    }
    if (!how.empty() && how != "flood") fake_failure("unknown HEDDLE_FAKE_PROBE '" + how + "'");
  }

  void say_hello() {
    json facts = {{"implementation", "fake"},
                  {"version", "3.14.0"},
                  {"release", "final"},
                  {"free_threaded", true},
                  {"gil_enabled", false},
                  {"parallel", true},
                  {"cpus", 2},
                  {"platform", "fake"},
                  {"bits", 64}};
    static const std::set<std::string> has = {"fake_port", "python3"};
    const json features = plan_.value("features", json::object()),
               known = plan_.value("facts", json::object());
    for (const auto& [name, probe] : features.items()) facts[name] = has.contains(name);
    for (const auto& [name, value] : known.items()) {
      if (!facts.contains(name)) facts[name] = value;
    }
    json protocol = 1;
    for (const auto& [name, value] : settings_.lies.items())
      (name == "protocol" ? protocol : facts[name]) = value;
    parallel_ = facts["parallel"] == true;
    events_.say({{"event", "hello"},
                 {"protocol", protocol},
                 {"implementation", facts["implementation"]},
                 {"version", "fake 3.14.0"},
                 {"facts", facts}});
  }

  // As the driver: only where threads run in parallel and something needs them.
  void say_canary() {
    bool threads = false;
    for (const json& scenario : scenarios()) {
      const std::string kind = scenario.value("kind", "litmus");
      threads = threads || kind == "litmus" || kind == "script" || kind == "history";
    }
    if (!threads || !parallel_ || plan_.value("canary_seconds", 1.0) <= 0) return;
    const bool provoked = !settings_.canary_fails;
    events_.say({{"event", "canary"},
                 {"samples", 10000},
                 {"overlapped", 5000},
                 {"witnesses", provoked ? 2200 : 0},
                 {"seconds", 0.1},
                 {"provoked", provoked}});
  }

  void perform(const json& scenario) {
    FakePlayer player(events_, directory_, scenario.value("id", ""), mode_ == "check",
                      scenarios().size() == 1);
    player.begin();
    if (mode_ == "evaluate") {
      say_values(scenario);
      return;
    }
    player.play(module_of(scenario));
    player.end();
  }

  // It cannot evaluate rules, and says so for each.
  void say_values(const json& scenario) {
    json errors = json::object(), rows = json::array();
    for (const json& rule : scenario.value("when", json::array()))
      errors[std::to_string(rule.value("rule", 0))] = "the fake port evaluates nothing";
    for (const json& values : scenario.value("values", json::array())) {
      rows.push_back({"status=" + values.value("status", json(0)).dump() +
                          ", row=" + std::to_string(rows.size()),
                      1, json::array(), errors});
    }
    events_.say({{"event", "end"},
                 {"scenario", scenario.value("id", "")},
                 {"samples", rows.size()},
                 {"overlapped", nullptr},
                 {"seconds", 0},
                 {"counts", rows},
                 {"notes", json::array()}});
  }

  json plan_;
  FakeEvents events_;
  std::string directory_, mode_;
  FakeSettings settings_;
  bool parallel_ = false;
};

// Carries out the options; returns the index of the first argument that is none.
int take_options(int count, char** arguments) {
  int at = 1;
  const auto value = [&]() -> std::string {
    if (at + 1 >= count) fake_failure(std::string(arguments[at]) + " needs a value");
    return arguments[++at];
  };
  for (; at < count && arguments[at][0] == '-'; ++at) {
    const std::string option = arguments[at];
    if (option == "--help" || option == "-h") {
      print_help();
      std::exit(0);
    } else if (option == "--version" || option == "-V" || option == "-VV") {
      std::puts("Python 3.14.0 (fake)");
      std::exit(0);
    } else if (option == "--print") {
      std::puts(value().c_str());
    } else if (option == "--print-error") {
      std::fprintf(stderr, "%s\n", value().c_str());
    } else if (option == "--exit") {
      std::exit(static_cast<int>(number_in(value())));
    } else if (option == "--flood") {
      std::fflush(stdout);
      flood_file(STDOUT_FILENO, number_in(value()));
    } else if (option == "--signal") {
      std::fflush(stdout);
      die_of_signal(value());
    } else if (option == "--orphan") {
      std::fflush(stdout);
      leave_orphan();
    } else if (option == "--hang") {
      std::fflush(stdout);
      hang_for_ever();
    } else if (option == "-X" || option == "-W") {
      value();
    }
  }
  return at;
}

int run(int count, char** arguments) {
  const int first = take_options(count, arguments);
  if (first == count) return 0;
  const char* wish = ::getenv("HEDDLE_FAKE_PROBE");
  if (wish != nullptr && std::string(wish) == "not-python") {
    std::puts("this is no Python");
    return 0;
  }
  json plan = plan_of(read_file(arguments[first]));
  int file = STDOUT_FILENO;
  if (first + 1 < count) {
    const std::string path = arguments[first + 1];
    file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) fake_failure("cannot write " + path);
    stacks_file =
        ::open((path + ".stacks").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    ::signal(SIGUSR1, write_stacks);
  }
  return FakePort(std::move(plan), FakeEvents(file), first + 2 < count ? arguments[first + 2] : "")
      .run();
}

}  // namespace

}  // namespace conformance

int main(int count, char** arguments) {
  try {
    return conformance::run(count, arguments);
  } catch (const std::exception& error) {
    conformance::fake_failure(error.what());
  }
}
