#include "conformance/runner/history_spec.h"

#include <algorithm>
#include <fmt/format.h>

#include "conformance/driver/history_methods.h"
#include "conformance/runner/outcome_sets.h"

namespace conformance {
namespace {

constexpr const char* kActorNames[] = {"first", "second", "third"};

// In single quotes for YAML.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char character : text) {
    if (character == '\'') result += '\'';
    result += character;
  }
  return result + "'";
}

std::string indented(const std::string& text, const std::string& prefix) {
  std::string result = prefix;
  for (const char character : text) {
    result += character;
    if (character == '\n') result += prefix;
  }
  return result;
}

std::string block(const std::string& key, const std::string& text, const std::string& prefix) {
  return fmt::format("{}{}: |\n{}\n", prefix, key, indented(text, prefix + "  "));
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// A call as Python: "return subject.pop()".
std::string python_of(const Model& model, const ProgramCall& call) {
  std::string code =
      played(model, *find_method(model, call.method), static_cast<int>(call.arguments.size())).code;
  for (std::size_t index = 0; index < call.arguments.size(); ++index) {
    code = replaced(code, fmt::format("argument{}", index), to_string(call.arguments[index]));
  }
  return code;
}

// What one thread does, as the body of an actor whose result is the list of all results, or the one.
std::string actor_text(const Model& model, const std::vector<ProgramCall>& calls) {
  if (calls.size() == 1) return python_of(model, calls[0]);
  std::string text = "results = []\n";
  for (const ProgramCall& call : calls) {
    std::string code = python_of(model, call);
    code = code.starts_with("return ") ? "results.append(" + code.substr(7) + ")"
                                       : code + "\nresults.append(None)";
    text += "try:\n" + indented(code, "    ") +
            "\nexcept Exception as error:\n    results.append(raised(type(error)))\n";
  }
  return text + "return results";
}

Value as_list(const std::vector<Value>& values) { return {Value::Type::List, "", values}; }

std::string initial_text(const HistoryMetadata& start) {
  if (start.initial) return to_string(*start.initial);
  return start.model == "dict" ? "{}" : start.model == "set" ? "set()" : "[]";
}

std::string setup_text(const HistoryMetadata& start) {
  if (start.model != "deque") return "subject = " + initial_text(start);
  return fmt::format("subject = deque({}{})", initial_text(start),
                     start.bound ? fmt::format(", {}", *start.bound) : "");
}

std::string final_text(const std::string& model) {
  return model == "dict" || model == "set" ? "subject" : "list(subject)";
}

bool has_literal(const std::string& model) {
  return model == "list" || model == "dict" || model == "set" || model == "deque";
}

// These came with Python 3, some of them late; an order of insertion is promised since 3.7.
bool is_late(const Model& model, const Program& program) {
  for (const std::vector<ProgramCall>& thread : program) {
    for (const ProgramCall& call : thread) {
      const std::string& name = call.method;
      if (played(model, *find_method(model, name), 0).attribute == "__reversed__") return true;
      if (model.name == "list" && (name == "clear" || name == "copy")) return true;
      if (model.name == "deque" && (name == "insert" || name == "index" || name == "copy"))
        return true;
    }
  }
  return false;
}

std::string calls_text(const Program& program) {
  std::string text;
  for (const std::vector<ProgramCall>& thread : program) {
    for (const ProgramCall& call : thread) text += (text.empty() ? "" : ", ") + to_string(call);
  }
  return text;
}

// A scenario of the kind litmus; empty where the outcomes cannot be listed.
std::string litmus(const HistoryMetadata& start, const Program& program, const std::string& name) {
  const Model& model = *find_model(start.model);
  if (!has_literal(start.model) || program.size() > std::size(kActorNames)) return "";
  const auto outcomes = outcomes_of(start, program);
  if (!outcomes || outcomes->empty()) return "";
  std::string text =
      fmt::format("  - name: {}\n    claim: {}\n", name,
                  quoted(fmt::format("On {} {} show only what some order of them shows.",
                                     initial_text(start), calls_text(program))));
  if (is_late(model, program)) text += "    where: version >= 3.8\n";
  if (start.model == "deque") text += block("module", "from collections import deque", "    ");
  text += block("setup", setup_text(start), "    ") + "    actors:\n";
  for (std::size_t thread = 0; thread < program.size(); ++thread) {
    text += block(kActorNames[thread], actor_text(model, program[thread]), "      ");
  }
  text += "    observe:\n";
  for (std::size_t thread = 0; thread < program.size(); ++thread) {
    text += fmt::format("      {0}: {0}\n", kActorNames[thread]);
  }
  text += fmt::format("      final: {}\n    outcomes:\n", final_text(start.model));
  for (const ProgramOutcome& outcome : *outcomes) {
    std::string shown;
    for (std::size_t thread = 0; thread < program.size(); ++thread) {
      const std::vector<Value>& results = outcome.results[thread];
      shown += fmt::format("{}={}, ", kActorNames[thread],
                           to_string(results.size() == 1 ? results[0] : as_list(results)));
    }
    shown += "final=" + to_string(outcome.final);
    text += fmt::format("      - is: {}\n        grade: acceptable\n        because: {}\n",
                        quoted(shown), quoted("threads in the order " + outcome.order));
  }
  return text;
}

std::string head(const std::string& title) {
  return fmt::format("heddle: 1\ntitle: {}\nrequires: [threads]\nscenarios:\n", title);
}

// --- pairs and triples

Value integer(int number) { return {Value::Type::Int, std::to_string(number), {}}; }

Value value_of(const std::string& text) {
  ValueError error;
  return parse_value(text, error).value_or(Value{});
}

// The argument of the operation of thread `role`: elements are all different, keys meet.
Value argument(const std::string& kind, int role) {
  if (kind == "fresh") return integer(10 + role);
  if (kind == "known" || kind == "key" || kind == "count") return integer(1);
  if (kind == "index") return integer(0);
  if (kind == "elements") return value_of(fmt::format("[{}, {}]", 20 + 2 * role, 21 + 2 * role));
  if (kind == "keys") return value_of(fmt::format("{{1, {}}}", 3 + role));
  if (kind == "pairs") return value_of(fmt::format("{{1: {0}, 3: {0}}}", 20 + role));
  return value_of("'t'");
}

struct Shape {
  const Method* method;
  int arity;
};

std::vector<Shape> shapes_of(const Model& model) {
  std::vector<Shape> shapes;
  for (const Method& method : model.methods) {
    if (!played(model, method, 0).by_default) continue;
    const int most = static_cast<int>(method.arguments.size());
    for (int arity = method.required; arity <= most; ++arity) shapes.push_back({&method, arity});
  }
  return shapes;
}

ProgramCall call_of(const Shape& shape, int role) {
  ProgramCall call{std::string(shape.method->name), {}};
  for (const std::string& kind : draws(*shape.method, shape.arity)) {
    call.arguments.push_back(argument(kind, role));
  }
  return call;
}

std::vector<HistoryMetadata> states_of(const Model& model) {
  std::vector<HistoryMetadata> states;
  const bool keyed = model.name == "dict";
  const bool set = model.name == "set";
  for (const char* text : {keyed ? "{}"
                           : set ? "set()"
                                 : "[]",
                           keyed ? "{1: 1}"
                           : set ? "{1}"
                                 : "[1]",
                           keyed ? "{1: 1, 2: 2}"
                           : set ? "{1, 2}"
                                 : "[1, 2]"}) {
    HistoryMetadata state;
    state.model = model.name;
    state.initial = value_of(text);
    states.push_back(state);
  }
  if (model.name == "deque") {
    states.push_back(states.back());
    states.back().bound = 2;
  }
  return states;
}

}  // namespace

