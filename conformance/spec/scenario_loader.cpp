// A scenario field by field; then the rules that one field alone cannot show: what its kind
// demands, and names that collide.
#include "conformance/spec/scenario_loader.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "conformance/spec/history_loader.h"
#include "conformance/spec/python_names.h"

namespace conformance {

namespace {

constexpr int kMostLitmusThreads = 16;
constexpr int kMostScriptThreads = 256;

struct Forbidden {
  std::string_view key;
  std::string_view advice;
};

constexpr Forbidden kNotForSamples[] = {
    {"options", "rows of the family's `processes:` start an interpreter with options"},
    {"environment", "rows of the family's `processes:` set an environment"}};
constexpr Forbidden kNotForProcess[] = {{"setup", "its program is `module`"},
                                        {"actors", "its program is `module`"},
                                        {"threads", "its program starts its own"},
                                        {"cleanup", "its program ends by itself"}};
constexpr Forbidden kNotForCommand[] = {
    {"module", "it runs no Python of ours"},   {"setup", "it runs no Python of ours"},
    {"actors", "it runs no Python of ours"},   {"observe", "observed are status, stdout, stderr"},
    {"cleanup", "it runs no Python of ours"},  {"threads", "it runs no Python of ours"},
    {"variants", "write a scenario for each"},
};

constexpr Forbidden kNotForHistory[] = {
    {"actors", "its programs are drawn from `table`, or stand in `program`"},
    {"observe", "observed are the results of all operations, and `final`"},
    {"cleanup", "its objects are dropped"},
    {"outcomes", "its model says what is allowed"},
    {"options", "rows of the family's `processes:` start an interpreter with options"},
    {"environment", "rows of the family's `processes:` set an environment"}};
constexpr Forbidden kOnlyForHistory[] = {
    {"model", "only a history is judged by a model"},
    {"operations", "only a history has a number of operations"},
    {"table", "only a history draws its operations from a table"},
    {"program", "only a history has a program of operations"},
    {"initial", "`setup` makes the state"},
    {"bound", "`setup` makes the state"},
    {"final", "`observe` looks at the state"}};

std::span<const Forbidden> forbidden_for(Kind kind) {
  switch (kind) {
    case Kind::Litmus:
    case Kind::Script:
      return kNotForSamples;
    case Kind::Process:
      return kNotForProcess;
    case Kind::Command:
      return kNotForCommand;
    case Kind::History:
      return kNotForHistory;
  }
  return {};
}

class ScenarioReader {
 public:
  ScenarioReader(Reading& reading, const YamlNode& node, const FamilyShare& share)
      : reading_(reading), share_(share), fields_(reading, node, kScenarioMapping) {}

  Scenario read() {
    scenario_.line = fields_.node().place.line;
    scenario_.strengths = {StrengthRow{}};
    if (!fields_.node().is_map()) return std::move(scenario_);
    read_kind();
    read_head();
    read_code();
    read_surroundings();
    if (const YamlNode* outcomes = fields_.find("outcomes")) {
      scenario_.outcomes = read_rules(reading_, *outcomes, scenario_.kind);
    }
    if (known_kind_ && scenario_.kind == Kind::History) {
      scenario_.history = read_history(reading_, fields_);
    }
    check_kind();
    check_names();
    return std::move(scenario_);
  }

 private:
  // Calls `read` with the value of the key, if it is there.
  template <typename Read>
  void with(std::string_view key, Read read) {
    if (const YamlNode* value = fields_.find(key)) read(*value);
  }

  void read_kind() {
    with("kind", [&](const YamlNode& node) {
      const auto index = reading_.word(node, "'kind'", kKindWords);
      known_kind_ = index.has_value();
      scenario_.kind = static_cast<Kind>(index.value_or(0));
    });
  }

  void read_head() {
    with("name",
         [&](const YamlNode& node) { scenario_.name = reading_.identifier(node, "'name'"); });
    with("claim", [&](const YamlNode& node) { scenario_.claim = reading_.text(node, "'claim'"); });
    with("covers",
         [&](const YamlNode& node) { scenario_.covers = reading_.text_list(node, "'covers'"); });
    with("strength",
         [&](const YamlNode& node) { scenario_.strengths = read_strengths(reading_, node); });
    scenario_.where = share_.where;
    with("where", [&](const YamlNode& node) {
      scenario_.where = both(share_.where, reading_.condition(node));
    });
    scenario_.requirements = share_.requirements;
    with("requires", [&](const YamlNode& node) {
      for (std::string& name : reading_.features(node)) add_requirement(std::move(name));
    });
    with("variants",
         [&](const YamlNode& node) { scenario_.variants = read_variants(reading_, node); });
    if (scenario_.kind == Kind::History) return;  // there it is a number
    with("threads", [&](const YamlNode& node) {
      const auto index = reading_.word(node, "'threads'", kThreadsWords);
      scenario_.threads = static_cast<Threads>(index.value_or(0));
    });
  }

