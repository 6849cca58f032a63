// specs/heddle.schema.json and the loader's table say the same: the same definitions, the same
// keys, required flags and words.
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "conformance/spec/keys.h"
#include "conformance/spec/spec.h"

namespace conformance {
namespace {

using Names = std::set<std::string>;

const nlohmann::json& definitions() {
  static const nlohmann::json schema =
      nlohmann::json::parse(std::ifstream(HEDDLE_SOURCE_DIR "/specs/heddle.schema.json"));
  return schema.at("$defs");
}

TEST(Schema, KnowsTheSameKeysAsTheLoader) {
  for (const Mapping* mapping : all_mappings()) {
    const std::string name(mapping->definition);
    ASSERT_TRUE(definitions().contains(name)) << name;
    const nlohmann::json& definition = definitions().at(name);
    Names keys, required, schema_keys, schema_required;
    for (const Key& key : mapping->keys) {
      keys.emplace(key.name);
      if (key.required) required.emplace(key.name);
    }
    for (const auto& property : definition.at("properties").items()) {
      schema_keys.insert(property.key());
    }
    for (const auto& one : definition.value("required", nlohmann::json::array())) {
      schema_required.insert(one.get<std::string>());
    }
    EXPECT_EQ(schema_keys, keys) << name;
    EXPECT_EQ(schema_required, required) << name;
    EXPECT_EQ(definition.at("additionalProperties"), false) << name;
    EXPECT_EQ(definition.at("type"), "object") << name;
  }
}

TEST(Schema, KnowsTheSameWordsAsTheLoader) {
  for (const Words* words : all_words()) {
    Names ours, of_schema;
    for (const std::string_view word : words->words) ours.emplace(word);
    for (const auto& word : definitions().at(std::string(words->name)).at("enum")) {
      of_schema.insert(word.get<std::string>());
    }
    EXPECT_EQ(of_schema, ours) << words->name;
  }
}

TEST(Schema, DefinesNoMappingAndNoWordsThatTheLoaderDoesNotKnow) {
  Names known;
  for (const Mapping* mapping : all_mappings()) known.emplace(mapping->definition);
  for (const Words* words : all_words()) known.emplace(words->name);
  for (const auto& definition : definitions().items()) {
    if (!definition.value().contains("properties") && !definition.value().contains("enum"))
      continue;
    EXPECT_EQ(known.count(definition.key()), 1U) << definition.key();
  }
}

TEST(Schema, EveryReferenceLeadsSomewhere) {
  const std::string text = definitions().dump();
  const std::string mark = "\"$ref\":\"#/$defs/";
  int references = 0;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const std::size_t start = at + mark.size();
    const std::string name = text.substr(start, text.find('"', start) - start);
    EXPECT_TRUE(definitions().contains(name)) << name;
    ++references;
  }
  EXPECT_GT(references, 50);
}

TEST(Schema, IsOfOurContractVersion) {
  for (const char* name : {"family", "features_file", "behaviours_file", "sources_file"}) {
    EXPECT_EQ(definitions().at(name).at("properties").at("heddle").at("const"), kContractVersion);
  }
}

TEST(Keys, TheWordsStandInTheOrderOfTheirEnumerators) {
  for (std::size_t index = 0; index < kKindWords.words.size(); ++index) {
    EXPECT_EQ(to_string(static_cast<Kind>(index)), kKindWords.words[index]);
  }
  for (std::size_t index = 0; index < kStrengthWords.words.size(); ++index) {
    EXPECT_EQ(to_string(static_cast<Strength>(index)), kStrengthWords.words[index]);
  }
  for (std::size_t index = 0; index < kGradeWords.words.size(); ++index) {
    EXPECT_EQ(to_string(static_cast<Grade>(index)), kGradeWords.words[index]);
  }
  EXPECT_EQ(kThreadsWords.words[static_cast<std::size_t>(Threads::Fresh)], "fresh");
}

}  // namespace
}  // namespace conformance
