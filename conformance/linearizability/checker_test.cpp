// The checker against brute force on random histories of every model, right ones and wrong ones; wrong
// twins of the checker, which the same histories must expose; and the answers' details.
#include "conformance/linearizability/checker.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

#include "conformance/linearizability/test_support.h"

namespace conformance {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

constexpr int kHistories = 400;  // for each model

Operation make(int thread, const std::string& method, std::vector<std::string> arguments,
               const std::string& result, std::int64_t called, std::int64_t returned) {
  Operation operation;
  operation.thread = thread;
  operation.method = method;
  ValueError error;
  for (const std::string& argument : arguments) {
    operation.arguments.push_back(parse_value(argument, error).value());
  }
  operation.returned = !result.empty();
  if (operation.returned) operation.result = parse_value(result, error).value();
  operation.called_at = called;
  operation.returned_at = returned;
  return operation;
}

History history_of(const std::string& model, std::vector<Operation> operations) {
  History history;
  history.metadata.model = model;
  history.operations = std::move(operations);
  return history;
}

CheckResult checked(const History& history, const CheckOptions& options = {}) {
  return check(history, *find_model(history.metadata.model), options);
}

// An order that keeps precedence, answers right, and leaves out only what never returned.
void expect_witness(const History& history, const std::vector<std::size_t>& witness) {
  std::vector<bool> seen(history.operations.size());
  ModelState first(history.metadata);
  std::vector<ModelState> states = {first};  // all that a free choice allows
  for (std::size_t at = 0; at < witness.size(); ++at) {
    for (std::size_t later = at + 1; later < witness.size(); ++later) {
      EXPECT_FALSE(came_before(history, witness[later], witness[at]));
    }
    seen[witness[at]] = true;
    const Operation& operation = history.operations[witness[at]];
    std::vector<ModelState> next;
    for (const ModelState& state : states) {
      for (const ModelStep& step : state.apply(operation)) {
        if (!operation.returned || step.result == operation.result) next.push_back(step.next);
      }
    }
    states = next;
    ASSERT_FALSE(states.empty()) << "the witness is refused at " << describe(operation);
  }
  for (std::size_t index = 0; index < seen.size(); ++index) {
    EXPECT_TRUE(seen[index] || !history.operations[index].returned);
  }
}

class AgainstBruteForce : public testing::TestWithParam<std::string> {};

TEST_P(AgainstBruteForce, EveryAnswerIsTheSame) {
  const Model& model = *find_model(GetParam());
  int failing = 0;
  for (std::uint64_t seed = 0; seed < kHistories; ++seed) {
    Random random(seed);
    HistoryShape shape;
    shape.operations = 3 + below(random, 4);
    shape.wrong = seed % 2 == 1;
    shape.keyed_only =
        seed % 4 >= 2 && std::any_of(model.methods.begin(), model.methods.end(),
                                     [](const Method& method) { return method.key >= 0; });
    const History history = random_history(random, model, shape);
    const bool expected = brute_force(history);
    for (const Partitioning partitioning : {Partitioning::ByKey, Partitioning::None}) {
      CheckOptions options;
      options.partitioning = partitioning;
      const CheckResult result = check(history, model, options);
      ASSERT_EQ(to_string(result.answer), expected ? "linearizable" : "not_linearizable")
          << "seed " << seed << ": " << text_of(history);
      if (expected) {
        expect_witness(history, result.witness);
      } else {
        std::set<std::size_t> free;
        for (std::size_t index = 0; index < history.operations.size(); ++index) free.insert(index);
        for (const std::size_t index : result.core) free.erase(index);
        EXPECT_TRUE(result.core_is_minimal);
        EXPECT_FALSE(brute_force(history, free))
            << "the core explains nothing, seed " << seed << ": " << text_of(history);
        EXPECT_FALSE(result.core.empty());
        EXPECT_FALSE(result.stuck.refused.empty());
      }
      if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ": " << text_of(history);
    }
    failing += expected ? 0 : 1;
  }
  EXPECT_GT(failing, kHistories / 20) << "too few wrong histories to mean anything";
  EXPECT_LT(failing, kHistories * 2 / 3);
}

INSTANTIATE_TEST_SUITE_P(Models, AgainstBruteForce,
                         testing::Values("list", "dict", "set", "deque", "queue", "counter",
                                         "register", "kv"),
                         [](const auto& info) { return info.param; });

// evidence.h, on histories of which it has something to say, however short.
struct EvidenceCase {
  std::string model;
  std::set<std::string> methods;
};
class EvidenceAgainstBruteForce : public testing::TestWithParam<EvidenceCase> {};

TEST_P(EvidenceAgainstBruteForce, EveryAnswerIsTheSame) {
  const Model& model = *find_model(GetParam().model);
  int failing = 0;
  constexpr int kMany = 5 * kHistories;
  for (std::uint64_t seed = 0; seed < kMany; ++seed) {
    Random random(seed);
    HistoryShape shape;
    shape.operations = 4 + below(random, 5);
    shape.moments = 9 + below(random, 20);
    shape.wrong = seed % 2 == 1;
    shape.methods = GetParam().methods;
    shape.fresh = seed % 5 != 0;
    shape.initial = static_cast<int>(seed % 3);
    const History history = random_history(random, model, shape);
    CheckOptions options;
    options.weigh_from = 0;
    const CheckResult result = check(history, model, options);
    const bool expected = brute_force(history);
    ASSERT_EQ(to_string(result.answer), expected ? "linearizable" : "not_linearizable")
        << "seed " << seed << ": " << text_of(history);
    failing += expected ? 0 : 1;
    if (expected) {
      expect_witness(history, result.witness);
    } else if (seed < kHistories) {
      std::set<std::size_t> free;
      for (std::size_t index = 0; index < history.operations.size(); ++index) free.insert(index);
      for (const std::size_t index : result.core) free.erase(index);
      EXPECT_FALSE(brute_force(history, free))
          << "the core explains nothing, seed " << seed << ": " << text_of(history);
    }
    if (testing::Test::HasFailure()) FAIL() << "seed " << seed << ": " << text_of(history);
  }
  EXPECT_GT(failing, kMany / 20) << "too few wrong histories to mean anything";
  EXPECT_LT(failing, kMany * 2 / 3);
}

INSTANTIATE_TEST_SUITE_P(
    Models, EvidenceAgainstBruteForce,
    testing::Values(EvidenceCase{"list", {"append", "pop", "getitem"}},
                    EvidenceCase{"list", {"append", "pop", "getitem", "setitem", "len"}},
                    EvidenceCase{"list", {"append", "setitem", "getitem", "contains", "copy"}},
                    EvidenceCase{"list", {"append", "setitem", "contains"}},
                    EvidenceCase{"list", {"append", "pop", "setitem", "contains", "index"}},
                    EvidenceCase{"queue", {"put", "get", "get_nowait"}},
                    EvidenceCase{"queue", {"put_nowait", "get", "qsize"}}),
    [](const auto& info) { return info.param.model + std::to_string(info.index); });

// Longer histories than brute force can do: the search without evidence is the oracle.
TEST(Evidence, LongerHistoriesAreAnsweredAsWithoutIt) {
  int failing = 0;
  constexpr int kMany = 5 * kHistories;
  for (std::uint64_t seed = 0; seed < kMany; ++seed) {
    Random random(seed);
    HistoryShape shape;
    shape.threads = 4;
    shape.operations = 10 + below(random, 11);
    shape.moments = 12 + below(random, 30);
    shape.wrong = seed % 2 == 1;
    shape.fresh = seed % 9 != 0;
    shape.initial = static_cast<int>(seed % 4);
    shape.methods = {"append", "setitem", "contains"};
    if (seed % 3 > 0) shape.methods.insert("pop");
    if (seed % 5 > 1) shape.methods.insert("getitem");
    if (seed % 7 > 4) shape.methods.insert("index");
    const Model& model = *find_model("list");
    const History history = random_history(random, model, shape);
    CheckOptions with, without;
    with.weigh_from = 0;
    without.weigh_from = INT32_MAX;
    with.explain = without.explain = false;
    const CheckResult result = check(history, model, with);
    const CheckResult expected = check(history, model, without);
    ASSERT_EQ(to_string(result.answer), to_string(expected.answer))
        << "seed " << seed << ": " << text_of(history);
    if (result.answer == Linearizability::Linearizable) expect_witness(history, result.witness);
    failing += result.answer == Linearizability::NotLinearizable ? 1 : 0;
  }
  EXPECT_GT(failing, kMany / 20) << "too few wrong histories to mean anything";
  EXPECT_LT(failing, kMany * 2 / 3);
}

// A wrong twin is the checker on a history that was bent as that mistake would bend it. It must answer
// differently from brute force somewhere, else these histories would not notice the mistake.
int twin_differs(const std::string& name, const std::function<void(History&)>& bend) {
  const Model& model = *find_model(name);
  int differences = 0;
  for (std::uint64_t seed = 0; seed < kHistories; ++seed) {
    Random random(seed);
    HistoryShape shape;
    shape.operations = 3 + below(random, 4);
    shape.wrong = seed % 2 == 1;
    const History history = random_history(random, model, shape);
    History bent = history;
    bend(bent);
    const bool twin = check(bent, model).answer == Linearizability::Linearizable;
    differences += twin == brute_force(history) ? 0 : 1;
  }
  return differences;
}

TEST(WrongTwin, OneThatIgnoresRealTimeIsCaught) {
  EXPECT_GT(twin_differs("register", [](History& history) { history.metadata.resolution = 1000; }),
            0);
}

TEST(WrongTwin, OneThatNarrowsStampsIsCaught) {
  EXPECT_GT(twin_differs("list",
                         [](History& history) {
                           for (Operation& operation : history.operations)
                             operation.returned_at = operation.called_at;
                         }),
            0);
}

TEST(WrongTwin, OneThatTakesWhatNeverReturnedForDoneIsCaught) {
  EXPECT_GT(twin_differs("counter",
                         [](History& history) {
                           for (Operation& operation : history.operations) {
                             if (operation.returned) continue;
                             operation.returned = true;
                             operation.returned_at = 1000;
                           }
                         }),
            0);
}

TEST(WrongTwin, OneThatDropsWhatNeverReturnedIsCaught) {
  EXPECT_GT(twin_differs("counter",
                         [](History& history) {
                           std::erase_if(history.operations,
                                         [](const Operation& one) { return !one.returned; });
                         }),
            0);
}

TEST(Checker, ALostUpdateHasACoreOfThreeAndSaysWhereItGotStuck) {
  const CheckResult result = checked(
      history_of("counter", {make(0, "read", {}, "0", 1, 2), make(0, "increment", {}, "None", 3, 6),
                             make(1, "increment", {}, "None", 4, 7), make(0, "read", {}, "1", 8, 9),
                             make(1, "read", {}, "1", 10, 11)}));
  EXPECT_EQ(result.answer, Linearizability::NotLinearizable);
  EXPECT_THAT(result.core, UnorderedElementsAre(1, 2, 3));
  EXPECT_TRUE(result.core_is_minimal);
  EXPECT_EQ(result.stuck.prefix.size(), 3u);
  EXPECT_EQ(result.stuck.state, "2");
  ASSERT_EQ(result.stuck.refused.size(), 1u);
  EXPECT_EQ(result.stuck.refused[0].operation, 3u);
  EXPECT_EQ(result.stuck.refused[0].expected, "2");
}

TEST(Checker, AWriteIsNotLeftOutOfTheCoreToMakeAReadWrong) {
  // Dropping the append would make a smaller failing history that says nothing.
  const CheckResult result =
      checked(history_of("list", {make(0, "append", {"1"}, "None", 1, 2),
                                  make(0, "pop", {}, "1", 3, 4), make(0, "len", {}, "7", 5, 6)}));
  EXPECT_THAT(result.core, testing::ElementsAre(2));
}

TEST(Checker, WhatNeverReturnedMayHaveTakenEffectOrNot) {
  for (const char* length : {"0", "1"}) {
    EXPECT_EQ(checked(history_of("list", {make(0, "append", {"1"}, "", 1, 0),
                                          make(1, "len", {}, length, 5, 6)}))
                  .answer,
              Linearizability::Linearizable);
  }
  EXPECT_EQ(checked(history_of("list",
                               {make(0, "append", {"1"}, "", 7, 0), make(1, "len", {}, "1", 5, 6)}))
                .answer,
            Linearizability::NotLinearizable)
      << "it took effect before its call";
}

// Once found by fuzzing: add(-2) waits for add_and_get(-2), which returns behind the place where every order
// gets stuck and so need not go. Who has let it go can do more than who has not.
TEST(Checker, TheCoreIsAProofWhereAnOperationWaitsForOneThatNeedNotGo) {
  History history = history_of(
      "counter",
      {make(2, "next", {}, "0", 1, 12), make(0, "increment", {}, "None", 3, 15),
       make(1, "increment", {}, "None", 7, 13), make(2, "add_and_get", {"-2"}, "1", 19, 24),
       make(2, "add", {"-2"}, "0", 24, 33), make(1, "add_and_get", {"2"}, "1", 20, 23)});
  history.metadata.resolution = 4;
  const CheckResult result = checked(history);
  EXPECT_EQ(result.answer, Linearizability::NotLinearizable);
  std::set<std::size_t> free;
  for (std::size_t index = 0; index < history.operations.size(); ++index) free.insert(index);
  for (const std::size_t index : result.core) free.erase(index);
  EXPECT_FALSE(brute_force(history, free));
}

TEST(Checker, AnEmptyHistoryIsLinearizable) {
  for (const Model& model : all_models()) {
    EXPECT_EQ(check(History{}, model).answer, Linearizability::Linearizable);
  }
}

TEST(Checker, WholeContainerMethodsForbidPartitions) {
  std::vector<Operation> operations = {make(0, "setitem", {"1", "1"}, "None", 1, 2),
                                       make(0, "setitem", {"2", "1"}, "None", 3, 4)};
  EXPECT_EQ(checked(history_of("dict", operations)).partitions, 2);
  operations.push_back(make(1, "len", {}, "1", 5, 6));
  const CheckResult result = checked(history_of("dict", operations));
  EXPECT_EQ(result.partitions, 1);
  EXPECT_EQ(result.answer, Linearizability::NotLinearizable);
}

TEST(Checker, TiesInAThreadDoNotLoseItsOrderAcrossKeys) {
  // Each key alone has an order; together with the order of each thread there is none.
  History history = history_of(
      "dict",
      {make(0, "setitem", {"'x'", "1"}, "None", 5, 5), make(0, "get", {"'y'"}, "None", 5, 5),
       make(1, "setitem", {"'y'", "1"}, "None", 5, 5), make(1, "get", {"'x'"}, "None", 5, 5)});
  EXPECT_FALSE(brute_force(history));
  EXPECT_EQ(checked(history).answer, Linearizability::NotLinearizable);
}

TEST(Checker, AMethodOrArgumentThatTheModelDoesNotKnowIsNamed) {
  const CheckResult result = checked(history_of(
      "list", {make(0, "push", {"1"}, "None", 1, 2), make(0, "pop", {"'a'"}, "None", 3, 4),
               make(0, "append", {}, "None", 5, 6)}));
  EXPECT_EQ(result.answer, Linearizability::Unusable);
  ASSERT_EQ(result.complaints.size(), 3u);
  EXPECT_THAT(result.complaints[0],
              HasSubstr("operation 1: list has no method 'push'; known are: append, pop"));
  EXPECT_THAT(result.complaints[1],
              HasSubstr("argument 1 of list.pop is 'a'; it takes an integer"));
  EXPECT_THAT(result.complaints[2], HasSubstr("list.append takes 1 arguments, not 0"));
}

// Many writes of different values at once, and a read of none of them: every subset and order counts.
History hopeless(int writers) {
  History history = history_of("list", {});
  for (int index = 0; index < writers; ++index) {
    history.operations.push_back(make(index, "append", {std::to_string(index)}, "None", 1, 100));
  }
  history.operations.push_back(make(writers, "contains", {"99"}, "True", 1, 100));
  return history;
}

TEST(Checker, RunningOutOfTimeIsUndecided) {
  CheckOptions options;
  options.time_limit = std::chrono::milliseconds(1);
  const CheckResult result = checked(hopeless(12), options);
  EXPECT_EQ(result.answer, Linearizability::Undecided);
  EXPECT_EQ(result.why_undecided, WhyUndecided::Time);
}

TEST(Checker, RunningOutOfMemoryIsUndecided) {
  CheckOptions options;
  options.memory_limit = 1 << 16;
  const CheckResult result = checked(hopeless(12), options);
  EXPECT_EQ(result.answer, Linearizability::Undecided);
  EXPECT_EQ(result.why_undecided, WhyUndecided::Memory);
}

TEST(Checker, CancellationEndsASearch) {
  std::atomic<bool> cancelled = true;
  CheckOptions options;
  options.cancelled = &cancelled;
  const CheckResult result = checked(hopeless(12), options);
  EXPECT_EQ(result.answer, Linearizability::Undecided);
  EXPECT_EQ(result.why_undecided, WhyUndecided::Cancelled);
}

TEST(Checker, TheFastPathAnswersAsTheOtherDoes) {
  const Model& model = *find_model("list");
  Checker checker(model);
  for (std::uint64_t seed = 0; seed < kHistories; ++seed) {
    Random random(seed);
    HistoryShape shape;
    shape.wrong = seed % 2 == 1;
    const History history = random_history(random, model, shape);
    std::vector<CompactOperation> operations;
    for (const Operation& operation : history.operations) {
      CompactOperation compact;
      compact.method = find_method(model, operation.method)->code;
      compact.thread = static_cast<std::uint16_t>(operation.thread);
      compact.returned = operation.returned;
      for (std::size_t index = 0; index < operation.arguments.size(); ++index) {
        compact.arguments[index] = checker.words().word(operation.arguments[index]);
      }
      compact.result = checker.words().word(operation.result);
      compact.called_at = operation.called_at;
      compact.returned_at = operation.returned_at;
      operations.push_back(compact);
    }
    checker.set_resolution(history.metadata.resolution);
    EXPECT_EQ(checker.check_compact(operations), checked(history).answer) << "seed " << seed;
  }
}

}  // namespace
}  // namespace conformance
