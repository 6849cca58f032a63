// What the fake port can be told to do in a scenario: the table of verbs, and the player that
// carries them out in order.
//
//   # fake: outcome 900 left=1, right=2
//   # fake: signal SEGV
//
// A verb of the *early* kind speaks of the whole process (its hello, its canary, its bye) and holds
// from the start, in whichever scenario it stands.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {

// One JSON object a line, or whatever else the script wants in the file.
class FakeEvents {
 public:
  explicit FakeEvents(int file) : file_(file) {}
  void say(const nlohmann::json& event) { write(event.dump(-1, ' ', true) + "\n"); }
  void write(std::string_view bytes);

 private:
  int file_;
};

struct FakeSettings {  // of the early verbs
  nlohmann::json lies = nlohmann::json::object();
  bool canary_fails = false;
  bool no_bye = false;
  bool nothing = false;
  double sleep_before_hello = 0;
};

class FakePlayer {
 public:
  // `directory` is the driver's DIR; may be empty.
  FakePlayer(FakeEvents& events, std::string directory, std::string id, bool check_only,
             bool alone);

  void begin();
  void play(std::string_view module);  // may not return
  void end();

  struct Verb {
    std::string_view name, arguments, meaning;
    void (*early)(FakeSettings&, const std::string&) = nullptr;
    void (FakePlayer::*play)(const std::string&) = nullptr;
    bool fatal = false;  // the counts so far are said before it
  };
  static const std::vector<Verb>& verbs();

 private:
  struct Outcome {
    std::string text;
    long long count = 0;
    nlohmann::json when_true = nlohmann::json::array();
    nlohmann::json when_errors = nlohmann::json::object();
  };

  void outcome(const std::string& arguments);
  void when(const std::string& arguments);
  void samples(const std::string& arguments);
  void overlapped(const std::string& arguments);
  void note(const std::string& arguments);
  void problem(const std::string& arguments);
  void race(const std::string& arguments);
  void counts(const std::string& arguments);
  void say(const std::string& arguments);
  void garbage(const std::string& arguments);
  void long_line(const std::string& arguments);
  void flood(const std::string& arguments);
  void flood_error(const std::string& arguments);
  void flood_protocol(const std::string& arguments);
  void truncate(const std::string& arguments);
  void orphan(const std::string& arguments);
  void sleep(const std::string& arguments);
  void exit(const std::string& arguments);
  void signal(const std::string& arguments);
  void out_of_memory(const std::string& arguments);
  void crash_once(const std::string& arguments);
  void crash_in_company(const std::string& arguments);
  void hang(const std::string& arguments);
  void ignore_term_and_hang(const std::string& arguments);

  nlohmann::json counts_event(const char* name) const;

  FakeEvents& events_;
  std::string directory_, id_;
  bool check_only_;
  bool alone_;  // the only scenario of the plan
  std::vector<Outcome> outcomes_;
  std::optional<long long> samples_;
  nlohmann::json overlapped_ = nullptr;
  nlohmann::json notes_ = nlohmann::json::array();
};

// Applies the early verbs of a module.
void read_early_verbs(std::string_view module, FakeSettings& settings);

// --- deeds that the command line of the fake port can ask for too
[[noreturn]] void fake_failure(
    const std::string& message);  // the script is wrong: says so, exit status 64
void die_of_signal(
    const std::string& name);       // "SEGV" or "SIGSEGV"; returns if the signal kills nobody
[[noreturn]] void hang_for_ever();  // well, for an hour
void flood_file(int file, long long bytes);
void leave_orphan();
long long number_in(const std::string& text);

}  // namespace conformance
