#include <algorithm>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "conformance/spec/spec_loader.h"
#include "conformance/spec/temporary_folder.h"

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::IsEmpty;

std::string family(const std::string& scenarios, const std::string& head = "") {
  std::string text = "heddle: 1\ntitle: T\n" + head + "scenarios:\n";
  for (const char name : scenarios) {
    text += std::string("  - name: ") + name +
            "\n    claim: c\n    kind: script\n    requires: [threads]\n    observe: {x: 1}\n"
            "    variants: [{id: v}, {id: w}]\n"
            "    outcomes: [{else: true, grade: acceptable, because: b}]\n";
  }
  return text;
}

const char kFeatures[] = "heddle: 1\nfeatures: [{name: threads, meaning: m, probe: return True}]\n";

class LoadSpecs : public testing::Test {
 protected:
  LoadSpecs() {
    folder_.write("specs/features.yaml", kFeatures);
    folder_.write("specs/list/one.yaml", family("ab"));
    folder_.write("specs/list/two.yaml",
                  family("c", "processes: [{}, {name: inherit, options: [-I]}]\n"));
    folder_.write("specs/dict/one.yaml", family("a"));
    folder_.write("specs/harness/basics.yaml", family("h"));
    folder_.write("specs/harness/expectations.yaml", "heddle: 1\nexpectations: []\n");
    folder_.write("specs/README.md", "not a spec");
    folder_.write("specs/list/.one.yaml.swp", "not a spec");
    folder_.write("specs/list/.hidden.yaml", "not a spec");
  }

  SpecSet load(const std::vector<std::string>& selection) {
    return load_specs(selection, folder_.path("specs"));
  }

  // The ids of a selection that must be without complaint.
  std::vector<std::string> ids(const std::vector<std::string>& selection) {
    const SpecSet specs = load(selection);
    for (const Diagnostic& one : specs.diagnostics) ADD_FAILURE() << to_string(one);
    std::vector<std::string> found;
    for (const Family& one : specs.families) found.push_back(one.id);
    return found;
  }

  // The complaints, the temporary folder's name left out.
  std::vector<std::string> complaints(const std::vector<std::string>& selection) {
    std::vector<std::string> lines;
    for (const Diagnostic& one : load(selection).diagnostics) {
      std::string line = to_string(one);
      for (std::size_t at = line.find(folder_.path()); at != std::string::npos;
           at = line.find(folder_.path())) {
        line.replace(at, folder_.path().size(), "~");
      }
      lines.push_back(line);
    }
    return lines;
  }

  std::string at(const std::string& name) const { return folder_.path("specs/" + name); }

  TemporaryFolder folder_;
};

TEST_F(LoadSpecs, NothingNamedIsEverythingButTheHarness) {
  EXPECT_THAT(ids({}), ElementsAre("dict/one", "list/one", "list/two"));
  const SpecSet specs = load({});
  EXPECT_EQ(specs.root, folder_.path("specs"));
  EXPECT_TRUE(specs.complete);
  EXPECT_EQ(specs.catalogue.features.size(), 1U);
  EXPECT_EQ(specs.families[0].file, at("dict/one.yaml"));
}

TEST_F(LoadSpecs, DirectoriesAndFilesMayBeNamed) {
  EXPECT_THAT(ids({at("list")}), ElementsAre("list/one", "list/two"));
  EXPECT_THAT(ids({at("list/two.yaml")}), ElementsAre("list/two"));
  EXPECT_THAT(ids({at("list/two.yaml"), at("dict")}), ElementsAre("dict/one", "list/two"));
  EXPECT_THAT(ids({at("")}), ElementsAre("dict/one", "list/one", "list/two"));
  EXPECT_TRUE(load({at("")}).complete);
  EXPECT_FALSE(load({at("list")}).complete);
  EXPECT_TRUE(load({at("list"), at("")}).complete);
}

TEST_F(LoadSpecs, WhatIsNamedTwiceIsReadOnce) {
  EXPECT_THAT(ids({at("list"), at("list/two.yaml"), at("dict/../list"), "list/*"}),
              ElementsAre("list/one", "list/two"));
}

