// features.yaml, behaviours.yaml, sources.yaml: three lists of rows, each with an id of its own
// that stands once.
#include "conformance/spec/catalogue.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <utility>

#include "conformance/spec/fields.h"
#include "conformance/spec/identifiers.h"

namespace conformance {

namespace {

template <typename Row>
const Row* find_by(const std::vector<Row>& rows, std::string Row::*field, std::string_view value) {
  const auto at =
      std::find_if(rows.begin(), rows.end(), [&](const Row& row) { return row.*field == value; });
  return at == rows.end() ? nullptr : &*at;
}

// Complains when an id stands for the second time.
class Once {
 public:
  void add(Reading& reading, const YamlNode& node, const std::string& id) {
    if (id.empty()) return;
    const auto [first, is_new] = lines_.emplace(id, node.place.line);
    if (is_new) return;
    reading.error(node, fmt::format("'{}' stands twice", id),
                  fmt::format("the first is on line {}", first->second));
  }

 private:
  std::map<std::string, int> lines_;
};

std::string read_text(Reading& reading, const Fields& fields, std::string_view key) {
  const YamlNode* node = fields.find(key);
  return node == nullptr ? "" : reading.text(*node, fmt::format("'{}'", key));
}

// An id that `valid` accepts and that stands once.
template <typename Valid>
std::string read_id(Reading& reading, const Fields& fields, Once& once, Valid valid) {
  std::string id = read_text(reading, fields, "id");
  if (id.empty()) return id;
  const YamlNode& node = *fields.find("id");
  if (!valid(id)) {
    reading.error(node, fmt::format("'{}' cannot be an id", id),
                  "letters, digits, '_', '-' and '.', with '/' in between");
  }
  once.add(reading, node, id);
  return id;
}

bool read_informative(Reading& reading, const Fields& fields) {
  const YamlNode* node = fields.find("informative");
  if (node == nullptr || !reading.truth(*node, "'informative'")) return false;
  if (fields.find("because") == nullptr) {
    reading.error(fields.node(), "what is informative needs a 'because'",
                  "why can no scenario check it?");
  }
  return true;
}

bool is_profile(std::string_view text) {
  const std::size_t sign = text.find_first_of("<>=");
  const std::string_view build = text.substr(0, sign);
  const bool group = build == "ALL" || build == "FT" || build == "GIL";
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool one = build.size() >= 2 && (build.back() == 't' || build.back() == 'g') &&
                   std::all_of(build.begin(), build.end() - 1, is_digit);
  if (!group && !one) return false;
  if (sign == std::string_view::npos) return true;
  const std::string_view limit = text.substr(sign);
  for (const std::string_view comparison : {">=", "<=", "==", "<", ">"}) {
    if (limit.substr(0, comparison.size()) == comparison) {
      return parse_version(limit.substr(comparison.size())).has_value();
    }
  }
  return false;
}

std::string read_profiles(Reading& reading, const Fields& fields) {
  std::string profiles = read_text(reading, fields, "profiles");
  const std::string_view all = profiles;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t start = all.find_first_not_of(' ', at);
    if (start == std::string_view::npos) break;
    const std::size_t end = std::min(all.find(' ', start), all.size());
    if (const std::string_view one = all.substr(start, end - start); !is_profile(one)) {
      reading.error(*fields.find("profiles"), fmt::format("unknown profile '{}'", one),
                    "ALL, FT, GIL, 14t, 13g, 14t>=3.14.7 and the like, with blanks between");
    }
    at = end;
  }
  return profiles;
}

void read_features(Reading& reading, Catalogue& catalogue) {
  const Fields file(reading, reading.root(), kFeaturesFileMapping);
  const YamlNode* rows = file.find("features");
  if (rows == nullptr) return;
  Once once;
  for (const YamlNode& row : reading.list(*rows, "'features'")) {
    const Fields fields(reading, row, kFeatureMapping);
    Feature feature;
    feature.line = row.place.line;
    if (const YamlNode* name = fields.find("name")) {
      feature.name = reading.python_name(*name, "a feature's 'name'");
      const auto& facts = known_fact_names();
      if (std::find(facts.begin(), facts.end(), feature.name) != facts.end() ||
          feature.name == "flags") {
        reading.error(*name, fmt::format("'{}' is a fact already", feature.name));
      }
      once.add(reading, *name, feature.name);
    }
    feature.meaning = read_text(reading, fields, "meaning");
    if (const YamlNode* probe = fields.find("probe")) {
      feature.probe = reading.python(*probe, "'probe'");
    }
    catalogue.features.push_back(std::move(feature));
  }
}

void read_behaviours(Reading& reading, Catalogue& catalogue) {
  const Fields file(reading, reading.root(), kBehavioursFileMapping);
  const YamlNode* rows = file.find("behaviours");
  if (rows == nullptr) return;
  Once once;
  for (const YamlNode& row : reading.list(*rows, "'behaviours'")) {
    const Fields fields(reading, row, kBehaviourMapping);
    Behaviour behaviour;
    behaviour.line = row.place.line;
    behaviour.id = read_id(reading, fields, once, is_id);
    behaviour.statement = read_text(reading, fields, "statement");
    behaviour.profiles = read_profiles(reading, fields);
    if (const YamlNode* strength = fields.find("strength")) {
      const auto index = reading.word(*strength, "'strength'", kStrengthWords);
      behaviour.strength = static_cast<Strength>(index.value_or(0));
    }
    behaviour.informative = read_informative(reading, fields);
    behaviour.because = read_text(reading, fields, "because");
    if (const YamlNode* sources = fields.find("sources")) {
      behaviour.sources = reading.text_list(*sources, "'sources'");
    }
    catalogue.behaviours.push_back(std::move(behaviour));
  }
}

void read_sources(Reading& reading, Catalogue& catalogue) {
  const Fields file(reading, reading.root(), kSourcesFileMapping);
  if (const YamlNode* rows = file.find("documents")) {
    Once once;
    for (const YamlNode& row : reading.list(*rows, "'documents'")) {
      const Fields fields(reading, row, kDocumentMapping);
      SourceDocument document;
      document.id = read_id(reading, fields, once, is_reference);
      document.title = read_text(reading, fields, "title");
      document.address = read_text(reading, fields, "address");
      catalogue.documents.push_back(std::move(document));
    }
  }
  const YamlNode* rows = file.find("sources");
  if (rows == nullptr) return;
  Once once;
  for (const YamlNode& row : reading.list(*rows, "'sources'")) {
    const Fields fields(reading, row, kSourceMapping);
    Source source;
    source.line = row.place.line;
    source.id = read_id(reading, fields, once, is_reference);
    source.document = read_text(reading, fields, "document");
    source.section = read_text(reading, fields, "section");
    source.statement = read_text(reading, fields, "statement");
    source.informative = read_informative(reading, fields);
    source.because = read_text(reading, fields, "because");
    catalogue.sources.push_back(std::move(source));
  }
}

template <typename Read>
std::string read_catalogue_file(const std::string& directory, const char* name,
                                Diagnostics& diagnostics, Read read) {
  std::string path = (std::filesystem::path(directory) / name).string();
  std::error_code ignored;
  const auto status = std::filesystem::symlink_status(path, ignored);
  if (status.type() == std::filesystem::file_type::not_found) return path;
  std::string text;
  YamlDocument document;
  if (!read_text_file(path, text, diagnostics)) return path;
  if (!read_yaml(text, path, document, diagnostics)) return path;
  Reading reading(document, {}, diagnostics);
  if (reading.check_version()) read(reading);
  return path;
}

}  // namespace

const Source* Catalogue::find_source(std::string_view id) const {
  return find_by(sources, &Source::id, id);
}
const Behaviour* Catalogue::find_behaviour(std::string_view id) const {
  return find_by(behaviours, &Behaviour::id, id);
}
const Feature* Catalogue::find_feature(std::string_view name) const {
  return find_by(features, &Feature::name, name);
}

Catalogue load_catalogue(const std::string& directory, Diagnostics& diagnostics) {
  Catalogue catalogue;
  const auto load = [&](const char* name, void (*read)(Reading&, Catalogue&)) {
    return read_catalogue_file(directory, name, diagnostics,
                               [&](Reading& reading) { read(reading, catalogue); });
  };
  catalogue.features_file = load("features.yaml", read_features);
  catalogue.behaviours_file = load("behaviours.yaml", read_behaviours);
  catalogue.sources_file = load("sources.yaml", read_sources);
  return catalogue;
}

}  // namespace conformance
