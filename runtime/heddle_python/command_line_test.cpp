#include "runtime/heddle_python/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>

#include "runtime/base/build.h"

namespace runtime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CommandLineTest : public testing::Test {
 protected:
  ParsedCommandLine parse(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "heddle-python");
    return parse_command_line(arguments, [this](const char* name) -> const char* {
      const auto found = variables_.find(name);
      return found == variables_.end() ? nullptr : found->second.c_str();
    });
  }
  // One that is refused: its message, with the status before it.
  std::string refusal(std::vector<std::string> arguments) {
    ParsedCommandLine parsed = parse(std::move(arguments));
    if (!parsed.refusal) return "accepted";
    return std::to_string(parsed.refusal->status) + ": " + parsed.refusal->message;
  }

  std::map<std::string, std::string> variables_;
};

TEST_F(CommandLineTest, WhatFollowsTheCodeBelongsToTheProgram) {
  const CommandLine command = parse({"-c", "print(1)", "-V", "x"}).command;
  EXPECT_EQ(command.action, Action::kText);
  EXPECT_EQ(command.text, "print(1)\n");
  EXPECT_THAT(command.python.settings.arguments, ElementsAre("-c", "-V", "x"));
  EXPECT_THAT(command.python.settings.paths, ElementsAre(""));
}

TEST_F(CommandLineTest, LettersMayShareADashAndTheCodeMayStandBehindItsLetter) {
  const CommandLine command = parse({"-qBcpass"}).command;
  EXPECT_EQ(command.action, Action::kText);
  EXPECT_EQ(command.text, "pass\n");
  EXPECT_TRUE(command.python.settings.is_quiet);
  EXPECT_FALSE(command.python.settings.writes_bytecode);
}

TEST_F(CommandLineTest, AFileIsTheFirstWordThatIsNoOptionAndItsFolderIsOnThePath) {
  const CommandLine command = parse({"-u", "folder/program.py", "-c", "--help"}).command;
  EXPECT_EQ(command.action, Action::kFile);
  EXPECT_EQ(command.text, "folder/program.py");
  EXPECT_THAT(command.python.settings.arguments, ElementsAre("folder/program.py", "-c", "--help"));
  EXPECT_THAT(command.python.settings.paths, ElementsAre("folder"));
}

TEST_F(CommandLineTest, ADashOrNothingMeansStandardInput) {
  EXPECT_EQ(parse({}).command.action, Action::kPrompt);
  const CommandLine command = parse({"-", "x"}).command;
  EXPECT_EQ(command.action, Action::kPrompt);
  EXPECT_THAT(command.python.settings.arguments, ElementsAre("-", "x"));
}

TEST_F(CommandLineTest, AVersionIsShownShortOrLong) {
  EXPECT_EQ(parse({"-V"}).command.action, Action::kShowVersion);
  EXPECT_EQ(parse({"-VV"}).command.action, Action::kShowLongVersion);
  EXPECT_EQ(parse({"--version"}).command.action, Action::kShowVersion);
  EXPECT_EQ(parse({"--help"}).command.action, Action::kShowHelp);
}

TEST_F(CommandLineTest, UnknownOptionsAreRefusedWithTheUsage) {
  EXPECT_THAT(refusal({"-Z"}), HasSubstr("2: Unknown option: -Z"));
  EXPECT_THAT(refusal({"-Z"}), HasSubstr("usage: heddle-python"));
  EXPECT_THAT(refusal({"--nonsense"}), HasSubstr("2: unknown option --nonsense"));
  EXPECT_THAT(refusal({"-c"}), HasSubstr("2: Argument expected for the -c option"));
  EXPECT_THAT(refusal({"-X"}), HasSubstr("2: Argument expected for the -X option"));
}

TEST_F(CommandLineTest, AProfileIsOneOfThoseOfThisBuild) {
  EXPECT_EQ(parse({"--profile", kFreeThreaded ? "3.13t" : "3.13"}).command.python.profile.minor,
            13);
  EXPECT_EQ(parse({"--profile=" + std::string(kFreeThreaded ? "3.14t" : "3.14")})
                .command.python.profile.minor,
            14);
  EXPECT_THAT(refusal({"--profile", "2.7"}), HasSubstr("2: unknown profile '2.7'; this build has"));
}

