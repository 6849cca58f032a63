#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "conformance/spec/spec_loader.h"
#include "conformance/spec/temporary_folder.h"

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Lint : public testing::Test {
 protected:
  Lint() {
    folder_.write("features.yaml",
                  "heddle: 1\nfeatures: [{name: threads, meaning: m, probe: return 1}]\n");
    write_behaviours("");
    write_sources("");
  }

  void write_behaviours(const std::string& more) {
    folder_.write(
        "behaviours.yaml",
        "heddle: 1\nbehaviours:\n"
        "  - {id: list/a, statement: s, profiles: ALL, strength: must, sources: [S.1]}\n" +
            more);
  }
  void write_sources(const std::string& more) {
    folder_.write("sources.yaml",
                  "heddle: 1\ndocuments: [{id: D, title: t, address: a}]\nsources:\n"
                  "  - {id: S.1, document: D, section: s, statement: s}\n" +
                      more);
  }
  // `code` begins on line 9 of the file, in the place of keys of a scenario.
  void write_family(const std::string& code, const std::string& covers = "[list/a]") {
    folder_.write("list/one.yaml",
                  "heddle: 1\ntitle: T\nscenarios:\n  - name: s\n    claim: c\n    covers: " +
                      covers + "\n    kind: script\n    observe: {x: 1}\n" + code);
  }

  std::vector<std::string> findings(const std::vector<std::string>& selection = {}) {
    const SpecSet specs = load_specs(selection, folder_.path());
    for (const Diagnostic& one : specs.diagnostics) ADD_FAILURE() << to_string(one);
    std::vector<std::string> lines;
    for (const Diagnostic& one : lint(specs)) {
      lines.push_back(to_string(one).substr(folder_.path().size() + 1));
    }
    return lines;
  }

  const std::string outcomes_ = "    outcomes: [{else: true, grade: acceptable, because: b}]\n";
  TemporaryFolder folder_;
};

TEST_F(Lint, FindsNothingWhereAllIsWell) {
  write_family(outcomes_);
  EXPECT_THAT(findings(), IsEmpty());
}

TEST_F(Lint, FindsActorsThatAssignANameOfSetup) {
  write_family(
      "    setup: |\n"      // 9
      "      items = []\n"  // 10
      "      import gc\n"   // 11
      "    variants: [{id: v, let: {n: 1}}]\n"
      "    actors:\n"    // 13
      "      left: |\n"  // 14
      "        items.append(1)\n"
      "        items[0] = 2\n"
      "        other = items\n"
      "        return items\n"
      "      right: |\n"  // 19
      "        for i in range(2):\n"
      "          items += [i]\n"  // 21
      "        items = []\n"
      "        n = 1\n"           // 23
      "      third: import gc\n"  // 24
      "      fourth: |\n"
      "        def f():\n"
      "          nonlocal items\n"  // 27
      "          items = []\n"
      "      fifth: |\n"
      "        def f():\n"
      "          items = []\n" +
      outcomes_);
  EXPECT_THAT(
      findings(),
      ElementsAre("list/one.yaml:21: error: the actor 'right' assigns 'items', a name of "
                  "setup; change an object instead, or take another name",
                  "list/one.yaml:23: error: the actor 'right' assigns 'n', a name of setup; "
                  "change an object instead, or take another name",
                  "list/one.yaml:24: error: the actor 'third' assigns 'gc', a name of setup; "
                  "change an object instead, or take another name",
                  "list/one.yaml:27: error: the actor 'fourth' assigns 'items', a name of "
                  "setup; change an object instead, or take another name"));
}

TEST_F(Lint, FindsRulesBehindElse) {
  write_family(
      "    outcomes:\n"
      "      - {else: true, grade: required, because: b, where: parallel}\n"
      "      - {else: true, grade: acceptable, because: b}\n"
      "      - {is: x=1, grade: forbidden, because: b}\n");
  EXPECT_THAT(findings(),
              ElementsAre("list/one.yaml:12: error: no outcome gets as far as this rule; "
                          "'else' on line 11 takes them all"));
}

TEST_F(Lint, FindsScenariosThatCoverNothingOutsideTheHarness) {
  folder_.write("list/two.yaml",
                "heddle: 1\ntitle: T\nscenarios:\n  - name: s\n    claim: c\n    kind: script\n"
                "    observe: {x: 1}\n" +
                    outcomes_);
  std::filesystem::create_directory(folder_.path("harness"));
  std::filesystem::copy_file(folder_.path("list/two.yaml"), folder_.path("harness/two.yaml"));
  write_family(outcomes_);
  EXPECT_THAT(findings(), ElementsAre("list/two.yaml:4: error: 's' covers nothing; name the "
                                      "behaviours after `covers:`"));
  EXPECT_THAT(findings({"harness"}), IsEmpty());
}

TEST_F(Lint, FindsIdsThatNobodyHas) {
  write_family(outcomes_, "[list/a, list/b]");
  EXPECT_THAT(findings(), ElementsAre("list/one.yaml:4: error: 's' covers the unknown behaviour "
                                      "'list/b'; did you mean 'list/a'?"));
  write_family(outcomes_);
  write_behaviours(
      "  - {id: b, statement: s, profiles: ALL, strength: may, sources: [T.1], informative: true, "
      "because: b}\n");
  EXPECT_THAT(findings(),
              ElementsAre("behaviours.yaml:4: error: 'b' cites the unknown source 'T.1'; "
                          "did you mean 'S.1'?"));
  write_behaviours("");
  write_sources(
      "  - {id: S.2, document: Doc, section: s, statement: s, informative: true, because: b}\n");
  EXPECT_THAT(findings(),
              ElementsAre("sources.yaml:5: error: 'S.2' is of the unknown document 'Doc'"));
}

TEST_F(Lint, FindsPromisesThatNothingChecks) {
  write_family(outcomes_);
  write_behaviours(
      "  - {id: list/b, statement: s, profiles: ALL, strength: must, sources: [S.1]}\n"
      "  - {id: list/c, statement: s, profiles: ALL, strength: may, sources: [S.1], informative: "
      "true, because: b}\n");
  write_sources(
      "  - {id: S.2, document: D, section: s, statement: s}\n"
      "  - {id: S.3, document: D, section: s, statement: s, informative: true, because: b}\n");
  EXPECT_THAT(
      findings(),
      ElementsAre("behaviours.yaml:4: error: no scenario covers 'list/b'; write one, or say "
                  "why none can with `informative: true` and `because:`",
                  "sources.yaml:5: error: no behaviour cites 'S.2'; write one, or say why "
                  "none can with `informative: true` and `because:`"));
  EXPECT_THAT(findings({"list"}), IsEmpty()) << "a part of the specs need not cover everything";
}

}  // namespace
}  // namespace conformance
