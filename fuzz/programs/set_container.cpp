// set, as programs use it. The second one is never changed.
#include "fuzz/programs/container.h"
#include "runtime/containers/set_iterator.h"
#include "runtime/containers/set_object.h"
#include "runtime/containers/set_operations.h"
#include "runtime/object/protocol.h"
#include "runtime/object/values_test_support.h"

namespace fuzzing {
namespace {

using namespace runtime;

Borrowed<Set> set_of(Doing& doing) { return as_set(doing.subject.container); }

Ref<Object> taken_member(Doing& doing) {
  const std::int64_t number = element_number(doing.low());
  takes(doing.event, number);
  return element(doing.thread, number);
}
Ref<Set> few_members(Doing& doing) {
  Ref<Set> few = must(new_set(doing.thread));
  NumberWriter numbers(doing.record);
  for (std::int64_t i = 0; i < doing.high() % 4; ++i) {
    const std::int64_t number = element_number((doing.low() + i) % 8);
    numbers.add(number);
    Ref<Object> member = element(doing.thread, number);
    must(set_add(doing.thread, few, member));
  }
  doing.event.takes_numbers = true;
  doing.event.first = numbers.first();
  doing.event.count = numbers.count();
  return few;
}

void add(Doing& doing) {
  Ref<Object> member = taken_member(doing);
  none_or_raised(doing, set_add(doing.thread, set_of(doing), member));
}
void discard(Doing& doing) {
  Ref<Object> member = taken_member(doing);
  none_or_raised(doing, set_discard(doing.thread, set_of(doing), member));
}
void remove(Doing& doing) {
  Ref<Object> member = taken_member(doing);
  none_or_raised(doing, set_remove(doing.thread, set_of(doing), member));
}
void contains(Doing& doing) {
  Ref<Object> member = taken_member(doing);
  truth_or_raised(doing, set_contains(doing.thread, set_of(doing), member));
}
void pop(Doing& doing) { object_or_raised(doing, set_pop(doing.thread, set_of(doing))); }
void len(Doing& doing) { answers(doing.event, set_size(*set_of(doing))); }
void clear(Doing& doing) { set_clear(doing.thread, set_of(doing)); }
void update(Doing& doing) {
  Ref<Set> few = few_members(doing);
  none_or_raised(doing, set_update(doing.thread, set_of(doing), few));
}
void difference_update(Doing& doing) {
  Ref<Set> few = few_members(doing);
  none_or_raised(doing, set_difference_update(doing.thread, set_of(doing), few));
}
void copy(Doing& doing) {
  Ref<Set> made = must(set_copy(doing.thread, set_of(doing)));
  numbers_of(doing, made, Answer::Kind::kNumbers);
}
void to_tuple(Doing& doing) {
  Ref<Tuple> made = must(set_to_tuple(doing.thread, set_of(doing)));
  numbers_of(doing, made, Answer::Kind::kNumbers);
}

// -- not in the model --
void unite(Doing& doing) {
  Ref<Set> made =
      must(set_union(doing.thread, set_of(doing), Borrowed<Object>(doing.subject.other)));
  numbers_of(doing, made, Answer::Kind::kNumbers);
}
void intersect(Doing& doing) {
  none_or_raised(doing, set_intersection_update(doing.thread, set_of(doing),
                                                Borrowed<Object>(doing.subject.other)));
}
void exchange(Doing& doing) {
  none_or_raised(doing, set_symmetric_difference_update(doing.thread, set_of(doing),
                                                        Borrowed<Object>(doing.subject.other)));
}
void update_by_itself(Doing& doing) {
  none_or_raised(
      doing, set_update(doing.thread, set_of(doing), Borrowed<Object>(doing.subject.container)));
}
void walk(Doing& doing) {
  Ref<Object> iterator = must(new_set_iterator(doing.thread, set_of(doing)));
  for (int i = 0; i < 10; ++i) {
    Result<Ref<Object>> item = next_of(doing.thread, iterator);
    if (raised(doing, item)) return;
    if (!item.value()) return;
    (void)number_of(*item.value());
  }
}

constexpr Action kActions[] = {
    {"add", Judged::kStep, &add},
    {"discard", Judged::kStep, &discard},
    {"remove", Judged::kStep, &remove},
    {"contains", Judged::kRead, &contains},
    {"pop", Judged::kStep, &pop},
    {"clear", Judged::kStep, &clear},
    {"update", Judged::kParts, &update},
    {"difference_update", Judged::kParts, &difference_update},
    {"copy", Judged::kStep, &copy},
    {"copy", Judged::kStep, &to_tuple},
    {"len", Judged::kLook, &len},  // a number that may be out of date when it is looked at
    {"union", Judged::kLook, &unite},
    {"update", Judged::kLook, &update_by_itself},
    {"walk", Judged::kLook, &walk},
    {"intersection_update", Judged::kLoose, &intersect},
    {"symmetric_difference_update", Judged::kLoose, &exchange},
};

void build(ThreadState& thread, const Program& program, Subject& subject, NumberWriter& initial) {
  Ref<Set> set = must(new_set(thread));
  for (std::int64_t i = 0; i < program.size; ++i) {
    const std::int64_t number = element_number(7 - i);
    initial.add(number);
    Ref<Object> member = element(thread, number);
    must(set_add(thread, set, member));
  }
  Ref<Set> other = must(new_set(thread));
  for (std::int64_t i = 0; i < program.kind % 4; ++i) {
    Ref<Object> member = element(thread, element_number(2 * i + 1));
    must(set_add(thread, other, member));
  }
  subject.container = std::move(set);
  subject.other = std::move(other);
}

}  // namespace

const ContainerKind set_kind{
    "set",
    "set",
    kActions,
    &build,
    [](std::uint8_t) -> std::int64_t { return -1; },
    {"copy", Judged::kStep, &copy},
};

}  // namespace fuzzing
