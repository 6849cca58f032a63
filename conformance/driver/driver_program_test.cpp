// The driver, run by a real Python: what its events say of small cases whose truth is known.
#include "conformance/driver/driver_program.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <optional>
#include <unistd.h>

#include "conformance/ports/protocol.h"

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Said {
  std::optional<HelloEvent> hello;
  std::map<std::string, CountsEvent> ends;
  std::map<std::string, SpecProblem> problems;
  std::optional<Canary> canary;
  std::vector<HistoryEvent> histories;
  std::map<std::string, ClockEvent> clocks;
  bool bye = false;
  std::vector<std::string> errors;
};

// HEDDLE_TEST_PYTHON names another runtime to try these on.
std::string python() {
  const char* chosen = std::getenv("HEDDLE_TEST_PYTHON");
  return chosen != nullptr ? chosen : "python3";
}

class Driver : public testing::Test {
 protected:
  Driver() : directory_(testing::TempDir() + "/heddle-driver-" + std::to_string(::getpid())) {
    std::filesystem::create_directories(directory_ + "/modules");
    family_.id = "test/family";
    family_.file = "family.yaml";
    family_.processes = {ProcessRow{}};
    family_.scenarios.resize(1);
    family_.scenarios[0].name = "one";
    plan_.facts = {{"parallel", Fact(false)}};
  }
  ~Driver() override { std::filesystem::remove_all(directory_); }

  Scenario& scenario() { return family_.scenarios[0]; }

  void observe(const char* name, const char* text) {
    scenario().observe.push_back({name, {text, 90}});
  }
  void actor(const char* name, const char* text, int count = 1) {
    scenario().actors.push_back({name, count, count > 1, {text, 50}});
  }

  Said run() {
    if (plan_.cases.empty())
      plan_.cases.push_back({Case{&family_, &scenario(), nullptr, &family_.processes[0]}, 0.05, 3});
    const std::string events = directory_ + "/events.jsonl";
    std::filesystem::remove(events);
    std::ofstream(directory_ + "/driver.py") << driver_program(plan_);
    const std::string command = python() + " " + directory_ + "/driver.py " + events + " " +
                                directory_ + "/modules 2>" + directory_ + "/err";
    EXPECT_EQ(std::system(command.c_str()), 0) << file("/err");
    Said said;
    for (const Event& event : ProtocolReader(events).poll(true)) {
      if (const auto* one = std::get_if<HelloEvent>(&event)) said.hello = *one;
      if (const auto* one = std::get_if<CountsEvent>(&event); one != nullptr && one->final)
        said.ends[one->scenario] = *one;
      if (const auto* one = std::get_if<ProblemEvent>(&event))
        said.problems[one->scenario] = one->problem;
      if (const auto* one = std::get_if<CanaryEvent>(&event)) said.canary = one->canary;
      if (const auto* one = std::get_if<HistoryEvent>(&event)) said.histories.push_back(*one);
      if (const auto* one = std::get_if<ClockEvent>(&event)) said.clocks[one->scenario] = *one;
      if (std::holds_alternative<ByeEvent>(event)) said.bye = true;
      if (const auto* one = std::get_if<ProtocolError>(&event)) said.errors.push_back(one->message);
    }
    EXPECT_TRUE(said.bye);
    EXPECT_THAT(said.errors, ElementsAre());
    return said;
  }

  // The one outcome that every sample of the case has.
  std::string only_outcome() {
    const Said said = run();
    for (const auto& [id, problem] : said.problems)
      ADD_FAILURE() << problem.phase << " " << problem.message << " line " << problem.line;
    const auto found = said.ends.find("test/family/one");
    if (found == said.ends.end() || found->second.outcomes.size() != 1) {
      ADD_FAILURE() << "not exactly one outcome";
      return {};
    }
    return found->second.outcomes[0].text;
  }

