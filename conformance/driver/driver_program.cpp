#include "conformance/driver/driver_program.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "conformance/driver/history_plan.h"

namespace conformance {
namespace {

using nlohmann::json;

struct Part {
  const char* name;
  std::vector<unsigned char> bytes;
};

const std::vector<Part>& parts() {
  static const std::vector<Part> all = {
#include "driver_text.inc"
  };
  return all;
}

json snippet_json(const Snippet& snippet) {
  return {{"text", snippet.text}, {"line", snippet.line}};
}

json named_json(const NamedSnippet& named) {
  json row = snippet_json(named.code);
  row["name"] = named.name;
  return row;
}

json fact_json(const Fact& fact) {
  if (const bool* boolean = std::get_if<bool>(&fact)) return *boolean;
  if (const std::int64_t* integer = std::get_if<std::int64_t>(&fact)) return *integer;
  return to_string(fact);
}

// The same for the same case in every run, so that a seed repeats whatever else was selected.
std::uint32_t salt(const std::string& id) {
  std::uint32_t hash = 2166136261u;
  for (unsigned char character : id) hash = (hash ^ character) * 16777619u;
  return hash % 100000;
}

// A module may be put together from the family's text and the scenario's: every line says where it
// stands.
json module_json(const Scenario& scenario) {
  json row = snippet_json(scenario.module);
  for (const Snippet& part : scenario.module_parts) {
    const auto lines = std::count(part.text.begin(), part.text.end(), '\n') + 1;
    for (int offset = 0; offset < lines; ++offset) row["lines"].push_back(part.line + offset);
  }
  return row;
}

void put_python(json& row, const Scenario& scenario) {
  if (!scenario.module.empty()) row["module"] = module_json(scenario);
  if (!scenario.setup.empty()) row["setup"] = snippet_json(scenario.setup);
  if (!scenario.cleanup.empty()) row["cleanup"] = snippet_json(scenario.cleanup);
  for (const Actor& actor : scenario.actors) {
    json one = snippet_json(actor.code);
    one["name"] = actor.name;
    one["count"] = actor.count;
    one["counted"] = actor.counted;
    row["actors"].push_back(one);
  }
}

// The rows and programs of a history. A scenario with complaints has been refused before.
json history_json(const Case& one) {
  Diagnostics ignored;
  const HistoryPlan plan = plan_history(*one.family, *one.scenario, ignored);
  const HistoryClaim& claim = *one.scenario->history;
  json row = {{"model", claim.model},
              {"threads", claim.threads},
              {"operations", claim.operations},
              {"rows", json::array()}};
  for (const HistoryRow& method : plan.rows) {
    json method_row = snippet_json(method.code);
    method_row["name"] = method.name;
    method_row["weight"] = method.weight;
    method_row["draws"] = method.draws;
    method_row["attribute"] = method.attribute;
    method_row["footing"] = method.footing;
    row["rows"].push_back(method_row);
  }
  if (plan.metadata.initial) row["initial"] = to_string(*plan.metadata.initial);
  if (claim.bound) row["bound"] = *claim.bound;
  if (!claim.final.empty()) row["final"] = snippet_json(claim.final);
  for (std::size_t thread = 0; thread < plan.program.size(); ++thread) {
    json calls = json::array();
    for (std::size_t index = 0; index < plan.program[thread].size(); ++index) {
      json arguments = json::array();
      for (const Value& value : plan.program[thread][index].arguments)
        arguments.push_back(to_string(value));
      calls.push_back({plan.program_rows[thread][index], arguments});
    }
    row["program"].push_back(calls);
  }
  return row;
}

json case_json(const DriverCase& driver_case) {
  const Scenario& scenario = *driver_case.one.scenario;
  json row = {{"id", driver_case.one.driver_id()},
              {"kind", to_string(scenario.kind)},
              {"threads", scenario.threads == Threads::Fresh ? "fresh" : "persistent"},
              {"seconds", driver_case.seconds},
              {"samples", driver_case.samples},
              {"salt", salt(driver_case.one.driver_id())}};
  put_python(row, scenario);
  if (scenario.history) row["history"] = history_json(driver_case.one);
  if (driver_case.one.variant != nullptr) {
    row["let"].push_back({{"name", "variant"},
                          {"text", "'" + driver_case.one.variant->id + "'"},
                          {"line", driver_case.one.variant->line}});
    for (const NamedSnippet& binding : driver_case.one.variant->let)
      row["let"].push_back(named_json(binding));
  }
  for (const NamedSnippet& observed : scenario.observe)
    row["observe"].push_back(named_json(observed));
  for (std::size_t index = 0; index < scenario.outcomes.size(); ++index) {
    const Rule& rule = scenario.outcomes[index];
    if (rule.matcher != Matcher::When) continue;
    row["when"].push_back({{"rule", index}, {"text", rule.pattern}, {"line", rule.line}});
  }
  return row;
}

std::string_view mode_name(DriverMode mode) {
  switch (mode) {
    case DriverMode::Probe:
      return "probe";
    case DriverMode::Run:
      return "run";
    case DriverMode::Check:
      return "check";
  }
  return "run";
}

json plan_json(const DriverPlan& plan) {
  json document = {{"protocol", 1},
                   {"mode", mode_name(plan.mode)},
                   {"seed", plan.seed % 1000000007u},
                   {"canary_seconds", plan.canary_seconds},
                   {"fact_names", plan.fact_names},
                   {"facts", json::object()},
                   {"features", json::object()},
                   {"scenarios", json::array()}};
  for (const auto& [name, fact] : plan.facts) document["facts"][name] = fact_json(fact);
  for (const Feature& feature : plan.features)
    document["features"][feature.name] = snippet_json(feature.probe);
  for (const DriverCase& one : plan.cases) document["scenarios"].push_back(case_json(one));
  return document;
}

// The plan as a Python literal: ASCII, and no quote that could end the raw string.
std::string plan_line(const DriverPlan& plan) {
  std::string text = plan_json(plan).dump(-1, ' ', true, json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (char character : text) {
    if (character == '\'') {
      safe += "\\u0027";
    } else {
      safe += character;
    }
  }
  return "PLAN = json.loads(r'''" + safe + "''')\n";
}

}  // namespace

std::string driver_program(const DriverPlan& plan) {
  std::string program;
  const std::vector<Part>& all = parts();
  for (std::size_t index = 0; index < all.size(); ++index) {
    if (index + 1 == all.size()) program += plan_line(plan) + "\n\n";
    program.append(all[index].bytes.begin(), all[index].bytes.end());
    if (index + 1 < all.size()) program += "\n\n";
  }
  return program;
}

}  // namespace conformance
