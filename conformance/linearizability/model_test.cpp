// What methods mean, one sentence each, and the tables.
#include "conformance/linearizability/model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

Value parsed(const std::string& text) {
  ValueError error;
  return parse_value(text, error).value();
}

Operation call(const std::string& method, const std::vector<std::string>& arguments) {
  Operation operation;
  operation.method = method;
  for (const std::string& argument : arguments) operation.arguments.push_back(parsed(argument));
  return operation;
}

ModelState state_of(const std::string& model, const std::string& initial,
                    std::optional<std::int64_t> bound = std::nullopt) {
  HistoryMetadata metadata;
  metadata.model = model;
  if (!initial.empty()) metadata.initial = parsed(initial);
  metadata.bound = bound;
  return ModelState(metadata);
}

// "result; state" of each way that the step may go.
std::vector<std::string> after(const ModelState& state, const std::string& method,
                               const std::vector<std::string>& arguments = {}) {
  std::vector<std::string> all;
  for (const ModelStep& step : state.apply(call(method, arguments))) {
    all.push_back(to_string(step.result) + "; " + to_string(step.next.value()));
  }
  return all;
}

std::string one(const ModelState& state, const std::string& method,
                const std::vector<std::string>& arguments = {}) {
  const std::vector<std::string> all = after(state, method, arguments);
  return all.size() == 1 ? all[0] : std::to_string(all.size()) + " answers";
}

TEST(ListModel, AnswersAsPythonDoes) {
  const ModelState list = state_of("list", "[1, 2, 3]");
  EXPECT_EQ(one(list, "append", {"4"}), "None; [1, 2, 3, 4]");
  EXPECT_EQ(one(list, "pop"), "3; [1, 2]");
  EXPECT_EQ(one(list, "pop", {"0"}), "1; [2, 3]");
  EXPECT_EQ(one(list, "pop", {"-3"}), "1; [2, 3]");
  EXPECT_EQ(one(list, "pop", {"3"}), "raised(IndexError); [1, 2, 3]");
  EXPECT_EQ(one(list, "insert", {"-100", "0"}), "None; [0, 1, 2, 3]");
  EXPECT_EQ(one(list, "insert", {"-1", "0"}), "None; [1, 2, 0, 3]");
  EXPECT_EQ(one(list, "insert", {"100", "0"}), "None; [1, 2, 3, 0]");
  EXPECT_EQ(one(list, "remove", {"2.0"}), "None; [1, 3]");
  EXPECT_EQ(one(list, "remove", {"9"}), "raised(ValueError); [1, 2, 3]");
  EXPECT_EQ(one(list, "extend", {"[4, 5]"}), "None; [1, 2, 3, 4, 5]");
  EXPECT_EQ(one(list, "getitem", {"-1"}), "3; [1, 2, 3]");
  EXPECT_EQ(one(list, "getitem", {"-4"}), "raised(IndexError); [1, 2, 3]");
  EXPECT_EQ(one(list, "setitem", {"1", "'x'"}), "None; [1, 'x', 3]");
  EXPECT_EQ(one(list, "delitem", {"1"}), "None; [1, 3]");
  EXPECT_EQ(one(list, "len"), "3; [1, 2, 3]");
  EXPECT_EQ(one(list, "clear"), "None; []");
  EXPECT_EQ(one(list, "index", {"True"}), "0; [1, 2, 3]");
  EXPECT_EQ(one(list, "index", {"7"}), "raised(ValueError); [1, 2, 3]");
  EXPECT_EQ(one(list, "count", {"1"}), "1; [1, 2, 3]");
  EXPECT_EQ(one(list, "reverse"), "None; [3, 2, 1]");
  EXPECT_EQ(one(state_of("list", "[3, 1, 2]"), "sort"), "None; [1, 2, 3]");
  EXPECT_EQ(one(state_of("list", "['b', 'a']"), "sort"), "None; ['a', 'b']");
  EXPECT_EQ(one(state_of("list", "[1, 'a']"), "sort"), "raised(TypeError); [1, 'a']");
  EXPECT_EQ(one(list, "copy"), "[1, 2, 3]; [1, 2, 3]");
  EXPECT_EQ(one(list, "contains", {"2"}), "True; [1, 2, 3]");
  EXPECT_EQ(one(state_of("list", ""), "pop"), "raised(IndexError); []");
}