  std::string file(const char* name) const {
    std::ifstream stream(directory_ + name);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  std::string directory_;
  Family family_;
  DriverPlan plan_;
};

TEST_F(Driver, ProbeAnswersWithFactsAndFeatures) {
  plan_.mode = DriverMode::Probe;
  plan_.cases.push_back({Case{&family_, &scenario(), nullptr, &family_.processes[0]}, 0, 0});
  plan_.features = {{"there", "", {"return 1", 1}, 1},
                    {"missing", "", {"import no_such_module\nreturn True", 1}, 1},
                    {"broken", "", {"return (", 1}, 1}};
  const Said said = run();
  ASSERT_TRUE(said.hello);
  EXPECT_EQ(said.hello->facts.at("there"), Fact(true));
  EXPECT_EQ(said.hello->facts.at("missing"), Fact(false));
  EXPECT_EQ(said.hello->facts.at("broken"), Fact(false));
  EXPECT_TRUE(said.hello->facts.contains("parallel"));
  EXPECT_TRUE(std::holds_alternative<Version>(said.hello->facts.at("version")));
}

TEST_F(Driver, ALitmusCaseCountsEverySampleOnce) {
  scenario().setup = {"items = []", 10};
  actor("left", "items.append('L')\nreturn 1");
  actor("right", "items.append('R')\nreturn 2");
  observe("left", "left");
  observe("right", "right");
  observe("items", "sorted(items)");
  const Said said = run();
  const CountsEvent& end = said.ends.at("test/family/one");
  ASSERT_EQ(end.outcomes.size(), 1u);
  EXPECT_EQ(end.outcomes[0].text, "left=1, right=2, items=['L', 'R']");
  EXPECT_EQ(end.outcomes[0].count, end.samples);
  EXPECT_GT(end.samples, 15);
}

TEST_F(Driver, CanonicalTextTellsTypesApartAndOrdersSets) {
  scenario().kind = Kind::Script;
  scenario().setup = {
      "value = [None, True, 1, 1.0, -0.0, 'it\\'s', {3, 1, 2}, {'b': 1, 'a': (2,)}, frozenset([2, "
      "1]), set(), float('nan')]",
      10};
  observe("value", "value");
  EXPECT_EQ(
      only_outcome(),
      R"(value=[None, True, 1, 1.0, -0.0, "it's", {1, 2, 3}, {'a': (2,), 'b': 1}, frozenset([1, 2]), set(), nan])");
}

TEST_F(Driver, CanonicalTextOfObjectsHasNoAddresses) {
  scenario().kind = Kind::Script;
  scenario().module = {
      "class Thing(object):\n    pass\nclass Items(list):\n    pass\ndef f():\n    pass", 5};
  scenario().setup = {"loop = []\nloop.append(loop)", 10};
  observe("value", "[Thing(), Thing, Items([1]), f, len, loop]");
  EXPECT_EQ(only_outcome(),
            "value=[<Thing>, <class Thing>, Items([1]), <function>, <function>, [<...>]]");
}

TEST_F(Driver, LongTextIsCutToItsLengthAndHash) {
  scenario().kind = Kind::Script;
  scenario().setup = {"text = 'x' * 5000", 10};
  observe("text", "text");
  EXPECT_THAT(only_outcome(), HasSubstr("<long text: 5002 characters, hash "));
}

TEST_F(Driver, AnExceptionOfAnActorIsItsResultAndEqualsNothingElse) {
  scenario().kind = Kind::Script;
  actor("left", "return {}['missing']");
  actor("right", "return 'KeyError'");
  observe("left", "left");
  observe("same", "left == right");
  observe("known", "left == raised('KeyError')");
  EXPECT_EQ(only_outcome(), "left=raised(KeyError), same=False, known=True");
}

TEST_F(Driver, EqualActorsGiveAListOfResults) {
  scenario().kind = Kind::Script;
  actor("reader", "return 7", 3);
  actor("other", "return 8");
  observe("reader", "reader");
  observe("other", "other");
  EXPECT_EQ(only_outcome(), "reader=[7, 7, 7], other=8");
}

TEST_F(Driver, FreshThreadsRunTheActorsToo) {
  scenario().threads = Threads::Fresh;
  scenario().module = {"import threading", 5};
  actor("left", "return threading.current_thread() is not threading.main_thread()");
  actor("right", "return 1");
  observe("left", "left");
  EXPECT_EQ(only_outcome(), "left=True");
}

TEST_F(Driver, PeersDoneComesTrueAlsoWhenThePeerRaises) {
  actor("owner", "turns = 0\nwhile not peers_done():\n    turns += 1\nreturn turns >= 0");
  actor("reader", "raise ValueError()");
  observe("owner", "owner");
  observe("reader", "reader");
  EXPECT_EQ(only_outcome(), "owner=True, reader=raised(ValueError)");
}

TEST_F(Driver, VariantsBindTheirNamesAnewForEachSample) {
  scenario().variants = {{"empty", {{"items", {"[]", 20}}}, {}, {}, 19}};
  scenario().kind = Kind::Script;
  scenario().setup = {"items.append(variant)", 10};
  observe("items", "items");
  plan_.cases.push_back(
      {Case{&family_, &scenario(), &scenario().variants[0], &family_.processes[0]}, 1, 3});
  const Said said = run();
  EXPECT_EQ(said.ends.at("test/family/one[empty]").outcomes.at(0).text, "items=['empty']");
  EXPECT_EQ(said.ends.at("test/family/one[empty]").samples, 3);
}

TEST_F(Driver, WhenRulesSeeObservedNamesAndFactsAndAbsentFactsAreNone) {
  scenario().kind = Kind::Script;
  observe("value", "3");
  scenario().outcomes.resize(4);
  scenario().outcomes[0] = {
      Matcher::When, "value == 3 and version >= (2, 7)", Grade::Acceptable, {}, "", 30};
  scenario().outcomes[1] = {Matcher::When,
                            "no_such_fact is None and flags.nothing is None",
                            Grade::Acceptable,
                            {},
                            "",
                            31};
  scenario().outcomes[2] = {Matcher::When, "value == 4", Grade::Acceptable, {}, "", 32};
  scenario().outcomes[3] = {Matcher::When, "value.missing", Grade::Acceptable, {}, "", 33};
  plan_.fact_names = {"no_such_fact"};
  const Said said = run();
  const OutcomeCount& outcome = said.ends.at("test/family/one").outcomes.at(0);
  EXPECT_THAT(outcome.when_true, ElementsAre(0, 1));
  ASSERT_TRUE(outcome.when_errors.contains(3));
  EXPECT_THAT(outcome.when_errors.at(3), HasSubstr("AttributeError"));
}

TEST_F(Driver, MoreThan256OutcomesAreCountedTogether) {
  scenario().kind = Kind::Script;
  scenario().module = {"count = [0]", 5};
  scenario().setup = {"count[0] += 1", 10};
  observe("number", "count[0]");
  plan_.cases.push_back({Case{&family_, &scenario(), nullptr, &family_.processes[0]}, 1, 300});
  const Said said = run();
  const CountsEvent& end = said.ends.at("test/family/one");
  std::int64_t rest = 0;
  for (const OutcomeCount& outcome : end.outcomes)
    rest += outcome.text == "too_many" ? outcome.count : 0;
  EXPECT_EQ(rest, 44);
  EXPECT_EQ(end.outcomes.size(), 257u);
}

TEST_F(Driver, APythonThatDoesNotParseIsSaidAtItsLine) {
  scenario().setup = {"fine = 1\nthis is no python", 10};
  actor("left", "pass");
  observe("left", "left");
  const SpecProblem problem = run().problems.at("test/family/one");
  EXPECT_EQ(problem.phase, "compile");
  EXPECT_EQ(problem.line, 11);
}

TEST_F(Driver, ASetupThatRaisesIsSaidAtItsLine) {
  scenario().setup = {"one = 1\ntwo = one / 0", 10};
  actor("left", "return two");
  observe("left", "left");
  const SpecProblem problem = run().problems.at("test/family/one");
  EXPECT_EQ(problem.phase, "setup");
  EXPECT_EQ(problem.line, 11);
  EXPECT_THAT(problem.message, HasSubstr("ZeroDivisionError"));
}

TEST_F(Driver, AnActorThatAssignsANameOfSetupIsRefused) {
  scenario().setup = {"count = 0", 10};
  actor("left", "count = count + 1");
  observe("left", "left");
  EXPECT_THAT(run().problems.at("test/family/one").message, HasSubstr("assigns count"));
}

TEST_F(Driver, WhatACaseLeavesChangedIsPutBackAndSaid) {
  scenario().kind = Kind::Script;
  scenario().setup = {"import sys\nsys.setrecursionlimit(777)", 10};
  observe("limit", "sys.getrecursionlimit()");
  plan_.cases.push_back({Case{&family_, &scenario(), nullptr, &family_.processes[0]}, 1, 1});
  const Said said = run();
  const std::vector<Note>& notes = said.ends.at("test/family/one").notes;
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_EQ(notes[0].kind, "left_changed");
  EXPECT_EQ(notes[0].text, "recursion limit");
}

TEST_F(Driver, AProcessCaseRunsItsModuleBeforeAnyThreadIsThere) {
  scenario().kind = Kind::Process;
  scenario().module = {
      "import sys\nthreads = 'threading' in sys.modules and "
      "len(sys.modules['threading'].enumerate()) or 0",
      10};
  observe("threads", "threads in (0, 1)");
  EXPECT_EQ(only_outcome(), "threads=True");
}

TEST_F(Driver, CleanupRunsAfterEverySampleAlsoAfterAProblem) {
  scenario().kind = Kind::Script;
  scenario().module = {"log = []", 5};
  scenario().setup = {"mine = log", 10};
  scenario().cleanup = {"mine.append('cleaned')", 80};
  observe("log", "list(log)");
  plan_.cases.push_back({Case{&family_, &scenario(), nullptr, &family_.processes[0]}, 1, 2});
  const Said said = run();
  std::vector<std::string> texts;
  for (const OutcomeCount& outcome : said.ends.at("test/family/one").outcomes)
    texts.push_back(outcome.text);
  EXPECT_THAT(texts, testing::UnorderedElementsAre("log=[]", "log=['cleaned']"));
}

TEST_F(Driver, TheSourceFitsIntoOneAsciiLineWhateverTheSnippetsHold) {
  scenario().setup = {"text = '''\\u00e9'''  # it's \"quoted\" \\ \xc3\xa9", 10};
  scenario().kind = Kind::Script;
  observe("text", "len(text)");
  EXPECT_EQ(only_outcome(), "text=1");
}

// --- histories

HistoryClaim list_history() {
  HistoryClaim claim;
  claim.model = "list";
  claim.threads = 2;
  claim.operations = 4;
  return claim;
}

TEST_F(Driver, AHistoryTellsWhatWasAskedAnsweredAndInWhichOrder) {
  scenario().kind = Kind::History;
  scenario().history = list_history();
  scenario().history->program = {"append(1); append(2); len()\npop()", 12};
  scenario().history->initial = "[7, 8]";
  const Said said = run();
  EXPECT_GE(said.clocks.at("test/family/one").resolution, 1);
  ASSERT_FALSE(said.histories.empty());
  const HistoryEvent& event = said.histories[0];
  EXPECT_EQ(event.initial, "[7, 8]");
  EXPECT_EQ(event.final, "copy");
  ASSERT_EQ(event.threads.size(), 2u);
  EXPECT_THAT(event.threads[0][1].arguments, ElementsAre("2"));
  std::int64_t runs = 0;
  for (const HistoryEvent& one : said.histories) {
    for (const HistoryEvent::Seen& seen : one.seen) {
      runs += seen.count;
      EXPECT_EQ(seen.results[0], "None");
      ASSERT_EQ(seen.final.size(), 1u);
      EXPECT_THAT(seen.final[0], HasSubstr("[7, "));
    }
  }
  EXPECT_EQ(runs, said.ends.at("test/family/one").samples);
}

TEST_F(Driver, TheSameSeedDrawsTheSamePrograms) {
  scenario().kind = Kind::History;
  scenario().history = list_history();
  plan_.cases.push_back({Case{&family_, &scenario(), nullptr, &family_.processes[0]}, 0.5, 1});
  const auto programs = [&] {
    std::map<std::int64_t, std::string> found;
    for (const HistoryEvent& event : run().histories) {
      std::string text = event.initial.value_or("-");
      for (const auto& thread : event.threads) {
        text += " |";
        for (const HistoryEvent::Call& call : thread) {
          text += " " + call.method;
          for (const std::string& argument : call.arguments) text += "," + argument;
        }
      }
      found[event.program] = text;
    }
    return found;
  };
  const auto first = programs(), again = programs();
  plan_.seed = 2;
  const auto other = programs();
  ASSERT_GE(std::min({first.size(), again.size(), other.size()}), 2u);
  int different = 0;
  for (const auto& [number, text] : first) {
    if (again.contains(number)) EXPECT_EQ(again.at(number), text);
    if (other.contains(number)) different += other.at(number) != text;
  }
  EXPECT_GT(different, 0);
}

TEST_F(Driver, WhatAHistoryCannotPlayIsTheSpecsMistake) {
  scenario().kind = Kind::History;
  scenario().history = list_history();
  scenario().setup = {"items = []", 10};
  EXPECT_THAT(run().problems.at("test/family/one").message, HasSubstr("makes no `subject`"));
  scenario().setup = {};
  scenario().history->table = {{"append", 1, {"subject = [argument0]", 21}, 20}};
  EXPECT_THAT(run().problems.at("test/family/one").message, HasSubstr("assigns subject"));
  scenario().history->table = {{"append", 1, {"return nobody", 21}, 20}};
  EXPECT_THAT(run().problems.at("test/family/one").message, HasSubstr("a name that nobody binds"));
}

TEST_F(Driver, ExceptionsOfOperationsAreTheirResults) {
  scenario().kind = Kind::History;
  scenario().history = list_history();
  scenario().history->program = {"pop()", 12};
  scenario().history->initial = "[]";
  const Said said = run();
  ASSERT_FALSE(said.histories.empty());
  EXPECT_THAT(said.histories[0].seen.at(0).results, ElementsAre("raised(IndexError)"));
}

TEST_F(Driver, TiesOfTheClockAreAnOverlapAndACoarseClockIsMeasured) {
  std::ofstream(directory_ + "/driver.py") << driver_program(plan_);
  std::ofstream(directory_ + "/look.py") << R"(
import driver as d

def moments(first, second, tick):
    return d.moments([[(a, b, None) for a, b in first], [(a, b, None) for a, b in second]], tick)

assert moments([(0, 1)], [(2, 3)], 1) == ([0, 1], [0, 1], False)  # over before the other began
assert moments([(0, 1)], [(1, 2)], 1)[2]                          # a tie
assert moments([(0, 1)], [(2, 3)], 2)[2]                          # within a tick
assert moments([(0, 5)], [(3, 2)], 1)[2]                          # a clock that was put back
assert moments([(0, 1), (2, 9)], [(4, 5)], 1) == ([0, 1, 1], [0, 1, 1], True)

def clock(tick, readings):
    state = [0]
    def now():
        state[0] += 1
        return state[0] // readings * tick
    return now

assert d.clock_tick(clock(1000000, 50)) == 1000000
assert d.clock_tick(clock(7, 1)) == 7
assert d.clock_tick(clock(1, 1)) == 1
)";
  const std::string command = python() + " " + directory_ + "/look.py 2>" + directory_ + "/err";
  EXPECT_EQ(std::system(command.c_str()), 0) << file("/err");
}

}  // namespace
}  // namespace conformance
