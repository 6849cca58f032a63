// One iterator that all threads share, over a container that they may change. What Python promises of
// that, and what this runtime promises beyond, is checked by iterator_laws.cpp; no model knows it.
//
// The kind chooses the iterator: over a list, forwards or backwards; a set; a dict's keys or values; a
// deque; enumerate, reversed and zip over a list.
#include "fuzz/programs/iterators_container.h"

#include "runtime/containers/deque_object.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/dict_view.h"
#include "runtime/containers/enumerate_iterator.h"
#include "runtime/containers/list_iterator.h"
#include "runtime/containers/list_object.h"
#include "runtime/containers/reversed_iterator.h"
#include "runtime/containers/set_iterator.h"
#include "runtime/containers/set_object.h"
#include "runtime/containers/zip_iterator.h"
#include "runtime/object/protocol.h"
#include "runtime/object/values_test_support.h"

namespace fuzzing {
namespace {

using namespace runtime;

Borrowed<Object> changed(Doing& doing) { return Borrowed<Object>(doing.subject.other); }

// What was told: a number, a pair of numbers, None at the end, or an exception.
void next(Doing& doing) {
  Result<Ref<Object>> item = next_of(doing.thread, Borrowed<Object>(doing.subject.container));
  if (raised(doing, item)) return;
  if (!item.value()) return answers_none(doing.event);
  const Object& object = *item.value();
  if (!is_tuple(object)) return answers(doing.event, number_of(object));
  const Borrowed<Tuple> pair = as_tuple(item.value());
  doing.event.answer.kind = Answer::Kind::kPair;
  doing.event.answer.number = number_of(*pair->at(0));
  doing.event.answer.other = number_of(*pair->at(1));
}

void drain(Doing& doing) {
  NumberWriter numbers(doing.record);
  for (int i = 0; i < 12; ++i) {
    Result<Ref<Object>> item = next_of(doing.thread, Borrowed<Object>(doing.subject.container));
    if (raised(doing, item)) return;
    if (!item.value()) break;
    const Object& object = *item.value();
    numbers.add(is_tuple(object) ? number_of(*as_tuple(item.value())->at(0)) : number_of(object));
  }
  answers_numbers(doing.event, numbers, Answer::Kind::kNumbers);
}

// -- changes; each does to the container what comes nearest --
void add(Doing& doing) {
  const std::int64_t number = element_number(doing.low());
  takes(doing.event, number);
  Ref<Object> item = element(doing.thread, number);
  const Borrowed<Object> container = changed(doing);
  if (is_list(*container)) {
    must(list_append(doing.thread, as_list(container), std::move(item)));
  } else if (is_deque(*container)) {
    must(deque_add(doing.thread, as_deque(container), End::kRight, std::move(item)));
  } else if (is_dict(*container)) {
    must(dict_set(doing.thread, as_dict(container), item, item));
  } else {
    must(set_add(doing.thread, as_set(container), item));
  }
}
void take(Doing& doing) {
  const Borrowed<Object> container = changed(doing);
  if (is_list(*container)) {
    object_or_raised(doing, list_pop(doing.thread, as_list(container)));
  } else if (is_deque(*container)) {
    object_or_raised(doing, deque_pop(doing.thread, as_deque(container), End::kLeft));
  } else if (is_dict(*container)) {
    Result<Ref<Tuple>> popped = dict_pop_item(doing.thread, as_dict(container));
    if (!raised(doing, popped)) answers(doing.event, number_of(*popped.value()->at(0)));
  } else {
    object_or_raised(doing, set_pop(doing.thread, as_set(container)));
  }
}
void clear(Doing& doing) {
  const Borrowed<Object> container = changed(doing);
  if (is_list(*container)) {
    list_clear(doing.thread, as_list(container));
  } else if (is_deque(*container)) {
    deque_clear(doing.thread, as_deque(container));
  } else if (is_dict(*container)) {
    dict_clear(doing.thread, as_dict(container));
  } else {
    set_clear(doing.thread, as_set(container));
  }
}

constexpr Action kActions[] = {
    {"next", Judged::kStep, &next}, {"drain", Judged::kStep, &drain},
    {"next", Judged::kStep, &next}, {"add", Judged::kStep, &add},
    {"take", Judged::kStep, &take}, {"clear", Judged::kStep, &clear},
};

Ref<Object> new_container(ThreadState& thread, IteratorKind kind) {
  switch (kind) {
    case IteratorKind::kSet:
      return must(new_set(thread));
    case IteratorKind::kDictKeys:
    case IteratorKind::kDictValues:
      return must(new_dict(thread));
    case IteratorKind::kDeque:
      return must(new_deque(thread));
    default:
      return must(new_list(thread));
  }
}

Ref<Object> new_iterator(ThreadState& thread, IteratorKind kind, Borrowed<Object> container) {
  switch (kind) {
    case IteratorKind::kList:
      return must(new_list_iterator(thread, as_list(container)));
    case IteratorKind::kListReverse:
      return must(new_list_reverse_iterator(thread, as_list(container)));
    case IteratorKind::kSet:
      return must(new_set_iterator(thread, as_set(container)));
    case IteratorKind::kDictKeys:
      return must(
          new_dict_iterator(thread, as_dict(container), DictPart::kKeys, Direction::kForward));
    case IteratorKind::kDictValues:
      return must(
          new_dict_iterator(thread, as_dict(container), DictPart::kValues, Direction::kReversed));
    case IteratorKind::kDeque:
      return must(deque_iterator(thread, as_deque(container), End::kLeft));
    case IteratorKind::kEnumerate:
      return must(new_enumerate(thread, container));
    case IteratorKind::kReversed: {
      Ref<Tuple> tuple = must(list_to_tuple(thread, as_list(container)));
      return must(new_reversed(thread, tuple));
    }
    case IteratorKind::kZip:
      break;
  }
  const Borrowed<Object> both[] = {container, container};
  return must(new_zip(thread, both));
}

void build(ThreadState& thread, const Program& program, Subject& subject, NumberWriter& initial) {
  const IteratorKind kind = iterator_kind(program.kind);
  subject.other = new_container(thread, kind);
  Recorder::OfThread nowhere;
  Event event;
  for (std::int64_t i = 0; i < program.size; ++i) {
    Doing doing{thread, 0, subject, event, nowhere, static_cast<std::uint8_t>(7 - i)};
    add(doing);
    initial.add(element_number(7 - i));
  }
  subject.container = new_iterator(thread, kind, Borrowed<Object>(subject.other));
}

}  // namespace

const ContainerKind iterators_kind{
    "iterators",
    "",
    kActions,
    &build,
    [](std::uint8_t) -> std::int64_t { return -1; },
    {"drain", Judged::kStep, &drain},
};

}  // namespace fuzzing
