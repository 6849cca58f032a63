// heddle list, lint, explain, emit, probe, diff: what looks and does not judge.

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <map>
#include <unistd.h>

#include "conformance/command_line/commands.h"
#include "conformance/command_line/locations.h"
#include "conformance/driver/driver_program.h"
#include "conformance/driver/history_plan.h"
#include "conformance/outcome/grading.h"
#include "conformance/report/report.h"
#include "conformance/runner/driver_run.h"
#include "conformance/runner/plan.h"
#include "conformance/runner/probe.h"
#include "conformance/spec/spec_loader.h"

namespace conformance {
namespace {

constexpr int kUsageError = 4;

void complain(const std::string& text) { std::fputs(("heddle: " + text + "\n").c_str(), stderr); }
void say(const std::string& text) { std::fputs((text + "\n").c_str(), stdout); }

void print(const Diagnostics& diagnostics) {
  for (const Diagnostic& one : diagnostics) std::fputs((to_string(one) + "\n").c_str(), stderr);
}

SpecSet load(const std::vector<std::string>& selection) {
  SpecSet specs = load_specs(selection, find_locations().specs);
  for (const Family& family : specs.families) {
    for (const Scenario& scenario : family.scenarios) {
      check_rules(family, scenario, specs.diagnostics);
      check_history(family, scenario, specs.diagnostics);
    }
  }
  return specs;
}

std::vector<Case> chosen(const SpecSet& specs, const std::vector<std::string>& selection) {
  std::vector<Case> cases;
  for (const Family& family : specs.families) {
    for (const Case& one : cases_of(family)) {
      if (selected(selection, one)) cases.push_back(one);
    }
  }
  return cases;
}

std::optional<Port> port_named(const std::string& name) {
  const Locations places = find_locations();
  Diagnostics diagnostics;
  std::optional<Port> port = find_port(name, places.ports, places.fake_program, diagnostics);
  print(diagnostics);
  return port;
}

std::string indented(const std::string& text, const std::string& prefix) {
  std::string result = prefix;
  for (char character : text) {
    result += character;
    if (character == '\n') result += prefix;
  }
  return result;
}

void say_snippet(const char* title, const Snippet& snippet) {
  if (snippet.empty()) return;
  say(fmt::format("  {}", title));
  say(indented(snippet.text, "    "));
}

std::string strengths_text(const Scenario& scenario) {
  std::string text;
  for (const StrengthRow& row : scenario.strengths) {
    text += (text.empty() ? "" : "; ") + std::string(to_string(row.strength));
    if (!row.where.always()) text += " where " + row.where.text();
  }
  return text;
}

void explain_sources(const Scenario& scenario, const Catalogue& catalogue) {
  for (const std::string& id : scenario.covers) {
    const Behaviour* behaviour = catalogue.find_behaviour(id);
    say(fmt::format("  covers    {}: {}", id,
                    behaviour != nullptr ? behaviour->statement : "(unknown)"));
    if (behaviour == nullptr) continue;
    for (const std::string& source_id : behaviour->sources) {
      if (const Source* source = catalogue.find_source(source_id)) {
        say(fmt::format("            {} ({}, {}): {}", source->id, source->document,
                        source->section, source->statement));
      }
    }
  }
}

void explain_rules(const Scenario& scenario) {
  say("  outcomes, first match wins; what no rule describes is forbidden:");
  for (const Rule& rule : scenario.outcomes) {
    say(fmt::format("    {:<12} {} {}", to_string(rule.grade), to_string(rule.matcher),
                    rule.pattern));
    if (!rule.where.always()) say(fmt::format("    {:<12} where {}", "", rule.where.text()));
    say(fmt::format("    {:<12} because {}", "", rule.because));
  }
}

void explain_history(const Family& family, const Scenario& scenario) {
  Diagnostics ignored;
  const HistoryPlan plan = plan_history(family, scenario, ignored);
  const HistoryClaim& claim = *scenario.history;
  say(fmt::format("  model     {}: {}", claim.model, plan.model->summary));
  if (plan.metadata.initial) say("  initial   " + to_string(*plan.metadata.initial));
  if (claim.bound) say(fmt::format("  bound     {}", *claim.bound));
  if (!plan.program.empty()) {
    say("  program, a line for each thread");
    say(indented(to_string(plan.program), "    "));
  } else {
    say(fmt::format("  programs of {} threads, each of at most {} of these operations:",
                    claim.threads, claim.operations));
  }
  for (const HistoryRow& row : plan.rows) {
    std::string arguments;
    for (const std::string& draw : row.draws) arguments += (arguments.empty() ? "" : ", ") + draw;
    say(fmt::format("    {:>4} {:<28} {}", row.weight, fmt::format("{}({})", row.name, arguments),
                    row.code.text.find('\n') == std::string::npos ? row.code.text : ""));
  }
  if (!claim.final.empty()) say("  final     " + claim.final.text);
}

void explain_scenario(const Family& family, const Scenario& scenario, const Catalogue& catalogue) {
  say(fmt::format("{}/{}  ({}, {}:{})", family.id, scenario.name, to_string(scenario.kind),
                  family.file, scenario.line));
  say("  claim     " + scenario.claim);
  say("  strength  " + strengths_text(scenario));
  if (!scenario.where.always()) say("  where     " + scenario.where.text());
  std::string needs;
  for (const std::string& feature : scenario.requirements)
    needs += (needs.empty() ? "" : ", ") + feature;
  if (!needs.empty()) say("  requires  " + needs);
  explain_sources(scenario, catalogue);
  say_snippet("module", scenario.module);
  for (const Variant& variant : scenario.variants) {
    std::string let;
    for (const NamedSnippet& binding : variant.let)
      let += fmt::format("{}{} = {}", let.empty() ? "" : "; ", binding.name, binding.code.text);
    say(fmt::format("  variant   [{}] {}", variant.id, let));
  }
  say_snippet("setup", scenario.setup);
  for (const Actor& actor : scenario.actors) {
    say_snippet(fmt::format("actor {}{}", actor.name,
                            actor.counted ? fmt::format(" x {}", actor.count) : "")
                    .c_str(),
                actor.code);
  }
  for (const NamedSnippet& observed : scenario.observe)
    say(fmt::format("  observe   {}: {}", observed.name, observed.code.text));
  say_snippet("cleanup", scenario.cleanup);
  if (scenario.history) {
    explain_history(family, scenario);
  } else {
    explain_rules(scenario);
  }
  say("");
}

// Every snippet read by the port's own compiler.
int check_on_port(const SpecSet& specs, const std::vector<Case>& cases, const std::string& name) {
  const std::optional<Port> port = port_named(name);
  if (!port) return kUsageError;
  const std::atomic<bool> never{false};
  const ProbeResult facts = probe(*port, {}, {}, specs.catalogue, never);
  if (!facts.failure.empty()) {
    complain("port " + name + ": " + facts.failure);
    return kUsageError;
  }
  DriverPlan plan;
  plan.mode = DriverMode::Check;
  plan.facts = facts.facts;
  std::map<std::string, Case> by_id;
  for (const Case& one : cases) {
    if (one.scenario->kind == Kind::Command || !why_skipped(one, facts.facts).empty()) continue;
    if (by_id.emplace(one.driver_id(), one).second) plan.cases.push_back({one, 0, 0});
  }
  DriverRunSettings settings;
  settings.port = &*port;
  const DriverRun run = run_driver(settings, plan, never);
  int problems = 0;
  for (const auto& [id, record] : run.cases) {
    for (const SpecProblem& problem : record.observation.problems) {
      const Case& one = by_id.at(id);
      std::fputs((to_string(Diagnostic{
                      one.family->file, problem.line > 0 ? problem.line : one.scenario->line, 1,
                      one.scenario->name + ": " + problem.message, "", Severity::Error}) +
                  "\n")
                     .c_str(),
                 stderr);
      ++problems;
    }
  }
  if (!run.bye) {
    complain("port " + name + ": " + run.how_it_ended());
    return kUsageError;
  }
  say(fmt::format("{} of {} cases read by {}, {} with problems", plan.cases.size(), cases.size(),
                  name, problems));
  return problems == 0 ? 0 : kUsageError;
}

}  // namespace

int list(const SpecCommand& command) {
  const SpecSet specs = load(command.specs);
  print(specs.diagnostics);
  for (const Case& one : chosen(specs, command.specs)) {
    say(fmt::format("{:<8} {}", to_string(one.scenario->kind), one.id()));
  }
  return has_errors(specs.diagnostics) ? kUsageError : 0;
}

int lint_specs(const SpecCommand& command) {
  SpecSet specs = load(command.specs);
  const Diagnostics more = lint(specs);
  specs.diagnostics.insert(specs.diagnostics.end(), more.begin(), more.end());
  print(specs.diagnostics);
  int exit = has_errors(specs.diagnostics) ? kUsageError : 0;
  const std::vector<Case> cases = chosen(specs, command.specs);
  std::size_t scenarios = 0;
  for (const Family& family : specs.families) scenarios += family.scenarios.size();
  say(fmt::format("{} families, {} scenarios, {} cases, {} problems", specs.families.size(),
                  scenarios, cases.size(), specs.diagnostics.size()));
  if (!command.port.empty() && check_on_port(specs, cases, command.port) != 0) exit = kUsageError;
  return exit;
}

int explain(const SpecCommand& command) {
  const SpecSet specs = load(command.specs);
  print(specs.diagnostics);
  const Scenario* last = nullptr;
  for (const Case& one : chosen(specs, command.specs)) {
    if (one.scenario == last) continue;
    last = one.scenario;
    explain_scenario(*one.family, *one.scenario, specs.catalogue);
  }
  if (last == nullptr) complain("nothing selected: no family or case matches");
  return last == nullptr || has_errors(specs.diagnostics) ? kUsageError : 0;
}

int emit(const SpecCommand& command) {
  const SpecSet specs = load(command.specs);
  print(specs.diagnostics);
  if (has_errors(specs.diagnostics)) return kUsageError;
  DriverPlan plan;
  plan.canary_seconds = 2;
  plan.fact_names = known_fact_names();
  for (const Feature& feature : specs.catalogue.features) plan.fact_names.push_back(feature.name);
  for (const Case& one : chosen(specs, command.specs)) {
    if (one.scenario->kind != Kind::Command) plan.cases.push_back({one, 1.0, 10});
  }
  if (plan.cases.empty()) {
    complain("nothing selected that a driver could run");
    return kUsageError;
  }
  std::fputs(driver_program(plan).c_str(), stdout);
  return 0;
}

int probe_port(const std::string& name) {
  const std::optional<Port> port = port_named(name);
  if (!port) return kUsageError;
  Diagnostics diagnostics;
  const Catalogue catalogue = load_catalogue(find_locations().specs, diagnostics);
  print(diagnostics);
  const std::atomic<bool> never{false};
  const ProbeResult result = probe(*port, {}, {}, catalogue, never);
  if (!result.failure.empty()) {
    complain("port " + name + ": " + result.failure);
    return kUsageError;
  }
  say(fmt::format("{}\n{}\n", name, result.version));
  for (const auto& [fact, value] : result.facts) {
    if (catalogue.find_feature(fact) == nullptr)
      say(fmt::format("  {:<34} {}", fact, to_string(value)));
  }
  say("\nfeatures");
  for (const Feature& feature : catalogue.features) {
    const auto found = result.facts.find(feature.name);
    const bool there = found != result.facts.end() && found->second == Fact(true);
    say(fmt::format("  {:<34} {:<4} {}", feature.name, there ? "yes" : "no", feature.meaning));
  }
  return 0;
}

int diff(const std::string& left, const std::string& right) {
  Diagnostics diagnostics;
  const ResultsFile before = read_results(left, diagnostics);
  const ResultsFile after = read_results(right, diagnostics);
  print(diagnostics);
  if (has_errors(diagnostics)) return kUsageError;
  TextStyle style;
  style.color = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  bool different = false;
  std::fputs(difference(before, after, style, different).c_str(), stdout);
  return different ? 1 : 0;
}

}  // namespace conformance