  void add_requirement(std::string name) {
    std::vector<std::string>& all = scenario_.requirements;
    if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(std::move(name));
  }

  void read_code() {
    if (scenario_.kind != Kind::Command && !share_.module.empty()) {
      scenario_.module_parts.push_back(share_.module);
    }
    with("module", [&](const YamlNode& node) {
      scenario_.module_parts.push_back(reading_.python(node, "'module'"));
    });
    for (const Snippet& part : scenario_.module_parts) {
      if (scenario_.module.line == 0) scenario_.module.line = part.line;
      if (!scenario_.module.text.empty()) scenario_.module.text += '\n';
      scenario_.module.text += part.text;
    }
    with("setup",
         [&](const YamlNode& node) { scenario_.setup = reading_.python(node, "'setup'"); });
    with("actors", [&](const YamlNode& node) { read_actors(node); });
    with("observe", [&](const YamlNode& node) {
      for (const auto& [key, value] : reading_.entries(node, "'observe'")) {
        std::string name = reading_.python_name(*key, "an observed name");
        Snippet code = reading_.python(*value, fmt::format("'{}'", name));
        scenario_.observe.push_back({std::move(name), std::move(code)});
      }
    });
    with("cleanup",
         [&](const YamlNode& node) { scenario_.cleanup = reading_.python(node, "'cleanup'"); });
  }

  void read_actors(const YamlNode& node) {
    for (const auto& [key, value] : reading_.entries(node, "'actors'")) {
      Actor actor;
      actor.name = reading_.python_name(*key, "an actor's name");
      const std::string what = fmt::format("'{}'", actor.name);
      if (value->is_map()) {
        const Fields fields(reading_, *value, kActorMapping);
        if (const YamlNode* count = fields.find("count")) {
          actor.counted = true;
          actor.count = read_count(*count);
        }
        if (const YamlNode* code = fields.find("do")) actor.code = reading_.python(*code, "'do'");
      } else {
        actor.code = reading_.python(*value, what);
      }
      scenario_.actors.push_back(std::move(actor));
      actor_keys_.push_back(key);
    }
  }

  int read_count(const YamlNode& node) {
    const auto count = reading_.integer(node, "'count'");
    if (!count) return 1;
    if (*count < 1 || *count > kMostScriptThreads) {
      reading_.error(
          node, fmt::format("'count' must be from 1 to {}, found {}", kMostScriptThreads, *count));
      return 1;
    }
    return static_cast<int>(*count);
  }

  void read_surroundings() {
    with("options",
         [&](const YamlNode& node) { scenario_.options = reading_.text_list(node, "'options'"); });
    with("environment",
         [&](const YamlNode& node) { scenario_.environment = read_environment(reading_, node); });
    with("timeout", [&](const YamlNode& node) {
      scenario_.timeout = reading_.positive_number(node, "'timeout'");
    });
    with("kills", [&](const YamlNode& node) {
      for (const YamlNode& entry : reading_.list(node, "'kills'")) {
        scenario_.kills.push_back(reading_.identifier(entry, "an entry of 'kills'"));
      }
    });
    with("expect_verdict", [&](const YamlNode& node) {
      if (!share_.of_harness) {
        reading_.error(*fields_.find_key("expect_verdict"),
                       "'expect_verdict' is only for the cases of harness/",
                       "what is known to fail stands in a file of expectations");
      }
      const auto index = reading_.word(node, "'expect_verdict'", kVerdictWords);
      if (index) scenario_.expect_verdict = kVerdictWords.words[*index];
    });
  }

  void refuse(std::span<const Forbidden> keys) {
    for (const Forbidden& forbidden : keys) {
      if (const YamlNode* key = fields_.find_key(forbidden.key)) {
        reading_.error(*key,
                       fmt::format("a {} has no '{}'", to_string(scenario_.kind), forbidden.key),
                       std::string(forbidden.advice));
      }
    }
  }

