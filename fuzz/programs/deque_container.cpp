// deque, as programs use it. Odd kinds have a greatest length of 4.
#include "fuzz/programs/container.h"
#include "runtime/containers/deque_object.h"
#include "runtime/object/protocol.h"
#include "runtime/object/values_test_support.h"

namespace fuzzing {
namespace {

using namespace runtime;

constexpr std::int64_t kBound = 4;

Borrowed<Deque> deque_of(Doing& doing) { return as_deque(doing.subject.container); }

Ref<Object> taken_element(Doing& doing) {
  const std::int64_t number = element_number(doing.low());
  takes(doing.event, number);
  return element(doing.thread, number);
}

void append(Doing& doing) {
  none_or_raised(doing,
                 deque_add(doing.thread, deque_of(doing), End::kRight, taken_element(doing)));
}
void append_left(Doing& doing) {
  none_or_raised(doing, deque_add(doing.thread, deque_of(doing), End::kLeft, taken_element(doing)));
}
void pop(Doing& doing) {
  object_or_raised(doing, deque_pop(doing.thread, deque_of(doing), End::kRight));
}
void pop_left(Doing& doing) {
  object_or_raised(doing, deque_pop(doing.thread, deque_of(doing), End::kLeft));
}
void rotate(Doing& doing) {
  const std::int64_t steps = doing.low() - 4;
  takes(doing.event, steps);
  deque_rotate(doing.thread, deque_of(doing), steps);
}
void getitem(Doing& doing) {
  const std::int64_t place = doing.low() - 2;
  takes(doing.event, place);
  object_or_raised(doing, deque_get(doing.thread, deque_of(doing), place));
}
void setitem(Doing& doing) {
  const std::int64_t place = doing.high() % 8 - 2;
  const std::int64_t number = element_number(doing.low());
  takes(doing.event, place, number);
  none_or_raised(doing,
                 deque_set(doing.thread, deque_of(doing), place, element(doing.thread, number)));
}
void delitem(Doing& doing) {
  const std::int64_t place = doing.low() - 2;
  takes(doing.event, place);
  none_or_raised(doing, deque_set(doing.thread, deque_of(doing), place, nullptr));
}
void insert(Doing& doing) {
  const std::int64_t place = doing.high() % 8 - 2;
  const std::int64_t number = element_number(doing.low());
  takes(doing.event, place, number);
  none_or_raised(doing,
                 deque_insert(doing.thread, deque_of(doing), place, element(doing.thread, number)));
}
void len(Doing& doing) { answers(doing.event, deque_size(*deque_of(doing))); }
void clear(Doing& doing) { deque_clear(doing.thread, deque_of(doing)); }
void reverse(Doing& doing) { deque_reverse(doing.thread, deque_of(doing)); }
void copy(Doing& doing) {
  Ref<Deque> made = must(deque_copy(doing.thread, deque_of(doing)));
  numbers_of(doing, made, Answer::Kind::kNumbers);
}
void items(Doing& doing) {
  NumberWriter numbers(doing.record);
  for (const Ref<Object>& item : deque_items(doing.thread, deque_of(doing)))
    numbers.add(number_of(*item));
  answers_numbers(doing.event, numbers, Answer::Kind::kNumbers);
}

// -- no single steps --
void extend(Doing& doing) {
  none_or_raised(doing, deque_extend(doing.thread, deque_of(doing),
                                     doing.low() % 2 == 0 ? End::kRight : End::kLeft,
                                     Borrowed<Object>(doing.subject.other)));
}
void extend_by_itself(Doing& doing) {
  if (deque_size(*deque_of(doing)) > 32) return;
  none_or_raised(doing, deque_extend(doing.thread, deque_of(doing), End::kRight,
                                     Borrowed<Object>(doing.subject.container)));
}
void remove(Doing& doing) {
  Ref<Object> item = taken_element(doing);
  none_or_raised(doing, deque_remove(doing.thread, deque_of(doing), item));
}
void find(Doing& doing) {
  Ref<Object> item = taken_element(doing);
  Result<std::int64_t> found = deque_find(doing.thread, deque_of(doing), item);
  if (!raised(doing, found)) answers(doing.event, found.value());
}
void count(Doing& doing) {
  Ref<Object> item = taken_element(doing);
  Result<std::int64_t> found = deque_count(doing.thread, deque_of(doing), item);
  if (!raised(doing, found)) answers(doing.event, found.value());
}
void walk(Doing& doing) {
  Ref<Object> iterator = must(deque_iterator(doing.thread, deque_of(doing),
                                             doing.low() % 2 == 0 ? End::kLeft : End::kRight));
  for (int i = 0; i < 10; ++i) {
    Result<Ref<Object>> item = next_of(doing.thread, iterator);
    if (raised(doing, item)) return;
    if (!item.value()) return;
    (void)number_of(*item.value());
  }
}

constexpr Action kActions[] = {
    {"append", Judged::kStep, &append},
    {"appendleft", Judged::kStep, &append_left},
    {"pop", Judged::kStep, &pop},
    {"popleft", Judged::kStep, &pop_left},
    {"rotate", Judged::kStep, &rotate},
    {"getitem", Judged::kStep, &getitem},
    {"setitem", Judged::kStep, &setitem},
    {"delitem", Judged::kStep, &delitem},
    {"insert", Judged::kStep, &insert},
    {"len", Judged::kStep, &len},
    {"clear", Judged::kStep, &clear},
    {"reverse", Judged::kStep, &reverse},
    {"copy", Judged::kStep, &copy},
    {"copy", Judged::kStep, &items},
    {"index", Judged::kLook, &find},
    {"count", Judged::kLook, &count},
    {"walk", Judged::kLook, &walk},
    {"extend by another", Judged::kLoose, &extend},
    {"extend by itself", Judged::kLoose, &extend_by_itself},
    {"remove", Judged::kLoose, &remove},
};

void build(ThreadState& thread, const Program& program, Subject& subject, NumberWriter& initial) {
  const std::int64_t bound = deque_kind.bound(program.kind);
  Ref<Deque> deque = must(bound < 0 ? new_deque(thread) : new_deque(thread, bound));
  const std::int64_t size = bound < 0 ? program.size : std::min<std::int64_t>(program.size, bound);
  for (std::int64_t i = 0; i < size; ++i) {
    const std::int64_t number = element_number(7 - i);
    initial.add(number);
    must(deque_add(thread, deque, End::kRight, element(thread, number)));
  }
  Ref<Deque> other = must(new_deque(thread));
  for (std::int64_t i = 0; i < program.size % 3; ++i)
    must(deque_add(thread, other, End::kRight, element(thread, element_number(5))));
  subject.container = std::move(deque);
  subject.other = std::move(other);
}

}  // namespace

const ContainerKind deque_kind{
    "deque",
    "deque",
    kActions,
    &build,
    [](std::uint8_t kind) -> std::int64_t { return kind % 2 == 1 ? kBound : -1; },
    {"copy", Judged::kStep, &copy},
};

}  // namespace fuzzing
