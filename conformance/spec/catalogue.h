// The three catalogues beside the claims: sources.yaml (sentences of the documents),
// behaviours.yaml (what a runtime must do, in our words) and features.yaml (what a port may lack,
// each with its probe). specs/README.md describes their fields.
#pragma once

#include <string>
#include <vector>

#include "conformance/spec/diagnostic.h"
#include "conformance/spec/spec.h"

namespace conformance {

struct Source {
  std::string id;        // H14.18, TS.list.3
  std::string document;  // id of a document
  std::string section;
  std::string statement;     // in our own words
  bool informative = false;  // nothing a scenario could check; `because` says why
  std::string because;
  int line = 0;
};

struct SourceDocument {
  std::string id;
  std::string title;
  std::string address;
};

struct Behaviour {
  std::string id;  // list/append-atomic
  std::string statement;
  std::string profiles;  // as written: "FT", "14t>=3.14.7 15t GIL"
  Strength strength = Strength::Must;
  bool informative = false;  // nothing to check; `because` says why
  std::string because;
  std::vector<std::string> sources;
  int line = 0;
};

struct Feature {
  std::string name;  // an identifier; also a fact
  std::string meaning;
  Snippet probe;  // body of a function; the feature is there when it returns something true and
                  // raises nothing
  int line = 0;
};

struct Catalogue {
  std::vector<SourceDocument> documents;
  std::vector<Source> sources;
  std::vector<Behaviour> behaviours;
  std::vector<Feature> features;
  std::string sources_file, behaviours_file, features_file;

  const Source* find_source(std::string_view id) const;
  const Behaviour* find_behaviour(std::string_view id) const;
  const Feature* find_feature(std::string_view name) const;
};

// Reads the catalogues in `directory` (the root of the specs); a missing file is an empty
// catalogue.
Catalogue load_catalogue(const std::string& directory, Diagnostics& diagnostics);

}  // namespace conformance