TEST_F(LoadSpecs, TheHarnessIsReadOnlyWhenNamed) {
  EXPECT_THAT(ids({at("harness")}), ElementsAre("harness/basics"));
  EXPECT_THAT(ids({at("harness/basics.yaml")}), ElementsAre("harness/basics"));
  EXPECT_THAT(ids({"harness"}), ElementsAre("harness/basics"));
  EXPECT_THAT(ids({"harness/*"}), ElementsAre("harness/basics"));
  EXPECT_THAT(ids({"*"}), ElementsAre("dict/one", "list/one", "list/two"));
}

TEST_F(LoadSpecs, IdsAndGlobsMayBeNamed) {
  EXPECT_THAT(ids({"list"}), ElementsAre("list/one", "list/two"));
  EXPECT_THAT(ids({"list/*"}), ElementsAre("list/one", "list/two"));
  EXPECT_THAT(ids({"list/one"}), ElementsAre("list/one"));
  EXPECT_THAT(ids({"*/one"}), ElementsAre("dict/one", "list/one"));
  EXPECT_THAT(ids({"list/one", "dict"}), ElementsAre("dict/one", "list/one"));
  EXPECT_FALSE(load({"*"}).complete) << "a glob chooses; only a folder is all of it";
}

TEST_F(LoadSpecs, AGlobMayNameOneCase) {
  EXPECT_THAT(ids({"list/two/c[v]@inherit"}), ElementsAre("list/two"));
  EXPECT_THAT(ids({"list/two/c[*]"}), ElementsAre("list/two"));
  EXPECT_THAT(ids({"list/one/b[?]"}), ElementsAre("list/one"));
  EXPECT_THAT(ids({"list/t*@inherit"}), ElementsAre("list/two"));
  EXPECT_THAT(ids({"*@inherit"}), ElementsAre("list/two"));
  EXPECT_THAT(ids({"*@inherit", at("dict")}), ElementsAre("dict/one", "list/two"));
}

TEST_F(LoadSpecs, WhatNamesNothingIsAnError) {
  EXPECT_THAT(complaints({"lst/one"}),
              ElementsAre("error: 'lst/one' is no path, and no spec below ~/specs has such an id; "
                          "did you mean 'list/one'?"));
  EXPECT_THAT(complaints({"list/one/z"}), ElementsAre("error: no case matches 'list/one/z'"));
  EXPECT_THAT(complaints({"list/two/c[v]@inhert"}),
              ElementsAre("error: no case matches 'list/two/c[v]@inhert'; did you mean "
                          "'list/two/c[v]@inherit'?"));
  EXPECT_THAT(complaints({at("list/none.yaml")}),
              ElementsAre("~/specs/list/none.yaml: error: no such file"));
  EXPECT_THAT(complaints({at("README.md")}),
              ElementsAre("~/specs/README.md: error: is not a spec; specs are files that end with "
                          ".yaml"));
  EXPECT_THAT(load({"lst/one"}).families, IsEmpty());
  const SpecSet nowhere = load_specs({}, folder_.path("nowhere"));
  ASSERT_EQ(nowhere.diagnostics.size(), 1U);
  EXPECT_THAT(to_string(nowhere.diagnostics[0]),
              EndsWith("nowhere: error: no directory of specs here"));
}

TEST_F(LoadSpecs, OneBrokenFileHidesNoOther) {
  folder_.write("specs/dict/broken.yaml", "heddle: 1\ntitle: [\n");
  folder_.write("specs/list/binary.yaml", std::string("\0\1\2", 3));
  folder_.write("specs/list/empty.yaml", "");
  folder_.write("specs/list/huge.yaml", std::string(10'000'000, 'x'));
  std::filesystem::create_symlink("nowhere.yaml", at("list/link.yaml"));
  std::filesystem::create_directory(at("list/folder.yaml"));
  const SpecSet specs = load({});
  std::vector<std::string> found;
  for (const Family& one : specs.families) found.push_back(one.id);
  EXPECT_THAT(found, ElementsAre("dict/one", "list/one", "list/two"));
  EXPECT_FALSE(specs.complete);
  EXPECT_THAT(
      complaints({}),
      ElementsAre("~/specs/dict/broken.yaml:3:1: error: not YAML: end of sequence flow not "
                  "found; '[' is not closed",
                  "~/specs/list/binary.yaml:1:1: error: a null byte; is this a text file?",
                  "~/specs/list/empty.yaml: error: the file is empty",
                  "~/specs/list/huge.yaml: error: the file is 10000000 bytes long; the limit "
                  "is 1000000",
                  "~/specs/list/link.yaml: error: cannot be read: No such file or directory"));
}