TEST(DequeModel, AnswersAsPythonDoes) {
  const ModelState deque = state_of("deque", "[1, 2, 3]");
  EXPECT_EQ(one(deque, "appendleft", {"0"}), "None; [0, 1, 2, 3]");
  EXPECT_EQ(one(deque, "popleft"), "1; [2, 3]");
  EXPECT_EQ(one(deque, "rotate"), "None; [3, 1, 2]");
  EXPECT_EQ(one(deque, "rotate", {"-1"}), "None; [2, 3, 1]");
  EXPECT_EQ(one(deque, "rotate", {"-5"}), "None; [3, 1, 2]");
  EXPECT_EQ(one(deque, "extendleft", {"[7, 8]"}), "None; [8, 7, 1, 2, 3]");
  EXPECT_EQ(one(state_of("deque", ""), "popleft"), "raised(IndexError); []");
  const ModelState full = state_of("deque", "[1, 2]", 2);
  EXPECT_EQ(one(full, "append", {"3"}), "None; [2, 3]");
  EXPECT_EQ(one(full, "appendleft", {"0"}), "None; [0, 1]");
  EXPECT_EQ(one(full, "insert", {"0", "0"}), "raised(IndexError); [1, 2]");
  EXPECT_EQ(one(full, "extend", {"[7, 8, 9]"}), "None; [8, 9]");
  EXPECT_EQ(one(state_of("deque", "", 0), "append", {"3"}), "None; []");
}

TEST(QueueModel, WaitsOrRaises) {
  EXPECT_THAT(after(state_of("queue", ""), "get"), testing::IsEmpty());
  EXPECT_EQ(one(state_of("queue", ""), "get_nowait"), "raised(Empty); []");
  EXPECT_EQ(one(state_of("queue", "[1, 2]"), "get"), "1; [2]");
  EXPECT_THAT(after(state_of("queue", "[1]", 1), "put", {"2"}), testing::IsEmpty());
  EXPECT_EQ(one(state_of("queue", "[1]", 1), "put_nowait", {"2"}), "raised(Full); [1]");
  EXPECT_EQ(one(state_of("queue", "[1]", 0), "put", {"2"}), "None; [1, 2]");
  EXPECT_EQ(one(state_of("queue", "[1]", 0), "full"), "False; [1]");
}