TEST_F(CommandLineTest, TheLastGilOptionStandsAboveTheVariable) {
  variables_["PYTHON_GIL"] = "7";
  EXPECT_THAT(refusal({"-c", "pass"}), HasSubstr("1: Fatal Python error: config_init: PYTHON_GIL"));
  EXPECT_EQ(parse({"-X", "gil=1", "-c", "pass"}).command.python.settings.gil, 1);
  EXPECT_EQ(parse({"-E", "-c", "pass"}).command.python.settings.gil, -1);
  EXPECT_EQ(parse({"-I", "-c", "pass"}).command.python.settings.gil, -1);
  variables_["PYTHON_GIL"] = "";
  EXPECT_EQ(parse({"-c", "pass"}).command.python.settings.gil, -1);
  for (const char* value : {"gil=7", "gil=10", "gil=", "gil"}) {
    EXPECT_THAT(refusal({"-X", value}), HasSubstr("must be \"0\" or \"1\"")) << value;
  }
}

TEST_F(CommandLineTest, ABuildWithAGilCannotSwitchItOff) {
  const std::string said = refusal({"-X", "gil=0", "-c", "pass"});
  if (kFreeThreaded) {
    EXPECT_EQ(said, "accepted");
  } else {
    EXPECT_THAT(said, HasSubstr("Disabling the GIL is not supported by this build"));
  }
}

TEST_F(CommandLineTest, TheFlagsOfContextsAreZeroOrOne) {
  EXPECT_EQ(
      parse({"-X", "thread_inherit_context=0"}).command.python.settings.thread_inherit_context, 0);
  variables_["PYTHON_CONTEXT_AWARE_WARNINGS"] = "1";
  EXPECT_EQ(parse({}).command.python.settings.context_aware_warnings, 1);
  variables_["PYTHON_CONTEXT_AWARE_WARNINGS"] = "2";
  EXPECT_THAT(refusal({}), HasSubstr("PYTHON_CONTEXT_AWARE_WARNINGS=N: N is missing or invalid"));
  EXPECT_THAT(refusal({"-X", "context_aware_warnings=yes"}),
              HasSubstr("-X context_aware_warnings=n: n is missing or invalid"));
}

TEST_F(CommandLineTest, OptionsOfXAreKeptInOrder) {
  const CommandLine command = parse({"-X", "one", "-Xtwo=2=3", "-X", "three="}).command;
  const auto& options = command.python.settings.options;
  ASSERT_EQ(options.size(), 3u);
  EXPECT_EQ(options[0].first, "one");
  EXPECT_FALSE(options[0].second);
  EXPECT_EQ(options[1].second, "2=3");
  EXPECT_EQ(options[2].second, "");
}

TEST_F(CommandLineTest, TheSeedOfHashesRepeats) {
  variables_["PYTHONHASHSEED"] = "42";
  EXPECT_EQ(parse({}).command.python.hash_seed, 42u);
  variables_["PYTHONHASHSEED"] = "-1";
  EXPECT_THAT(refusal({}), HasSubstr("PYTHONHASHSEED must be"));
  variables_["PYTHONHASHSEED"] = "4294967296";
  EXPECT_THAT(refusal({}), HasSubstr("PYTHONHASHSEED must be"));
}

TEST_F(CommandLineTest, AllocatorsThatCannotKeepHeadersAreRefused) {
  for (const char* name : {"mimalloc", "default", "mimalloc_debug"}) {
    variables_["PYTHONMALLOC"] = name;
    EXPECT_EQ(refusal({}), "accepted") << name;
  }
  variables_["PYTHONMALLOC"] = "pymalloc";
  EXPECT_THAT(refusal({}),
              HasSubstr(kFreeThreaded ? "PYTHONMALLOC: unknown allocator 'pymalloc'" : "accepted"));
}

TEST_F(CommandLineTest, FiltersOfTheEnvironmentComeFirst) {
  variables_["PYTHONWARNINGS"] = "ignore,error::UserWarning";
  EXPECT_THAT(parse({"-W", "always"}).command.python.settings.warn_options,
              ElementsAre("ignore", "error::UserWarning", "always"));
}

}  // namespace
}  // namespace runtime