TEST_F(LoadSpecs, ABrokenFamilyMayHoldTheCaseThatAGlobNames) {
  folder_.write("specs/dict/broken.yaml", "heddle: 1\ntitle: [\n");
  EXPECT_EQ(complaints({"dict/broken/a"}).size(), 1U) << "of the file, not of the glob";
}

TEST_F(LoadSpecs, AFolderAroundTheRootIsRefused) {
  EXPECT_THAT(complaints({folder_.path()}),
              ElementsAre("~: error: holds more than specs; did you mean '~/specs'?"));
}

TEST_F(LoadSpecs, NamesThatCannotBeIdsAreRefused) {
  folder_.write("specs/list/a b.yaml", family("a"));
  folder_.write("specs/list/old.yml", family("a"));
  EXPECT_THAT(complaints({at("list")}),
              ElementsAre("~/specs/list/a b.yaml: error: its path would be the id 'list/a b'; "
                          "letters, digits, '_', '-' and '.' in names of files and folders",
                          "~/specs/list/old.yml: error: is not read; name it .yaml"));
}

TEST_F(LoadSpecs, TwoFilesWithOneIdAreAnError) {
  folder_.write("mine/x.yaml", family("a"));
  folder_.write("yours/x.yaml", family("b"));
  const std::vector<std::string> selection = {at("list"), folder_.path("mine/x.yaml"),
                                              folder_.path("yours/x.yaml")};
  EXPECT_THAT(complaints(selection),
              ElementsAre("~/yours/x.yaml: error: has the id 'x'; so has ~/mine/x.yaml"));
  const SpecSet specs = load(selection);
  EXPECT_EQ(specs.families.size(), 3U);
}

TEST_F(LoadSpecs, SpecsAwayFromTheRootUseTheUsualFeatures) {
  folder_.write("mine/area/x.yaml", family("a"));
  EXPECT_THAT(ids({folder_.path("mine")}), ElementsAre("area/x"));
  EXPECT_THAT(ids({folder_.path("mine/area/x.yaml")}), ElementsAre("x"));
  EXPECT_FALSE(load({folder_.path("mine")}).complete);
}

TEST_F(LoadSpecs, TheNearestFeaturesFileMarksTheRoot) {
  folder_.write("other/features.yaml", kFeatures);
  folder_.write("other/set/one.yaml", family("a"));
  const SpecSet specs = load({folder_.path("other/set")});
  EXPECT_EQ(specs.root, folder_.path("other"));
  EXPECT_EQ(specs.families.at(0).id, "set/one");
  EXPECT_FALSE(specs.complete);
}

TEST_F(LoadSpecs, AFolderThatCannotBeReadIsToldAndTheRestIsLoaded) {
  ASSERT_EQ(chmod(at("dict").c_str(), 0), 0);
  ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
  const bool root = geteuid() == 0;  // who may read everything; become somebody else
  ASSERT_TRUE(!root || seteuid(65534) == 0);
  const std::vector<std::string> found = complaints({});
  const std::size_t families = load({}).families.size();
  const bool complete = load({}).complete;
  ASSERT_TRUE(!root || seteuid(0) == 0);
  ASSERT_EQ(chmod(at("dict").c_str(), 0755), 0);
  EXPECT_THAT(found, ElementsAre("~/specs/dict: error: cannot be read: Permission denied"));
  EXPECT_EQ(families, 2U);
  EXPECT_FALSE(complete);
}

TEST_F(LoadSpecs, LinksToFoldersAreNotFollowed) {
  folder_.write("elsewhere/far.yaml", family("a"));
  std::filesystem::create_directory_symlink("../../elsewhere", at("list/link"));
  std::filesystem::create_directory_symlink("..", at("list/round"));
  EXPECT_THAT(ids({}), ElementsAre("dict/one", "list/one", "list/two"));
}

}  // namespace
}  // namespace conformance