  void check_kind() {
    if (!known_kind_) return;
    const std::string_view kind = to_string(scenario_.kind);
    refuse(forbidden_for(scenario_.kind));
    if (scenario_.kind == Kind::History) return;
    refuse(kOnlyForHistory);
    if (fields_.find_key("outcomes") == nullptr) {
      reading_.error(fields_.node(), fmt::format("a {} needs 'outcomes'", kind));
    }
    const bool samples = scenario_.kind == Kind::Litmus || scenario_.kind == Kind::Script;
    if (samples && fields_.find("observe") == nullptr) {
      reading_.error(fields_.node(), fmt::format("a {} needs 'observe'", kind));
    }
    if (!samples) return;
    if (scenario_.kind == Kind::Litmus && fields_.find("actors") == nullptr) {
      reading_.error(fields_.node(), "a litmus needs 'actors'", "without any it is a script");
    }
    const int most = scenario_.kind == Kind::Litmus ? kMostLitmusThreads : kMostScriptThreads;
    if (scenario_.actor_threads() > most) {
      reading_.error(*fields_.find_key("actors"),
                     fmt::format("the actors need {} threads; a {} has at most {}",
                                 scenario_.actor_threads(), kind, most));
    }
  }

  // In `observe` an actor's name is its result and a name of setup its object: one name cannot be
  // both.
  void check_names() {
    std::set<std::string, std::less<>> of_setup, of_let;
    for (const PythonName& name : scan_python(scenario_.setup.text).bound)
      of_setup.insert(name.name);
    for (const Variant& variant : scenario_.variants) {
      for (const NamedSnippet& let : variant.let) of_let.insert(let.name);
    }
    for (std::size_t index = 0; index < scenario_.actors.size(); ++index) {
      const std::string& name = scenario_.actors[index].name;
      const char* binder = of_setup.count(name) > 0 ? "setup"
                           : of_let.count(name) > 0 ? "let"
                                                    : nullptr;
      if (binder == nullptr) continue;
      reading_.error(
          *actor_keys_[index],
          fmt::format("the actor '{}' has the name of something that {} binds", name, binder),
          "in observe the name could only mean one of them");
    }
  }

  Reading& reading_;
  const FamilyShare& share_;
  const Fields fields_;
  Scenario scenario_;
  std::vector<const YamlNode*> actor_keys_;
  bool known_kind_ = true;
};

}  // namespace

Condition both(const Condition& left, const Condition& right) {
  if (left.always()) return right;
  if (right.always()) return left;
  Condition::Error error;
  const auto joined =
      Condition::parse(fmt::format("({}) and ({})", left.text(), right.text()), error);
  return joined.value_or(left);  // each half was parsed before, so the whole parses
}

std::vector<Variant> read_variants(Reading& reading, const YamlNode& node) {
  std::vector<Variant> variants;
  for (const YamlNode& entry : reading.list(node, "'variants'")) {
    const Fields fields(reading, entry, kVariantMapping);
    Variant variant;
    variant.line = entry.place.line;
    if (const YamlNode* id = fields.find("id")) {
      variant.id = reading.id_part(*id, "a variant's 'id'");
      for (const Variant& other : variants) {
        if (other.id != variant.id || variant.id.empty()) continue;
        reading.error(*id, fmt::format("the variant '{}' stands twice", variant.id),
                      fmt::format("the first is on line {}", other.line));
      }
    }
    if (const YamlNode* let = fields.find("let")) {
      for (const auto& [key, value] : reading.entries(*let, "'let'")) {
        std::string name = reading.python_name(*key, "a name of 'let'");
        Snippet code = reading.python(*value, fmt::format("'{}'", name));
        variant.let.push_back({std::move(name), std::move(code)});
      }
    }
    if (const YamlNode* where = fields.find("where")) variant.where = reading.condition(*where);
    if (const YamlNode* features = fields.find("requires")) {
      variant.requirements = reading.features(*features);
    }
    variants.push_back(std::move(variant));
  }
  return variants;
}

std::map<std::string, std::string> read_environment(Reading& reading, const YamlNode& node) {
  std::map<std::string, std::string> environment;
  for (const auto& [key, value] : reading.entries(node, "'environment'")) {
    if (key->text.empty() || key->text.find('=') != std::string::npos) {
      reading.error(*key, fmt::format("'{}' cannot name a variable of the environment", key->text));
    }
    environment[key->text] = reading.text_or_nothing(*value, fmt::format("'{}'", key->text));
  }
  return environment;
}

Scenario read_scenario(Reading& reading, const YamlNode& node, const FamilyShare& share) {
  return ScenarioReader(reading, node, share).read();
}

}  // namespace conformance
