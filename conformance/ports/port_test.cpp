#include "conformance/ports/port.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/ports/test_support.h"

namespace conformance {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> split(const std::string& text) {
  std::string error;
  std::vector<std::string> words = split_command(text, error);
  EXPECT_EQ(error, "");
  return words;
}

std::string split_error(const std::string& text) {
  std::string error;
  EXPECT_THAT(split_command(text, error), IsEmpty());
  return error;
}

TEST(SplitCommand, BlanksSeparateWords) {
  EXPECT_THAT(split("  python3.14t -X  gil=0\t-u\n"),
              ElementsAre("python3.14t", "-X", "gil=0", "-u"));
  EXPECT_THAT(split(""), IsEmpty());
  EXPECT_THAT(split("  "), IsEmpty());
}

TEST(SplitCommand, QuotesKeepBlanksAndJoinTheirNeighbours) {
  EXPECT_THAT(split("'/opt/my python/bin/python' \"a b\"'c d'e"),
              ElementsAre("/opt/my python/bin/python", "a bc de"));
  EXPECT_THAT(split("a '' \"\" b"), ElementsAre("a", "", "", "b"));
}

TEST(SplitCommand, ABackslashIsAsInAShell) {
  EXPECT_THAT(split(R"(a\ b \'c '\n' "\n \" \\ \$")"),
              ElementsAre("a b", "'c", "\\n", "\\n \" \\ $"));
  EXPECT_THAT(split("a\\\nb c \\\n d"), ElementsAre("ab", "c", "d"));
}

TEST(SplitCommand, NothingIsExpanded) {
  EXPECT_THAT(split("~ $HOME * `ls` a;b #c"), ElementsAre("~", "$HOME", "*", "`ls`", "a;b", "#c"));
}

TEST(SplitCommand, WhatIsOpenAtTheEndIsAnError) {
  EXPECT_EQ(split_error("python 'x"), "a ' without its partner");
  EXPECT_EQ(split_error("python \"x"), "a \" without its partner");
  EXPECT_EQ(split_error("python x\\"), "a backslash with nothing behind it");
}

class FindPort : public testing::Test {
 protected:
  std::optional<Port> find(const std::string& text) {
    diagnostics_.clear();
    return find_port(text, folder_ / "", folder_ / "heddle-fake-port", diagnostics_);
  }
  // The port file `text`, named so; complaints go to `complaint()`.
  std::optional<Port> load(const std::string& text) {
    folder_.write("mine.yaml", text);
    return find("mine");
  }
  std::string complaint(const std::string& text) {
    EXPECT_FALSE(load(text)) << text;
    if (diagnostics_.empty()) return "none";
    std::string all;
    for (const Diagnostic& diagnostic : diagnostics_)
      all += to_string(diagnostic).substr((folder_ / "mine.yaml").size()) + "\n";
    return all;
  }

