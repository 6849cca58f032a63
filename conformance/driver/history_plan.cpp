#include "conformance/driver/history_plan.h"

#include <algorithm>
#include <fmt/format.h>

#include "conformance/driver/history_methods.h"
#include "conformance/spec/advice.h"
#include "conformance/spec/identifiers.h"

namespace conformance {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

// The parts of a line between `;`, those within quotes left alone.
std::vector<std::string_view> calls_of(std::string_view line) {
  std::vector<std::string_view> parts;
  char quote = 0;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char character = line[at];
    if (quote != 0) {
      if (character == '\\') {
        ++at;
      } else if (character == quote) {
        quote = 0;
      }
    } else if (character == '\'' || character == '"') {
      quote = character;
    } else if (character == ';') {
      parts.push_back(trimmed(line.substr(begin, at - begin)));
      begin = at + 1;
    }
  }
  parts.push_back(trimmed(line.substr(begin)));
  if (parts.back().empty()) parts.pop_back();  // a `;` at the end, or an empty line
  return parts;
}

std::optional<ProgramCall> parse_call(std::string_view text, std::string& error) {
  const std::size_t open = text.find('(');
  const std::string name(text.substr(0, std::min(open, text.size())));
  if (open == std::string_view::npos || text.back() != ')' || !is_identifier(name)) {
    error = fmt::format("'{}' is no call; write it as append(1)", text);
    return std::nullopt;
  }
  const std::string inner(trimmed(text.substr(open + 1, text.size() - open - 2)));
  ProgramCall call{name, {}};
  if (inner.empty()) return call;
  ValueError problem;
  if (std::optional<Value> only = parse_value(inner, problem)) {
    call.arguments.push_back(std::move(*only));
    return call;
  }
  const std::optional<Value> arguments = parse_value("(" + inner + ")", problem);
  if (!arguments) {
    error = fmt::format("the arguments of '{}': {}", text, problem.message);
    return std::nullopt;
  }
  call.arguments = arguments->items;
  return call;
}

// How many arguments this text of Python asks for: one more than the highest it names.
int mentioned(const std::string& code) {
  for (int index = 2; index >= 0; --index) {
    if (code.find(fmt::format("argument{}", index)) != std::string::npos) return index + 1;
  }
  return 0;
}

std::string method_names(const Model& model) {
  std::string text;
  for (const Method& method : model.methods) {
    text += (text.empty() ? "" : ", ") + std::string(method.name);
  }
  return text;
}

class Planner {
 public:
  Planner(const Family& family, const Scenario& scenario, Diagnostics& diagnostics)
      : family_(family),
        scenario_(scenario),
        claim_(*scenario.history),
        diagnostics_(diagnostics) {}

  HistoryPlan plan() {
    plan_.model = find_model(claim_.model);
    if (plan_.model == nullptr) {
      error(claim_.model_line, fmt::format("unknown model '{}'", claim_.model));
      return std::move(plan_);
    }
    read_state();
    for (const HistoryMethod& method : claim_.table) {
      if (find_method(*plan_.model, method.name) == nullptr) unknown(method.line, method.name);
    }
    if (!claim_.program.empty()) {
      read_program();
    } else if (claim_.table.empty()) {
      take_all_methods();
    } else {
      for (const HistoryMethod& method : claim_.table) take_method(method);
    }
    return std::move(plan_);
  }

 private:
  void error(int line, std::string message, std::string advice = "") {
    diagnostics_.push_back(
        {family_.file, line, 0, std::move(message), std::move(advice), Severity::Error});
  }

  void read_state() {
    plan_.metadata.model = claim_.model;
    plan_.metadata.bound = claim_.bound;
    if (!claim_.initial.empty()) {
      ValueError problem;
      plan_.metadata.initial = parse_value(claim_.initial, problem);
      if (!plan_.metadata.initial) {
        error(scenario_.line, fmt::format("'initial' is no value: {}", problem.message),
              "write it as reports do: [1, 2], {'a': 1}");
        return;
      }
    }
    if (const std::string complaint = conformance::complaint(plan_.metadata); !complaint.empty()) {
      error(claim_.model_line, complaint);
    }
    if (!has_default_subject(*plan_.model) && scenario_.setup.empty()) {
      error(claim_.model_line,
            fmt::format("a history of the model '{}' needs 'setup'", claim_.model),
            "it makes `subject`, the object that the operations are asked of");
    }
  }

  void add_row(const Method& method, int arity, int weight, const Snippet& own, int line) {
    HistoryRow row;
    row.name = method.name;
    row.weight = weight;
    row.draws = draws(method, arity);
    if (own.empty()) {
      PlayedMethod text = played(*plan_.model, method, arity);
      row.code = {std::move(text.code), line};
      row.attribute = std::move(text.attribute);
    } else {
      row.code = own;
    }
    plan_.rows.push_back(std::move(row));
  }

