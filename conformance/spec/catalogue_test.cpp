#include "conformance/spec/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/spec/temporary_folder.h"

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// What reading one file of a catalogue complains about, as "line:column: message; advice".
std::vector<std::string> complaints(const std::string& name, const std::string& text) {
  const TemporaryFolder folder;
  folder.write(name, text);
  Diagnostics diagnostics;
  load_catalogue(folder.path(), diagnostics);
  std::vector<std::string> lines;
  for (const Diagnostic& one : diagnostics) {
    EXPECT_EQ(one.file, folder.path(name));
    lines.push_back(std::to_string(one.line) + ":" + std::to_string(one.column) + ": " +
                    one.message + (one.advice.empty() ? "" : "; " + one.advice));
  }
  return lines;
}

TEST(Catalogue, AMissingFileIsAnEmptyCatalogue) {
  const TemporaryFolder folder;
  Diagnostics diagnostics;
  const Catalogue catalogue = load_catalogue(folder.path(), diagnostics);
  EXPECT_TRUE(diagnostics.empty());
  EXPECT_THAT(catalogue.features, IsEmpty());
  EXPECT_EQ(catalogue.features_file, folder.path("features.yaml"));
  EXPECT_EQ(catalogue.find_feature("threads"), nullptr);
}

TEST(Catalogue, ReadsTheThreeFiles) {
  const TemporaryFolder folder;
  folder.write("features.yaml", R"(heddle: 1
features:
  - name: contextvars
    meaning: the contextvars module
    probe: |
      import contextvars
      return True
)");
  folder.write("behaviours.yaml", R"(heddle: 1
behaviours:
  - id: list/append-all-kept
    statement: No element is lost.
    profiles: ALL 14t>=3.14.7 13g
    strength: must
    sources: [TS.list.2, "N14:gh-123275"]
  - id: ident/levels
    statement: ...
    profiles: FT
    strength: may
    informative: true
    because: figures of speed
    sources: [H13.1]
)");
  folder.write("sources.yaml", R"(heddle: 1
documents:
  - {id: H14, title: "A title", address: "https://example.org/"}
sources:
  - id: H14.18
    document: H14
    section: Known limitations
    statement: Sharing is not safe.
  - id: H14.1
    document: H14
    section: Start
    statement: History.
    informative: true
    because: nothing to check
)");
  Diagnostics diagnostics;
  const Catalogue catalogue = load_catalogue(folder.path(), diagnostics);
  for (const Diagnostic& one : diagnostics) ADD_FAILURE() << to_string(one);
  ASSERT_NE(catalogue.find_feature("contextvars"), nullptr);
  EXPECT_EQ(catalogue.find_feature("contextvars")->probe.text, "import contextvars\nreturn True");
  EXPECT_EQ(catalogue.find_feature("contextvars")->probe.line, 6);
  const Behaviour* kept = catalogue.find_behaviour("list/append-all-kept");
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(kept->profiles, "ALL 14t>=3.14.7 13g");
  EXPECT_EQ(kept->strength, Strength::Must);
  EXPECT_FALSE(kept->informative);
  EXPECT_THAT(kept->sources, ElementsAre("TS.list.2", "N14:gh-123275"));
  EXPECT_EQ(kept->line, 3);
  const Behaviour* levels = catalogue.find_behaviour("ident/levels");
  ASSERT_NE(levels, nullptr);
  EXPECT_EQ(levels->strength, Strength::May);
  EXPECT_TRUE(levels->informative);
  EXPECT_EQ(levels->because, "figures of speed");
  ASSERT_EQ(catalogue.documents.size(), 1U);
  EXPECT_EQ(catalogue.documents[0].address, "https://example.org/");
  ASSERT_NE(catalogue.find_source("H14.18"), nullptr);
  EXPECT_EQ(catalogue.find_source("H14.18")->line, 5);
  EXPECT_TRUE(catalogue.find_source("H14.1")->informative);
}