TEST(DictModel, AnswersAsPythonDoes) {
  const ModelState dict = state_of("dict", "{'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "get", {"'a'"}), "1; {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "get", {"'c'"}), "None; {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "get", {"'c'", "7"}), "7; {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "getitem", {"'c'"}), "raised(KeyError); {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "setitem", {"'c'", "3"}), "None; {'a': 1, 'b': 2, 'c': 3}");
  EXPECT_EQ(one(dict, "delitem", {"'a'"}), "None; {'b': 2}");
  EXPECT_EQ(one(dict, "delitem", {"'c'"}), "raised(KeyError); {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "pop", {"'a'"}), "1; {'b': 2}");
  EXPECT_EQ(one(dict, "pop", {"'c'"}), "raised(KeyError); {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "pop", {"'c'", "None"}), "None; {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "setdefault", {"'a'", "9"}), "1; {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "setdefault", {"'c'", "9"}), "9; {'a': 1, 'b': 2, 'c': 9}");
  EXPECT_EQ(one(dict, "setdefault", {"'c'"}), "None; {'a': 1, 'b': 2, 'c': None}");
  EXPECT_EQ(one(dict, "popitem"), "('b', 2); {'a': 1}");
  EXPECT_EQ(one(dict, "len"), "2; {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "clear"), "None; {}");
  EXPECT_EQ(one(dict, "update", {"{'b': 5, 'z': 6}"}), "None; {'a': 1, 'b': 5, 'z': 6}");
  EXPECT_EQ(one(dict, "keys"), "['a', 'b']; {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "values"), "[1, 2]; {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "items"), "[('a', 1), ('b', 2)]; {'a': 1, 'b': 2}");
  EXPECT_EQ(one(dict, "copy"), "{'a': 1, 'b': 2}; {'a': 1, 'b': 2}");
  EXPECT_EQ(one(state_of("dict", ""), "popitem"), "raised(KeyError); {}");
}

TEST(DictModel, KeepsTheOrderOfInsertionAndTheFirstSpellingOfAKey) {
  const ModelState dict = state_of("dict", "{1: 'one', 2: 'two'}");
  const ModelState without = dict.apply(call("delitem", {"1"}))[0].next;
  const ModelState again = without.apply(call("setitem", {"1", "'new'"}))[0].next;
  EXPECT_EQ(to_string(again.apply(call("keys", {}))[0].result), "[2, 1]");
  EXPECT_EQ(one(dict, "setitem", {"True", "'yes'"}), "None; {1: 'yes', 2: 'two'}");
}

TEST(SetModel, AnswersAsPythonDoes) {
  const ModelState set = state_of("set", "{1, 2}");
  EXPECT_EQ(one(set, "add", {"3"}), "None; {1, 2, 3}");
  EXPECT_EQ(one(set, "add", {"1.0"}), "None; {1, 2}");
  EXPECT_EQ(one(set, "discard", {"9"}), "None; {1, 2}");
  EXPECT_EQ(one(set, "remove", {"9"}), "raised(KeyError); {1, 2}");
  EXPECT_EQ(one(set, "remove", {"True"}), "None; {2}");
  EXPECT_EQ(one(set, "contains", {"2"}), "True; {1, 2}");
  EXPECT_THAT(after(set, "pop"), UnorderedElementsAre("1; {2}", "2; {1}"));
  EXPECT_EQ(one(state_of("set", ""), "pop"), "raised(KeyError); set()");
  EXPECT_EQ(one(set, "update", {"[2, 3, 4]"}), "None; {1, 2, 3, 4}");
  EXPECT_EQ(one(set, "difference_update", {"{2, 3}"}), "None; {1}");
  EXPECT_EQ(one(set, "copy"), "{1, 2}; {1, 2}");
  EXPECT_EQ(one(set, "clear"), "None; set()");
}

TEST(CellModels, AnswerAsTheirNamesSay) {
  EXPECT_EQ(one(state_of("counter", ""), "increment"), "None; 1");
  EXPECT_EQ(one(state_of("counter", "5"), "add", {"-2"}), "None; 3");
  EXPECT_EQ(one(state_of("counter", "5"), "next"), "5; 6");
  EXPECT_EQ(one(state_of("counter", "5"), "add_and_get", {"2"}), "7; 7");
  EXPECT_EQ(one(state_of("register", ""), "read"), "None; None");
  EXPECT_EQ(one(state_of("register", "1"), "write", {"2"}), "None; 2");
  EXPECT_EQ(one(state_of("register", "1"), "cas", {"1", "2"}), "True; 2");
  EXPECT_EQ(one(state_of("register", "1"), "cas", {"3", "2"}), "False; 1");
}

TEST(KvModel, AppendsAndReplaces) {
  EXPECT_EQ(one(state_of("kv", ""), "get", {"'k'"}), "''; {}");
  EXPECT_EQ(one(state_of("kv", "{'k': 'a'}"), "append", {"'k'", "'b'"}), "None; {'k': 'ab'}");
  EXPECT_EQ(one(state_of("kv", "{'k': 'a'}"), "put", {"'k'", "'b'"}), "None; {'k': 'b'}");
  EXPECT_EQ(one(state_of("kv", "{'k': 'a'}"), "get", {"'k'"}), "'a'; {'k': 'a'}");
}

TEST(Model, NamesWhatItDoesNotKnow) {
  HistoryMetadata metadata;
  metadata.model = "lisst";
  EXPECT_THAT(complaint(metadata), HasSubstr("there is no model 'lisst'; did you mean 'list'?"));
  metadata.model = "list";
  metadata.bound = 3;
  EXPECT_THAT(complaint(metadata), HasSubstr("list has no bound"));
  metadata.bound.reset();
  metadata.initial = parsed("{1}");
  EXPECT_THAT(complaint(metadata), HasSubstr("list cannot begin as {1}; it begins as a list"));
  const Model& dict = *find_model("dict");
  EXPECT_THAT(complaint(dict, call("getitem", {"[1]"})), HasSubstr("it takes a hashable value"));
  EXPECT_THAT(complaint(dict, call("pop", {})),
              HasSubstr("dict.pop takes 1 to 2 arguments, not 0"));
  EXPECT_EQ(complaint(dict, call("pop", {"1", "[1]"})), "");
  EXPECT_THAT(complaint(*find_model("list"), call("getitem", {"2305843009213693952"})),
              HasSubstr("an integer, a place below 2**60"));
}

TEST(Model, EveryMethodThatNeverChangesLeavesTheStateAsItIs) {
  for (const Model& model : all_models()) {
    for (const Method& method : model.methods) {
      EXPECT_EQ(&method - model.methods.data(), method.code);
      EXPECT_LE(method.arguments.size(), 3u);
      EXPECT_FALSE(method.summary.empty());
    }
  }
}

}  // namespace
}  // namespace conformance
