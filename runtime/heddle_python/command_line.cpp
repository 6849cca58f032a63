#include "runtime/heddle_python/command_line.h"

#include <charconv>
#include <cstring>
#include <sys/random.h>

#include "runtime/base/build.h"

namespace runtime {

namespace {

constexpr int kUsage = 2;
constexpr int kFatal = 1;

struct NamedProfile {
  const char* name;
  const Profile& profile;
};
#if HEDDLE_GIL
constexpr NamedProfile kProfiles[] = {{"3.14", kProfile314}, {"3.13", kProfile313}};
#else
constexpr NamedProfile kProfiles[] = {{"3.14t", kProfile314t}, {"3.13t", kProfile313t}};
#endif

std::string names_of_profiles() {
  std::string names;
  for (const NamedProfile& row : kProfiles)
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  return names;
}

class Parser {
 public:
  Parser(const std::vector<std::string>& arguments, const Environment& environment)
      : arguments_(arguments), environment_(environment) {
    command_.python.profile = kProfiles[0].profile;
  }

  ParsedCommandLine parse() {
    read_options();
    if (!refusal_) read_environment();
    if (!refusal_) settle();
    return {std::move(command_), std::move(refusal_)};
  }

 private:
  void refuse(std::string message, int status) {
    if (!refusal_) refusal_ = Refusal{std::move(message), status};
  }
  void refuse_use(const std::string& message) {
    refuse(message +
               "\nusage: heddle-python [option] ... [-c cmd | file | -] [arg] ...\n"
               "Try `heddle-python -h' for more information.\n",
           kUsage);
  }
  void refuse_start(const std::string& message) {
    refuse("Fatal Python error: config_init: " + message +
               "\nPython runtime state: preinitialized\n\n",
           kFatal);
  }

  SystemSettings& settings() { return command_.python.settings; }

  // The rest of the argument in which letter `at` stands, or the next argument.
  std::optional<std::string> value_of(const std::string& argument, std::size_t at) {
    if (at + 1 < argument.size()) return argument.substr(at + 1);
    if (next_ < arguments_.size()) return arguments_[next_++];
    refuse_use(std::string("Argument expected for the -") + argument[at] + " option");
    return std::nullopt;
  }

  void read_options() {
    while (!refusal_ && next_ < arguments_.size()) {
      const std::string& argument = arguments_[next_];
      if (argument == "-" || argument.empty() || argument[0] != '-') break;
      ++next_;
      if (argument == "--") break;
      if (argument.starts_with("--")) {
        read_long_option(argument);
      } else if (read_letters(argument)) {
        return;  // -c: the rest is the program's
      }
    }
    if (refusal_) return;
    if (next_ < arguments_.size()) {
      const std::string first = arguments_[next_];
      if (is_decided_) {
        settings().arguments.push_back(first);
      } else if (first == "-") {
        settings().arguments.push_back("-");
      } else {
        command_.action = Action::kFile;
        command_.text = first;
        settings().arguments.push_back(first);
      }
      ++next_;
      take_rest();
    } else {
      settings().arguments.emplace_back("");
    }
  }

  void take_rest() {
    while (next_ < arguments_.size()) settings().arguments.push_back(arguments_[next_++]);
  }

  void read_long_option(const std::string& argument) {
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const auto value = [&]() -> std::optional<std::string> {
      if (equals != std::string::npos) return argument.substr(equals + 1);
      if (next_ < arguments_.size()) return arguments_[next_++];
      refuse_use("Argument expected for the " + name + " option");
      return std::nullopt;
    };
    if (name == "--help") {
      decide(Action::kShowHelp);
    } else if (name == "--version") {
      decide(Action::kShowVersion);
    } else if (name == "--dis") {
      command_.disassembles = true;
    } else if (name == "--profile") {
      if (std::optional<std::string> given = value()) choose_profile(*given);
#if HEDDLE_SCHEDULED
    } else if (name == "--seed") {
      if (std::optional<std::string> given = value()) read_schedule_seed(*given);
    } else if (name == "--strategy") {
      if (std::optional<std::string> given = value()) {
        if (*given != "random" && *given != "pct") {
          refuse_use("unknown strategy '" + *given + "'; there are random, pct");
        }
        command_.schedules_by_priority = *given == "pct";
      }
#endif
    } else {
      refuse_use("unknown option " + name);
    }
  }

#if HEDDLE_SCHEDULED
  void read_schedule_seed(const std::string& text) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, command_.schedule_seed);
    if (error != std::errc() || stop != end)
      refuse_use("--seed wants a number, not '" + text + "'");
  }
#endif

  void choose_profile(const std::string& name) {
    for (const NamedProfile& row : kProfiles) {
      if (name == row.name) {
        command_.python.profile = row.profile;
        return;
      }
    }
    refuse_use("unknown profile '" + name + "'; this build has " + names_of_profiles());
  }

