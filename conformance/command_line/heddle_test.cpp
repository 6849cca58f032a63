// The program as a person meets it: run as a child, with good and bad input, interrupted and
// killed.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>
#include <signal.h>
#include <sstream>
#include <unistd.h>

#include "conformance/ports/child_process.h"
#include "conformance/report/report.h"

namespace conformance {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

struct Ended {
  int status = -1;
  std::string output, errors;
};

class Heddle : public testing::Test {
 protected:
  Heddle()
      : directory_(testing::TempDir() + "/heddle-program-" + std::to_string(::getpid()) + "-" +
                   testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_ + "/specs/area");
    for (const char* name : {"features.yaml"}) {
      std::filesystem::copy_file(std::string(HEDDLE_SOURCE_DIR) + "/specs/" + name,
                                 directory_ + "/specs/" + name);
    }
  }
  ~Heddle() override { std::filesystem::remove_all(directory_); }

  std::unique_ptr<ChildProcess> start(const std::vector<std::string>& arguments,
                                      const std::map<std::string, std::string>& environment = {}) {
    ChildCommand command;
    command.arguments = {std::string(HEDDLE_BINARY_DIR) + "/heddle"};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = environment;
    command.environment["HEDDLE_HOME"] = HEDDLE_SOURCE_DIR;
    command.environment["HEDDLE_LOCK"] = directory_ + "/lock";
    command.directory = directory_;
    command.output_limit = 1u << 20;
    std::string error;
    std::unique_ptr<ChildProcess> child = ChildProcess::start(command, error);
    EXPECT_NE(child, nullptr) << error;
    return child;
  }

  Ended finish(ChildProcess& child) {
    EXPECT_TRUE(child.wait(std::chrono::minutes(3))) << "it did not end";
    child.kill_group();
    return {child.ending() && child.ending()->exited ? child.ending()->status : -1, child.output(),
            child.error_output()};
  }

  Ended run(const std::vector<std::string>& arguments,
            const std::map<std::string, std::string>& environment = {}) {
    const std::unique_ptr<ChildProcess> child = start(arguments, environment);
    return finish(*child);
  }

  std::string write(const std::string& name, const std::string& text) {
    const std::string path = directory_ + "/" + name;
    std::ofstream(path) << text;
    return path;
  }

  // A family of `count` scripts on the fake port, every one of which passes.
  std::string many(int count, const std::string& verb = "outcome 1 value=1") {
    std::string text = "heddle: 1\ntitle: Many\nscenarios:\n";
    for (int index = 0; index < count; ++index) {
      text += "  - name: case_" + std::to_string(index) +
              "\n    claim: It passes.\n    kind: script\n    covers: [x/y]\n    module: |\n      "
              "# fake: " +
              verb +
              "\n    observe: {value: 1 + 0}\n    outcomes:\n      - {is: value=1, grade: "
              "acceptable, because: fine}\n";
    }
    return write("specs/area/many.yaml", text);
  }

  std::vector<std::string> ids_in(const std::string& path) {
    Diagnostics diagnostics;
    const ResultsFile file = read_results(path, diagnostics);
    EXPECT_FALSE(has_errors(diagnostics)) << to_string(diagnostics.front());
    std::vector<std::string> ids;
    for (const Result& result : file.results) ids.push_back(result.id);
    return ids;
  }

  static std::set<std::string> as_set(const std::vector<std::string>& ids) {
    return {ids.begin(), ids.end()};
  }

  std::string directory_;
};

TEST_F(Heddle, APassingRunExitsWithZeroAndWritesEveryFormat) {
  const Ended ended = run({"run", many(3), "--port", "fake", "--jsonl", "r.jsonl", "--junit",
                           "j.xml", "--progress", "none"});
  EXPECT_EQ(ended.status, 0) << ended.output << ended.errors;
  EXPECT_EQ(ids_in(directory_ + "/r.jsonl").size(), 3u);
  EXPECT_TRUE(std::filesystem::exists(directory_ + "/j.xml"));
  EXPECT_THAT(ended.output, HasSubstr("3  passed"));
}

