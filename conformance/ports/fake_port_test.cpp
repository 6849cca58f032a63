// The fake port from outside: every verb, seen through the very parts that the judge uses
// (ChildProcess, ProtocolReader, the parser of sanitizer logs).
#include <array>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "conformance/ports/process_tree.h"
#include "conformance/ports/protocol.h"
#include "conformance/ports/sanitizer_log.h"
#include "conformance/ports/test_support.h"

namespace conformance {

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FakePort : public testing::Test {
 protected:
  void start(const nlohmann::json& plan, std::map<std::string, std::string> environment = {}) {
    events_.clear();
    std::filesystem::remove(path_);
    reader_ = std::make_unique<ProtocolReader>(path_);
    child_ =
        start_child({kFakePort, "-X", "option=1", folder_.write("driver.py", driver_with(plan)),
                     path_, folder_ / "modules"},
                    std::move(environment));
  }

  // To the end; what it said, one word an event.
  std::vector<std::string> run_plan(const nlohmann::json& plan,
                                    std::map<std::string, std::string> environment = {}) {
    start(plan, std::move(environment));
    EXPECT_TRUE(child_->wait(kPatience));
    child_->kill_group();
    take_events(true);
    return words();
  }
  std::vector<std::string> run(const std::vector<std::string>& script) {
    return run_plan(plan_for(script));
  }

  void take_events(bool at_end) {
    for (Event& event : reader_->poll(at_end)) events_.push_back(std::move(event));
  }
  std::vector<std::string> words() const {
    std::vector<std::string> all;
    for (const Event& event : events_) {
      all.push_back(std::array{"hello", "begin", "counts", "problem", "canary", "bye", "error"}.at(
          event.index()));
      if (const auto* counts = std::get_if<CountsEvent>(&event); counts != nullptr && counts->final)
        all.back() = "end";
    }
    return all;
  }
  template <typename Kind>
  const Kind& first() const {
    for (const Event& event : events_) {
      if (const auto* found = std::get_if<Kind>(&event)) return *found;
    }
    static const Kind none;
    ADD_FAILURE() << "no such event";
    return none;
  }
  const CountsEvent& end() const {
    for (const Event& event : events_) {
      const auto* found = std::get_if<CountsEvent>(&event);
      if (found != nullptr && found->final) return *found;
    }
    static const CountsEvent none;
    ADD_FAILURE() << "no end";
    return none;
  }
  std::string ending() const { return child_->ending() ? child_->ending()->to_string() : "alive"; }

  TemporaryFolder folder_;
  std::string path_ = folder_ / "events.jsonl";
  std::unique_ptr<ProtocolReader> reader_;
  std::unique_ptr<ChildProcess> child_;
  std::vector<Event> events_;
};

TEST_F(FakePort, SaysWhatADriverSays) {
  EXPECT_THAT(run({"outcome 900 left=1, right=2", "when 3 true", "outcome 2 left=2, right=1",
                   "when 3 false", "when 4 NameError: x", "overlapped 700", "note kind of text"}),
              ElementsAre("hello", "canary", "begin", "end", "bye"));
  EXPECT_EQ(ending(), "exit status 0");
  EXPECT_EQ(first<HelloEvent>().implementation, "fake");
  EXPECT_EQ(std::get<bool>(first<HelloEvent>().facts.at("parallel")), true);
  EXPECT_TRUE(first<CanaryEvent>().canary.provoked);
  EXPECT_EQ(end().samples, 902);
  EXPECT_EQ(end().overlapped, 700);
  ASSERT_EQ(end().outcomes.size(), 2u);
  EXPECT_EQ(end().outcomes[0].text, "left=1, right=2");
  EXPECT_EQ(end().outcomes[0].count, 900);
  EXPECT_THAT(end().outcomes[0].when_true, ElementsAre(3));
  EXPECT_THAT(end().outcomes[1].when_true, IsEmpty());
  EXPECT_EQ(end().outcomes[1].when_errors.at(4), "NameError: x");
  ASSERT_EQ(end().notes.size(), 1u);
  EXPECT_EQ(end().notes[0].kind, "kind");
  EXPECT_EQ(end().notes[0].text, "of text");
}

TEST_F(FakePort, HasTwoFeaturesAndNoOthers) {
  run_plan(plan_for({}, "probe"));
  EXPECT_THAT(words(), ElementsAre("hello", "bye"));
  EXPECT_EQ(std::get<bool>(first<HelloEvent>().facts.at("fake_port")), true);
  EXPECT_EQ(std::get<bool>(first<HelloEvent>().facts.at("threads")), false);
}

TEST_F(FakePort, CountsMayBeWrong) {
  run({"outcome 5 a=1", "samples 100"});
  EXPECT_EQ(end().samples, 100);
  EXPECT_FALSE(end().overlapped);
}

TEST_F(FakePort, ChecksWithoutActing) {
  EXPECT_THAT(run_plan(plan_for(
                  {"signal SEGV", "problem setup 3 later", "problem compile 12 SyntaxError: bad"},
                  "check")),
              ElementsAre("hello", "begin", "problem", "end", "bye"));
  EXPECT_EQ(first<ProblemEvent>().problem.message, "SyntaxError: bad");
  EXPECT_EQ(first<ProblemEvent>().problem.line, 12);
}

TEST_F(FakePort, EvaluatesNothingAndSaysSo) {
  nlohmann::json plan = plan_for({}, "evaluate");
  plan["scenarios"][0]["when"] = {{{"rule", 2}, {"text", "status == 0"}, {"line", 1}}};
  plan["scenarios"][0]["values"] = {{{"status", 0}, {"stdout", ""}, {"stderr", ""}},
                                    {{"status", 3}, {"stdout", ""}, {"stderr", ""}}};
  EXPECT_THAT(run_plan(plan), ElementsAre("hello", "begin", "end", "bye"));
  ASSERT_EQ(end().outcomes.size(), 2u);
  EXPECT_THAT(end().outcomes[0].when_errors.at(2), HasSubstr("evaluates nothing"));
}

TEST_F(FakePort, DiesAsItIsTold) {
  for (const char* name : {"SEGV", "ABRT", "BUS", "FPE", "ILL", "TERM"}) {
    EXPECT_THAT(run({"outcome 3 a=1", std::string("signal ") + name}),
                ElementsAre("hello", "canary", "begin", "counts"));
    EXPECT_EQ(ending(), std::string("SIG") + name);
    EXPECT_EQ(first<CountsEvent>().samples, 3);
  }
  EXPECT_THAT(run({"out-of-memory"}), ElementsAre("hello", "canary", "begin"));
  EXPECT_EQ(ending(), "SIGKILL (out of memory?)");
  EXPECT_THAT(run({"exit 3"}), ElementsAre("hello", "canary", "begin"));
  EXPECT_EQ(ending(), "exit status 3");
}

TEST_F(FakePort, DiesTheFirstTimeOnly) {
  const std::map<std::string, std::string> state = {{"HEDDLE_FAKE_STATE", folder_ / ""}};
  run_plan(plan_for({"crash-once"}), state);
  EXPECT_EQ(ending(), "SIGSEGV");
  EXPECT_THAT(run_plan(plan_for({"crash-once"}), state), Contains("bye"));
  EXPECT_EQ(ending(), "exit status 0");
}

TEST_F(FakePort, RemembersBesideItsDirectory) {
  run({"crash-once ABRT"});
  EXPECT_EQ(ending(), "SIGABRT");
  run({"crash-once ABRT"});
  EXPECT_EQ(ending(), "exit status 0");
}

TEST_F(FakePort, DiesOnlyInCompany) {
  EXPECT_THAT(run({"crash-in-company"}), Contains("bye"));
  nlohmann::json plan = plan_for({"crash-in-company"});
  plan["scenarios"].push_back(plan["scenarios"][0]);
  EXPECT_THAT(run_plan(plan), ElementsAre("hello", "canary", "begin"));
  EXPECT_EQ(ending(), "SIGSEGV");
}

TEST_F(FakePort, HangsAndShowsItsStacks) {
  start(plan_for({"outcome 1 a=1", "hang"}));
  ASSERT_TRUE(wait_until(*child_, [&] {
    take_events(false);
    return words().size() == 4;
  }));
  EXPECT_FALSE(child_->wait(std::chrono::milliseconds(20)));
  child_->signal_child(SIGUSR1);
  EXPECT_TRUE(wait_until(
      *child_, [&] { return read_whole_file(path_ + ".stacks").find("Thread 0x") == 0; }));
  EXPECT_EQ(ending(), "alive");
  child_->signal_child(SIGTERM);
  ASSERT_TRUE(child_->wait(kPatience));
}

TEST_F(FakePort, HangsAndIgnoresPoliteSignals) {
  start(plan_for({"ignore-term-and-hang"}));
  ASSERT_TRUE(wait_until(*child_, [&] {
    take_events(false);
    return words().size() == 3;
  }));
  // Ready when it sleeps: the signals are ignored before.
  ASSERT_TRUE(wait_until(*child_, [&] { return process_entry(child_->pid()).state == 'S'; }));
  child_->signal_child(SIGTERM);
  EXPECT_FALSE(child_->wait(std::chrono::milliseconds(50)));
  child_->kill_group();
  EXPECT_EQ(ending(), "SIGKILL (from us)");
}

TEST_F(FakePort, WritesGarbageAmongItsEvents) {
  const std::vector<std::string> said = run({"garbage 20", "outcome 1 a=1"});
  EXPECT_EQ(std::count(said.begin(), said.end(), "error"), 20);
  EXPECT_EQ(said.back(), "bye");
}

TEST_F(FakePort, SaysWhateverLine) {
  EXPECT_THAT(run({"say {\"event\": \"weather\"}", "say [1]"}),
              ElementsAre("hello", "canary", "begin", "error", "error", "end", "bye"));
  EXPECT_TRUE(first<ProtocolError>().unknown_event);
}

TEST_F(FakePort, WritesALineThatIsTooLong) {
  EXPECT_THAT(run({"long-line 8000000"}),
              ElementsAre("hello", "canary", "begin", "error", "end", "bye"));
  EXPECT_THAT(first<ProtocolError>().message, HasSubstr("4 MB"));
}

TEST_F(FakePort, EndsInTheMiddleOfALine) {
  EXPECT_THAT(run({"outcome 1 a=1", "truncate"}),
              ElementsAre("hello", "canary", "begin", "counts", "error"));
  EXPECT_THAT(first<ProtocolError>().message, HasSubstr("cut short"));
  EXPECT_EQ(ending(), "exit status 0");
}

TEST_F(FakePort, FloodsItsStreams) {
  EXPECT_THAT(run({"flood 1000000", "flood-error 500000"}), Contains("bye"));
  EXPECT_EQ(child_->output_bytes(), 1'500'000u);
}

TEST_F(FakePort, FloodsItsEvents) {
  EXPECT_THAT(run({"outcome 1 a=1", "flood-protocol 2000000"}), Contains("bye"));
  EXPECT_GT(reader_->bytes_read(), 2'000'000u);
  EXPECT_LT(events_.size(), 200u);
}

TEST_F(FakePort, LeavesAnOrphanBehind) {
  EXPECT_THAT(run({"orphan"}), Contains("bye"));
  EXPECT_TRUE(child_->left_children_behind());
}

TEST_F(FakePort, LeavesWithoutABye) {
  EXPECT_THAT(run({"no-bye"}), ElementsAre("hello", "canary", "begin", "end"));
  EXPECT_EQ(ending(), "exit status 0");
}

TEST_F(FakePort, FailsItsCanary) {
  run({"canary-fails"});
  EXPECT_FALSE(first<CanaryEvent>().canary.provoked);
}

TEST_F(FakePort, LiesAboutItself) {
  run({"lie version 2.7.18", "lie cpus 64", "lie gil_enabled true", "lie extra some text"});
  const Facts& facts = first<HelloEvent>().facts;
  EXPECT_EQ(std::get<Version>(facts.at("version")), *parse_version("2.7.18"));
  EXPECT_EQ(std::get<std::int64_t>(facts.at("cpus")), 64);
  EXPECT_EQ(std::get<bool>(facts.at("gil_enabled")), true);
  EXPECT_EQ(std::get<std::string>(facts.at("extra")), "some text");
  run({"lie protocol 2"});
  EXPECT_EQ(first<HelloEvent>().protocol, 2);
}

TEST_F(FakePort, HasNoCanaryWhereNothingIsParallel) {
  EXPECT_THAT(run({"lie parallel false"}), ElementsAre("hello", "begin", "end", "bye"));
}

TEST_F(FakePort, NeverAnswers) {
  start(plan_for({"nothing"}));
  ASSERT_TRUE(wait_until(*child_, [&] {
    return process_entry(child_->pid()).state == 'S' && std::filesystem::exists(path_);
  }));
  EXPECT_FALSE(child_->wait(std::chrono::milliseconds(50)));
  take_events(false);
  EXPECT_THAT(words(), IsEmpty());
}

TEST_F(FakePort, IsSlowToStart) {
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT(run({"sleep-before-hello 0.1", "sleep 0.1"}), Contains("bye"));
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(200));
}