  TemporaryFolder folder_;
  Diagnostics diagnostics_;
};

TEST_F(FindPort, ACommandIsTakenAsTyped) {
  const auto port = find("python3.14t -X 'gil=0'");
  ASSERT_TRUE(port);
  EXPECT_EQ(port->name, "python3.14t -X 'gil=0'");
  EXPECT_THAT(port->command, ElementsAre("python3.14t", "-X", "gil=0"));
}

TEST_F(FindPort, ACommandThatNamesNothingIsRefused) {
  for (const char* text : {"", "  ", "''", "'x"}) {
    EXPECT_FALSE(find(text)) << text;
    EXPECT_EQ(diagnostics_.size(), 1u);
  }
}

TEST_F(FindPort, OurOwnProgramsHaveNames) {
  EXPECT_FALSE(find("fake"));
  EXPECT_THAT(to_string(diagnostics_.at(0)), HasSubstr("is not built"));
  folder_.write_program("heddle-fake-port", "");
  folder_.write_program("heddle-python", "");
  EXPECT_THAT(find("fake")->command, ElementsAre(folder_ / "heddle-fake-port"));
  EXPECT_THAT(find("reference")->command, ElementsAre(folder_ / "heddle-python"));
  EXPECT_EQ(find("reference")->name, "reference");
}

TEST_F(FindPort, ACommandOfOurOwnPythonMeansTheOneBesideThisProgram) {
  EXPECT_THAT(find("heddle-python -X gil=1")->command, ElementsAre("heddle-python", "-X", "gil=1"));
  folder_.write_program("heddle-python", "");
  EXPECT_THAT(find("heddle-python -X gil=1")->command,
              ElementsAre(folder_ / "heddle-python", "-X", "gil=1"));
  EXPECT_THAT(find("./heddle-python")->command, ElementsAre("./heddle-python"));
}

TEST_F(FindPort, AFileIsReadInFull) {
  folder_.write("known.yaml", "");
  const auto port = load(
      "heddle: 1\n"
      "command: python3 -X 'gil=0'\n"
      "environment:\n  PYTHONHASHSEED: 0\n  EMPTY: ''\n  GONE:\n"
      "lacks:\n  - {feature: gc_freeze, because: 'not implemented, issue 7'}\n"
      "expectations: known.yaml\n"
      "sanitizer: thread\n");
  ASSERT_TRUE(port) << to_string(diagnostics_.at(0));
  EXPECT_EQ(port->name, "mine");
  EXPECT_THAT(port->command, ElementsAre("python3", "-X", "gil=0"));
  EXPECT_THAT(port->environment, ElementsAre(testing::Pair("-GONE", ""), testing::Pair("EMPTY", ""),
                                             testing::Pair("PYTHONHASHSEED", "0")));
  ASSERT_EQ(port->lacks.size(), 1u);
  EXPECT_EQ(port->lacks[0].feature, "gc_freeze");
  EXPECT_EQ(port->lacks[0].because, "not implemented, issue 7");
  EXPECT_EQ(std::filesystem::path(port->expectations),
            std::filesystem::path(folder_ / "known.yaml").lexically_normal());
  EXPECT_EQ(port->sanitizer, "thread");
}

TEST_F(FindPort, AListIsACommandWithoutQuotes) {
  const auto port = load("heddle: 1\ncommand: [python3, -c, 'a ''b']\n");
  ASSERT_TRUE(port);
  EXPECT_THAT(port->command, ElementsAre("python3", "-c", "a 'b"));
  EXPECT_EQ(port->sanitizer, "");
  EXPECT_EQ(port->expectations, "");
}

TEST_F(FindPort, APathIsAFileWhereverItLies) {
  folder_.write("mine.yaml", "heddle: 1\ncommand: python3\n");
  EXPECT_EQ(find(folder_ / "mine.yaml")->name, "mine");
  EXPECT_FALSE(find(folder_ / "missing.yaml"));
  ASSERT_EQ(diagnostics_.size(), 1u);
  EXPECT_THAT(to_string(diagnostics_[0]), HasSubstr("missing.yaml"));
}

TEST_F(FindPort, AWordWithoutAFileIsACommand) {
  EXPECT_THAT(find("python3")->command, ElementsAre("python3"));
}

TEST_F(FindPort, MistakesAreToldWithTheirPlace) {
  EXPECT_THAT(complaint(""), HasSubstr("the file is empty"));
  EXPECT_THAT(complaint("command: python3\n"), HasSubstr("missing key 'heddle'"));
  EXPECT_THAT(complaint("heddle: 2\ncommand: python3\n"), HasSubstr(":1:9: error"));
  EXPECT_THAT(complaint("heddle: 1\n"), HasSubstr("missing key 'command'"));
  EXPECT_THAT(
      complaint("heddle: 1\ncomand: python3\n"),
      HasSubstr(":2:1: error: unknown key 'comand' of a port file; did you mean 'command'?"));
  EXPECT_THAT(complaint("heddle: 1\ncommand: \"python3 'x\"\n"),
              HasSubstr(":2:10: error: 'command': a ' without its partner"));
  EXPECT_THAT(complaint("heddle: 1\ncommand: \"''\"\n"), HasSubstr("'command' names no program"));
  EXPECT_THAT(complaint("heddle: 1\ncommand: {a: b}\n"),
              HasSubstr(":2:10: error: 'command' must be text"));
  EXPECT_THAT(complaint("heddle: 1\ncommand: []\n"), HasSubstr(":2:10: error"));
  EXPECT_THAT(complaint("heddle: 1\ncommand: [[x]]\n"),
              HasSubstr("a word of 'command' must be text"));
  EXPECT_THAT(complaint("heddle: 1\ncommand: python3\ncommand: python4\n"),
              HasSubstr(":3:1: error"));
}

TEST_F(FindPort, MistakesInTheEnvironmentAreTold) {
  EXPECT_THAT(complaint("heddle: 1\ncommand: x\nenvironment: [A]\n"),
              HasSubstr(":3:14: error: 'environment' must be a mapping"));
  EXPECT_THAT(complaint("heddle: 1\ncommand: x\nenvironment: {A: [1]}\n"),
              HasSubstr("'A' must be text"));
  EXPECT_THAT(complaint("heddle: 1\ncommand: x\nenvironment: {'A=B': c}\n"),
              HasSubstr("cannot hold '='"));
}

TEST_F(FindPort, MistakesInWhatItLacksAreTold) {
  EXPECT_THAT(complaint("heddle: 1\ncommand: x\nlacks: [threads]\n"), HasSubstr(":3:9: error"));
  EXPECT_THAT(complaint("heddle: 1\ncommand: x\nlacks: [{feature: threads}]\n"),
              HasSubstr("missing key 'because'"));
  EXPECT_THAT(complaint("heddle: 1\ncommand: x\nlacks: [{feature: threads, because: ''}]\n"),
              HasSubstr("'because' is empty"));
  EXPECT_THAT(
      complaint(
          "heddle: 1\ncommand: x\nlacks: [{feature: a, because: b}, {feature: a, because: c}]\n"),
      HasSubstr("lacking twice"));
}

TEST_F(FindPort, AMissingExpectationFileAndAnUnknownSanitizerAreTold) {
  EXPECT_THAT(complaint("heddle: 1\ncommand: x\nexpectations: gone.yaml\n"),
              HasSubstr(":3:15: error: 'expectations': no such file"));
  EXPECT_THAT(complaint("heddle: 1\ncommand: x\nsanitizer: tread\n"),
              HasSubstr("did you mean 'thread'?"));
}

}  // namespace

}  // namespace conformance
