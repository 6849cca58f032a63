// Reading fields of a YAML tree: each function takes a node, returns the value, and complains with
// the place when the node is not what the field needs. The caller goes on, so that one run shows
// all mistakes of a file.
//
// Knows the vocabulary (keys.h) and how Python and conditions stand in YAML; knows nothing of
// families or catalogues as such.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/spec/condition.h"
#include "conformance/spec/diagnostic.h"
#include "conformance/spec/keys.h"
#include "conformance/spec/spec.h"
#include "conformance/spec/yaml_reader.h"

namespace conformance {

// One document being read. `facts` are the names that conditions may use beside known_fact_names()
// and flags.NAME: features.
class Reading {
 public:
  Reading(const YamlDocument& document, std::vector<std::string_view> features,
          Diagnostics& diagnostics);

  const YamlDocument& document() const { return document_; }
  const YamlNode& root() const { return document_.root; }
  bool good() const { return errors_ == 0; }

  void error(YamlPlace place, std::string message, std::string advice = "");
  void error(const YamlNode& node, std::string message, std::string advice = "");

  // The contract version of a file: true when it is ours. False is a reason to read no further:
  // another version may know other keys. A file without content, or one that is no mapping, is
  // refused here too.
  bool check_version();

  // `what` is what messages call the field: "'claim'", "an entry of 'covers'".
  std::string text(const YamlNode& node, std::string_view what);             // not empty
  std::string text_or_nothing(const YamlNode& node, std::string_view what);  // '' is allowed
  std::string identifier(const YamlNode& node, std::string_view what);
  std::string python_name(const YamlNode& node, std::string_view what);  // also not one of our own
  std::string id_part(const YamlNode& node, std::string_view what);
  std::optional<std::int64_t> integer(const YamlNode& node, std::string_view what);
  std::optional<double> positive_number(const YamlNode& node, std::string_view what);
  bool truth(const YamlNode& node, std::string_view what);
  std::optional<std::size_t> word(const YamlNode& node, std::string_view what, const Words& words);
  Snippet python(const YamlNode& node, std::string_view what);
  Condition condition(const YamlNode& node);
  std::vector<std::string> features(const YamlNode& node);  // of `requires`

  // The entries of a list; none, after a complaint, when it is no list or an empty one.
  const std::vector<YamlNode>& list(const YamlNode& node, std::string_view what);
  std::vector<std::string> text_list(const YamlNode& node, std::string_view what);

  struct Entry {
    const YamlNode* key;
    const YamlNode* value;
  };
  // The same for a mapping whose keys the author chooses.
  std::vector<Entry> entries(const YamlNode& node, std::string_view what);

 private:
  void check_names(const Condition& condition, const YamlNode& node);

  const YamlDocument& document_;
  std::vector<std::string_view> features_;
  Diagnostics& diagnostics_;
  int errors_ = 0;
};

// A mapping of our vocabulary. Complains at once about keys that are unknown or missing; find()
// looks among the known.
class Fields {
 public:
  Fields(Reading& reading, const YamlNode& node, const Mapping& mapping);

  const YamlNode* find(std::string_view key) const;  // the value; null when the key is not there
  const YamlNode* find_key(std::string_view key) const;
  const YamlNode& node() const { return node_; }

 private:
  const YamlNode& node_;
};

}  // namespace conformance