TEST_F(Heddle, AForbiddenOutcomeExitsWithOneAndPrintsTheCommandThatRepeatsIt) {
  const Ended ended = run(
      {"run", many(1, "outcome 2 value=2"), "--port", "fake", "--seed", "7", "--progress", "none"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.output,
              HasSubstr("heddle run area/many/case_0 --port fake --tier default --seed 7"));
}

// A counter that two threads add one to, and is then read as `seen`.
std::string counted(const std::string& seen) {
  return "{\"heddle_history\": 1, \"unit\": \"ns\", \"resolution\": 1, \"model\": \"counter\"}\n"
         "{\"thread\":0,\"call\":1,\"return\":4,\"method\":\"increment\",\"arguments\":[],"
         "\"result\":\"None\"}\n"
         "{\"thread\":1,\"call\":2,\"return\":5,\"method\":\"increment\",\"arguments\":[],"
         "\"result\":\"None\"}\n"
         "{\"thread\":0,\"call\":6,\"return\":7,\"method\":\"read\",\"arguments\":[],\"result\":"
         "\"" +
         seen + "\"}\n";
}

TEST_F(Heddle, CheckSaysWhetherAHistoryHasAnOrder) {
  const Ended good = run({"check", write("good.jsonl", counted("2"))});
  EXPECT_EQ(good.status, 0) << good.errors;
  EXPECT_THAT(good.output, HasSubstr("linearizable: 3 operations of counter"));
  const Ended lost = run({"check", write("lost.jsonl", counted("1")), "--html", "lost.html"});
  EXPECT_EQ(lost.status, 1) << lost.errors;
  EXPECT_THAT(lost.output, HasSubstr("not_linearizable"));
  EXPECT_TRUE(std::filesystem::exists(directory_ + "/lost.html"));
}

TEST_F(Heddle, CheckRefusesBrokenInputWithItsPlace) {
  const std::string good = write("good.jsonl", counted("2"));
  EXPECT_EQ(run({"check", "missing.jsonl"}).status, 4);
  EXPECT_EQ(run({"check", good, "--time-limit", "soon"}).status, 4);
  EXPECT_EQ(run({"check", good, "--memory-limit", "much"}).status, 4);
  const auto too_large = run({"check", good, "--memory-limit", "100"});
  EXPECT_EQ(too_large.status, 4);
  EXPECT_THAT(too_large.errors, HasSubstr("larger than 100 bytes in memory"));
  EXPECT_EQ(run({"check", good, "--html", "/nonexistent/a.html"}).status, 4);
  const Ended other = run({"check", good, "--model", "list"});
  EXPECT_EQ(other.status, 4);
  EXPECT_THAT(other.errors, HasSubstr("list has no method 'increment'"));
  const Ended unknown = run({"check", good, "--model", "lisst"});
  EXPECT_THAT(unknown.errors, HasSubstr("did you mean 'list'?"));
  const Ended broken = run({"check", write("broken.jsonl", counted("2") + "{}\n")});
  EXPECT_EQ(broken.status, 4);
  EXPECT_THAT(broken.errors, HasSubstr("broken.jsonl:5:1: error: the field 'thread' is missing"));
}

TEST_F(Heddle, ACrashExitsWithTwo) {
  EXPECT_EQ(run({"run", many(1, "signal SEGV"), "--port", "fake", "--progress", "none"}).status, 2);
}

TEST_F(Heddle, APortThatIsMissingOrNoPythonIsSaidAndExitsWithFour) {
  const std::string spec = many(1);
  write("data.txt", "no program");
  for (const char* port : {"no-such-command-anywhere", "./data.txt", "/", "/bin/false", "/bin/true",
                           "/bin/echo", ""}) {
    const Ended ended = run({"run", spec, "--port", port, "--progress", "none"});
    EXPECT_EQ(ended.status, 4) << port << ended.output;
    EXPECT_THAT(ended.errors, HasSubstr(*port != '\0' ? port : "port")) << port;
  }
}

TEST_F(Heddle, APortThatMisbehavesWhenItIsAskedWhatItIsExitsWithFour) {
  const std::string spec = many(1);
  for (const char* how : {"exit", "garbage", "not-python"}) {
    const Ended ended =
        run({"run", spec, "--port", "fake", "--progress", "none"}, {{"HEDDLE_FAKE_PROBE", how}});
    EXPECT_EQ(ended.status, 4) << how << ended.output;
    EXPECT_THAT(ended.errors, HasSubstr("port fake: ")) << how;
  }
}

TEST_F(Heddle, OneBadPortDoesNotStopTheOthers) {
  const Ended ended = run({"run", many(2), "--port", "no-such-command-anywhere", "--port", "fake",
                           "--jsonl", "r.jsonl", "--progress", "none"});
  EXPECT_EQ(ended.status, 4);
  EXPECT_EQ(ids_in(directory_ + "/r.jsonl").size(), 2u);
}

TEST_F(Heddle, OneBrokenFileIsSaidWithItsPlaceAndTheOthersRun) {
  many(2);
  write("specs/area/broken.yaml", "heddle: 1\ntitle: Broken\nscenarois: []\n");
  const Ended ended = run(
      {"run", directory_ + "/specs", "--port", "fake", "--jsonl", "r.jsonl", "--progress", "none"});
  EXPECT_EQ(ended.status, 4);
  EXPECT_THAT(ended.errors, HasSubstr("broken.yaml:3:1: error: "));
  EXPECT_THAT(ended.errors, HasSubstr("scenarios"));
  EXPECT_EQ(ids_in(directory_ + "/r.jsonl").size(), 2u);
}

TEST_F(Heddle, MistakesOnTheCommandLineExitWithFour) {
  const std::string spec = many(1);
  const std::vector<std::vector<std::string>> mistakes = {{"run", spec, "--tier", "tough"},
                                                          {"run", spec, "--shard", "9/8"},
                                                          {"run", spec, "--budget", "soon"},
                                                          {"run", spec, "--jobs", "-1"},
                                                          {"run", "area/no_such_case"},
                                                          {"run", spec, "--update-expectations"},
                                                          {"run", spec, "--no-such-option"},
                                                          {"fly"},
                                                          {}};
  for (const std::vector<std::string>& arguments : mistakes) {
    EXPECT_EQ(run(arguments).status, 4) << (arguments.empty() ? "nothing" : arguments.back());
  }
}

TEST_F(Heddle, ShardsAreDisjointAndTogetherEverything) {
  const std::string spec = many(40);
  std::set<std::string> seen;
  std::size_t sum = 0;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    run({"run", spec, "--port", "fake", "--shard", shard, "--jsonl", "r.jsonl", "--progress",
         "none"});
    const std::vector<std::string> ids = ids_in(directory_ + "/r.jsonl");
    sum += ids.size();
    seen.insert(ids.begin(), ids.end());
  }
  EXPECT_EQ(sum, 40u);
  EXPECT_EQ(seen.size(), 40u);
}