  void decide(Action action) {
    command_.action = action;
    is_decided_ = true;
  }

  // True: -c ended the options.
  bool read_letters(const std::string& argument) {
    for (std::size_t at = 1; at < argument.size() && !refusal_; ++at) {
      switch (argument[at]) {
        case 'c': {
          std::optional<std::string> code = value_of(argument, at);
          if (!code) return true;
          decide(Action::kText);
          command_.text = *code + "\n";
          settings().arguments.emplace_back("-c");
          take_rest();
          return true;
        }
        case 'X': {
          if (std::optional<std::string> option = value_of(argument, at)) add_option(*option);
          return false;
        }
        case 'W': {
          if (std::optional<std::string> option = value_of(argument, at)) {
            settings().warn_options.push_back(*option);
          }
          return false;
        }
        case 'V':
          decide(version_letters_++ == 0 ? Action::kShowVersion : Action::kShowLongVersion);
          break;
        case 'h':
        case '?':
          decide(Action::kShowHelp);
          break;
        case 'B':
          settings().writes_bytecode = false;
          break;
        case 'E':
          settings().ignores_environment = true;
          break;
        case 'I':
          settings().ignores_environment = true;
          settings().is_isolated = true;
          break;
        case 'O':
          ++settings().optimization;
          break;
        case 'q':
          settings().is_quiet = true;
          break;
        case 'u':
          settings().is_unbuffered = true;
          break;
        case 'v':
          ++settings().verbosity;
          break;
        case 'b':
        case 'd':
        case 'i':
        case 'P':
        case 'R':
        case 's':
        case 'S':
        case 'x':
          break;  // Python has them; here they change nothing
        default:
          refuse_use(std::string("Unknown option: -") + argument[at]);
      }
    }
    return false;
  }

  void add_option(const std::string& option) {
    const std::size_t equals = option.find('=');
    if (equals == std::string::npos) {
      settings().options.emplace_back(option, std::nullopt);
    } else {
      settings().options.emplace_back(option.substr(0, equals), option.substr(equals + 1));
    }
  }

  // The last -X with this name; null: none.
  const std::optional<std::string>* option(const char* name) const {
    const std::optional<std::string>* found = nullptr;
    for (const auto& [key, value] : command_.python.settings.options) {
      if (key == name) found = &value;
    }
    return found;
  }
  // Empty means not there, as everywhere in Python.
  const char* variable(const char* name) const {
    if (command_.python.settings.ignores_environment) return nullptr;
    const char* value = environment_(name);
    return value == nullptr || *value == '\0' ? nullptr : value;
  }

  void read_gil() {
    std::optional<std::string> said;
    if (const auto* given = option("gil")) {
      said = given->value_or("");
    } else if (const char* value = variable("PYTHON_GIL")) {
      said = value;
    }
    if (!said) return;
    if (*said != "0" && *said != "1") {
      return refuse_start("PYTHON_GIL / -X gil must be \"0\" or \"1\"");
    }
    const bool is_on = *said == "1";
    if (!is_on && !kFreeThreaded) {
      return refuse_start("Disabling the GIL is not supported by this build");
    }
    settings().gil = is_on ? 1 : 0;
    command_.python.gil = is_on ? GilMode::kOn : GilMode::kOff;
  }

  void read_flag(const char* name, const char* variable_name, int* flag) {
    if (command_.python.profile.minor < 14) return;  // not known there
    if (const auto* given = option(name)) {
      if (!*given || (**given != "0" && **given != "1")) {
        return refuse_start(std::string("-X ") + name + "=n: n is missing or invalid");
      }
      *flag = **given == "1" ? 1 : 0;
    } else if (const char* value = variable(variable_name)) {
      if (std::strcmp(value, "0") != 0 && std::strcmp(value, "1") != 0) {
        return refuse_start(std::string(variable_name) + "=N: N is missing or invalid");
      }
      *flag = *value == '1' ? 1 : 0;
    }
  }

  void read_allocator() {
    const char* name = variable("PYTHONMALLOC");
    if (name == nullptr) return;
    const char* both[] = {"default", "debug", "mimalloc", "mimalloc_debug"};
    const char* with_gil[] = {"pymalloc", "pymalloc_debug", "malloc", "malloc_debug"};
    for (const char* known : both) {
      if (std::strcmp(name, known) == 0) return;
    }
    for (const char* known : with_gil) {
      if (!kFreeThreaded && std::strcmp(name, known) == 0) return;
    }
    refuse(std::string("Fatal Python error: preconfig_init_allocator: PYTHONMALLOC: unknown "
                       "allocator '") +
               name + "'\nPython runtime state: preinitializing\n\n",
           kFatal);
  }