TEST_F(FakePort, ReportsARaceWhereASanitizerWould) {
  EXPECT_THAT(
      run_plan(plan_for({"race list_append list_clear"}),
               {{"TSAN_OPTIONS", "halt_on_error=0:log_path=" + (folder_ / "log") + " other=1"}}),
      Contains("bye"));
  const std::string log = read_whole_file(folder_ / ("log." + std::to_string(child_->pid())));
  ASSERT_EQ(parse_sanitizer_log(log).size(), 1u) << log;
  EXPECT_EQ(parse_sanitizer_log(log)[0].signature, "list_append | list_clear");
  run_plan(plan_for({"race list_append"}), {{"TSAN_OPTIONS", ""}});
  ASSERT_EQ(parse_sanitizer_log(child_->error_output()).size(), 1u);
  EXPECT_EQ(parse_sanitizer_log(child_->error_output())[0].signature, "list_append | list_append");
}

TEST_F(FakePort, MisbehavesWhenProbed) {
  const auto probed = [&](const std::string& how) {
    return run_plan(plan_for({}, "probe"), {{"HEDDLE_FAKE_PROBE", how}});
  };
  EXPECT_THAT(probed("exit"), IsEmpty());
  EXPECT_EQ(ending(), "exit status 3");
  EXPECT_THAT(probed("garbage"), testing::Each("error"));
  EXPECT_EQ(events_.size(), 20u);
  EXPECT_THAT(probed("not-python"), ElementsAre("error")) << "no file of events";
  EXPECT_EQ(child_->output(), "this is no Python\n");
  EXPECT_THAT(probed("flood"), ElementsAre("hello", "bye"));
  EXPECT_EQ(child_->output_bytes(), 100'000'000u);
  EXPECT_THAT(run_plan(plan_for({}), {{"HEDDLE_FAKE_PROBE", "exit"}}), Contains("bye"))
      << "only when probed";
}

