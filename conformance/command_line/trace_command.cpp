// heddle trace: from each sentence of the documents to the claims that hold a runtime to it, and to
// their verdicts.

#include <cstdio>
#include <fmt/format.h>
#include <map>
#include <set>

#include "conformance/command_line/commands.h"
#include "conformance/command_line/locations.h"
#include "conformance/report/report.h"
#include "conformance/spec/spec_loader.h"

namespace conformance {
namespace {

constexpr int kUsageError = 4;

void say(const std::string& text) { std::fputs((text + "\n").c_str(), stdout); }

struct Links {
  std::map<std::string, std::vector<const Behaviour*>> behaviours_of_source;
  std::map<std::string, std::vector<std::string>> scenarios_of_behaviour;
  std::map<std::string, std::map<std::string, std::map<Verdict, int>>>
      verdicts;  // scenario -> port -> counts
};

std::string scenario_of(const std::string& id) { return id.substr(0, id.find_first_of("[@")); }

Links link(const SpecSet& specs, const std::vector<Result>& results) {
  Links links;
  for (const Behaviour& behaviour : specs.catalogue.behaviours) {
    for (const std::string& source : behaviour.sources)
      links.behaviours_of_source[source].push_back(&behaviour);
  }
  for (const Family& family : specs.families) {
    for (const Scenario& scenario : family.scenarios) {
      for (const std::string& behaviour : scenario.covers)
        links.scenarios_of_behaviour[behaviour].push_back(family.id + "/" + scenario.name);
    }
  }
  for (const Result& result : results)
    ++links.verdicts[scenario_of(result.id)][result.port][result.verdict];
  return links;
}

std::string verdict_text(const Links& links, const std::string& scenario) {
  const auto found = links.verdicts.find(scenario);
  if (found == links.verdicts.end()) return {};
  std::string text;
  for (const auto& [port, counts] : found->second) {
    std::string row;
    for (const auto& [verdict, count] : counts) {
      row += (row.empty() ? "" : ", ") + std::string(to_string(verdict)) +
             (count > 1 ? fmt::format(" x{}", count) : "");
    }
    text += fmt::format("   {}: {}", port, row);
  }
  return text;
}

// One sentence with everything below it; returns whether a scenario stands behind it.
bool say_source(const Source& source, const Links& links) {
  say(fmt::format("{:<12} {}  ({}, {})", source.id, source.statement, source.document,
                  source.section));
  bool covered = false;
  const auto found = links.behaviours_of_source.find(source.id);
  if (found == links.behaviours_of_source.end()) {
    if (source.informative) say("    informative: " + source.because);
    return false;
  }
  for (const Behaviour* behaviour : found->second) {
    const auto scenarios = links.scenarios_of_behaviour.find(behaviour->id);
    if (scenarios == links.scenarios_of_behaviour.end()) {
      say(fmt::format(
          "    {}  {}", behaviour->id,
          behaviour->informative ? "informative: " + behaviour->because : "NO SCENARIO"));
      continue;
    }
    covered = true;
    say("    " + behaviour->id);
    for (const std::string& scenario : scenarios->second)
      say(fmt::format("        {}{}", scenario, verdict_text(links, scenario)));
  }
  return covered;
}

}  // namespace

int trace(const TraceCommand& command) {
  const SpecSet specs = load_specs({}, find_locations().specs);
  Diagnostics diagnostics = specs.diagnostics;
  std::vector<Result> results;
  for (const std::string& path : command.results) {
    ResultsFile file = read_results(path, diagnostics);
    results.insert(results.end(), std::make_move_iterator(file.results.begin()),
                   std::make_move_iterator(file.results.end()));
  }
  for (const Diagnostic& one : diagnostics) std::fputs((to_string(one) + "\n").c_str(), stderr);
  const Links links = link(specs, results);
  int covered = 0, informative = 0, open = 0;
  for (const Source& source : specs.catalogue.sources) {
    if (source.informative && !command.all) {
      ++informative;
      continue;
    }
    if (say_source(source, links)) {
      ++covered;
    } else if (source.informative) {
      ++informative;
    } else {
      ++open;
    }
  }
  say(fmt::format("\n{} sentences: {} behind which a claim stands, {} informative{}, {} open",
                  specs.catalogue.sources.size(), covered, informative,
                  command.all ? "" : " (--all shows them)", open));
  return has_errors(diagnostics) ? kUsageError : 0;
}

}  // namespace conformance
