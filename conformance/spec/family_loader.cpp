// load_family(): the keys of a family, its process rows, and what its scenarios must not share.
#include <fmt/format.h>
#include <map>
#include <string>
#include <utility>

#include "conformance/spec/scenario_loader.h"
#include "conformance/spec/spec_loader.h"

namespace conformance {

namespace {

ProcessRow read_process(Reading& reading, const YamlNode& node) {
  const Fields fields(reading, node, kProcessMapping);
  ProcessRow row;
  if (const YamlNode* name = fields.find("name")) {
    row.name = reading.id_part(*name, "a process's 'name'");
  } else if (!node.items.empty()) {
    reading.error(node, "a process needs a 'name'", "only the plain one, {}, has none");
  }
  if (const YamlNode* options = fields.find("options")) {
    row.options = reading.text_list(*options, "'options'");
  }
  if (const YamlNode* environment = fields.find("environment")) {
    row.environment = read_environment(reading, *environment);
  }
  if (const YamlNode* where = fields.find("where")) row.where = reading.condition(*where);
  if (const YamlNode* features = fields.find("requires")) {
    row.requirements = reading.features(*features);
  }
  return row;
}

std::vector<ProcessRow> read_processes(Reading& reading, const YamlNode& node) {
  std::vector<ProcessRow> rows;
  std::map<std::string, int> lines;
  for (const YamlNode& entry : reading.list(node, "'processes'")) {
    ProcessRow row = read_process(reading, entry);
    const bool unnamed = row.name.empty() && !entry.items.empty();  // a mistake already told
    const auto [first, is_new] = lines.emplace(row.name, entry.place.line);
    if (!is_new && !unnamed) {
      reading.error(entry,
                    row.name.empty() ? "the plain process stands twice"
                                     : fmt::format("the process '{}' stands twice", row.name),
                    fmt::format("the first is on line {}", first->second));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void read_scenarios(Reading& reading, const YamlNode& node, const FamilyShare& share,
                    Family& family) {
  std::map<std::string, int> lines;
  for (const YamlNode& entry : reading.list(node, "'scenarios'")) {
    Scenario scenario = read_scenario(reading, entry, share);
    if (!scenario.name.empty()) {
      const auto [first, is_new] = lines.emplace(scenario.name, scenario.line);
      if (!is_new) {
        reading.error(entry, fmt::format("the scenario '{}' stands twice", scenario.name),
                      fmt::format("the first is on line {}", first->second));
      }
    }
    family.scenarios.push_back(std::move(scenario));
  }
}

std::vector<std::string_view> feature_names(const Catalogue& catalogue) {
  std::vector<std::string_view> names;
  for (const Feature& feature : catalogue.features) names.push_back(feature.name);
  return names;
}

}  // namespace

bool load_family(std::string_view text, const std::string& file, const std::string& id,
                 const Catalogue& catalogue, Family& family, Diagnostics& diagnostics) {
  family = Family();
  family.id = id;
  family.file = file;
  YamlDocument document;
  if (!read_yaml(text, file, document, diagnostics)) return false;
  Reading reading(document, feature_names(catalogue), diagnostics);
  if (!reading.check_version()) return false;

  const Fields fields(reading, reading.root(), kFamilyMapping);
  FamilyShare share;
  share.of_harness = id.rfind("harness/", 0) == 0;
  if (const YamlNode* title = fields.find("title")) family.title = reading.text(*title, "'title'");
  if (const YamlNode* ports = fields.find("ports")) {
    if (!share.of_harness) {
      reading.error(*fields.find_key("ports"), "'ports' is only for the families of harness/");
    }
    family.ports = reading.text_list(*ports, "'ports'");
  }
  family.processes = {ProcessRow{}};
  if (const YamlNode* processes = fields.find("processes")) {
    family.processes = read_processes(reading, *processes);
  }
  if (const YamlNode* features = fields.find("requires")) {
    share.requirements = reading.features(*features);
  }
  if (const YamlNode* where = fields.find("where")) share.where = reading.condition(*where);
  if (const YamlNode* module = fields.find("module")) {
    share.module = reading.python(*module, "'module'");
  }
  if (const YamlNode* scenarios = fields.find("scenarios")) {
    read_scenarios(reading, *scenarios, share, family);
  }
  return reading.good();
}

}  // namespace conformance
