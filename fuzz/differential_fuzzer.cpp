// Does one thread that does many things to a list, a dict, a set or a deque see what the model says?
//
// The first byte chooses the container, the second its kind, the third how much is in it; then pairs
// (action, argument), as many as there are. Each answer is compared with what the model of
// conformance/linearizability does in the state it is in (ModelState; a set may give up any member), and
// so is what the container holds at the end. Actions of which the model knows nothing are left out.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "conformance/linearizability/model.h"
#include "fuzz/programs/container.h"
#include "runtime/object/values_test_support.h"

namespace {

using namespace fuzzing;
using conformance::ModelState;
using conformance::ModelStep;
using conformance::Operation;
using conformance::Value;

constexpr std::size_t kLongest = 400;  // actions

Value integer(std::int64_t number) { return {Value::Type::Int, std::to_string(number), {}}; }
Value none_value() { return {Value::Type::None, "", {}}; }

// As the model spells a collection of this kind.
Value collection(std::span<const std::int64_t> numbers, const std::string& model, bool is_state) {
  std::string text;
  const bool pairs = model == "dict" && is_state;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (i > 0) text += pairs && i % 2 == 1 ? ": " : ", ";
    text += std::to_string(numbers[i]);
  }
  if (pairs) {
    text = "{" + text + "}";
  } else if (model == "set") {
    text = numbers.empty() ? "set()" : "{" + text + "}";
  } else {
    text = "[" + text + "]";
  }
  conformance::ValueError error;
  std::optional<Value> value = conformance::parse_value(text, error);
  if (!value) std::fprintf(stderr, "%s: %s\n", text.c_str(), error.message.c_str()), std::abort();
  return *value;
}

Value pair_value(std::int64_t first, std::int64_t second) {
  return {Value::Type::Tuple, "", {integer(first), integer(second)}};
}

std::span<const std::int64_t> numbers_at(const Recorder::OfThread& record, unsigned first,
                                         unsigned count) {
  return std::span(record.numbers).subspan(first, count);
}

Value answered(const Recorder::OfThread& record, const Answer& answer, const std::string& model) {
  static const char* const kExceptions[] = {"KeyError", "IndexError", "ValueError", "RuntimeError"};
  switch (answer.kind) {
    case Answer::Kind::kNone:
      return none_value();
    case Answer::Kind::kTruth:
      return {Value::Type::Bool, answer.number != 0 ? "True" : "False", {}};
    case Answer::Kind::kNumber:
      return integer(answer.number);
    case Answer::Kind::kRaised:
      return conformance::raised(kExceptions[answer.number]);
    case Answer::Kind::kPair:
      return pair_value(answer.number, answer.other);
    case Answer::Kind::kNumbers:
      return collection(numbers_at(record, answer.first, answer.count), model, false);
    case Answer::Kind::kPairs:
      break;
  }
  Value list{Value::Type::List, "", {}};
  const auto numbers = numbers_at(record, answer.first, answer.count);
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2)
    list.items.push_back(pair_value(numbers[i], numbers[i + 1]));
  return list;
}

Operation operation_of(const Recorder::OfThread& record, const Event& event,
                       const std::string& model) {
  Operation operation;
  operation.method = event.method;
  if (event.takes_numbers) {
    operation.arguments.push_back(
        collection(numbers_at(record, event.first, event.count), model, true));
  } else {
    for (unsigned i = 0; i < event.arguments; ++i)
      operation.arguments.push_back(integer(event.argument[i]));
  }
  operation.result = answered(record, event.answer, model);
  return operation;
}

// The model goes on as the container has answered; aborts when it cannot.
void follow(ModelState& state, const Operation& operation) {
  std::string known;
  for (ModelStep& step : state.apply(operation)) {
    if (step.result == operation.result) {
      state = std::move(step.next);
      return;
    }
    known += (known.empty() ? "" : " or ") + to_string(step.result);
  }
  std::fprintf(stderr, "%s\n  in the state %s; the model answers %s\n",
               conformance::describe(operation).c_str(), to_string(state.value()).c_str(),
               known.c_str());
  std::abort();
}

void run(const ContainerKind& kind, const Program& header, std::span<const std::uint8_t> steps) {
  const std::string model = kind.model;
  runtime::ValueKernel kernel;
  static Recorder::OfThread record;
  record.used = record.count = 0;
  Subject subject;
  subject.kind = header.kind;
  NumberWriter initial(record);
  kind.build(kernel.here(), header, subject, initial);
  conformance::HistoryMetadata metadata;
  metadata.model = model;
  metadata.initial = collection(numbers_at(record, initial.first(), initial.count()), model, true);
  if (kind.bound(header.kind) >= 0) metadata.bound = kind.bound(header.kind);
  ModelState state(metadata);
  const auto one = [&](const Action& action, std::uint8_t argument) {
    record.used = record.count = 0;
    perform(action, kernel.here(), 0, subject, record, argument, [] { return 0; });
    if (record.events[0].judged < Judged::kLook)
      follow(state, operation_of(record, record.events[0], model));
  };
  for (std::size_t i = 0; i + 1 < std::min(steps.size(), 2 * kLongest); i += 2) {
    if (const Action* action = action_of(kind, false, Step{steps[i], steps[i + 1]}))
      one(*action, steps[i + 1]);
  }
  one(kind.observe, 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  static const ContainerKind* const kKinds[] = {&list_kind, &dict_kind, &set_kind, &deque_kind};
  Program header;
  header.kind = data[1];
  header.size = data[2] % 8;
  run(*kKinds[data[0] % 4], header, std::span(data, size).subspan(3));
  return 0;
}
