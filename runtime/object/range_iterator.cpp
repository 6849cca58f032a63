#include "runtime/object/range_iterator.h"

#include <utility>

#include "runtime/base/mutants.h"
#include "runtime/object/exception_object.h"
#include "runtime/object/finalization.h"
#include "runtime/object/object_section.h"
#include "runtime/object/protocol.h"
#include "runtime/object/shared_place.h"

namespace runtime {

namespace {

Result<Ref<Object>> next_number(ThreadState& thread, Borrowed<Object> object) {
  auto* iterator = static_cast<RangeIterator*>(object.get());
  const std::int64_t place = take_place(thread, *iterator, iterator->place, iterator->length);
  if (place == kNoPlace) return Ref<Object>();
  return new_int(thread, iterator->start + place * iterator->step);
}

constexpr Protocol kRangeIteratorProtocol{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_number,
};

void release_long_iterator(Object* object, DroppedFields& dropped) {
  auto* iterator = static_cast<LongRangeIterator*>(object);
  for (Int** field : {&iterator->start, &iterator->step, &iterator->length, &iterator->place}) {
    Object* number = std::exchange(*field, nullptr);
    dropped.take(number);
  }
}

Result<Ref<Object>> next_long_number(ThreadState& thread, Borrowed<Object> object) {
  auto* iterator = static_cast<LongRangeIterator*>(object.get());
  Ref<Int> place;  // what the field gives up; dropped outside
  {
    // Nothing in here blocks or is foreign: ints are computed and allocated.
    ObjectSection section(thread, Borrowed<Object>(iterator));
    if (compare_ints(*iterator->place, *iterator->length) >= 0) return Ref<Object>();
    TRY_ASSIGN(Ref<Int> after, int_operation(thread, Borrowed<Int>(iterator->place), shared_int(1),
                                             BinaryOp::kAdd));
    place = Ref<Int>::adopt(std::exchange(iterator->place, after.release()));
  }
  TRY_ASSIGN(Ref<Int> offset,
             int_operation(thread, place, Borrowed<Int>(iterator->step), BinaryOp::kMultiply));
  return int_operation(thread, Borrowed<Int>(iterator->start), offset, BinaryOp::kAdd);
}

constexpr Protocol kLongRangeIteratorProtocol{
    .hash = &hash_by_identity,
    .iterate = &iterate_itself,
    .next = &next_long_number,
};

// start + length * step fits, and so does everything before it.
bool fits(const Int& start, const Int& step, const Int& length) {
  if (!start.is_small() || !step.is_small() || !length.is_small()) return false;
  std::int64_t distance;
  std::int64_t end;
  return !__builtin_mul_overflow(length.small, step.small, &distance) &&
         !__builtin_add_overflow(start.small, distance, &end);
}

}  // namespace

constinit Type range_iterator_type(TypeSlots{
    .name = "range_iterator",
    .size = sizeof(RangeIterator),
    .protocol = &kRangeIteratorProtocol,
});
constinit Type long_range_iterator_type(TypeSlots{
    .name = "longrange_iterator",
    .size = sizeof(LongRangeIterator),
    .release_fields = &release_long_iterator,
    .protocol = &kLongRangeIteratorProtocol,
});

Result<Ref<Object>> new_range_iterator(ThreadState& thread, Borrowed<Int> start, Borrowed<Int> step,
                                       Borrowed<Int> length) {
  if (fits(*start, *step, *length)) {
    Ref<RangeIterator> iterator = new_object<RangeIterator>(thread, range_iterator_type);
    if (!iterator) return raise_out_of_memory(thread);
    iterator->start = start->small;
    iterator->step = step->small;
    iterator->length = length->small;
    return iterator;
  }
  Ref<LongRangeIterator> iterator = new_object<LongRangeIterator>(thread, long_range_iterator_type);
  if (!iterator) return raise_out_of_memory(thread);
  iterator->start = Ref<Int>::share(thread, start).release();
  iterator->step = Ref<Int>::share(thread, step).release();
  iterator->length = Ref<Int>::share(thread, length).release();
  iterator->place = shared_int(0).release();
  return iterator;
}

Result<Ref<Object>> range_length_hint(ThreadState& thread, Borrowed<Object> object) {
  if (object->type == &range_iterator_type) {
    auto* iterator = static_cast<RangeIterator*>(object.get());
    return new_int(thread, iterator->length - iterator->place.load_relaxed());  // a hint
  }
  auto* iterator = static_cast<LongRangeIterator*>(object.get());
  Ref<Int> place;
  {
    ObjectSection section(thread, Borrowed<Object>(iterator));
    place = Ref<Int>::share(thread, Borrowed<Int>(iterator->place));
  }
  return int_operation(thread, Borrowed<Int>(iterator->length), place, BinaryOp::kSubtract);
}

}  // namespace runtime
