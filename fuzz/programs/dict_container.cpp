// dict, as programs use it. Even kinds have ints as keys; odd ones show the attributes of an instance,
// which each thread may read, set and give up: when all have, it ends, and the dict keeps its values.
#include <algorithm>

#include "fuzz/programs/container.h"
#include "runtime/containers/dict_object.h"
#include "runtime/containers/dict_view.h"
#include "runtime/containers/instance_values.h"
#include "runtime/object/intern.h"
#include "runtime/object/protocol.h"
#include "runtime/object/values_test_support.h"

namespace fuzzing {
namespace {

using namespace runtime;

constexpr std::int64_t kFirstValue = 2000;
constexpr unsigned kAttributes = 4;  // have room inside the instance

Borrowed<Dict> dict_of(Doing& doing) { return as_dict(doing.subject.container); }

bool shows_instance(const Subject& subject) { return subject.kind % 2 == 1; }

std::int64_t key_number(const Subject& subject, std::int64_t index) {
  return shows_instance(subject) ? index : element_number(index);
}
Ref<Object> key_object(ThreadState& thread, const Subject& subject, std::int64_t index) {
  if (shows_instance(subject)) return subject.names[index].duplicate(thread);
  return element(thread, element_number(index));
}
Ref<Object> taken_key(Doing& doing) {
  takes(doing.event, key_number(doing.subject, doing.low()));
  return key_object(doing.thread, doing.subject, doing.low());
}
struct Item {
  Ref<Object> key, value;
};
Item taken_item(Doing& doing) {
  const std::int64_t value = kFirstValue + doing.high();
  takes(doing.event, key_number(doing.subject, doing.low()), value);
  return {key_object(doing.thread, doing.subject, doing.low()), element(doing.thread, value)};
}

void get(Doing& doing) {
  Ref<Object> key = taken_key(doing);
  object_or_raised(doing, dict_get(doing.thread, dict_of(doing), key));
}
void contains(Doing& doing) {
  Ref<Object> key = taken_key(doing);
  truth_or_raised(doing, dict_contains(doing.thread, dict_of(doing), key));
}
void setitem(Doing& doing) {
  Item item = taken_item(doing);
  none_or_raised(doing, dict_set(doing.thread, dict_of(doing), item.key, item.value));
}
void delitem(Doing& doing) {
  Ref<Object> key = taken_key(doing);
  none_or_raised(doing, dict_delete(doing.thread, dict_of(doing), key));
}
void pop(Doing& doing) {
  Ref<Object> key = taken_key(doing);
  object_or_raised(doing, dict_pop(doing.thread, dict_of(doing), key, nullptr));
}
void pop_with_default(Doing& doing) {
  Item item = taken_item(doing);
  object_or_raised(doing, dict_pop(doing.thread, dict_of(doing), item.key, item.value.get()));
}
void setdefault(Doing& doing) {
  Item item = taken_item(doing);
  object_or_raised(doing, dict_set_default(doing.thread, dict_of(doing), item.key, item.value));
}
void popitem(Doing& doing) {
  Result<Ref<Tuple>> popped = dict_pop_item(doing.thread, dict_of(doing));
  if (raised(doing, popped)) return;
  doing.event.answer.kind = Answer::Kind::kPair;
  doing.event.answer.number = number_of(*popped.value()->at(0));
  doing.event.answer.other = number_of(*popped.value()->at(1));
}
void len(Doing& doing) { answers(doing.event, dict_size(*dict_of(doing))); }
void clear(Doing& doing) { dict_clear(doing.thread, dict_of(doing)); }
// Keys in ascending order: the model knows the argument as a value, in which their order does not count.
void update(Doing& doing) {
  Ref<Dict> few = must(new_dict(doing.thread));
  NumberWriter numbers(doing.record);
  const std::int64_t first = std::min<std::int64_t>(doing.low(), 6);
  for (std::int64_t i = 0; i < 2; ++i) {
    const std::int64_t value = kFirstValue + doing.high() + i;
    numbers.add(key_number(doing.subject, first + i));
    numbers.add(value);
    Ref<Object> key = key_object(doing.thread, doing.subject, first + i);
    must(dict_set(doing.thread, few, key, element(doing.thread, value)));
  }
  doing.event.takes_numbers = true;
  doing.event.first = numbers.first();
  doing.event.count = numbers.count();
  none_or_raised(doing, dict_update(doing.thread, dict_of(doing), few));
}
void part(Doing& doing, DictPart part, Answer::Kind kind) {
  Ref<Tuple> items = must(dict_part_as_tuple(doing.thread, dict_of(doing), part));
  numbers_of(doing, items, kind);
}
void keys(Doing& doing) { part(doing, DictPart::kKeys, Answer::Kind::kNumbers); }
void values(Doing& doing) { part(doing, DictPart::kValues, Answer::Kind::kNumbers); }
void items(Doing& doing) { part(doing, DictPart::kItems, Answer::Kind::kPairs); }

// -- by way of the instance --
Instance* instance_of(Doing& doing) {
  return static_cast<Instance*>(doing.subject.instance[doing.number].get());
}
Borrowed<Str> name_of(Doing& doing) {
  return Borrowed<Str>(static_cast<Str*>(doing.subject.names[doing.low()].get()));
}
void get_attribute(Doing& doing) {
  Instance* instance = instance_of(doing);
  if (instance == nullptr) return get(doing);
  takes(doing.event, doing.low());
  object_or_raised(doing, instance_get(doing.thread, Borrowed(instance), name_of(doing)));
}
void set_attribute(Doing& doing) {
  Instance* instance = instance_of(doing);
  if (instance == nullptr) return setitem(doing);
  const std::int64_t value = kFirstValue + doing.high();
  takes(doing.event, doing.low(), value);
  Ref<Object> object = element(doing.thread, value);
  none_or_raised(doing, instance_set(doing.thread, Borrowed(instance), name_of(doing), object));
}
void give_instance_up(Doing& doing) { doing.subject.instance[doing.number].drop(doing.thread); }

// -- no single steps --
void walk(Doing& doing) {
  const auto part = static_cast<DictPart>(doing.low() % 3);
  const Direction direction = doing.high() % 2 == 0 ? Direction::kForward : Direction::kReversed;
  Ref<Object> iterator = must(new_dict_iterator(doing.thread, dict_of(doing), part, direction));
  for (int i = 0; i < 10; ++i) {
    Result<Ref<Object>> item = next_of(doing.thread, iterator);
    if (raised(doing, item)) return;
    if (!item.value()) return;
    if (part != DictPart::kItems) (void)number_of(*item.value());
  }
}
void copy(Doing& doing) {
  Ref<Dict> made = must(copy_dict(doing.thread, dict_of(doing)));
  Ref<Tuple> items = must(dict_part_as_tuple(doing.thread, made, DictPart::kItems));
  numbers_of(doing, items, Answer::Kind::kPairs);
}
void update_by_other(Doing& doing) {
  none_or_raised(doing,
                 dict_update(doing.thread, dict_of(doing), Borrowed<Object>(doing.subject.other)));
}
void other_updates(Doing& doing) {
  none_or_raised(doing, dict_update(doing.thread, as_dict(doing.subject.other),
                                    Borrowed<Object>(doing.subject.container)));
}

constexpr Action kActions[] = {
    {"get", Judged::kRead, &get},
    {"contains", Judged::kRead, &contains},
    {"setitem", Judged::kStep, &setitem},
    {"delitem", Judged::kStep, &delitem},
    {"pop", Judged::kStep, &pop},
    {"pop", Judged::kStep, &pop_with_default},
    {"setdefault", Judged::kStep, &setdefault},
    {"popitem", Judged::kStep, &popitem},
    {"clear", Judged::kStep, &clear},
    {"update", Judged::kParts, &update},
    {"keys", Judged::kStep, &keys},
    {"values", Judged::kStep, &values},
    {"items", Judged::kStep, &items},
    {"items", Judged::kStep, &copy},
    {"get", Judged::kRead, &get_attribute},
    {"setitem", Judged::kStep, &set_attribute},
    {"give the instance up", Judged::kLook, &give_instance_up},
    {"len", Judged::kLook, &len},  // a number that may be out of date when it is looked at
    {"walk", Judged::kLook, &walk},
    {"another is updated by it", Judged::kLook, &other_updates},
    {"update by another", Judged::kLoose, &update_by_other},
};

void build_instance(ThreadState& thread, Subject& subject) {
  for (unsigned i = 0; i < Subject::kNames; ++i) {
    const char name[2] = {static_cast<char>('a' + i), 0};
    subject.names[i] = must(intern(thread, std::string_view(name)));
  }
  Ref<InstanceType> type = new_instance_type(thread, TypeSlots{.name = "C"}, kAttributes);
  Ref<Instance> instance = new_instance(thread, type);
  subject.container = must(instance_dict(thread, instance));
  for (Ref<Object>& each : subject.instance) each = instance.duplicate(thread);
  subject.instance_type = std::move(type);
}

void build(ThreadState& thread, const Program& program, Subject& subject, NumberWriter& initial) {
  if (shows_instance(subject)) {
    build_instance(thread, subject);
  } else {
    subject.container = must(new_dict(thread));
  }
  subject.other = must(new_dict(thread));
  for (std::int64_t i = 0; i < program.size; ++i) {
    const std::int64_t value = kFirstValue + 100 + i;
    initial.add(key_number(subject, i));
    initial.add(value);
    Ref<Object> key = key_object(thread, subject, i);
    must(dict_set(thread, as_dict(subject.container), key, element(thread, value)));
  }
}

}  // namespace

const ContainerKind dict_kind{
    "dict",
    "dict",
    kActions,
    &build,
    [](std::uint8_t) -> std::int64_t { return -1; },
    {"items", Judged::kStep, &items},
};

}  // namespace fuzzing
