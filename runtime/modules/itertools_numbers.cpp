// count, repeat, cycle: iterators that go on by themselves.
// https://docs.python.org/3/library/itertools.html#infinite-iterators
#include "runtime/base/mutants.h"
#include "runtime/containers/list_object.h"
#include "runtime/modules/iterator_support.h"
#include "runtime/modules/itertools_types.h"
#include "runtime/object/int_object.h"
#include "runtime/object/singletons.h"
#include "runtime/object/str_object.h"
#include "runtime/object/tuple_object.h"

namespace runtime {

namespace {

// -- count --

struct Count : Object {
  Object* number;  // the next one
  Object* step;    // constant
};

Result<Ref<Object>> next_number(ThreadState& thread, Borrowed<Object> object) {
  Count& count = *static_cast<Count*>(object.get());
  // Around the sum as well: for numbers of the language nothing in it blocks, so that each is given
  // out once.
  Ref<Object> early =
      RT_MUTANT(count_read_too_early) ? read_field(thread, count, &Count::number) : nullptr;
  ObjectSection section(thread, object);
  Ref<Object> number = early ? std::move(early) : share_field(thread, count.number);
  if (!number) return Ref<Object>();
  TRY_ASSIGN(Ref<Object> following, binary(thread, number, Borrowed(count.step), BinaryOp::kAdd));
  following = exchange_field(count.number, std::move(following));
  return number;
}

bool is_number(Borrowed<Object> object) {
  const Protocol& protocol = protocol_of(object);
  return protocol.index != nullptr || protocol.as_int != nullptr || protocol.as_float != nullptr;
}

Result<Ref<Object>> make_count(ThreadState& thread, Borrowed<Object> type,
                               const BoundArguments& arguments) {
  for (unsigned i = 0; i < 2; ++i) {
    if (arguments.has(i) && !is_number(arguments.at(i))) {
      return raise(thread, type_error_type, "a number is required");
    }
  }
  TRY_ASSIGN(Ref<Count> count, new_instance_of<Count>(thread, type));
  Ref<Object> start =
      arguments.has(0) ? Ref<Object>::share(thread, arguments.at(0)) : Ref<Object>(shared_int(0));
  Ref<Object> step =
      arguments.has(1) ? Ref<Object>::share(thread, arguments.at(1)) : Ref<Object>(shared_int(1));
  count->step = step.release();
  count->number = start.release();
  return count;
}

Result<Ref<Str>> repr_of_count(ThreadState& thread, Borrowed<Object> object) {
  Count& count = *static_cast<Count*>(object.get());
  Ref<Object> number = read_field(thread, count, &Count::number);
  if (!number) return new_str(thread, "count()");
  TRY_ASSIGN(Ref<Str> shown, repr_of(thread, number));
  std::string text = "count(" + utf8_of(*shown);
  const bool is_one = is_int(*Borrowed(count.step)) && count.step->type != &bool_type &&
                      int64_of(*as_int(Borrowed(count.step))) == 1;
  if (!is_one) {
    TRY_ASSIGN(Ref<Str> step, repr_of(thread, Borrowed(count.step)));
    text += ", " + utf8_of(*step);
  }
  return new_str(thread, text + ")");
}

constexpr Protocol kCountProtocol = [] {
  Protocol protocol = iterator_protocol(&next_number);
  protocol.repr = &repr_of_count;
  return protocol;
}();

// -- repeat --

struct Repeat : Object {
  Object* item;                // constant
  Atomic<std::int64_t> times;  // left; below 0: for ever
};

Result<Ref<Object>> next_repetition(ThreadState& thread, Borrowed<Object> object) {
  Repeat& repeat = *static_cast<Repeat*>(object.get());
  // Relaxed: the number says nothing but itself.
  std::int64_t left = repeat.times.load_relaxed();
  while (left > 0) {
    if (RT_MUTANT(repeat_counted_by_store)) {
      repeat.times.store_relaxed(left - 1);
      break;
    }
    if (repeat.times.compare_exchange_relaxed(left, left - 1)) break;
  }
  if (left == 0 || repeat.item == nullptr) return Ref<Object>();
  return Ref<Object>::share(thread, Borrowed(repeat.item));
}

Result<Ref<Object>> make_repeat(ThreadState& thread, Borrowed<Object> type,
                                const BoundArguments& arguments) {
  std::int64_t times = -1;
  if (arguments.has(1)) {
    TRY_ASSIGN(times, checked_index_of(thread, arguments.at(1), overflow_error_type));
    times = std::max<std::int64_t>(times, 0);
  }
  TRY_ASSIGN(Ref<Repeat> repeat, new_instance_of<Repeat>(thread, type));
  repeat->times.store_relaxed(times);
  repeat->item = Ref<Object>::share(thread, arguments.at(0)).release();
  return repeat;
}

Result<Ref<Str>> repr_of_repeat(ThreadState& thread, Borrowed<Object> object) {
  Repeat& repeat = *static_cast<Repeat*>(object.get());
  TRY_ASSIGN(Ref<Str> shown, repr_of(thread, Borrowed(repeat.item)));
  const std::int64_t left = repeat.times.load_relaxed();
  const std::string times = left < 0 ? "" : ", " + std::to_string(left);
  return new_str(thread, "repeat(" + utf8_of(*shown) + times + ")");
}

Result<Ref<Object>> repetitions_left(ThreadState& thread, Borrowed<Object> self,
                                     const BoundArguments&) {
  const std::int64_t left = static_cast<Repeat*>(self.get())->times.load_relaxed();
  if (left < 0) return raise(thread, type_error_type, "len() of unsized object");
  return new_int(thread, left);
}

constexpr Protocol kRepeatProtocol = [] {
  Protocol protocol = iterator_protocol(&next_repetition);
  protocol.repr = &repr_of_repeat;
  return protocol;
}();

constexpr NativeMethod kRepeatMethods[] = {
    {"__length_hint__()", &repetitions_left,
     "Private method returning an estimate of len(list(it))."},
};

// -- cycle --

struct Cycle : Object {
  Object* source;      // null: it has ended
  Object* saved;       // a List of what it gave; constant
  std::int64_t place;  // of the next one in `saved`; in the section
};

Result<Ref<Object>> next_in_cycle(ThreadState& thread, Borrowed<Object> object) {
  Cycle& cycle = *static_cast<Cycle*>(object.get());
  if (cycle.saved == nullptr) return Ref<Object>();
  const Borrowed<List> saved = as_list(Borrowed(cycle.saved));
  if (Ref<Object> source = read_field(thread, cycle, &Cycle::source)) {
    TRY_ASSIGN(Ref<Object> item, next_of(thread, source));
    if (item) {
      TRY(list_append(thread, saved, item.duplicate(thread)));
      return item;
    }
    forget_field(thread, cycle, &Cycle::source, source);
  }
  const std::int64_t early = RT_MUTANT(cycle_place_read_too_early) ? cycle.place : 0;
  ObjectSection section(thread, object);
  if (RT_MUTANT(cycle_place_read_too_early)) cycle.place = early;
  const std::int64_t size = list_size(*saved);
  if (size == 0) return Ref<Object>();
  if (cycle.place >= size) cycle.place = 0;
  return list_get(thread, saved, cycle.place++);
}

Result<Ref<Object>> make_cycle(ThreadState& thread, Borrowed<Object> type,
                               const BoundArguments& arguments) {
  TRY_ASSIGN(Ref<Object> source, get_iterator(thread, arguments.at(0)));
  TRY_ASSIGN(Ref<List> saved, new_list(thread));
  TRY_ASSIGN(Ref<Cycle> cycle, new_instance_of<Cycle>(thread, type));
  cycle->saved = saved.release();
  cycle->source = source.release();
  return cycle;
}

constexpr Protocol kCycleProtocol = iterator_protocol(&next_in_cycle);

constinit Type count_type(iterator_slots<Count, &Count::number, &Count::step>("itertools.count",
                                                                              &kCountProtocol));
constinit Type repeat_type(iterator_slots<Repeat, &Repeat::item>("itertools.repeat",
                                                                 &kRepeatProtocol));
constinit Type cycle_type(iterator_slots<Cycle, &Cycle::source, &Cycle::saved>("itertools.cycle",
                                                                               &kCycleProtocol));

constexpr IteratorRow kRows[] = {
    {&count_type, "count(start?, step?)", &make_count,
     "Numbers with a constant distance, from start on."},
    {&repeat_type, "repeat(object, times?)", &make_repeat,
     "The object again and again, or the given number of times.", kRepeatMethods},
    {&cycle_type, "cycle(iterable, /)", &make_cycle,
     "The elements of the iterable, and then those again, for ever."},
};

}  // namespace

std::span<const IteratorRow> number_iterators() { return kRows; }

}  // namespace runtime