  // With optional arguments there are two rows, which share the weight.
  void add_rows(const Method& method, int weight, const Snippet& own, int line) {
    const int most = static_cast<int>(method.arguments.size());
    if (!own.empty()) {
      const int arity = std::clamp(mentioned(own.text), method.required, most);
      add_row(method, arity, 2 * weight, own, line);
    } else if (most == method.required) {
      add_row(method, most, 2 * weight, own, line);
    } else {
      add_row(method, method.required, weight, own, line);
      add_row(method, most, weight, own, line);
    }
  }

  void take_all_methods() {
    for (const Method& method : plan_.model->methods) {
      if (played(*plan_.model, method, 0).by_default) add_rows(method, 1, {}, scenario_.line);
    }
    for (HistoryRow& row : plan_.rows) {
      const Method& method = *find_method(*plan_.model, row.name);
      const int arity = static_cast<int>(row.draws.size());
      row.footing = static_cast<int>(footing_of(*plan_.model, method, arity));
    }
  }

  void take_method(const HistoryMethod& wanted) {
    const Method* method = find_method(*plan_.model, wanted.name);
    if (method == nullptr) return;  // told already
    add_rows(*method, wanted.weight, wanted.code, wanted.line);
  }

  void unknown(int line, const std::string& name) {
    error(line, fmt::format("the model '{}' has no method '{}'", claim_.model, name),
          "known are: " + method_names(*plan_.model));
  }

  void read_program() {
    std::string problem;
    std::optional<Program> program = parse_program(claim_.program.text, problem);
    if (!program) {
      error(claim_.program.line, problem);
      return;
    }
    int line = claim_.program.line;
    for (const std::vector<ProgramCall>& thread : *program) {
      std::vector<int>& rows = plan_.program_rows.emplace_back();
      for (const ProgramCall& call : thread) rows.push_back(row_for(call, line));
      ++line;
    }
    plan_.program = std::move(*program);
  }

  int row_for(const ProgramCall& call, int line) {
    const Method* method = find_method(*plan_.model, call.method);
    if (method == nullptr) {
      unknown(line, call.method);
      return 0;
    }
    Operation operation;
    operation.method = call.method;
    operation.arguments = call.arguments;
    if (const std::string wrong = complaint(*plan_.model, operation); !wrong.empty()) {
      error(line, wrong);
      return 0;
    }
    const std::size_t arity = call.arguments.size();
    for (std::size_t index = 0; index < plan_.rows.size(); ++index) {
      const HistoryRow& row = plan_.rows[index];
      if (row.name == call.method && row.draws.size() == arity) return static_cast<int>(index);
    }
    Snippet own;
    for (const HistoryMethod& given : claim_.table) {
      if (given.name == call.method) own = given.code;
    }
    add_row(*method, static_cast<int>(arity), 1, own, line);
    return static_cast<int>(plan_.rows.size()) - 1;
  }

  const Family& family_;
  const Scenario& scenario_;
  const HistoryClaim& claim_;
  Diagnostics& diagnostics_;
  HistoryPlan plan_;
};

}  // namespace

std::optional<Program> parse_program(const std::string& text, std::string& error) {
  Program program;
  std::string_view rest = text;
  for (int number = 1;; ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::vector<ProgramCall>& thread = program.emplace_back();
    for (const std::string_view part : calls_of(rest.substr(0, end))) {
      std::optional<ProgramCall> call = parse_call(part, error);
      if (!call) {
        error = fmt::format("line {} of the program: {}", number, error);
        return std::nullopt;
      }
      thread.push_back(std::move(*call));
    }
    if (end == rest.size()) return program;
    rest.remove_prefix(end + 1);
  }
}

std::string to_string(const ProgramCall& call) {
  std::string arguments;
  for (const Value& value : call.arguments) {
    arguments += (arguments.empty() ? "" : ", ") + to_string(value);
  }
  return fmt::format("{}({})", call.method, arguments);
}

std::string to_string(const Program& program) {
  std::string text;
  for (std::size_t thread = 0; thread < program.size(); ++thread) {
    if (thread > 0) text += '\n';
    for (std::size_t index = 0; index < program[thread].size(); ++index) {
      text += (index > 0 ? "; " : "") + to_string(program[thread][index]);
    }
  }
  return text;
}

HistoryPlan plan_history(const Family& family, const Scenario& scenario, Diagnostics& diagnostics) {
  return Planner(family, scenario, diagnostics).plan();
}

void check_history(const Family& family, const Scenario& scenario, Diagnostics& diagnostics) {
  if (scenario.history) plan_history(family, scenario, diagnostics);
}

}  // namespace conformance