TEST_F(Heddle, AFullDiskIsSaidAndNotSwallowed) {
  const std::string spec = many(1);
  for (const char* option : {"--jsonl", "--junit"}) {
    const Ended ended =
        run({"run", spec, "--port", "fake", option, "/dev/full", "--progress", "none"});
    EXPECT_EQ(ended.status, 4) << option;
    EXPECT_THAT(ended.errors, HasSubstr("/dev/full")) << option;
  }
}

// Waits until the results file has at least `lines` lines.
void wait_for_lines(ChildProcess& child, const std::string& path, int lines) {
  for (int attempt = 0; attempt < 3000; ++attempt) {
    std::ifstream stream(path);
    int count = 0;
    for (std::string line; std::getline(stream, line);) ++count;
    if (count >= lines || child.wait(std::chrono::milliseconds(20))) return;
  }
}

// Unsafe cases have a process each: the run lasts long enough to be stopped in the middle.
std::string slow_family(int count) {
  std::string text = "heddle: 1\ntitle: Slow\nscenarios:\n";
  for (int index = 0; index < count; ++index) {
    text += "  - name: case_" + std::to_string(index) +
            "\n    claim: It passes.\n    kind: script\n    strength: unsafe\n    module: |\n      "
            "# fake: sleep 0.05\n      # fake: outcome 1 value=1\n" +
            "    observe: {value: 1 + 0}\n    outcomes:\n      - {is: value=1, grade: acceptable, "
            "because: fine}\n";
  }
  return text;
}

TEST_F(Heddle, ControlCWritesWhatThereIsKillsTheChildrenAndExitsWith130) {
  const std::string spec = write("specs/area/slow.yaml", slow_family(200));
  const std::unique_ptr<ChildProcess> child =
      start({"run", spec, "--port", "fake", "--jsonl", "r.jsonl", "--junit", "j.xml", "--progress",
             "none"});
  wait_for_lines(*child, directory_ + "/r.jsonl", 6);
  child->signal_child(SIGINT);
  ASSERT_TRUE(child->wait(std::chrono::seconds(30)));
  child->kill_group();
  EXPECT_FALSE(child->left_children_behind());
  ASSERT_TRUE(child->ending()->exited);
  EXPECT_EQ(child->ending()->status, 130);
  const std::vector<std::string> ids = ids_in(directory_ + "/r.jsonl");
  EXPECT_GE(ids.size(), 5u);
  EXPECT_LT(ids.size(), 200u);
  EXPECT_TRUE(std::filesystem::exists(directory_ + "/j.xml"));
  EXPECT_THAT(child->output(), HasSubstr("Interrupted"));
}