std::string program_spec(const HistoryMetadata& start, const Program& program) {
  std::string text = head(fmt::format("A program on one {}", start.model));
  text += fmt::format(
      "  - name: history\n    claim: Every run of this program can be explained by an order of its "
      "operations.\n    kind: history\n    model: {}\n",
      start.model);
  if (start.bound) text += fmt::format("    bound: {}\n", *start.bound);
  text += block("initial", initial_text(start), "    ");
  text += block("program", to_string(program), "    ");
  return text + litmus(start, program, "outcomes");
}

std::vector<GeneratedFamily> combinations(const Model& model, int threads) {
  std::vector<GeneratedFamily> families;
  if (!has_literal(std::string(model.name))) return families;
  const std::vector<Shape> shapes = shapes_of(model);
  int number = 0;
  for (const HistoryMetadata& state : states_of(model)) {
    ++number;
    for (std::size_t first = 0; first < shapes.size(); ++first) {
      if (first == 0 || threads == 3) {
        GeneratedFamily family;
        family.name = fmt::format(
            "{}_of_{}_{}", threads == 3 ? "triples" : "pairs", model.name,
            threads == 3 ? fmt::format("{}_{}", number, first + 1) : std::to_string(number));
        family.text = head(quoted(fmt::format(
            "{} of operations on one {}, at the start {}{}", threads == 3 ? "Triples" : "Pairs",
            model.name, initial_text(state), state.bound ? " with a bound" : "")));
        families.push_back(std::move(family));
      }
      GeneratedFamily& family = families.back();
      const auto add = [&](const std::vector<std::size_t>& choice) {
        Program program;
        std::string name;
        bool changes = false, lock_free = false, several_steps = false;
        for (std::size_t role = 0; role < choice.size(); ++role) {
          const Shape& shape = shapes[choice[role]];
          program.push_back({call_of(shape, static_cast<int>(role))});
          changes |= shape.method->changes == Changes::Maybe;
          const Footing footing = footing_of(model, *shape.method, shape.arity);
          lock_free |= footing == Footing::LockFree;
          several_steps |= footing == Footing::SeveralSteps;
          name += fmt::format("{}{}{}", role > 0 ? "_and_" : "", shape.method->name,
                              shape.arity > shape.method->required ? "_with_option" : "");
        }
        if (!changes || (lock_free && several_steps)) return;
        const std::string text = litmus(state, program, name);
        if (text.empty()) return;
        family.text += text;
        ++family.scenarios;
      };
      for (std::size_t second = first; second < shapes.size(); ++second) {
        if (threads == 2) {
          add({first, second});
          continue;
        }
        for (std::size_t third = second; third < shapes.size(); ++third)
          add({first, second, third});
      }
    }
  }
  std::erase_if(families, [](const GeneratedFamily& one) { return one.scenarios == 0; });
  return families;
}

}  // namespace conformance
