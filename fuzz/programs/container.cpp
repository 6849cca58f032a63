#include "fuzz/programs/container.h"

#include <utility>

#include "runtime/object/exception_object.h"
#include "runtime/object/int_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/str_object.h"
#include "runtime/object/values_test_support.h"

namespace fuzzing {

using namespace runtime;

namespace {

constexpr std::int64_t kImmortal = 4;      // indexes below are ints that are never counted
constexpr std::int64_t kFirstMade = 1000;  // beyond what is kept as one object

}  // namespace

std::int64_t element_number(std::int64_t index) {
  return index < kImmortal ? index : kFirstMade + index;
}

Ref<Object> element(ThreadState& thread, std::int64_t number) {
  return must(new_int(thread, number));
}

std::int64_t number_of(const Object& object) {
  if (is_str(object)) return static_cast<const Str&>(object).bytes()[0] - 'a';
  RT_CHECK(is_int(object), "what comes out of a container was put in");
  return static_cast<const Int&>(object).small;
}

void takes(Event& event, std::int64_t first) {
  event.arguments = 1;
  event.argument[0] = first;
}
void takes(Event& event, std::int64_t first, std::int64_t second) {
  event.arguments = 2;
  event.argument[0] = first;
  event.argument[1] = second;
}
void answers(Event& event, std::int64_t number) {
  event.answer.kind = Answer::Kind::kNumber;
  event.answer.number = number;
}
void answers_truth(Event& event, bool truth) {
  event.answer.kind = Answer::Kind::kTruth;
  event.answer.number = truth;
}
void answers_none(Event& event) { event.answer.kind = Answer::Kind::kNone; }
void raises(Event& event, Answer::Exception exception) {
  event.answer.kind = Answer::Kind::kRaised;
  event.answer.number = exception;
}
void answers_numbers(Event& event, const NumberWriter& numbers, Answer::Kind kind) {
  event.answer.kind = kind;
  event.answer.first = numbers.first();
  event.answer.count = numbers.count();
}

void raises(Doing& doing, Raised raised) {
  const Type& type = *raised.exception()->type;
  const auto is = [&](const Type& of) { return &type == &of; };
  if (is(key_error_type)) return raises(doing.event, Answer::kKeyError);
  if (is(index_error_type)) return raises(doing.event, Answer::kIndexError);
  if (is(value_error_type)) return raises(doing.event, Answer::kValueError);
  RT_CHECK(is(runtime_error_type), "a container raises what Python says it raises");
  raises(doing.event, Answer::kRuntimeError);
}

void object_or_raised(Doing& doing, Result<Ref<Object>> result) {
  if (raised(doing, result)) return;
  Ref<Object> object = std::move(result).value();
  if (!object || is_none(object.get())) return answers_none(doing.event);
  answers(doing.event, number_of(*object));
}

void numbers_of(Doing& doing, Borrowed<Object> items, Answer::Kind kind) {
  NumberWriter numbers(doing.record);
  Ref<Object> iterator = must(get_iterator(doing.thread, items));
  while (Ref<Object> item = must(next_of(doing.thread, iterator))) {
    if (kind == Answer::Kind::kPairs) {
      numbers.add(number_of(*as_tuple(item)->at(0)));
      numbers.add(number_of(*as_tuple(item)->at(1)));
    } else {
      numbers.add(number_of(*item));
    }
  }
  answers_numbers(doing.event, numbers, kind);
}

}  // namespace fuzzing