  void read_hash_seed() {
    const char* said = variable("PYTHONHASHSEED");
    if (said != nullptr && std::strcmp(said, "random") != 0) {
      const char* end = said + std::strlen(said);
      std::uint32_t seed = 0;
      const auto [stop, error] = std::from_chars(said, end, seed);
      if (error != std::errc() || stop != end) {
        return refuse_start(
            "PYTHONHASHSEED must be \"random\" or an integer in range [0; "
            "4294967295]");
      }
      command_.python.hash_seed = seed;
      settings().randomizes_hashes = seed != 0;
      return;
    }
#if HEDDLE_SCHEDULED
    command_.python.hash_seed = 1;  // the same schedule, the same program
    return;
#endif
    if (::getrandom(&command_.python.hash_seed, sizeof(command_.python.hash_seed), 0) < 0) {
      command_.python.hash_seed = 1;
    }
  }

  void read_environment() {
    if (const char* name = variable("HEDDLE_PROFILE")) choose_profile_of_environment(name);
    read_gil();
    read_flag("thread_inherit_context", "PYTHON_THREAD_INHERIT_CONTEXT",
              &settings().thread_inherit_context);
    read_flag("context_aware_warnings", "PYTHON_CONTEXT_AWARE_WARNINGS",
              &settings().context_aware_warnings);
    read_allocator();
    read_hash_seed();
    if (variable("PYTHONUNBUFFERED") != nullptr) settings().is_unbuffered = true;
    if (variable("PYTHONDONTWRITEBYTECODE") != nullptr) settings().writes_bytecode = false;
    if (const auto* given = option("dev"); given != nullptr && !*given) {
      settings().is_developer_mode = true;
    }
    if (const char* said = variable("PYTHONWARNINGS")) {
      // Those of the environment come before those of the command line.
      std::vector<std::string> all;
      std::string_view rest(said);
      while (!rest.empty()) {
        const std::size_t comma = rest.find(',');
        if (comma != 0) all.emplace_back(rest.substr(0, comma));
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
      }
      all.insert(all.end(), settings().warn_options.begin(), settings().warn_options.end());
      settings().warn_options = std::move(all);
    }
  }

  void choose_profile_of_environment(const std::string& name) {
    for (const std::string& argument : arguments_) {
      if (argument.starts_with("--profile")) return;
    }
    choose_profile(name);
  }

  void settle() {
    settings().original = arguments_;
    if (command_.action == Action::kFile) {
      const std::size_t slash = command_.text.rfind('/');
      const std::string folder =
          slash == std::string::npos ? "" : command_.text.substr(0, slash == 0 ? 1 : slash);
      if (!settings().is_isolated) settings().paths.push_back(folder.empty() ? "." : folder);
    } else if (!settings().is_isolated) {
      settings().paths.emplace_back("");
    }
    if (const char* said = variable("PYTHONPATH")) {
      std::string_view rest(said);
      for (;;) {
        const std::size_t colon = rest.find(':');
        if (colon != 0 && !rest.empty()) settings().paths.emplace_back(rest.substr(0, colon));
        if (colon == std::string_view::npos) break;
        rest.remove_prefix(colon + 1);
      }
    }
  }

  const std::vector<std::string>& arguments_;
  const Environment& environment_;
  std::size_t next_ = 1;
  int version_letters_ = 0;
  bool is_decided_ = false;
  CommandLine command_;
  std::optional<Refusal> refusal_;
};

}  // namespace

ParsedCommandLine parse_command_line(const std::vector<std::string>& arguments,
                                     const Environment& environment) {
  return Parser(arguments, environment).parse();
}

std::string usage_text() {
  return "usage: heddle-python [option] ... [-c cmd | file | -] [arg] ...\n"
         "A reference runtime for free-threaded Python.\n"
         "\n"
         "-c cmd           run the text (ends the options)\n"
         "file             run the program in this file\n"
         "-                read the program from standard input (the default)\n"
         "-V, -VV          print the version, with more about the build when given twice\n"
         "-X option        gil=0|1, thread_inherit_context=0|1, context_aware_warnings=0|1, dev;\n"
         "                 any other is kept in sys._xoptions\n"
         "-W filter        for the module warnings\n"
         "-B -E -I -O -q -u -v   as in CPython\n"
         "--profile NAME   behave like this build of CPython: " +
         names_of_profiles() +
         "\n"
         "                 (the default is the first; HEDDLE_PROFILE says the same)\n"
         "--dis            print the instructions of the program instead of running it\n"
#if HEDDLE_SCHEDULED
         "--seed N         the schedule that the program runs under (1)\n"
         "--strategy NAME  random: whoever comes next is drawn at each step; pct: by priorities\n"
#endif
         "-h, --help       print this text\n"
         "\n"
         "PYTHON_GIL, PYTHON_THREAD_INHERIT_CONTEXT, PYTHON_CONTEXT_AWARE_WARNINGS, "
         "PYTHONHASHSEED,\n"
         "PYTHONMALLOC, PYTHONPATH, PYTHONUNBUFFERED and PYTHONWARNINGS mean what they mean in "
         "CPython.\n";
}

}  // namespace runtime