TEST_F(FakePort, AMistakeInAScriptIsNotPassedOver) {
  for (const char* line :
       {"sing", "outcome many a=1", "when 1 true", "signal NONE", "sleep long"}) {
    run({line});
    EXPECT_EQ(ending(), "exit status 64") << line;
    EXPECT_THAT(child_->error_output(), HasSubstr("heddle-fake-port:"));
  }
}

TEST_F(FakePort, AMissingDriverIsAnErrorAsInPython) {
  child_ = start_child({kFakePort, folder_ / "no.py"});
  ASSERT_TRUE(child_->wait(kPatience));
  EXPECT_EQ(ending(), "exit status 2");
}

TEST_F(FakePort, CommandsAreCarriedOutWithoutADriver) {
  child_ = start_child({kFakePort, "--print", "out", "--print-error", "error", "--exit", "5"});
  ASSERT_TRUE(child_->wait(kPatience));
  EXPECT_EQ(ending(), "exit status 5");
  EXPECT_EQ(child_->output(), "out\n");
  EXPECT_EQ(child_->error_output(), "error\n");
  child_ = start_child({kFakePort, "-VV"});
  ASSERT_TRUE(child_->wait(kPatience));
  EXPECT_EQ(child_->output(), "Python 3.14.0 (fake)\n");
}

}  // namespace

}  // namespace conformance
