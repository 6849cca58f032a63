// Bad files as tables: the text, and every complaint it must cause, each as "line:column: message;
// advice".
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "conformance/spec/spec_loader.h"

namespace conformance {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Catalogue catalogue() {
  Catalogue catalogue;
  catalogue.features.resize(2);
  catalogue.features[0].name = "threads";
  catalogue.features[1].name = "context_flag";
  return catalogue;
}

std::vector<std::string> complaints(const std::string& text, const std::string& id = "list/two") {
  Family family;
  Diagnostics diagnostics;
  const bool good = load_family(text, "a.yaml", id, catalogue(), family, diagnostics);
  EXPECT_EQ(good, diagnostics.empty()) << text;
  std::vector<std::string> lines;
  for (const Diagnostic& one : diagnostics) {
    EXPECT_EQ(one.file, "a.yaml");
    lines.push_back(std::to_string(one.line) + ":" + std::to_string(one.column) + ": " +
                    one.message + (one.advice.empty() ? "" : "; " + one.advice));
  }
  return lines;
}

Family load(const std::string& text, const std::string& id = "list/two") {
  Family family;
  Diagnostics diagnostics;
  EXPECT_TRUE(load_family(text, "a.yaml", id, catalogue(), family, diagnostics));
  for (const Diagnostic& one : diagnostics) ADD_FAILURE() << to_string(one);
  return family;
}

// Lines 1 to 3; what is given begins on line 4, as keys of the file or as a list of scenarios.
std::string file(const std::string& keys) { return "heddle: 1\ntitle: T\n\n" + keys; }
std::string file_of(const std::string& scenarios) {
  return "heddle: 1\ntitle: T\nscenarios:\n" + scenarios;
}

const std::string kOutcomes =
    "    outcomes:\n"
    "      - {else: true, grade: acceptable, because: b}\n";
const std::string kGoodScript =
    "scenarios:\n"
    "  - name: s\n"
    "    claim: c\n"
    "    kind: script\n"
    "    observe: {x: 1}\n" +
    kOutcomes;

// A good litmus; lines 4 to 11 of a file. `extra` begins on line 12.
std::string litmus(const std::string& extra) {
  return file_of(
      "  - name: s\n"
      "    claim: c\n" +
      kOutcomes +
      "    actors:\n"
      "      left: return 1\n"
      "    observe: {left: left}\n"
      "    # the end of what is good\n" +
      extra);
}

// A scenario of a kind without anything of its own; lines 4 to 8.
std::string bare(const std::string& kind, const std::string& extra) {
  return file_of("  - name: s\n    claim: c\n    kind: " + kind + "\n" + kOutcomes + extra);
}

using Table = std::vector<std::pair<std::string, std::vector<std::string>>>;

void check(const Table& table, const std::string& id = "list/two") {
  for (const auto& [text, expected] : table) EXPECT_EQ(complaints(text, id), expected) << text;
}

TEST(FamilyLoader, ReadsEverythingThatTheContractNames) {
  const Family family = load(R"(heddle: 1
title: One list, two threads
requires: [threads]
where: version >= 3.13
processes:
  - {}
  - name: inherit
    options: [-X, thread_inherit_context=1]
    environment: {NAME: value, EMPTY: ''}
    where: version >= 3.14
    requires: [context_flag]
module: |

  import threading
scenarios:
  - name: append
    claim: >-
      A sentence
      on two lines.
    covers: [list/a, list/b]
    strength:
      - {where: free_threaded, is: must}
      - {is: implementation}
    where: cpus >= 2 or parallel
    requires: [context_flag, threads]
    variants:
      - id: one
        let: {n: 1}
        where: flags.dev_mode
        requires: [context_flag]
      - id: two-2.0
        let:
          n: |
            2 + \
            3
    threads: fresh
    module: |
      import gc
    setup: |
      items = []
      for i in range(n):
        items.append(i)

    actors:
      left: |
        return items
      right: {count: 3, do: return 1}
      third:
        do: |
          return 2
    observe:
      items: items
      left: left
    cleanup: items.clear()
    outcomes:
      - is: items=[], left=[]
        grade: required
        because: b
        where: parallel
      - like: "items=\\[.*"
        grade: interesting
        because: b
      - when: len(items) == 2
        grade: unspecified
        because: b
      - {else: true, grade: forbidden, because: b}
    timeout: 2.5
    kills: [lost_append]
)");
  EXPECT_EQ(family.id, "list/two");
  EXPECT_EQ(family.file, "a.yaml");
  EXPECT_EQ(family.title, "One list, two threads");
  ASSERT_EQ(family.processes.size(), 2U);
  EXPECT_EQ(family.processes[0].name, "");
  EXPECT_EQ(family.processes[1].name, "inherit");
  EXPECT_THAT(family.processes[1].options, ElementsAre("-X", "thread_inherit_context=1"));
  EXPECT_THAT(family.processes[1].environment,
              ElementsAre(std::pair("EMPTY", ""), std::pair("NAME", "value")));
  EXPECT_EQ(family.processes[1].where.text(), "version >= 3.14");
  EXPECT_THAT(family.processes[1].requirements, ElementsAre("context_flag"));

  ASSERT_EQ(family.scenarios.size(), 1U);
  const Scenario& scenario = family.scenarios[0];
  EXPECT_EQ(scenario.name, "append");
  EXPECT_EQ(scenario.line, 16);
  EXPECT_EQ(scenario.claim, "A sentence on two lines.");
  EXPECT_THAT(scenario.covers, ElementsAre("list/a", "list/b"));
  EXPECT_EQ(scenario.kind, Kind::Litmus);
  ASSERT_EQ(scenario.strengths.size(), 2U);
  EXPECT_EQ(scenario.strengths[0].where.text(), "free_threaded");
  EXPECT_EQ(scenario.strengths[0].strength, Strength::Must);
  EXPECT_TRUE(scenario.strengths[1].where.always());
  EXPECT_EQ(scenario.strengths[1].strength, Strength::Implementation);
  EXPECT_EQ(scenario.where.text(), "(version >= 3.13) and (cpus >= 2 or parallel)");
  EXPECT_THAT(scenario.requirements, ElementsAre("threads", "context_flag"));

  ASSERT_EQ(scenario.variants.size(), 2U);
  EXPECT_EQ(scenario.variants[0].id, "one");
  EXPECT_EQ(scenario.variants[0].line, 27);
  EXPECT_EQ(scenario.variants[0].let[0].name, "n");
  EXPECT_EQ(scenario.variants[0].let[0].code.text, "1");
  EXPECT_EQ(scenario.variants[0].let[0].code.line, 28);
  EXPECT_EQ(scenario.variants[0].where.text(), "flags.dev_mode");
  EXPECT_THAT(scenario.variants[0].requirements, ElementsAre("context_flag"));
  EXPECT_EQ(scenario.variants[1].id, "two-2.0");
  EXPECT_EQ(scenario.variants[1].let[0].code.text, "2 + \\\n3");
  EXPECT_EQ(scenario.variants[1].let[0].code.line, 34);

  EXPECT_EQ(scenario.threads, Threads::Fresh);
  ASSERT_EQ(scenario.module_parts.size(), 2U);
  EXPECT_EQ(scenario.module_parts[0].text, "\nimport threading");
  EXPECT_EQ(scenario.module_parts[0].line, 13);
  EXPECT_EQ(scenario.module_parts[1].text, "import gc");
  EXPECT_EQ(scenario.module_parts[1].line, 38);
  EXPECT_EQ(scenario.module.text, "\nimport threading\nimport gc");
  EXPECT_EQ(scenario.setup.text, "items = []\nfor i in range(n):\n  items.append(i)");
  EXPECT_EQ(scenario.setup.line, 40);
  ASSERT_EQ(scenario.actors.size(), 3U);
  EXPECT_EQ(scenario.actors[0].code.text, "return items");
  EXPECT_EQ(scenario.actors[0].code.line, 46);
  EXPECT_FALSE(scenario.actors[0].counted);
  EXPECT_EQ(scenario.actors[1].count, 3);
  EXPECT_TRUE(scenario.actors[1].counted);
  EXPECT_EQ(scenario.actors[1].code.line, 47);
  EXPECT_FALSE(scenario.actors[2].counted);
  EXPECT_EQ(scenario.actors[2].code.line, 50);
  EXPECT_EQ(scenario.actor_threads(), 5);
  ASSERT_EQ(scenario.observe.size(), 2U);
  EXPECT_EQ(scenario.observe[0].name, "items");
  EXPECT_EQ(scenario.observe[1].name, "left");
  EXPECT_EQ(scenario.cleanup.text, "items.clear()");

  ASSERT_EQ(scenario.outcomes.size(), 4U);
  EXPECT_EQ(scenario.outcomes[0].matcher, Matcher::Is);
  EXPECT_EQ(scenario.outcomes[0].pattern, "items=[], left=[]");
  EXPECT_EQ(scenario.outcomes[0].grade, Grade::Required);
  EXPECT_EQ(scenario.outcomes[0].where.text(), "parallel");
  EXPECT_EQ(scenario.outcomes[0].because, "b");
  EXPECT_EQ(scenario.outcomes[0].line, 56);
  EXPECT_EQ(scenario.outcomes[1].matcher, Matcher::Like);
  EXPECT_EQ(scenario.outcomes[1].pattern, "items=\\[.*");
  EXPECT_EQ(scenario.outcomes[1].grade, Grade::Interesting);
  EXPECT_EQ(scenario.outcomes[2].matcher, Matcher::When);
  EXPECT_EQ(scenario.outcomes[2].pattern, "len(items) == 2");
  EXPECT_EQ(scenario.outcomes[2].grade, Grade::Unspecified);
  EXPECT_EQ(scenario.outcomes[3].matcher, Matcher::Else);
  EXPECT_EQ(scenario.outcomes[3].grade, Grade::Forbidden);
  EXPECT_EQ(scenario.timeout, 2.5);
  EXPECT_THAT(scenario.kills, ElementsAre("lost_append"));
}

TEST(FamilyLoader, GivesDefaultsForWhatIsLeftOut) {
  const Family family = load(litmus(""));
  ASSERT_EQ(family.processes.size(), 1U);
  EXPECT_EQ(family.processes[0].name, "");
  const Scenario& scenario = family.scenarios.at(0);
  EXPECT_EQ(scenario.kind, Kind::Litmus);
  EXPECT_EQ(scenario.threads, Threads::Persistent);
  ASSERT_EQ(scenario.strengths.size(), 1U);
  EXPECT_EQ(scenario.strengths[0].strength, Strength::Must);
  EXPECT_TRUE(scenario.strengths[0].where.always());
  EXPECT_TRUE(scenario.where.always());
  EXPECT_FALSE(scenario.timeout);
}

TEST(FamilyLoader, ReadsProcessAndCommand) {
  const Scenario process =
      load(bare("process", "    module: x = 1\n    observe: {x: x}\n    options: [-I]\n"))
          .scenarios.at(0);
  EXPECT_EQ(process.kind, Kind::Process);
  EXPECT_EQ(process.module.text, "x = 1");
  const Scenario command =
      load(file("module: import sys\n" + bare("command", "    options: [-VV]\n").substr(19)))
          .scenarios.at(0);
  EXPECT_EQ(command.kind, Kind::Command);
  EXPECT_THAT(command.options, ElementsAre("-VV"));
  EXPECT_TRUE(command.module.empty()) << "a family's module is not for commands";
  EXPECT_THAT(command.module_parts, IsEmpty());
}

TEST(FamilyLoader, AFamilysConditionAloneIsTheScenarios) {
  EXPECT_EQ(load(file("where: parallel\n" + kGoodScript)).scenarios.at(0).where.text(), "parallel");
  EXPECT_EQ(load(litmus("    where: parallel\n")).scenarios.at(0).where.text(), "parallel");
}

TEST(FamilyLoader, RefusesFilesThatAreNoFamily) {
  check({
      {"", {"0:0: the file is empty"}},
      {"# nothing\n", {"0:0: the file is empty"}},
      {"- a\n", {"1:1: the file must be a mapping, found a list"}},
      {"text", {"1:1: the file must be a mapping, found text"}},
      {"title: T\n", {"1:1: missing key 'heddle'; write 'heddle: 1' first"}},
      {"heddle: 2\nnew: 1\n",
       {"1:9: the file is of contract version 2; this program reads version 1"}},
      {"heddle: '1'\n", {"1:9: 'heddle' must be an integer, found '1'"}},
      {"heddle: 1.0\n", {"1:9: 'heddle' must be an integer, found '1.0'"}},
      {"heddle:\n", {"2:1: 'heddle' must be an integer, found nothing"}},
      {"heddle: [1]\n", {"1:9: 'heddle' must be an integer, found a list"}},
      {"heddle: 1\n",
       {"1:1: missing key 'title' of a family", "1:1: missing key 'scenarios' of a family"}},
      {"heddle: 1\ntitle: T\nscenarios: &s []\n",
       {"3:12: an anchor; they are refused; quote the '&' if it is meant"}},
  });
}

TEST(FamilyLoader, RefusesWhatAFamilyCannotHold) {
  check({
      {file("scenario: []\n" + kGoodScript),
       {"4:1: unknown key 'scenario' of a family; did you mean 'scenarios'?"}},
      {file("version: 1\n" + kGoodScript),
       {"4:1: unknown key 'version' of a family; known are: heddle, title, ports, processes, "
        "requires, where, module, scenarios"}},
      {"heddle: 1\ntitle:\n" + kGoodScript, {"3:1: 'title' is empty"}},
      {"heddle: 1\ntitle: ''\n" + kGoodScript, {"2:8: 'title' is empty"}},
      {"heddle: 1\ntitle: [a]\n" + kGoodScript, {"2:8: 'title' must be text, found a list"}},
      {file("scenarios: []\n"), {"4:12: 'scenarios' is an empty list; leave it out"}},
      {file("scenarios: {}\n"), {"4:12: 'scenarios' must be a list, found a mapping"}},
      {file("scenarios: [1]\n"), {"4:13: a scenario must be a mapping, found text"}},
      {file("ports: [fake]\n" + kGoodScript),
       {"4:1: 'ports' is only for the families of harness/"}},
      {file("requires: threads\n" + kGoodScript), {"4:11: 'requires' must be a list, found text"}},
      {file("requires: [thread]\n" + kGoodScript),
       {"4:12: unknown feature 'thread'; did you mean 'threads'?"}},
      {file("requires: [python3]\n" + kGoodScript),
       {"4:12: unknown feature 'python3'; features stand in features.yaml"}},
      {file("requires: [a-b]\n" + kGoodScript),
       {"4:12: an entry of 'requires' must be an identifier, found 'a-b'; letters, digits and _, "
        "not "
        "a digit first"}},
      {file("processes: []\n" + kGoodScript), {"4:12: 'processes' is an empty list; leave it out"}},
      {file("processes:\n  - options: [-I]\n" + kGoodScript),
       {"5:5: a process needs a 'name'; only the plain one, {}, has none"}},
      {file("processes:\n  - {}\n  - {}\n" + kGoodScript),
       {"6:5: the plain process stands twice; the first is on line 5"}},
      {file("processes:\n  - name: a\n  - name: a\n" + kGoodScript),
       {"6:5: the process 'a' stands twice; the first is on line 5"}},
      {file("processes:\n  - name: a@b\n" + kGoodScript),
       {"5:11: a process's 'name' becomes part of an id and cannot be 'a@b'; letters, digits, '_', "
        "'-' and '.'"}},
      {file("processes:\n  - name: a\n    option: [-I]\n" + kGoodScript),
       {"6:5: unknown key 'option' of a process; did you mean 'options'?"}},
      {file("processes:\n  - name: a\n    environment: {'A=B': c, D: }\n" + kGoodScript),
       {"6:19: 'A=B' cannot name a variable of the environment", "6:32: 'D' is empty"}},
      {file("processes:\n  - name: a\n    environment: [A]\n" + kGoodScript),
       {"6:18: 'environment' must be a mapping, found a list"}},
      {file_of(kGoodScript.substr(11) + kGoodScript.substr(11)),
       {"10:5: the scenario 's' stands twice; the first is on line 4"}},
  });
}

TEST(FamilyLoader, RefusesFieldsThatAreNotWhatTheyShouldBe) {
  check({
      {litmus("    outcome: x\n"),
       {"12:5: unknown key 'outcome' of a scenario; did you mean 'outcomes'?"}},
      {file_of("  - {}\n"),
       {"4:5: missing key 'name' of a scenario", "4:5: missing key 'claim' of a scenario",
        "4:5: a litmus needs 'outcomes'", "4:5: a litmus needs 'observe'",
        "4:5: a litmus needs 'actors'; without any it is a script"}},
      {file_of("  - name: a-b\n    claim: c\n    kind: command\n" + kOutcomes),
       {"4:11: 'name' must be an identifier, found 'a-b'; letters, digits and _, not a digit "
        "first"}},
      {litmus("    covers: list/a\n"), {"12:13: 'covers' must be a list, found text"}},
      {litmus("    covers: [[a]]\n"), {"12:14: an entry of 'covers' must be text, found a list"}},
      {litmus("    strength: should\n"),
       {"12:15: unknown strength 'should'; known are: must, implementation, may, unsafe"}},
      {litmus("    strength: {is: must}\n"), {"12:15: 'strength' must be text, found a mapping"}},
      {litmus("    strength: [{where: parallel}]\n"),
       {"12:16: missing key 'is' of a row of strengths"}},
      {litmus("    strength: [{when: parallel, is: mist}]\n"),
       {"12:17: unknown key 'when' of a row of strengths; known are: where, is",
        "12:37: unknown strength 'mist'; did you mean 'must'?"}},
      {litmus("    threads: new\n"),
       {"12:14: unknown threads 'new'; known are: persistent, fresh"}},
      {litmus("    timeout: 0\n"), {"12:14: 'timeout' must be a number above 0, found '0'"}},
      {litmus("    timeout: 5s\n"), {"12:14: 'timeout' must be a number above 0, found '5s'"}},
      {litmus("    timeout: inf\n"), {"12:14: 'timeout' must be a number above 0, found 'inf'"}},
      {litmus("    timeout: '5'\n"), {"12:14: 'timeout' must be a number above 0, found '5'"}},
      {litmus("    kills: lost\n"), {"12:12: 'kills' must be a list, found text"}},
      {litmus("    kills: [a b]\n"),
       {"12:13: an entry of 'kills' must be an identifier, found 'a b'; letters, digits and _, not "
        "a "
        "digit first"}},
      {litmus("    expect_verdict: passed\n"),
       {"12:5: 'expect_verdict' is only for the cases of harness/; what is known to fail stands in "
        "a "
        "file of expectations"}},
      {litmus("    variants: []\n"), {"12:15: 'variants' is an empty list; leave it out"}},
      {litmus("    variants: [{let: {n: 1}}]\n"), {"12:16: missing key 'id' of a variant"}},
      {litmus("    variants:\n      - id: a\n      - id: a\n"),
       {"14:13: the variant 'a' stands twice; the first is on line 13"}},
      {litmus("    variants: [{id: 'a[b]'}]\n"),
       {"12:21: a variant's 'id' becomes part of an id and cannot be 'a[b]'; letters, digits, '_', "
        "'-' and '.'"}},
      {litmus("    variants: [{id: a, let: {class: 1}}]\n"),
       {"12:30: a name of 'let' is the Python keyword 'class'"}},
      {litmus("    variants: [{id: a, let: {n: '1'}}]\n"),
       {"12:33: 'n' is Python and must not be quoted; write it after |"}},
      {litmus("    variants: [{id: a, let: {}}]\n"),
       {"12:29: 'let' is an empty mapping; leave it out"}},
  });
}

// Lines 4 to 6; `extra` begins on line 7.
std::string history(const std::string& extra) {
  return file_of("  - name: h\n    claim: c\n    kind: history\n" + extra);
}

TEST(FamilyLoader, ReadsAHistory) {
  const Family family = load(
      history("    model: deque\n    threads: 4\n    operations: 5\n    bound: 3\n"
              "    initial: |\n      [1, 2]\n"
              "    table:\n      append: 3\n      getitem: {weight: 2}\n      pop:\n        do: |\n"
              "          return subject.pop()\n"
              "  - name: two\n    claim: c\n    kind: history\n    model: set\n"
              "    program: |\n      add(1); pop()\n      add(2)\n"));
  const Scenario& one = family.scenarios.at(0);
  ASSERT_TRUE(one.history.has_value());
  EXPECT_EQ(one.history->model, "deque");
  EXPECT_EQ(one.history->threads, 4);
  EXPECT_EQ(one.actor_threads(), 4);
  EXPECT_EQ(one.history->operations, 5);
  EXPECT_EQ(one.history->bound, 3);
  EXPECT_EQ(one.history->initial, "[1, 2]");
  ASSERT_EQ(one.history->table.size(), 3U);
  EXPECT_EQ(one.history->table[0].weight, 3);
  EXPECT_EQ(one.history->table[1].weight, 2);
  EXPECT_EQ(one.history->table[2].code.text, "return subject.pop()");
  const Scenario& two = family.scenarios.at(1);
  EXPECT_EQ(two.history->program.text, "add(1); pop()\nadd(2)");
  EXPECT_EQ(two.history->threads, 2);
}

TEST(FamilyLoader, RefusesWhatAHistoryCannotHold) {
  check({
      {history(""),
       {"4:5: a history needs 'model'; one of: list, dict, set, deque, queue, counter, "
        "register, kv"}},
      {history("    model: lst\n"), {"7:12: unknown model 'lst'; did you mean 'list'?"}},
      {history("    model: list\n    threads: 1\n    operations: 65\n"),
       {"8:14: 'threads' must be from 2 to 16 here, found 1",
        "9:17: 'operations' must be from 1 to 64 here, found 65"}},
      {history("    model: list\n    observe: {x: 1}\n"),
       {"8:5: a history has no 'observe'; observed are the results of all operations, and "
        "`final`"}},
      {history("    model: list\n    table: {append: 0}\n"),
       {"8:21: 'weight' must be from 1 to 1000 here, found 0"}},
      {history("    model: list\n    table: {append: {wight: 2}}\n"),
       {"8:22: unknown key 'wight' of a method of the table; did you mean 'weight'?"}},
      {history("    model: list\n    threads: 2\n    program: append(1)\n"),
       {"8:5: a history with 'program' has no 'threads'; it has a thread for each line"}},
      {bare("script", "    observe: {x: 1}\n    model: list\n"),
       {"10:5: a script has no 'model'; only a history is judged by a model"}},
  });
}

TEST(FamilyLoader, RefusesKindsAndWhatTheyCannotHold) {
  check({
      {bare("scrpt", ""), {"6:11: unknown kind 'scrpt'; did you mean 'script'?"}},
      {bare("[litmus]", ""), {"6:11: 'kind' must be text, found a list"}},
      {bare("script", ""), {"4:5: a script needs 'observe'"}},
      {bare("litmus", "    observe: {x: 1}\n"),
       {"4:5: a litmus needs 'actors'; without any it is a script"}},
      {litmus("    options: [-I]\n    environment: {A: b}\n"),
       {"12:5: a litmus has no 'options'; rows of the family's `processes:` start an interpreter "
        "with options",
        "13:5: a litmus has no 'environment'; rows of the family's `processes:` set an "
        "environment"}},
      {bare("process",
            "    setup: x = 1\n    actors: {a: return 1}\n    threads: fresh\n    cleanup: f()\n"),
       {"9:5: a process has no 'setup'; its program is `module`",
        "10:5: a process has no 'actors'; its program is `module`",
        "11:5: a process has no 'threads'; its program starts its own",
        "12:5: a process has no 'cleanup'; its program ends by itself"}},
      {bare("command",
            "    module: x = 1\n    setup: x = 1\n    actors: {a: return 1}\n    observe: {a: a}\n"
            "    cleanup: f()\n    threads: fresh\n    variants: [{id: a}]\n"),
       {"9:5: a command has no 'module'; it runs no Python of ours",
        "10:5: a command has no 'setup'; it runs no Python of ours",
        "11:5: a command has no 'actors'; it runs no Python of ours",
        "12:5: a command has no 'observe'; observed are status, stdout, stderr",
        "13:5: a command has no 'cleanup'; it runs no Python of ours",
        "14:5: a command has no 'threads'; it runs no Python of ours",
        "15:5: a command has no 'variants'; write a scenario for each"}},
      {file_of("  - name: s\n    claim: c\n    kind: command\n    outcomes:\n"
               "      - {when: status == 0, grade: required, because: b}\n"),
       {"8:10: 'when' is decided by Python in the port; a command runs none of ours; use is or "
        "like"}},
  });
}

std::string with_rule(const std::string& rule) {
  return file_of("  - name: s\n    claim: c\n    kind: process\n    outcomes:\n      - " + rule +
                 "\n");
}

TEST(FamilyLoader, RefusesRulesThatAreNone) {
  check({
      {with_rule("{grade: required, because: b}"),
       {"8:9: a rule has exactly one matcher, this has 0; one of: is, like, when, else"}},
      {with_rule("{is: a=1, like: a, grade: required, because: b}"),
       {"8:9: a rule has exactly one matcher, this has 2; one of: is, like, when, else"}},
      {with_rule("{else: false, grade: required, because: b}"), {"8:16: 'else' can only be true"}},
      {with_rule("{else: 'true', grade: required, because: b}"), {"8:16: 'else' can only be true"}},
      {with_rule("{else: true, grade: required}"), {"8:9: missing key 'because' of a rule"}},
      {with_rule("{else: true, grade: required, because: ''}"), {"8:48: 'because' is empty"}},
      {with_rule("{else: true, because: b}"), {"8:9: missing key 'grade' of a rule"}},
      {with_rule("{else: true, grade: allowed, because: b}"),
       {"8:29: unknown grade 'allowed'; known are: required, acceptable, interesting, unspecified, "
        "forbidden"}},
      {with_rule("{else: true, grade: forbiden, because: b}"),
       {"8:29: unknown grade 'forbiden'; did you mean 'forbidden'?"}},
      {with_rule("{iss: a=1, grade: required, because: b}"),
       {"8:10: unknown key 'iss' of a rule; did you mean 'is'?",
        "8:9: a rule has exactly one matcher, this has 0; one of: is, like, when, else"}},
      {with_rule("{when: 'a == 1', grade: required, because: b}"),
       {"8:16: 'when' is Python and must not be quoted; write it after |"}},
      {with_rule("{is: [a], grade: required, because: b}"),
       {"8:14: 'is' must be text, found a list"}},
      {with_rule("else"), {"8:9: a rule must be a mapping, found text"}},
      {with_rule(""), {"9:1: a rule must be a mapping, found nothing"}},
      {file_of("  - name: s\n    claim: c\n    kind: process\n    outcomes: []\n"),
       {"7:15: 'outcomes' is an empty list; leave it out"}},
  });
}

std::string where(const std::string& condition) {
  return file("where: " + condition + "\n" + kGoodScript);
}

TEST(FamilyLoader, RefusesConditionsWithTheColumn) {
  check({
      {where("version => 3.14"), {"4:16: '=' has no meaning in a condition; did you mean '=='?"}},
      {where("'version = 3.14'"), {"4:17: '=' has no meaning in a condition; did you mean '=='?"}},
      {where("|\n  parallel and\n  not\n   (cpus == '2')"),
       {"7:13: an integer is compared with a string; that never holds"}},
      {where("paralell"), {"4:8: unknown fact 'paralell'; did you mean 'parallel'?"}},
      {where("platform == 'gil' and gil"),
       {"4:30: unknown fact 'gil'; facts are version, release, implementation, free_threaded, "
        "parallel, gil_enabled, cpus, platform, bits, flags.NAME and the features of "
        "features.yaml"}},
      {where("thread"), {"4:8: unknown fact 'thread'; did you mean 'threads'?"}},
      {where("flags"), {"4:8: unknown fact 'flags'; write flags.NAME"}},
      {where("flags.a.b"), {"4:8: unknown fact 'flags.a.b'; write flags.NAME"}},
      {where("sys.flags.dev_mode"),
       {"4:8: unknown fact 'sys.flags.dev_mode'; write flags.dev_mode"}},
      {where("''"), {"4:8: 'where' is empty"}},
      {where("[parallel]"), {"4:8: 'where' must be text, found a list"}},
      {litmus("    where: paralell\n"),
       {"12:12: unknown fact 'paralell'; did you mean 'parallel'?"}},
      {litmus("    variants: [{id: a, where: paralell}]\n"),
       {"12:31: unknown fact 'paralell'; did you mean 'parallel'?"}},
      {litmus("    strength: [{is: must, where: paralell}]\n"),
       {"12:34: unknown fact 'paralell'; did you mean 'parallel'?"}},
      {with_rule("{else: true, grade: required, because: b, where: paralell}"),
       {"8:58: unknown fact 'paralell'; did you mean 'parallel'?"}},
      {file("processes: [{name: a, where: paralell}]\n" + kGoodScript),
       {"4:30: unknown fact 'paralell'; did you mean 'parallel'?"}},
  });
  EXPECT_THAT(complaints(where("flags.dev_mode and context_flag and not threads")), IsEmpty());
}

TEST(FamilyLoader, RefusesPythonThatYamlWouldChange) {
  check({
      {litmus("    setup: \"x = 1\"\n"),
       {"12:12: 'setup' is Python and must not be quoted; write it after |"}},
      {litmus("    setup: >\n      x = 1\n"),
       {"12:12: 'setup' is Python and must not be folded; write | instead of >"}},
      {litmus("    setup: x = 1\n      y = 2\n"),
       {"12:12: 'setup' is Python on several lines, which YAML would join; write it after |"}},
      {litmus("    setup: [x]\n"),
       {"12:12: 'setup' is Python and must not be a list; write it after |"}},
      {litmus("    setup: {x}\n"),
       {"12:12: 'setup' is Python and must not be a mapping; write it after |"}},
      {litmus("    setup:\n"), {"13:1: 'setup' is empty"}},
      {litmus("    setup: |\n\n"), {"12:12: 'setup' is empty"}},
      {litmus("    setup: x = ' # '\n"),
       {"12:12: 'setup': for YAML a comment begins at ' #', which leaves a string open; write it "
        "after |"}},
      {litmus("    setup: f(x, # why\n"),
       {"12:12: 'setup': for YAML a comment begins at ' #', which leaves '(' open; write it after "
        "|"}},
      {litmus("    cleanup: 'f()'\n"),
       {"12:14: 'cleanup' is Python and must not be quoted; write it after |"}},
      {litmus("    module: 'x = 1'\n"),
       {"12:13: 'module' is Python and must not be quoted; write it after |"}},
      {bare("script", "    observe: {x: 'y'}\n"),
       {"9:18: 'x' is Python and must not be quoted; write it after |"}},
      {bare("script", "    observe: {x: [y]}\n"),
       {"9:18: 'x' is Python and must not be a list; write it after |"}},
      {bare("script", "    actors: {a: 'return 1'}\n    observe: {a: a}\n"),
       {"9:17: 'a' is Python and must not be quoted; write it after |"}},
      {bare("script", "    actors: {a: {do: 'return 1'}}\n    observe: {a: a}\n"),
       {"9:22: 'do' is Python and must not be quoted; write it after |"}},
      {bare("script", "    actors: {a: [return 1]}\n    observe: {a: a}\n"),
       {"9:17: 'a' is Python and must not be a list; write it after |"}},
  });
  EXPECT_THAT(complaints(litmus("    setup: x = [1]  # a comment of YAML\n")), IsEmpty());
}

std::string actors(const std::string& text, const std::string& extra = "") {
  return bare("litmus", "    actors: " + text + "\n    observe: {x: 1}\n" + extra);
}

TEST(FamilyLoader, RefusesActorsThatCannotBe) {
  check({
      {actors("[a]"), {"9:13: 'actors' must be a mapping, found a list"}},
      {actors("{}"), {"9:13: 'actors' is an empty mapping; leave it out"}},
      {actors("{a: {count: 2}}"), {"9:17: missing key 'do' of an actor"}},
      {actors("{a: {cout: 2, do: return 1}}"),
       {"9:18: unknown key 'cout' of an actor; did you mean 'count'?"}},
      {actors("{a: {count: two, do: return 1}}"),
       {"9:25: 'count' must be an integer, found 'two'"}},
      {actors("{a: {count: 1.5, do: return 1}}"),
       {"9:25: 'count' must be an integer, found '1.5'"}},
      {actors("{a: {count: 0, do: return 1}}"), {"9:25: 'count' must be from 1 to 256, found 0"}},
      {actors("{a: {count: 99999999999, do: return 1}}"),
       {"9:25: 'count' must be from 1 to 256, found 99999999999"}},
      {actors("{a: {count: 16, do: return 1}, b: return 2}"),
       {"9:5: the actors need 17 threads; a litmus has at most 16"}},
      {actors("{1a: return 1}"),
       {"9:14: an actor's name must be an identifier, found '1a'; letters, digits and _, not a "
        "digit "
        "first"}},
      {actors("{class: return 1}"), {"9:14: an actor's name is the Python keyword 'class'"}},
      {actors("{raised: return 1}"),
       {"9:14: an actor's name is 'raised', which all code of a scenario has already"}},
      {actors("{a: return 1, items: return 2}", "    setup: a, (b, items) = f()\n"),
       {"9:14: the actor 'a' has the name of something that setup binds; in observe the name could "
        "only mean one of them",
        "9:27: the actor 'items' has the name of something that setup binds; in observe the name "
        "could only mean one of them"}},
      {actors("{a: return 1}", "    variants: [{id: v, let: {a: 1}}]\n"),
       {"9:14: the actor 'a' has the name of something that let binds; in observe the name could "
        "only mean one of them"}},
      {bare("script", "    observe: {'a.b': 1, True: 2, peers_done: 3}\n"),
       {"9:15: an observed name must be an identifier, found 'a.b'; letters, digits and _, not a "
        "digit first",
        "9:25: an observed name is the Python keyword 'True'",
        "9:34: an observed name is 'peers_done', which all code of a scenario has already"}},
  });
  EXPECT_THAT(complaints(actors("{a: {count: 16, do: return 1}}")), IsEmpty());
  EXPECT_THAT(complaints(bare("script",
                              "    actors: {a: {count: 40, do: return 1}}\n"
                              "    observe: {a: a}\n")),
              IsEmpty());
}

TEST(FamilyLoader, HarnessCasesMayExpectAVerdict) {
  const Family family =
      load(file("ports: [fake]\n" + kGoodScript + "    expect_verdict: void\n"), "harness/basics");
  EXPECT_THAT(family.ports, ElementsAre("fake"));
  EXPECT_EQ(family.scenarios.at(0).expect_verdict, "void");
  check({{litmus("    expect_verdict: pased\n"),
          {"12:21: unknown verdict 'pased'; did you mean 'passed'?"}}},
        "harness/basics");
  EXPECT_EQ(complaints(litmus("    expect_verdict: passed\n"), "harness_like/basics").size(), 1U);
}

TEST(FamilyLoader, TellsAllMistakesOfAFileAndStopsAtAHundred) {
  std::string many = "heddle: 1\ntitle: T\n" + kGoodScript;
  for (int i = 0; i < 1000; ++i) many += "k" + std::to_string(i) + ": 1\n";
  const std::vector<std::string> found = complaints(many);
  ASSERT_EQ(found.size(), 100U);
  EXPECT_EQ(found.back(), "0:0: 100 errors in this file; further ones are left out");
}

}  // namespace
}  // namespace conformance