TEST_F(Heddle, AfterAKillResumeLosesNothingAndRunsNothingTwice) {
  const std::string spec = write("specs/area/slow.yaml", slow_family(60));
  int kills = 0;
  for (int lines : {4, 20, 45}) {
    const std::unique_ptr<ChildProcess> child =
        start({"run", spec, "--port", "fake", "--resume", "r.jsonl", "--progress", "none"});
    wait_for_lines(*child, directory_ + "/r.jsonl", lines);
    kills += !child->ending().has_value();
    child->kill_group();
    std::ofstream(directory_ + "/r.jsonl", std::ios::app)
        << "{\"record\": \"result\", \"port\": \"fa";  // cut in the middle of a line
  }
  EXPECT_EQ(kills, 3) << "the runs were too fast to be killed";
  const Ended last = run({"run", spec, "--port", "fake", "--resume", "r.jsonl", "--junit", "j.xml",
                          "--progress", "none"});
  EXPECT_EQ(last.status, 0) << last.errors;
  const std::vector<std::string> ids = ids_in(directory_ + "/r.jsonl");
  EXPECT_EQ(ids.size(), 60u);
  EXPECT_EQ(as_set(ids).size(), 60u);
  EXPECT_THAT(last.output, HasSubstr("60  passed"));
}

TEST_F(Heddle, ExpectationsMakeKnownFailuresGreenAndNewPassesRed) {
  const std::string spec = many(2, "outcome 2 value=2");
  write("known.yaml",
        "heddle: 1\nexpectations:\n  - id: area/many/*\n    verdict: failed\n    because: known\n");
  EXPECT_EQ(
      run({"run", spec, "--port", "fake", "--expectations", "known.yaml", "--progress", "none"})
          .status,
      0);
  many(2);
  EXPECT_EQ(
      run({"run", spec, "--port", "fake", "--expectations", "known.yaml", "--progress", "none"})
          .status,
      6);
}

TEST_F(Heddle, UpdateExpectationsWritesWhatTheNextRunExpects) {
  const std::string spec = many(2, "outcome 2 value=2");
  run({"run", spec, "--port", "fake", "--expectations", "new.yaml", "--update-expectations",
       "--progress", "none"});
  const Ended again =
      run({"run", spec, "--port", "fake", "--expectations", "new.yaml", "--progress", "none"});
  EXPECT_EQ(again.status, 0) << again.output << again.errors;
  EXPECT_THAT(again.output, HasSubstr("expected_failure"));
}

TEST_F(Heddle, DiffSaysWhatChanged) {
  run({"run", many(2), "--port", "fake", "--jsonl", "a.jsonl", "--progress", "none"});
  run({"run", many(2, "outcome 2 value=2"), "--port", "fake", "--jsonl", "b.jsonl", "--progress",
       "none"});
  const Ended same = run({"diff", "a.jsonl", "a.jsonl"});
  EXPECT_EQ(same.status, 0);
  const Ended changed = run({"diff", "a.jsonl", "b.jsonl"});
  EXPECT_EQ(changed.status, 1);
  EXPECT_THAT(changed.output, HasSubstr("area/many/case_0"));
  EXPECT_THAT(changed.output, HasSubstr("failed"));
}

TEST_F(Heddle, RequireWitnessMakesTheUnwitnessedRed) {
  const std::string spec =
      write("specs/area/required.yaml",
            "heddle: 1\ntitle: R\nscenarios:\n  - name: one\n    claim: It is seen.\n    kind: "
            "script\n    module: |\n      # fake: outcome 1 value=1\n"
            "    observe: {value: 1 + 0}\n    outcomes:\n      - {is: value=1, grade: acceptable, "
            "because: fine}\n"
            "      - {is: value=2, grade: required, because: they met}\n");
  EXPECT_EQ(run({"run", spec, "--port", "fake", "--progress", "none"}).status, 0);
  EXPECT_EQ(run({"run", spec, "--port", "fake", "--require-witness", "--progress", "none"}).status,
            3);
}