TEST(Catalogue, RefusesFeaturesThatCannotBe) {
  const auto feature = [](const std::string& row) {
    return complaints("features.yaml", "heddle: 1\nfeatures:\n  - " + row + "\n");
  };
  EXPECT_THAT(feature("{name: parallel, meaning: m, probe: return True}"),
              ElementsAre("3:12: 'parallel' is a fact already"));
  EXPECT_THAT(feature("{name: flags, meaning: m, probe: return True}"),
              ElementsAre("3:12: 'flags' is a fact already"));
  EXPECT_THAT(feature("{name: a.b, meaning: m, probe: return True}"),
              ElementsAre("3:12: a feature's 'name' must be an identifier, found 'a.b'; letters, "
                          "digits and _, not a digit first"));
  EXPECT_THAT(feature("{name: a, meaning: m, probe: 'return True'}"),
              ElementsAre("3:34: 'probe' is Python and must not be quoted; write it after |"));
  EXPECT_THAT(feature("{name: a, mening: m, probe: return True}"),
              ElementsAre("3:15: unknown key 'mening' of a feature; did you mean 'meaning'?",
                          "3:5: missing key 'meaning' of a feature"));
  EXPECT_THAT(feature("{name: a, meaning: m, probe: return True}\n"
                      "  - {name: a, meaning: m, probe: return True}"),
              ElementsAre("4:12: 'a' stands twice; the first is on line 3"));
  EXPECT_THAT(complaints("features.yaml", "heddle: 1\n"),
              ElementsAre("1:1: missing key 'features' of features.yaml"));
  EXPECT_THAT(complaints("features.yaml", ""), ElementsAre("0:0: the file is empty"));
}

TEST(Catalogue, RefusesBehavioursThatCannotBe) {
  const auto behaviour = [](const std::string& row) {
    return complaints("behaviours.yaml", "heddle: 1\nbehaviours:\n  - " + row + "\n");
  };
  const auto with_profiles = [&](const std::string& profiles) {
    return behaviour("{id: a, statement: s, strength: must, sources: [S], profiles: " + profiles +
                     "}");
  };
  const auto unknown = [](const std::string& profile) {
    return ElementsAre("3:67: unknown profile '" + profile +
                       "'; ALL, FT, GIL, 14t, 13g, 14t>=3.14.7 and the like, with blanks between");
  };
  EXPECT_THAT(with_profiles("FT  13g 14t<3.14.8 15t==3.15.0"), IsEmpty());
  EXPECT_THAT(with_profiles("all"), unknown("all"));
  EXPECT_THAT(with_profiles("FT 14"), unknown("14"));
  EXPECT_THAT(with_profiles("t"), unknown("t"));
  EXPECT_THAT(with_profiles("14t>="), unknown("14t>="));
  EXPECT_THAT(with_profiles("14t=3.14"), unknown("14t=3.14"));
  EXPECT_THAT(with_profiles("14t>=3.x"), unknown("14t>=3.x"));
  EXPECT_THAT(
      behaviour("{id: a b, statement: s, strength: must, sources: [S], profiles: FT}"),
      ElementsAre("3:10: 'a b' cannot be an id; letters, digits, '_', '-' and '.', with '/' "
                  "in between"));
  EXPECT_THAT(behaviour("{id: a, statement: s, strength: mut, sources: [S], profiles: FT}"),
              ElementsAre("3:37: unknown strength 'mut'; did you mean 'must'?"));
  EXPECT_THAT(behaviour("{id: a, statement: s, strength: may, sources: [], profiles: FT}"),
              ElementsAre("3:51: 'sources' is an empty list; leave it out"));
  EXPECT_THAT(
      behaviour(
          "{id: a, statement: s, strength: may, sources: [S], profiles: FT, informative: true}"),
      ElementsAre("3:5: what is informative needs a 'because'; why can no scenario check it?"));
  EXPECT_THAT(
      behaviour(
          "{id: a, statement: s, strength: may, sources: [S], profiles: FT, informative: yes}"),
      ElementsAre("3:83: 'informative' must be true or false, found 'yes'"));
}

TEST(Catalogue, RefusesSourcesThatCannotBe) {
  const auto sources = [](const std::string& documents, const std::string& rows) {
    return complaints("sources.yaml",
                      "heddle: 1\ndocuments:\n  - " + documents + "\nsources:\n  - " + rows + "\n");
  };
  const std::string document = "{id: D, title: t, address: a}";
  const std::string source = "{id: S, document: D, section: s, statement: s}";
  EXPECT_THAT(sources(document, source), IsEmpty());
  EXPECT_THAT(sources("{id: D, title: t}", source),
              ElementsAre("3:5: missing key 'address' of a document"));
  EXPECT_THAT(sources(document + "\n  - " + document, source),
              ElementsAre("4:10: 'D' stands twice; the first is on line 3"));
  EXPECT_THAT(sources(document, source + "\n  - " + source),
              ElementsAre("6:10: 'S' stands twice; the first is on line 5"));
  EXPECT_THAT(sources(document, "{id: S, document: D, section: s}"),
              ElementsAre("5:5: missing key 'statement' of a source"));
}

}  // namespace
}  // namespace conformance
