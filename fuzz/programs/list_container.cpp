// list, as programs use it. Kinds: an even one has a small array at the beginning, an odd one has been
// longer before, so that appending does not replace the array.
#include "fuzz/programs/container.h"
#include "runtime/containers/list_iterator.h"
#include "runtime/containers/list_object.h"
#include "runtime/object/object_block.h"
#include "runtime/object/protocol.h"
#include "runtime/object/slice_object.h"
#include "runtime/object/values_test_support.h"

namespace fuzzing {
namespace {

using namespace runtime;

Borrowed<List> list_of(Doing& doing) { return as_list(doing.subject.container); }
Borrowed<List> other_of(Doing& doing) { return as_list(doing.subject.other); }

Ref<Object> taken_element(Doing& doing) {
  const std::int64_t number = element_number(doing.low());
  takes(doing.event, number);
  return element(doing.thread, number);
}

Ref<List> few_elements(Doing& doing) {
  Ref<List> few = must(new_list(doing.thread));
  NumberWriter numbers(doing.record);
  for (std::int64_t i = 0; i < doing.high() % 4; ++i) {
    const std::int64_t number = element_number((doing.low() + i) % 8);
    numbers.add(number);
    must(list_append(doing.thread, few, element(doing.thread, number)));
  }
  doing.event.takes_numbers = true;
  doing.event.first = numbers.first();
  doing.event.count = numbers.count();
  return few;
}

void append(Doing& doing) {
  none_or_raised(doing, list_append(doing.thread, list_of(doing), taken_element(doing)));
}
void pop(Doing& doing) { object_or_raised(doing, list_pop(doing.thread, list_of(doing))); }
void pop_at(Doing& doing) {
  const std::int64_t place = doing.low() - 2;
  takes(doing.event, place);
  object_or_raised(doing, list_pop(doing.thread, list_of(doing), place));
}
void insert(Doing& doing) {
  const std::int64_t place = doing.high() % 8 - 2;
  const std::int64_t number = element_number(doing.low());
  takes(doing.event, place, number);
  none_or_raised(doing,
                 list_insert(doing.thread, list_of(doing), place, element(doing.thread, number)));
}
void getitem(Doing& doing) {
  takes(doing.event, doing.low());
  Ref<Object> found = list_get(doing.thread, list_of(doing), doing.low());
  if (!found) return raises(doing.event, Answer::kIndexError);
  answers(doing.event, number_of(*found));
}
void setitem(Doing& doing) {
  const std::int64_t number = element_number(doing.low());
  takes(doing.event, doing.high() % 8, number);
  if (list_set(doing.thread, list_of(doing), doing.high() % 8, element(doing.thread, number)))
    return answers_none(doing.event);
  raises(doing.event, Answer::kIndexError);
}
void delitem(Doing& doing) {
  const std::int64_t place = doing.low() - 2;
  takes(doing.event, place);
  if (list_delete(doing.thread, list_of(doing), place)) return answers_none(doing.event);
  raises(doing.event, Answer::kIndexError);
}
void len(Doing& doing) { answers(doing.event, list_size(*list_of(doing))); }
void clear(Doing& doing) { list_clear(doing.thread, list_of(doing)); }
void reverse(Doing& doing) { list_reverse(doing.thread, list_of(doing)); }
void extend(Doing& doing) {
  Ref<List> few = few_elements(doing);
  none_or_raised(doing, list_extend(doing.thread, list_of(doing), few));
}
void copy(Doing& doing) {
  Ref<List> made = must(list_copy(doing.thread, list_of(doing)));
  numbers_of(doing, made, Answer::Kind::kNumbers);
}
void to_tuple(Doing& doing) {
  Ref<Tuple> made = must(list_to_tuple(doing.thread, list_of(doing)));
  numbers_of(doing, made, Answer::Kind::kNumbers);
}
void get_slice(Doing& doing) {
  Ref<List> made = must(list_slice(doing.thread, list_of(doing), 0, INT64_MAX));
  numbers_of(doing, made, Answer::Kind::kNumbers);
}

// -- no single steps --
void remove(Doing& doing) {
  Ref<Object> item = taken_element(doing);
  none_or_raised(doing, list_remove(doing.thread, list_of(doing), item));
}
void index(Doing& doing) {
  Ref<Object> item = taken_element(doing);
  Result<std::int64_t> found = list_index(doing.thread, list_of(doing), item);
  if (!raised(doing, found)) answers(doing.event, found.value());
}
void count(Doing& doing) {
  Ref<Object> item = taken_element(doing);
  answers(doing.event, must(list_count(doing.thread, list_of(doing), item)));
}
void contains(Doing& doing) {
  Ref<Object> item = taken_element(doing);
  truth_or_raised(doing, list_contains(doing.thread, list_of(doing), item));
}
void sort(Doing& doing) {
  none_or_raised(doing, list_sort(doing.thread, list_of(doing), nullptr, doing.low() % 2 == 1));
}
// Two lists that extend each other double in length at every step.
bool is_long(Borrowed<List> list) { return list_size(*list) > 24; }

void extend_by_other(Doing& doing) {
  if (is_long(list_of(doing))) return list_clear(doing.thread, list_of(doing));
  none_or_raised(doing, list_extend(doing.thread, list_of(doing), other_of(doing)));
}
void other_extends(Doing& doing) {
  if (is_long(other_of(doing))) return list_clear(doing.thread, other_of(doing));
  none_or_raised(doing, list_extend(doing.thread, other_of(doing), list_of(doing)));
}
void set_slice(Doing& doing) {
  if (is_long(list_of(doing))) return list_clear(doing.thread, list_of(doing));
  Ref<Object> first = number(doing.thread, doing.low());
  Ref<Object> last = number(doing.thread, doing.high() % 8);
  Ref<Object> nothing = none();
  Ref<Slice> slice = must(new_slice(doing.thread, first, last, nothing));
  Object* source = doing.high() >= 16 ? nullptr : other_of(doing).get();
  none_or_raised(doing, list_set_slice(doing.thread, list_of(doing), slice, source));
}
void walk(Doing& doing) {
  Ref<Object> iterator =
      must(doing.low() % 2 == 0 ? new_list_iterator(doing.thread, list_of(doing))
                                : new_list_reverse_iterator(doing.thread, list_of(doing)));
  for (int i = 0; i < 10; ++i) {
    Ref<Object> item = must(next_of(doing.thread, iterator));
    if (!item) break;
    (void)number_of(*item);
  }
}

constexpr Action kActions[] = {
    {"append", Judged::kStep, &append},
    {"pop", Judged::kStep, &pop},
    {"pop", Judged::kParts, &pop_at},
    {"insert", Judged::kParts, &insert},
    {"getitem", Judged::kRead, &getitem},
    {"setitem", Judged::kStep, &setitem},
    {"delitem", Judged::kParts, &delitem},
    {"len", Judged::kStep, &len},
    {"clear", Judged::kStep, &clear},
    {"reverse", Judged::kParts, &reverse},
    {"extend", Judged::kStep, &extend},
    {"copy", Judged::kStep, &copy},
    {"copy", Judged::kStep, &to_tuple},
    {"copy", Judged::kStep, &get_slice},
    {"index", Judged::kLook, &index},
    {"count", Judged::kLook, &count},
    {"contains", Judged::kLook, &contains},
    {"walk", Judged::kLook, &walk},
    {"another extends by it", Judged::kLook, &other_extends},
    {"remove", Judged::kLoose, &remove},
    {"sort", Judged::kLoose, &sort},
    {"extend by another", Judged::kLoose, &extend_by_other},
    {"assign a slice", Judged::kLoose, &set_slice},
};

void build(ThreadState& thread, const Program& program, Subject& subject, NumberWriter& initial) {
  Ref<List> list = must(new_list(thread));
  if (program.kind % 2 == 1) {
    for (std::int64_t i = 0; i < 16; ++i) must(list_append(thread, list, shared_int(i)));
    while (list_size(*list) > 0) must(list_pop(thread, list));
  }
  for (std::int64_t i = 0; i < program.size; ++i) {
    const std::int64_t number = element_number(7 - i);
    initial.add(number);
    must(list_append(thread, list, element(thread, number)));
  }
  Ref<List> other = must(new_list(thread));
  for (std::int64_t i = 0; i < program.size % 3; ++i)
    must(list_append(thread, other, element(thread, element_number(5))));
  subject.container = std::move(list);
  subject.other = std::move(other);
}

}  // namespace

const ContainerKind list_kind{
    "list",
    "list",
    kActions,
    &build,
    [](std::uint8_t) -> std::int64_t { return -1; },
    {"copy", Judged::kStep, &copy},
};

}  // namespace fuzzing