TEST_F(Heddle, ListExplainProbeAndTraceAnswer) {
  const std::string spec = many(2);
  EXPECT_THAT(run({"list", spec}).output, HasSubstr("area/many/case_1"));
  EXPECT_THAT(run({"explain", spec}).output, HasSubstr("It passes."));
  EXPECT_THAT(run({"probe", "fake"}).output, HasSubstr("fake_port"));
  EXPECT_THAT(run({"trace"}).output, HasSubstr("sentences"));
}

TEST_F(Heddle, AnEmittedDriverRunsByItself) {
  const std::string spec =
      write("specs/area/two.yaml",
            "heddle: 1\ntitle: T\nscenarios:\n  - name: one\n    claim: It runs.\n    kind: "
            "script\n    observe: {value: 1 + 1}\n"
            "    outcomes:\n      - {is: value=2, grade: acceptable, because: arithmetic}\n");
  const Ended emitted = run({"emit", spec});
  ASSERT_EQ(emitted.status, 0) << emitted.errors;
  write("driver.py", emitted.output);
  ChildCommand command;
  command.arguments = {"python3", directory_ + "/driver.py"};
  std::string error;
  const std::unique_ptr<ChildProcess> child = ChildProcess::start(command, error);
  ASSERT_NE(child, nullptr) << error;
  ASSERT_TRUE(child->wait(std::chrono::minutes(1)));
  EXPECT_THAT(child->output(), HasSubstr("value=2"));
  EXPECT_THAT(child->output(), HasSubstr("\"bye\""));
}

TEST_F(Heddle, NoColorIsHonouredAndPlainOutputHasNoEscapes) {
  const Ended ended =
      run({"run", many(2), "--port", "fake", "--progress", "plain"}, {{"NO_COLOR", "1"}});
  EXPECT_THAT(ended.output + ended.errors, Not(HasSubstr("\x1b")));
}

// --- fuzz

TEST_F(Heddle, FuzzFindsNothingInAListOfPython) {
  const Ended ended = run({"fuzz", "list", "--budget", "1s", "--seed", "3", "--operations", "3"});
  EXPECT_EQ(ended.status, 0) << ended.output << ended.errors;
  EXPECT_THAT(ended.output, HasSubstr("clean: every history of"));
}

TEST_F(Heddle, FuzzPlaysOneProgram) {
  const Ended ended = run({"fuzz", "list", "--budget", "1s", "--program",
                           "append(1); pop() | len()", "--initial", "[7]"});
  EXPECT_EQ(ended.status, 0) << ended.output << ended.errors;
  EXPECT_THAT(ended.output, HasSubstr("clean: every history of 1 program on python3"));
}

TEST_F(Heddle, FuzzWritesPairsThatRunAccepts) {
  const std::string spec = directory_ + "/specs/area/pairs.yaml";
  const Ended ended = run({"fuzz", "set", "--pairs", "--budget", "1s", "--emit-spec", spec});
  EXPECT_EQ(ended.status, 0) << ended.output << ended.errors;
  const Ended listed = run({"list", spec});
  EXPECT_EQ(listed.status, 0) << listed.errors;
  EXPECT_THAT(listed.output, HasSubstr("litmus   area/pairs/add_and_add_1"));
}

TEST_F(Heddle, FuzzSaysWhatItDoesNotKnow) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> table = {
      {{"fuzz", "tuple"}, "fuzz knows list, dict, set, deque and queue, not 'tuple'"},
      {{"fuzz", "list", "--budget", "soon"}, "--budget is a time like 90s"},
      {{"fuzz", "list", "--threads", "1"}, "--threads is from 2 to 16"},
      {{"fuzz", "list", "--methods", "push"}, "the model 'list' has no method 'push'"},
      {{"fuzz", "list", "--program", "append"}, "'append' is no call; write it as append(1)"},
      {{"fuzz", "list", "--initial", "{1}"}, "heddle: --methods, --program or --initial: "},
      {{"fuzz", "list", "--port", "no-such-python"}, "no-such-python"}};
  for (const auto& [arguments, message] : table) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.status, 4) << message;
    EXPECT_THAT(ended.errors, HasSubstr(message));
  }
}

}  // namespace
}  // namespace conformance
